//! A ledger that is older than its own signatures was restored from a backup. It then takes a new log id for the unit;
//! laptops see it, offer every batch they hold, others' included, and read again from zero.
//!
//! It is noticed by itself from what this server has signed, and from nothing else: a laptop shows with each announcement
//! (a stick with each file) the last log mark it was given, and a receipt that its pages do not bear out. Where such a
//! proof, for the log id of today, says something else than the ledger, the ledger was set back. The new log id ends the
//! matter: what names the old one proves nothing more, so that no proof begins two logs, and what nobody can bring back
//! does not turn the log over and over. `new-log` does the same by hand, after a restore.

use domain::id::{ChainId, LogId};
use domain::unit::Unit;
use sync::message::{Hash, Receipt};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::keys::ServerKeys;
use crate::ledger::{BatchName, Records, Scope};

const LOG_STARTED: &str = "log_started";

/// Gives the unit's log a new id, and the server a new chain in it: the old chain may hold batches that this ledger has
/// forgotten.
///
/// # Errors
/// The ledger's.
pub fn start_new_log(records: &mut dyn Records, unit: &Unit, cause: &'static str, now_ms: u64) -> Result<LogId> {
    start_with(records, unit, Note::new(Actor::Server, LOG_STARTED).detail(cause), now_ms)
}

fn start_with(records: &mut dyn Records, unit: &Unit, note: Note, now_ms: u64) -> Result<LogId> {
    let log = LogId(uuid::Uuid::now_v7());
    records.start_log(unit, log, ChainId(uuid::Uuid::now_v7()), now_ms)?;
    note.subject(log).alarm().write(records, Some(unit), now_ms)?;
    Ok(log)
}

/// Holds a log mark or a receipt that this server once signed against the ledger; begins a new log where the two
/// contradict each other. Anything else proves nothing.
///
/// # Errors
/// The ledger's.
pub(crate) fn heed_proof(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    proof: &[u8],
    now_ms: u64,
) -> Result<bool> {
    let Some(proof) = Proof::read(keys, proof).filter(|proof| proof.unit == *unit) else { return Ok(false) };
    let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
    if proof.log != row.log {
        return Ok(false);
    }
    let holds = match proof.stood {
        Stood::Hash(hash) => records.log_hash(unit, proof.index)? == Some(hash),
        Stood::Batch(batch) => records.batch_at(unit, proof.index)? == Some(batch),
    };
    if !holds {
        let note = Note::new(Actor::Server, LOG_STARTED).with("signed_index", proof.index).with("head", row.head);
        start_with(records, unit, note, now_ms)?;
    }
    Ok(!holds)
}

/// As `heed_proof`, for one that came by stick.
///
/// # Errors
/// The ledger's.
pub(crate) fn heed_carried_proof(deployment: &Deployment, bytes: &[u8]) -> Result<bool> {
    let Some(proof) = Proof::read(&deployment.keys, bytes) else { return Ok(false) };
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&proof.unit), |records| match records.unit(&proof.unit)? {
        Some(_) => heed_proof(records, &deployment.keys, &proof.unit, bytes, now_ms),
        None => Ok(false),
    })
}

/// What this server has signed of a log.
struct Proof {
    unit: Unit,
    log: LogId,
    index: u64,
    stood: Stood,
}

enum Stood {
    /// The log through the index had this hash.
    Hash(Hash),
    /// This batch was at the index.
    Batch(BatchName),
}

impl Proof {
    fn read(keys: &ServerKeys, envelope: &[u8]) -> Option<Self> {
        let key = keys.device_key.public_key();
        if let Ok(mark) = sync::feed::verify_mark(envelope, &key, keys.deployment) {
            return Some(Self { unit: mark.unit, log: mark.log, index: mark.index, stood: Stood::Hash(mark.hash) });
        }
        let receipt: Receipt = sync::receipt::verify(envelope, &key, keys.deployment).ok()?;
        let batch = BatchName {
            device: receipt.device,
            chain: receipt.chain,
            first_sequence: receipt.first_sequence,
            hash_after: receipt.hash_after,
        };
        Some(Self { unit: receipt.unit, log: receipt.log, index: receipt.index?, stood: Stood::Batch(batch) })
    }
}
