//! One hash over everything that every replica at the same (edition, log index) holds alike.

use std::collections::BTreeSet;

use domain::change::{EntityKind, EntityRef};
use domain::fold::Policies;
use domain::id::{EntityId, PersonId};
use rusqlite::{Connection, params};
use sync::digest::state_digest;
use sync::hash::Hash;

use crate::change::Reach;
use crate::error::Result;
use crate::fold;
use crate::fold::load::{self, Doors};
use crate::row::{id, kind_number, to_json};
use crate::store::Store;

const FOLDED: [EntityKind; 6] = [
    EntityKind::Person,
    EntityKind::Household,
    EntityKind::Dwelling,
    EntityKind::Visit,
    EntityKind::Correction,
    EntityKind::Officer,
];

impl Store {
    /// The digest of the state at the held edition and this log index, without what waits: every entity folded anew from
    /// its record and its changes, its JSON hashed, sorted by kind and id.
    ///
    /// # Errors
    /// What the disk says.
    pub fn state_digest(&self, log_index: u64) -> Result<Hash> {
        self.read(|connection| Ok(state_digest(states(connection, Reach::LogUpTo(log_index))?)))
    }

    /// The states that [`Store::state_digest`] hashes, for who wants to know where two replicas differ.
    ///
    /// # Errors
    /// What the disk says.
    pub fn states(&self, log_index: u64) -> Result<Vec<(EntityRef, String)>> {
        self.read(|connection| states(connection, Reach::LogUpTo(log_index)))
    }
}

pub(crate) fn states(connection: &Connection, reach: Reach) -> Result<Vec<(EntityRef, String)>> {
    let folder =
        Folder { connection, reach, policies: fold::policies(connection, reach)?, doors: doors(connection, reach)? };
    let mut states = Vec::new();
    for kind in FOLDED {
        for id in entities(connection, kind, reach)? {
            let entity = EntityRef { kind, id };
            states.extend(folder.state(entity)?.map(|json| (entity, json)));
        }
    }
    Ok(states)
}

/// Everything of a kind that the register or a change tells of.
fn entities(connection: &Connection, kind: EntityKind, reach: Reach) -> Result<BTreeSet<EntityId>> {
    let mut found = BTreeSet::new();
    let table = match kind {
        EntityKind::Person => Some("person"),
        EntityKind::Household => Some("household"),
        EntityKind::Dwelling => Some("dwelling"),
        _ => None,
    };
    if let Some(table) = table {
        let mut statement = connection.prepare(&format!("SELECT id FROM {table} WHERE base IS NOT NULL"))?;
        let rows = statement.query_map([], |row| id::<EntityId>(row, 0))?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    let (bound, pending) = reach.bounds();
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT touch.entity FROM touch JOIN change ON change.n = touch.change
         WHERE touch.entity_kind = ?1 AND state = 1 AND coalesce(log_index, ?3) <= ?2",
    )?;
    let rows = statement.query_map(params![kind_number(kind), bound, pending], |row| id::<EntityId>(row, 0))?;
    found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    Ok(found)
}

/// Ids given at the door by the register's id that joins them, as far as the log goes.
fn doors(connection: &Connection, reach: Reach) -> Result<Doors> {
    let (bound, pending) = reach.bounds();
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT entity FROM change WHERE kind = ?1 AND state = 1 AND coalesce(log_index, ?3) <= ?2 ORDER BY 1",
    )?;
    let linked = i64::from(domain::change::kind::PERSON_LINKED);
    let rows = statement.query_map(params![linked, bound, pending], |row| id::<PersonId>(row, 0))?;
    let mut doors = Doors::new();
    for door in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let state = load::person(connection, door, None, &[], reach)?;
        if let Some(register) = state.and_then(|state| state.linked_to) {
            doors.entry(register).or_default().push(door);
        }
    }
    Ok(doors)
}

struct Folder<'a> {
    connection: &'a Connection,
    reach: Reach,
    policies: Policies,
    doors: Doors,
}

impl Folder<'_> {
    fn state(&self, entity: EntityRef) -> Result<Option<String>> {
        let (connection, reach, id) = (self.connection, self.reach, entity.id);
        Ok(match entity.kind {
            EntityKind::Person => {
                let base = load::held_person(connection, id.into())?.base;
                let doors = self.doors.get(&id.into()).map(Vec::as_slice).unwrap_or_default();
                load::person(connection, id.into(), base.as_ref(), doors, reach)?.map(|state| to_json(&state))
            }
            EntityKind::Household => {
                let base = load::held_household(connection, id.into())?.base;
                load::household(connection, id.into(), base.as_ref(), reach)?.map(|state| to_json(&state))
            }
            EntityKind::Dwelling => {
                let base = load::held_dwelling(connection, id.into())?.base;
                load::dwelling(connection, id.into(), base.as_ref(), reach)?.map(|state| to_json(&state))
            }
            EntityKind::Visit => load::visit(connection, id.into(), reach)?.map(|state| to_json(&state)),
            EntityKind::Correction => {
                load::correction(connection, id.into(), &self.policies, reach)?.map(|state| to_json(&state))
            }
            EntityKind::Officer => load::officer(connection, id.into(), reach)?.map(|state| to_json(&state)),
            EntityKind::Device | EntityKind::Unit | EntityKind::Other(_) => None,
        })
    }
}
