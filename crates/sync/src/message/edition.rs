//! What a register edition consists of. Do not modify.

use domain::id::LogId;
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::Hash;

/// One compressed piece.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PieceRef {
    /// SHA-256 of the compressed bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub hash: Hash,
    #[n(1)]
    pub compressed_bytes: u64,
    #[n(2)]
    pub raw_bytes: u64,
    #[n(3)]
    pub records: u32,
}

/// The signed payload of a manifest: a full edition, or a delta on `base`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub unit: Unit,
    #[n(2)]
    pub edition: u32,
    #[n(3)]
    pub label: String,
    #[n(4)]
    pub base: Option<u32>,
    #[n(5)]
    pub people: u32,
    #[n(6)]
    pub households: u32,
    #[n(7)]
    pub dwellings: u32,
    #[n(8)]
    pub pieces: Vec<PieceRef>,
    #[n(9)]
    pub made_ms: u64,
    #[n(10)]
    pub log: LogId,
}
