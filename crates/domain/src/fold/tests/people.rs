use std::collections::BTreeMap;

use super::build::*;
use crate::change::*;
use crate::field::Field;
use crate::fold::*;
use crate::id::PersonId;
use crate::register::{RegisterPerson, ResidenceKind};
use crate::role::Role;

const OFFICER: u128 = 1;

fn of_register() -> RegisterPerson {
    RegisterPerson {
        id: id(10),
        household: id(20),
        fields: BTreeMap::from([(Field::FullName, "Nguyễn Thị Hòa".to_owned())]),
        residences: Vec::new(),
        others: None,
        originals: None,
    }
}

fn fold(changes: &[FoldChange]) -> PersonState {
    let base = of_register();
    fold_person(base.id, Some(&base), changes).unwrap()
}

fn removed(number: u64, author: u128, cause: RemovalCause) -> FoldChange {
    let body = PersonRemoved { cause, date: None, destination: None, duplicate_of: None, note: None };
    change(number, author, Role::Officer, person(10), Body::PersonRemoved(body))
}

fn moved(number: u64, from: u128, to: u128) -> FoldChange {
    let body = PersonMoved { from: id(from), to: id(to), date: None };
    change(number, OFFICER, Role::Officer, person(10), Body::PersonMoved(body))
}

fn withdrawn(number: u64, author: u128, target: u64) -> FoldChange {
    let body = EventWithdrawn {
        change: crate::id::ChangeId(uuid::Uuid::from_u128(u128::from(target))),
        reason: None,
        touched: vec![person(10)],
    };
    change(number, author, Role::Officer, person(10), Body::EventWithdrawn(body))
}

#[test]
fn a_person_without_changes_is_as_the_register_says() {
    let state = fold(&[]);
    assert_eq!((state.presence, state.household), (Presence::Listed, Some(id(20))));
    assert_eq!(state.field(Field::FullName), Some("Nguyễn Thị Hòa"));
}

#[test]
fn a_removal_counts_once_and_is_taken_back_by_its_author() {
    let twice = [removed(1, OFFICER, RemovalCause::Died), removed(2, 2, RemovalCause::MovedAway)];
    let state = fold(&twice);
    assert_eq!((state.presence, state.removal.unwrap().cause), (Presence::Removed, RemovalCause::Died));
    assert_eq!(state.outcomes[0].outcome, Outcome::Overruled);

    let back = fold(&[twice[0].clone(), withdrawn(3, OFFICER, 1)]);
    assert_eq!((back.presence, back.outcomes[0].outcome), (Presence::Listed, Outcome::Withdrawn));

    let by_other = fold(&[twice[0].clone(), withdrawn(3, 2, 1)]);
    assert_eq!((by_other.presence, by_other.outcomes[0].outcome), (Presence::Removed, Outcome::NotAllowed));
}

#[test]
fn the_first_of_two_moves_from_one_household_counts() {
    let state = fold(&[moved(1, 20, 21), moved(2, 20, 22), moved(3, 21, 23)]);
    assert_eq!(state.household, Some(id(23)));
    assert_eq!(state.outcomes.len(), 1);
}

#[test]
fn a_split_moves_only_the_people_it_names() {
    let split = |persons: Vec<PersonId>| {
        let body = HouseholdSplit { from: id(20), dwelling: id(30), persons, head: None, household_no: None };
        change(1, OFFICER, Role::Officer, household(21), Body::HouseholdSplit(body))
    };
    assert_eq!(fold(&[split(vec![id(10)])]).household, Some(id(21)));
    assert_eq!(fold(&[split(vec![id(11)])]).household, Some(id(20)));
}

#[test]
fn an_absence_ends_and_may_begin_again() {
    let began = |number| {
        let body = AbsenceBegun {
            since: Some("03/2026".into()),
            expected_return: None,
            destination: None,
            reason: None,
            told_by: None,
            phone: None,
        };
        change(number, OFFICER, Role::Officer, person(10), Body::AbsenceBegun(body))
    };
    let ended = |number| {
        let body = AbsenceEnded { date: None, note: None, begun: None };
        change(number, OFFICER, Role::Officer, person(10), Body::AbsenceEnded(body))
    };
    assert!(fold(&[began(1)]).open_absence().is_some());
    assert!(fold(&[began(1), ended(2)]).open_absence().is_none());
    assert!(fold(&[began(1), ended(2), began(3)]).open_absence().is_some());
    assert_eq!(fold(&[ended(1)]).outcomes[0].outcome, Outcome::Overruled);
}

#[test]
fn a_person_found_at_the_door_is_linked_to_the_register() {
    let added = PersonAdded {
        household: id(20),
        fields: BTreeMap::from([(Field::FullName, "Lê Bé".to_owned())]),
        residence: ResidenceKind::Current,
        since: None,
        reason: None,
    };
    let added = change(1, OFFICER, Role::Officer, person(11), Body::PersonAdded(added));
    let linked = change(2, 99, Role::Server, person(11), Body::PersonLinked(PersonLinked { register_person: id(10) }));

    let at_door = fold_person(id(11), None, &[added.clone(), linked.clone()]).unwrap();
    assert_eq!((at_door.presence, at_door.linked_to), (Presence::Linked, Some(id(10))));
    // The register's person takes over what was seen at the door, but keeps the register's fields.
    let register = fold(&[added, linked]);
    assert_eq!((register.presence, register.linked_to), (Presence::Listed, None));
    assert_eq!(register.field(Field::FullName), Some("Nguyễn Thị Hòa"));
}

