//! Receipts: the only thing that marks a batch stored.

use domain::change::EntityRef;
use rusqlite::{Connection, OptionalExtension, params};
use sync::message::{Receipt, Verdict, VerdictEntry};
use sync::plan::{ReceiptOutcome, after_receipt};

use super::log;
use crate::change::{self, Standing, Understands};
use crate::error::{Result, StoreError};
use crate::row::{signed, wire_number};
use crate::seal::BatchState;
use crate::store::Store;
use crate::{clock, fold, setting};

impl Store {
    /// Takes a receipt, own or for another's batch that was offered. Twice changes nothing; one of a log that is neither
    /// read nor offered to (an old stick) moves nothing.
    ///
    /// # Errors
    /// `Wire` where the signature does not hold; `ReceiptMismatch` where it answers no batch that is here.
    pub fn take_receipt(&self, envelope: &[u8]) -> Result<ReceiptOutcome> {
        let profile = self.enrolled()?;
        let receipt = sync::receipt::verify(envelope, &profile.server_key, profile.deployment)?;
        if receipt.unit != profile.unit {
            return Err(StoreError::NotForUs);
        }
        self.write(|connection| take(connection, &receipt, envelope, self.understands))
    }
}

fn take(
    connection: &Connection,
    receipt: &Receipt,
    envelope: &[u8],
    understands: Understands,
) -> Result<ReceiptOutcome> {
    let (batch, chain) = find_batch(connection, receipt)?.ok_or(StoreError::ReceiptMismatch)?;
    let known_log = setting::id_of(connection, setting::LOG)?;
    let is_of_ours = log::known(connection)?.is_none()
        || [known_log, setting::id_of(connection, setting::OFFERED_TO)?].contains(&Some(receipt.log));
    if !is_of_ours {
        return Ok(ReceiptOutcome::OfAnotherLog);
    }
    clock::note_server(connection, receipt.received_ms)?;
    let outcome = after_receipt(receipt);
    let state = match &outcome {
        ReceiptOutcome::Stored { .. } => BatchState::Stored,
        ReceiptOutcome::Forked => BatchState::Forked,
        // It was released since: what says otherwise is an older stick's.
        ReceiptOutcome::Quarantined if is_stored(connection, batch)? => return Ok(outcome),
        ReceiptOutcome::Quarantined => BatchState::Quarantined,
        ReceiptOutcome::OfAnotherLog => return Ok(outcome),
        ReceiptOutcome::OfferFrom { sequence } => {
            connection
                .prepare_cached(
                    "UPDATE batch SET is_offered = 1 WHERE chain = ?1 AND last_sequence >= ?2 AND state IN (1, 2, 4)",
                )?
                .execute(params![chain.n, signed(*sequence)])?;
            if !holds_from(connection, chain.n, *sequence)? {
                // A colleague's, whose earlier batch is not here either: it is offered again when the log was read.
                connection.prepare_cached("UPDATE batch SET is_offered = 0 WHERE n = ?1")?.execute([batch])?;
                if chain.is_own {
                    return Err(StoreError::BadRow { what: "batch that the server wants" });
                }
            }
            return Ok(outcome);
        }
    };
    connection
        .prepare_cached(
            "UPDATE batch SET state = ?2, is_offered = 0, receipt = ?3, receipted_ms = ?4 WHERE n = ?1 AND state <> 5",
        )?
        .execute(params![batch, state as i64, envelope, signed(receipt.received_ms)])?;
    let dirty = match &outcome {
        // The index is of the log that the receipt names. In another one than was read it counts once that is read; so it
        // does where the log that was read has something else there: the server was set back, and will hear of it.
        ReceiptOutcome::Stored { log, index, verdicts }
            if known_log == Some(*log) && may_stand_at(connection, batch, *index)? =>
        {
            free_index(connection, batch, *index)?;
            set_log_index(connection, batch, *index)?;
            let place = Place { index: *index, received_ms: receipt.received_ms, verdicts };
            let mut dirty = Vec::new();
            for n in rows_between(connection, chain.n, receipt.first_sequence, receipt.last_sequence)? {
                dirty.extend(place_change(connection, n, place, understands)?);
            }
            dirty
        }
        ReceiptOutcome::Forked if !chain.is_own => displace(connection, &chain, receipt)?,
        _ => Vec::new(),
    };
    fold::refold(connection, dirty)?;
    Ok(outcome)
}

/// Whether the batch that begins with this sequence is here to be offered.
fn holds_from(connection: &Connection, chain: i64, sequence: u64) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM batch WHERE chain = ?1 AND first_sequence = ?2 AND is_offered)",
    )?;
    Ok(statement.query_row(params![chain, signed(sequence)], |row| row.get(0))?)
}

fn is_stored(connection: &Connection, batch: i64) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT state = 2 FROM batch WHERE n = ?1")?;
    Ok(statement.query_row([batch], |row| row.get(0))?)
}

