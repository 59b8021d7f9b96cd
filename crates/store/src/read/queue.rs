//! What waits to be sent, what came back, and what the plan of a session rests on.

use domain::change::{EntityKind, EntityRef};
use domain::id::{ChainId, ChangeId, HouseholdId, PersonId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sync::message::Item;
use sync::plan::{BatchUpload, Facts, Progress};

use super::Window;
use crate::error::Result;
use crate::intake::{edition, log};
use crate::row::{entity, id, id_or_null, signed, unsigned, unsigned_or_null};
use crate::store::Store;
use crate::{chain, change, setting};

/// The status line: what waits, and when the last receipt came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct QueueStatus {
    /// Changes that no receipt answers yet.
    #[ts(type = "number")]
    pub changes_waiting: u64,
    #[ts(type = "number")]
    pub batches_waiting: u64,
    #[ts(type = "number")]
    pub photos_waiting: u64,
    #[ts(type = "number")]
    pub photo_bytes_waiting: u64,
    #[ts(type = "number")]
    pub access_waiting: u64,
    /// By the server's clock.
    #[ts(type = "number | null")]
    pub last_receipt_ms: Option<u64>,
    #[ts(type = "number | null")]
    pub last_receipt_index: Option<u64>,
    /// Own changes that the server refused.
    #[ts(type = "number")]
    pub refused: u64,
    #[ts(type = "number")]
    pub quarantined_batches: u64,
    /// Changes of later versions, which wait for the upgrade.
    #[ts(type = "number")]
    pub not_understood: u64,
    /// What was erased is out of every list, and not yet out of the files: the disk had no room for it.
    pub erasure_unfinished: bool,
    #[ts(type = "number")]
    pub feed_index: u64,
    #[ts(type = "number")]
    pub log_head: u64,
    #[ts(type = "number")]
    pub edition: u64,
    #[ts(type = "number")]
    pub edition_in_force: u64,
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchStanding {
    Sealed,
    Stored,
    Forked,
    Quarantined,
    /// A later chain carries its changes.
    Replaced,
}

/// An own change that the server refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RefusedChange {
    pub change: ChangeId,
    pub kind: u16,
    /// The number of the verdict on the wire.
    pub verdict: u16,
    pub entity: EntityRef,
    /// Whom it is about, where someone here is.
    pub person: Option<PersonId>,
    /// The house that it leads to, where it is here.
    pub household: Option<HouseholdId>,
}

/// So many changes of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KindCount {
    pub kind: u16,
    pub changes: u32,
}

/// One own batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct QueueBatch {
    pub chain: ChainId,
    #[ts(type = "number")]
    pub first_sequence: u64,
    #[ts(type = "number")]
    pub last_sequence: u64,
    /// What is in it, the most frequent first.
    pub kinds: Vec<KindCount>,
    pub standing: BatchStanding,
    #[ts(type = "number")]
    pub sealed_ms: u64,
    #[ts(type = "number | null")]
    pub transfer_bytes: Option<u64>,
    #[ts(type = "number | null")]
    pub log_index: Option<u64>,
    #[ts(type = "number | null")]
    pub receipted_ms: Option<u64>,
    pub refused: Vec<RefusedChange>,
}

impl Store {
    /// What waits and what came back.
    ///
    /// # Errors
    /// What the disk says.
    pub fn queue_status(&self) -> Result<QueueStatus> {
        self.read(|connection| {
            let count = |sql: &str| -> Result<u64> {
                Ok(connection.prepare_cached(sql)?.query_row([], |row| unsigned(row, 0))?)
            };
            let last_receipt = connection
                .prepare_cached(
                    "SELECT receipted_ms, log_index FROM batch JOIN chain ON chain.n = batch.chain
                     WHERE is_own AND receipted_ms IS NOT NULL ORDER BY receipted_ms DESC, batch.n DESC LIMIT 1",
                )?
                .query_row([], |row| Ok((unsigned_or_null(row, 0)?, unsigned_or_null(row, 1)?)))
                .optional()?
                .unwrap_or_default();
            Ok(QueueStatus {
                changes_waiting: count(
                    "SELECT coalesce((SELECT last_sequence - sealed_sequence FROM chain WHERE is_open), 0)
                         + coalesce(sum(batch.last_sequence - first_sequence + 1), 0)
                     FROM batch JOIN chain ON chain.n = batch.chain WHERE is_open AND batch.state IN (1, 3)",
                )?,
                batches_waiting: count("SELECT count(*) FROM batch WHERE is_offered")?,
                photos_waiting: count("SELECT count(*) FROM photo WHERE upload = 1 AND is_here")?,
                photo_bytes_waiting: count("SELECT coalesce(sum(bytes), 0) FROM photo WHERE upload = 1 AND is_here")?,
                access_waiting: count(
                    "SELECT count(*) FROM access JOIN access_chain ON access_chain.n = access.chain
                     WHERE sequence > stored_through",
                )?,
                last_receipt_ms: last_receipt.0,
                last_receipt_index: last_receipt.1,
                refused: count(
                    "SELECT count(*) FROM change JOIN chain ON chain.n = change.chain WHERE state = 3 AND is_own",
                )?,
                quarantined_batches: count("SELECT count(*) FROM batch WHERE state = 4")?,
                not_understood: count("SELECT count(*) FROM change WHERE state = 2")?,
                erasure_unfinished: setting::number(connection, setting::SCRUB_WANTED)? > 0,
                feed_index: setting::number(connection, setting::FEED_INDEX)?,
                log_head: setting::number(connection, setting::LOG_HEAD)?,
                edition: setting::number(connection, setting::EDITION)?,
                edition_in_force: setting::number(connection, setting::EDITION_IN_FORCE)?,
            })
        })
    }

