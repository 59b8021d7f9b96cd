//! Devices and what they last said of themselves.

use domain::id::{DeviceId, OfficerId};
use domain::unit::Unit;
use rusqlite::{OptionalExtension, Row};

use super::SqliteRecords;
use super::convert::{bytes, maybe_bytes, maybe_unit, number, role, role_number, small, to_sql};
use crate::error::Result;
use crate::ledger::{DeviceContact, DeviceRow, Revocation};

const DEVICE: &str = "SELECT d.device, d.kid, d.public_key, d.stick_key, u.code, u.list_date, d.role, d.officer,
        d.key_epoch, d.from_ms, d.to_ms, d.certificate, d.revoked_ms, d.revoked_cause, d.contact_ms, d.skew_ms,
        d.app_version, d.waiting_batches, d.waiting_photos, d.waiting_photo_bytes
    FROM device d LEFT JOIN unit u USING (unit)";

impl SqliteRecords<'_> {
    pub(super) fn select_devices(&self, wanted: Option<&Unit>) -> Result<Vec<DeviceRow>> {
        let mut statement = self.sql.prepare(&format!("{DEVICE} ORDER BY d.from_ms, d.device"))?;
        let rows = statement.query_map([], device_row)?;
        let all: Vec<DeviceRow> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(all.into_iter().filter(|row| wanted.is_none_or(|unit| Some(unit) == row.unit.as_ref())).collect())
    }

    pub(super) fn select_device(&self, condition: &'static str, key: &[u8; 16]) -> Result<Option<DeviceRow>> {
        let mut statement = self.sql.prepare_cached(&format!("{DEVICE} WHERE {condition}"))?;
        Ok(statement.query_row([key], device_row).optional()?)
    }

    pub(super) fn insert_device(&self, row: &DeviceRow) -> Result<()> {
        let unit = row.unit.as_ref().map(|unit| self.key_of(unit)).transpose()?;
        self.sql.execute(
            "INSERT INTO device (device, kid, public_key, stick_key, unit, role, officer, key_epoch, from_ms, to_ms,
                 certificate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            (
                row.device.as_bytes(),
                row.kid,
                row.public_key,
                row.stick_key,
                unit,
                role_number(row.role),
                row.officer.as_bytes(),
                row.key_epoch,
                to_sql(row.from_ms),
                to_sql(row.to_ms),
                &row.certificate,
            ),
        )?;
        Ok(())
    }

    pub(super) fn update_contact(&self, device: DeviceId, contact: &DeviceContact) -> Result<()> {
        self.sql.execute(
            "UPDATE device SET contact_ms = ?2, skew_ms = ?3, app_version = ?4, waiting_batches = ?5,
                 waiting_photos = ?6, waiting_photo_bytes = ?7 WHERE device = ?1",
            (
                device.as_bytes(),
                contact.at_ms.map(to_sql),
                contact.skew_ms,
                &contact.app_version,
                to_sql(contact.waiting_batches),
                to_sql(contact.waiting_photos),
                to_sql(contact.waiting_photo_bytes),
            ),
        )?;
        Ok(())
    }
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    let revoked_ms: Option<i64> = row.get(12)?;
    let cause: Option<String> = row.get(13)?;
    Ok(DeviceRow {
        device: DeviceId::from_bytes(bytes(row, 0)?),
        kid: bytes(row, 1)?,
        public_key: bytes(row, 2)?,
        stick_key: maybe_bytes(row, 3)?,
        unit: maybe_unit(row, 4)?,
        role: role(row, 6)?,
        officer: OfficerId::from_bytes(bytes(row, 7)?),
        key_epoch: small(row, 8)?,
        from_ms: number(row, 9)?,
        to_ms: number(row, 10)?,
        certificate: row.get(11)?,
        revoked: revoked_ms.map(|at| Revocation { at_ms: at.unsigned_abs(), cause: cause.unwrap_or_default() }),
        contact: DeviceContact {
            at_ms: row.get::<_, Option<i64>>(14)?.map(i64::unsigned_abs),
            skew_ms: row.get(15)?,
            app_version: row.get(16)?,
            waiting_batches: number(row, 17)?,
            waiting_photos: number(row, 18)?,
            waiting_photo_bytes: number(row, 19)?,
        },
    })
}
