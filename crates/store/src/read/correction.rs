//! Corrections, for the supervisor's queue and for who proposed them.

use std::collections::BTreeSet;

use domain::change::Evidence;
use domain::field::{Field, Subject};
use domain::fold::{CorrectionState, Position};
use domain::id::{CorrectionId, EntityId, HouseholdId, OfficerId, PersonId, PhotoHash};
use domain::register::ResidenceKind;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::house::Address;
use super::{Window, household, officer, person};
use crate::change::Reach;
use crate::difference::{Difference, compare};
use crate::error::Result;
use crate::fold::{self, load};
use crate::row::{id, wire_number};
use crate::store::Store;

/// Which corrections. An absent part asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct CorrectionQuery {
    pub only: Option<CorrectionFilter>,
    pub proposed_by: Option<OfficerId>,
    pub household: Option<HouseholdId>,
    /// A person, a household or a dwelling.
    pub subject: Option<EntityId>,
}

/// How far corrections have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionFilter {
    /// A decision may still be taken.
    Open,
    Approved,
    /// Typed into the register; no edition shows it yet.
    Entered,
    Returned,
    Referred,
    /// Nothing has settled it yet.
    Unsettled,
    /// Settled, rejected or withdrawn.
    Settled,
}

/// One correction in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct CorrectionRow {
    pub correction: CorrectionId,
    pub state: CorrectionState,
    pub proposed_by_name: Option<String>,
    /// The person whom it is about, where it is about one.
    pub subject_name: Option<String>,
    pub subject_id_number: Option<String>,
    pub address: Address,
    /// What the register says today.
    pub register_value: Option<String>,
    /// The register says something else than what its proposer saw.
    pub register_moved: bool,
    /// How what the register says today differs from what is proposed; `null` while the proposal has not arrived.
    pub difference: Option<Difference>,
    /// Photos of its evidence that are not on this laptop yet.
    pub photos_missing: u32,
    /// Open proposals for the same field with another value.
    pub conflicts: u32,
    pub needs_two_people: bool,
}

impl Store {
    /// Whether the unit's policy asks for two approvals of a correction of this field that is decided now.
    ///
    /// # Errors
    /// What the disk says.
    pub fn needs_two_people(&self, field: Field) -> Result<bool> {
        self.read(|connection| {
            let now = Position::Pending { sequence: u64::MAX };
            Ok(fold::policies(connection, Reach::Everything)?.needs_two_people(field, now))
        })
    }

    /// Corrections, the riskiest first, and of equal risk the oldest.
    ///
    /// # Errors
    /// What the disk says.
    pub fn corrections(&self, query: &CorrectionQuery, window: Window) -> Result<Vec<CorrectionRow>> {
        self.read(|connection| {
            let (conditions, mut values) = conditions_of(query);
            values.push(Box::new(window.limit));
            values.push(Box::new(window.offset));
            rows(
                connection,
                &format!(
                    "SELECT id FROM correction WHERE {conditions} ORDER BY risk, proposed_ms, id LIMIT ? OFFSET ?"
                ),
                &values,
            )
        })
    }

