//! Editions: streamed, resumed, whole or not at all.

use domain::change::*;
use domain::field::Field;
use domain::fold::Presence;
use domain::register::*;
use store::Window;

use crate::support::*;

#[test]
fn an_edition_is_fetched_in_stretches_and_survives_reopening_on_the_way() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    let download = laptop.store.begin_edition(&manifest).unwrap();
    let (hash, bytes) = (download.pieces[0].hash, &pieces[0].bytes);
    laptop.store.take_edition_piece(&hash, 0, &bytes[..100]).unwrap();
    assert_eq!(laptop.store.finish_edition(NOW, &mut |_, _| true).unwrap_err().code(), "edition_incomplete");

    laptop.reopen();

    assert_eq!(laptop.store.edition_download().unwrap().unwrap().pieces[0].held, 100);
    assert_eq!(laptop.store.take_edition_piece(&hash, 50, &bytes[50..]).unwrap_err().code(), "edition_piece_wrong");
    laptop.store.take_edition_piece(&hash, 100, &bytes[100..]).unwrap();
    let taken = laptop.store.finish_edition(NOW, &mut |_, _| true).unwrap();
    assert_eq!((taken.edition, taken.people, taken.households, taken.dwellings), (1, 6, 4, 3));
    assert_eq!(laptop.store.edition_download().unwrap(), None);
    let view = laptop.store.household(id(200), today()).unwrap().unwrap();
    assert_eq!(view.members.len(), 2);
    assert_eq!(view.members[0].facts.others_with_same_id_number, 1);
}

#[test]
fn a_piece_that_is_not_what_its_hash_says_begins_again() {
    let (mut server, manifest, pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    let download = laptop.store.begin_edition(&manifest).unwrap();
    let mut bytes = pieces[0].bytes.clone();
    bytes[20] ^= 1;

    let error = laptop.store.take_edition_piece(&download.pieces[0].hash, 0, &bytes).unwrap_err();

    assert_eq!(error.code(), "edition_piece_wrong");
    assert_eq!(laptop.store.edition_download().unwrap().unwrap().pieces[0].held, 0);
}

#[test]
fn an_edition_stopped_or_wrong_leaves_nothing_half_written() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let (records, _) = small_commune();
    let (manifest, pieces) = server.manifest(1, None, [7, 4, 3], &records);
    let download = laptop.store.begin_edition(&manifest).unwrap();
    laptop.store.take_edition_piece(&download.pieces[0].hash, 0, &pieces[0].bytes).unwrap();

    assert_eq!(laptop.store.finish_edition(NOW, &mut |_, _| false).unwrap_err().code(), "stopped");
    assert_eq!(laptop.store.finish_edition(NOW, &mut |_, _| true).unwrap_err().code(), "edition_counts");

    assert!(laptop.store.edition().unwrap().is_none());
    assert!(laptop.store.household(id(200), today()).unwrap().is_none());
    assert_eq!(laptop.store.search("nguyen", 10).unwrap().people, []);
}

#[test]
fn the_first_edition_may_come_before_or_after_the_log() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut early = Laptop::officer(&mut server);
    early.take_edition(&manifest, &pieces);
    early.transact(vec![
        (visit(400), visited(200, &[300], Some("gặp"))),
        (person(310), added(201, "Người Mới")),
        (household(202), noted("nhà có giếng")),
        (correction(500), proposed(300, 200, Field::Phone, None, "1")),
    ]);
    early.sync(&mut server);
    let late = Laptop::supervisor(&mut server);
    late.read(&server, 10);
    assert_eq!(late.store.search("nguoi moi", 5).unwrap().people.len(), 1);

    late.take_edition(&manifest, &pieces);

    assert_eq!(late.digest(&server), early.digest(&server));
    for (words, found) in [("nguoi moi", 1), ("nguyen thi hoa", 1), ("12/5", 0), ("nguyen", 3)] {
        assert_eq!(late.store.search(words, 9).unwrap().people.len(), found, "{words}");
        assert_eq!(late.store.search(words, 9).unwrap(), early.store.search(words, 9).unwrap());
    }
    for household in [200, 201, 202, 203] {
        let view = |laptop: &Laptop| laptop.store.household(id(household), today()).unwrap();
        assert_eq!(view(&late), view(&early));
    }
}

