//! Entries, chains and what is kept beside the log.

use domain::id::{ChainId, DeviceId, LogId};
use domain::unit::Unit;
use rusqlite::{OptionalExtension, Row};
use sync::message::{Hash, VerdictEntry};

use super::SqliteRecords;
use super::convert::{aside, aside_number, bytes, number, role_number, to_sql, verdict};
use crate::error::{Code, Result, ServerError};
use crate::ledger::{
    AsideRow, BatchName, ChainRow, KnownBatch, LogRecords, LoggedEntry, NewChange, NewEntry, ReferenceRecords,
};

impl LogRecords for SqliteRecords<'_> {
    fn start_log(&mut self, unit: &Unit, log: LogId, own_chain: ChainId, started_ms: u64) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "UPDATE unit SET log = ?2, own_chain = ?3, log_started_ms = ?4 WHERE unit = ?1",
            (unit, log.as_bytes(), own_chain.as_bytes(), to_sql(started_ms)),
        )?;
        Ok(())
    }

    fn chain(&mut self, unit: &Unit, device: DeviceId, chain: ChainId) -> Result<Option<ChainRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self
            .sql
            .prepare_cached("SELECT last_sequence, head FROM chain WHERE unit = ?1 AND device = ?2 AND chain = ?3")?;
        let row = |row: &Row<'_>| Ok(ChainRow { last_sequence: number(row, 0)?, head: bytes(row, 1)? });
        Ok(statement.query_row((unit, device.as_bytes(), chain.as_bytes()), row).optional()?)
    }

    fn chains_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<(ChainId, ChainRow)>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT chain, last_sequence, head FROM chain WHERE unit = ?1 AND device = ?2 ORDER BY chain",
        )?;
        let rows = statement.query_map((unit, device.as_bytes()), |row| {
            let chain = ChainRow { last_sequence: number(row, 1)?, head: bytes(row, 2)? };
            Ok((ChainId::from_bytes(bytes(row, 0)?), chain))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn entry_at(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, first: u64) -> Result<Option<KnownBatch>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT hash_after, last_sequence, idx, receipt FROM entry
             WHERE unit = ?1 AND chain = ?2 AND first_sequence = ?3 AND device = ?4",
        )?;
        Ok(statement.query_row((unit, chain.as_bytes(), to_sql(first), device.as_bytes()), known_batch).optional()?)
    }

    fn known_batch(
        &mut self,
        unit: &Unit,
        chain: ChainId,
        first: u64,
        hash_after: &Hash,
    ) -> Result<Option<KnownBatch>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT hash_after, last_sequence, idx, receipt FROM entry
                 WHERE unit = ?1 AND chain = ?2 AND first_sequence = ?3 AND hash_after = ?4
             UNION ALL SELECT hash_after, last_sequence, NULL, receipt FROM aside
                 WHERE unit = ?1 AND chain = ?2 AND first_sequence = ?3 AND hash_after = ?4
             LIMIT 1",
        )?;
        Ok(statement.query_row((unit, chain.as_bytes(), to_sql(first), hash_after), known_batch).optional()?)
    }

    fn append_entry(&mut self, unit: &Unit, entry: &NewEntry) -> Result<()> {
        let role = self.device(entry.device)?.ok_or(ServerError::Broken("a batch of a device that is not here"))?.role;
        let key = self.key_of(unit)?;
        let bodies: usize = entry.changes.iter().map(|change| change.salted_body.len()).sum();
        let moved = self
            .sql
            .execute("UPDATE unit SET head = ?2 WHERE unit = ?1 AND head = ?2 - 1", (key, to_sql(entry.index)))?;
        if moved != 1 {
            return Err(ServerError::Broken("an entry that is not next in its log"));
        }
        self.sql
            .prepare_cached(
                "INSERT INTO entry (unit, idx, device, chain, first_sequence, last_sequence, hash_after, log_hash,
                     envelope, receipt, log, received_ms, brought_by, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute((
                key,
                to_sql(entry.index),
                entry.device.as_bytes(),
                entry.chain.as_bytes(),
                to_sql(entry.first_sequence),
                to_sql(entry.last_sequence),
                entry.hash_after,
                entry.log_hash,
                &entry.envelope,
                &entry.receipt,
                entry.log.as_bytes(),
                to_sql(entry.received_ms),
                entry.brought_by.as_ref().map(DeviceId::as_bytes),
                to_sql((entry.envelope.len() + bodies) as u64),
            ))?;
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO chain (unit, device, chain, last_sequence, head) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                key,
                entry.device.as_bytes(),
                entry.chain.as_bytes(),
                to_sql(entry.last_sequence),
                entry.hash_after,
            ))?;
        self.sql
            .prepare_cached("DELETE FROM gap WHERE unit = ?1 AND device = ?2")?
            .execute((key, entry.device.as_bytes()))?;
        for change in &entry.changes {
            self.insert_change(key, entry, change, role_number(role))?;
        }
        Ok(())
    }

    fn entries_after(&mut self, unit: &Unit, after: u64, max_bytes: usize) -> Result<Vec<LoggedEntry>> {
        let unit = self.key_of(unit)?;
        let mut heads = self.sql.prepare_cached(
            "SELECT idx, device, envelope, bytes, received_ms FROM entry WHERE unit = ?1 AND idx > ?2 ORDER BY idx",
        )?;
        let mut changes = self.sql.prepare_cached(
            "SELECT sequence, body, verdict FROM change WHERE unit = ?1 AND idx = ?2 ORDER BY sequence",
        )?;
        let mut rows = heads.query((unit, to_sql(after)))?;
        let (mut entries, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            size += usize::try_from(number(row, 3)?).unwrap_or(usize::MAX).saturating_add(512);
            if !entries.is_empty() && size > max_bytes {
                break;
            }
            let mut entry = LoggedEntry {
                index: number(row, 0)?,
                device: DeviceId::from_bytes(bytes(row, 1)?),
                envelope: row.get(2)?,
                salted_bodies: Vec::new(),
                verdicts: Vec::new(),
                received_ms: number(row, 4)?,
            };
            let mut of_entry = changes.query((unit, to_sql(entry.index)))?;
            while let Some(change) = of_entry.next()? {
                entry.salted_bodies.push(change.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default());
                if let Some(verdict) = verdict(change, 2)? {
                    entry.verdicts.push(VerdictEntry { sequence: number(change, 0)?, verdict });
                }
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn receipts_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<Vec<u8>>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare(
            "SELECT receipt FROM (
                 SELECT received_ms, idx, receipt FROM entry WHERE unit = ?1 AND device = ?2
                 UNION ALL SELECT received_ms, 0, receipt FROM aside
                     WHERE unit = ?1 AND device = ?2 AND decided IS NOT 'released'
             ) ORDER BY received_ms, idx",
        )?;
        let rows = statement.query_map((unit, device.as_bytes()), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put_gap(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, receipt: &[u8]) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql
            .prepare_cached("INSERT OR REPLACE INTO gap (unit, device, chain, receipt) VALUES (?1, ?2, ?3, ?4)")?
            .execute((unit, device.as_bytes(), chain.as_bytes(), receipt))?;
        Ok(())
    }

    fn gaps_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<Vec<u8>>> {
        let unit = self.key_of(unit)?;
        let mut statement =
            self.sql.prepare_cached("SELECT receipt FROM gap WHERE unit = ?1 AND device = ?2 ORDER BY chain")?;
        let rows = statement.query_map((unit, device.as_bytes()), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put_aside(&mut self, unit: &Unit, row: &AsideRow) -> Result<()> {
        let unit = self.key_of(unit)?;
        self.sql.execute(
            "INSERT INTO aside (unit, device, chain, first_sequence, last_sequence, hash_after, why, sealed, receipt,
                 received_ms, decided)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            (
                unit,
                row.device.as_bytes(),
                row.chain.as_bytes(),
                to_sql(row.first_sequence),
                to_sql(row.last_sequence),
                row.hash_after,
                aside_number(row.why),
                &row.sealed,
                &row.receipt,
                to_sql(row.received_ms),
                &row.decided,
            ),
        )?;
        Ok(())
    }

    fn asides(&mut self, unit: &Unit) -> Result<Vec<AsideRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare(
            "SELECT device, chain, first_sequence, last_sequence, hash_after, why, sealed, receipt, received_ms, decided
             FROM aside WHERE unit = ?1 ORDER BY received_ms, device, chain, first_sequence",
        )?;
        let rows = statement.query_map([unit], aside_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn decide_aside(&mut self, unit: &Unit, row: &AsideRow, decided: &str) -> Result<()> {
        self.update_aside(unit, row, "decided = ?6", decided)
    }

    fn replace_aside(&mut self, unit: &Unit, row: &AsideRow, sealed: &[u8]) -> Result<()> {
        self.update_aside(unit, row, "sealed = ?6", sealed)
    }

    fn log_hash(&mut self, unit: &Unit, index: u64) -> Result<Option<Hash>> {
        if index == 0 {
            return Ok(Some(sync::hash::LOG_START));
        }
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached("SELECT log_hash FROM entry WHERE unit = ?1 AND idx = ?2")?;
        Ok(statement.query_row((unit, to_sql(index)), |row| bytes(row, 0)).optional()?)
    }

    fn batch_at(&mut self, unit: &Unit, index: u64) -> Result<Option<BatchName>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT device, chain, first_sequence, hash_after FROM entry WHERE unit = ?1 AND idx = ?2",
        )?;
        let name = |row: &Row<'_>| {
            Ok(BatchName {
                device: DeviceId::from_bytes(bytes(row, 0)?),
                chain: ChainId::from_bytes(bytes(row, 1)?),
                first_sequence: number(row, 2)?,
                hash_after: bytes(row, 3)?,
            })
        };
        Ok(statement.query_row((unit, to_sql(index)), name).optional()?)
    }
}

