use std::collections::BTreeMap;

use domain::id::{DwellingId, HouseholdId, PersonId};
use domain::register::{
    EditionRecord, RegisterDwelling, RegisterHousehold, RegisterPerson, RegisterResidence, ResidenceKind, apply_patch,
};
use sync::edition::{Piece, open_piece, records};

use super::*;
use crate::import::{cut_pieces, diff_editions};

fn records_of(piece: &Piece) -> Vec<EditionRecord> {
    let raw = open_piece(&piece.reference, &piece.bytes).unwrap();
    records(&raw).map(Result::unwrap).collect()
}

fn person(number: u128, name: &str) -> EditionRecord {
    let household = HouseholdId(Uuid::from_u128(number / 4));
    EditionRecord::Person(RegisterPerson {
        id: PersonId(Uuid::from_u128(number)),
        household,
        fields: BTreeMap::from([
            (Field::FullName, name.to_owned()),
            (Field::IdNumber, format!("{:012}", number * 7919 % 999_999_999_999)),
        ]),
        residences: vec![RegisterResidence {
            kind: ResidenceKind::Permanent,
            household,
            since: None,
            until: None,
            relationship_to_head: None,
        }],
        others: None,
        originals: None,
    })
}

#[test]
fn pieces_hold_every_record_in_order() {
    let records: Vec<EditionRecord> = (0..20_000).map(|number| person(number, "Nguyễn Văn An")).collect();
    let pieces: Vec<Piece> = cut_pieces(records.clone(), false).map(Result::unwrap).collect();
    assert!(pieces.len() > 1);
    assert_eq!(pieces.iter().flat_map(records_of).collect::<Vec<_>>(), records);
    assert_eq!(cut_pieces([], false).count(), 0);
}

#[test]
fn a_record_that_no_laptop_would_take_ends_the_cutting() {
    let gone = EditionRecord::PersonGone(PersonId(Uuid::from_u128(1)));
    let outcomes: Vec<bool> = cut_pieces([gone, person(2, "A")], false).map(|piece| piece.is_ok()).collect();
    assert_eq!(outcomes, [false]);
}

/// Carries a delta out as a laptop does, on plain maps.
fn apply(held: &[EditionRecord], delta: &[EditionRecord]) -> Vec<EditionRecord> {
    let mut dwellings: BTreeMap<DwellingId, RegisterDwelling> = BTreeMap::new();
    let mut households: BTreeMap<HouseholdId, RegisterHousehold> = BTreeMap::new();
    let mut persons: BTreeMap<PersonId, RegisterPerson> = BTreeMap::new();
    for record in held.iter().chain(delta).cloned() {
        match record {
            EditionRecord::Dwelling(one) => drop(dwellings.insert(one.id, one)),
            EditionRecord::Household(one) => drop(households.insert(one.id, one)),
            EditionRecord::Person(one) => drop(persons.insert(one.id, one)),
            EditionRecord::PersonPatch(patch) => apply_patch(persons.get_mut(&patch.id).unwrap(), &patch),
            EditionRecord::DwellingGone(id) => drop(dwellings.remove(&id).unwrap()),
            EditionRecord::HouseholdGone(id) => drop(households.remove(&id).unwrap()),
            EditionRecord::PersonGone(id) => drop(persons.remove(&id).unwrap()),
        }
    }
    let dwellings = dwellings.into_values().map(EditionRecord::Dwelling);
    let households = households.into_values().map(EditionRecord::Household);
    dwellings.chain(households).chain(persons.into_values().map(EditionRecord::Person)).collect()
}

#[test]
fn a_delta_holds_only_what_differs_and_gives_the_next_edition() {
    let (before, known) = first_edition(&[
        &[("id_number", "001080001234"), ("lat", "10.5")],
        &[("full_name", "Trần Thị Bình"), ("phone", "0912345678")],
        &[("household_no", "H2"), ("house_no", "14"), ("full_name", "Y Đăm Byă")],
        &[("household_no", "H3"), ("house_no", "16"), ("full_name", "Bố"), ("id_number", "001050001234")],
        &[("household_no", "H4"), ("house_no", "18"), ("full_name", "Lê Lan"), ("religion", "Phật giáo")],
    ]);
    let after = plan(
        &[
            &[("id_number", "001080001234"), ("lat", "10.6")],
            &[("full_name", "Trần Thị Bình"), ("sex", "Nữ")],
            &[("household_no", "H3"), ("house_no", "18"), ("full_name", "Bố"), ("id_number", "001050001234")],
            &[("household_no", "H4"), ("house_no", "18"), ("full_name", "Lê Lan"), ("religion", "Phật giáo")],
            &[("household_no", "H5"), ("house_no", "20"), ("full_name", "Mới")],
        ],
        &known,
        1000,
    );
    let (held, next): (Vec<_>, Vec<_>) = (before.records().collect(), after.records().collect());

    let delta: Vec<EditionRecord> = diff_editions(held.clone(), next.clone()).collect();

    let count = |wanted: fn(&EditionRecord) -> bool| delta.iter().filter(|record| wanted(record)).count();
    assert_eq!(count(|record| matches!(record, EditionRecord::Dwelling(_))), 2, "one moved on the map, one new");
    assert_eq!(count(|record| matches!(record, EditionRecord::Household(_))), 2, "one in another dwelling, one new");
    assert_eq!(count(|record| matches!(record, EditionRecord::Person(_))), 1);
    assert_eq!(count(|record| matches!(record, EditionRecord::PersonPatch(_))), 1);
    assert_eq!(count(|record| matches!(record, EditionRecord::PersonGone(_))), 1);
    assert_eq!(count(|record| matches!(record, EditionRecord::HouseholdGone(_))), 1);
    assert_eq!(count(|record| matches!(record, EditionRecord::DwellingGone(_))), 2);
    assert_eq!(apply(&held, &delta), apply(&next, &[]));
    let pieces: Vec<Piece> = cut_pieces(delta.clone(), true).map(Result::unwrap).collect();
    assert_eq!(pieces.iter().flat_map(records_of).collect::<Vec<_>>(), delta, "in the order that the wire asks for");
}

#[test]
fn an_edition_that_changed_nothing_has_an_empty_delta() {
    let (before, _) = first_edition(&[&[], &[("household_no", "H2")]]);
    assert_eq!(diff_editions(before.records(), before.records()).count(), 0);
}
