//! What the plan rests on: what the store holds, and what this exchange has learnt.

use std::collections::{HashMap, HashSet};

use sync::hash::Hash;
use sync::plan::{Facts, Progress, ServerFacts};

use super::cycle::{Cycle, Reach};
use crate::error::{AppError, Code, Result};

/// More batches than that are not looked at in one exchange's step; the rest follow.
const BATCHES_AT_ONCE: usize = 256;
const PHOTOS_WANTED: u32 = 64;
/// A token is renewed so often in one exchange; then the server means something else.
const TOKEN_RENEWALS: u32 = 4;

/// What this exchange has learnt. It starts empty each time: the server may be another one by now.
#[derive(Default)]
pub(super) struct Known {
    pub server: Option<ServerFacts>,
    /// By transfer hash.
    pub progress: HashMap<Hash, Progress>,
    /// Photos that the server has not got, or that are of no use: not asked for again.
    pub not_to_be_had: Vec<Hash>,
    /// What moved; see [`Known::moved`].
    moved: u64,
    /// The most bytes of an item that the server was known to hold.
    held_most: HashMap<Hash, u64>,
    ended: HashSet<Hash>,
    /// Why the register edition is left for another exchange.
    register_failed: Option<AppError>,
    /// Why nothing more is fetched in this exchange.
    down_failed: Option<AppError>,
    token_renewals: u32,
    announced_again: bool,
}

impl Known {
    pub fn set(&mut self, hash: Hash, progress: Progress) {
        self.progress.insert(hash, progress);
        let is_new = match progress {
            Progress::Unannounced => false,
            Progress::Wanted { held } => self.held_most.insert(hash, held.max(self.held_most(&hash))) < Some(held),
            Progress::NotNow | Progress::Settled => self.ended.insert(hash),
        };
        self.moved += u64::from(is_new);
    }

    fn held_most(&self, hash: &Hash) -> u64 {
        self.held_most.get(hash).copied().unwrap_or(0)
    }

    /// Something came down that was not here before.
    pub fn note_gain(&mut self) {
        self.moved += 1;
    }

    /// How often anything moved for the first time: an item got further than it ever was in this exchange, something
    /// new came down. What goes back and forth between two sides counts once.
    pub fn moved(&self) -> u64 {
        self.moved
    }

    pub fn may_renew_token(&mut self) -> bool {
        self.token_renewals += 1;
        self.token_renewals <= TOKEN_RENEWALS
    }

    /// Once in an exchange: a server that was set back takes another log id then, or never.
    pub fn may_announce_again(&mut self) -> bool {
        !std::mem::replace(&mut self.announced_again, true)
    }

    /// The edition is left for another exchange; everything else goes on.
    ///
    /// # Errors
    /// What ends an exchange at once.
    pub fn put_off_register(&mut self, error: AppError) -> Result<()> {
        put_off(&mut self.register_failed, error)
    }

    /// Nothing more is fetched; what goes up goes on.
    ///
    /// # Errors
    /// What ends an exchange at once.
    pub fn put_off_down(&mut self, error: AppError) -> Result<()> {
        put_off(&mut self.down_failed, error)
    }

    /// # Errors
    /// The failure that was put off.
    pub fn what_failed(&mut self) -> Result<()> {
        match self.down_failed.take().or(self.register_failed.take()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// A chain is offered again: what was learnt of its batches no longer holds.
    pub fn forget_batches(&mut self) {
        self.progress.clear();
    }
}

fn put_off(place: &mut Option<AppError>, error: AppError) -> Result<()> {
    if matches!(error.code, Code::SyncStopped | Code::ProfileLocked) {
        return Err(error);
    }
    tracing::warn!(code = error.code.as_str(), "left for another exchange");
    *place = Some(error);
    Ok(())
}

impl Cycle {
    /// What the store holds, with what this exchange has learnt written into it.
    pub async fn facts(&mut self) -> Result<Facts> {
        let now_ms = self.app.now_ms();
        let facts = self.on_store(move |store| Ok(store.plan_facts(now_ms, BATCHES_AT_ONCE, PHOTOS_WANTED)?)).await?;
        let mut facts = Facts { piece_bytes: self.piece.bytes(), server: self.known.server, ..facts };
        if self.reach == Reach::Down {
            facts.batches.clear();
            facts.photos.clear();
            facts.photos_wanted.clear();
        }
        if self.known.register_failed.is_some() || self.known.down_failed.is_some() {
            facts.edition_download = None;
            let held = facts.edition_held;
            facts.server = facts.server.map(|server| ServerFacts { edition: server.edition.map(|_| held), ..server });
        }
        if self.known.down_failed.is_some() {
            let (held, cursor) = (facts.edition_held, facts.cursor);
            let nothing_new =
                |server: ServerFacts| ServerFacts { edition: Some(held), head: server.head.min(cursor), ..server };
            facts.server = facts.server.map(nothing_new);
            facts.photos_wanted.clear();
        }
        let progress_of = |hash: &Hash| self.known.progress.get(hash).copied().unwrap_or(Progress::Unannounced);
        facts.batches.iter_mut().for_each(|batch| batch.progress = progress_of(&batch.item.hash));
        facts.photos.iter_mut().for_each(|photo| photo.progress = progress_of(&photo.hash));
        facts.photos_wanted.retain(|photo| !self.known.not_to_be_had.contains(&photo.hash));
        self.count_what_is_left(&facts);
        Ok(facts)
    }

    fn count_what_is_left(&mut self, facts: &Facts) {
        let left = |hash: &Hash, bytes: u64| match self.known.progress.get(hash) {
            Some(Progress::Wanted { held }) => bytes.saturating_sub(*held),
            Some(Progress::Settled | Progress::NotNow) => 0,
            Some(Progress::Unannounced) | None => bytes,
        };
        let batches: u64 = facts.batches.iter().map(|batch| left(&batch.item.hash, batch.item.bytes)).sum();
        let photos: u64 = facts.photos.iter().map(|photo| left(&photo.hash, photo.bytes)).sum();
        let pieces = facts.edition_download.iter().flat_map(|edition| &edition.pieces);
        let (here, all) = pieces.fold((0, 0), |(here, all), piece| (here + piece.held, all + piece.bytes));
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.progress.batches_left = count(facts.batches.len());
        self.progress.photos_left = count(facts.photos.len());
        self.progress.register_bytes = here;
        self.progress.register_bytes_total = all;
        self.progress.bytes_left = batches + photos + (all - here);
    }
}
