//! Which changes of a batch are stored and take no part in the fold. Only certificate, bytes and the log before it
//! decide; everything else is an outcome of the fold, so that no reordering loses a decision.

use std::collections::HashSet;

use domain::change::{Body, ChangeHeader, EntityKind, EntityRef};
use domain::id::ChangeId;
use domain::role::Role;

use super::{OpenedBatch, SALT_BYTES};
use crate::canonical;
use crate::message::{Verdict, VerdictEntry};

/// What the log before this batch says.
pub struct VerdictContext<'l> {
    /// Whether this change id stands earlier in the log, accepted or with `NotErased`.
    pub stands_earlier: &'l dyn Fn(&ChangeId) -> bool,
    /// Whether the log holds an erasure of this change.
    pub is_erased: &'l dyn Fn(&ChangeId) -> bool,
}

/// The refused changes, in order of their sequences; all others are accepted. Of several faults the first counts, in
/// this order: unit, author, role, duplicate, missing erasure, body, entity. A body of a type or version this build
/// does not know is accepted when it is canonical: it waits for the build that knows it.
pub fn verdicts(opened: &OpenedBatch, context: VerdictContext<'_>) -> Vec<VerdictEntry> {
    let mut standing = HashSet::new();
    let mut refused = Vec::new();
    for (header, salted_body) in opened.headers.iter().zip(&opened.salted_bodies) {
        let verdict = signer_verdict(opened, header).or_else(|| {
            let duplicate = standing.contains(&header.id) || (context.stands_earlier)(&header.id);
            if duplicate { Some(Verdict::DuplicateOfEarlier) } else { body_verdict(header, salted_body, &context) }
        });
        if matches!(verdict, None | Some(Verdict::NotErased)) {
            standing.insert(header.id);
        }
        refused.extend(verdict.map(|verdict| VerdictEntry { sequence: header.sequence, verdict }));
    }
    refused
}

fn signer_verdict(opened: &OpenedBatch, header: &ChangeHeader) -> Option<Verdict> {
    let certificate = &opened.certificate;
    let unit_fits = match &certificate.unit {
        Some(unit) => *unit == opened.batch.unit,
        None => certificate.role == Role::Server,
    };
    if !unit_fits {
        Some(Verdict::OutsideUnit)
    } else if header.author != certificate.officer {
        Some(Verdict::WrongAuthor)
    } else if !certificate.role.may_author(header.kind) {
        Some(Verdict::OutsideRole)
    } else {
        None
    }
}

fn body_verdict(header: &ChangeHeader, salted_body: &[u8], context: &VerdictContext<'_>) -> Option<Verdict> {
    if salted_body.is_empty() {
        return (!(context.is_erased)(&header.id)).then_some(Verdict::NotErased);
    }
    let Some(body) = salted_body.get(SALT_BYTES..).filter(|body| is_canonical_map(body)) else {
        return Some(Verdict::MalformedBody);
    };
    match Body::decode(header.kind, header.version, body) {
        Err(_) => Some(Verdict::MalformedBody),
        Ok(Some(body)) if !body.stands_on(header.entity.kind) || !entity_is_well_formed(header.entity) => {
            Some(Verdict::WrongEntity)
        }
        Ok(_) => None,
    }
}

fn is_canonical_map(body: &[u8]) -> bool {
    body.first().is_some_and(|head| head >> 5 == 5) && canonical::check(body).is_ok()
}

/// The unit's own id is all zeros and nobody else's is.
fn entity_is_well_formed(entity: EntityRef) -> bool {
    (entity.kind == EntityKind::Unit) == (entity.id == EntityRef::UNIT.id)
}
