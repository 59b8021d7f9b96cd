use super::build::*;
use crate::change::*;
use crate::fold::*;
use crate::register::RegisterHousehold;
use crate::role::Role;

const OFFICER: u128 = 1;
const CHIEF: u128 = 2;

fn fold(changes: &[FoldChange]) -> HouseholdState {
    let base = RegisterHousehold { id: id(20), dwelling: id(30), household_no: "001".into() };
    fold_household(base.id, Some(&base), changes).unwrap()
}

fn visited(number: u64, outcome: VisitOutcome) -> FoldChange {
    let entity = EntityRef { kind: EntityKind::Visit, id: id(40 + u128::from(number)) };
    let visit = visit_record(20, outcome, &[], 1_000 * number);
    change(number, OFFICER, Role::Officer, entity, Body::VisitRecorded(VisitRecorded { visit }))
}

#[test]
fn attempts_are_counted_since_someone_was_met() {
    let visits = [
        visited(1, VisitOutcome::NobodyHome),
        visited(2, VisitOutcome::Met),
        visited(4, VisitOutcome::Refused),
        visited(3, VisitOutcome::NobodyHome),
    ];
    let state = fold(&visits);
    assert_eq!((state.attempts(), state.visits.len()), (2, 4));
    assert_eq!(state.last_visit().unwrap().outcome, VisitOutcome::Refused);
}

#[test]
fn the_last_assignment_counts_and_may_be_nobodys() {
    let assigned = |number, officer: Option<u128>| {
        let body = Assigned { officer: officer.map(id), due: Some("30/11/2026".into()), note: None };
        change(number, CHIEF, Role::Supervisor, household(20), Body::Assigned(body))
    };
    let state = fold(&[assigned(2, Some(5)), assigned(1, Some(4))]);
    assert_eq!(state.assignment.unwrap().officer, id(5));
    assert_eq!(fold(&[assigned(1, Some(4)), assigned(2, None)]).assignment, None);
}

#[test]
fn an_officer_assigns_nothing() {
    let body = Assigned { officer: Some(id(5)), due: None, note: None };
    let state = fold(&[change(1, OFFICER, Role::Officer, household(20), Body::Assigned(body))]);
    assert_eq!((state.assignment, state.outcomes[0].outcome), (None, Outcome::NotAllowed));
}

#[test]
fn a_split_founds_the_new_household_and_leaves_the_old() {
    let body = HouseholdSplit {
        from: id(20),
        dwelling: id(31),
        persons: vec![id(10)],
        head: Some(id(10)),
        household_no: None,
    };
    let split = change(1, OFFICER, Role::Officer, household(21), Body::HouseholdSplit(body));
    let new = fold_household(id(21), None, std::slice::from_ref(&split)).unwrap();
    assert_eq!((new.split_from, new.dwelling, new.in_register), (Some(id(20)), Some(id(31)), false));
    let old = fold(std::slice::from_ref(&split));
    assert_eq!((old.split_from, old.dwelling), (None, Some(id(30))));
    // A household that the register dropped stays to be read, without a place.
    assert_eq!(fold_household(id(20), None, &[split]).unwrap().dwelling, None);
}

#[test]
fn a_visit_is_amended_by_its_author_or_a_supervisor() {
    let recorded = visited(1, VisitOutcome::NobodyHome);
    let amended = |number, author, role| {
        let body = VisitAmended { visit: visit_record(20, VisitOutcome::Met, &[], 1_000), reason: None };
        change(number, author, role, recorded.header.entity, Body::VisitAmended(body))
    };
    let outcome = |changes: &[FoldChange]| fold_visit(recorded.header.entity.id.into(), changes).unwrap().visit.outcome;
    let own = [recorded.clone(), amended(2, OFFICER, Role::Officer)];
    assert_eq!(outcome(&own), VisitOutcome::Met);
    assert_eq!(fold(&own).last_visit().unwrap().outcome, VisitOutcome::Met);
    let foreign = [recorded.clone(), amended(2, 7, Role::Officer)];
    assert_eq!(outcome(&foreign), VisitOutcome::NobodyHome);
    assert_eq!(fold(&foreign).last_visit().unwrap().outcome, VisitOutcome::NobodyHome);
    assert_eq!(outcome(&[recorded.clone(), amended(2, CHIEF, Role::Supervisor)]), VisitOutcome::Met);
}
