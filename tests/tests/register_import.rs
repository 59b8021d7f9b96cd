//! Made-up communes through the import: what is broken is refused where it is broken, and the next edition finds
//! everyone again.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use domain::field::Field;
use domain::id::PersonId;
use domain::register::{EditionRecord, RegisterPerson};
use domain::text::nfc;
use domain::unit::Unit;
use server::import::extract::{Expectation, Extract, ExtractError, RejectedRow};
use server::import::{
    Census, ImportOptions, ImportOutcome, ImportPlan, KnownInMemory, cut_pieces, diff_editions, plan_import,
    take_census,
};
use synth::broken::{self, Broken};
use synth::{Column, Commune, DEFAULT_UNIT, RecordKey};
use uuid::Uuid;

fn read(file: &[u8], held: Option<&str>) -> Result<(Census, Vec<RejectedRow>), ExtractError> {
    let expected = Expectation { unit: Unit::of_2025(DEFAULT_UNIT), held_edition_label: held.map(str::to_owned) };
    let mut rejected = Vec::new();
    let census = take_census(&mut Extract::open(Cursor::new(file), expected)?, &mut |row| {
        rejected.push(row.clone());
        Ok(())
    })?;
    Ok((census, rejected))
}

/// Random ids, the same in every run; the first half is the time, as in a UUIDv7.
fn new_ids(seed: u64) -> impl FnMut(&str, &[u8]) -> Uuid {
    let mut state = seed;
    move |_, _| {
        let mut half = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        Uuid::from_u64_pair(0x0199_D2A0_0000_7000 | (half() & 0xFFF), half())
    }
}

fn plan(census: Census, known: &KnownInMemory, seed: u64) -> ImportOutcome {
    let unit = Unit::of_2025(DEFAULT_UNIT);
    plan_import(&unit, census, known, ImportOptions::default(), &mut new_ids(seed)).unwrap()
}

fn ready(outcome: ImportOutcome) -> ImportPlan {
    match outcome {
        ImportOutcome::Ready(plan) => *plan,
        ImportOutcome::NeedsConfirmation { lost, of, .. } => panic!("{lost} of {of} lost"),
    }
}

fn import(commune: &Commune, known: &KnownInMemory, seed: u64) -> ImportPlan {
    let mut file = Vec::new();
    synth::write_extract(commune, &mut file).unwrap();
    let (census, rejected) = read(&file, None).unwrap();
    assert_eq!(rejected.len(), 0);
    ready(plan(census, known, seed))
}

#[test]
fn a_commune_with_planted_errors_is_taken_whole() {
    let commune = synth::commune(7, 2_000, DEFAULT_UNIT).unwrap();
    let plan = import(&commune, &KnownInMemory::default(), 1);
    assert_eq!(plan.people(), commune.records.len(), "a duplicate record stays a duplicate");
    assert_eq!(plan.households.len(), commune.listed_households());
}

#[test]
fn bad_rows_are_rejected_where_they_are_and_the_rest_is_taken() {
    let commune = synth::commune(7, 300, DEFAULT_UNIT).unwrap();
    let file = broken::bad_rows(&commune, 3);
    let (census, rejected) = read(&file.bytes, None).unwrap();

    let place = |row: &RejectedRow| (row.fault.line as usize, row.fault.column.clone());
    let mut found: Vec<_> = rejected.iter().map(place).collect();
    let not_utf8 = |value: &str| value == "not UTF-8";
    let mut spoilt: Vec<_> = file
        .lines
        .iter()
        .map(|line| {
            let column = line.column.filter(|_| !not_utf8(&line.value));
            (line.line, column.map(|column| column.name().to_owned()))
        })
        .collect();
    found.sort();
    spoilt.sort();
    assert_eq!(found, spoilt);
    assert_eq!(census.stats.rows as usize, commune.rows().count() - file.lines.len());
}

#[test]
fn a_file_that_is_broken_as_a_whole_is_refused_with_its_code() {
    let commune = synth::commune(7, 300, DEFAULT_UNIT).unwrap();
    let cases = [
        (broken::wrong_header(&commune), "extract_wrong_header"),
        (broken::wrong_unit(&commune), "extract_wrong_unit"),
        (broken::older_edition(&commune), "extract_older_edition"),
        (broken::empty_file(), "extract_empty"),
        (broken::header_only(&commune), "extract_no_rows"),
    ];
    for (file, code) in cases {
        let error = read(&file.bytes, Some(&commune.edition)).err().unwrap();
        assert_eq!(error.code(), code);
    }
}

