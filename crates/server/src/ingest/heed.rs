//! What the server's own changes do to its other tables: who is listed, who is revoked, what is erased. It happens when
//! such a change is taken in, whether the server has just written it or a laptop brings it back after a restore.

use domain::change::{Body, ChangeHeader, EntityKind, EntityRef};
use domain::id::{DeviceId, OfficerId};
use domain::unit::Unit;
use sync::message::Batch;

use super::body_of;
use crate::error::Result;
use crate::keys::ServerKeys;
use crate::ledger::{OfficerRow, Records, Revocation};
use crate::state::logged_body;

/// Carries out one of the server's own changes.
pub(super) fn heed_own_change(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    header: &ChangeHeader,
    salted_body: &[u8],
    now_ms: u64,
) -> Result<()> {
    match body_of(header, salted_body) {
        Some(Body::Erased(erased)) => crate::erase::carry_out(records, keys, unit, &erased, now_ms),
        Some(Body::DeviceRevoked(revoked)) => {
            let revocation = Revocation { at_ms: now_ms, cause: revoked.cause };
            records.revoke_device(DeviceId::from(header.entity.id), &revocation)
        }
        Some(Body::OfficerListed(listed)) => records.put_officer(&OfficerRow {
            officer: OfficerId::from(header.entity.id),
            unit: unit.clone(),
            name: listed.name,
            role: listed.role,
            active: listed.active,
        }),
        _ => Ok(()),
    }
}

/// Whether a batch of a revoked device stood in the log when it was revoked: then it is not late, only brought back.
pub(super) fn stood_at_revocation(records: &mut dyn Records, unit: &Unit, batch: &Batch) -> Result<bool> {
    let entity = EntityRef::new(EntityKind::Device, batch.device);
    for change in records.changes_touching(unit, entity)? {
        if let Some(Body::DeviceRevoked(revoked)) = logged_body(&change)? {
            let chains = revoked.chains.unwrap_or_default();
            let holds = |chain: &domain::change::RevokedChain| {
                chain.chain == batch.chain && batch.last_sequence <= chain.last_sequence
            };
            return Ok(chains.iter().any(holds));
        }
    }
    Ok(false)
}
