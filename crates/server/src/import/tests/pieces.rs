use std::collections::BTreeMap;

use domain::id::{DwellingId, HouseholdId, PersonId};
use domain::register::{
    EditionRecord, RegisterDwelling, RegisterHousehold, RegisterPerson, RegisterResidence, ResidenceKind, apply_patch,
};
use ring::digest::{SHA256, digest};

use super::*;
use crate::import::{PIECE_RAW_BYTES, Piece, cut_pieces, diff_editions};

fn records_of(piece: &Piece) -> Vec<EditionRecord> {
    let raw = zstd::bulk::decompress(&piece.compressed, 4 * PIECE_RAW_BYTES).unwrap();
    assert_eq!(raw.len() as u64, piece.raw_bytes);
    let mut decoder = minicbor::Decoder::new(&raw);
    let mut records = Vec::new();
    while decoder.position() < raw.len() {
        records.push(decoder.decode().unwrap());
    }
    records
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
fn pieces_hold_every_record_in_order_and_are_named_by_their_bytes() {
    let records: Vec<EditionRecord> = (0..20_000).map(|number| person(number, "Nguyễn Văn An")).collect();
    let pieces: Vec<Piece> = cut_pieces(records.clone()).map(Result::unwrap).collect();
    assert!(pieces.len() > 1);
    for piece in &pieces {
        assert!(piece.raw_bytes as usize <= PIECE_RAW_BYTES);
        assert_eq!(digest(&SHA256, &piece.compressed).as_ref(), piece.hash);
        assert_eq!(records_of(piece).len(), piece.records as usize);
    }
    assert_eq!(pieces.iter().flat_map(records_of).collect::<Vec<_>>(), records);
}

#[test]
fn a_piece_ends_exactly_at_its_limit() {
    let one = minicbor::to_vec(person(1, "Nguyễn Văn An")).unwrap().len();
    let size = |length: usize| {
        let person = person(1, &"a".repeat(length));
        minicbor::to_vec(person).unwrap().len()
    };
    // The name that fills a piece together with the first record.
    let length = PIECE_RAW_BYTES - one - (size(100_000) - 100_000);
    for (length, pieces) in [(length, 1), (length + 1, 2)] {
        let records = [person(1, "Nguyễn Văn An"), person(1, &"a".repeat(length))];
        assert_eq!(cut_pieces(records).count(), pieces);
    }
}

#[test]
fn nothing_gives_no_piece_and_a_giant_record_gets_its_own() {
    assert_eq!(cut_pieces([]).count(), 0);
    let giant = person(2, &"a".repeat(2 * PIECE_RAW_BYTES));
    let pieces: Vec<Piece> = cut_pieces([person(1, "A"), giant, person(3, "B")]).map(Result::unwrap).collect();
    assert_eq!(pieces.iter().map(|piece| piece.records).collect::<Vec<_>>(), [1, 1, 1]);
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
}

#[test]
fn an_edition_that_changed_nothing_has_an_empty_delta() {
    let (before, _) = first_edition(&[&[], &[("household_no", "H2")]]);
    assert_eq!(diff_editions(before.records(), before.records()).count(), 0);
}
