//! The life of a correction. Bodies are wire: do not modify, only add versions.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::field::{Field, Subject};
use crate::id::{ChangeId, EntityId, HouseholdId, PhotoHash, VisitId};

/// The paper a value was read from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct PaperRef {
    #[n(0)]
    pub kind: String,
    #[n(1)]
    pub number: Option<String>,
    /// Partial date as text.
    #[n(2)]
    pub date: Option<String>,
}

/// What proves a value: a paper seen, and where there is one its photo and the rectangle of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct Evidence {
    #[n(0)]
    pub paper: PaperRef,
    #[n(1)]
    pub photo: Option<PhotoHash>,
    /// `[left, top, width, height]` in ten-thousandths of the photo's sides.
    #[n(2)]
    pub rectangle: Option<[u16; 4]>,
    /// The crop, a photo of its own.
    #[n(3)]
    pub crop: Option<PhotoHash>,
}

/// Type 10. The base is what the officer saw: `register_value` of the header's edition.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct CorrectionProposed {
    #[n(0)]
    pub subject: Subject,
    #[n(1)]
    pub subject_id: EntityId,
    /// The household at whose door it was found.
    #[n(2)]
    pub household: Option<HouseholdId>,
    #[n(3)]
    pub field: Field,
    #[n(4)]
    pub register_value: Option<String>,
    #[n(5)]
    pub paper_value: Option<String>,
    #[n(6)]
    pub statement_value: Option<String>,
    /// `None` proposes an empty column.
    #[n(7)]
    pub proposed_value: Option<String>,
    #[n(8)]
    pub reason: Option<String>,
    #[n(9)]
    pub evidence: Vec<Evidence>,
    #[n(10)]
    pub visit: Option<VisitId>,
}

/// Type 11, by its author.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct CorrectionWithdrawn {
    #[n(0)]
    pub reason: Option<String>,
}

/// What a supervisor decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    #[n(1)]
    Approve,
    /// Back to the officer, with a reason.
    #[n(2)]
    Return,
    #[n(3)]
    Hold,
    #[n(4)]
    Reject,
    /// To another office, which answers by a date.
    #[n(5)]
    Refer,
}

/// Type 12.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct CorrectionReviewed {
    #[n(0)]
    pub decision: Decision,
    /// Required for `return` and `reject`.
    #[n(1)]
    pub reason: Option<String>,
    /// Required for `refer`.
    #[n(2)]
    pub office: Option<String>,
    /// `dd/mm/yyyy`, for `refer`.
    #[n(3)]
    pub answer_by: Option<String>,
    /// The register value that the reviewer saw.
    #[n(4)]
    pub register_value: Option<String>,
}

/// Type 13, by the reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct ReviewWithdrawn {
    /// The `CorrectionReviewed` that is taken back.
    #[n(0)]
    pub review: ChangeId,
    #[n(1)]
    pub reason: Option<String>,
}

/// Type 14: someone typed it into the register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct CorrectionEntered {
    /// `dd/mm/yyyy`.
    #[n(0)]
    pub entered_on: Option<String>,
    #[n(1)]
    pub note: Option<String>,
}