#[test]
fn a_linked_person_keeps_what_was_done_at_the_door() {
    let linked = change(9, 99, Role::Server, person(11), Body::PersonLinked(PersonLinked { register_person: id(10) }));
    let visit = EntityRef { kind: EntityKind::Visit, id: id(40) };
    let met = VisitRecorded { visit: visit_record(20, VisitOutcome::Met, &[11], 7_000) };
    let met = change(1, OFFICER, Role::Officer, visit, Body::VisitRecorded(met));
    let listed = EveryoneAsListed { visit: id(40), persons: vec![id(11)] };
    let listed = change(2, OFFICER, Role::Officer, household(20), Body::EveryoneAsListed(listed));
    let split =
        HouseholdSplit { from: id(20), dwelling: id(30), persons: vec![id(11)], head: None, household_no: None };
    let split = change(3, OFFICER, Role::Officer, household(21), Body::HouseholdSplit(split));

    let state = fold(&[met, listed, split, linked]);
    assert_eq!(state.last_contact.unwrap().at_ms, 7_000);
    assert_eq!((state.confirmed_ms, state.household), (Some(2_000), Some(id(21))));
}

#[test]
fn a_clock_years_ahead_makes_no_meeting_that_nothing_can_follow() {
    let visit = |number: u128, ended_ms, received_ms| {
        let entity = EntityRef { kind: EntityKind::Visit, id: id(40 + number) };
        let body = VisitRecorded { visit: visit_record(20, VisitOutcome::Met, &[10], ended_ms) };
        let mut change = change(number as u64, OFFICER, Role::Officer, entity, Body::VisitRecorded(body));
        change.received_ms = Some(received_ms);
        change
    };
    let state = fold(&[visit(1, 900_000_000, 5_000), visit(2, 8_000, 9_000)]);
    assert_eq!(state.last_contact.unwrap().at_ms, 8_000);
}

#[test]
fn an_end_that_precedes_its_beginning_in_a_restored_log_still_counts() {
    let began = |number| {
        let body = AbsenceBegun {
            since: None,
            expected_return: None,
            destination: None,
            reason: None,
            told_by: None,
            phone: None,
        };
        change(number, OFFICER, Role::Officer, person(10), Body::AbsenceBegun(body))
    };
    let ended = |number, begun: u128| {
        let body =
            AbsenceEnded { date: None, note: None, begun: Some(crate::id::ChangeId(uuid::Uuid::from_u128(begun))) };
        change(number, OFFICER, Role::Officer, person(10), Body::AbsenceEnded(body))
    };
    assert!(fold(&[ended(1, 2), began(2)]).open_absence().is_none());

    let stay = TemporaryResidenceBegun { household: id(21), since: None, until: None, registered: true, note: None };
    let stay = change(6, OFFICER, Role::Officer, person(10), Body::TemporaryResidenceBegun(stay));
    let end = TemporaryResidenceEnded { begun: Some(stay.header.id), date: None };
    let end = change(5, OFFICER, Role::Officer, person(10), Body::TemporaryResidenceEnded(end));
    assert_eq!(fold(&[end.clone(), stay]).residences[0].ended, Some(end.header.id));
}

#[test]
fn an_erased_change_of_another_entity_leaves_no_trace() {
    let split =
        HouseholdSplit { from: id(20), dwelling: id(30), persons: vec![id(11)], head: None, household_no: None };
    let mut split = change(1, OFFICER, Role::Officer, household(21), Body::HouseholdSplit(split));
    split.body = None;
    assert_eq!(fold_person(id(11), None, &[split]), None);
}

#[test]
fn meeting_counts_as_contact_until_the_visit_is_amended() {
    let entity = EntityRef { kind: EntityKind::Visit, id: id(40) };
    let met = VisitRecorded { visit: visit_record(20, VisitOutcome::Met, &[10], 7_000) };
    let met = change(1, OFFICER, Role::Officer, entity, Body::VisitRecorded(met));
    assert_eq!(fold(std::slice::from_ref(&met)).last_contact.unwrap().at_ms, 7_000);

    let amended = VisitAmended { visit: visit_record(20, VisitOutcome::Met, &[], 7_000), reason: None };
    let amended = |author| change(2, author, Role::Officer, entity, Body::VisitAmended(amended.clone()));
    assert_eq!(fold(&[met.clone(), amended(OFFICER)]).last_contact, None);
    // Another officer may not, and neither adds nor takes away a meeting.
    assert!(fold(&[met, amended(7)]).last_contact.is_some());
}

#[test]
fn everyone_as_listed_confirms_the_people_it_names() {
    let body = EveryoneAsListed { visit: id(40), persons: vec![id(10)] };
    let listed = change(5, OFFICER, Role::Officer, household(20), Body::EveryoneAsListed(body));
    assert_eq!(fold(&[listed]).confirmed_ms, Some(5_000));
}

#[test]
fn pending_changes_replay_on_top_of_the_log() {
    let mut mine = moved(9, 20, 22);
    mine.position = Position::Pending { sequence: 1 };
    let state = fold(&[mine, moved(1, 20, 21)]);
    assert_eq!(state.household, Some(id(21)));
    assert_eq!(state.outcomes[0].outcome, Outcome::Overruled);
}

#[test]
fn an_erased_person_tells_nothing() {
    let mut erased = removed(1, OFFICER, RemovalCause::Died);
    erased.body = None;
    let state = fold_person(id(10), None, &[erased]).unwrap();
    assert_eq!((state.presence, state.household, state.fields.len()), (Presence::Gone, None, 0));
}
