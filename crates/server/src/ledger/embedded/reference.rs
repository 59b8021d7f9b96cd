//! Settings, units, officers and enrolment codes.

use domain::id::{ChainId, DeviceId, LogId, OfficerId};
use domain::unit::Unit;
use rusqlite::{OptionalExtension, Row};

use super::SqliteRecords;
use super::convert::{bytes, maybe_bytes, number, role, role_number, small, to_sql, unit};
use crate::error::Result;
use crate::ledger::{CodeRow, DeviceContact, DeviceRow, OfficerRow, ReferenceRecords, Revocation, UnitRow};

const UNIT: &str = "SELECT code, list_date, name, log, log_started_ms, head, edition, own_chain FROM unit";
const OFFICER: &str =
    "SELECT o.officer, u.code, u.list_date, o.name, o.role, o.active FROM officer o JOIN unit u USING (unit)";

impl ReferenceRecords for SqliteRecords<'_> {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut statement = self.sql.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn set_setting(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.sql.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", (name, value))?;
        Ok(())
    }

    fn units(&mut self) -> Result<Vec<UnitRow>> {
        let mut statement = self.sql.prepare(&format!("{UNIT} ORDER BY code, list_date"))?;
        let rows = statement.query_map([], unit_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn unit(&mut self, wanted: &Unit) -> Result<Option<UnitRow>> {
        let mut statement = self.sql.prepare_cached(&format!("{UNIT} WHERE code = ?1 AND list_date = ?2"))?;
        Ok(statement.query_row((&wanted.code, &wanted.list_date), unit_row).optional()?)
    }

    fn add_unit(&mut self, row: &UnitRow) -> Result<()> {
        self.sql.execute(
            "INSERT INTO unit (code, list_date, name, log, log_started_ms, head, edition, own_chain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                &row.unit.code,
                &row.unit.list_date,
                &row.name,
                row.log.as_bytes(),
                to_sql(row.log_started_ms),
                to_sql(row.head),
                row.edition,
                row.own_chain.as_bytes(),
            ),
        )?;
        Ok(())
    }

    fn officers(&mut self, wanted: Option<&Unit>) -> Result<Vec<OfficerRow>> {
        let mut statement = self.sql.prepare(&format!("{OFFICER} ORDER BY u.code, u.list_date, o.name, o.officer"))?;
        let rows = statement.query_map([], officer_row)?;
        let all: Vec<OfficerRow> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(all.into_iter().filter(|row| wanted.is_none_or(|unit| *unit == row.unit)).collect())
    }

    fn officer(&mut self, officer: OfficerId) -> Result<Option<OfficerRow>> {
        let mut statement = self.sql.prepare_cached(&format!("{OFFICER} WHERE o.officer = ?1"))?;
        Ok(statement.query_row([officer.as_bytes()], officer_row).optional()?)
    }

    fn put_officer(&mut self, row: &OfficerRow) -> Result<()> {
        let unit = self.key_of(&row.unit)?;
        self.sql.execute(
            "INSERT INTO officer (officer, unit, name, role, active) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (officer) DO UPDATE SET unit = excluded.unit, name = excluded.name, role = excluded.role,
                 active = excluded.active",
            (row.officer.as_bytes(), unit, &row.name, role_number(row.role), row.active),
        )?;
        Ok(())
    }

    fn devices(&mut self, wanted: Option<&Unit>) -> Result<Vec<DeviceRow>> {
        self.select_devices(wanted)
    }

    fn device(&mut self, device: DeviceId) -> Result<Option<DeviceRow>> {
        self.select_device("d.device = ?1", device.as_bytes())
    }

    fn device_by_kid(&mut self, kid: &[u8; 16]) -> Result<Option<DeviceRow>> {
        self.select_device("d.kid = ?1", kid)
    }

    fn add_device(&mut self, row: &DeviceRow) -> Result<()> {
        self.insert_device(row)
    }

    fn revoke_device(&mut self, device: DeviceId, revocation: &Revocation) -> Result<()> {
        self.sql.execute(
            "UPDATE device SET revoked_ms = ?2, revoked_cause = ?3 WHERE device = ?1 AND revoked_ms IS NULL",
            (device.as_bytes(), to_sql(revocation.at_ms), &revocation.cause),
        )?;
        Ok(())
    }

    fn note_contact(&mut self, device: DeviceId, contact: &DeviceContact) -> Result<()> {
        self.update_contact(device, contact)
    }

    fn code(&mut self, code: &str) -> Result<Option<CodeRow>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT code, officer, salt, secret_hash, made_ms, until_ms, tries, replaces, used_key, answer
             FROM code WHERE code = ?1",
        )?;
        Ok(statement.query_row([code], code_row).optional()?)
    }

    fn add_code(&mut self, row: &CodeRow) -> Result<()> {
        self.sql.execute(
            "INSERT INTO code (code, officer, salt, secret_hash, made_ms, until_ms, tries, replaces)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                &row.code,
                row.officer.as_bytes(),
                row.salt,
                row.secret_hash,
                to_sql(row.made_ms),
                to_sql(row.until_ms),
                row.tries,
                row.replaces.as_ref().map(DeviceId::as_bytes),
            ),
        )?;
        Ok(())
    }

    fn count_try(&mut self, code: &str) -> Result<()> {
        self.sql.execute("UPDATE code SET tries = tries + 1 WHERE code = ?1", [code])?;
        Ok(())
    }

    fn use_code(&mut self, code: &str, key: &[u8; 32], answer: &[u8]) -> Result<()> {
        let sql = "UPDATE code SET used_key = ?2, answer = ?3 WHERE code = ?1 AND used_key IS NULL";
        self.sql.execute(sql, (code, key, answer))?;
        Ok(())
    }
}

fn unit_row(row: &Row<'_>) -> rusqlite::Result<UnitRow> {
    Ok(UnitRow {
        unit: unit(row, 0)?,
        name: row.get(2)?,
        log: LogId::from_bytes(bytes(row, 3)?),
        log_started_ms: number(row, 4)?,
        head: number(row, 5)?,
        edition: small(row, 6)?,
        own_chain: ChainId::from_bytes(bytes(row, 7)?),
    })
}

fn officer_row(row: &Row<'_>) -> rusqlite::Result<OfficerRow> {
    Ok(OfficerRow {
        officer: OfficerId::from_bytes(bytes(row, 0)?),
        unit: unit(row, 1)?,
        name: row.get(3)?,
        role: role(row, 4)?,
        active: row.get(5)?,
    })
}

fn code_row(row: &Row<'_>) -> rusqlite::Result<CodeRow> {
    let used_key: Option<[u8; 32]> = maybe_bytes(row, 8)?;
    let answer: Option<Vec<u8>> = row.get(9)?;
    Ok(CodeRow {
        code: row.get(0)?,
        officer: OfficerId::from_bytes(bytes(row, 1)?),
        salt: bytes(row, 2)?,
        secret_hash: bytes(row, 3)?,
        made_ms: number(row, 4)?,
        until_ms: number(row, 5)?,
        tries: small(row, 6)?,
        replaces: maybe_bytes(row, 7)?.map(DeviceId::from_bytes),
        used: used_key.zip(answer),
    })
}
