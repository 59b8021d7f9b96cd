//! What is on its way, every byte as it arrived.

use domain::id::DeviceId;
use domain::unit::Unit;
use rusqlite::OptionalExtension;
use sync::message::Hash;

use super::SqliteRecords;
use super::convert::{item_kind, item_kind_number, number, to_sql};
use crate::error::{Code, Refusal, Result};
use crate::ledger::{UploadRecords, UploadRow};

impl UploadRecords for SqliteRecords<'_> {
    fn upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<Option<UploadRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT kind, bytes, held, media_type FROM upload WHERE unit = ?1 AND device = ?2 AND hash = ?3",
        )?;
        let row = statement.query_row((unit, device.as_bytes(), hash), |row| {
            Ok(UploadRow {
                kind: item_kind(row, 0)?,
                bytes: number(row, 1)?,
                held: number(row, 2)?,
                media_type: row.get(3)?,
            })
        });
        Ok(row.optional()?)
    }

    fn announce_upload(
        &mut self,
        unit: &Unit,
        device: DeviceId,
        hash: &Hash,
        row: &UploadRow,
        now_ms: u64,
    ) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql
            .prepare_cached(
                "INSERT INTO upload (unit, device, hash, kind, bytes, held, media_type, announced_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)
                 ON CONFLICT (unit, device, hash) DO UPDATE SET announced_ms = excluded.announced_ms",
            )?
            .execute((
                unit,
                device.as_bytes(),
                hash,
                item_kind_number(row.kind),
                to_sql(row.bytes),
                &row.media_type,
                to_sql(now_ms),
            ))?;
        Ok(())
    }

    fn uploads_waiting(&mut self, unit: &Unit, device: DeviceId) -> Result<(u64, u64)> {
        let unit = self.key_of(unit)?;
        let mut statement = self
            .sql
            .prepare_cached("SELECT count(*), coalesce(sum(bytes), 0) FROM upload WHERE unit = ?1 AND device = ?2")?;
        let row = |row: &rusqlite::Row<'_>| Ok((number(row, 0)?, number(row, 1)?));
        Ok(statement.query_row((unit, device.as_bytes()), row)?)
    }

    fn append_piece(&mut self, unit: &Unit, device: DeviceId, hash: &Hash, offset: u64, bytes: &[u8]) -> Result<()> {
        let held = self.upload(unit, device, hash)?.ok_or(Code::UploadNotAnnounced)?.held;
        if held != offset {
            return Err(Refusal::with(Code::OffsetMismatch, "held", held).into());
        }
        let unit = self.key_of(unit)?;
        self.sql
            .prepare_cached("INSERT INTO upload_piece (unit, device, hash, at, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((unit, device.as_bytes(), hash, to_sql(offset), bytes))?;
        self.sql
            .prepare_cached("UPDATE upload SET held = held + ?4 WHERE unit = ?1 AND device = ?2 AND hash = ?3")?
            .execute((unit, device.as_bytes(), hash, to_sql(bytes.len() as u64)))?;
        Ok(())
    }

    fn each_piece(
        &mut self,
        unit: &Unit,
        device: DeviceId,
        hash: &Hash,
        take: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT bytes FROM upload_piece WHERE unit = ?1 AND device = ?2 AND hash = ?3 ORDER BY at",
        )?;
        let mut rows = statement.query((unit, device.as_bytes(), hash))?;
        while let Some(row) = rows.next()? {
            take(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
        }
        Ok(())
    }

    fn empty_upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<()> {
        let unit = self.key_of(unit)?;
        for sql in [
            "DELETE FROM upload_piece WHERE unit = ?1 AND device = ?2 AND hash = ?3",
            "UPDATE upload SET held = 0 WHERE unit = ?1 AND device = ?2 AND hash = ?3",
        ] {
            self.sql.execute(sql, (unit, device.as_bytes(), hash))?;
        }
        Ok(())
    }

    fn drop_upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<()> {
        let unit = self.key_of(unit)?;
        for sql in [
            "DELETE FROM upload_piece WHERE unit = ?1 AND device = ?2 AND hash = ?3",
            "DELETE FROM upload WHERE unit = ?1 AND device = ?2 AND hash = ?3",
        ] {
            self.sql.prepare_cached(sql)?.execute((unit, device.as_bytes(), hash))?;
        }
        Ok(())
    }

    fn drop_uploads_before(&mut self, unit: &Unit, announced_ms: u64) -> Result<()> {
        let unit = self.key_of(unit)?;
        for sql in [
            "DELETE FROM upload_piece WHERE unit = ?1 AND (device, hash) IN
                 (SELECT device, hash FROM upload WHERE unit = ?1 AND announced_ms < ?2)",
            "DELETE FROM upload WHERE unit = ?1 AND announced_ms < ?2",
        ] {
            self.sql.prepare_cached(sql)?.execute((unit, to_sql(announced_ms)))?;
        }
        Ok(())
    }
}
