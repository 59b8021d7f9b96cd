//! The state of a unit as each replica holds it, reduced to a hash for each entity, so that replicas can be compared and
//! a difference can be named. At a laptop it is what the store folds for its screens; at the server, which keeps no
//! state, it is folded here from the log and the register, in no way that the product shares but the fold itself.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use domain::change::{Body, ChangeHeader, EntityKind, EntityRef};
use domain::fold::{
    FoldChange, Policies, Position, fold_correction, fold_dwelling, fold_household, fold_officer, fold_person,
    fold_visit,
};
use domain::id::{DeviceId, PersonId};
use domain::register::{EditionRecord, RegisterDwelling, RegisterHousehold, RegisterPerson};
use domain::role::Role;
use rusqlite::Connection;
use serde::Serialize;

use crate::replica::Replica;

/// Salt before every body.
const SALT_BYTES: usize = 16;

/// Where a replica stands: edition in force, index of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standpoint {
    pub edition: u64,
    pub index: u64,
}

/// A replica's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitState {
    pub at: Standpoint,
    pub entities: BTreeMap<EntityRef, [u8; 32]>,
}

impl UnitState {
    /// One hash over everything.
    pub fn digest(&self) -> [u8; 32] {
        sync::digest::state_digest(self.entities.iter().map(|(entity, state)| (*entity, state)))
    }

    /// Entities whose states differ, or that only one of the two has.
    pub fn differences(&self, other: &Self) -> Vec<EntityRef> {
        let all: BTreeSet<&EntityRef> = self.entities.keys().chain(other.entities.keys()).collect();
        all.into_iter().filter(|entity| self.entities.get(entity) != other.entities.get(entity)).copied().collect()
    }
}

/// The state in the files of a locked laptop.
///
/// # Errors
/// Files that do not open; work that still waits to be sent, which no other replica can know.
pub fn state_of_laptop(replica: &Replica) -> Result<UnitState> {
    let store = replica.open_store()?;
    let queue = store.queue_status()?;
    ensure!(queue.changes_waiting == 0, "{} changes wait to be sent", queue.changes_waiting);
    let at = Standpoint { edition: queue.edition, index: queue.feed_index };
    let hash = |(entity, json): (EntityRef, String)| -> Result<(EntityRef, [u8; 32])> {
        Ok((entity, hash_of(&serde_json::from_str(&json)?)?))
    };
    let entities = store.states(at.index)?.into_iter().map(hash).collect::<Result<_>>()?;
    Ok(UnitState { at, entities })
}

/// The state that follows from the files of a stopped server with one unit.
///
/// # Errors
/// Files that do not open, or that hold what this version did not write.
pub fn state_of_server(replica: &Replica) -> Result<UnitState> {
    let ledger = replica.open("ledger")?;
    let (edition, index): (i64, i64) =
        ledger.query_row("SELECT edition, head FROM unit", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let at = Standpoint { edition: edition.unsigned_abs(), index: index.unsigned_abs() };
    let register = read_register(&ledger, edition)?;
    let log = Log::of(read_log(&ledger)?);
    Ok(UnitState { at, entities: fold_everything(&register, &log)? })
}

#[derive(Default)]
struct Register {
    people: BTreeMap<EntityRef, RegisterPerson>,
    households: BTreeMap<EntityRef, RegisterHousehold>,
    dwellings: BTreeMap<EntityRef, RegisterDwelling>,
}

fn read_register(ledger: &Connection, edition: i64) -> Result<Register> {
    let mut register = Register::default();
    let sql = "SELECT bytes, raw_bytes FROM edition_piece WHERE edition = ?1 AND delta = 0 ORDER BY position";
    let mut statement = ledger.prepare(sql)?;
    let mut rows = statement.query([edition])?;
    while let Some(row) = rows.next()? {
        let (bytes, raw_bytes): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
        let raw = zstd::bulk::decompress(&bytes, usize::try_from(raw_bytes)?)?;
        for record in sync::edition::records(&raw) {
            match record? {
                EditionRecord::Person(person) => {
                    register.people.insert(EntityRef::new(EntityKind::Person, person.id), person);
                }
                EditionRecord::Household(household) => {
                    register.households.insert(EntityRef::new(EntityKind::Household, household.id), household);
                }
                EditionRecord::Dwelling(dwelling) => {
                    register.dwellings.insert(EntityRef::new(EntityKind::Dwelling, dwelling.id), dwelling);
                }
                _ => anyhow::bail!("a full edition holds a patch"),
            }
        }
    }
    Ok(register)
}

fn read_log(ledger: &Connection) -> Result<Vec<FoldChange>> {
    let sql = "SELECT change.idx, change.sequence, change.device, change.role, header, body, entry.received_ms
               FROM change JOIN entry ON entry.unit = change.unit AND entry.idx = change.idx
               WHERE verdict IS NULL ORDER BY change.idx, change.sequence";
    let mut statement = ledger.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let whole = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        let header: Vec<u8> = row.get(4)?;
        let header: ChangeHeader = minicbor::decode(&header).ok().context("a header that does not decode")?;
        let body = match row.get::<_, Option<Vec<u8>>>(5)? {
            None => None,
            Some(salted) => match Body::decode(header.kind, header.version, salted.get(SALT_BYTES..).unwrap_or(&[])) {
                Ok(Some(body)) => Some(body),
                // Of a later version: no fold of this one takes it.
                Ok(None) | Err(_) => continue,
            },
        };
        changes.push(FoldChange {
            position: Position::Logged { index: whole(0)?, sequence: whole(1)? },
            device: DeviceId(uuid::Uuid::from_slice(&row.get::<_, Vec<u8>>(2)?)?),
            role: role_of(row.get(3)?)?,
            received_ms: Some(whole(6)?),
            header,
            body,
        });
    }
    Ok(changes)
}

