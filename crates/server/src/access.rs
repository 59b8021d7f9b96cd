//! The laptops' access logs: who looked at whom.

use sync::message::{AccessDetail, AccessLog};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::ledger::{AccessRow, Scope};
use crate::tokens::sender_of;

/// An upload with more lines is refused.
const MAX_ENTRIES: usize = 10_000;

/// Takes a signed access log; what is here already is passed over. Gives the highest sequence that is stored.
///
/// # Errors
/// `DeviceUnknown`, `SignatureWrong`, `UnitForbidden`; `EntriesOutOfOrder` for sequences with
/// a gap between them.
pub fn take_access_log(deployment: &Deployment, envelope: &[u8]) -> Result<u64> {
    let device = sender_of(deployment, envelope)?;
    let log: AccessLog = sync::cose::verify(envelope, &device.public_key, deployment.keys.deployment)
        .map_err(|_| Code::SignatureWrong)?;
    if log.device != device.device {
        return Err(Code::SignatureWrong.into());
    }
    if device.unit.as_ref() != Some(&log.unit) {
        return Err(Code::UnitForbidden.into());
    }
    let dense = log.entries.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1);
    if !dense || log.entries.len() > MAX_ENTRIES {
        return Err(Code::EntriesOutOfOrder.into());
    }
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&log.unit), |records| {
        let stored = records.last_access(&log.unit, device.device)?;
        let fresh: Vec<AccessRow> = log
            .entries
            .iter()
            .filter(|entry| entry.sequence > stored)
            .map(|entry| AccessRow {
                sequence: entry.sequence,
                at_ms: entry.at_ms,
                officer: entry.officer,
                action: entry.action,
                entity: entry.entity,
                // Anything else is not kept, for it could not be erased.
                detail: entry.detail.as_deref().and_then(AccessDetail::parse),
            })
            .collect();
        let Some(last) = fresh.last().map(|row| row.sequence) else { return Ok(stored) };
        records.add_access(&log.unit, device.device, &fresh)?;
        let note = Note::new(Actor::Device(device.device), "access_log_stored").detail(fresh.len());
        note.write(records, Some(&log.unit), now_ms)?;
        Ok(last)
    })
}
