//! Equal states, equal digests.

use domain::change::{EntityKind, EntityRef};
use domain::id::EntityId;
use sync::digest::state_digest;

use crate::fixed::id;

fn entity(kind: EntityKind, byte: u8) -> EntityRef {
    EntityRef { kind, id: id(byte, EntityId::from_bytes) }
}

#[test]
fn order_does_not_matter_and_everything_else_does() {
    use EntityKind::{Household, Person};
    let states = [(entity(Person, 1), "a"), (entity(Person, 2), "b"), (entity(Household, 1), "a")];
    let digest = state_digest(states);
    let mut reversed = states;
    reversed.reverse();
    assert_eq!(state_digest(reversed), digest);
    let others = [
        vec![(entity(Person, 1), "a"), (entity(Person, 2), "a"), (entity(Household, 1), "a")],
        vec![(entity(Person, 1), "b"), (entity(Person, 2), "a"), (entity(Household, 1), "a")],
        vec![(entity(Person, 1), "a"), (entity(Person, 3), "b"), (entity(Household, 1), "a")],
        vec![(entity(Person, 1), "a"), (entity(Person, 2), "b"), (entity(Household, 2), "a")],
        vec![(entity(Person, 1), "a"), (entity(Person, 2), "b")],
        vec![],
    ];
    for other in others {
        assert_ne!(state_digest(other), digest);
    }
}
