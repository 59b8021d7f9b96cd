//! Batches: sealed and stored byte for byte before they are first sent, and put together again from envelope and bodies
//! when they are.

use domain::id::ChainId;
use rusqlite::{Connection, OptionalExtension, params};
use sync::batch::{self, SealRequest, SealedChange};
use sync::cose::Envelope;
use sync::hash::{Hash, sha256};
use sync::message::{Batch, Blob, Item, ItemKind, Made, ReceiptSeen, SealedBatch};
use sync::{codec, plan};

use crate::chain::{self, OwnChain};
use crate::change::sealed_change;
use crate::error::{Result, StoreError};
use crate::profile::Profile;
use crate::row::{id, signed, unsigned};
use crate::schema::SCHEMA_VERSION;
use crate::setting;
use crate::store::Store;

/// The number in `batch.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchState {
    Sealed = 1,
    Stored = 2,
    Forked = 3,
    Quarantined = 4,
    Replaced = 5,
}

impl Store {
    /// Seals what was made since the last batch. Returns how many batches that gave.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn seal_pending(&self, now_ms: u64, app_version: &str) -> Result<usize> {
        let profile = self.enrolled()?;
        self.write(|connection| self.seal(connection, &profile, &made(now_ms, app_version)))
    }

    pub(crate) fn seal(&self, connection: &Connection, profile: &Profile, made: &Made) -> Result<usize> {
        let mut own = chain::own(connection)?;
        let changes = unsealed(connection, &own)?;
        let groups = batch::split_for_batches(&changes);
        let receipt_seen = last_receipt(connection, &own)?;
        for group in &groups {
            let request = SealRequest {
                device: profile.device,
                chain: own.id,
                key_epoch: profile.key_epoch,
                unit: profile.unit.clone(),
                hash_before: own.sealed_head,
                receipt_seen: receipt_seen.clone(),
                made: made.clone(),
                log: setting::id_of(connection, setting::LOG)?,
                replaces: if own.sealed_sequence == 0 { own.replaces.take() } else { None },
                changes: group,
            };
            let (sealed, batch) = batch::seal(request, self.signing_key(), profile.deployment)?;
            insert_sealed(connection, &own, &sealed, &batch)?;
            own.sealed_sequence = batch.last_sequence;
            own.sealed_head = batch.hash_after;
        }
        chain::move_sealed(connection, own.n, own.sealed_sequence, &own.sealed_head)?;
        Ok(groups.len())
    }

    /// Offers what the server keeps in quarantine once more: where it was released, its receipt says so now. A revoked
    /// laptop reads no log, and would hear of it in no other way.
    ///
    /// # Errors
    /// What the disk says.
    pub fn offer_quarantined(&self) -> Result<()> {
        self.write(|connection| {
            let quarantined = BatchState::Quarantined as i64;
            connection.prepare_cached("UPDATE batch SET is_offered = 1 WHERE state = ?1")?.execute([quarantined])?;
            Ok(())
        })
    }

    /// The batches that wait to be sent, in the order of sending, at most `limit`: own ones by chain and sequence, or,
    /// for a restored server, everything in the order of offering.
    ///
    /// # Errors
    /// What the disk says.
    pub fn waiting_batches(&self, limit: usize) -> Result<Vec<Item>> {
        self.write(|connection| {
            let order = offered(connection)?;
            order.into_iter().take(limit).map(|n| item(connection, n)).collect()
        })
    }

    /// The transfer bytes of a batch that waits, by their hash; `None` where it waits no longer.
    ///
    /// # Errors
    /// What the disk says.
    pub fn transfer_bytes(&self, hash: &Hash) -> Result<Option<Vec<u8>>> {
        self.read(|connection| {
            let n: Option<i64> = connection
                .prepare_cached("SELECT n FROM batch WHERE transfer_hash = ?1 AND is_offered")?
                .query_row([hash], |row| row.get(0))
                .optional()?;
            n.map(|n| Ok(batch::to_transfer(&sealed_batch(connection, n)?))).transpose()
        })
    }

    /// The sealed batches that wait, whole, for a queue file: as many as fit `limit_bytes`, in the order of sending.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sealed_batches_waiting(&self, limit_bytes: usize) -> Result<Vec<Vec<u8>>> {
        self.read(|connection| {
            let mut bytes = 0;
            let mut batches = Vec::new();
            for n in offered(connection)? {
                let sealed = codec::encode(&sealed_batch(connection, n)?);
                bytes += sealed.len();
                if bytes > limit_bytes && !batches.is_empty() {
                    break;
                }
                batches.push(sealed);
            }
            Ok(batches)
        })
    }
}

/// By what a batch is made.
pub(crate) fn made(now_ms: u64, app_version: &str) -> Made {
    Made { created_ms: now_ms, app_version: app_version.to_owned(), schema_version: SCHEMA_VERSION }
}

