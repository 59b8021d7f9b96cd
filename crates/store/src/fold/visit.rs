//! Visits.

use domain::id::VisitId;
use rusqlite::{Connection, params};

use super::load;
use crate::change::Reach;
use crate::error::Result;
use crate::row::{signed, wire_number};

/// Folds a visit again.
pub(crate) fn refold(connection: &Connection, visit: VisitId) -> Result<()> {
    let Some(state) = load::visit(connection, visit, Reach::Everything)? else {
        connection.prepare_cached("DELETE FROM visit WHERE id = ?1")?.execute([visit.as_bytes()])?;
        return Ok(());
    };
    connection
        .prepare_cached(
            "INSERT INTO visit (id, household, author, outcome, ended_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET household = ?2, author = ?3, outcome = ?4, ended_ms = ?5",
        )?
        .execute(params![
            visit.as_bytes(),
            state.visit.household.as_bytes(),
            state.author.as_bytes(),
            wire_number(state.visit.outcome),
            signed(state.visit.ended_ms),
        ])?;
    Ok(())
}
