//! What to do next on the line, as data. Nothing here reads, writes, waits or knows the time: the caller gathers
//! [`Facts`], asks [`next_step`], does that one thing, and asks again with the new facts. A cut at any point is only
//! another set of facts.
//!
//! The order: wait out a failure · a forked chain is replaced · announce · batches · crops that reviewers wait for ·
//! after a restore of the server: read again from zero, once it has everything · the feed to its head · the register
//! edition · other photos up · photos down · idle.

mod download;
mod offer;
mod outcome;
mod pace;
mod upload;

use domain::id::LogId;

use crate::hash::Hash;
use crate::message::{Item, ItemKind, ReplacedChain, Waiting};

pub use download::{EditionDownload, PieceDownload, WantedPhoto};
pub use offer::{HeldBatch, offer_order, offer_place};
pub use outcome::{ReceiptOutcome, after_receipt, replacement_for};
pub use pace::{MAX_PIECE_BYTES, MIN_PIECE_BYTES, PieceSize, RETRY_FIRST_MS, RETRY_MOST_MS, retry_at_ms};
pub use upload::{BatchUpload, MAX_ANNOUNCED_ITEMS, PhotoUpload, Progress};

/// Everything the plan rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub now_ms: u64,
    /// Set after a failure by [`retry_at_ms`]; cleared by success.
    pub wait_until_ms: Option<u64>,
    /// Bytes per piece, by [`PieceSize`].
    pub piece_bytes: u64,
    /// The log this device has read; `None` before its first page.
    pub log_known: Option<LogId>,
    /// What the server said in this session; `None` before its first answer.
    pub server: Option<ServerFacts>,
    /// The log to which everything held was put in the queue, after the server's log changed.
    pub offered_to: Option<LogId>,
    /// The chain that a signed receipt called forked and that has not been replaced yet.
    pub forked: Option<ReplacedChain>,
    /// Batches to be sent, in the order of sending: own ones by chain and sequence, or [`offer_order`].
    pub batches: Vec<BatchUpload>,
    /// Photos to be sent, in any order.
    pub photos: Vec<PhotoUpload>,
    /// Log index up to which the feed has been read.
    pub cursor: u64,
    /// Register edition that this device shows, 0 for none.
    pub edition_held: u32,
    pub edition_download: Option<EditionDownload>,
    /// Photos to be fetched, the most wanted first.
    pub photos_wanted: Vec<WantedPhoto>,
}

/// What the server said of the unit's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    pub log: LogId,
    pub head: u64,
    /// Edition in force, 0 for none; `None` until a feed page was read in this session.
    pub edition: Option<u32>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before then.
    WaitUntil {
        at_ms: u64,
    },
    /// Open a new chain that names this one, and sign again, with the same change ids, what has no receipt.
    NewChain {
        replaces: ReplacedChain,
    },
    /// Post an announcement; with no items it asks for the log and its head.
    Announce {
        items: Vec<Item>,
        waiting: Waiting,
    },
    /// Put these bytes of an item. `len` 0: the server holds all bytes; ask for its answer.
    PutPiece {
        kind: ItemKind,
        item: Hash,
        offset: u64,
        len: u64,
    },
    /// The server was restored. Put every batch held, others' included, in the queue in [`offer_order`], and note
    /// `log` as `offered_to`.
    OfferEverything {
        log: LogId,
    },
    /// Everything was offered: set the cursor to zero and take `log` for known. State is folded anew from the feed.
    ReadFromZero {
        log: LogId,
    },
    FetchFeed {
        after: u64,
    },
    /// `have` 0: none.
    FetchManifest {
        have: u32,
    },
    FetchPiece {
        hash: Hash,
        offset: u64,
        len: u64,
    },
    FetchPhoto {
        hash: Hash,
        offset: u64,
        len: u64,
    },
    /// Everything is done.
    Idle,
}

/// The next step.
pub fn next_step(facts: &Facts) -> Step {
    if let Some(at_ms) = facts.wait_until_ms.filter(|at_ms| facts.now_ms < *at_ms) {
        return Step::WaitUntil { at_ms };
    }
    if let Some(replaces) = &facts.forked {
        return Step::NewChain { replaces: replaces.clone() };
    }
    let Some(server) = facts.server else { return upload::announce(facts) };
    let log_changed = facts.log_known.is_some_and(|known| known != server.log);
    if log_changed && facts.offered_to != Some(server.log) {
        return Step::OfferEverything { log: server.log };
    }
    if let Some(step) = upload::next_batch(facts).or_else(|| upload::next_urgent_photo(facts)) {
        return step;
    }
    if log_changed {
        return Step::ReadFromZero { log: server.log };
    }
    download::next_of_register(facts, &server)
        .or_else(|| upload::next_photo(facts))
        .or_else(|| download::next_photo(facts))
        .unwrap_or(Step::Idle)
}
