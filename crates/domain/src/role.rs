//! Roles, and which role may author which type of change. Deny by default: a type not listed for a role is refused.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::change::kind;

/// What a certificate allows its device to be.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Visits, proposes.
    #[n(1)]
    Officer,
    /// Also reviews and hands out work.
    #[n(2)]
    Supervisor,
    /// Runs the server; authors nothing in a unit's log by himself.
    #[n(3)]
    Operator,
    /// Reads the audit and access logs, nothing else.
    #[n(4)]
    Auditor,
    /// The server's own chain.
    #[n(5)]
    Server,
}

const FIELD_WORK: &[u16] = &[
    kind::VISIT_RECORDED,
    kind::VISIT_AMENDED,
    kind::EVERYONE_AS_LISTED,
    kind::CORRECTION_PROPOSED,
    kind::CORRECTION_WITHDRAWN,
    kind::PERSON_ADDED,
    kind::PERSON_REMOVED,
    kind::PERSON_MOVED,
    kind::DWELLING_ADDED,
    kind::HOUSEHOLD_ADDED,
    kind::HOUSEHOLD_SPLIT,
    kind::TEMPORARY_RESIDENCE_BEGUN,
    kind::TEMPORARY_RESIDENCE_ENDED,
    kind::ABSENCE_BEGUN,
    kind::ABSENCE_ENDED,
    kind::PHOTO_ATTACHED,
    kind::NOTE_WRITTEN,
    kind::EVENT_WITHDRAWN,
];

const SUPERVISION: &[u16] =
    &[kind::CORRECTION_REVIEWED, kind::REVIEW_WITHDRAWN, kind::CORRECTION_ENTERED, kind::ASSIGNED, kind::AREA_SET];

const SERVER: &[u16] = &[
    kind::EVENT_WITHDRAWN,
    kind::CORRECTION_ENTERED,
    kind::CORRECTION_CONFIRMED,
    kind::PERSON_LINKED,
    kind::ASSIGNED,
    kind::AREA_SET,
    kind::EDITION_PUBLISHED,
    kind::EDITION_UNDONE,
    kind::ERASED,
    kind::DEVICE_REVOKED,
    kind::OFFICER_LISTED,
    kind::POLICY_SET,
];

impl Role {
    /// Whether this role may author a change of that type. A type this version does not know is left to the versions
    /// that know it: their fold asks again.
    pub fn may_author(self, change_kind: u16) -> bool {
        if !kind::is_known(change_kind) {
            return matches!(self, Role::Officer | Role::Supervisor | Role::Server);
        }
        match self {
            Role::Officer => FIELD_WORK.contains(&change_kind),
            Role::Supervisor => FIELD_WORK.contains(&change_kind) || SUPERVISION.contains(&change_kind),
            Role::Server => SERVER.contains(&change_kind),
            Role::Operator | Role::Auditor => false,
        }
    }
}
