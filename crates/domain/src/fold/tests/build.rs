//! Small changes with readable ids: `id(7)` is the sixteen bytes ending in 7.

use uuid::Uuid;

use crate::change::*;
use crate::fold::{FoldChange, Position};
use crate::id::*;
use crate::role::Role;

pub fn id<T: From<EntityId>>(number: u128) -> T {
    EntityId(Uuid::from_u128(number)).into()
}

/// A change on `entity`, numbered `number`, at that index of the log, by that officer.
pub fn change(number: u64, author: u128, role: Role, entity: EntityRef, body: Body) -> FoldChange {
    FoldChange {
        position: Position::Logged { index: number, sequence: number },
        device: DeviceId(Uuid::from_u128(1000 + author)),
        role,
        received_ms: None,
        header: ChangeHeader {
            id: ChangeId(Uuid::from_u128(u128::from(number))),
            sequence: number,
            kind: body.kind(),
            version: body.version(),
            entity,
            edition: 1,
            seen: number.saturating_sub(1),
            author: id(author),
            wall_clock_ms: 1_000 * number,
            photos: None,
            body_hash: [0; 32],
            clock_set_back_ms: None,
            on_behalf_of: None,
        },
        body: Some(body),
    }
}

pub fn person(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Person, id: id(number) }
}

pub fn household(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Household, id: id(number) }
}

pub fn visit_record(household: u128, outcome: VisitOutcome, met: &[u128], ended_ms: u64) -> VisitRecord {
    VisitRecord {
        household: id(household),
        kind: VisitKind::AtTheDoor,
        outcome,
        met: met.iter().map(|number| id(*number)).collect(),
        met_other: None,
        started_ms: ended_ms.saturating_sub(500),
        ended_ms,
        next_visit: None,
        note: None,
        interpreter: None,
    }
}
