//! One entity: its register record, its changes, and the state that they fold to.

use std::collections::BTreeMap;

use domain::change::{EntityKind, EntityRef};
use domain::fold::{
    CorrectionState, DwellingState, FoldChange, HouseholdState, OfficerState, PersonState, Policies, VisitState,
    fold_correction, fold_dwelling, fold_household, fold_officer, fold_person, fold_visit,
};
use domain::id::{CorrectionId, DwellingId, EntityId, HouseholdId, OfficerId, PersonId, VisitId};
use domain::register::{RegisterDwelling, RegisterHousehold, RegisterPerson};
use rusqlite::{Connection, OptionalExtension};

use crate::change::{Reach, of_entity};
use crate::error::Result;
use crate::row::{from_cbor, id};

/// Ids given at the door, by the register's id that joins them.
pub(crate) type Doors = BTreeMap<PersonId, Vec<PersonId>>;

/// An entity with a row of its own: the row's number, and the register's record in it.
pub(crate) struct Held<B> {
    pub row: Option<i64>,
    pub base: Option<B>,
}

fn held<B>(connection: &Connection, sql: &str, id: EntityId, what: &'static str) -> Result<Held<B>>
where
    B: for<'b> minicbor::Decode<'b, ()>,
{
    let found: Option<(i64, Option<Vec<u8>>)> =
        connection.prepare_cached(sql)?.query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (row, base) = found.map_or((None, None), |(row, base)| (Some(row), base));
    Ok(Held { row, base: base.map(|bytes| from_cbor(&bytes, what)).transpose()? })
}

pub(crate) fn held_person(connection: &Connection, person: PersonId) -> Result<Held<RegisterPerson>> {
    held(connection, "SELECT n, base FROM person WHERE id = ?1", person.into(), "person")
}

pub(crate) fn held_household(connection: &Connection, household: HouseholdId) -> Result<Held<RegisterHousehold>> {
    held(connection, "SELECT n, base FROM household WHERE id = ?1", household.into(), "household")
}

pub(crate) fn held_dwelling(connection: &Connection, dwelling: DwellingId) -> Result<Held<RegisterDwelling>> {
    held(connection, "SELECT n, base FROM dwelling WHERE id = ?1", dwelling.into(), "dwelling")
}

/// Ids given at the door that the register knows by this one.
pub(crate) fn doors_of(connection: &Connection, register: PersonId) -> Result<Vec<PersonId>> {
    let mut statement = connection.prepare_cached("SELECT door FROM person_alias WHERE register = ?1 ORDER BY door")?;
    let rows = statement.query_map([register.as_bytes()], |row| id(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The changes that a fold of this person takes: its own, and those of the ids given at the door that it goes by.
fn changes_of_person(
    connection: &Connection,
    person: PersonId,
    doors: &[PersonId],
    reach: Reach,
) -> Result<Vec<FoldChange>> {
    let mut changes = of_entity(connection, EntityRef::new(EntityKind::Person, person), reach)?;
    if !doors.is_empty() {
        for door in doors {
            for change in of_entity(connection, EntityRef::new(EntityKind::Person, *door), reach)? {
                if !changes.iter().any(|known| known.header.id == change.header.id) {
                    changes.push(change);
                }
            }
        }
        changes.sort_by_key(|change| change.position);
    }
    Ok(changes)
}

pub(crate) fn person(
    connection: &Connection,
    person: PersonId,
    base: Option<&RegisterPerson>,
    doors: &[PersonId],
    reach: Reach,
) -> Result<Option<PersonState>> {
    Ok(fold_person(person, base, &changes_of_person(connection, person, doors, reach)?))
}

pub(crate) fn household(
    connection: &Connection,
    household: HouseholdId,
    base: Option<&RegisterHousehold>,
    reach: Reach,
) -> Result<Option<HouseholdState>> {
    let changes = of_entity(connection, EntityRef::new(EntityKind::Household, household), reach)?;
    Ok(fold_household(household, base, &changes))
}

pub(crate) fn dwelling(
    connection: &Connection,
    dwelling: DwellingId,
    base: Option<&RegisterDwelling>,
    reach: Reach,
) -> Result<Option<DwellingState>> {
    let changes = of_entity(connection, EntityRef::new(EntityKind::Dwelling, dwelling), reach)?;
    Ok(fold_dwelling(dwelling, base, &changes))
}

pub(crate) fn visit(connection: &Connection, visit: VisitId, reach: Reach) -> Result<Option<VisitState>> {
    Ok(fold_visit(visit, &of_entity(connection, EntityRef::new(EntityKind::Visit, visit), reach)?))
}

pub(crate) fn correction(
    connection: &Connection,
    correction: CorrectionId,
    policies: &Policies,
    reach: Reach,
) -> Result<Option<CorrectionState>> {
    let changes = of_entity(connection, EntityRef::new(EntityKind::Correction, correction), reach)?;
    Ok(fold_correction(correction, &changes, policies))
}

pub(crate) fn officer(connection: &Connection, officer: OfficerId, reach: Reach) -> Result<Option<OfficerState>> {
    Ok(fold_officer(officer, &of_entity(connection, EntityRef::new(EntityKind::Officer, officer), reach)?))
}
