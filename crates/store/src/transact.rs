//! The one door through which changes are made.

use std::sync::Arc;

use domain::change::{Body, EntityRef, PhotoRef};
use domain::id::ChangeId;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sync::batch::{self, SALT_BYTES};
use sync::keys::fill_random;

use crate::change::NewChange;
use crate::error::{Result, StoreError};
use crate::profile::Profile;
use crate::row::signed;
use crate::store::Store;
use crate::{chain, change, clock, fold, photo, setting};

/// A screen asks again at once, or after a restart.
const ANSWERS_KEPT_MS: u64 = 7 * 86_400_000;

/// What an officer did, before it has author, time and place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Fresh. The same draft given twice is one change: a screen that lost the answer may ask again.
    pub id: ChangeId,
    pub entity: EntityRef,
    pub body: Body,
    /// Photos kept before with [`Store::keep_photo`].
    pub photos: Vec<PhotoRef>,
}

impl Draft {
    /// A change without photos.
    pub fn new(now_ms: u64, entity: EntityRef, body: Body) -> Self {
        Self { id: ChangeId(crate::fresh::uuid(now_ms)), entity, body, photos: Vec::new() }
    }
}

impl Store {
    /// Makes changes: the changes, the rows that follow from them and the chain's head are committed together, durable
    /// when this returns, or nothing is.
    ///
    /// # Errors
    /// `NotEnrolled`; `RoleMayNot`, `WrongEntity` for a draft that no log would accept; `ChangeIdTaken`;
    /// `PhotoMissing`; `Wire(TooLarge)` for a change that no batch could carry; `DiskFull`.
    pub fn transact(&self, now_ms: u64, drafts: Vec<Draft>) -> Result<Vec<ChangeId>> {
        let profile = self.checked(&drafts)?;
        let ids = drafts.iter().map(|draft| draft.id).collect();
        self.write(|connection| author(connection, &profile, now_ms, drafts, self.understands))?;
        Ok(ids)
    }

    /// As [`Store::transact`], for a command that may be asked again: `once` is the id of one of the drafts, and `answer` is
    /// kept with them. Where that change was made before, nothing is made and the answer of then comes back.
    ///
    /// # Errors
    /// As [`Store::transact`]; `ChangeIdTaken` also where the answer of then is no longer kept.
    pub fn transact_once(
        &self,
        now_ms: u64,
        once: ChangeId,
        drafts: Vec<Draft>,
        answer: &str,
    ) -> Result<Option<String>> {
        let profile = self.checked(&drafts)?;
        self.write(|connection| {
            if let Some(earlier) = kept_answer(connection, once)? {
                return Ok(Some(earlier));
            }
            if change::find(connection, once)?.is_some() {
                return Err(StoreError::ChangeIdTaken);
            }
            author(connection, &profile, now_ms, drafts, self.understands)?;
            connection
                .prepare_cached("DELETE FROM answer WHERE made_ms < ?1 OR made_ms > ?2")?
                .execute([signed(now_ms.saturating_sub(ANSWERS_KEPT_MS)), signed(now_ms + ANSWERS_KEPT_MS)])?;
            connection
                .prepare_cached("INSERT INTO answer (change, made_ms, json) VALUES (?1, ?2, ?3)")?
                .execute(params![once.as_bytes(), signed(now_ms), answer])?;
            Ok(None)
        })
    }

    /// The answer that was kept with a change; `None` where there is none, or no longer.
    ///
    /// # Errors
    /// What the disk says.
    pub fn answer(&self, once: ChangeId) -> Result<Option<String>> {
        self.read(|connection| kept_answer(connection, once))
    }

    fn checked(&self, drafts: &[Draft]) -> Result<Arc<Profile>> {
        let profile = self.enrolled()?;
        for draft in drafts {
            check(&profile, draft)?;
        }
        let photos: Vec<&PhotoRef> = drafts.iter().flat_map(|draft| &draft.photos).collect();
        photo::require(&self.photos(), &photos)?;
        Ok(profile)
    }
}

fn kept_answer(connection: &Connection, once: ChangeId) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached("SELECT json FROM answer WHERE change = ?1")?
        .query_row([once.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// What certificate and bytes decide is refused here already, where someone can still mend it.
fn check(profile: &Profile, draft: &Draft) -> Result<()> {
    let kind = draft.body.kind();
    if !profile.role.may_author(kind) {
        return Err(StoreError::RoleMayNot { kind });
    }
    if !draft.body.stands_on(draft.entity.kind) {
        return Err(StoreError::WrongEntity { kind });
    }
    Ok(())
}

fn author(
    connection: &Connection,
    profile: &Profile,
    now_ms: u64,
    drafts: Vec<Draft>,
    understands: change::Understands,
) -> Result<()> {
    let chain = chain::own(connection)?;
    let edition = setting::number(connection, setting::EDITION)?;
    let seen = setting::number(connection, setting::FEED_INDEX)?;
    let mut clock_set_back_ms = None;
    let mut sequence = chain.last_sequence;
    let mut dirty = Vec::new();
    for draft in drafts {
        if is_known(connection, &draft)? {
            continue;
        }
        if sequence == chain.last_sequence {
            clock_set_back_ms = clock::advance(connection, now_ms)?;
        }
        sequence += 1;
        let mut salt = [0; SALT_BYTES];
        fill_random(&mut salt);
        let photos = draft.photos;
        let wire_draft = batch::Draft {
            id: draft.id,
            entity: draft.entity,
            edition: u32::try_from(edition).unwrap_or(u32::MAX),
            seen,
            author: profile.officer,
            wall_clock_ms: now_ms,
            photos: (!photos.is_empty()).then(|| photos.clone()),
            clock_set_back_ms: clock_set_back_ms.take(),
            on_behalf_of: None,
            body: draft.body,
        };
        let sealed = batch::build_change(wire_draft, sequence, salt)?;
        let new = NewChange {
            chain: chain.n,
            log_index: None,
            received_ms: None,
            verdict: None,
            role: profile.role,
            device: profile.device,
            header: &sealed.header,
            header_bytes: &sealed.header_bytes,
            salted_body: &sealed.salted_body,
        };
        dirty.extend(change::insert(connection, &new, understands)?);
        photo::mark_own(connection, &photos)?;
    }
    chain::move_head(connection, chain.n, sequence)?;
    fold::refold(connection, dirty)
}

/// Whether exactly this draft was made into a change before.
fn is_known(connection: &Connection, draft: &Draft) -> Result<bool> {
    let Some(held) = change::find(connection, draft.id)? else { return Ok(false) };
    let photos = held.header.photos.unwrap_or_default();
    let same_body = held.salted_body.get(SALT_BYTES..).is_some_and(|body| body == draft.body.encode());
    match held.header.entity == draft.entity && photos == draft.photos && same_body {
        true => Ok(true),
        false => Err(StoreError::ChangeIdTaken),
    }
}
