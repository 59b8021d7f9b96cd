//! The audit: a hash chain for each unit, one line for every access and decision. Ids only, never a name or a value.
//!
//! A line's hash is SHA-256 over the hash of the line before and the deterministic CBOR of its own columns, so that an
//! edited, deleted or swapped line is named by the first index that no longer fits. A chain that was cut off at its end
//! still fits: it is found against a checkpoint (index and hash) that was written down elsewhere.

use domain::id::DeviceId;
use domain::unit::Unit;
use sync::message::Hash;

use crate::error::Result;
use crate::ledger::{AuditRow, Records};

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum Actor {
    /// At the server's command line.
    Operator,
    /// The server by itself.
    Server,
    Device(DeviceId),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Actor::Operator => f.write_str("operator"),
            Actor::Server => f.write_str("server"),
            Actor::Device(device) => write!(f, "device:{device}"),
        }
    }
}

/// A line to be written.
#[derive(Clone, Debug)]
pub struct Note {
    actor: Actor,
    action: &'static str,
    subject: String,
    detail: String,
    alarm: bool,
}

impl Note {
    pub fn new(actor: Actor, action: &'static str) -> Self {
        Self { actor, action, subject: String::new(), detail: String::new(), alarm: false }
    }

    /// What it was done to: an id.
    pub fn subject(self, subject: impl ToString) -> Self {
        Self { subject: subject.to_string(), ..self }
    }

    /// Counts, codes and ids.
    pub fn detail(self, detail: impl ToString) -> Self {
        Self { detail: detail.to_string(), ..self }
    }

    /// Someone must look at it; `status` shows it.
    pub fn alarm(self) -> Self {
        Self { alarm: true, ..self }
    }

    /// Appends the line to the unit's chain (`None`: the server's).
    ///
    /// # Errors
    /// The ledger's.
    pub fn write(self, records: &mut dyn Records, unit: Option<&Unit>, now_ms: u64) -> Result<()> {
        let last = records.last_audit(unit)?;
        let (sequence, before) = last.map_or((1, [0; 32]), |last| (last.sequence + 1, last.hash));
        let mut row = AuditRow {
            sequence,
            at_ms: now_ms,
            actor: self.actor.to_string(),
            action: self.action.to_owned(),
            subject: self.subject,
            detail: self.detail,
            alarm: self.alarm,
            hash: [0; 32],
        };
        row.hash = hash_of(&before, &row);
        records.append_audit(unit, &row)
    }
}

/// Do not modify: stored chains stand on it.
fn hash_of(before: &Hash, row: &AuditRow) -> Hash {
    let columns = (row.sequence, row.at_ms, &row.actor, &row.action, &row.subject, &row.detail, row.alarm);
    sync::hash::sha256_of([before.as_slice(), &sync::codec::encode(&columns)])
}

/// A place in a chain that was written down outside the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub sequence: u64,
    pub hash: Hash,
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum AuditFault {
    /// The first line that does not fit.
    Broken { sequence: u64 },
    /// The chain ends before the checkpoint.
    CutOff { last_sequence: u64 },
    /// The line of the checkpoint is another one.
    Rewritten { sequence: u64 },
}

/// Verifies a unit's chain and gives its end.
///
/// # Errors
/// The ledger's; what is wrong with the chain is the inner result.
pub fn verify(
    records: &mut dyn Records,
    unit: Option<&Unit>,
    checkpoint: Option<Checkpoint>,
) -> Result<std::result::Result<Checkpoint, AuditFault>> {
    let mut end = Checkpoint { sequence: 0, hash: [0; 32] };
    let mut fault = None;
    let mut at_checkpoint = checkpoint.is_none_or(|checkpoint| checkpoint.sequence == 0);
    records.each_audit(unit, &mut |row| {
        if fault.is_none() {
            let expected = end.sequence + 1;
            if row.sequence != expected || row.hash != hash_of(&end.hash, &row) {
                fault = Some(AuditFault::Broken { sequence: expected });
            } else if checkpoint.is_some_and(|point| point.sequence == row.sequence && point.hash != row.hash) {
                fault = Some(AuditFault::Rewritten { sequence: row.sequence });
            } else {
                at_checkpoint |= checkpoint.is_some_and(|point| point.sequence == row.sequence);
                end = Checkpoint { sequence: row.sequence, hash: row.hash };
            }
        }
        Ok(())
    })?;
    Ok(match fault {
        Some(fault) => Err(fault),
        None if !at_checkpoint => Err(AuditFault::CutOff { last_sequence: end.sequence }),
        None => Ok(end),
    })
}