    /// How many corrections a query names.
    ///
    /// # Errors
    /// What the disk says.
    pub fn count_corrections(&self, query: &CorrectionQuery) -> Result<u32> {
        self.read(|connection| {
            let (conditions, values) = conditions_of(query);
            Ok(connection
                .prepare_cached(&format!("SELECT count(*) FROM correction WHERE {conditions}"))?
                .query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
        })
    }

    /// One correction; `None` where nothing of it is here.
    ///
    /// # Errors
    /// What the disk says.
    pub fn correction(&self, correction: CorrectionId) -> Result<Option<CorrectionRow>> {
        self.read(|connection| {
            let values: Vec<Box<dyn ToSql>> = vec![Box::new(*correction.as_bytes())];
            Ok(rows(connection, "SELECT id FROM correction WHERE id = ?", &values)?.pop())
        })
    }
}

fn conditions_of(query: &CorrectionQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let mut conditions = vec!["1"];
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    match query.only {
        Some(CorrectionFilter::Open) => conditions.push("stage IN (1, 2, 3, 4)"),
        Some(CorrectionFilter::Approved) => conditions.push("stage = 5"),
        Some(CorrectionFilter::Entered) => conditions.push("stage = 9"),
        Some(CorrectionFilter::Returned) => conditions.push("stage = 6"),
        Some(CorrectionFilter::Referred) => conditions.push("stage = 4"),
        Some(CorrectionFilter::Unsettled) => conditions.push("is_unsettled"),
        Some(CorrectionFilter::Settled) => conditions.push("NOT is_unsettled AND stage > 0"),
        None => {}
    }
    if let Some(officer) = query.proposed_by {
        conditions.push("proposed_by = ?");
        values.push(Box::new(*officer.as_bytes()));
    }
    if let Some(household) = query.household {
        conditions.push("household = ?");
        values.push(Box::new(*household.as_bytes()));
    }
    if let Some(subject) = query.subject {
        conditions.push("subject = ?");
        values.push(Box::new(*subject.as_bytes()));
    }
    (conditions.join(" AND "), values)
}

/// Found at this door, or of one who lives here.
pub(super) fn of_household(connection: &Connection, household: HouseholdId) -> Result<Vec<CorrectionRow>> {
    let values: Vec<Box<dyn ToSql>> = vec![Box::new(*household.as_bytes())];
    rows(
        connection,
        "SELECT id FROM correction WHERE id IN (
             SELECT id FROM correction WHERE household = ?1
             UNION SELECT id FROM correction WHERE subject = ?1
             UNION SELECT correction.id FROM person JOIN correction ON correction.subject = person.id
                   WHERE person.household = ?1)
         ORDER BY risk, proposed_ms, id",
        &values,
    )
}

fn rows(connection: &Connection, sql: &str, values: &[Box<dyn ToSql>]) -> Result<Vec<CorrectionRow>> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(values), |row| id::<CorrectionId>(row, 0))?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let policies = fold::policies(connection, Reach::Everything)?;
    let mut rows = Vec::with_capacity(found.len());
    for correction in found {
        if let Some(state) = load::correction(connection, correction, &policies, Reach::Everything)? {
            let mut row = row_of(connection, correction, state)?;
            row.needs_two_people = row.state.proposal.as_ref().is_some_and(|proposal| {
                policies.needs_two_people(proposal.field, Position::Pending { sequence: u64::MAX })
            });
            rows.push(row);
        }
    }
    Ok(rows)
}

fn row_of(connection: &Connection, correction: CorrectionId, state: CorrectionState) -> Result<CorrectionRow> {
    let mut row = CorrectionRow {
        correction,
        proposed_by_name: state.proposed_by.map(|officer| officer::name_of(connection, officer)).transpose()?.flatten(),
        subject_name: None,
        subject_id_number: None,
        address: Address::default(),
        register_value: None,
        register_moved: false,
        difference: None,
        photos_missing: 0,
        conflicts: 0,
        needs_two_people: false,
        state,
    };
    let Some(proposal) = &row.state.proposal else { return Ok(row) };
    let subject = Subjected::load(connection, proposal.subject, proposal.subject_id)?;
    row.register_value = subject.register_value(proposal.field);
    row.register_moved = row.register_value.as_deref() != proposal.register_value.as_deref();
    let values = (row.register_value.as_deref(), proposal.proposed_value.as_deref());
    row.difference = Some(compare(proposal.field, values.0, values.1));
    row.photos_missing = photos_missing(connection, &proposal.evidence)?;
    row.conflicts = conflicts(connection, correction, proposal)?;
    let home = proposal.household.or(subject.household);
    row.address = home.map(|home| address_of(connection, home)).transpose()?.flatten().unwrap_or_default();
    row.subject_name = subject.name;
    row.subject_id_number = subject.id_number;
    Ok(row)
}

fn photos_missing(connection: &Connection, evidence: &[Evidence]) -> Result<u32> {
    let named: BTreeSet<PhotoHash> = evidence.iter().flat_map(|one| [one.photo, one.crop]).flatten().collect();
    let mut is_missing = connection
        .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM photo WHERE hash = ?1 AND (is_here OR is_erased))")?;
    let mut missing = 0;
    for photo in named {
        missing += is_missing.query_row([photo.0], |row| row.get::<_, u32>(0))?;
    }
    Ok(missing)
}