    /// Own batches, the latest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn queue_batches(&self, window: Window) -> Result<Vec<QueueBatch>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT chain.n, chain.id, first_sequence, batch.last_sequence, batch.state, sealed_ms, transfer_bytes,
                        log_index, receipted_ms
                 FROM batch JOIN chain ON chain.n = batch.chain WHERE is_own ORDER BY batch.n DESC LIMIT ?1 OFFSET ?2",
            )?;
            let mut rows = statement.query(params![signed(window.limit.into()), signed(window.offset.into())])?;
            let mut batches = Vec::new();
            while let Some(row) = rows.next()? {
                let (first_sequence, last_sequence) = (unsigned(row, 2)?, unsigned(row, 3)?);
                batches.push(QueueBatch {
                    chain: id(row, 1)?,
                    first_sequence,
                    last_sequence,
                    kinds: kinds(connection, row.get(0)?, first_sequence, last_sequence)?,
                    standing: standing_of(row.get(4)?),
                    sealed_ms: unsigned(row, 5)?,
                    transfer_bytes: unsigned_or_null(row, 6)?,
                    log_index: unsigned_or_null(row, 7)?,
                    receipted_ms: unsigned_or_null(row, 8)?,
                    refused: refused(connection, row.get(0)?, first_sequence, last_sequence)?,
                });
            }
            Ok(batches)
        })
    }

    /// What the plan of a session rests on, as far as the files tell: at most `most_batches` of those that wait, and
    /// `most_photos` of those that are wanted. Progress, the server's words and the pace are the session's to fill in.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn plan_facts(&self, now_ms: u64, most_batches: usize, most_photos: u32) -> Result<Facts> {
        let batches = self.waiting_batches(most_batches)?;
        let photos = self.waiting_photos()?;
        let photos_wanted = self.wanted_photos(most_photos)?;
        let edition_download = self.edition_download()?;
        self.read(|connection| {
            let own = chain::own(connection)?;
            let forked = match log::is_forked(connection, own.n)? {
                true => Some(chain::replacement(connection, &own)?),
                false => None,
            };
            let cursor = setting::number(connection, setting::FEED_INDEX)?;
            Ok(Facts {
                now_ms,
                log_known: log::known(connection)?,
                offered_to: setting::id_of(connection, setting::OFFERED_TO)?,
                forked,
                batches: batches.into_iter().map(unannounced).collect(),
                photos,
                cursor,
                edition_held: edition::number_held(connection)?,
                edition_download,
                photos_wanted,
                ..Facts::default()
            })
        })
    }
}

fn unannounced(item: Item) -> BatchUpload {
    BatchUpload { item, progress: Progress::Unannounced }
}

fn standing_of(number: i64) -> BatchStanding {
    match number {
        1 => BatchStanding::Sealed,
        2 => BatchStanding::Stored,
        3 => BatchStanding::Forked,
        4 => BatchStanding::Quarantined,
        _ => BatchStanding::Replaced,
    }
}

fn kinds(connection: &Connection, chain: i64, first: u64, last: u64) -> Result<Vec<KindCount>> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, count(*) FROM change WHERE chain = ?1 AND sequence BETWEEN ?2 AND ?3
         GROUP BY kind ORDER BY count(*) DESC, kind",
    )?;
    let rows = statement.query_map(params![chain, signed(first), signed(last)], |row| {
        Ok(KindCount { kind: row.get(0)?, changes: row.get(1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn refused(connection: &Connection, chain: i64, first: u64, last: u64) -> Result<Vec<RefusedChange>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, verdict, entity_kind, entity, n FROM change
         WHERE chain = ?1 AND sequence BETWEEN ?2 AND ?3 AND state = 3 ORDER BY sequence",
    )?;
    let mut rows = statement.query(params![chain, signed(first), signed(last)])?;
    let mut refused = Vec::new();
    while let Some(row) = rows.next()? {
        let (person, household) = leads_to(connection, row.get(5)?)?;
        refused.push(RefusedChange {
            change: id(row, 0)?,
            kind: row.get(1)?,
            verdict: row.get(2)?,
            entity: entity(row, 3)?,
            person,
            household,
        });
    }
    Ok(refused)
}

/// The person and the household that a change was about, as far as they are here. A refused change is in no fold, so
/// what it alone would have made is not.
fn leads_to(connection: &Connection, change: i64) -> Result<(Option<PersonId>, Option<HouseholdId>)> {
    let about = change::about(connection, change)?;
    let of = |kind| about.iter().filter(move |entity| entity.kind == kind).map(|entity| entity.id);
    let (mut person, mut home, mut household) = (None, None, None);
    for named in of(EntityKind::Person) {
        let here: Option<(PersonId, Option<HouseholdId>)> = connection
            .prepare_cached("SELECT id, household FROM person WHERE id = ?1")?
            .query_row([named.as_bytes()], |row| Ok((id(row, 0)?, id_or_null(row, 1)?)))
            .optional()?;
        if let (None, Some((found, lives_in))) = (person, here) {
            (person, home) = (Some(found), lives_in);
        }
    }
    for named in of(EntityKind::Household) {
        let here: Option<HouseholdId> = connection
            .prepare_cached("SELECT id FROM household WHERE id = ?1")?
            .query_row([named.as_bytes()], |row| id(row, 0))
            .optional()?;
        household = household.or(here);
    }
    Ok((person, household.or(home)))
}
