//! The audit: a hash chain for each unit, one line for every access and decision. Ids, counts and fixed words only: a
//! line is made of what is [`Plain`], so that no name and no value can get into what is never erased.
//!
//! A line's hash is SHA-256 over the hash of the line before and the deterministic CBOR of its own columns, so that an
//! edited, deleted or swapped line is named by the first index that no longer fits. A chain that was cut off at its end
//! still fits: it is found against a checkpoint (index and hash) that was written down elsewhere.

use domain::id::{ChainId, ChangeId, CorrectionId, DeviceId, LogId, OfficerId, PersonId, PhotoHash};
use domain::unit::Unit;
use sync::message::Hash;

use crate::error::{Code, Refusal, Result};
use crate::ledger::{AuditRow, CodeRow, Records};

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum Actor {
    /// At the server's command line.
    Operator,
    /// At the server's command line, at the word of an officer.
    OperatorFor(OfficerId),
    /// The server by itself.
    Server,
    Device(DeviceId),
}

impl Actor {
    /// The operator, at the word of an officer of the unit where one is named.
    ///
    /// # Errors
    /// `OfficerUnknown` for whoever is not at work in that unit; the ledger's.
    pub fn operator(records: &mut dyn Records, unit: &Unit, by: Option<OfficerId>) -> Result<Self> {
        let Some(officer) = by else { return Ok(Actor::Operator) };
        match records.officer(officer)?.filter(|row| row.active && row.unit == *unit) {
            Some(_) => Ok(Actor::OperatorFor(officer)),
            None => Err(Refusal::with(Code::OfficerUnknown, "by", officer).into()),
        }
    }

    /// Who stands in the header of a change that the server makes of it.
    pub fn on_behalf_of(self) -> Option<OfficerId> {
        match self {
            Actor::OperatorFor(officer) => Some(officer),
            Actor::Operator | Actor::Server | Actor::Device(_) => None,
        }
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Actor::Operator => f.write_str("operator"),
            Actor::OperatorFor(officer) => write!(f, "operator:{officer}"),
            Actor::Server => f.write_str("server"),
            Actor::Device(device) => write!(f, "device:{device}"),
        }
    }
}

/// What may stand in a line: ids, counts, fixed words. It is not for text that someone typed or that a file held.
pub trait Plain {
    fn plain(&self) -> String;
}

