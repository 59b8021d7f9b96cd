//! Register editions as compressed pieces.

use domain::unit::Unit;
use rusqlite::{OptionalExtension, Row};
use sync::message::Hash;

use super::SqliteRecords;
use super::convert::{bytes, number, small, to_sql};
use crate::error::Result;
use crate::ledger::{EditionRecords, EditionRow, PieceRow, PieceSet};

impl EditionRecords for SqliteRecords<'_> {
    fn editions(&mut self, unit: &Unit) -> Result<Vec<EditionRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT edition, label, base, people, households, dwellings, imported_ms, undone FROM edition
             WHERE unit = ?1 ORDER BY edition",
        )?;
        let rows = statement.query_map([unit], |row| {
            Ok(EditionRow {
                edition: small(row, 0)?,
                label: row.get(1)?,
                base: row.get(2)?,
                people: small(row, 3)?,
                households: small(row, 4)?,
                dwellings: small(row, 5)?,
                imported_ms: number(row, 6)?,
                undone: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn add_edition(&mut self, unit: &Unit, row: &EditionRow) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "INSERT INTO edition (unit, edition, label, base, people, households, dwellings, imported_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                unit,
                row.edition,
                &row.label,
                row.base,
                row.people,
                row.households,
                row.dwellings,
                to_sql(row.imported_ms),
            ),
        )?;
        Ok(())
    }

    fn undo_edition(&mut self, unit: &Unit, edition: u32) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute("UPDATE edition SET undone = 1 WHERE unit = ?1 AND edition = ?2", (unit, edition))?;
        Ok(())
    }

    fn set_edition_in_force(&mut self, unit: &Unit, edition: u32) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute("UPDATE unit SET edition = ?2 WHERE unit = ?1", (unit, edition))?;
        Ok(())
    }

    fn put_piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, piece: &PieceRow, bytes: &[u8]) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO edition_piece
                     (unit, edition, delta, position, hash, raw_bytes, records, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                unit,
                edition,
                set == PieceSet::Delta,
                piece.position,
                piece.hash,
                to_sql(piece.raw_bytes),
                piece.records,
                bytes,
            ))?;
        Ok(())
    }

    fn pieces(&mut self, unit: &Unit, edition: u32, set: PieceSet) -> Result<Vec<PieceRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT position, hash, length(bytes), raw_bytes, records FROM edition_piece
             WHERE unit = ?1 AND edition = ?2 AND delta = ?3 ORDER BY position",
        )?;
        let rows = statement.query_map((unit, edition, set == PieceSet::Delta), |row: &Row<'_>| {
            Ok(PieceRow {
                position: small(row, 0)?,
                hash: bytes(row, 1)?,
                compressed_bytes: number(row, 2)?,
                raw_bytes: number(row, 3)?,
                records: small(row, 4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, position: u32) -> Result<Option<Vec<u8>>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT bytes FROM edition_piece WHERE unit = ?1 AND edition = ?2 AND delta = ?3 AND position = ?4",
        )?;
        let key = (unit, edition, set == PieceSet::Delta, position);
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    fn piece_bytes(&mut self, unit: &Unit, hash: &Hash, offset: u64, max: u64) -> Result<Option<Vec<u8>>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT substr(bytes, ?3 + 1, ?4) FROM edition_piece WHERE unit = ?1 AND hash = ?2 LIMIT 1",
        )?;
        Ok(statement.query_row((unit, hash, to_sql(offset), to_sql(max)), |row| row.get(0)).optional()?)
    }

    fn drop_piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, position: u32) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "DELETE FROM edition_piece WHERE unit = ?1 AND edition = ?2 AND delta = ?3 AND position = ?4",
            (unit, edition, set == PieceSet::Delta, position),
        )?;
        Ok(())
    }

    fn drop_pieces(&mut self, unit: &Unit, edition: u32) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute("DELETE FROM edition_piece WHERE unit = ?1 AND edition = ?2", (unit, edition))?;
        Ok(())
    }

    fn set_people(&mut self, unit: &Unit, edition: u32, people: u32) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute("UPDATE edition SET people = ?3 WHERE unit = ?1 AND edition = ?2", (unit, edition, people))?;
        Ok(())
    }
}
