//! A restored server takes a new log id. Laptops then offer every batch they hold, others' included, and read again
//! from zero.

use domain::id::ChainId;

/// A batch that a laptop holds, of whichever device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldBatch {
    pub chain: ChainId,
    pub first_sequence: u64,
    /// Where it stood in the old log; `None` for an own batch that never had a receipt.
    pub old_index: Option<u64>,
}

/// Sorts into the order of offering: as the batches stood in the old log, so that the first of two decisions stays the
/// first; then what was never stored. Within a chain this is always the order of its sequences. A body that was erased
/// may stand before its erasure then: it counts as erased until the erasure, or the body, comes.
pub fn offer_order(batches: &mut [HeldBatch]) {
    batches.sort_by_key(offer_place);
}

/// Where a batch stands in that order.
pub fn offer_place(batch: &HeldBatch) -> (u64, ChainId, u64) {
    (batch.old_index.unwrap_or(u64::MAX), batch.chain, batch.first_sequence)
}
