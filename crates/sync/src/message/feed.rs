//! A page of a unit's log, signed by the server. Do not modify.

use domain::id::LogId;
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::{Blob, Hash, VerdictEntry};
use crate::cose::Envelope;

/// One batch of the log, as its author sealed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FeedEntry {
    #[n(0)]
    pub index: u64,
    #[n(1)]
    pub envelope: Envelope,
    #[n(2)]
    pub bodies: Vec<Blob>,
    #[n(3)]
    pub verdicts: Vec<VerdictEntry>,
    /// When the server took it in, by its clock.
    #[n(4)]
    pub received_ms: u64,
}

/// The signed payload of a feed page.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FeedPage {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub log: LogId,
    #[n(2)]
    pub unit: Unit,
    /// Entries are above it.
    #[n(3)]
    pub after: u64,
    /// Head of the log when the page was made.
    #[n(4)]
    pub head: u64,
    #[n(5)]
    pub entries: Vec<FeedEntry>,
    /// Certificates of the authors of these entries.
    #[n(6)]
    pub certificates: Vec<Blob>,
    #[n(7)]
    pub made_ms: u64,
    /// Edition in force, 0 for none.
    #[n(8)]
    pub edition: u32,
    /// Hash of the log through `after`, or through the head where that is lower.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub hash: Hash,
    /// A signed [`LogMark`] of where this page ends: the laptop's proof of what it was given to read.
    #[n(10)]
    pub mark: Blob,
}

/// The signed payload that says what stood in a unit's log: enough to prove, at a server that was set back, that its log
/// was another one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogMark {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub unit: Unit,
    #[n(2)]
    pub log: LogId,
    #[n(3)]
    pub index: u64,
    /// Hash of the log through `index`.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub hash: Hash,
    #[n(5)]
    pub made_ms: u64,
}
