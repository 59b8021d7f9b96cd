//! Who looked at whom: written on the laptop, encrypted with the rest, uploaded apart from the changes.

use domain::change::EntityRef;
use rusqlite::{OptionalExtension, params};
use sync::message::{Access, AccessAction, AccessDetail};

use crate::error::Result;
use crate::row::{entity, kind_number, of_wire_number, signed, unsigned, wire_number};
use crate::setting;
use crate::store::Store;

impl Store {
    /// Writes one line of the access log.
    ///
    /// # Errors
    /// What the disk says: then nobody is shown anything.
    pub fn log_access(
        &self,
        now_ms: u64,
        action: AccessAction,
        entity: Option<EntityRef>,
        detail: Option<AccessDetail>,
    ) -> Result<u64> {
        self.write(|connection| {
            let sequence = connection
                .prepare_cached(
                    "INSERT INTO access (at_ms, action, entity_kind, entity, detail) VALUES (?1, ?2, ?3, ?4, ?5)
                     RETURNING sequence",
                )?
                .query_row(
                    params![
                        signed(now_ms),
                        wire_number(action),
                        entity.map(|entity| kind_number(entity.kind)),
                        entity.as_ref().map(|entity| entity.id.as_bytes()),
                        detail.map(|detail| detail.to_string())
                    ],
                    |row| unsigned(row, 0),
                )?;
            Ok(sequence)
        })
    }

    /// Lines that the server does not hold yet, oldest first.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn waiting_access(&self, limit: u32) -> Result<Vec<Access>> {
        let profile = self.enrolled()?;
        self.read(|connection| {
            let stored = setting::number(connection, setting::ACCESS_STORED)?;
            let mut statement = connection.prepare_cached(
                "SELECT sequence, at_ms, action, entity_kind, entity, detail FROM access WHERE sequence > ?1
                 ORDER BY sequence LIMIT ?2",
            )?;
            let rows = statement.query_map(params![signed(stored), limit], |row| {
                let has_entity = row.get::<_, Option<i64>>(3)?.is_some();
                Ok(Access {
                    sequence: unsigned(row, 0)?,
                    at_ms: unsigned(row, 1)?,
                    officer: profile.officer,
                    action: of_wire_number(row, 2)?,
                    entity: if has_entity { Some(entity(row, 3)?) } else { None },
                    detail: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The server holds every line up to here. It never goes back: a restored server asks the auditors.
    ///
    /// # Errors
    /// What the disk says.
    pub fn take_access_stored(&self, through: u64) -> Result<()> {
        self.write(|connection| {
            let last: Option<u64> = connection
                .prepare_cached("SELECT max(sequence) FROM access")?
                .query_row([], |row| crate::row::unsigned_or_null(row, 0))
                .optional()?
                .flatten();
            let through = through.min(last.unwrap_or(0));
            match through > setting::number(connection, setting::ACCESS_STORED)? {
                true => setting::put_number(connection, setting::ACCESS_STORED, through),
                false => Ok(()),
            }
        })
    }
}
