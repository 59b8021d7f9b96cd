//! Officers of the unit, as its log knows them.

use domain::id::OfficerId;
use rusqlite::{Connection, params};

use super::load;
use crate::change::Reach;
use crate::error::Result;

/// Folds an officer again.
pub(crate) fn refold(connection: &Connection, officer: OfficerId) -> Result<()> {
    match load::officer(connection, officer, Reach::Everything)? {
        Some(state) => connection
            .prepare_cached("INSERT INTO officer (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = ?2")?
            .execute(params![officer.as_bytes(), state.name])?,
        None => connection.prepare_cached("DELETE FROM officer WHERE id = ?1")?.execute([officer.as_bytes()])?,
    };
    Ok(())
}
