//! The audit chain of each unit, and the laptops' access logs.

use domain::id::{ChainId, DeviceId, OfficerId};
use domain::unit::Unit;
use rusqlite::{OptionalExtension, Row};
use sync::message::{AccessDetail, AccessStored, Hash};

use super::SqliteRecords;
use super::convert::{action, action_number, bytes, maybe_entity, number, to_sql};
use crate::error::Result;
use crate::ledger::{AccessRow, AuditRecords, AuditRow};

const AUDIT: &str = "SELECT sequence, at_ms, actor, action, subject, detail, alarm, hash FROM audit WHERE unit = ?1";
/// The server as a whole.
const NO_UNIT: i64 = 0;

impl AuditRecords for SqliteRecords<'_> {
    fn last_audit(&mut self, unit: Option<&Unit>) -> Result<Option<AuditRow>> {
        let unit = self.audit_key(unit)?;
        let mut statement = self.sql.prepare_cached(&format!("{AUDIT} ORDER BY sequence DESC LIMIT 1"))?;
        Ok(statement.query_row([unit], audit_row).optional()?)
    }

    fn append_audit(&mut self, unit: Option<&Unit>, row: &AuditRow) -> Result<()> {
        let unit = self.audit_key(unit)?;
        self.sql
            .prepare_cached(
                "INSERT INTO audit (unit, sequence, at_ms, actor, action, subject, detail, alarm, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute((
                unit,
                to_sql(row.sequence),
                to_sql(row.at_ms),
                &row.actor,
                &row.action,
                &row.subject,
                &row.detail,
                row.alarm,
                row.hash,
            ))?;
        Ok(())
    }

    fn each_audit(&mut self, unit: Option<&Unit>, take: &mut dyn FnMut(AuditRow) -> Result<()>) -> Result<()> {
        let unit = self.audit_key(unit)?;
        let mut statement = self.sql.prepare_cached(&format!("{AUDIT} ORDER BY sequence"))?;
        let mut rows = statement.query([unit])?;
        while let Some(row) = rows.next()? {
            take(audit_row(row)?)?;
        }
        Ok(())
    }

    fn alarms(&mut self, unit: &Unit) -> Result<Vec<AuditRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(&format!("{AUDIT} AND alarm = 1 ORDER BY sequence"))?;
        let rows = statement.query_map([unit], audit_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn audit_of_action(&mut self, unit: &Unit, action: &str) -> Result<Vec<AuditRow>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(&format!("{AUDIT} AND action = ?2 ORDER BY sequence"))?;
        let rows = statement.query_map((unit, action), audit_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn access_heads(&mut self, unit: &Unit) -> Result<Vec<AccessStored>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT device, chain, max(sequence), hash FROM access WHERE unit = ?1
             GROUP BY device, chain ORDER BY device, chain",
        )?;
        let rows = statement.query_map([unit], access_stored)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn access_head(&mut self, unit: &Unit, device: DeviceId, chain: ChainId) -> Result<Option<AccessStored>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT device, chain, sequence, hash FROM access WHERE unit = ?1 AND device = ?2 AND chain = ?3
             ORDER BY sequence DESC LIMIT 1",
        )?;
        Ok(statement.query_row((unit, device.as_bytes(), chain.as_bytes()), access_stored).optional()?)
    }

    fn access_hash(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, sequence: u64) -> Result<Option<Hash>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT hash FROM access WHERE unit = ?1 AND device = ?2 AND chain = ?3 AND sequence = ?4",
        )?;
        let line = (unit, device.as_bytes(), chain.as_bytes(), to_sql(sequence));
        Ok(statement.query_row(line, |row| bytes(row, 0)).optional()?)
    }

    fn add_access(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, rows: &[AccessRow]) -> Result<()> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO access
                 (unit, device, chain, sequence, at_ms, officer, action, entity_kind, entity, detail, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for row in rows {
            statement.execute((
                unit,
                device.as_bytes(),
                chain.as_bytes(),
                to_sql(row.sequence),
                to_sql(row.at_ms),
                row.officer.as_bytes(),
                action_number(row.action),
                row.entity.map(|entity| entity.kind.number()),
                row.entity.as_ref().map(|entity| entity.id.as_bytes()),
                row.detail.map(|detail| detail.to_string()),
                row.hash,
            ))?;
        }
        Ok(())
    }

    fn access(&mut self, unit: &Unit, officer: Option<OfficerId>) -> Result<Vec<(DeviceId, AccessRow)>> {
        let unit = self.key_of(unit)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT device, sequence, at_ms, officer, action, entity_kind, entity, detail, hash FROM access
             WHERE unit = ?1 AND (?2 IS NULL OR officer = ?2) ORDER BY at_ms, device, chain, sequence",
        )?;
        let rows = statement.query_map((unit, officer.as_ref().map(OfficerId::as_bytes)), |row| {
            let device = DeviceId::from_bytes(bytes(row, 0)?);
            Ok((
                device,
                AccessRow {
                    sequence: number(row, 1)?,
                    at_ms: number(row, 2)?,
                    officer: OfficerId::from_bytes(bytes(row, 3)?),
                    action: action(row, 4)?,
                    entity: maybe_entity(row, 5)?,
                    detail: row.get::<_, Option<String>>(7)?.as_deref().and_then(AccessDetail::parse),
                    hash: bytes(row, 8)?,
                },
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl SqliteRecords<'_> {
    fn audit_key(&self, unit: Option<&Unit>) -> Result<i64> {
        unit.map_or(Ok(NO_UNIT), |unit| self.key_of(unit))
    }
}

fn access_stored(row: &Row<'_>) -> rusqlite::Result<AccessStored> {
    Ok(AccessStored {
        device: DeviceId::from_bytes(bytes(row, 0)?),
        chain: ChainId::from_bytes(bytes(row, 1)?),
        through: number(row, 2)?,
        hash: bytes(row, 3)?,
    })
}

fn audit_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        sequence: number(row, 0)?,
        at_ms: number(row, 1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
        alarm: row.get(6)?,
        hash: bytes(row, 7)?,
    })
}
