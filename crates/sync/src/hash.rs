//! SHA-256, and what is hashed where. Do not modify: chains and fingerprints stand on these.

use domain::id::ChainId;
use ring::digest::{Context, SHA256, digest};

pub use crate::message::Hash;

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    to_hash(digest(&SHA256, bytes))
}

/// SHA-256 over several pieces, as if they were one.
pub fn sha256_of<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Hash {
    let mut context = Context::new(&SHA256);
    pieces.into_iter().for_each(|piece| context.update(piece));
    to_hash(context.finish())
}

/// SHA-256 that is fed piece by piece, for photos and downloads.
#[derive(Clone)]
pub struct Hasher(Context);

impl Hasher {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Hash {
        to_hash(self.0.finish())
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

/// The hash before a chain's first batch, where the chain continues no other.
pub fn chain_start(chain: ChainId) -> Hash {
    sha256(chain.as_bytes())
}

/// The hash after a batch: SHA-256(hash before ‖ headers in order).
pub fn chain_after<'b>(before: &'b Hash, headers: impl IntoIterator<Item = &'b [u8]>) -> Hash {
    sha256_of(std::iter::once(before.as_slice()).chain(headers))
}

/// The hash of an empty log.
pub const LOG_START: Hash = [0; 32];

/// The hash of a log after a further batch: SHA-256(hash before ‖ hash after of the batch). It holds neither bodies nor
/// verdicts nor the log's id, so that an erasure, a body that comes later or a log that begins anew leaves it as it was.
pub fn log_after(before: &Hash, batch_hash_after: &Hash) -> Hash {
    sha256_of([before.as_slice(), batch_hash_after.as_slice()])
}

/// The hash of an access chain after a further line: SHA-256(hash before ‖ line). Without lines it is [`chain_start`].
pub fn access_after(before: &Hash, line: &crate::message::Access) -> Hash {
    sha256_of([before.as_slice(), &crate::codec::encode(line)])
}

/// The hash that a header holds of its body: SHA-256(salt ‖ body).
pub fn body_hash(salted_body: &[u8]) -> Hash {
    sha256(salted_body)
}

fn to_hash(digest: ring::digest::Digest) -> Hash {
    digest.as_ref().try_into().expect("SHA-256 is 32 bytes")
}
