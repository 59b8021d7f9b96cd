//! Photos: what headers name, and the bytes that have come, in rows of at most 256 KiB.

use domain::id::{DeviceId, PhotoHash};
use domain::unit::Unit;
use rusqlite::{Connection, OptionalExtension};

use super::SqliteRecords;
use super::convert::{number, to_sql};
use crate::error::Result;
use crate::ledger::{NamedPhoto, PhotoRecords};

const ROW_BYTES: usize = 256 * 1024;

impl PhotoRecords for SqliteRecords<'_> {
    fn named_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<Option<NamedPhoto>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT bytes, media_type, EXISTS (SELECT 1 FROM photo p WHERE p.unit = n.unit AND p.photo = n.photo)
             FROM named_photo n WHERE unit = ?1 AND photo = ?2 LIMIT 1",
        )?;
        let row = statement.query_row((unit, photo.0), |row| {
            Ok(NamedPhoto { photo, bytes: number(row, 0)?, media_type: row.get(1)?, stored: row.get(2)? })
        });
        Ok(row.optional()?)
    }

    fn stored_photos(&mut self, unit: &Unit) -> Result<Vec<PhotoHash>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare("SELECT photo FROM photo WHERE unit = ?1 ORDER BY photo")?;
        let rows = statement.query_map([unit], |row| row.get(0).map(PhotoHash))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn photos_missing(&mut self, unit: &Unit) -> Result<u64> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare(
            "SELECT count(DISTINCT photo) FROM named_photo n WHERE unit = ?1
                 AND NOT EXISTS (SELECT 1 FROM photo p WHERE p.unit = n.unit AND p.photo = n.photo)
                 AND NOT EXISTS (SELECT 1 FROM erased_photo e WHERE e.unit = n.unit AND e.photo = n.photo)",
        )?;
        Ok(statement.query_row([unit], |row| number(row, 0))?)
    }

    fn store_photo(&mut self, unit: &Unit, device: DeviceId, photo: PhotoHash, bytes: u64, now_ms: u64) -> Result<()> {
        let key = self.key_of(unit)?;
        if insert_photo(&self.sql, key, photo, bytes, now_ms)? {
            let mut pieces = self.sql.prepare_cached(
                "SELECT bytes FROM upload_piece WHERE unit = ?1 AND device = ?2 AND hash = ?3 ORDER BY at",
            )?;
            let mut rows = pieces.query((key, device.as_bytes(), photo.0))?;
            let (mut buffer, mut at) = (Vec::with_capacity(2 * ROW_BYTES), 0);
            while let Some(row) = rows.next()? {
                buffer.extend_from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
                while buffer.len() >= ROW_BYTES {
                    insert_piece(&self.sql, key, photo, &mut at, &buffer[..ROW_BYTES])?;
                    buffer.drain(..ROW_BYTES);
                }
            }
            insert_piece(&self.sql, key, photo, &mut at, &buffer)?;
        }
        crate::ledger::UploadRecords::drop_upload(self, unit, device, &photo.0)
    }

    fn put_photo_bytes(&mut self, unit: &Unit, photo: PhotoHash, bytes: &[u8], now_ms: u64) -> Result<()> {
        let key = self.key_of(unit)?;
        if insert_photo(&self.sql, key, photo, bytes.len() as u64, now_ms)? {
            let mut at = 0;
            for piece in bytes.chunks(ROW_BYTES) {
                insert_piece(&self.sql, key, photo, &mut at, piece)?;
            }
        }
        Ok(())
    }

    fn photo_bytes(&mut self, unit: &Unit, photo: PhotoHash, offset: u64, max: u64) -> Result<Option<Vec<u8>>> {
        let unit = self.key_of(unit)?;
        let mut size = self.sql.prepare_cached("SELECT bytes FROM photo WHERE unit = ?1 AND photo = ?2")?;
        let Some(size) = size.query_row((unit, photo.0), |row| number(row, 0)).optional()? else { return Ok(None) };
        let from = offset.min(size);
        let to = from.saturating_add(max).min(size);
        let mut statement = self.sql.prepare_cached(
            "SELECT at, bytes FROM photo_piece WHERE unit = ?1 AND photo = ?2 AND at + length(bytes) > ?3 AND at < ?4
             ORDER BY at",
        )?;
        let mut rows = statement.query((unit, photo.0, to_sql(from), to_sql(to)))?;
        let mut found = Vec::with_capacity(usize::try_from(to - from).unwrap_or_default());
        while let Some(row) = rows.next()? {
            let at = number(row, 0)?;
            let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let within =
                |position: u64| usize::try_from(position.saturating_sub(at)).unwrap_or(usize::MAX).min(bytes.len());
            found.extend_from_slice(&bytes[within(from)..within(to)]);
        }
        Ok(Some(found))
    }
}

/// Whether it is new here.
fn insert_photo(sql: &Connection, unit: i64, photo: PhotoHash, bytes: u64, now_ms: u64) -> Result<bool> {
    let inserted = sql.execute(
        "INSERT OR IGNORE INTO photo (unit, photo, bytes, stored_ms) VALUES (?1, ?2, ?3, ?4)",
        (unit, photo.0, to_sql(bytes), to_sql(now_ms)),
    )?;
    Ok(inserted == 1)
}

fn insert_piece(sql: &Connection, unit: i64, photo: PhotoHash, at: &mut u64, bytes: &[u8]) -> Result<()> {
    if !bytes.is_empty() {
        sql.prepare_cached("INSERT INTO photo_piece (unit, photo, at, bytes) VALUES (?1, ?2, ?3, ?4)")?.execute((
            unit,
            photo.0,
            to_sql(*at),
            bytes,
        ))?;
        *at += bytes.len() as u64;
    }
    Ok(())
}
