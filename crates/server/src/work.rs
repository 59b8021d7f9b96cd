//! Who works in a unit, where, and on which houses. The operator types it; `by` names the officer of the unit at whose
//! word it is done.

use std::collections::BTreeMap;

use domain::change::{AreaPart, AreaSet, Assigned, Body, EntityKind, EntityRef, OfficerListed, PolicySet};
use domain::field::Field;
use domain::id::{DwellingId, HouseholdId, OfficerId};
use domain::register::EditionRecord;
use domain::role::Role;
use domain::text::{clean_input, fold_search};
use domain::unit::Unit;
use domain::vietnam;

use crate::audit::{Actor, Note};
use crate::deployment::{Deployment, ensure_unit};
use crate::enrol::Cause;
use crate::error::{Code, Refusal, Result};
use crate::ingest::own;
use crate::input;
use crate::ledger::{OfficerRow, Records, Scope};

const MAX_NAME_CHARS: usize = 200;

/// Lists an officer in a unit; the unit is made where it is new.
///
/// # Errors
/// `UnitNotListed`; `QueryWrong` for a name that cannot stand; `OfficerUnknown` for whoever it is done for; the ledger's.
pub fn add_officer(
    deployment: &Deployment,
    unit: &Unit,
    name: &str,
    role: Role,
    by: Option<OfficerId>,
) -> Result<OfficerRow> {
    let name =
        clean_input(name, MAX_NAME_CHARS).map_err(|error| Refusal::with(Code::QueryWrong, "name", error.code()))?;
    if name.is_empty() || matches!(role, Role::Server) {
        return Err(Code::QueryWrong.into());
    }
    let officer = OfficerRow { officer: OfficerId(uuid::Uuid::now_v7()), unit: unit.clone(), name, role, active: true };
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        ensure_unit(records, unit, now_ms)?;
        let listed = OfficerListed { name: officer.name.clone(), role, active: true };
        let entity = EntityRef::new(EntityKind::Officer, officer.officer);
        own::append(records, keys, unit, vec![(entity, Body::OfficerListed(listed))], by, now_ms)?;
        Note::new(actor, "officer_listed").subject(officer.officer).write(records, Some(unit), now_ms)
    })?;
    Ok(officer)
}

/// Takes an officer off the list; codes for him are refused from now on. His devices are revoked by themselves.
///
/// # Errors
/// `OfficerUnknown`; the ledger's.
pub fn remove_officer(deployment: &Deployment, officer: OfficerId, by: Option<OfficerId>) -> Result<()> {
    let row = deployment.ledger.read(|records| records.officer(officer))?.ok_or(Code::OfficerUnknown)?;
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    deployment.ledger.write(Scope::Unit(&row.unit), |records| {
        let actor = Actor::operator(records, &row.unit, by)?;
        let listed = OfficerListed { name: row.name.clone(), role: row.role, active: false };
        let entity = EntityRef::new(EntityKind::Officer, officer);
        own::append(records, keys, &row.unit, vec![(entity, Body::OfficerListed(listed))], by, now_ms)?;
        for device in records.devices(Some(&row.unit))?.iter().filter(|device| device.officer == officer) {
            crate::enrol::revoke(records, keys, &row.unit, device.device, Cause::Left, actor, now_ms)?;
        }
        Note::new(actor, "officer_removed").subject(officer).write(records, Some(&row.unit), now_ms)
    })
}

/// Sets the area an officer answers for, whole, in the register's own spelling.
///
/// # Errors
/// `OfficerUnknown`; `PlaceUnknown` with the number of the part that the edition in force does not have; the ledger's.
pub fn set_area(
    deployment: &Deployment,
    officer: OfficerId,
    parts: Vec<AreaPart>,
    by: Option<OfficerId>,
) -> Result<()> {
    let row = active_officer(deployment, officer)?;
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    deployment.ledger.write(Scope::Unit(&row.unit), |records| {
        let actor = Actor::operator(records, &row.unit, by)?;
        let count = parts.len();
        let parts = parts_of_edition(records, &row.unit, parts)?;
        let entity = EntityRef::new(EntityKind::Officer, officer);
        own::append(records, keys, &row.unit, vec![(entity, Body::AreaSet(AreaSet { parts }))], by, now_ms)?;
        Note::new(actor, "area_set").subject(officer).detail(count).write(records, Some(&row.unit), now_ms)
    })
}

/// The parts as the edition in force writes them; as they are where there is no edition yet.
fn parts_of_edition(records: &mut dyn Records, unit: &Unit, parts: Vec<AreaPart>) -> Result<Vec<AreaPart>> {
    let edition = records.unit(unit)?.ok_or(Code::UnitUnknown)?.edition;
    let mut places: BTreeMap<(String, String), (String, Option<String>)> = BTreeMap::new();
    crate::register::each_record(records, unit, edition, &mut |record| {
        if let EditionRecord::Dwelling(dwelling) = record {
            let alley = dwelling.alley.as_deref().unwrap_or_default();
            let key = (fold_search(&dwelling.hamlet), fold_search(alley));
            places.entry(key).or_insert((dwelling.hamlet, dwelling.alley));
        }
    })?;
    if places.is_empty() {
        return Ok(parts);
    }
    let spelt = |(number, part): (usize, AreaPart)| {
        let hamlet = fold_search(&part.hamlet);
        let found = match &part.alley {
            Some(alley) => {
                places.get(&(hamlet, fold_search(alley))).map(|(hamlet, alley)| (hamlet.clone(), alley.clone()))
            }
            None => places.iter().find(|((its, _), _)| *its == hamlet).map(|(_, (hamlet, _))| (hamlet.clone(), None)),
        };
        let (hamlet, alley) = found.ok_or_else(|| Refusal::with(Code::PlaceUnknown, "part", number))?;
        Ok(AreaPart { hamlet, alley })
    };
    (1..).zip(parts).map(spelt).collect()
}

