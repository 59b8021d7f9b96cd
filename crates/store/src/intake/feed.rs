//! Pages of the unit's log.

use domain::change::{Body, ChangeHeader, EntityRef};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sync::WireError;
use sync::cose;
use sync::feed::{PageRequest, VerifiedEntry, VerifiedPage, verify_page};
use sync::keys::kid_of;
use sync::message::FeedPage;
use sync::message::Verdict;

use super::log;
use super::receipt::{Place, place_change, set_log_index};
use crate::change::{self, NewChange, ReadBody, Standing, Understands};
use crate::error::{Result, StoreError};
use crate::profile::Profile;
use crate::row::signed;
use crate::seal::BatchState;
use crate::store::Store;
use crate::{chain, clock, erasure, fold, setting};

/// What taking a page did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FeedTaken {
    /// The log index up to which it is read now.
    #[ts(type = "number")]
    pub cursor: u64,
    /// Head of the log when the page was made.
    #[ts(type = "number")]
    pub head: u64,
    /// Edition in force, 0 for none.
    pub edition: u32,
    /// Another laptop goes by this device's name, or this file was set back: a new chain was opened, nothing was lost.
    pub chain_renewed: bool,
    /// Changes whose bodies and photos were erased by this page.
    pub erased: u32,
}

impl Store {
    /// What the next page has to answer.
    ///
    /// # Errors
    /// `NotEnrolled`.
    pub fn page_request(&self) -> Result<PageRequest> {
        let profile = self.enrolled()?;
        self.read(|connection| {
            Ok(PageRequest {
                deployment: profile.deployment,
                unit: profile.unit.clone(),
                after: setting::number(connection, setting::FEED_INDEX)?,
                log: log::known(connection)?,
                hash: Some(log::hash_read(connection)?),
                server_key: profile.server_key,
                enrolment_key: profile.enrolment_key,
            })
        })
    }

    /// Takes the page above the cursor: every batch, its verdicts and its erasures, in one transaction. When this
    /// returns, nothing of what the page erased is left in any file of this profile; where the disk has no room for that,
    /// `QueueStatus::erasure_unfinished` says so (see [`Store::finish_erasure`]).
    ///
    /// # Errors
    /// `Wire` for a page that does not hold, `Wire(LogChanged)` and `Wire(LogContradicted)` among them: then everything is
    /// to be offered, or first proved with the next announcement ([`Store::log_proofs`]); the cursor stays.
    pub fn take_feed_page(&self, envelope: &[u8], now_ms: u64) -> Result<FeedTaken> {
        let profile = self.enrolled()?;
        let page = verify_page(envelope, &self.page_request()?)?;
        self.check_receipts(&page, true)?;
        let taken = self.write(|connection| {
            if setting::number(connection, setting::FEED_INDEX)? != page.after {
                let wanted = setting::number(connection, setting::FEED_INDEX)?;
                return Err(StoreError::FeedGap { wanted, found: page.after });
            }
            take(connection, &profile, &page, now_ms, self.understands)
        })?;
        self.finish_erasure();
        Ok(taken)
    }

    /// Takes a page that was carried here by hand: it begins at or below the cursor, and what is here already is passed
    /// over. `None` where it holds nothing new.
    ///
    /// # Errors
    /// As [`Store::take_feed_page`]; `FeedGap` where it begins above the cursor.
    pub fn take_carried_page(&self, envelope: &[u8], now_ms: u64) -> Result<Option<FeedTaken>> {
        let profile = self.enrolled()?;
        let page: FeedPage = cose::verify(envelope, &profile.server_key, profile.deployment)?;
        let own = self.page_request()?;
        let hash = own.hash.filter(|_| page.after == own.after);
        let mut page = verify_page(envelope, &PageRequest { after: page.after, hash, ..own })?;
        self.check_carried(&page)?;
        self.check_receipts(&page, false)?;
        let taken = self.write(|connection| {
            let cursor = setting::number(connection, setting::FEED_INDEX)?;
            if page.after > cursor {
                return Err(StoreError::FeedGap { wanted: cursor, found: page.after });
            }
            page.entries.retain(|entry| entry.index > cursor);
            match page.entries.is_empty() {
                true => Ok(None),
                false => take(connection, &profile, &page, now_ms, self.understands).map(Some),
            }
        })?;
        self.finish_erasure();
        Ok(taken)
    }

