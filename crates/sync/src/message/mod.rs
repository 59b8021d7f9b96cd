//! The payloads of docs/wire.cddl. Do not modify: byte snapshots freeze them.

mod access;
mod announcement;
mod batch;
mod certificate;
mod edition;
mod feed;
mod queue;
mod receipt;
mod token;

pub use access::{Access, AccessAction, AccessAnswer, AccessDetail, AccessLog};
pub use announcement::{
    Announcement, AnnouncementAnswer, Item, ItemAnswer, ItemKind, ItemState, PieceAnswer, Problem, Waiting,
};
pub use batch::{Batch, Made, ReceiptSeen, ReplacedChain, SealedBatch};
pub use certificate::{Certificate, EnrolmentAnswer, EnrolmentRequest, Identity};
pub use edition::{Manifest, PieceRef};
pub use feed::{FeedEntry, FeedPage, LogMark};
pub use queue::{QueueEnd, QueueHeader, QueueRecipient};
pub use receipt::{AccessStored, ForkHead, Receipt, ReceiptStatus, StickReceipt, Verdict, VerdictEntry};
pub use token::{Challenge, Token, TokenRequest};

/// Where a message type stands in the external data of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MessageType {
    Batch = 1,
    Receipt = 2,
    FeedPage = 3,
    Manifest = 4,
    Certificate = 5,
    TokenRequest = 6,
    EnrolmentAnswer = 7,
    Announcement = 8,
    AccessLog = 9,
    EnrolmentRequest = 10,
    StickReceipt = 11,
    LogMark = 12,
}

/// The payload of a signed message and its type.
pub trait SignedMessage: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> {
    const TYPE: MessageType;

    /// Whether the lists that the law wants filled are: one that would be empty is absent.
    fn lists_are_filled(&self) -> bool {
        true
    }
}

impl SignedMessage for Announcement {
    const TYPE: MessageType = MessageType::Announcement;

    fn lists_are_filled(&self) -> bool {
        self.certificates.as_ref().is_none_or(|certificates| !certificates.is_empty())
    }
}

impl SignedMessage for AccessLog {
    const TYPE: MessageType = MessageType::AccessLog;

    fn lists_are_filled(&self) -> bool {
        !self.entries.is_empty()
    }
}

macro_rules! signed {
    ($($name:ty => $kind:ident),* $(,)?) => {
        $(impl SignedMessage for $name { const TYPE: MessageType = MessageType::$kind; })*
    };
}
signed! {
    Batch => Batch,
    Receipt => Receipt,
    FeedPage => FeedPage,
    Manifest => Manifest,
    Certificate => Certificate,
    TokenRequest => TokenRequest,
    EnrolmentAnswer => EnrolmentAnswer,
    EnrolmentRequest => EnrolmentRequest,
    StickReceipt => StickReceipt,
    LogMark => LogMark,
}

/// The number that every message carries under key 0.
pub const FORMAT: u8 = 1;

/// SHA-256, 32 bytes.
pub type Hash = [u8; 32];

/// Bytes as a CBOR byte string in a list.
#[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Blob(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}
