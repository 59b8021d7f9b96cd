//! What comes down: the feed to its head, the register edition in force, photos that open corrections need.

use super::{Facts, ServerFacts, Step};
use crate::hash::Hash;

/// An edition whose manifest is here and whose pieces are on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionDownload {
    pub edition: u32,
    /// In the manifest's order.
    pub pieces: Vec<PieceDownload>,
}

/// One compressed piece. It is done when `held` is `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceDownload {
    pub hash: Hash,
    pub bytes: u64,
    pub held: u64,
}

/// A photo to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedPhoto {
    pub hash: Hash,
    pub bytes: u64,
    pub held: u64,
}

/// The feed first (it also says which edition is in force), then the edition. `None` where both are current, or where
/// every piece is here and only has to be taken in.
pub(super) fn next_of_register(facts: &Facts, server: &ServerFacts) -> Option<Step> {
    let Some(edition) = server.edition.filter(|_| facts.cursor >= server.head) else {
        return Some(Step::FetchFeed { after: facts.cursor });
    };
    if edition == 0 || edition == facts.edition_held {
        return None;
    }
    match &facts.edition_download {
        Some(download) if download.edition == edition => {
            download.pieces.iter().find(|piece| piece.held < piece.bytes).map(|piece| Step::FetchPiece {
                hash: piece.hash,
                offset: piece.held,
                len: rest(facts, piece.bytes, piece.held),
            })
        }
        _ => Some(Step::FetchManifest { have: facts.edition_held }),
    }
}

pub(super) fn next_photo(facts: &Facts) -> Option<Step> {
    facts.photos_wanted.iter().find(|photo| photo.held < photo.bytes).map(|photo| Step::FetchPhoto {
        hash: photo.hash,
        offset: photo.held,
        len: rest(facts, photo.bytes, photo.held),
    })
}

fn rest(facts: &Facts, bytes: u64, held: u64) -> u64 {
    facts.piece_bytes.max(1).min(bytes - held)
}