/// Whether what was read leaves room for this batch at this index.
fn may_stand_at(connection: &Connection, batch: i64, index: u64) -> Result<bool> {
    if index > setting::number(connection, setting::FEED_INDEX)? {
        return Ok(true);
    }
    let mut statement = connection.prepare_cached("SELECT log_index IS ?2 FROM batch WHERE n = ?1")?;
    Ok(statement.query_row(params![batch, signed(index)], |row| row.get(0))?)
}

/// An index belongs to one batch. Where an earlier receipt of the same log gave it to another one, the server was set
/// back in between: that receipt is kept, to be shown to it.
fn free_index(connection: &Connection, batch: i64, index: u64) -> Result<()> {
    let freed: Option<Option<Vec<u8>>> = connection
        .prepare_cached("UPDATE batch SET log_index = NULL WHERE log_index = ?2 AND n <> ?1 RETURNING receipt")?
        .query_row(params![batch, signed(index)], |row| row.get(0))
        .optional()?;
    match freed.flatten() {
        Some(receipt) => setting::put(connection, setting::LOG_DOUBT, receipt),
        None => Ok(()),
    }
}

struct ReceiptChain {
    n: i64,
    is_own: bool,
}

fn find_batch(connection: &Connection, receipt: &Receipt) -> Result<Option<(i64, ReceiptChain)>> {
    Ok(connection
        .prepare_cached(
            "SELECT batch.n, chain.n, chain.is_own FROM batch JOIN chain ON chain.n = batch.chain
             WHERE chain.id = ?1 AND chain.device = ?2 AND first_sequence = ?3 AND batch.last_sequence = ?4
               AND hash_after = ?5",
        )?
        .query_row(
            params![
                receipt.chain.as_bytes(),
                receipt.device.as_bytes(),
                signed(receipt.first_sequence),
                signed(receipt.last_sequence),
                receipt.hash_after
            ],
            |row| Ok((row.get(0)?, ReceiptChain { n: row.get(1)?, is_own: row.get(2)? })),
        )
        .optional()?)
}

/// Gives a batch its place in the log.
pub(crate) fn set_log_index(connection: &Connection, batch: i64, index: u64) -> Result<()> {
    connection
        .prepare_cached("UPDATE batch SET log_index = ?2 WHERE n = ?1")?
        .execute(params![batch, signed(index)])?;
    Ok(())
}

/// Where a batch stands in the log, and what the server said of its changes.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub index: u64,
    pub received_ms: u64,
    pub verdicts: &'a [VerdictEntry],
}

/// Gives a change its place in the log and its verdict. Returns the entities to be folded again; none where nothing
/// moved.
pub(crate) fn place_change(
    connection: &Connection,
    n: i64,
    place: Place<'_>,
    understands: Understands,
) -> Result<Vec<EntityRef>> {
    let (sequence, kind, version): (i64, u16, u16) = connection
        .prepare_cached("SELECT sequence, kind, version FROM change WHERE n = ?1")?
        .query_row([n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let verdict = place.verdicts.iter().find(|entry| signed(entry.sequence) == sequence).map(|entry| entry.verdict);
    let standing = match verdict {
        Some(Verdict::DuplicateOfEarlier) => Standing::Doubled as i64,
        None | Some(Verdict::NotErased) if !understands(kind, version) => Standing::Inbox as i64,
        None | Some(Verdict::NotErased) => Standing::Counts as i64,
        Some(_) => Standing::Refused as i64,
    };
    let moved = connection
        .prepare_cached(
            "UPDATE change SET log_index = ?2, state = ?3, verdict = ?4, received_ms = ?5
             WHERE n = ?1 AND (log_index IS NOT ?2 OR state <> ?3 OR verdict IS NOT ?4 OR received_ms IS NOT ?5)",
        )?
        .execute(params![n, signed(place.index), standing, verdict.map(wire_number), signed(place.received_ms)])?;
    match moved {
        0 => Ok(Vec::new()),
        _ => change::touches(connection, n),
    }
}

fn rows_between(connection: &Connection, chain: i64, first: u64, last: u64) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT n FROM change WHERE chain = ?1 AND sequence BETWEEN ?2 AND ?3 AND state <> 5 ORDER BY sequence",
    )?;
    let rows = statement.query_map(params![chain, signed(first), signed(last)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Another's batch that a restored server did not take, since it holds another one at its place.
fn displace(connection: &Connection, chain: &ReceiptChain, receipt: &Receipt) -> Result<Vec<EntityRef>> {
    let mut dirty = Vec::new();
    for n in rows_between(connection, chain.n, receipt.first_sequence, receipt.last_sequence)? {
        let moved = connection
            .prepare_cached("UPDATE change SET state = ?2 WHERE n = ?1 AND log_index IS NULL")?
            .execute(params![n, Standing::Displaced as i64])?;
        if moved > 0 {
            dirty.extend(change::touches(connection, n)?);
        }
    }
    Ok(dirty)
}