fn conflicts(
    connection: &Connection,
    correction: CorrectionId,
    proposal: &domain::change::CorrectionProposed,
) -> Result<u32> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM correction WHERE subject = ?1 AND field = ?2 AND is_open AND id <> ?3
             AND proposed_value IS NOT ?4",
        )?
        .query_row(
            params![
                proposal.subject_id.as_bytes(),
                wire_number(proposal.field),
                correction.as_bytes(),
                proposal.proposed_value
            ],
            |row| row.get(0),
        )?)
}

fn address_of(connection: &Connection, household: HouseholdId) -> Result<Option<Address>> {
    Ok(connection
        .prepare_cached(
            "SELECT dwelling.id, hamlet, alley, house_no, dwelling.kind, lat_e6, lon_e6
             FROM household JOIN dwelling ON dwelling.id = household.dwelling WHERE household.id = ?1",
        )?
        .query_row([household.as_bytes()], |row| Address::of_row(row, 0))
        .optional()?)
}

/// What a correction is about, as it stands.
#[derive(Default)]
pub(super) struct Subjected {
    name: Option<String>,
    id_number: Option<String>,
    household: Option<HouseholdId>,
    person: Option<domain::register::RegisterPerson>,
    household_no: Option<String>,
    dwelling: Option<domain::fold::DwellingState>,
}

impl Subjected {
    pub(super) fn load(connection: &Connection, subject: Subject, subject_id: EntityId) -> Result<Self> {
        let mut found = Self::default();
        match subject {
            Subject::Person => {
                if let Some(loaded) = person::load(connection, PersonId::from(subject_id))? {
                    found.name = loaded.state.field(Field::FullName).map(str::to_owned);
                    found.id_number = loaded.state.field(Field::IdNumber).map(str::to_owned);
                    found.household = loaded.state.household;
                    found.person = loaded.base;
                }
            }
            Subject::Household => {
                let state = household::load(connection, subject_id.into())?.filter(|state| state.in_register);
                found.household = Some(subject_id.into());
                found.household_no = state.and_then(|state| state.household_no);
            }
            Subject::Dwelling => {
                found.dwelling =
                    household::load_dwelling(connection, subject_id.into())?.filter(|state| state.in_register);
            }
        }
        Ok(found)
    }

    /// What the register says today of a field; `None` for an empty column and for what the register does not hold.
    pub(super) fn register_value(&self, field: Field) -> Option<String> {
        let residence = self.person.as_ref().and_then(|person| {
            person
                .residences
                .iter()
                .find(|residence| residence.household == person.household)
                .or(person.residences.first())
        });
        let dwelling = self.dwelling.as_ref();
        match field {
            Field::ResidenceKind => residence.map(|residence| residence_kind(residence.kind).to_owned()),
            Field::ResidenceSince => residence.and_then(|residence| residence.since.clone()),
            Field::ResidenceUntil => residence.and_then(|residence| residence.until.clone()),
            Field::HouseholdNo => self.household_no.clone(),
            Field::Hamlet => dwelling.map(|dwelling| dwelling.hamlet.clone()),
            Field::Alley => dwelling.and_then(|dwelling| dwelling.alley.clone()),
            Field::HouseNo => dwelling.and_then(|dwelling| dwelling.house_no.clone()),
            Field::DwellingKind => dwelling.and_then(|dwelling| dwelling.kind.clone()),
            Field::Latitude => dwelling.and_then(|dwelling| dwelling.lat_e6).map(degrees),
            Field::Longitude => dwelling.and_then(|dwelling| dwelling.lon_e6).map(degrees),
            _ => self.person.as_ref().and_then(|person| person.field(field)).map(str::to_owned),
        }
    }
}

/// As an extract writes it.
fn residence_kind(kind: ResidenceKind) -> &'static str {
    match kind {
        ResidenceKind::Permanent => "permanent",
        ResidenceKind::Temporary => "temporary",
        ResidenceKind::Current => "current",
        ResidenceKind::Absent => "absent",
        ResidenceKind::ShortStay => "short_stay",
    }
}

/// Millionths of a degree as an extract writes them.
fn degrees(e6: i32) -> String {
    let sign = if e6 < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", e6.unsigned_abs() / 1_000_000, e6.unsigned_abs() % 1_000_000)
}
