//! The two search indexes and their ranks.
//!
//! A rank is a row's number and its place in the order: names by Vietnamese collation, houses as one walks past them.
//! Full-text search walks row ids upwards, so its first hits are the first in order and nothing has to be sorted. New
//! rows take a rank in the gap between their neighbours; where a gap is used up the neighbourhood is spaced anew.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

/// Between two neighbours when an index is built. Halved at each insertion in the same place.
const GAP: i64 = 1 << 14;
/// How many neighbours on each side are spaced anew at first, where a gap is used up.
const NEIGHBOURS: i64 = 32;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    People,
    Houses,
}

/// How something is found and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub sort_key: Vec<u8>,
    pub folded: String,
}

impl Name {
    /// A name whose place among equal ones is given by the id, so that every laptop shows the same order. No collation
    /// key holds a zero after which it goes on.
    pub fn new(mut sort_key: Vec<u8>, id: &[u8; 16], folded: String) -> Self {
        sort_key.push(0);
        sort_key.extend(id);
        Self { sort_key, folded }
    }
}

/// Where names go: into the indexes at once, or aside, for indexes that are built when all are known.
pub(crate) enum Names {
    Each,
    Collected { people: HashMap<i64, Name>, houses: HashMap<i64, Name> },
}

impl Names {
    pub fn collected() -> Self {
        Names::Collected { people: HashMap::new(), houses: HashMap::new() }
    }

    /// Puts a target (`person.n`, `household.n`) under this name, or takes it out.
    pub fn put(&mut self, connection: &Connection, index: Index, target: i64, name: Option<Name>) -> Result<()> {
        let held = match (&mut *self, index) {
            (Names::Each, _) => return put(connection, index, target, name.as_ref()),
            (Names::Collected { people, .. }, Index::People) => people,
            (Names::Collected { houses, .. }, Index::Houses) => houses,
        };
        match name {
            Some(name) => held.insert(target, name),
            None => held.remove(&target),
        };
        Ok(())
    }

    /// Builds the indexes from what was collected: they hold these names and nothing else.
    pub fn build(self, connection: &Connection) -> Result<()> {
        if let Names::Collected { people, houses } = self {
            rebuild(connection, Index::People, people)?;
            rebuild(connection, Index::Houses, houses)?;
        }
        Ok(())
    }
}

/// The statements of one index: table names cannot be bound.
struct Sql {
    of_target: &'static str,
    last: &'static str,
    first_from: &'static str,
    insert: &'static str,
    delete: &'static str,
    index: &'static str,
    unindex: &'static str,
    before: &'static str,
    after: &'static str,
    clear: &'static str,
}

macro_rules! sql_of {
    ($name:literal, $search:literal) => {
        Sql {
            of_target: concat!("SELECT rank, sort_key, folded FROM ", $name, " WHERE target = ?1"),
            last: concat!("SELECT rank, sort_key FROM ", $name, " ORDER BY rank DESC LIMIT 1"),
            first_from: concat!(
                "SELECT rank, sort_key FROM ",
                $name,
                " WHERE rank >= ?1 AND rank < ?2 ORDER BY rank LIMIT 1"
            ),
            insert: concat!("INSERT INTO ", $name, " (rank, target, sort_key, folded) VALUES (?1, ?2, ?3, ?4)"),
            delete: concat!("DELETE FROM ", $name, " WHERE rank = ?1"),
            index: concat!("INSERT INTO ", $search, " (rowid, folded) VALUES (?1, ?2)"),
            unindex: concat!("INSERT INTO ", $search, " (", $search, ", rowid, folded) VALUES ('delete', ?1, ?2)"),
            before: concat!(
                "SELECT rank, target, sort_key, folded FROM ",
                $name,
                " WHERE rank <= ?1 ORDER BY rank DESC LIMIT ?2"
            ),
            after: concat!(
                "SELECT rank, target, sort_key, folded FROM ",
                $name,
                " WHERE rank > ?1 ORDER BY rank LIMIT ?2"
            ),
            clear: concat!("INSERT INTO ", $search, " (", $search, ") VALUES ('delete-all'); DELETE FROM ", $name, ";"),
        }
    };
}

static PEOPLE: Sql = sql_of!("person_name", "person_search");
static HOUSES: Sql = sql_of!("house_name", "house_search");

impl Index {
    fn sql(self) -> &'static Sql {
        match self {
            Index::People => &PEOPLE,
            Index::Houses => &HOUSES,
        }
    }
}

/// Puts a target into the index under this name, or takes it out.
fn put(connection: &Connection, index: Index, target: i64, name: Option<&Name>) -> Result<()> {
    let sql = index.sql();
    let held: Option<(i64, Name)> = connection
        .prepare_cached(sql.of_target)?
        .query_row([target], |row| Ok((row.get(0)?, Name { sort_key: row.get(1)?, folded: row.get(2)? })))
        .optional()?;
    if held.as_ref().map(|(_, held)| held) == name {
        return Ok(());
    }
    let mut kept_rank = None;
    if let Some((rank, held)) = &held {
        take_out(connection, sql, *rank, &held.folded)?;
        kept_rank = name.filter(|name| name.sort_key == held.sort_key).map(|_| *rank);
    }
    if let Some(name) = name {
        let rank = match kept_rank {
            Some(rank) => rank,
            None => free_rank(connection, sql, &name.sort_key)?,
        };
        take_in(connection, sql, rank, target, name)?;
    }
    Ok(())
}