impl SqliteRecords<'_> {
    fn insert_change(&self, unit: i64, entry: &NewEntry, change: &NewChange, role: i64) -> Result<()> {
        let id = change.header.id.as_bytes();
        let (index, sequence) = (to_sql(entry.index), to_sql(change.header.sequence));
        let body = (!change.salted_body.is_empty()).then_some(&change.salted_body);
        self.sql
            .prepare_cached(
                "INSERT INTO change (unit, idx, sequence, change, kind, device, role, header, body, verdict)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                unit,
                index,
                sequence,
                id,
                change.header.kind,
                entry.device.as_bytes(),
                role,
                &change.header_bytes,
                body,
                change.verdict.map(sync::message::Verdict::number),
            ))?;
        let mut touch = self.sql.prepare_cached(
            "INSERT OR IGNORE INTO touch (unit, entity_kind, entity, idx, sequence) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for entity in &change.touches {
            touch.execute((unit, entity.kind.number(), entity.id.as_bytes(), index, sequence))?;
        }
        let mut name = self.sql.prepare_cached(
            "INSERT OR IGNORE INTO named_photo (unit, photo, change, bytes, media_type) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for photo in change.header.photos.iter().flatten() {
            name.execute((unit, photo.hash.0, id, to_sql(photo.bytes), &photo.media_type))?;
        }
        Ok(())
    }

    fn update_aside(&self, unit: &Unit, row: &AsideRow, set: &'static str, value: impl rusqlite::ToSql) -> Result<()> {
        let unit = self.key_of(unit)?;
        let updated = self.sql.execute(
            &format!(
                "UPDATE aside SET {set} WHERE unit = ?1 AND device = ?2 AND chain = ?3 AND first_sequence = ?4
                     AND hash_after = ?5"
            ),
            (unit, row.device.as_bytes(), row.chain.as_bytes(), to_sql(row.first_sequence), row.hash_after, value),
        )?;
        if updated == 1 { Ok(()) } else { Err(Code::QuarantineUnknown.into()) }
    }
}

fn known_batch(row: &Row<'_>) -> rusqlite::Result<KnownBatch> {
    Ok(KnownBatch {
        hash_after: bytes(row, 0)?,
        last_sequence: number(row, 1)?,
        index: row.get::<_, Option<i64>>(2)?.map(i64::unsigned_abs),
        receipt: row.get(3)?,
    })
}

fn aside_row(row: &Row<'_>) -> rusqlite::Result<AsideRow> {
    Ok(AsideRow {
        device: DeviceId::from_bytes(bytes(row, 0)?),
        chain: ChainId::from_bytes(bytes(row, 1)?),
        first_sequence: number(row, 2)?,
        last_sequence: number(row, 3)?,
        hash_after: bytes(row, 4)?,
        why: aside(row, 5)?,
        sealed: row.get(6)?,
        receipt: row.get(7)?,
        received_ms: number(row, 8)?,
        decided: row.get(9)?,
    })
}