    /// A carried page that goes over what was read must say the same of it. One that ends below it is an older file,
    /// unless the server made it after the last page that was read.
    fn check_carried(&self, page: &VerifiedPage) -> Result<()> {
        let contradicts = self.read(|connection| {
            let cursor = setting::number(connection, setting::FEED_INDEX)?;
            let here = page.entries.iter().find(|entry| entry.index == cursor);
            if here.is_some_and(|entry| page.after < cursor && log::hash_read(connection).ok() != Some(entry.log_hash))
            {
                return Ok(true);
            }
            Ok(page.head < cursor && log::mark_made_ms(connection, self)?.is_some_and(|read_ms| read_ms < page.made_ms))
        })?;
        if contradicts { Err(WireError::LogContradicted.into()) } else { Ok(()) }
    }

    /// A receipt of this log gave an index to one batch, and the page has another one there, or (`is_latest`) ends below
    /// it: the server was set back in between. The receipt is kept, to be shown to it.
    fn check_receipts(&self, page: &VerifiedPage, is_latest: bool) -> Result<()> {
        let doubted = self.read(|connection| {
            let mut above = connection.prepare_cached("SELECT receipt FROM batch WHERE log_index > ?1 LIMIT 1")?;
            if is_latest && let Some(receipt) = above.query_row([signed(page.head)], |row| row.get(0)).optional()? {
                return Ok(receipt);
            }
            let mut other = connection.prepare_cached(
                "SELECT receipt FROM batch JOIN chain ON chain.n = batch.chain
                 WHERE log_index = ?1 AND NOT (chain.id = ?2 AND first_sequence = ?3 AND hash_after = ?4)",
            )?;
            let cursor = setting::number(connection, setting::FEED_INDEX)?;
            for entry in page.entries.iter().filter(|entry| entry.index > cursor) {
                let batch = &entry.opened.batch;
                let place = params![
                    signed(entry.index),
                    batch.chain.as_bytes(),
                    signed(batch.first_sequence),
                    batch.hash_after
                ];
                if let Some(receipt) = other.query_row(place, |row| row.get(0)).optional()? {
                    return Ok(receipt);
                }
            }
            Ok(None::<Vec<u8>>)
        })?;
        let Some(receipt) = doubted else { return Ok(()) };
        self.write(|connection| setting::put(connection, setting::LOG_DOUBT, &receipt))?;
        Err(WireError::LogContradicted.into())
    }
}

fn take(
    connection: &Connection,
    profile: &Profile,
    page: &VerifiedPage,
    now_ms: u64,
    understands: Understands,
) -> Result<FeedTaken> {
    let mut intake = Intake { connection, profile, now_ms, understands, dirty: Vec::new(), renewed: false, erased: 0 };
    for (certificate, envelope) in &page.certificates {
        connection
            .prepare_cached("INSERT OR IGNORE INTO certificate (kid, envelope) VALUES (?1, ?2)")?
            .execute(params![kid_of(&certificate.public_key), envelope])?;
    }
    for entry in &page.entries {
        intake.take_entry(entry)?;
    }
    setting::put(connection, setting::LOG, page.log.as_bytes())?;
    setting::put_number(connection, setting::FEED_INDEX, page.next_cursor())?;
    setting::put(connection, setting::LOG_HASH, page.next_hash())?;
    setting::put(connection, setting::LOG_MARK, &page.mark)?;
    if page.next_cursor() == page.head {
        // What was stored once and is not in the log that was read to its head is offered again.
        connection
            .prepare_cached("UPDATE batch SET is_offered = 1 WHERE state = 2 AND log_index IS NULL")?
            .execute([])?;
    }
    setting::put_number(connection, setting::LOG_HEAD, page.head)?;
    setting::put_number(connection, setting::EDITION_IN_FORCE, page.edition.into())?;
    clock::note_server(connection, page.made_ms)?;
    let Intake { dirty, renewed, erased, .. } = intake;
    fold::refold(connection, dirty)?;
    Ok(FeedTaken { cursor: page.next_cursor(), head: page.head, edition: page.edition, chain_renewed: renewed, erased })
}