#[test]
fn a_delta_patches_adds_and_takes_away() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![(person(304), noted("ghi chú")), (visit(400), visited(203, &[304], None))]);
    let patch = PersonPatch {
        id: id(300),
        household: Some(id(201)),
        set: Some([(Field::FullName, "Nguyễn Thị Hoà Bình".to_owned())].into()),
        cleared: Some(vec![Field::Phone]),
        residences: None,
        others: Some(vec![("so_the".to_owned(), "12".to_owned())]),
        originals: None,
    };
    let records = [
        register_dwelling(101, "Ấp 3", "Ngõ 12", "12/5A"),
        EditionRecord::Household(RegisterHousehold { id: id(204), dwelling: id(102), household_no: "new".to_owned() }),
        EditionRecord::HouseholdGone(id(202)),
        EditionRecord::PersonPatch(patch),
        EditionRecord::PersonGone(id(304)),
        EditionRecord::PersonGone(id(303)),
        EditionRecord::Person(register_person(306, 204, &[(Field::FullName, "Trần Mới")])),
    ];
    let (manifest, pieces) = server.manifest(2, Some(1), [5, 4, 3], &records);

    laptop.take_edition(&manifest, &pieces);

    let hoa = laptop.store.person(id(300), today()).unwrap().unwrap();
    assert_eq!(hoa.state.household, Some(id(201)));
    assert_eq!(hoa.state.field(Field::Phone), None);
    assert_eq!(hoa.others, [("so_the".to_owned(), "12".to_owned())]);
    assert_eq!(laptop.store.search("hoa binh", 5).unwrap().people[0].person, id(300));
    assert_eq!(laptop.store.search("0901442233", 5).unwrap().people, []);
    let gone = laptop.store.person(id(304), today()).unwrap().unwrap();
    assert_eq!(gone.state.presence, Presence::Gone);
    assert_eq!(gone.state.notes[0].text, "ghi chú");
    assert!(laptop.store.person(id(303), today()).unwrap().is_none());
    assert_eq!(laptop.store.search("12/5A", 5).unwrap().houses.len(), 2);
    assert_eq!(laptop.store.search("tran moi", 5).unwrap().people[0].household, Some(id(204)));
    assert!(laptop.store.household(id(202), today()).unwrap().is_none());
    assert_eq!(laptop.store.plan_facts(NOW, 1, 1).unwrap().edition_held, 2);
}

#[test]
fn a_full_edition_over_another_gives_what_it_alone_would_give() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![(person(300), noted("ở nhà")), (household(203), noted("chó"))]);
    laptop.sync(&mut server);
    let (mut records, _) = small_commune();
    records.retain(|record| !matches!(record, EditionRecord::Person(person) if person.id == id(301)));
    records.push(EditionRecord::Person(register_person(307, 202, &[(Field::FullName, "Bùi Hai")])));
    let (manifest, pieces) = server.manifest(2, None, [6, 4, 3], &records);

    laptop.take_edition(&manifest, &pieces);
    let fresh = Laptop::supervisor(&mut server);
    fresh.read(&server, 10);
    fresh.take_edition(&manifest, &pieces);

    assert_eq!(laptop.digest(&server), fresh.digest(&server));
    assert_eq!(laptop.store.search("le van hung", 5).unwrap().people, []);
    assert_eq!(laptop.store.search("n", 9).unwrap(), fresh.store.search("n", 9).unwrap());
}

#[test]
fn a_delta_on_another_edition_and_an_older_one_are_refused() {
    let (mut server, first, first_pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    let (records, counts) = small_commune();
    let (delta, _) = server.manifest(3, Some(2), counts, &[EditionRecord::PersonGone(id(300))]);
    assert_eq!(laptop.store.begin_edition(&delta).unwrap_err().code(), "edition_base");
    let (second, pieces) = server.manifest(2, None, counts, &records);
    laptop.take_edition(&second, &pieces);

    assert_eq!(laptop.store.begin_edition(&first).unwrap_err().code(), "edition_older");
    let _ = first_pieces;
    // An import that was undone: the log says that the edition before it is in force again.
    let (again, pieces) = server.manifest(1, None, counts, &records);
    assert_eq!(laptop.store.begin_edition(&again).unwrap_err().code(), "edition_older");
    server.say(vec![(change_id(7), EntityRef::UNIT, Body::EditionUndone(EditionUndone { edition: 2 }))]);
    laptop.read(&server, 5);
    laptop.take_edition(&again, &pieces);
    assert_eq!(laptop.store.edition().unwrap().unwrap().edition, 1);
}

#[test]
fn no_edition_is_refused_for_the_servers_clock() {
    let (mut server, first, first_pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    laptop.take_edition(&first, &first_pieces);
    let (records, counts) = small_commune();
    server.clock_ms -= 365 * 86_400_000;
    let (second, pieces) = server.manifest(2, None, counts, &records);

    laptop.take_edition(&second, &pieces);

    assert_eq!(laptop.store.edition().unwrap().unwrap().edition, 2);
}

#[test]
fn a_change_names_the_edition_and_the_log_index_that_its_author_had() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    server.say(vec![(
        change_id(9),
        EntityRef::UNIT,
        Body::EditionPublished(EditionPublished { edition: 1, label: "2026-01".to_owned(), people: 6 }),
    )]);
    laptop.read(&server, 5);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![(correction(500), proposed(300, 200, Field::Phone, None, "1"))]);

    let state = laptop.store.correction(id(500)).unwrap().unwrap().state;

    assert_eq!((state.base_edition, state.base_seen), (1, 1));
    assert_eq!(laptop.store.history(EntityRef::UNIT, Window::first(5)).unwrap().len(), 1);
}
