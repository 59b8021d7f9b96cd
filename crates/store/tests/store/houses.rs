//! The day's list, areas, officers, one household.

use domain::change::*;
use domain::fold::OfficerState;
use domain::mark::MarkState;
use domain::role::Role;
use store::{HouseFilter, HouseQuery, Window};

use crate::support::*;

#[test]
fn the_days_houses_stand_in_walking_order_with_what_is_to_be_done() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut supervisor = Laptop::supervisor(&mut server);
    supervisor.take_edition(&manifest, &pieces);
    let officer = id(0x0FF1);
    supervisor.transact((200..204).map(|number| (household(number), assigned(officer, "18/11/2026"))).collect());
    let nobody = Body::VisitRecorded(VisitRecorded { visit: visit_record(201, VisitOutcome::NobodyHome, &[], None) });
    supervisor.transact(vec![(visit(400), visited(200, &[300], None)), (visit(401), nobody)]);

    let mine = HouseQuery { officer: Some(officer), ..Default::default() };
    let houses = supervisor.store.houses(&mine, Window::first(10), today()).unwrap();

    let numbers: Vec<_> = houses.iter().map(|house| house.address.house_no.as_deref().unwrap()).collect();
    assert_eq!(numbers, ["12/5", "12/5", "12/10", "3"]);
    assert_eq!((houses[0].attempts, houses[0].last_outcome), (1, Some(VisitOutcome::NobodyHome)));
    assert_eq!(houses[2].head_name.as_deref(), Some("Nguyễn Thị Hòa"));
    assert_eq!((houses[2].people, houses[2].due.as_deref()), (2, Some("18/11/2026")));
    assert_eq!((houses[2].marks.alive, houses[2].marks.clean), (MarkState::Incomplete, MarkState::Wrong));
    let progress = supervisor.store.house_progress(&mine, today()).unwrap();
    assert_eq!((progress.houses, progress.done, progress.visited, progress.overdue), (4, 1, 2, 3));
    let to_do = HouseQuery { only: Some(HouseFilter::ToDo), ..mine.clone() };
    assert_eq!(supervisor.store.houses(&to_do, Window { offset: 1, limit: 1 }, today()).unwrap()[0].household, id(203));
    let here = HouseQuery { hamlet: Some("Ấp 10".to_owned()), only: Some(HouseFilter::NeverVisited), ..mine };
    assert_eq!(supervisor.store.houses(&here, Window::first(9), today()).unwrap().len(), 1);
}

#[test]
fn areas_show_where_nobody_was() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![(visit(400), visited(200, &[300], None))]);

    let areas = laptop.store.areas(&HouseQuery::default()).unwrap();

    let shown: Vec<_> = areas.iter().map(|area| (area.hamlet.as_deref().unwrap(), area.houses, area.visited)).collect();
    assert_eq!(shown, [("Ấp 3", 3, 1), ("Ấp 10", 1, 0)]);
    let never = HouseQuery { only: Some(HouseFilter::NeverVisited), ..Default::default() };
    let left: Vec<_> = laptop.store.areas(&never).unwrap().iter().map(|area| (area.houses, area.visited)).collect();
    assert_eq!(left, [(2, 0), (1, 0)]);
}

#[test]
fn officers_are_known_from_the_log() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let entity = EntityRef { kind: EntityKind::Officer, id: id(0x0FF1) };
    let listed = OfficerListed { name: "Trần Văn Bảy".to_owned(), role: Role::Officer, active: true };
    let area = AreaSet { parts: vec![AreaPart { hamlet: "Ấp 3".to_owned(), alley: None }] };
    server.say(vec![
        (change_id(1), entity, Body::OfficerListed(listed)),
        (change_id(2), entity, Body::AreaSet(area.clone())),
    ]);
    laptop.read(&server, 5);

    let officers = laptop.store.officers().unwrap();

    let expected = OfficerState {
        name: Some("Trần Văn Bảy".to_owned()),
        role: Some(Role::Officer),
        active: true,
        area: area.parts,
    };
    assert_eq!((officers[0].officer, &officers[0].state), (id(0x0FF1), &expected));
}

#[test]
fn everyone_as_listed_confirms_the_core_fields() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![
        (visit(400), visited(201, &[302], None)),
        (household(201), Body::EveryoneAsListed(EveryoneAsListed { visit: id(400), persons: vec![id(302)] })),
    ]);

    let view = laptop.store.household(id(201), today()).unwrap().unwrap();

    let marks = &view.members[0].marks;
    assert_eq!((marks.correct.state, marks.alive.state), (MarkState::Lit, MarkState::Lit));
    assert_eq!(view.neighbours, [id(203)]);
    assert!(view.state.as_listed.is_some());
}

#[test]
fn a_household_split_off_lives_in_its_dwelling() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let split = HouseholdSplit {
        from: id(203),
        dwelling: id(102),
        persons: vec![id(305)],
        head: Some(id(305)),
        household_no: None,
    };
    laptop.transact(vec![(household(250), Body::HouseholdSplit(split))]);

    let view = laptop.store.household(id(250), today()).unwrap().unwrap();

    assert_eq!(view.members.iter().map(|member| member.person).collect::<Vec<_>>(), [id(305)]);
    assert_eq!(view.dwelling.unwrap().house_no.as_deref(), Some("3"));
    assert_eq!(laptop.store.household(id(203), today()).unwrap().unwrap().members.len(), 1);
    let found = laptop.store.search("ngo 1", 9).unwrap();
    assert!(found.houses.iter().any(|hit| hit.household == id(250)));
}
