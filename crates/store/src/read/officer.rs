//! Officers of the unit.

use domain::fold::OfficerState;
use domain::id::OfficerId;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use crate::error::Result;
use crate::row::{from_json, id};
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
                "SELECT id, state, (SELECT count(*) FROM household WHERE household.officer = officer.id) FROM officer",
            )?;
            let rows = statement
                .query_map([], |row| Ok((id::<OfficerId>(row, 0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?)))?;
            rows.map(|row| {
                let (officer, json, assigned_houses) = row?;
                Ok(OfficerView { officer, state: from_json(&json, "officer state")?, assigned_houses })
            })
            .collect()
        })
    }
}

pub(super) fn name_of(connection: &Connection, officer: OfficerId) -> Result<Option<String>> {
    let json: Option<String> = connection
        .prepare_cached("SELECT state FROM officer WHERE id = ?1")?
        .query_row([officer.as_bytes()], |row| row.get(0))
        .optional()?;
    let state: Option<OfficerState> = json.map(|json| from_json(&json, "officer state")).transpose()?;
    Ok(state.and_then(|state| state.name))
}
