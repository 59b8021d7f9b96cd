//! Folds the touched entities again and writes the plain tables that screens read. The rules are the domain's; here is
//! only which changes go in and which columns come out.

pub(crate) mod correction;
pub(crate) mod household;
mod officer;
pub(crate) mod person;
pub(crate) mod place;
mod visit;

use std::collections::BTreeSet;

use domain::change::{Body, EntityKind, EntityRef};
use domain::fold::{FoldChange, Policies};
use domain::id::{EntityId, PersonId};
use rusqlite::Connection;

use crate::change::{self, Reach};
use crate::error::Result;
use crate::row::id;
use crate::search::index::Names;
use crate::setting;

/// Folds each of these entities from its base and its changes, and those that follow from it: a person the register
/// knows by another id, the households of a dwelling, every correction after a change of policy.
pub(crate) fn refold(connection: &Connection, dirty: impl IntoIterator<Item = EntityRef>) -> Result<()> {
    refold_into(connection, dirty, &mut Names::Each)
}

/// As [`refold`]; with names put into the search one by one, or collected for an index that is built afterwards.
pub(crate) fn refold_into(
    connection: &Connection,
    dirty: impl IntoIterator<Item = EntityRef>,
    names: &mut Names,
) -> Result<()> {
    let mut dirty: BTreeSet<EntityRef> = dirty.into_iter().collect();
    // What any change on a visit touches is folded with the whole visit.
    let visits: Vec<EntityId> =
        dirty.iter().filter(|entity| entity.kind == EntityKind::Visit).map(|entity| entity.id).collect();
    for visit in visits {
        dirty.extend(touched_with_visit(connection, visit)?);
    }
    let of = |kind| dirty.iter().filter(move |entity| entity.kind == kind).map(|entity| entity.id);

    for dwelling in of(EntityKind::Dwelling) {
        place::refold(connection, dwelling.into(), names)?;
    }
    for household in of(EntityKind::Household) {
        household::refold(connection, household.into(), names)?;
    }
    refold_people(connection, of(EntityKind::Person).map(PersonId::from).collect(), names)?;
    for visit in of(EntityKind::Visit) {
        visit::refold(connection, visit.into())?;
    }
    let mut corrections: BTreeSet<EntityId> = of(EntityKind::Correction).collect();
    if dirty.contains(&EntityRef::UNIT) {
        // A policy counts from its place in the log on, and may have arrived after what stands behind it.
        corrections.extend(correction::all(connection)?);
        let alive_days = policies(connection, Reach::Everything)?.alive_days();
        setting::put_number(connection, setting::ALIVE_DAYS, alive_days.into())?;
    }
    if !corrections.is_empty() {
        let policies = policies(connection, Reach::Everything)?;
        for correction in corrections {
            correction::refold(connection, correction.into(), &policies)?;
        }
    }
    for officer in of(EntityKind::Officer) {
        officer::refold(connection, officer.into())?;
    }
    Ok(())
}

fn touched_with_visit(connection: &Connection, visit: EntityId) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT other.entity_kind, other.entity FROM touch JOIN touch AS other ON other.change = touch.change
         WHERE touch.entity_kind = 4 AND touch.entity = ?1",
    )?;
    let rows = statement.query_map([visit.as_bytes()], |row| crate::row::entity(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A person found at the door may be known to the register by now: its own id is folded from the changes of both.
fn refold_people(connection: &Connection, mut waiting: BTreeSet<PersonId>, names: &mut Names) -> Result<()> {
    let mut done = BTreeSet::new();
    while let Some(person) = waiting.pop_first() {
        let followers = person::refold(connection, person, names)?;
        // Folded again even if they were before: only now it is known whose changes are theirs.
        if done.insert(person) {
            waiting.extend(followers);
        }
    }
    Ok(())
}

/// The changes that a fold of this person takes: its own, and those of the ids given at the door that it goes by.
pub(crate) fn changes_of_person(
    connection: &Connection,
    person: PersonId,
    doors: &[PersonId],
    reach: Reach,
) -> Result<Vec<FoldChange>> {
    let mut changes = change::of_entity(connection, EntityRef::new(EntityKind::Person, person), reach)?;
    if !doors.is_empty() {
        for door in doors {
            for change in change::of_entity(connection, EntityRef::new(EntityKind::Person, *door), reach)? {
                if !changes.iter().any(|known| known.header.id == change.header.id) {
                    changes.push(change);
                }
            }
        }
        changes.sort_by_key(|change| change.position);
    }
    Ok(changes)
}

/// Every policy of the unit, in its place.
pub(crate) fn policies(connection: &Connection, reach: Reach) -> Result<Policies> {
    let changes = change::of_entity(connection, EntityRef::UNIT, reach)?;
    let set = changes.into_iter().filter_map(|change| match change.body {
        Some(Body::PolicySet(policy)) => Some((change.position, policy)),
        _ => None,
    });
    Ok(Policies::new(set.collect()))
}

/// Ids in the first column of a query without parameters.
fn all_ids<T: crate::row::BlobId>(connection: &Connection, sql: &str) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
