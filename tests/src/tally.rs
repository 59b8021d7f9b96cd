//! An independent memory of what was acknowledged: what a command said it saved is noted here, outside the product, and
//! counted at the end in the files of every replica.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use domain::change::{ChangeHeader, EntityKind, EntityRef};
use domain::id::{ChangeId, OfficerId};
use rusqlite::Connection;

use crate::replica::Replica;

/// Something that a command said was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The change of this id.
    Change(ChangeId),
    /// The one change of this type that this officer made on this entity.
    On { entity: EntityRef, kind: u16, author: OfficerId },
}

/// Everything that was acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeSet<Fact>);

impl Tally {
    /// Notes a change by its id.
    pub fn note(&mut self, change: ChangeId) {
        self.0.insert(Fact::Change(change));
    }

    /// Notes a change whose id was not told.
    pub fn note_on(
        &mut self,
        entity_kind: EntityKind,
        id: impl Into<domain::id::EntityId>,
        kind: u16,
        author: OfficerId,
    ) {
        self.0.insert(Fact::On { entity: EntityRef::new(entity_kind, id), kind, author });
    }

    /// Notes everything that another tally holds.
    pub fn join(&mut self, other: &Tally) {
        self.0.extend(&other.0);
    }

    /// How much was acknowledged.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks for everything in one replica.
    pub fn compare(&self, stored: &[Stored]) -> Comparison {
        let mut found: BTreeMap<Fact, BTreeSet<ChangeId>> = BTreeMap::new();
        let mut times: BTreeMap<ChangeId, u64> = BTreeMap::new();
        for change in stored.iter().filter(|change| change.standing == Standing::Counts) {
            let header = &change.header;
            *times.entry(header.id).or_default() += 1;
            let on = Fact::On { entity: header.entity, kind: header.kind, author: header.author };
            for fact in [Fact::Change(header.id), on] {
                found.entry(fact).or_default().insert(header.id);
            }
        }
        let is_there_more_than_once = |fact: &&Fact| found.get(fact).is_some_and(|ids| ids.len() > 1);
        let signed_twice = self.0.iter().filter(is_there_more_than_once).count();
        let stored_twice = times.values().filter(|times| **times > 1).count();
        Comparison {
            lost: self.0.iter().filter(|fact| !found.contains_key(fact)).copied().collect(),
            duplicated: (signed_twice + stored_twice) as u64,
        }
    }
}

/// What a comparison showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Acknowledged, and not there.
    pub lost: Vec<Fact>,
    /// There more than once, whoever made them.
    pub duplicated: u64,
}

/// How a stored change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It takes part in the state.
    Counts,
    /// A signed verdict says that it does not.
    Refused,
    /// The same change counts elsewhere: a chain was signed again.
    Doubled,
}

/// One change in the files of a replica.
#[derive(Clone, Debug)]
pub struct Stored {
    pub header: ChangeHeader,
    pub standing: Standing,
    /// Salt and body; `None` once erased.
    pub salted_body: Option<Vec<u8>>,
    /// Where it stands in the unit's log; `None` where it waits to enter it.
    pub log_index: Option<u64>,
}

const DUPLICATE_OF_EARLIER: i64 = 6;

/// Every change in a laptop's files.
///
/// # Errors
/// Files that do not open, or that hold what this version did not write.
pub fn changes_of_laptop(replica: &Replica) -> Result<Vec<Stored>> {
    // Standings 1 and 2, counting and not understood, are both kept for good.
    let sql = "SELECT header, body, log_index, CASE state WHEN 3 THEN 0 WHEN 4 THEN 6 END FROM change";
    read_changes(&replica.open("work")?, sql)
}

/// Every change in the log of a server with one unit. What lies beside the log is not among them.
///
/// # Errors
/// As for [`changes_of_laptop`].
pub fn changes_of_server(replica: &Replica) -> Result<Vec<Stored>> {
    read_changes(&replica.open("ledger")?, "SELECT header, body, idx, verdict FROM change")
}

fn read_changes(connection: &Connection, sql: &str) -> Result<Vec<Stored>> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let header: Vec<u8> = row.get(0)?;
        let verdict: Option<i64> = row.get(3)?;
        changes.push(Stored {
            header: minicbor::decode(&header).ok().context("a header that does not decode")?,
            salted_body: row.get(1)?,
            log_index: row.get::<_, Option<i64>>(2)?.map(i64::unsigned_abs),
            standing: match verdict {
                None => Standing::Counts,
                Some(DUPLICATE_OF_EARLIER) => Standing::Doubled,
                Some(_) => Standing::Refused,
            },
        });
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::change::kind::{EVERYONE_AS_LISTED, NOTE_WRITTEN};
    use domain::id::{EntityId, HouseholdId};
    use uuid::Uuid;

    fn stored(id: u128, kind: u16, entity: u128, author: u128, standing: Standing) -> Stored {
        let header = ChangeHeader {
            id: ChangeId(Uuid::from_u128(id)),
            sequence: 1,
            kind,
            version: 1,
            entity: EntityRef::new(EntityKind::Household, EntityId(Uuid::from_u128(entity))),
            edition: 1,
            seen: 0,
            author: OfficerId(Uuid::from_u128(author)),
            wall_clock_ms: 0,
            photos: None,
            body_hash: [0; 32],
            clock_set_back_ms: None,
            on_behalf_of: None,
        };
        Stored { header, standing, salted_body: None, log_index: None }
    }

    fn tally() -> Tally {
        let mut tally = Tally::default();
        tally.note(ChangeId(Uuid::from_u128(1)));
        let household = HouseholdId(Uuid::from_u128(7));
        tally.note_on(EntityKind::Household, household, EVERYONE_AS_LISTED, OfficerId(Uuid::from_u128(9)));
        tally
    }

    #[test]
    fn what_is_there_once_is_neither_lost_nor_duplicated() {
        let there = [
            stored(1, NOTE_WRITTEN, 7, 9, Standing::Counts),
            stored(1, NOTE_WRITTEN, 7, 9, Standing::Doubled),
            stored(2, EVERYONE_AS_LISTED, 7, 9, Standing::Counts),
        ];
        assert_eq!(tally().compare(&there), Comparison::default());
    }

    #[test]
    fn what_is_refused_another_persons_or_gone_is_lost() {
        let there =
            [stored(1, NOTE_WRITTEN, 7, 9, Standing::Refused), stored(2, EVERYONE_AS_LISTED, 7, 8, Standing::Counts)];
        assert_eq!(tally().compare(&there).lost.len(), 2);
        assert_eq!(tally().compare(&[]).lost.len(), 2);
    }

    #[test]
    fn what_counts_twice_is_duplicated_whoever_made_it() {
        let mut there = vec![
            stored(1, NOTE_WRITTEN, 7, 9, Standing::Counts),
            stored(2, EVERYONE_AS_LISTED, 7, 9, Standing::Counts),
            stored(5, NOTE_WRITTEN, 3, 3, Standing::Counts),
            stored(5, NOTE_WRITTEN, 3, 3, Standing::Counts),
        ];
        assert_eq!(tally().compare(&there).duplicated, 1);
        there.push(stored(3, EVERYONE_AS_LISTED, 7, 9, Standing::Counts));
        assert_eq!(tally().compare(&there).duplicated, 2);
        assert_eq!(tally().compare(&there[..3]).duplicated, 0);
    }
}