/// A unit's log, by what its changes touch.
struct Log {
    changes: Vec<FoldChange>,
    touching: BTreeMap<EntityRef, BTreeSet<usize>>,
    /// Ids given at the door, by the id that the register knows them under.
    doors: BTreeMap<PersonId, Vec<PersonId>>,
}

impl Log {
    fn of(changes: Vec<FoldChange>) -> Self {
        let mut touching: BTreeMap<EntityRef, BTreeSet<usize>> = BTreeMap::new();
        let mut doors: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
        for (at, change) in changes.iter().enumerate() {
            let own = change.header.entity;
            let touched = change.body.as_ref().map_or_else(|| vec![own], |body| body.touches(own));
            for entity in touched {
                touching.entry(entity).or_default().insert(at);
            }
            if let Some(Body::PersonLinked(linked)) = &change.body {
                doors.entry(linked.register_person).or_default().push(PersonId::from(own.id));
            }
        }
        Self { changes, touching, doors }
    }

    /// Whatever touches the entity, and every change on a visit of which one does.
    fn of_entity(&self, entity: EntityRef) -> Vec<FoldChange> {
        let mut found: BTreeSet<usize> = self.touching.get(&entity).cloned().unwrap_or_default();
        if entity.kind == EntityKind::Person {
            for door in self.doors.get(&PersonId::from(entity.id)).into_iter().flatten() {
                found.extend(self.touching.get(&EntityRef::new(EntityKind::Person, *door)).into_iter().flatten());
            }
        }
        let visits: BTreeSet<EntityRef> =
            found.iter().map(|at| self.changes[*at].header.entity).filter(|on| on.kind == EntityKind::Visit).collect();
        for visit in visits {
            let on_visit = self.touching.get(&visit).into_iter().flatten();
            found.extend(on_visit.filter(|at| self.changes[**at].header.entity == visit));
        }
        found.into_iter().map(|at| self.changes[at].clone()).collect()
    }
}

fn fold_everything(register: &Register, log: &Log) -> Result<BTreeMap<EntityRef, [u8; 32]>> {
    let policies = log.of_entity(EntityRef::UNIT).into_iter().filter_map(|change| match change.body {
        Some(Body::PolicySet(policy)) => Some((change.position, policy)),
        _ => None,
    });
    let policies = Policies::new(policies.collect());
    let listed = register.people.keys().chain(register.households.keys()).chain(register.dwellings.keys());
    let known: BTreeSet<EntityRef> = listed.chain(log.touching.keys()).copied().collect();
    let mut entities = BTreeMap::new();
    for entity in known {
        let changes = log.of_entity(entity);
        let id = entity.id;
        let state = match entity.kind {
            EntityKind::Person => hash_state(fold_person(id.into(), register.people.get(&entity), &changes))?,
            EntityKind::Household => hash_state(fold_household(id.into(), register.households.get(&entity), &changes))?,
            EntityKind::Dwelling => hash_state(fold_dwelling(id.into(), register.dwellings.get(&entity), &changes))?,
            EntityKind::Visit => hash_state(fold_visit(id.into(), &changes))?,
            EntityKind::Correction => hash_state(fold_correction(id.into(), &changes, &policies))?,
            EntityKind::Officer => hash_state(fold_officer(id.into(), &changes))?,
            _ => None,
        };
        entities.extend(state.map(|state| (entity, state)));
    }
    Ok(entities)
}

fn hash_state<T: Serialize>(state: Option<T>) -> Result<Option<[u8; 32]>> {
    state.map(|state| hash_of(&serde_json::to_value(state)?)).transpose()
}

/// The keys of a value are sorted: the same state has the same text.
fn hash_of(state: &serde_json::Value) -> Result<[u8; 32]> {
    Ok(sync::hash::sha256(&serde_json::to_vec(state)?))
}

fn role_of(number: i64) -> Result<Role> {
    match number {
        1 => Ok(Role::Officer),
        2 => Ok(Role::Supervisor),
        3 => Ok(Role::Operator),
        4 => Ok(Role::Auditor),
        5 => Ok(Role::Server),
        _ => anyhow::bail!("a role of a later version"),
    }
}