#[test]
fn one_odd_value_is_kept_or_rejected_with_its_code() {
    let commune = synth::commune(7, 300, DEFAULT_UNIT).unwrap();
    let cases: [(Broken, &[&str]); 7] = [
        (broken::long_name(&commune), &["text_too_long"]),
        (broken::hidden_marks(&commune), &["text_invisible_character"]),
        (broken::cut_off(&commune), &["cell_count"]),
        (broken::sql_in_name(&commune), &[]),
        (broken::decomposed_name(&commune), &[]),
        (broken::thirtieth_of_february(&commune), &[]),
        (broken::semicolon_with_bom(&commune), &[]),
    ];
    for (file, codes) in cases {
        let (census, rejected) = read(&file.bytes, None).unwrap();
        let found: Vec<String> = rejected.iter().map(|row| row.fault.reason.code()).collect();
        assert_eq!(found, codes);
        assert_eq!(census.stats.rows as usize + codes.len(), commune.rows().count());
    }
}

#[test]
fn six_of_a_hundred_missing_asks_and_four_do_not() {
    let commune = synth::commune(7, 1_000, DEFAULT_UNIT).unwrap();
    let known = KnownInMemory::from_records(import(&commune, &KnownInMemory::default(), 1).records());
    // The broken file says what is true: whom a planted error made another person would count as lost as well.
    let sound = broken::people_missing(&commune, 0, "2026-12");
    let sound = ready(plan(read(&sound.bytes, None).unwrap().0, &known, 2));
    let known = KnownInMemory::from_records(sound.records());
    for (percent, asks) in [(4, false), (6, true)] {
        let file = broken::people_missing(&commune, percent, "2027-01");
        let outcome = plan(read(&file.bytes, Some("2026-12")).unwrap().0, &known, 3);
        assert_eq!(matches!(outcome, ImportOutcome::NeedsConfirmation { .. }), asks, "{percent} percent");
    }
}

/// Everyone's id by what the register says of him: household, number, name and birth date tell every record.
fn ids_by_record(commune: &Commune, plan: &ImportPlan) -> BTreeMap<RecordKey, PersonId> {
    type Sign = (String, String, String, String);
    let households: HashMap<_, _> = plan.households.iter().map(|one| (one.id, &one.household_no)).collect();
    let text = |person: &RegisterPerson, field| person.field(field).unwrap_or_default().to_owned();
    let mut of_sign: HashMap<Sign, PersonId> = HashMap::new();
    for person in plan.persons() {
        let household = households[&person.household].clone();
        let sign = (
            household,
            text(&person, Field::IdNumber),
            text(&person, Field::FullName),
            text(&person, Field::BirthDate),
        );
        assert_eq!(of_sign.insert(sign, person.id), None);
    }
    let mut ids = BTreeMap::new();
    for row in commune.rows() {
        let value = |column| nfc(commune.value(row, column).trim()).into_owned();
        let sign = [Column::HouseholdNo, Column::IdNumber, Column::FullName, Column::BirthDate].map(value);
        let [household, number, name, birth] = sign;
        if let Some(id) = of_sign.get(&(household, number, name, birth)) {
            ids.insert(commune.member(row).record, *id);
        }
    }
    assert_eq!(ids.len(), plan.people());
    ids
}

#[test]
fn the_next_edition_finds_everyone_again_and_travels_small() {
    let first = synth::commune(7, 5_000, DEFAULT_UNIT).unwrap();
    let next = first.next(8, &[]);
    let before = import(&first, &KnownInMemory::default(), 1);
    let after = import(&next, &KnownInMemory::from_records(before.records()), 2);

    // Everyone who was there has the id he had; everyone else has one that nobody had.
    let (ids_before, ids_after) = (ids_by_record(&first, &before), ids_by_record(&next, &after));
    let wrong = ids_after.iter().filter(|(record, id)| ids_before.get(record).is_some_and(|before| before != *id));
    assert_eq!(wrong.count(), 0);
    let new = ids_after.keys().filter(|record| !ids_before.contains_key(record)).count();
    assert_eq!((after.stats.people_new, after.identity_notes.len()), (new, 0));

    let bytes_of = |records: Vec<EditionRecord>, is_delta| -> usize {
        cut_pieces(records, is_delta).map(|piece| piece.unwrap().bytes.len()).sum()
    };
    let delta: Vec<EditionRecord> = diff_editions(before.records(), after.records()).collect();
    let of_people = delta.iter().filter(|record| {
        matches!(record, EditionRecord::Person(_) | EditionRecord::PersonPatch(_) | EditionRecord::PersonGone(_))
    });
    assert!(of_people.count() * 100 >= before.people(), "at least one in a hundred changed");
    let (whole, changed) = (bytes_of(before.records().collect(), false), bytes_of(delta, true));
    assert!(changed * 100 <= whole * 2, "{changed} of {whole} bytes");
}
