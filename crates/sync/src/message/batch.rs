//! A sealed group of changes. Do not modify.

use domain::id::{ChainId, DeviceId, LogId};
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::{Blob, Hash};

/// When and by what a batch was made.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Made {
    #[n(0)]
    pub created_ms: u64,
    #[n(1)]
    pub app_version: String,
    #[n(2)]
    pub schema_version: u32,
}

/// The last receipt that the device holds for this chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReceiptSeen {
    #[n(0)]
    pub last_sequence: u64,
    /// SHA-256 of the receipt as received.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub receipt_hash: Hash,
}

/// The chain that a new one replaces, after a fork, a restore or a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReplacedChain {
    #[n(0)]
    pub chain: ChainId,
    #[n(1)]
    pub last_sequence: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub head: Hash,
}

/// The signed payload of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Batch {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub chain: ChainId,
    #[n(3)]
    pub key_epoch: u32,
    #[n(4)]
    pub first_sequence: u64,
    #[n(5)]
    pub last_sequence: u64,
    #[cbor(n(6), with = "minicbor::bytes")]
    pub hash_before: Hash,
    #[cbor(n(7), with = "minicbor::bytes")]
    pub hash_after: Hash,
    /// `ChangeHeader`s, exact bytes.
    #[n(8)]
    pub headers: Vec<Blob>,
    #[n(9)]
    pub receipt_seen: Option<ReceiptSeen>,
    #[n(10)]
    pub made: Made,
    #[n(11)]
    pub unit: Unit,
    #[n(12)]
    pub replaces: Option<ReplacedChain>,
    /// The log that `seen` and the last receipt count in.
    #[n(13)]
    pub log: Option<LogId>,
}

/// What travels: the signed envelope and, beside it, the salted bodies in the order of the headers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SealedBatch {
    /// The COSE_Sign1 bytes, embedded as they are.
    #[n(0)]
    pub envelope: crate::cose::Envelope,
    #[n(1)]
    pub bodies: Vec<Blob>,
}
