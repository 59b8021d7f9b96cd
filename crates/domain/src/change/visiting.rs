//! What happens at a door. Bodies are wire: do not modify, only add versions.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::change::EntityRef;
use crate::id::{ChangeId, HouseholdId, PersonId, VisitId};

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum VisitOutcome {
    /// Someone of the household was met and the visit is complete.
    #[n(1)]
    Met,
    /// Met, but something remains: see the next visit.
    #[n(2)]
    Partial,
    #[n(3)]
    NobodyHome,
    #[n(4)]
    Refused,
    /// The household moved away.
    #[n(5)]
    MovedAway,
    #[n(6)]
    NotFound,
    #[n(7)]
    Vacant,
}

/// How the officer and the household met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    #[n(1)]
    AtTheDoor,
    #[n(2)]
    ByPhone,
    #[n(3)]
    AtTheStation,
}

/// What is known of one visit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct VisitRecord {
    #[n(0)]
    pub household: HouseholdId,
    #[n(1)]
    pub kind: VisitKind,
    #[n(2)]
    pub outcome: VisitOutcome,
    /// Members of the commune who were met.
    #[n(3)]
    pub met: Vec<PersonId>,
    /// Someone met who is in no list.
    #[n(4)]
    pub met_other: Option<String>,
    #[n(5)]
    #[ts(type = "number")]
    pub started_ms: u64,
    #[n(6)]
    #[ts(type = "number")]
    pub ended_ms: u64,
    /// `dd/mm/yyyy`.
    #[n(7)]
    pub next_visit: Option<String>,
    #[n(8)]
    pub note: Option<String>,
    #[n(9)]
    pub interpreter: Option<String>,
}

/// Type 1.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct VisitRecorded {
    #[n(0)]
    pub visit: VisitRecord,
}

/// Type 2: the whole record again, as it should have been.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct VisitAmended {
    #[n(0)]
    pub visit: VisitRecord,
    #[n(1)]
    pub reason: Option<String>,
}

/// Type 3: each person is present and every core field was said to be right, in a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct EveryoneAsListed {
    #[n(0)]
    pub visit: VisitId,
    #[n(1)]
    pub persons: Vec<PersonId>,
}

/// Why a paper was photographed (Luật Cư trú as amended by Luật 118/2025: reuse what databases hold; a photo needs a
/// recorded reason).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum PhotoReason {
    /// The paper differs from the register.
    #[n(1)]
    Discrepancy,
    /// The register holds nothing for this.
    #[n(2)]
    MissingInRegister,
    /// The resident asked for it.
    #[n(3)]
    ResidentRequest,
    /// Another legal basis, in words.
    #[n(4)]
    Other,
}

/// Type 50: the photos that the header names, of one paper of this entity.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PhotoAttached {
    /// `id_card`, `birth_certificate`, `household_book`, … an editable list.
    #[n(0)]
    pub document_kind: String,
    #[n(1)]
    pub document_number: Option<String>,
    #[n(2)]
    pub document_date: Option<String>,
    #[n(3)]
    pub reason: PhotoReason,
    #[n(4)]
    pub reason_text: Option<String>,
    #[n(5)]
    pub visit: Option<VisitId>,
}

/// Type 51.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct NoteWritten {
    #[n(0)]
    pub text: String,
}

/// Type 60: takes back an everyday event of the same entity (a removal, a move, an absence, a note, a photo …).
/// Corrections and reviews have their own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct EventWithdrawn {
    #[n(0)]
    pub change: ChangeId,
    #[n(1)]
    pub reason: Option<String>,
    /// Every entity that the withdrawn change touched: they are folded again without it.
    #[n(2)]
    pub touched: Vec<EntityRef>,
}
