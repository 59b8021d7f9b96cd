//! One hash over the state of many entities: two replicas that hold the same state have the same digest, whatever the
//! order in which they read it.

use domain::change::EntityRef;

use crate::hash::{Hash, sha256, sha256_of};

/// SHA-256 over `(kind, id, SHA-256(state bytes))` of every entity, sorted by kind and id. An entity is given once;
/// the bytes are whatever serialization both sides share.
pub fn state_digest<B: AsRef<[u8]>>(states: impl IntoIterator<Item = (EntityRef, B)>) -> Hash {
    let mut entries: Vec<[u8; 50]> = states
        .into_iter()
        .map(|(entity, bytes)| {
            let mut entry = [0; 50];
            entry[..2].copy_from_slice(&entity.kind.number().to_be_bytes());
            entry[2..18].copy_from_slice(entity.id.as_bytes());
            entry[18..].copy_from_slice(&sha256(bytes.as_ref()));
            entry
        })
        .collect();
    entries.sort_unstable();
    sha256_of(entries.iter().map(|entry| entry.as_slice()))
}