fn unsealed(connection: &Connection, own: &OwnChain) -> Result<Vec<SealedChange>> {
    let mut statement = connection
        .prepare_cached("SELECT header, body FROM change WHERE chain = ?1 AND sequence > ?2 ORDER BY sequence")?;
    let mut rows = statement.query(params![own.n, signed(own.sealed_sequence)])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(sealed_change(row, 0)?);
    }
    Ok(changes)
}

fn last_receipt(connection: &Connection, own: &OwnChain) -> Result<Option<ReceiptSeen>> {
    Ok(connection
        .prepare_cached(
            "SELECT last_sequence, receipt FROM batch WHERE chain = ?1 AND state = 2 AND receipt IS NOT NULL
             ORDER BY last_sequence DESC LIMIT 1",
        )?
        .query_row([own.n], |row| {
            let receipt = row.get_ref(1)?.as_blob()?;
            Ok(ReceiptSeen { last_sequence: unsigned(row, 0)?, receipt_hash: sha256(receipt) })
        })
        .optional()?)
}

fn insert_sealed(connection: &Connection, own: &OwnChain, sealed: &SealedBatch, batch: &Batch) -> Result<()> {
    let transfer = batch::to_transfer(sealed);
    connection
        .prepare_cached(
            "INSERT INTO batch (chain, first_sequence, last_sequence, hash_after, envelope, state, is_offered, sealed_ms,
                                transfer_hash, transfer_bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9)",
        )?
        .execute(params![
            own.n,
            signed(batch.first_sequence),
            signed(batch.last_sequence),
            batch.hash_after,
            sealed.envelope.as_bytes(),
            BatchState::Sealed as i64,
            signed(batch.made.created_ms),
            sha256(&transfer),
            signed(transfer.len() as u64),
        ])?;
    Ok(())
}

/// The batches that wait, in the order of sending.
pub(crate) fn offered(connection: &Connection) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT batch.n, chain.id, first_sequence, log_index FROM batch JOIN chain ON chain.n = batch.chain WHERE is_offered",
    )?;
    let rows = statement.query_map([], |row| {
        let held = plan::HeldBatch {
            chain: id::<ChainId>(row, 1)?,
            first_sequence: unsigned(row, 2)?,
            old_index: crate::row::unsigned_or_null(row, 3)?,
        };
        Ok((row.get::<_, i64>(0)?, held))
    })?;
    let mut batches: Vec<(i64, plan::HeldBatch)> = rows.collect::<rusqlite::Result<_>>()?;
    batches.sort_by_key(|(_, held)| plan::offer_place(held));
    Ok(batches.into_iter().map(|(n, _)| n).collect())
}

/// As announced. The hash is computed again where a body was erased since.
fn item(connection: &Connection, n: i64) -> Result<Item> {
    let known = connection
        .prepare_cached("SELECT transfer_hash, transfer_bytes FROM batch WHERE n = ?1 AND transfer_hash IS NOT NULL")?
        .query_row([n], |row| Ok((id::<Hash>(row, 0)?, unsigned(row, 1)?)))
        .optional()?;
    let (hash, bytes) = match known {
        Some(known) => known,
        None => {
            let transfer = batch::to_transfer(&sealed_batch(connection, n)?);
            let (hash, bytes) = (sha256(&transfer), transfer.len() as u64);
            connection
                .prepare_cached("UPDATE batch SET transfer_hash = ?2, transfer_bytes = ?3 WHERE n = ?1")?
                .execute(params![n, hash, signed(bytes)])?;
            (hash, bytes)
        }
    };
    Ok(connection
        .prepare_cached(
            "SELECT chain.id, first_sequence, batch.last_sequence, hash_after
             FROM batch JOIN chain ON chain.n = batch.chain WHERE batch.n = ?1",
        )?
        .query_row([n], |row| {
            Ok(Item {
                kind: ItemKind::Batch,
                hash,
                bytes,
                chain: Some(id(row, 0)?),
                first_sequence: Some(unsigned(row, 1)?),
                last_sequence: Some(unsigned(row, 2)?),
                hash_after: Some(id(row, 3)?),
            })
        })?)
}

/// Envelope and bodies as the author sealed them, but for bodies that were erased since.
pub(crate) fn sealed_batch(connection: &Connection, n: i64) -> Result<SealedBatch> {
    let (chain, first, last, envelope): (i64, i64, i64, Vec<u8>) = connection
        .prepare_cached("SELECT chain, first_sequence, last_sequence, envelope FROM batch WHERE n = ?1")?
        .query_row([n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(body, x'') FROM change WHERE chain = ?1 AND sequence BETWEEN ?2 AND ?3 AND state <> 5
         ORDER BY sequence",
    )?;
    let rows = statement.query_map([chain, first, last], |row| row.get(0).map(Blob))?;
    let bodies: Vec<Blob> = rows.collect::<rusqlite::Result<_>>()?;
    match bodies.len() as i64 == last - first + 1 {
        true => Ok(SealedBatch { envelope: Envelope(envelope), bodies }),
        false => Err(StoreError::BadRow { what: "batch" }),
    }
}