macro_rules! plain {
    ($($kind:ty),*) => { $(impl Plain for $kind { fn plain(&self) -> String { self.to_string() } })* };
}
plain!(u32, u64, i64, usize, bool, &'static str);
plain!(uuid::Uuid, OfficerId, DeviceId, PersonId, CorrectionId, ChangeId, ChainId, LogId);

impl Plain for PhotoHash {
    fn plain(&self) -> String {
        self.to_hex()
    }
}

/// The part of an enrolment code that names it.
impl Plain for CodeRow {
    fn plain(&self) -> String {
        self.code.clone()
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

    /// What it was done to.
    pub fn subject(self, subject: impl Plain) -> Self {
        Self { subject: subject.plain(), ..self }
    }

    /// The one thing there is to say of it.
    pub fn detail(self, detail: impl Plain) -> Self {
        Self { detail: detail.plain(), ..self }
    }

    /// One of several things to say, as `name=value`.
    pub fn with(mut self, name: &'static str, value: impl Plain) -> Self {
        let gap = if self.detail.is_empty() { "" } else { " " };
        self.detail.push_str(&format!("{gap}{name}={}", value.plain()));
        self
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
    let mut check = ChainCheck::new(checkpoint);
    records.each_audit(unit, &mut |row| {
        check.take(&row);
        Ok(())
    })?;
    Ok(check.finish())
}

/// Follows a chain line by line; the first fault stays.
struct ChainCheck {
    end: Checkpoint,
    /// Still ahead.
    checkpoint: Option<Checkpoint>,
    fault: Option<AuditFault>,
}

impl ChainCheck {
    fn new(checkpoint: Option<Checkpoint>) -> Self {
        let checkpoint = checkpoint.filter(|checkpoint| checkpoint.sequence > 0);
        Self { end: Checkpoint { sequence: 0, hash: [0; 32] }, checkpoint, fault: None }
    }

    fn take(&mut self, row: &AuditRow) {
        if self.fault.is_some() {
            return;
        }
        let expected = self.end.sequence + 1;
        if row.sequence != expected || row.hash != hash_of(&self.end.hash, row) {
            self.fault = Some(AuditFault::Broken { sequence: expected });
            return;
        }
        self.end = Checkpoint { sequence: row.sequence, hash: row.hash };
        if let Some(checkpoint) = self.checkpoint.take_if(|checkpoint| checkpoint.sequence == row.sequence)
            && checkpoint.hash != row.hash
        {
            self.fault = Some(AuditFault::Rewritten { sequence: row.sequence });
        }
    }

    fn finish(self) -> std::result::Result<Checkpoint, AuditFault> {
        match (self.fault, self.checkpoint) {
            (Some(fault), _) => Err(fault),
            (None, Some(_)) => Err(AuditFault::CutOff { last_sequence: self.end.sequence }),
            (None, None) => Ok(self.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(lines: usize) -> Vec<AuditRow> {
        let mut rows: Vec<AuditRow> = Vec::new();
        for sequence in 1..=lines as u64 {
            let before = rows.last().map_or([0; 32], |row| row.hash);
            let mut row = AuditRow {
                sequence,
                at_ms: 1_000 + sequence,
                actor: "operator".into(),
                action: "assigned".into(),
                subject: format!("s{sequence}"),
                detail: String::new(),
                alarm: sequence % 7 == 0,
                hash: [0; 32],
            };
            row.hash = hash_of(&before, &row);
            rows.push(row);
        }
        rows
    }

    fn check(rows: &[AuditRow], checkpoint: Option<Checkpoint>) -> std::result::Result<Checkpoint, AuditFault> {
        let mut check = ChainCheck::new(checkpoint);
        rows.iter().for_each(|row| check.take(row));
        check.finish()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn an_edited_line_is_named(at in 0..40usize, column in 0..7usize) {
            let mut rows = chain(40);
            let row = &mut rows[at];
            match column {
                0 => row.at_ms ^= 1,
                1 => row.actor.push('x'),
                2 => row.action.clear(),
                3 => row.subject.push('x'),
                4 => row.detail.push('x'),
                5 => row.alarm = !row.alarm,
                _ => row.hash[at % 32] ^= 1,
            }
            prop_assert_eq!(check(&rows, None), Err(AuditFault::Broken { sequence: at as u64 + 1 }));
        }

        #[test]
        fn a_deleted_or_swapped_line_is_named(at in 0..39usize, other in 1..20usize, swap: bool) {
            let mut rows = chain(40);
            let other = (at + other).min(39);
            if swap {
                let (a, b) = (rows[at].sequence, rows[other].sequence);
                rows.swap(at, other);
                (rows[at].sequence, rows[other].sequence) = (a, b);
            } else {
                rows.remove(at);
            }
            prop_assert_eq!(check(&rows, None), Err(AuditFault::Broken { sequence: at as u64 + 1 }));
        }

        #[test]
        fn a_cut_is_found_against_a_checkpoint(kept in 0..39usize, at in 1..=40u64) {
            let whole = chain(40);
            let checkpoint = Checkpoint { sequence: at, hash: whole[at as usize - 1].hash };
            let rest = check(&whole[..kept], Some(checkpoint));
            prop_assert_eq!(rest.is_err(), at > kept as u64);
            prop_assert!(check(&whole, Some(checkpoint)).is_ok());
        }
    }

    #[test]
    fn a_chain_made_anew_is_found_against_a_checkpoint() {
        let end = check(&chain(40), None).unwrap();
        let mut anew = chain(39);
        anew[0].detail = "made anew".into();
        let mut before = [0; 32];
        for row in &mut anew {
            row.hash = hash_of(&before, row);
            before = row.hash;
        }
        assert!(check(&anew, None).is_ok());
        let early = Checkpoint { sequence: 20, hash: chain(40)[19].hash };
        assert_eq!(check(&anew, Some(early)), Err(AuditFault::Rewritten { sequence: 20 }));
        assert_eq!(check(&anew, Some(end)), Err(AuditFault::CutOff { last_sequence: 39 }));
    }
}
