//! Chains: each a device's sequence of batches. This device's own has one open chain, in which new changes take place.

use domain::id::{ChainId, DeviceId};
use rusqlite::{Connection, OptionalExtension, params};
use sync::chain::ChainHead;
use sync::hash::{Hash, chain_start};
use sync::message::ReplacedChain;
use sync::{batch, codec, plan};

use crate::error::{Result, StoreError};
use crate::row::{from_cbor, id, signed, unsigned};
use crate::seal::BatchState;
use crate::{access, change, fresh};

/// This device's open chain.
pub(crate) struct OwnChain {
    pub n: i64,
    pub id: ChainId,
    pub last_sequence: u64,
    pub sealed_sequence: u64,
    pub sealed_head: Hash,
    pub replaces: Option<ReplacedChain>,
}

/// Opens a new chain of this device's own. One that replaces another starts from that one's head.
pub(crate) fn open(
    connection: &Connection,
    chain: ChainId,
    device: DeviceId,
    replaces: Option<&ReplacedChain>,
) -> Result<()> {
    let head = replaces.map_or_else(|| chain_start(chain), |replaced| replaced.head);
    connection
        .prepare_cached(
            "INSERT INTO chain (id, device, is_own, is_open, last_sequence, sealed_sequence, sealed_head, replaces)
             VALUES (?1, ?2, 1, 1, 0, 0, ?3, ?4)",
        )?
        .execute(params![chain.as_bytes(), device.as_bytes(), head, replaces.map(codec::encode)])?;
    Ok(())
}

/// `NotEnrolled` where there is none yet.
pub(crate) fn own(connection: &Connection) -> Result<OwnChain> {
    let found = connection
        .prepare_cached("SELECT n, id, last_sequence, sealed_sequence, sealed_head, replaces FROM chain WHERE is_open")?
        .query_row([], |row| {
            let replaces: Option<Vec<u8>> = row.get(5)?;
            let chain = OwnChain {
                n: row.get(0)?,
                id: id(row, 1)?,
                last_sequence: unsigned(row, 2)?,
                sealed_sequence: unsigned(row, 3)?,
                sealed_head: id(row, 4)?,
                replaces: None,
            };
            Ok((chain, replaces))
        })
        .optional()?;
    let (chain, replaces) = found.ok_or(StoreError::NotEnrolled)?;
    let replaces = replaces.map(|bytes| from_cbor(&bytes, "replaced chain")).transpose()?;
    Ok(OwnChain { replaces, ..chain })
}

pub(crate) fn move_head(connection: &Connection, n: i64, last_sequence: u64) -> Result<()> {
    connection
        .prepare_cached("UPDATE chain SET last_sequence = ?2 WHERE n = ?1")?
        .execute(params![n, signed(last_sequence)])?;
    Ok(())
}

pub(crate) fn move_sealed(connection: &Connection, n: i64, sequence: u64, head: &Hash) -> Result<()> {
    connection
        .prepare_cached("UPDATE chain SET sealed_sequence = ?2, sealed_head = ?3 WHERE n = ?1")?
        .execute(params![n, signed(sequence), head])?;
    Ok(())
}

/// The row of a chain that a batch names, made where it is new.
pub(crate) fn met(connection: &Connection, chain: ChainId, device: DeviceId, is_own: bool) -> Result<i64> {
    let known = connection
        .prepare_cached("SELECT n FROM chain WHERE id = ?1")?
        .query_row([chain.as_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(n) = known {
        return Ok(n);
    }
    connection
        .prepare_cached(
            "INSERT INTO chain (id, device, is_own, is_open, last_sequence, sealed_sequence, sealed_head)
             VALUES (?1, ?2, ?3, 0, 0, 0, ?4)",
        )?
        .execute(params![chain.as_bytes(), device.as_bytes(), is_own, chain_start(chain)])?;
    Ok(connection.last_insert_rowid())
}

/// How a new chain would name the open one: by the last of its batches that has a receipt.
pub(crate) fn replacement(connection: &Connection, old: &OwnChain) -> Result<ReplacedChain> {
    let agreed = connection
        .prepare_cached(
            "SELECT last_sequence, hash_after FROM batch WHERE chain = ?1 AND state = 2
             ORDER BY last_sequence DESC LIMIT 1",
        )?
        .query_row([old.n], |row| Ok(ChainHead { last_sequence: unsigned(row, 0)?, head: id(row, 1)? }))
        .optional()?;
    Ok(plan::replacement_for(old.id, agreed))
}

/// Closes the open chain and opens one that names the last head for which a receipt is here. What has no receipt takes
/// its place in the new chain, in the same order, with the same change ids, bodies and salts; batches that were sealed
/// of it will not be sent again.
pub(crate) fn renew(connection: &Connection, device: DeviceId, now_ms: u64) -> Result<ChainId> {
    let old = own(connection)?;
    let replaced = replacement(connection, &old)?;
    connection.prepare_cached("UPDATE chain SET is_open = 0 WHERE n = ?1")?.execute([old.n])?;
    connection
        .prepare_cached("UPDATE batch SET state = ?2, is_offered = 0 WHERE chain = ?1 AND state = 1")?
        .execute(params![old.n, BatchState::Replaced as i64])?;
    let chain = ChainId(fresh::uuid(now_ms));
    open(connection, chain, device, Some(&replaced))?;
    let new = own(connection)?;
    let mut sequence = 0;
    for (n, sealed) in change::without_receipt(connection, old.n)? {
        sequence += 1;
        let renumbered = batch::renumber(&sealed, sequence);
        connection
            .prepare_cached("UPDATE change SET chain = ?2, sequence = ?3, header = ?4 WHERE n = ?1")?
            .execute(params![n, new.n, signed(sequence), renumbered.header_bytes])?;
    }
    move_head(connection, new.n, sequence)?;
    access::renew(connection, now_ms)?;
    tracing::warn!(moved = sequence, "a new chain was opened");
    Ok(chain)
}
