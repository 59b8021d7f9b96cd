//! Everyday events of people. Bodies are wire: do not modify, only add versions.
//! Dates are partial dates as text (`dd/mm/yyyy`, `mm/yyyy`, `yyyy`).

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::id::{ChangeId, HouseholdId, PersonId};
use crate::register::ResidenceKind;

/// Type 20: found at the door and in no list. The id is random; `PersonLinked` may join it to the register's later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PersonAdded {
    #[n(0)]
    pub household: HouseholdId,
    #[n(1)]
    #[ts(type = "Partial<Record<Field, string>>")]
    pub fields: BTreeMap<Field, String>,
    #[n(2)]
    pub residence: ResidenceKind,
    #[n(3)]
    pub since: Option<String>,
    /// Born, moved in, never registered … in words.
    #[n(4)]
    pub reason: Option<String>,
}

/// Why a person is no longer of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum RemovalCause {
    #[n(1)]
    Died,
    #[n(2)]
    MovedAway,
    /// The same person as `duplicate_of`.
    #[n(3)]
    Duplicate,
    #[n(4)]
    NeverLivedHere,
}

/// Type 21.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PersonRemoved {
    #[n(0)]
    pub cause: RemovalCause,
    #[n(1)]
    pub date: Option<String>,
    #[n(2)]
    pub destination: Option<String>,
    #[n(3)]
    pub duplicate_of: Option<PersonId>,
    #[n(4)]
    pub note: Option<String>,
}

/// Type 22: between two households of the unit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PersonMoved {
    #[n(0)]
    pub from: HouseholdId,
    #[n(1)]
    pub to: HouseholdId,
    #[n(2)]
    pub date: Option<String>,
}

/// Type 40.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct TemporaryResidenceBegun {
    #[n(0)]
    pub household: HouseholdId,
    #[n(1)]
    pub since: Option<String>,
    #[n(2)]
    pub until: Option<String>,
    /// Whether it is registered with the police.
    #[n(3)]
    pub registered: bool,
    #[n(4)]
    pub note: Option<String>,
}

/// Type 41.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct TemporaryResidenceEnded {
    /// The `TemporaryResidenceBegun` that it ends; absent where the register brought the residence.
    #[n(0)]
    pub begun: Option<ChangeId>,
    #[n(1)]
    pub date: Option<String>,
}

/// Type 42.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct AbsenceBegun {
    #[n(0)]
    pub since: Option<String>,
    #[n(1)]
    pub expected_return: Option<String>,
    #[n(2)]
    pub destination: Option<String>,
    /// Working, studying, treatment … in words.
    #[n(3)]
    pub reason: Option<String>,
    /// Who said so.
    #[n(4)]
    pub told_by: Option<String>,
    #[n(5)]
    pub phone: Option<String>,
}

/// Type 43.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct AbsenceEnded {
    #[n(0)]
    pub date: Option<String>,
    #[n(1)]
    pub note: Option<String>,
    /// The `AbsenceBegun` that it ends; where absent, the latest before it.
    #[n(2)]
    pub begun: Option<ChangeId>,
}
