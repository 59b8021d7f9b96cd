//! What goes up: announced first, then put piece by piece from where the server stands.

use super::{Facts, Step};
use crate::hash::Hash;
use crate::message::{Item, ItemKind, Waiting};

/// An announcement names at most this many items.
pub const MAX_ANNOUNCED_ITEMS: usize = 128;

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not announced in this session.
    Unannounced,
    /// The server wants it from this offset.
    Wanted { held: u64 },
    /// The server has no use for it now; it is announced again in the next session.
    NotNow,
    /// Receipted or stored.
    Settled,
}

/// A sealed batch without a receipt, or one offered again to a restored server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchUpload {
    /// Of kind `Batch`.
    pub item: Item,
    pub progress: Progress,
}

/// A photo that the server has not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoUpload {
    pub hash: Hash,
    pub bytes: u64,
    /// The crop that proves one field, rather than the whole picture.
    pub is_crop: bool,
    /// An open correction names it.
    pub needed_by_reviewers: bool,
    pub progress: Progress,
}

impl PhotoUpload {
    fn item(&self) -> Item {
        Item {
            kind: ItemKind::Photo,
            hash: self.hash,
            bytes: self.bytes,
            chain: None,
            first_sequence: None,
            last_sequence: None,
            hash_after: None,
        }
    }

    fn is_urgent(&self) -> bool {
        self.is_crop && self.needed_by_reviewers
    }

    /// Small first.
    fn rank(&self) -> (bool, bool, bool, u64, Hash) {
        (!self.is_urgent(), !self.is_crop, !self.needed_by_reviewers, self.bytes, self.hash)
    }
}

/// The announcement that opens a session: of batches, or where there are none, of photos.
pub(super) fn announce(facts: &Facts) -> Step {
    let batches = announceable_batches(facts);
    let items = if batches.is_empty() { announceable_photos(facts, |_| true) } else { batches };
    announcement(facts, items)
}

/// The next step for batches: strictly in order, and past a chain whose earlier batch is not wanted now.
pub(super) fn next_batch(facts: &Facts) -> Option<Step> {
    let batch = sendable_batches(facts).next()?;
    match batch.progress {
        Progress::Unannounced => Some(announcement(facts, announceable_batches(facts))),
        Progress::Wanted { held } => Some(put(&batch.item, held, facts.piece_bytes)),
        Progress::NotNow | Progress::Settled => None,
    }
}

/// The next step for the crops that reviewers wait for.
pub(super) fn next_urgent_photo(facts: &Facts) -> Option<Step> {
    next_photo_of(facts, PhotoUpload::is_urgent)
}

/// The next step for all other photos.
pub(super) fn next_photo(facts: &Facts) -> Option<Step> {
    next_photo_of(facts, |_| true)
}

fn next_photo_of(facts: &Facts, wanted: impl Fn(&PhotoUpload) -> bool) -> Option<Step> {
    let sendable = |photo: &&PhotoUpload| matches!(photo.progress, Progress::Unannounced | Progress::Wanted { .. });
    let photo = facts.photos.iter().filter(sendable).filter(|photo| wanted(photo)).min_by_key(|photo| photo.rank())?;
    match photo.progress {
        Progress::Wanted { held } => Some(put(&photo.item(), held, facts.piece_bytes)),
        _ => Some(announcement(facts, announceable_photos(facts, wanted))),
    }
}

fn put(item: &Item, held: u64, piece_bytes: u64) -> Step {
    let offset = held.min(item.bytes);
    Step::PutPiece { kind: item.kind, item: item.hash, offset, len: piece_bytes.max(1).min(item.bytes - offset) }
}

/// Unsettled batches, without those that would leave a gap behind one that is not wanted now.
fn sendable_batches(facts: &Facts) -> impl Iterator<Item = &BatchUpload> {
    let mut blocked = Vec::new();
    facts.batches.iter().filter(move |batch| {
        if batch.progress == Progress::NotNow {
            blocked.push(batch.item.chain);
        }
        batch.progress != Progress::Settled && !blocked.contains(&batch.item.chain)
    })
}

fn announceable_batches(facts: &Facts) -> Vec<Item> {
    sendable_batches(facts)
        .filter(|batch| batch.progress == Progress::Unannounced)
        .take(MAX_ANNOUNCED_ITEMS)
        .map(|batch| batch.item.clone())
        .collect()
}

fn announceable_photos(facts: &Facts, wanted: impl Fn(&PhotoUpload) -> bool) -> Vec<Item> {
    let mut photos: Vec<&PhotoUpload> =
        facts.photos.iter().filter(|photo| photo.progress == Progress::Unannounced && wanted(photo)).collect();
    photos.sort_by_key(|photo| photo.rank());
    photos.into_iter().take(MAX_ANNOUNCED_ITEMS).map(PhotoUpload::item).collect()
}

fn announcement(facts: &Facts, items: Vec<Item>) -> Step {
    let announced = |kind| items.iter().filter(|item| item.kind == kind).count() as u64;
    let open_batches = facts.batches.iter().filter(|batch| batch.progress != Progress::Settled).count() as u64;
    let open_photos = || facts.photos.iter().filter(|photo| photo.progress != Progress::Settled);
    let announced_photo_bytes: u64 =
        items.iter().filter(|item| item.kind == ItemKind::Photo).map(|item| item.bytes).sum();
    let waiting = Waiting {
        batches: open_batches - announced(ItemKind::Batch),
        photos: open_photos().count() as u64 - announced(ItemKind::Photo),
        photo_bytes: open_photos().map(|photo| photo.bytes).sum::<u64>() - announced_photo_bytes,
    };
    Step::Announce { items, waiting }
}
