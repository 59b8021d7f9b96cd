//! Single changes: for the fold, and for erasure.

use std::collections::BTreeSet;

use domain::change::EntityRef;
use domain::id::{ChangeId, DeviceId, PersonId, PhotoHash};
use domain::unit::Unit;
use rusqlite::{Params, Row};
use sync::message::Verdict;

use super::SqliteRecords;
use super::convert::{bytes, number, role, to_sql, verdict};
use crate::error::Result;
use crate::ledger::{ChangeRecords, LoggedChange};

const CHANGE: &str = "SELECT c.idx, c.sequence, c.device, c.role, c.change, c.header, c.body, c.verdict, e.received_ms
    FROM change c JOIN entry e ON e.unit = c.unit AND e.idx = c.idx";

impl ChangeRecords for SqliteRecords<'_> {
    fn known_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<BTreeSet<ChangeId>> {
        self.among(unit, "SELECT 1 FROM change WHERE unit = ?1 AND change = ?2 AND verdict IS NULL LIMIT 1", changes)
    }

    fn erased_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<BTreeSet<ChangeId>> {
        self.among(unit, "SELECT 1 FROM erased_change WHERE unit = ?1 AND change = ?2", changes)
    }

    fn erased_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<bool> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached("SELECT 1 FROM erased_photo WHERE unit = ?1 AND photo = ?2")?;
        Ok(statement.exists((unit, photo.0))?)
    }

    fn erased_people(&mut self, unit: &Unit) -> Result<BTreeSet<PersonId>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached("SELECT person FROM erased_person WHERE unit = ?1")?;
        let rows = statement.query_map([unit], |row| bytes(row, 0).map(PersonId::from_bytes))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn changes_touching(&mut self, unit: &Unit, entity: EntityRef) -> Result<Vec<LoggedChange>> {
        let sql = format!(
            "{CHANGE} JOIN touch t ON t.unit = c.unit AND t.idx = c.idx AND t.sequence = c.sequence
             WHERE t.unit = ?1 AND t.entity_kind = ?2 AND t.entity = ?3 ORDER BY c.idx, c.sequence"
        );
        let unit = self.key_of(unit)?;
        self.select_changes(&sql, (unit, entity.kind.number(), entity.id.as_bytes()))
    }

    fn changes_of_kind(&mut self, unit: &Unit, kind: u16) -> Result<Vec<LoggedChange>> {
        let sql = format!("{CHANGE} WHERE c.unit = ?1 AND c.kind = ?2 ORDER BY c.idx, c.sequence");
        let unit = self.key_of(unit)?;
        self.select_changes(&sql, (unit, kind))
    }

    fn changes_with_id(&mut self, unit: &Unit, change: ChangeId) -> Result<Vec<LoggedChange>> {
        let sql = format!("{CHANGE} WHERE c.unit = ?1 AND c.change = ?2 ORDER BY c.idx, c.sequence");
        let unit = self.key_of(unit)?;
        self.select_changes(&sql, (unit, change.as_bytes()))
    }

    fn changes_naming(&mut self, unit: &Unit, photo: PhotoHash) -> Result<Vec<LoggedChange>> {
        let sql = format!(
            "{CHANGE} JOIN named_photo n ON n.unit = c.unit AND n.change = c.change
             WHERE n.unit = ?1 AND n.photo = ?2 ORDER BY c.idx, c.sequence"
        );
        let unit = self.key_of(unit)?;
        self.select_changes(&sql, (unit, photo.0))
    }

    fn photos_named_by(&mut self, unit: &Unit, change: ChangeId) -> Result<Vec<PhotoHash>> {
        let unit = self.key_of(unit)?;
        let mut statement =
            self.sql.prepare_cached("SELECT photo FROM named_photo WHERE unit = ?1 AND change = ?2 ORDER BY photo")?;
        let rows = statement.query_map((unit, change.as_bytes()), |row| bytes(row, 0).map(PhotoHash))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn erase_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<()> {
        let unit = self.key_of(unit)?;
        let mut empty = self.sql.prepare_cached("UPDATE change SET body = NULL WHERE unit = ?1 AND change = ?2")?;
        let mut remember =
            self.sql.prepare_cached("INSERT OR IGNORE INTO erased_change (unit, change) VALUES (?1, ?2)")?;
        for change in changes {
            empty.execute((unit, change.as_bytes()))?;
            remember.execute((unit, change.as_bytes()))?;
        }
        Ok(())
    }

    fn erase_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<()> {
        let unit = self.key_of(unit)?;
        for sql in [
            "DELETE FROM photo WHERE unit = ?1 AND photo = ?2",
            "DELETE FROM photo_piece WHERE unit = ?1 AND photo = ?2",
            "INSERT OR IGNORE INTO erased_photo (unit, photo) VALUES (?1, ?2)",
        ] {
            self.sql.execute(sql, (unit, photo.0))?;
        }
        Ok(())
    }

    fn remember_erased_person(&mut self, unit: &Unit, person: PersonId, at_ms: u64) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "INSERT OR REPLACE INTO erased_person (unit, person, erased_ms) VALUES (?1, ?2, ?3)",
            (unit, person.as_bytes(), to_sql(at_ms)),
        )?;
        Ok(())
    }

    fn fill_body(
        &mut self,
        unit: &Unit,
        index: u64,
        sequence: u64,
        salted_body: &[u8],
        touches: &[EntityRef],
    ) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "UPDATE change SET body = ?4 WHERE unit = ?1 AND idx = ?2 AND sequence = ?3",
            (unit, to_sql(index), to_sql(sequence), salted_body),
        )?;
        let mut touch = self.sql.prepare_cached(
            "INSERT OR IGNORE INTO touch (unit, entity_kind, entity, idx, sequence) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for entity in touches {
            let kind = entity.kind.number();
            touch.execute((unit, kind, entity.id.as_bytes(), to_sql(index), to_sql(sequence)))?;
        }
        Ok(())
    }

    fn set_verdict(&mut self, unit: &Unit, index: u64, sequence: u64, verdict: Option<Verdict>) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "UPDATE change SET verdict = ?4 WHERE unit = ?1 AND idx = ?2 AND sequence = ?3",
            (unit, to_sql(index), to_sql(sequence), verdict.map(Verdict::number)),
        )?;
        Ok(())
    }
}

impl SqliteRecords<'_> {
    fn among(&self, unit: &Unit, sql: &str, changes: &[ChangeId]) -> Result<BTreeSet<ChangeId>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut found = BTreeSet::new();
        for change in changes {
            if statement.exists((unit, change.as_bytes()))? {
                found.insert(*change);
            }
        }
        Ok(found)
    }

    fn select_changes(&self, sql: &str, params: impl Params) -> Result<Vec<LoggedChange>> {
        let mut statement = self.sql.prepare_cached(sql)?;
        let rows = statement.query_map(params, logged_change)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn logged_change(row: &Row<'_>) -> rusqlite::Result<LoggedChange> {
    Ok(LoggedChange {
        index: number(row, 0)?,
        sequence: number(row, 1)?,
        device: DeviceId::from_bytes(bytes(row, 2)?),
        role: role(row, 3)?,
        change: ChangeId::from_bytes(bytes(row, 4)?),
        header_bytes: row.get(5)?,
        salted_body: row.get(6)?,
        verdict: verdict(row, 7)?,
        received_ms: number(row, 8)?,
    })
}
