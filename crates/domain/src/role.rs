//! Roles, and which role may author which type of change. Deny by default: a type not listed for a role is refused.

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};

use crate::change::kind;

/// What a certificate allows its device to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(from = "RoleName", into = "RoleName")]
#[ts(type = "\"officer\" | \"supervisor\" | \"operator\" | \"auditor\" | \"server\" | \"other\"")]
pub enum Role {
    /// Visits, proposes.
    Officer,
    /// Also reviews and hands out work.
    Supervisor,
    /// Runs the server; authors nothing in a unit's log by himself.
    Operator,
    /// Reads the audit and access logs, nothing else.
    Auditor,
    /// The server's own chain.
    Server,
    /// Of a later version: kept with what it signed, and allowed nothing here until the upgrade.
    Other(u16),
}

impl Role {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        match self {
            Role::Officer => 1,
            Role::Supervisor => 2,
            Role::Operator => 3,
            Role::Auditor => 4,
            Role::Server => 5,
            Role::Other(number) => number,
        }
    }

    /// The role of a number on the wire.
    pub fn from_number(number: u16) -> Self {
        match number {
            1 => Role::Officer,
            2 => Role::Supervisor,
            3 => Role::Operator,
            4 => Role::Auditor,
            5 => Role::Server,
            other => Role::Other(other),
        }
    }
}

impl<C> Encode<C> for Role {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Role {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u16().map(Self::from_number)
    }
}

/// How a role is called on screens: those of later versions have no name here.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleName {
    Officer,
    Supervisor,
    Operator,
    Auditor,
    Server,
    Other,
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Officer => Self::Officer,
            Role::Supervisor => Self::Supervisor,
            Role::Operator => Self::Operator,
            Role::Auditor => Self::Auditor,
            Role::Server => Self::Server,
            Role::Other(_) => Self::Other,
        }
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Officer => Self::Officer,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Operator => Self::Operator,
            RoleName::Auditor => Self::Auditor,
            RoleName::Server => Self::Server,
            RoleName::Other => Self::Other(0),
        }
    }
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
            Role::Operator | Role::Auditor | Role::Other(_) => false,
        }
    }
}
