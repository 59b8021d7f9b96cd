//! Dwellings, households, and the work on them. Bodies are wire: do not modify, only add versions.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{DwellingId, HouseholdId, OfficerId, PersonId};

/// Type 30.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct DwellingAdded {
    #[n(0)]
    pub hamlet: String,
    #[n(1)]
    pub alley: Option<String>,
    #[n(2)]
    pub house_no: Option<String>,
    /// `house`, `rented_room`, `apartment`, `workplace` or `other`.
    #[n(3)]
    pub kind: Option<String>,
    /// WGS 84, millionths of a degree.
    #[n(4)]
    pub lat_e6: Option<i32>,
    /// WGS 84, millionths of a degree.
    #[n(5)]
    pub lon_e6: Option<i32>,
}

/// Type 31.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct HouseholdAdded {
    #[n(0)]
    pub dwelling: DwellingId,
    #[n(1)]
    pub household_no: Option<String>,
}

/// Type 32, on the new household: these people now live apart from the old one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct HouseholdSplit {
    #[n(0)]
    pub from: HouseholdId,
    #[n(1)]
    pub dwelling: DwellingId,
    #[n(2)]
    pub persons: Vec<PersonId>,
    #[n(3)]
    pub head: Option<PersonId>,
    #[n(4)]
    pub household_no: Option<String>,
}

/// Type 55: a house, its owner, its date. Without an officer the house is nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct Assigned {
    #[n(0)]
    pub officer: Option<OfficerId>,
    /// `dd/mm/yyyy`.
    #[n(1)]
    pub due: Option<String>,
    #[n(2)]
    pub note: Option<String>,
}

/// A hamlet, or one alley of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct AreaPart {
    #[n(0)]
    pub hamlet: String,
    #[n(1)]
    pub alley: Option<String>,
}

/// Type 56, on an officer: the area he answers for, whole.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct AreaSet {
    #[n(0)]
    pub parts: Vec<AreaPart>,
}
