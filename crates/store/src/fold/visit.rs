//! Visits.

use domain::change::{EntityKind, EntityRef};
use domain::fold::fold_visit;
use domain::id::VisitId;
use rusqlite::{Connection, params};

use crate::change::{self, Reach};
use crate::error::Result;
use crate::row::{signed, to_json, wire_number};

/// Folds a visit again.
pub(crate) fn refold(connection: &Connection, visit: VisitId) -> Result<()> {
    let changes = change::of_entity(connection, EntityRef::new(EntityKind::Visit, visit), Reach::Everything)?;
    let Some(state) = fold_visit(visit, &changes) else {
        connection.prepare_cached("DELETE FROM visit WHERE id = ?1")?.execute([visit.as_bytes()])?;
        return Ok(());
    };
    connection
        .prepare_cached(
            "INSERT INTO visit (id, household, author, outcome, ended_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET household = ?2, author = ?3, outcome = ?4, ended_ms = ?5, state = ?6",
        )?
        .execute(params![
            visit.as_bytes(),
            state.visit.household.as_bytes(),
            state.author.as_bytes(),
            wire_number(state.visit.outcome),
            signed(state.visit.ended_ms),
            to_json(&state),
        ])?;
    Ok(())
}
