//! Folds the touched entities again and writes the plain tables that lists are read from. The rules are the domain's;
//! here is only which changes go in and which columns come out.

pub(crate) mod correction;
pub(crate) mod household;
pub(crate) mod load;
mod officer;
pub(crate) mod person;
pub(crate) mod place;
mod visit;

use std::collections::BTreeSet;

use domain::change::{Body, EntityKind, EntityRef};
use domain::fold::Policies;
use domain::id::{EntityId, PersonId};
use rusqlite::Connection;

use crate::change::{self, Reach, Understands};
use crate::error::Result;
use crate::row::id;
use crate::search::index::Names;
use crate::setting;

/// Raised with every version of the product whose fold gives something else from the same changes.
const FOLD_VERSION: u64 = 1;

/// After an upgrade: folds what an earlier version could not understand, and everything where the rules have changed.
pub(crate) fn catch_up(connection: &Connection, understands: Understands) -> Result<()> {
    let mut dirty = change::empty_inbox(connection, understands)?;
    if setting::number(connection, setting::FOLD_VERSION)? != FOLD_VERSION {
        dirty.extend(change::all_touched(connection)?);
        setting::put_number(connection, setting::FOLD_VERSION, FOLD_VERSION)?;
    }
    refold(connection, dirty)
}

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
    let visits: Vec<EntityRef> = dirty.iter().filter(|entity| entity.kind == EntityKind::Visit).copied().collect();
    for visit in visits {
        dirty.extend(change::touched_by_all_on(connection, visit)?);
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
