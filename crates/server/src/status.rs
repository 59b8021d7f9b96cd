//! How a unit stands, in numbers.

use std::collections::BTreeMap;

use domain::fold::Stage;
use domain::unit::Unit;
use serde::Serialize;

use crate::alarms::{Alarm, alarms_of};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::export::{OpenExport, open_exports};
use crate::ledger::{Aside, Records};
use crate::state;

/// One unit's numbers.
#[derive(Clone, Debug, Serialize)]
pub struct UnitStatus {
    pub unit: String,
    pub name: String,
    pub log: String,
    /// Batches in the log.
    pub head: u64,
    pub edition: u32,
    pub edition_label: Option<String>,
    pub people: u32,
    pub households: u32,
    pub officers: usize,
    pub devices: usize,
    pub devices_revoked: usize,
    pub corrections: BTreeMap<Stage, usize>,
    pub corrections_reserved: usize,
    /// Files that went out and of which something is not marked as typed in.
    pub exports: Vec<OpenExport>,
    pub photos_missing: u64,
    pub forked: usize,
    /// Waiting for a decision.
    pub quarantined: usize,
    pub alarms_open: usize,
    /// The open ones, oldest first.
    pub alarms: Vec<Alarm>,
}

/// The numbers of one unit, or of all.
///
/// # Errors
/// `UnitUnknown`; the ledger's.
pub fn status(deployment: &Deployment, unit: Option<&Unit>) -> Result<Vec<UnitStatus>> {
    deployment.ledger.read(|records| {
        let units = match unit {
            Some(unit) => vec![records.unit(unit)?.ok_or(Code::UnitUnknown)?.unit],
            None => records.units()?.into_iter().map(|row| row.unit).collect(),
        };
        units.iter().map(|unit| unit_status(records, unit)).collect()
    })
}

fn unit_status(records: &mut dyn Records, unit: &Unit) -> Result<UnitStatus> {
    let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
    let edition = crate::register::edition_in_force(records, unit)?;
    let devices = records.devices(Some(unit))?;
    let asides = records.asides(unit)?;
    let mut corrections = BTreeMap::new();
    let states = state::corrections(records, unit)?;
    for (_, state) in &states {
        *corrections.entry(state.stage).or_insert(0) += 1;
    }
    let mut alarms = alarms_of(records, unit)?;
    alarms.retain(|alarm| alarm.seen.is_none());
    Ok(UnitStatus {
        unit: unit.to_string(),
        name: row.name,
        log: row.log.to_string(),
        head: row.head,
        edition: row.edition,
        edition_label: edition.as_ref().map(|edition| edition.label.clone()),
        people: edition.as_ref().map_or(0, |edition| edition.people),
        households: edition.as_ref().map_or(0, |edition| edition.households),
        officers: records.officers(Some(unit))?.iter().filter(|officer| officer.active).count(),
        devices: devices.len(),
        devices_revoked: devices.iter().filter(|device| device.revoked.is_some()).count(),
        corrections,
        corrections_reserved: records.reservations(unit)?.len(),
        exports: open_exports(records, unit, &states)?,
        photos_missing: records.photos_missing(unit)?,
        forked: asides.iter().filter(|row| row.why == Aside::Fork).count(),
        quarantined: asides.iter().filter(|row| row.why == Aside::Quarantine && row.decided.is_none()).count(),
        alarms_open: alarms.len(),
        alarms,
    })
}
