//! Where a batch belongs in its device's chain. Sequences and hashes decide, never the order of arrival.

use crate::message::{Batch, Hash};

/// The end of a stored chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    pub last_sequence: u64,
    /// `hash_after` of its last batch.
    pub head: Hash,
}

impl ChainHead {
    /// The head once this batch is stored.
    pub fn after(batch: &Batch) -> Self {
        Self { last_sequence: batch.last_sequence, head: batch.hash_after }
    }
}

/// What is to be done with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It continues the chain, or begins a new one.
    Append,
    /// It is stored already: the same receipt again.
    Same,
    /// Something else stands at its place, or it stands on something else. Both are kept.
    Fork,
    /// The batch that begins with `wanted` is missing.
    Gap { wanted: u64 },
}

/// Places a batch that [`crate::batch::open`] let pass. `head` is the end of the batch's own chain, `None` where this
/// chain is new; `stored_at` gives `hash_after` of the stored batch of this chain that begins at a sequence.
///
/// That the first batch of a chain starts from its own id, or from the head of the chain that it replaces, was checked
/// when it was opened; whether that head is the one held here tells how far back the device was set, and refuses
/// nothing.
pub fn place(head: Option<&ChainHead>, stored_at: impl FnOnce(u64) -> Option<Hash>, batch: &Batch) -> Placement {
    let next = head.map_or(1, |head| head.last_sequence + 1);
    if batch.first_sequence > next {
        return Placement::Gap { wanted: next };
    }
    if batch.first_sequence < next {
        return match stored_at(batch.first_sequence) {
            Some(hash_after) if hash_after == batch.hash_after => Placement::Same,
            _ => Placement::Fork,
        };
    }
    match head {
        Some(head) if head.head != batch.hash_before => Placement::Fork,
        _ => Placement::Append,
    }
}
