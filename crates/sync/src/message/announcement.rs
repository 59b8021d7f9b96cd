//! What a device wants to send, how far the server has it, and the small answers. Do not modify.

use domain::id::{ChainId, DeviceId, LogId};
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::{Blob, Hash};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ItemKind {
    #[n(1)]
    Batch,
    #[n(2)]
    Photo,
}

/// One thing to be sent. The last four are there for a batch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Item {
    #[n(0)]
    pub kind: ItemKind,
    /// SHA-256 of the transfer bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Hash,
    #[n(2)]
    pub bytes: u64,
    #[n(3)]
    pub chain: Option<ChainId>,
    #[n(4)]
    pub first_sequence: Option<u64>,
    #[n(5)]
    pub last_sequence: Option<u64>,
    #[cbor(n(6), with = "minicbor::bytes")]
    pub hash_after: Option<Hash>,
}

/// What else waits on the laptop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Waiting {
    #[n(0)]
    pub batches: u64,
    #[n(1)]
    pub photos: u64,
    #[n(2)]
    pub photo_bytes: u64,
}

/// The signed payload of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Announcement {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub unit: Unit,
    #[n(3)]
    pub clock_ms: u64,
    #[n(4)]
    pub log: Option<LogId>,
    #[n(5)]
    pub items: Vec<Item>,
    #[n(6)]
    pub waiting: Waiting,
    #[n(7)]
    pub app_version: String,
    /// Certificates of the authors of these items, for a server restored from an older backup.
    #[n(8)]
    pub certificates: Option<Vec<Blob>>,
    /// A signed [`super::LogMark`]: how far this device has read the log.
    #[n(9)]
    pub mark: Option<Blob>,
    /// A signed receipt of this log that the pages read so far do not bear out: of a batch above them, or of another
    /// batch than they hold.
    #[n(10)]
    pub receipt: Option<Blob>,
}

/// How the server stands to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ItemState {
    #[n(1)]
    Wanted,
    /// A batch that already has its receipt.
    #[n(2)]
    Receipted,
    #[n(3)]
    PhotoStored,
    /// Not now, for the reason of `code`, e.g. a photo that no stored change names yet.
    #[n(4)]
    NotNow,
}

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ItemAnswer {
    #[n(0)]
    pub state: ItemState,
    /// Bytes held already, for `Wanted`.
    #[n(1)]
    pub offset: Option<u64>,
    #[n(2)]
    pub receipt: Option<Blob>,
    #[n(3)]
    pub code: Option<String>,
}

/// The answers, in the order of the items.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AnnouncementAnswer {
    /// Absent for a revoked device, as is the head.
    #[n(0)]
    pub log: Option<LogId>,
    #[n(1)]
    pub items: Vec<ItemAnswer>,
    /// Head of the unit's log.
    #[n(2)]
    pub head: Option<u64>,
    /// The server's certificates.
    #[n(3)]
    pub certificates: Option<Vec<Blob>>,
}

/// The answer to a piece.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PieceAnswer {
    /// Bytes held.
    #[n(0)]
    pub held: u64,
    #[n(1)]
    pub receipt: Option<Blob>,
    #[n(2)]
    pub photo_stored: Option<bool>,
}

/// A refusal: a stable code, parameters without personal data, a trace id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Problem {
    #[n(0)]
    pub code: String,
    #[n(1)]
    pub params: Vec<(String, String)>,
    #[n(2)]
    pub trace_id: String,
}
