//! Officers of the unit, as its log knows them.

use domain::change::{EntityKind, EntityRef};
use domain::fold::fold_officer;
use domain::id::OfficerId;
use rusqlite::{Connection, params};

use crate::change::{self, Reach};
use crate::error::Result;
use crate::row::to_json;

/// Folds an officer again.
pub(crate) fn refold(connection: &Connection, officer: OfficerId) -> Result<()> {
    let changes = change::of_entity(connection, EntityRef::new(EntityKind::Officer, officer), Reach::Everything)?;
    match fold_officer(officer, &changes) {
        Some(state) => connection
            .prepare_cached(
                "INSERT INTO officer (id, state) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET state = ?2",
            )?
            .execute(params![officer.as_bytes(), to_json(&state)])?,
        None => connection.prepare_cached("DELETE FROM officer WHERE id = ?1")?.execute([officer.as_bytes()])?,
    };
    Ok(())
}
