//! What the server itself says in a unit's log. Bodies are wire: do not modify, only add versions.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::id::{ChainId, ChangeId, PersonId, PhotoHash};
use crate::role::Role;

/// Type 15: a later edition shows the proposed value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct CorrectionConfirmed {
    #[n(0)]
    pub edition: u32,
}

/// Type 23, on the person found at the door: the register now holds him under this id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PersonLinked {
    #[n(0)]
    pub register_person: PersonId,
}

/// Type 70, on the unit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct EditionPublished {
    /// Dense per unit from 1.
    #[n(0)]
    pub edition: u32,
    #[n(1)]
    pub label: String,
    #[n(2)]
    pub people: u32,
}

/// Type 71, on the unit: an import taken back; the edition before it holds again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct EditionUndone {
    #[n(0)]
    pub edition: u32,
}

/// Why something was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ErasureBasis {
    #[n(1)]
    RetentionEnded,
    #[n(2)]
    ResidentRequest,
    #[n(3)]
    WrongPerson,
}

/// Type 72: these bodies and photos are gone for ever, and with `register_rows` what the register said of these people.
/// Holds ids only, and is itself never erased.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct Erased {
    #[n(0)]
    pub basis: ErasureBasis,
    #[n(1)]
    pub changes: Vec<ChangeId>,
    #[n(2)]
    pub photos: Vec<PhotoHash>,
    /// People whose register rows go too.
    #[n(3)]
    pub register_rows: Vec<PersonId>,
}

/// Type 73, on the device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct DeviceRevoked {
    /// `lost`, `replaced`, `transferred`, `left`, `other`.
    #[n(0)]
    pub cause: String,
    /// Its chains as they stood: what stands at or below them is never late.
    #[n(1)]
    pub chains: Option<Vec<RevokedChain>>,
}

/// The head of a revoked device's chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(array)]
pub struct RevokedChain {
    #[n(0)]
    pub chain: ChainId,
    #[n(1)]
    #[ts(type = "number")]
    pub last_sequence: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    #[ts(type = "Array<number>")]
    pub head: [u8; 32],
}

/// Type 74, on the officer: who works in this unit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct OfficerListed {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub role: Role,
    #[n(2)]
    pub active: bool,
}

/// Type 75, on the unit: holds from its place in the log on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PolicySet {
    /// Fields whose correction needs two approvals.
    #[n(0)]
    pub two_people: Vec<Field>,
    /// Days after which a person counts as not seen.
    #[n(1)]
    pub alive_days: u32,
}