/// Which houses of the edition in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Houses {
    /// By hamlet or alley, compared as in a search.
    In {
        hamlet: String,
        alley: Option<String>,
    },
    /// By residence dossier number.
    Numbers(Vec<String>),
    Ids(Vec<HouseholdId>),
    All,
}

/// Hands houses to an officer (`None` takes them back). Gives how many.
///
/// # Errors
/// `OfficerUnknown`; `DateWrong`, `DateInPast` for the day by which it is due; `HouseholdUnknown` for a number that the
/// register does not have, or where nothing fits.
pub fn assign(
    deployment: &Deployment,
    unit: &Unit,
    houses: &Houses,
    officer: Option<OfficerId>,
    due: Option<String>,
    note: Option<String>,
    by: Option<OfficerId>,
) -> Result<usize> {
    if let Some(officer) = officer
        && active_officer(deployment, officer)?.unit != *unit
    {
        return Err(Code::OfficerUnknown.into());
    }
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    let due = due.map(|due| input::coming_day(&due, vietnam::day_of(now_ms))).transpose()?;
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let households = find_households(records, unit, houses)?;
        let assigned = Assigned { officer, due, note };
        let changes = households
            .iter()
            .map(|household| (EntityRef::new(EntityKind::Household, *household), Body::Assigned(assigned.clone())));
        own::append(records, keys, unit, changes.collect(), by, now_ms)?;
        let note = Note::new(actor, "assigned").detail(households.len());
        let note = match officer {
            Some(officer) => note.subject(officer),
            None => note,
        };
        note.write(records, Some(unit), now_ms)?;
        Ok(households.len())
    })
}

/// Sets the unit's policy from here on.
///
/// # Errors
/// `UnitUnknown`; the ledger's.
pub fn set_policy(
    deployment: &Deployment,
    unit: &Unit,
    two_people: Vec<Field>,
    alive_days: u32,
    by: Option<OfficerId>,
) -> Result<()> {
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let body = Body::PolicySet(PolicySet { two_people, alive_days });
        own::append(records, keys, unit, vec![(EntityRef::UNIT, body)], by, now_ms)?;
        Note::new(actor, "policy_set").detail(alive_days).write(records, Some(unit), now_ms)
    })
}

fn active_officer(deployment: &Deployment, officer: OfficerId) -> Result<OfficerRow> {
    let row = deployment.ledger.read(|records| records.officer(officer))?;
    Ok(row.filter(|row| row.active).ok_or(Code::OfficerUnknown)?)
}

fn find_households(records: &mut dyn Records, unit: &Unit, houses: &Houses) -> Result<Vec<HouseholdId>> {
    let edition = records.unit(unit)?.ok_or(Code::UnitUnknown)?.edition;
    let mut places: BTreeMap<DwellingId, (String, Option<String>)> = BTreeMap::new();
    let mut households = Vec::new();
    crate::register::each_record(records, unit, edition, &mut |record| match record {
        EditionRecord::Dwelling(dwelling) => {
            places.insert(dwelling.id, (dwelling.hamlet, dwelling.alley));
        }
        EditionRecord::Household(household) => households.push(household),
        _ => {}
    })?;
    let found: Vec<HouseholdId> = match houses {
        Houses::All => households.iter().map(|household| household.id).collect(),
        Houses::In { hamlet, alley } => {
            let same = |a: &str, b: &str| fold_search(a) == fold_search(b);
            let lies_there = |dwelling: &DwellingId| {
                places.get(dwelling).is_some_and(|(its_hamlet, its_alley)| {
                    same(its_hamlet, hamlet)
                        && alley.as_ref().is_none_or(|alley| same(its_alley.as_deref().unwrap_or_default(), alley))
                })
            };
            households
                .iter()
                .filter(|household| lies_there(&household.dwelling))
                .map(|household| household.id)
                .collect()
        }
        Houses::Numbers(numbers) => {
            let of_number: BTreeMap<&str, HouseholdId> =
                households.iter().map(|household| (household.household_no.as_str(), household.id)).collect();
            numbers.iter().map(|number| find(of_number.get(number.as_str()).copied())).collect::<Result<_>>()?
        }
        Houses::Ids(ids) => ids.clone(),
    };
    if found.is_empty() { Err(Code::HouseholdUnknown.into()) } else { Ok(found) }
}

fn find(household: Option<HouseholdId>) -> Result<HouseholdId> {
    Ok(household.ok_or(Code::HouseholdUnknown)?)
}
