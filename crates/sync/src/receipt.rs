//! The server's signed answer to a batch: made at the server, checked on the laptop before anything is marked stored.

use domain::id::{DeploymentId, LogId};
use domain::unit::Unit;

use crate::chain::ChainHead;
use crate::cose;
use crate::error::WireError;
use crate::hash::sha256;
use crate::keys::PublicKey;
use crate::message::{Batch, FORMAT, ForkHead, Receipt, ReceiptSeen, ReceiptStatus, StickReceipt, VerdictEntry};

/// A device's clock may differ from the server's by this much before a receipt says so.
pub const SKEW_LIMIT_MS: u64 = 5 * 60 * 1000;

/// What the wire can say: below 2^53 either way.
const MAX_SKEW_MS: i64 = (1 << 53) - 1;

/// What became of a batch, with what the receipt has to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Stored { index: u64, verdicts: Vec<VerdictEntry> },
    Fork { head: ChainHead },
    Gap { wanted: u64 },
    Quarantined,
}

/// The receipt for a batch. `device_clock_ms` is the clock that the device sent along with it (the announcement's; a
/// batch's own creation may lie days back); `None` where the batch came by hand.
pub fn answer(batch: &Batch, outcome: Outcome, log: LogId, now_ms: u64, device_clock_ms: Option<u64>) -> Receipt {
    let mut receipt = Receipt {
        format: FORMAT,
        device: batch.device,
        chain: batch.chain,
        first_sequence: batch.first_sequence,
        last_sequence: batch.last_sequence,
        hash_after: batch.hash_after,
        status: ReceiptStatus::Quarantined,
        log,
        index: None,
        verdicts: Vec::new(),
        received_ms: now_ms,
        unit: batch.unit.clone(),
        wanted_sequence: None,
        fork_head: None,
        skew_ms: device_clock_ms.and_then(|clock_ms| skew_ms(clock_ms, now_ms)),
    };
    match outcome {
        Outcome::Stored { index, verdicts } => {
            receipt.status = ReceiptStatus::Stored;
            receipt.index = Some(index);
            receipt.verdicts = verdicts;
        }
        Outcome::Fork { head } => {
            receipt.status = ReceiptStatus::Fork;
            receipt.fork_head = Some(ForkHead { last_sequence: head.last_sequence, head: head.head });
        }
        Outcome::Gap { wanted } => {
            receipt.status = ReceiptStatus::Gap;
            receipt.wanted_sequence = Some(wanted);
        }
        Outcome::Quarantined => {}
    }
    receipt
}

/// Device minus server, where it is over five minutes.
pub fn skew_ms(device_ms: u64, server_ms: u64) -> Option<i64> {
    let skew = i128::from(device_ms) - i128::from(server_ms);
    let bounded = skew.clamp(-i128::from(MAX_SKEW_MS), i128::from(MAX_SKEW_MS)) as i64;
    (bounded.unsigned_abs() > SKEW_LIMIT_MS).then_some(bounded)
}

/// A receipt that the server signed and that does not contradict itself.
///
/// # Errors
/// As [`cose::verify`]; `ReceiptMismatch` where status and fields do not fit each other.
pub fn verify(envelope: &[u8], server_key: &PublicKey, deployment: DeploymentId) -> Result<Receipt, WireError> {
    let receipt: Receipt = cose::verify(envelope, server_key, deployment)?;
    let status = receipt.status;
    let fits = receipt.index.is_some_and(|index| index > 0) == (status == ReceiptStatus::Stored)
        && receipt.index.is_some() == (status == ReceiptStatus::Stored)
        && receipt.wanted_sequence.is_some() == (status == ReceiptStatus::Gap)
        && receipt.fork_head.is_some() == (status == ReceiptStatus::Fork)
        && (receipt.verdicts.is_empty() || matches!(status, ReceiptStatus::Stored | ReceiptStatus::Quarantined));
    if !fits {
        return Err(WireError::ReceiptMismatch("status and fields"));
    }
    if !verdicts_fit(&receipt.verdicts, receipt.first_sequence, receipt.last_sequence) {
        return Err(WireError::ReceiptMismatch("verdicts"));
    }
    Ok(receipt)
}

/// An account of stored access lines and photos that the server signed for this unit. Whether it speaks of the log that
/// the laptop reads is the caller's to ask: of another one it moves nothing.
///
/// # Errors
/// As [`cose::verify`]; `WrongUnit`; `ReceiptMismatch` where chains or photos do not ascend.
pub fn verify_stick_receipt(
    envelope: &[u8],
    server_key: &PublicKey,
    deployment: DeploymentId,
    unit: &Unit,
) -> Result<StickReceipt, WireError> {
    let receipt: StickReceipt = cose::verify(envelope, server_key, deployment)?;
    if receipt.unit != *unit {
        return Err(WireError::WrongUnit);
    }
    let ascends = receipt.photos.windows(2).all(|pair| pair[0] < pair[1])
        && receipt.access.windows(2).all(|pair| (pair[0].device, pair[0].chain) < (pair[1].device, pair[1].chain));
    match ascends {
        true => Ok(receipt),
        false => Err(WireError::ReceiptMismatch("order")),
    }
}

/// Whether a verified receipt answers this batch: only then does it move anything.
///
/// # Errors
/// `ReceiptMismatch` names what differs.
pub fn check_answers(receipt: &Receipt, batch: &Batch) -> Result<(), WireError> {
    let differs = if receipt.device != batch.device {
        "device"
    } else if receipt.chain != batch.chain {
        "chain"
    } else if (receipt.first_sequence, receipt.last_sequence) != (batch.first_sequence, batch.last_sequence) {
        "sequences"
    } else if receipt.hash_after != batch.hash_after {
        "hash after"
    } else if receipt.unit != batch.unit {
        "unit"
    } else {
        return Ok(());
    };
    Err(WireError::ReceiptMismatch(differs))
}

/// What the next batch of the chain says of this receipt, `envelope` being its bytes as received.
pub fn seen(receipt: &Receipt, envelope: &[u8]) -> ReceiptSeen {
    ReceiptSeen { last_sequence: receipt.last_sequence, receipt_hash: sha256(envelope) }
}

/// Verdicts ascend, each once, within the batch.
pub(crate) fn verdicts_fit(verdicts: &[VerdictEntry], first: u64, last: u64) -> bool {
    verdicts.windows(2).all(|pair| pair[0].sequence < pair[1].sequence)
        && verdicts.iter().all(|entry| (first..=last).contains(&entry.sequence))
}
