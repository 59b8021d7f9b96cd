//! The server's signed answers: to a batch, and to what else a stick brought. Do not modify.

use domain::id::{ChainId, DeviceId, LogId, PhotoHash};
use domain::unit::Unit;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Hash;

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptStatus {
    /// In the unit's log, at `index`.
    #[n(1)]
    Stored,
    /// Another batch already stands at these sequences; both are kept.
    #[n(2)]
    Fork,
    /// An earlier batch is missing; nothing was stored.
    #[n(3)]
    Gap,
    /// The device is revoked or replaced; kept for a supervisor.
    #[n(4)]
    Quarantined,
}

/// Why a change is in the log but takes no part in the fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    OutsideUnit,
    OutsideRole,
    /// The header's author is not the certificate's officer.
    WrongAuthor,
    MalformedBody,
    /// A type that may not stand on that kind of entity.
    WrongEntity,
    /// The same change id stands earlier in the log.
    DuplicateOfEarlier,
    /// An empty body for which the log holds no erasure yet: counts as erased, and its body is taken when it comes.
    NotErased,
    /// Of a later version.
    Other(u16),
}

impl Verdict {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        match self {
            Verdict::OutsideUnit => 1,
            Verdict::OutsideRole => 2,
            Verdict::WrongAuthor => 3,
            Verdict::MalformedBody => 4,
            Verdict::WrongEntity => 5,
            Verdict::DuplicateOfEarlier => 6,
            Verdict::NotErased => 7,
            Verdict::Other(number) => number,
        }
    }

    /// The verdict of a number on the wire.
    pub fn from_number(number: u16) -> Self {
        match number {
            1 => Verdict::OutsideUnit,
            2 => Verdict::OutsideRole,
            3 => Verdict::WrongAuthor,
            4 => Verdict::MalformedBody,
            5 => Verdict::WrongEntity,
            6 => Verdict::DuplicateOfEarlier,
            7 => Verdict::NotErased,
            other => Verdict::Other(other),
        }
    }
}

impl<C> Encode<C> for Verdict {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Verdict {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u16().map(Self::from_number)
    }
}

/// A refused sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct VerdictEntry {
    #[n(0)]
    pub sequence: u64,
    #[n(1)]
    pub verdict: Verdict,
}

/// The head that the server holds of a forked chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ForkHead {
    #[n(0)]
    pub last_sequence: u64,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub head: Hash,
}

/// The signed payload of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub chain: ChainId,
    #[n(3)]
    pub first_sequence: u64,
    #[n(4)]
    pub last_sequence: u64,
    #[cbor(n(5), with = "minicbor::bytes")]
    pub hash_after: Hash,
    #[n(6)]
    pub status: ReceiptStatus,
    #[n(7)]
    pub log: LogId,
    #[n(8)]
    pub index: Option<u64>,
    #[n(9)]
    pub verdicts: Vec<VerdictEntry>,
    #[n(10)]
    pub received_ms: u64,
    #[n(11)]
    pub unit: Unit,
    #[n(12)]
    pub wanted_sequence: Option<u64>,
    #[n(13)]
    pub fork_head: Option<ForkHead>,
    #[n(14)]
    pub skew_ms: Option<i64>,
}

/// How far the server holds an access chain of a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AccessStored {
    #[n(0)]
    pub device: DeviceId,
    /// The access chain.
    #[n(1)]
    pub chain: ChainId,
    /// Sequence of the last line held.
    #[n(2)]
    pub through: u64,
    /// Hash of the chain after that line: a laptop whose own hash differs there has been copied or set back.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub hash: Hash,
}

/// The signed payload that answers by stick what no receipt answers: access lines and photos.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StickReceipt {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub unit: Unit,
    #[n(2)]
    pub log: LogId,
    /// Ascending by device and chain, each once.
    #[n(3)]
    pub access: Vec<AccessStored>,
    /// Photos stored, ascending, each once.
    #[n(4)]
    pub photos: Vec<PhotoHash>,
    #[n(5)]
    pub made_ms: u64,
}
