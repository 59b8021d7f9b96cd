//! Notes and photos: they stand on people, households and dwellings alike.

use serde::{Deserialize, Serialize};

use crate::change::{Body, PhotoAttached, PhotoRef};
use crate::id::{ChangeId, OfficerId};

use super::FoldChange;

/// A note as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct NoteState {
    pub change: ChangeId,
    pub author: OfficerId,
    #[ts(type = "number")]
    pub written_ms: u64,
    pub text: String,
}

/// The photos of one paper as they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PhotoState {
    pub change: ChangeId,
    pub author: OfficerId,
    #[ts(type = "number")]
    pub attached_ms: u64,
    pub photos: Vec<PhotoRef>,
    pub paper: PhotoAttached,
}

/// Takes a note or a photo; `false` for any other change.
pub(super) fn take_remark(
    change: &FoldChange,
    body: &Body,
    notes: &mut Vec<NoteState>,
    photos: &mut Vec<PhotoState>,
) -> bool {
    let header = &change.header;
    match body {
        Body::NoteWritten(note) => notes.push(NoteState {
            change: header.id,
            author: header.author,
            written_ms: header.wall_clock_ms,
            text: note.text.clone(),
        }),
        Body::PhotoAttached(paper) => photos.push(PhotoState {
            change: header.id,
            author: header.author,
            attached_ms: header.wall_clock_ms,
            photos: header.photos.clone().unwrap_or_default(),
            paper: paper.clone(),
        }),
        _ => return false,
    }
    true
}
