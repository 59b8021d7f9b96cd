//! Who looked at whom: written on the laptop, encrypted with the rest, uploaded apart from the changes.
//!
//! Lines stand in access chains, each line under the hash of all before it. What the server holds it says with that hash:
//! a copy of this laptop, or an older file put back, is found out by it, and no line is taken for another's.

use domain::change::EntityRef;
use domain::id::{ChainId, OfficerId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sync::hash::{Hash, access_after, chain_start};
use sync::message::{Access, AccessAction, AccessDetail, AccessLog, FORMAT};

use crate::error::{Result, StoreError};
use crate::fresh;
use crate::row::{entity, id, kind_number, of_wire_number, signed, unsigned, wire_number};
use crate::store::Store;

/// What became of an answer about the access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessTaken {
    /// So many lines more are stored.
    Stored { lines: u64 },
    /// The server holds other lines under this chain: what it does not hold moved to a new one and waits.
    ChainRenewed,
}

impl Store {
    /// Writes one line of the access log; its sequence in its chain.
    ///
    /// # Errors
    /// `NotEnrolled`; what the disk says: then nobody is shown anything.
    pub fn log_access(
        &self,
        now_ms: u64,
        action: AccessAction,
        entity: Option<EntityRef>,
        detail: Option<AccessDetail>,
    ) -> Result<u64> {
        let officer = self.enrolled()?.officer;
        self.write(|connection| {
            let chain = open_chain(connection)?;
            let (last, before) = head(connection, &chain)?;
            let detail = detail.map(|detail| detail.to_string());
            let line = Access { sequence: last + 1, at_ms: now_ms, officer, action, entity, detail };
            insert(connection, chain.n, &line, &access_after(&before, &line))?;
            Ok(line.sequence)
        })
    }

    /// Lines that the server does not hold yet, oldest first, as messages of at most so many lines each, to be signed.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn access_logs_waiting(&self, lines_each: usize) -> Result<Vec<AccessLog>> {
        let profile = self.enrolled()?;
        self.read(|connection| {
            let mut logs = Vec::new();
            for chain in chains(connection)? {
                let mut hash_before = hash_at(connection, &chain, chain.stored_through)?.unwrap_or_default();
                let waiting = lines_above(connection, chain.n, chain.stored_through)?;
                for lines in waiting.chunks(lines_each.max(1)) {
                    let entries = lines.iter().map(|(line, _)| line.clone()).collect();
                    let (device, unit) = (profile.device, profile.unit.clone());
                    logs.push(AccessLog { format: FORMAT, device, unit, entries, chain: chain.id, hash_before });
                    hash_before = lines.last().map_or(hash_before, |(_, hash)| *hash);
                }
            }
            Ok(logs)
        })
    }

    /// The server says how far it holds a chain, and the hash there. It may be less than it once held: one that was set
    /// back is sent the rest again.
    ///
    /// # Errors
    /// What the disk says.
    pub fn take_access_stored(&self, chain: ChainId, through: u64, hash: &Hash, now_ms: u64) -> Result<AccessTaken> {
        self.take_stored(chain, through, hash, now_ms, true)
    }

    /// As [`Store::take_access_stored`], from a stick, which may be an old one: it never takes back.
    ///
    /// # Errors
    /// What the disk says.
    pub fn take_access_carried(&self, chain: ChainId, through: u64, hash: &Hash, now_ms: u64) -> Result<AccessTaken> {
        self.take_stored(chain, through, hash, now_ms, false)
    }

    fn take_stored(
        &self,
        chain: ChainId,
        through: u64,
        hash: &Hash,
        now_ms: u64,
        may_fall: bool,
    ) -> Result<AccessTaken> {
        self.write(|connection| {
            // A chain that is not here is another device's.
            let Some(chain) = chains(connection)?.into_iter().find(|held| held.id == chain) else {
                return Ok(AccessTaken::Stored { lines: 0 });
            };
            let stored = match hash_at(connection, &chain, through)? {
                Some(own) if own == *hash => through,
                _ if chain.is_open => {
                    renew(connection, now_ms)?;
                    return Ok(AccessTaken::ChainRenewed);
                }
                // Nothing of a closed chain waited when it was closed, so the server holds all of it, and more.
                _ => head(connection, &chain)?.0,
            };
            if stored > chain.stored_through || may_fall {
                connection
                    .prepare_cached("UPDATE access_chain SET stored_through = ?2 WHERE n = ?1")?
                    .execute(params![chain.n, signed(stored)])?;
            }
            Ok(AccessTaken::Stored { lines: stored.saturating_sub(chain.stored_through) })
        })
    }
}

