//! What the plan rests on: what the store holds, and what this exchange has learnt.

use std::collections::HashMap;

use sync::hash::Hash;
use sync::message::Item;
use sync::plan::{BatchUpload, EditionDownload, Facts, PhotoUpload, Progress, ServerFacts, WantedPhoto};

use super::cycle::{Cycle, Reach};
use crate::error::Result;

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
    changes: u32,
    token_renewals: u32,
}

impl Known {
    pub fn set(&mut self, hash: Hash, progress: Progress) {
        if self.progress.insert(hash, progress) != Some(progress) {
            self.changes += 1;
        }
    }

    pub fn set_server(&mut self, server: ServerFacts) {
        if self.server.replace(server) != Some(server) {
            self.changes += 1;
        }
    }

    /// How often anything new was learnt.
    pub fn changes(&self) -> u32 {
        self.changes
    }

    pub fn may_renew_token(&mut self) -> bool {
        self.token_renewals += 1;
        self.token_renewals <= TOKEN_RENEWALS
    }

    /// A chain is offered again: what was learnt of its batches no longer holds.
    pub fn forget_batches(&mut self) {
        self.progress.clear();
        self.changes += 1;
    }
}

/// The store's part.
struct Held {
    facts: store::SyncFacts,
    batches: Vec<Item>,
    photos: Vec<PhotoUpload>,
    wanted: Vec<WantedPhoto>,
    edition: Option<EditionDownload>,
}

impl Cycle {
    pub async fn facts(&mut self) -> Result<Facts> {
        let reach = self.reach;
        let held = self
            .on_store(move |store| {
                let up = reach == Reach::Everything;
                Ok(Held {
                    facts: store.sync_facts()?,
                    batches: if up { store.waiting_batches(BATCHES_AT_ONCE)? } else { Vec::new() },
                    photos: if up { store.waiting_photos()? } else { Vec::new() },
                    wanted: if up { store.wanted_photos(PHOTOS_WANTED)? } else { Vec::new() },
                    edition: store.edition_download()?,
                })
            })
            .await?;
        self.count_what_is_left(&held);
        let progress_of = |hash: &Hash| self.known.progress.get(hash).copied().unwrap_or(Progress::Unannounced);
        let batch = |item: Item| BatchUpload { progress: progress_of(&item.hash), item };
        let photo = |photo: PhotoUpload| PhotoUpload { progress: progress_of(&photo.hash), ..photo };
        let to_be_had = |photo: &WantedPhoto| !self.known.not_to_be_had.contains(&photo.hash);
        Ok(Facts {
            now_ms: self.app.now_ms(),
            wait_until_ms: None,
            piece_bytes: self.piece.bytes(),
            log_known: held.facts.log,
            server: self.known.server,
            offered_to: held.facts.offered_to,
            forked: held.facts.forked,
            batches: held.batches.into_iter().map(batch).collect(),
            photos: held.photos.into_iter().map(photo).collect(),
            cursor: held.facts.cursor,
            edition_held: held.facts.edition,
            edition_download: held.edition,
            photos_wanted: held.wanted.into_iter().filter(to_be_had).collect(),
        })
    }

    fn count_what_is_left(&mut self, held: &Held) {
        let left = |hash: &Hash, bytes: u64| match self.known.progress.get(hash) {
            Some(Progress::Wanted { held }) => bytes.saturating_sub(*held),
            Some(Progress::Settled | Progress::NotNow) => 0,
            Some(Progress::Unannounced) | None => bytes,
        };
        let batches: u64 = held.batches.iter().map(|item| left(&item.hash, item.bytes)).sum();
        let photos: u64 = held.photos.iter().map(|photo| left(&photo.hash, photo.bytes)).sum();
        let pieces = held.edition.iter().flat_map(|edition| &edition.pieces);
        let (here, all) = pieces.fold((0, 0), |(here, all), piece| (here + piece.held, all + piece.bytes));
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.progress.batches_left = count(held.batches.len());
        self.progress.photos_left = count(held.photos.len());
        self.progress.register_bytes = here;
        self.progress.register_bytes_total = all;
        self.progress.bytes_left = batches + photos + (all - here);
    }
}
