//! Which entities a stored change is found under.

use domain::change::{Body, ChangeHeader, EntityKind, EntityRef};
use domain::field::Subject;
use sync::batch::SALT_BYTES;

/// The body of a salted body; `None` where it is erased, malformed or unknown to this version.
pub fn body_of(header: &ChangeHeader, salted_body: &[u8]) -> Option<Body> {
    let body = salted_body.get(SALT_BYTES..)?;
    Body::decode(header.kind, header.version, body).ok().flatten()
}

/// What the fold of `Body::touches` needs and, beside it, whom a correction speaks of: erasure must find it by the
/// person.
pub fn touches_of(header: &ChangeHeader, salted_body: &[u8]) -> Vec<EntityRef> {
    let Some(body) = body_of(header, salted_body) else { return vec![header.entity] };
    let mut touches = body.touches(header.entity);
    if let Body::CorrectionProposed(proposal) = &body {
        let kind = match proposal.subject {
            Subject::Person => EntityKind::Person,
            Subject::Household => EntityKind::Household,
            Subject::Dwelling => EntityKind::Dwelling,
        };
        touches.push(EntityRef { kind, id: proposal.subject_id });
    }
    touches
}
