//! An edition, or a delta, cut into pieces that laptops download: each one zstd frame over records in canonical CBOR,
//! named by the SHA-256 of its compressed bytes.

use std::io;

use domain::register::EditionRecord;
use ring::digest::{SHA256, digest};

/// A piece is closed before it grows beyond this, decompressed. One record alone may.
pub const PIECE_RAW_BYTES: usize = 1024 * 1024;
/// zstd level.
const LEVEL: i32 = 9;

/// One piece, as `sync::message::PieceRef` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// SHA-256 of the compressed bytes.
    pub hash: [u8; 32],
    pub compressed: Vec<u8>,
    pub raw_bytes: u64,
    pub records: u32,
}

/// Cuts records into pieces, in their order, holding one piece at a time.
pub fn cut_pieces<I: IntoIterator<Item = EditionRecord>>(records: I) -> PieceCutter<I::IntoIter> {
    PieceCutter { records: records.into_iter(), ahead: None }
}

/// The pieces of an edition, one by one.
pub struct PieceCutter<I> {
    records: I,
    ahead: Option<Vec<u8>>,
}

impl<I: Iterator<Item = EditionRecord>> Iterator for PieceCutter<I> {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut raw = self.ahead.take().unwrap_or_default();
        let mut records = u32::from(!raw.is_empty());
        for record in self.records.by_ref() {
            let bytes = minicbor::to_vec(&record).expect("writing to a Vec cannot fail");
            if !raw.is_empty() && raw.len() + bytes.len() > PIECE_RAW_BYTES {
                self.ahead = Some(bytes);
                break;
            }
            raw.extend(bytes);
            records += 1;
        }
        (!raw.is_empty()).then(|| seal_piece(&raw, records))
    }
}

fn seal_piece(raw: &[u8], records: u32) -> io::Result<Piece> {
    let compressed = zstd::bulk::compress(raw, LEVEL)?;
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, &compressed).as_ref());
    Ok(Piece { hash, compressed, raw_bytes: raw.len() as u64, records })
}
