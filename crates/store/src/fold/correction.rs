//! Corrections, with the columns that queues are read by.

use domain::field::Field;
use domain::fold::{CorrectionState, Policies, Stage};
use domain::id::{CorrectionId, EntityId, HouseholdId, OfficerId};
use rusqlite::{Connection, params};

use super::load;
use crate::change::Reach;
use crate::error::Result;
use crate::row::{signed, wire_number};

/// Every correction that is here.
pub(crate) fn all(connection: &Connection) -> Result<Vec<EntityId>> {
    super::all_ids(connection, "SELECT id FROM correction")
}

/// Folds a correction again.
pub(crate) fn refold(connection: &Connection, correction: CorrectionId, policies: &Policies) -> Result<()> {
    match load::correction(connection, correction, policies, Reach::Everything)? {
        Some(state) => write(connection, correction, &state),
        None => {
            connection.prepare_cached("DELETE FROM correction WHERE id = ?1")?.execute([correction.as_bytes()])?;
            Ok(())
        }
    }
}

fn write(connection: &Connection, correction: CorrectionId, state: &CorrectionState) -> Result<()> {
    let proposal = state.proposal.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO correction (id, stage, is_open, is_unsettled, subject_kind, subject, household, field,
                                     proposed_value, proposed_by, proposed_ms, risk)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (id) DO UPDATE SET
                 stage = ?2, is_open = ?3, is_unsettled = ?4, subject_kind = ?5, subject = ?6, household = ?7,
                 field = ?8, proposed_value = ?9, proposed_by = ?10, proposed_ms = ?11, risk = ?12",
        )?
        .execute(params![
            correction.as_bytes(),
            stage_number(state.stage),
            state.stage.is_open(),
            state.stage.is_unsettled(),
            proposal.map(|proposal| wire_number(proposal.subject)),
            proposal.map(|proposal| *proposal.subject_id.as_bytes()),
            proposal.and_then(|proposal| proposal.household.as_ref()).map(HouseholdId::as_bytes),
            proposal.map(|proposal| wire_number(proposal.field)),
            proposal.and_then(|proposal| proposal.proposed_value.as_deref()),
            state.proposed_by.as_ref().map(OfficerId::as_bytes),
            state.proposed_ms.map(signed),
            proposal.map_or(i64::MAX, |proposal| risk(proposal.field)),
        ])?;
    Ok(())
}

/// The number in `correction.stage`.
pub(crate) fn stage_number(stage: Stage) -> i64 {
    match stage {
        Stage::Waiting => 0,
        Stage::Proposed => 1,
        Stage::FirstApproval => 2,
        Stage::Held => 3,
        Stage::Referred => 4,
        Stage::Approved => 5,
        Stage::Returned => 6,
        Stage::Rejected => 7,
        Stage::Withdrawn => 8,
        Stage::Entered => 9,
        Stage::Confirmed => 10,
    }
}

/// The order in which a supervisor is shown what waits: who someone is, then whether he lives, then who answers for the
/// household, then the rest.
fn risk(field: Field) -> i64 {
    match field {
        Field::IdNumber => 0,
        Field::BirthDate => 1,
        Field::Sex => 2,
        Field::DeathDate => 3,
        Field::RelationshipToHead => 4,
        Field::FullName => 5,
        _ => 6,
    }
}