struct Intake<'a> {
    connection: &'a Connection,
    profile: &'a Profile,
    now_ms: u64,
    understands: Understands,
    dirty: Vec<EntityRef>,
    renewed: bool,
    erased: u32,
}

impl Intake<'_> {
    fn take_entry(&mut self, entry: &VerifiedEntry) -> Result<()> {
        let batch = &entry.opened.batch;
        let is_own = batch.device == self.profile.device;
        let chain = chain::met(self.connection, batch.chain, batch.device, is_own)?;
        let held = self.find_batch(chain, entry)?;
        if is_own && held.is_none() {
            self.renew_if_open(chain)?;
        }
        let row = match held {
            Some(row) => row,
            None => self.insert_batch(chain, entry)?,
        };
        set_log_index(self.connection, row, entry.index)?;
        // An own batch that waits goes on waiting for its receipt; one that was released from quarantine is offered once
        // more, to be given the one it has now.
        self.connection
            .prepare_cached("UPDATE batch SET is_offered = 1 WHERE n = ?1 AND state = 4 AND ?2")?
            .execute(params![row, is_own])?;
        self.connection
            .prepare_cached("UPDATE batch SET state = 2, is_offered = 0 WHERE n = ?1 AND (state = 5 OR NOT ?2)")?
            .execute(params![row, is_own])?;
        for at in 0..entry.opened.headers.len() {
            self.take_change(chain, entry, at)?;
        }
        Ok(())
    }

    /// The log holds a batch of this device's open chain that is not here: someone else goes by this device's name, or
    /// this file was set back to an earlier day. Its sequences are taken; what waits here moves to a chain of its own.
    fn renew_if_open(&mut self, chain: i64) -> Result<()> {
        if chain::own(self.connection)?.n == chain {
            chain::renew(self.connection, self.profile.device, self.now_ms)?;
            self.renewed = true;
        }
        Ok(())
    }

    fn find_batch(&self, chain: i64, entry: &VerifiedEntry) -> Result<Option<i64>> {
        let batch = &entry.opened.batch;
        Ok(self
            .connection
            .prepare_cached("SELECT n FROM batch WHERE chain = ?1 AND first_sequence = ?2 AND hash_after = ?3")?
            .query_row(params![chain, signed(batch.first_sequence), batch.hash_after], |row| row.get(0))
            .optional()?)
    }

    fn insert_batch(&self, chain: i64, entry: &VerifiedEntry) -> Result<i64> {
        let batch = &entry.opened.batch;
        self.connection
            .prepare_cached(
                "INSERT INTO batch (chain, first_sequence, last_sequence, hash_after, envelope, state, is_offered,
                                    sealed_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
            )?
            .execute(params![
                chain,
                signed(batch.first_sequence),
                signed(batch.last_sequence),
                batch.hash_after,
                entry.sealed.envelope.as_bytes(),
                BatchState::Stored as i64,
                signed(batch.made.created_ms),
            ])?;
        let row = self.connection.last_insert_rowid();
        self.connection
            .prepare_cached(
                "UPDATE chain SET last_sequence = max(last_sequence, ?2),
                                  sealed_sequence = max(sealed_sequence, ?2),
                                  sealed_head = CASE WHEN sealed_sequence <= ?2 THEN ?3 ELSE sealed_head END
                 WHERE n = ?1 AND NOT is_open",
            )?
            .execute(params![chain, signed(batch.last_sequence), batch.hash_after])?;
        Ok(row)
    }

    fn take_change(&mut self, chain: i64, entry: &VerifiedEntry, at: usize) -> Result<()> {
        let opened = &entry.opened;
        let (header, header_bytes) = (&opened.headers[at], &opened.header_bytes[at]);
        let verdict = entry.verdicts.iter().find(|entry| entry.sequence == header.sequence).map(|entry| entry.verdict);
        match self.find_change(chain, header, header_bytes)? {
            Some(n) => {
                let place = Place { index: entry.index, received_ms: entry.received_ms, verdicts: &entry.verdicts };
                self.dirty.extend(place_change(self.connection, n, place, self.understands)?);
                self.compare_body(n, header, &opened.salted_bodies[at], verdict)?;
            }
            None => {
                let new = NewChange {
                    chain,
                    log_index: Some(entry.index),
                    received_ms: Some(entry.received_ms),
                    verdict,
                    role: opened.certificate.role,
                    device: opened.batch.device,
                    header,
                    header_bytes,
                    salted_body: match erasure::is_erased(self.connection, header.id)? {
                        true => &[],
                        false => &opened.salted_bodies[at],
                    },
                };
                self.dirty.extend(change::insert(self.connection, &new, self.understands)?);
            }
        }
        if verdict.is_none() {
            self.retire_doubles(header, entry.index)?;
            self.take_effect(header, &opened.salted_bodies[at])?;
        }
        Ok(())
    }

    fn find_change(&self, chain: i64, header: &ChangeHeader, header_bytes: &[u8]) -> Result<Option<i64>> {
        Ok(self
            .connection
            .prepare_cached("SELECT n FROM change WHERE chain = ?1 AND sequence = ?2 AND header = ?3 AND state <> 5")?
            .query_row(params![chain, signed(header.sequence), header_bytes], |row| row.get(0))
            .optional()?)
    }

    /// The log has no body where one is held here: it was erased, unless the server only has not seen the erasure yet.
    /// Or it has one that was missing here, since another laptop brought it to a restored server.
    fn compare_body(
        &mut self,
        n: i64,
        header: &ChangeHeader,
        salted_body: &[u8],
        verdict: Option<Verdict>,
    ) -> Result<()> {
        if !salted_body.is_empty() {
            if !erasure::is_erased(self.connection, header.id)? {
                self.dirty.extend(change::fill_body(self.connection, n, header, salted_body, self.understands)?);
            }
        } else if verdict != Some(Verdict::NotErased) && erasure::erase_body(self.connection, n, &mut self.dirty)? {
            self.erased += 1;
        }
        Ok(())
    }

    /// The same change may wait here under another number, after a chain was renewed.
    fn retire_doubles(&mut self, header: &ChangeHeader, index: u64) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE change SET state = ?3 WHERE id = ?1 AND (log_index IS NULL OR log_index > ?2) AND state IN (1, 2)
             RETURNING n",
        )?;
        let rows = statement
            .query_map(params![header.id.as_bytes(), signed(index), Standing::Doubled as i64], |row| row.get(0))?;
        for n in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
            self.dirty.extend(change::touches(self.connection, n)?);
        }
        Ok(())
    }

    /// What a change does to files rather than to state.
    fn take_effect(&mut self, header: &ChangeHeader, salted_body: &[u8]) -> Result<()> {
        if let ReadBody::Known(body) = change::read_body(header, Some(salted_body), self.understands)?
            && let Body::Erased(erased) = *body
        {
            self.erased += erasure::take(self.connection, header, &erased, &mut self.dirty)?;
        }
        Ok(())
    }
}