/// Fills an index with these names and nothing else.
fn rebuild(connection: &Connection, index: Index, names: HashMap<i64, Name>) -> Result<()> {
    let sql = index.sql();
    connection.execute_batch(sql.clear)?;
    let mut names: Vec<(i64, Name)> = names.into_iter().collect();
    names.sort_unstable_by(|(a_target, a), (b_target, b)| (&a.sort_key, a_target).cmp(&(&b.sort_key, b_target)));
    let mut insert = connection.prepare_cached(sql.insert)?;
    let mut index = connection.prepare_cached(sql.index)?;
    for (place, (target, name)) in (1..).zip(&names) {
        let rank = place * GAP;
        insert.execute(params![rank, target, name.sort_key, name.folded])?;
        index.execute(params![rank, name.folded])?;
    }
    Ok(())
}

fn take_in(connection: &Connection, sql: &Sql, rank: i64, target: i64, name: &Name) -> Result<()> {
    connection.prepare_cached(sql.insert)?.execute(params![rank, target, name.sort_key, name.folded])?;
    connection.prepare_cached(sql.index)?.execute(params![rank, name.folded])?;
    Ok(())
}

fn take_out(connection: &Connection, sql: &Sql, rank: i64, folded: &str) -> Result<()> {
    connection.prepare_cached(sql.unindex)?.execute(params![rank, folded])?;
    connection.prepare_cached(sql.delete)?.execute([rank])?;
    Ok(())
}

/// A rank behind every row whose key is not greater, and before every row whose key is.
fn free_rank(connection: &Connection, sql: &Sql, key: &[u8]) -> Result<i64> {
    loop {
        let (before, after) = neighbours(connection, sql, key)?;
        match after {
            None => return Ok(before + GAP),
            Some(after) if after - before >= 2 => return Ok(before + (after - before) / 2),
            Some(_) => space_anew(connection, sql, before)?,
        }
    }
}

/// The ranks between which a key belongs: of the last row not greater (0 for none) and of the first greater.
fn neighbours(connection: &Connection, sql: &Sql, key: &[u8]) -> Result<(i64, Option<i64>)> {
    let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, bool)> {
        Ok((row.get(0)?, row.get_ref(1)?.as_blob()? > key))
    };
    let (last, is_greater) = match connection.prepare_cached(sql.last)?.query_row([], read).optional()? {
        None => return Ok((0, None)),
        Some(last) => last,
    };
    if !is_greater {
        return Ok((last, None));
    }
    // Rows up to `before` are not greater, `after` is a row that is; what lies in `before + 1 .. top` is not known yet.
    let (mut before, mut after, mut top) = (0, last, last);
    let mut statement = connection.prepare_cached(sql.first_from)?;
    while top - before > 1 {
        let middle = before + (top - before) / 2;
        match statement.query_row([middle, top], read).optional()? {
            Some((rank, false)) => before = rank,
            Some((rank, true)) => (after, top) = (rank, middle),
            None => top = middle,
        }
    }
    Ok((before, Some(after)))
}

struct Ranked {
    rank: i64,
    target: i64,
    name: Name,
}

/// Spaces the rows around a rank evenly, taking in more of them until there is room.
fn space_anew(connection: &Connection, sql: &Sql, around: i64) -> Result<()> {
    let rows = |statement: &str, limit: i64| -> Result<Vec<Ranked>> {
        let mut statement = connection.prepare_cached(statement)?;
        let rows = statement.query_map([around, limit], |row| {
            let name = Name { sort_key: row.get(2)?, folded: row.get(3)? };
            Ok(Ranked { rank: row.get(0)?, target: row.get(1)?, name })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let mut reach = NEIGHBOURS;
    loop {
        // One more on each side is the border that stays.
        let mut before = rows(sql.before, reach + 1)?;
        let mut after = rows(sql.after, reach + 1)?;
        let low = if before.len() as i64 > reach { before.pop().map_or(0, |row| row.rank) } else { 0 };
        let border = if after.len() as i64 > reach { after.pop().map(|row| row.rank) } else { None };
        before.reverse();
        before.append(&mut after);
        let count = before.len() as i64;
        let high = border.unwrap_or(low + (count + 1) * GAP);
        let step = (high - low) / (count + 1);
        if step < 16 && border.is_some() {
            reach *= 2;
            continue;
        }
        for row in &before {
            take_out(connection, sql, row.rank, &row.name.folded)?;
        }
        for (place, row) in (1..).zip(&before) {
            take_in(connection, sql, low + place * step, row.target, &row.name)?;
        }
        return Ok(());
    }
}
