//! Finding people and houses.

use domain::field::Field;
use domain::register::EditionRecord;
use store::SearchResults;

use crate::support::*;

fn names(results: &SearchResults) -> Vec<&str> {
    results.people.iter().map(|hit| hit.full_name.as_deref().unwrap()).collect()
}

fn commune() -> Laptop {
    let (mut server, manifest, pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop
}

#[test]
fn people_are_found_without_case_marks_or_order() {
    let laptop = commune();
    let cases: &[(&str, &[&str])] = &[
        ("nguyen thi hoa", &["Nguyễn Thị Hòa"]),
        ("HOÀ NGUYỄN", &["Nguyễn Thị Hòa"]),
        ("ng v", &["Nguyễn Văn An", "Nguyễn Văn Ân"]),
        ("n", &["Nguyễn Văn An", "Nguyễn Văn Ân", "Nguyễn Thị Hòa", "H\u{2019}Mai Niê"]),
        ("dieu dam", &["Điểu Y Đăm"]),
        ("h'mai", &["H\u{2019}Mai Niê"]),
        ("hmai", &["H\u{2019}Mai Niê"]),
        ("ty", &["Nguyễn Văn Ân"]),
        ("xyz", &[]),
        ("", &[]),
        ("   ", &[]),
        ("\"; DROP TABLE person; --", &[]),
        ("nguyen OR le", &[]),
        ("hoa*", &["Nguyễn Thị Hòa"]),
        ("NEAR(hoa)", &[]),
    ];
    for (typed, expected) in cases {
        assert_eq!(names(&laptop.store.search(typed, 20).unwrap()), *expected, "{typed:?}");
    }
}

#[test]
fn numbers_are_found_by_their_beginning() {
    let laptop = commune();
    let cases: &[(&str, usize)] = &[
        ("001190012345", 2),
        ("0011 9001", 2),
        ("285", 1),
        ("0901442", 1),
        ("+84 901 442", 1),
        ("0901.442.233", 1),
        ("9", 0),
    ];
    for (typed, count) in cases {
        assert_eq!(laptop.store.search(typed, 20).unwrap().people.len(), *count, "{typed:?}");
    }
}

#[test]
fn houses_are_found_as_one_walks_past_them() {
    let laptop = commune();
    let numbers = |typed: &str| -> Vec<String> {
        let found = laptop.store.search(typed, 20).unwrap();
        found.houses.iter().map(|hit| hit.household_no.clone().unwrap()).collect()
    };
    let (h0, h1, h2, h3) = ("070-004-118-2", "070-004-119-2", "070-004-120-2", "070-004-121-2");
    assert_eq!(numbers("ngo 12"), [h1, h3, h0]);
    assert_eq!(numbers("ấp"), [h1, h3, h0, h2]);
    assert_eq!(numbers("12/5"), [h1, h3]);
    assert_eq!(numbers("070-004-118"), [h0]);
    let hit = laptop.store.search("12/10", 5).unwrap().houses.remove(0);
    assert_eq!((hit.head_name.as_deref(), hit.people), (Some("Nguyễn Thị Hòa"), 2));
}

#[test]
fn a_search_says_that_there_is_more() {
    let laptop = commune();
    let found = laptop.store.search("nguyen", 2).unwrap();
    assert_eq!((names(&found), found.more_people), (vec!["Nguyễn Văn An", "Nguyễn Văn Ân"], true));
    assert!(!laptop.store.search("nguyen", 3).unwrap().more_people);
}

#[test]
fn people_added_one_by_one_stand_in_order_among_the_others() {
    let mut laptop = commune();
    // All between two neighbours: gaps have to be made anew on the way.
    let mut expected: Vec<String> = (0..150).map(|number| format!("Nguyễn Văn An {}", letters(number))).collect();
    let mut shuffled = expected.clone();
    shuffled.sort_by_key(|name| name.bytes().rev().map(|byte| byte.wrapping_mul(31)).collect::<Vec<_>>());
    for (number, name) in (1000..).zip(&shuffled) {
        laptop.transact(vec![(person(number), added(200, name))]);
    }
    expected.sort_by_key(|name| domain::text::collation_key_person(name));

    let found = laptop.store.search("nguyen van an", 500).unwrap();

    let found: Vec<String> =
        names(&found).into_iter().map(str::to_owned).filter(|name| expected.contains(name)).collect();
    assert_eq!(found, expected);
    let raw = laptop.raw("work");
    let keys: Vec<Vec<u8>> = raw
        .prepare("SELECT sort_key FROM person_name ORDER BY rank")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(keys.is_sorted());
    assert_eq!(keys.len(), 156);
}

fn letters(number: u32) -> String {
    let letter = |n: u32| char::from(b'a' + (n % 26) as u8);
    [letter(number / 26), letter(number)].iter().collect()
}

#[test]
fn ties_and_growing_keys_find_a_place() {
    let mut laptop = commune();
    for number in 1000..1080 {
        laptop.transact(vec![(person(number), added(200, "Nguyễn Văn An"))]);
    }
    for (number, letter) in (2000..2040).zip((0..40).rev()) {
        laptop.transact(vec![(person(number), added(200, &format!("An {}", letters(letter))))]);
    }
    assert_eq!(laptop.store.search("nguyen van an", 500).unwrap().people.len(), 82);
    let raw = laptop.raw("work");
    let keys: Vec<Vec<u8>> = raw
        .prepare("SELECT sort_key FROM person_name ORDER BY rank")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(keys.is_sorted());
}

#[test]
fn the_index_follows_a_changed_name() {
    let (mut server, manifest, pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let patch = domain::register::PersonPatch {
        id: id(301),
        household: None,
        set: Some([(Field::FullName, "Lê Văn Dũng".to_owned())].into()),
        cleared: None,
        residences: None,
        others: None,
        originals: None,
    };
    let (manifest, pieces) = server.manifest(2, Some(1), [6, 4, 3], &[EditionRecord::PersonPatch(patch)]);
    laptop.take_edition(&manifest, &pieces);

    assert_eq!(names(&laptop.store.search("le", 5).unwrap()), ["Lê Văn Dũng"]);
    assert_eq!(names(&laptop.store.search("hung", 5).unwrap()), [""; 0]);
}

#[test]
fn names_that_are_no_names_do_no_harm() {
    let mut laptop = commune();
    let names =
        ["'; DROP TABLE person; --", "\u{202E}naL", "a\u{200B}b", &"Ơ".repeat(500), "*", "\"", "", "NULL", "漢字"];
    for (number, name) in (3000..).zip(names) {
        laptop.transact(vec![(person(number), added(200, name))]);
        laptop.store.search(name, 5).unwrap();
    }
    assert_eq!(laptop.store.search("漢", 5).unwrap().people.len(), 1);
    assert_eq!(laptop.store.search("drop", 5).unwrap().people.len(), 1);
    laptop.store.check_integrity().unwrap();
}
