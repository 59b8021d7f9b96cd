//! What someone must look at: a forked chain, a late batch, a log that began anew. An alarm is a line of the audit; that
//! someone has seen it is a further line, so that neither is ever edited.

use std::collections::BTreeMap;

use domain::id::OfficerId;
use domain::unit::Unit;
use serde::Serialize;

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::ledger::{Records, Scope};

/// The subject of such a line is the alarm's place in the audit.
const SEEN: &str = "alarm_seen";

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// Its place in the unit's audit, by which it is named.
    pub sequence: u64,
    pub at_ms: u64,
    pub action: String,
    pub subject: String,
    pub detail: String,
    pub seen: Option<Seen>,
}

/// Who has looked at it, as the audit names him, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    pub by: String,
    pub at_ms: u64,
}

/// A unit's alarms, oldest first, those that someone has seen included.
///
/// # Errors
/// `UnitUnknown`; the ledger's.
pub fn list_alarms(deployment: &Deployment, unit: &Unit) -> Result<Vec<Alarm>> {
    deployment.ledger.read(|records| {
        records.unit(unit)?.ok_or(Code::UnitUnknown)?;
        alarms_of(records, unit)
    })
}

pub(crate) fn alarms_of(records: &mut dyn Records, unit: &Unit) -> Result<Vec<Alarm>> {
    let mut seen = BTreeMap::new();
    for row in records.audit_of_action(unit, SEEN)? {
        seen.entry(row.subject).or_insert(Seen { by: row.actor, at_ms: row.at_ms });
    }
    let alarm = |row: crate::ledger::AuditRow| Alarm {
        sequence: row.sequence,
        at_ms: row.at_ms,
        seen: seen.remove(&row.sequence.to_string()),
        action: row.action,
        subject: row.subject,
        detail: row.detail,
    };
    Ok(records.alarms(unit)?.into_iter().map(alarm).collect())
}

/// Writes down that an officer has seen an alarm; `false` where someone had before him.
///
/// # Errors
/// `AlarmUnknown`; `OfficerUnknown` for someone who is not at work in the unit; the ledger's.
pub fn acknowledge_alarm(deployment: &Deployment, unit: &Unit, sequence: u64, by: OfficerId) -> Result<bool> {
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(unit), |records| {
        records.unit(unit)?.ok_or(Code::UnitUnknown)?;
        let actor = Actor::operator(records, unit, Some(by))?;
        let alarms = alarms_of(records, unit)?;
        let alarm = alarms.iter().find(|alarm| alarm.sequence == sequence).ok_or(Code::AlarmUnknown)?;
        if alarm.seen.is_some() {
            return Ok(false);
        }
        Note::new(actor, SEEN).subject(sequence).write(records, Some(unit), now_ms)?;
        Ok(true)
    })
}
