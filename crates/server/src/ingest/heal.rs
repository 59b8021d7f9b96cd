//! Bodies that come later. Anyone may hand in another's batch, also with bodies emptied; a change that was stored so
//! without an erasure is refused (`NotErased`). When the body comes after all, it takes its place, and the log begins
//! anew, for laptops may have read past it.

use domain::id::DeviceId;
use domain::unit::Unit;
use sync::batch::OpenedBatch;
use sync::message::Verdict;

use super::touches_of;
use crate::audit::{Actor, Note};
use crate::error::Result;
use crate::ledger::{KnownBatch, Records};

/// Whether any body was put back.
pub(super) fn fill_missing_bodies(
    records: &mut dyn Records,
    unit: &Unit,
    known: &KnownBatch,
    opened: &OpenedBatch,
    brought_by: Option<DeviceId>,
    now_ms: u64,
) -> Result<bool> {
    let Some(index) = known.index else { return Ok(false) };
    let mut filled = 0_usize;
    for (header, salted_body) in opened.headers.iter().zip(&opened.salted_bodies) {
        if salted_body.is_empty() {
            continue;
        }
        let stored = records.changes_with_id(unit, header.id)?;
        let missing = stored.iter().any(|change| {
            change.index == index
                && change.sequence == header.sequence
                && change.salted_body.is_none()
                && change.verdict == Some(Verdict::NotErased)
        });
        if !missing || !records.erased_changes(unit, &[header.id])?.is_empty() {
            continue;
        }
        let accepted_elsewhere = stored.iter().any(|change| change.verdict.is_none());
        let verdict = accepted_elsewhere.then_some(Verdict::DuplicateOfEarlier);
        records.fill_body(unit, index, header.sequence, salted_body, &touches_of(header, salted_body))?;
        records.set_verdict(unit, index, header.sequence, verdict)?;
        filled += 1;
    }
    if filled > 0 {
        let actor = brought_by.map_or(Actor::Operator, Actor::Device);
        Note::new(actor, "bodies_came_back").subject(index).detail(filled).alarm().write(
            records,
            Some(unit),
            now_ms,
        )?;
    }
    Ok(filled > 0)
}
