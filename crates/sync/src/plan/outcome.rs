//! What a verified receipt means for the laptop that sent the batch.

use domain::id::{ChainId, LogId};

use crate::chain::ChainHead;
use crate::hash;
use crate::message::{Receipt, ReceiptStatus, ReplacedChain, VerdictEntry};

/// What to write down, in one transaction with the receipt's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptOutcome {
    /// Mark the batch stored at `index`; refused changes leave the fold.
    Stored { log: LogId, index: u64, verdicts: Vec<VerdictEntry> },
    /// The chain goes no further here: note it as forked, see [`replacement_for`].
    Forked,
    /// Offer the chain's batches again from this sequence, receipted or not.
    OfferFrom { sequence: u64 },
    /// It speaks of a log that this laptop neither reads nor offers to: nothing moves. Given by the store, which knows.
    OfAnotherLog,
    /// Kept at the server for a supervisor; nothing more is sent from this chain.
    Quarantined,
}

/// Reads a receipt that [`crate::receipt::verify`] and [`crate::receipt::check_answers`] let pass.
pub fn after_receipt(receipt: &Receipt) -> ReceiptOutcome {
    match (receipt.status, receipt.index, receipt.wanted_sequence) {
        (ReceiptStatus::Stored, Some(index), _) => {
            ReceiptOutcome::Stored { log: receipt.log, index, verdicts: receipt.verdicts.clone() }
        }
        (ReceiptStatus::Gap, _, Some(sequence)) => ReceiptOutcome::OfferFrom { sequence },
        (ReceiptStatus::Fork, ..) => ReceiptOutcome::Forked,
        // A verified receipt has an index or a wanted sequence where its status asks for one.
        (ReceiptStatus::Stored | ReceiptStatus::Gap | ReceiptStatus::Quarantined, ..) => ReceiptOutcome::Quarantined,
    }
}

/// How the new chain names the forked one: by the last of its batches that has a `Stored` receipt, which both sides
/// hold; the chain's own start where none has.
pub fn replacement_for(forked: ChainId, last_receipted: Option<ChainHead>) -> ReplacedChain {
    let head = last_receipted.unwrap_or(ChainHead { last_sequence: 0, head: hash::chain_start(forked) });
    ReplacedChain { chain: forked, last_sequence: head.last_sequence, head: head.head }
}
