//! The numbers of the change types on the wire. Do not modify, only add.

pub const VISIT_RECORDED: u16 = 1;
pub const VISIT_AMENDED: u16 = 2;
pub const EVERYONE_AS_LISTED: u16 = 3;
pub const CORRECTION_PROPOSED: u16 = 10;
pub const CORRECTION_WITHDRAWN: u16 = 11;
pub const CORRECTION_REVIEWED: u16 = 12;
pub const REVIEW_WITHDRAWN: u16 = 13;
pub const CORRECTION_ENTERED: u16 = 14;
pub const CORRECTION_CONFIRMED: u16 = 15;
pub const PERSON_ADDED: u16 = 20;
pub const PERSON_REMOVED: u16 = 21;
pub const PERSON_MOVED: u16 = 22;
pub const PERSON_LINKED: u16 = 23;
pub const DWELLING_ADDED: u16 = 30;
pub const HOUSEHOLD_ADDED: u16 = 31;
pub const HOUSEHOLD_SPLIT: u16 = 32;
pub const TEMPORARY_RESIDENCE_BEGUN: u16 = 40;
pub const TEMPORARY_RESIDENCE_ENDED: u16 = 41;
pub const ABSENCE_BEGUN: u16 = 42;
pub const ABSENCE_ENDED: u16 = 43;
pub const PHOTO_ATTACHED: u16 = 50;
pub const NOTE_WRITTEN: u16 = 51;
pub const ASSIGNED: u16 = 55;
pub const AREA_SET: u16 = 56;
pub const EVENT_WITHDRAWN: u16 = 60;
pub const EDITION_PUBLISHED: u16 = 70;
pub const EDITION_UNDONE: u16 = 71;
pub const ERASED: u16 = 72;
pub const DEVICE_REVOKED: u16 = 73;
pub const OFFICER_LISTED: u16 = 74;
pub const POLICY_SET: u16 = 75;

/// Every type this version knows.
pub const ALL: &[u16] = &[
    VISIT_RECORDED,
    VISIT_AMENDED,
    EVERYONE_AS_LISTED,
    CORRECTION_PROPOSED,
    CORRECTION_WITHDRAWN,
    CORRECTION_REVIEWED,
    REVIEW_WITHDRAWN,
    CORRECTION_ENTERED,
    CORRECTION_CONFIRMED,
    PERSON_ADDED,
    PERSON_REMOVED,
    PERSON_MOVED,
    PERSON_LINKED,
    DWELLING_ADDED,
    HOUSEHOLD_ADDED,
    HOUSEHOLD_SPLIT,
    TEMPORARY_RESIDENCE_BEGUN,
    TEMPORARY_RESIDENCE_ENDED,
    ABSENCE_BEGUN,
    ABSENCE_ENDED,
    PHOTO_ATTACHED,
    NOTE_WRITTEN,
    ASSIGNED,
    AREA_SET,
    EVENT_WITHDRAWN,
    EDITION_PUBLISHED,
    EDITION_UNDONE,
    ERASED,
    DEVICE_REVOKED,
    OFFICER_LISTED,
    POLICY_SET,
];

/// Everyday events that their author, or a supervisor, may take back. A visit is amended instead: what else was said of
/// it would otherwise stand on nothing.
pub const TAKEN_BACK: &[u16] = &[
    EVERYONE_AS_LISTED,
    CORRECTION_ENTERED,
    PERSON_ADDED,
    PERSON_REMOVED,
    PERSON_MOVED,
    DWELLING_ADDED,
    HOUSEHOLD_ADDED,
    HOUSEHOLD_SPLIT,
    TEMPORARY_RESIDENCE_BEGUN,
    TEMPORARY_RESIDENCE_ENDED,
    ABSENCE_BEGUN,
    ABSENCE_ENDED,
    PHOTO_ATTACHED,
    NOTE_WRITTEN,
    ASSIGNED,
];

/// What only the server takes back, with the edition that brought it.
pub const TAKEN_BACK_BY_SERVER: &[u16] = &[CORRECTION_CONFIRMED, PERSON_LINKED];

/// Whether this version knows the type.
pub fn is_known(kind: u16) -> bool {
    ALL.contains(&kind)
}
