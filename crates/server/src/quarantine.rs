//! What a supervisor decides on batches that came late from a revoked device.

use domain::id::OfficerId;
use domain::unit::Unit;
use sync::message::Hash;

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::ingest::{self, Taken};
use crate::ledger::{Aside, AsideRow, Scope};

/// Batches beside the log: forked and quarantined, oldest first.
///
/// # Errors
/// `UnitUnknown`; the ledger's.
pub fn list_asides(deployment: &Deployment, unit: &Unit) -> Result<Vec<AsideRow>> {
    deployment.ledger.read(|records| records.asides(unit))
}

/// Puts a quarantined batch into the log.
///
/// # Errors
/// `QuarantineUnknown` where there is no such batch, it was decided already, or it does not fit its chain: with
/// `wanted_sequence` where an earlier one must go first. `OfficerUnknown` for whoever decided it.
pub fn release(deployment: &Deployment, unit: &Unit, hash_after: &Hash, by: Option<OfficerId>) -> Result<Taken> {
    let row = find(deployment, unit, hash_after)?;
    let verified = ingest::verify_sealed(deployment, row.sealed.clone())?;
    if verified.unit() != unit {
        return Err(Code::UnitForbidden.into());
    }
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let taken = ingest::release_batch(records, &deployment.keys, &verified, now_ms)?;
        records.decide_aside(unit, &row, "released")?;
        Note::new(actor, "quarantine_released").subject(row.device).write(records, Some(unit), now_ms)?;
        Ok(taken)
    })
}

/// Leaves a quarantined batch out of the log for good. It is kept.
///
/// # Errors
/// `QuarantineUnknown`; `OfficerUnknown` for whoever decided it; the ledger's.
pub fn refuse(deployment: &Deployment, unit: &Unit, hash_after: &Hash, by: Option<OfficerId>) -> Result<()> {
    let row = find(deployment, unit, hash_after)?;
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        records.decide_aside(unit, &row, "refused")?;
        Note::new(actor, "quarantine_refused").subject(row.device).write(records, Some(unit), now_ms)
    })
}

fn find(deployment: &Deployment, unit: &Unit, hash_after: &Hash) -> Result<AsideRow> {
    let open = |row: &AsideRow| row.why == Aside::Quarantine && row.decided.is_none() && row.hash_after == *hash_after;
    Ok(list_asides(deployment, unit)?.into_iter().find(open).ok_or(Code::QuarantineUnknown)?)
}
