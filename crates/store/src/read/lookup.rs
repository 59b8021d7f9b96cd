//! Small questions that use cases ask before they make a change.

use domain::change::{EntityKind, EntityRef};
use domain::field::{Field, Subject};
use domain::id::{EntityId, PhotoHash};
use rusqlite::OptionalExtension;
use sync::plan::WantedPhoto;

use super::correction::Subjected;
use crate::error::Result;
use crate::photo;
use crate::row::unsigned;
use crate::store::Store;

impl Store {
    /// Whether the register or a change tells of a person, a household or a dwelling.
    ///
    /// # Errors
    /// What the disk says.
    pub fn is_known(&self, entity: EntityRef) -> Result<bool> {
        let table = match entity.kind {
            EntityKind::Person => "person",
            EntityKind::Household => "household",
            EntityKind::Dwelling => "dwelling",
            _ => return Ok(false),
        };
        self.read(|connection| {
            Ok(connection
                .prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE id = ?1)"))?
                .query_row([entity.id.as_bytes()], |row| row.get(0))?)
        })
    }

    /// What the register says today of a field; `None` for an empty column and for what the register does not hold.
    ///
    /// # Errors
    /// What the disk says.
    pub fn register_value(&self, subject: Subject, subject_id: EntityId, field: Field) -> Result<Option<String>> {
        self.read(|connection| Ok(Subjected::load(connection, subject, subject_id)?.register_value(field)))
    }

    /// How far a photo that a change names is fetched; `None` for one that is here, erased, or named by nothing.
    ///
    /// # Errors
    /// What the disk says.
    pub fn photo_download(&self, hash: PhotoHash) -> Result<Option<WantedPhoto>> {
        let bytes = self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT bytes FROM photo WHERE hash = ?1 AND NOT is_here AND NOT is_erased")?
                .query_row([hash.0], |row| unsigned(row, 0))
                .optional()?)
        })?;
        let Some(bytes) = bytes else { return Ok(None) };
        let held = photo::held_bytes(&self.photos(), hash)?;
        Ok(Some(WantedPhoto { hash: hash.0, bytes, held }))
    }
}