struct AccessChain {
    n: i64,
    id: ChainId,
    is_open: bool,
    stored_through: u64,
}

/// Opens the first chain, or one in the place of another that was closed.
pub(crate) fn open(connection: &Connection, now_ms: u64) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO access_chain (id, is_open, stored_through) VALUES (?1, 1, 0)")?
        .execute([fresh::uuid(now_ms).as_bytes()])?;
    Ok(())
}

/// Closes the open chain. What the server does not hold of it moves to a new one.
pub(crate) fn renew(connection: &Connection, now_ms: u64) -> Result<()> {
    let old = open_chain(connection)?;
    let waiting = lines_above(connection, old.n, old.stored_through)?;
    connection.prepare_cached("UPDATE access_chain SET is_open = 0 WHERE n = ?1")?.execute([old.n])?;
    connection
        .prepare_cached("DELETE FROM access WHERE chain = ?1 AND sequence > ?2")?
        .execute(params![old.n, signed(old.stored_through)])?;
    open(connection, now_ms)?;
    let new = open_chain(connection)?;
    let mut hash = chain_start(new.id);
    for ((line, _), sequence) in waiting.into_iter().zip(1..) {
        let line = Access { sequence, ..line };
        hash = access_after(&hash, &line);
        insert(connection, new.n, &line, &hash)?;
    }
    Ok(())
}

/// For a server whose log began anew: it may have lost lines too.
pub(crate) fn offer_everything(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE access_chain SET stored_through = 0", [])?;
    Ok(())
}

fn chains(connection: &Connection) -> Result<Vec<AccessChain>> {
    let mut statement =
        connection.prepare_cached("SELECT n, id, is_open, stored_through FROM access_chain ORDER BY n")?;
    let rows = statement.query_map([], |row| {
        Ok(AccessChain { n: row.get(0)?, id: id(row, 1)?, is_open: row.get(2)?, stored_through: unsigned(row, 3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn open_chain(connection: &Connection) -> Result<AccessChain> {
    chains(connection)?.into_iter().find(|chain| chain.is_open).ok_or(StoreError::NotEnrolled)
}

/// The last line's sequence and the hash after it.
fn head(connection: &Connection, chain: &AccessChain) -> Result<(u64, Hash)> {
    let last = connection
        .prepare_cached("SELECT sequence, hash FROM access WHERE chain = ?1 ORDER BY sequence DESC LIMIT 1")?
        .query_row([chain.n], |row| Ok((unsigned(row, 0)?, id(row, 1)?)))
        .optional()?;
    Ok(last.unwrap_or_else(|| (0, chain_start(chain.id))))
}

/// The hash after a line; `None` where the chain has no such line here.
fn hash_at(connection: &Connection, chain: &AccessChain, sequence: u64) -> Result<Option<Hash>> {
    if sequence == 0 {
        return Ok(Some(chain_start(chain.id)));
    }
    Ok(connection
        .prepare_cached("SELECT hash FROM access WHERE chain = ?1 AND sequence = ?2")?
        .query_row(params![chain.n, signed(sequence)], |row| id(row, 0))
        .optional()?)
}

fn lines_above(connection: &Connection, chain: i64, sequence: u64) -> Result<Vec<(Access, Hash)>> {
    let mut statement = connection.prepare_cached(
        "SELECT sequence, at_ms, officer, action, entity_kind, entity, detail, hash FROM access
         WHERE chain = ?1 AND sequence > ?2 ORDER BY sequence",
    )?;
    let rows = statement.query_map(params![chain, signed(sequence)], |row| Ok((line(row)?, id(row, 7)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn line(row: &Row<'_>) -> rusqlite::Result<Access> {
    let has_entity = row.get::<_, Option<i64>>(4)?.is_some();
    Ok(Access {
        sequence: unsigned(row, 0)?,
        at_ms: unsigned(row, 1)?,
        officer: id::<OfficerId>(row, 2)?,
        action: of_wire_number(row, 3)?,
        entity: if has_entity { Some(entity(row, 4)?) } else { None },
        detail: row.get(6)?,
    })
}

fn insert(connection: &Connection, chain: i64, line: &Access, hash: &Hash) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO access (chain, sequence, at_ms, officer, action, entity_kind, entity, detail, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            chain,
            signed(line.sequence),
            signed(line.at_ms),
            line.officer.as_bytes(),
            wire_number(line.action),
            line.entity.map(|entity| kind_number(entity.kind)),
            line.entity.as_ref().map(|entity| entity.id.as_bytes()),
            line.detail,
            hash
        ])?;
    Ok(())
}
