//! Corrections that went out in a file.

use domain::id::CorrectionId;
use domain::unit::Unit;
use uuid::Uuid;

use super::SqliteRecords;
use super::convert::{bytes, number, to_sql};
use crate::error::Result;
use crate::ledger::{ExportRecords, ReservationRow};

impl ExportRecords for SqliteRecords<'_> {
    fn reservations(&mut self, unit: &Unit) -> Result<Vec<ReservationRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT correction, export, reserved_ms FROM reservation WHERE unit = ?1 ORDER BY reserved_ms, correction",
        )?;
        let rows = statement.query_map([unit], |row| {
            Ok(ReservationRow {
                correction: CorrectionId::from_bytes(bytes(row, 0)?),
                export: Uuid::from_bytes(bytes(row, 1)?),
                reserved_ms: number(row, 2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn reserve(&mut self, unit: &Unit, export: Uuid, corrections: &[CorrectionId], now_ms: u64) -> Result<()> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO reservation (unit, correction, export, reserved_ms) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for correction in corrections {
            statement.execute((unit, correction.as_bytes(), export.as_bytes(), to_sql(now_ms)))?;
        }
        Ok(())
    }

    fn release(&mut self, unit: &Unit, export: Uuid) -> Result<u64> {
        let unit = self.key_of(unit)?;
        let released =
            self.sql.execute("DELETE FROM reservation WHERE unit = ?1 AND export = ?2", (unit, export.as_bytes()))?;
        Ok(released as u64)
    }

    fn drop_reservation(&mut self, unit: &Unit, correction: CorrectionId) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql
            .execute("DELETE FROM reservation WHERE unit = ?1 AND correction = ?2", (unit, correction.as_bytes()))?;
        Ok(())
    }
}
