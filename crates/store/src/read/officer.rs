//! Officers of the unit.

use domain::fold::OfficerState;
use domain::id::OfficerId;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use crate::change::Reach;
use crate::error::Result;
use crate::fold::load;
use crate::row::id;
use crate::store::Store;

/// One officer.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct OfficerView {
    pub officer: OfficerId,
    pub state: OfficerState,
    pub assigned_houses: u32,
}

impl Store {
    /// Everyone who works in the unit, or did.
    ///
    /// # Errors
    /// What the disk says.
    pub fn officers(&self) -> Result<Vec<OfficerView>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, (SELECT count(*) FROM household WHERE household.officer = officer.id) FROM officer
                 ORDER BY name, id",
            )?;
            let rows = statement.query_map([], |row| Ok((id::<OfficerId>(row, 0)?, row.get::<_, u32>(1)?)))?;
            let mut officers = Vec::new();
            for row in rows {
                let (officer, assigned_houses) = row?;
                if let Some(state) = load::officer(connection, officer, Reach::Everything)? {
                    officers.push(OfficerView { officer, state, assigned_houses });
                }
            }
            Ok(officers)
        })
    }
}

pub(super) fn name_of(connection: &Connection, officer: OfficerId) -> Result<Option<String>> {
    let name: Option<Option<String>> = connection
        .prepare_cached("SELECT name FROM officer WHERE id = ?1")?
        .query_row([officer.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(name.flatten())
}
