//! The extract as a reader sees it: read back from its bytes, by rules of its own.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use tungnha_synth::{self as synth, Column, Commune, Truth};

/// One row by column name.
type Row = BTreeMap<String, String>;

fn read(commune: &Commune) -> Vec<Row> {
    let mut bytes = Vec::new();
    synth::write_extract(commune, &mut bytes).unwrap();
    csv::Reader::from_reader(bytes.as_slice()).deserialize().collect::<Result<_, _>>().unwrap()
}

/// Lines of sound records: no error stands on them and none touches them.
fn sound_lines(commune: &Commune, truth: &Truth) -> BTreeSet<usize> {
    let mut spoilt: BTreeSet<&str> = truth.errors.iter().map(|error| error.who.person.as_str()).collect();
    spoilt.extend(truth.errors.iter().flat_map(|error| error.involves.iter().map(String::as_str)));
    let is_sound = |line: &usize| {
        let row = commune.rows().nth(line - 2).unwrap();
        !spoilt.contains(commune.person_of(commune.member(row).record).key.to_string().as_str())
    };
    (2..commune.rows().count() + 2).filter(is_sound).collect()
}

fn year(text: &str) -> i32 {
    text[text.len() - 4..].parse().unwrap()
}

/// yyyymmdd, for comparing.
fn day(text: &str) -> u32 {
    let parts: Vec<u32> = text.split('/').map(|part| part.parse().unwrap()).collect();
    parts.iter().rev().fold(0, |all, part| all * 100 + part)
}

#[test]
fn same_seed_same_bytes() {
    let write = |seed| {
        let commune = synth::commune(seed, 1_200, synth::DEFAULT_UNIT).unwrap();
        let mut bytes = Vec::new();
        synth::write_extract(&commune, &mut bytes).unwrap();
        synth::write_truth(&commune, &mut bytes).unwrap();
        let next = commune.next(9, &[]);
        synth::write_extract(&next, &mut bytes).unwrap();
        synth::write_truth(&next, &mut bytes).unwrap();
        bytes
    };
    assert_eq!(write(7), write(7));
    assert_ne!(write(7), write(8));
}

/// The bytes themselves must not move: frozen demos and benchmarks are compared across builds.
#[test]
fn bytes_of_a_seed_are_frozen() {
    let commune = synth::commune(1, 600, synth::DEFAULT_UNIT).unwrap();
    let mut bytes = Vec::new();
    synth::write_extract(&commune, &mut bytes).unwrap();
    synth::write_extract(&commune.next(2, &[]), &mut bytes).unwrap();
    let sum = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    assert_eq!(format!("{sum:016x}"), "fe222c2c76cae405");
}

#[test]
fn unknown_unit_is_refused() {
    assert_eq!(synth::commune(1, 10, "25369").unwrap_err().code, "25369");
}

#[test]
fn header_is_that_of_the_format() {
    let mut bytes = Vec::new();
    synth::write_extract(&synth::commune(1, 10, "25390").unwrap(), &mut bytes).unwrap();
    let header = String::from_utf8(bytes).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(
        header,
        "edition,unit_code,household_no,hamlet,alley,house_no,dwelling_kind,lat,lon,id_number,old_cmnd,full_name,\
         other_name,birth_date,sex,ethnic_group,religion,nationality,blood_group,marital_status,birth_place,\
         birth_registration_place,hometown,father_name,mother_name,spouse_name,relationship_to_head,residence_kind,\
         residence_since,residence_until,permanent_address,card_issued,card_expires,eid_level,phone,death_date"
    );
}

#[test]
fn sizes_and_shares_are_near_their_targets() {
    let commune = synth::commune(3, 20_000, synth::DEFAULT_UNIT).unwrap();
    let summary = commune.truth().head.summary;
    assert_eq!(summary.people, 20_000);
    let size = summary.people as f64 / summary.households as f64;
    assert!((3.4..3.8).contains(&size), "{size}");
    let wrong = summary.people_with_errors as f64 / summary.people as f64;
    assert!((0.055..0.065).contains(&wrong), "{wrong}");
    for kind in synth::Kind::ALL {
        let word = serde_json::to_value(kind).unwrap();
        let found = summary.by_kind[word.as_str().unwrap()];
        let columns = if *kind == synth::Kind::ExpiredCard { 2 } else { 1 };
        assert_eq!(found, kind.wanted(20_000) * columns, "{word}");
    }
    for kind in ["permanent", "temporary", "absent", "current", "short_stay"] {
        assert!(summary.by_residence[kind] > 20, "{kind}");
    }
    let rows = read(&commune);
    let others = rows.iter().filter(|row| row["ethnic_group"] != "Kinh").count();
    assert!((rows.len() / 8..rows.len() / 3).contains(&others));
    let old_unit = rows.iter().filter(|row| row["permanent_address"].contains("Bình Phước")).count();
    assert!(old_unit > rows.len() / 2);
    assert!(rows.iter().filter(|row| row["birth_date"].len() < 10).count() > 50);
    assert!(rows.iter().filter(|row| row["dwelling_kind"] == "rented_room").count() > 300);
    assert!(rows.iter().filter(|row| row["old_cmnd"].len() == 9).count() > rows.len() / 2);
    let newborns = rows.iter().filter(|row| row["id_number"].is_empty() && row["birth_date"].ends_with("2026"));
    assert!(newborns.count() > 3);
}

#[test]
fn sound_records_contradict_nothing() {
    let commune = synth::commune(4, 8_000, synth::DEFAULT_UNIT).unwrap();
    let truth = commune.truth();
    let sound = sound_lines(&commune, &truth);
    let rows = read(&commune);
    let today = 20_261_101;
    for (index, row) in rows.iter().enumerate().filter(|(index, _)| sound.contains(&(index + 2))) {
        let line = index + 2;
        let number = row["id_number"].as_bytes();
        let born = year(&row["birth_date"]);
        if !number.is_empty() {
            assert_eq!(number.len(), 12, "{line}");
            let digit = i32::from(number[3] - b'0');
            assert_eq!(digit % 2 == 0, row["sex"] == "Nam", "{line}");
            let short: i32 = row["id_number"][4..6].parse().unwrap();
            assert_eq!(1900 + digit / 2 * 100 + short, born, "{line}");
        }
        assert!(!row["full_name"].contains(|c: char| c.is_numeric()), "{line}");
        for column in ["ethnic_group", "religion", "hometown", "father_name", "mother_name", "birth_place", "sex"] {
            assert!(!row[column].is_empty(), "{line} {column}");
        }
        if 2026 - born > 14 && row["death_date"].is_empty() {
            for column in ["card_issued", "eid_level", "phone", "id_number"] {
                assert!(!row[column].is_empty(), "{line} {column}");
            }
        }
        for (column, must_be_past) in [("card_issued", true), ("residence_since", true), ("card_expires", false)] {
            if !row[column].is_empty() {
                assert_eq!(day(&row[column]) < today, must_be_past, "{line} {column}");
            }
        }
        if row["birth_date"].len() == 10 {
            assert!(day(&row["birth_date"]) < day(&row["residence_since"]), "{line}");
        }
        if !row["residence_until"].is_empty() {
            assert!(day(&row["residence_since"]) < day(&row["residence_until"]), "{line}");
        }
        if row["marital_status"] == "Đã kết hôn" {
            assert!(!row["spouse_name"].is_empty(), "{line}");
        }
    }
}

#[test]
fn children_are_much_younger_than_the_head_and_parents_much_older() {
    let commune = synth::commune(4, 8_000, synth::DEFAULT_UNIT).unwrap();
    let sound = sound_lines(&commune, &commune.truth());
    let rows = read(&commune);
    let heads: BTreeMap<&str, i32> = rows
        .iter()
        .enumerate()
        .filter(|(index, row)| sound.contains(&(index + 2)) && row["relationship_to_head"] == "Chủ hộ")
        .map(|(_, row)| (row["household_no"].as_str(), year(&row["birth_date"])))
        .collect();
    let mut compared = 0;
    for (_, row) in rows.iter().enumerate().filter(|(index, _)| sound.contains(&(index + 2))) {
        let Some(head) = heads.get(row["household_no"].as_str()) else { continue };
        let younger = year(&row["birth_date"]) - head;
        match row["relationship_to_head"].as_str() {
            "Con" => assert!(younger >= 16, "{row:?}"),
            "Cha" | "Mẹ" => assert!(younger <= -16, "{row:?}"),
            _ => continue,
        }
        compared += 1;
    }
    assert!(compared > 2_000);
}

#[test]
fn households_have_one_head_except_where_planted() {
    let commune = synth::commune(6, 8_000, synth::DEFAULT_UNIT).unwrap();
    let truth = commune.truth();
    let mut heads: BTreeMap<String, usize> = BTreeMap::new();
    for row in read(&commune) {
        let head = row["relationship_to_head"] == "Chủ hộ" && row["residence_kind"] != "absent";
        *heads.entry(row["household_no"].clone()).or_default() += usize::from(head);
    }
    let wrong: BTreeSet<&str> =
        heads.iter().filter(|(_, count)| **count != 1).map(|(household, _)| household.as_str()).collect();
    let planted: BTreeSet<&str> = truth
        .errors
        .iter()
        .filter(|error| matches!(error.kind, synth::Kind::TwoHeads | synth::Kind::NoHead))
        .map(|error| error.who.household_no.as_str())
        .collect();
    assert_eq!(wrong, planted);
}

#[test]
fn numbers_are_unique_except_where_planted() {
    let commune = synth::commune(6, 8_000, synth::DEFAULT_UNIT).unwrap();
    let truth = commune.truth();
    let mut bearers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (row, key) in read(&commune).into_iter().zip(commune.rows()) {
        if !row["id_number"].is_empty() {
            let record = commune.member(key).record;
            bearers.entry(row["id_number"].clone()).or_default().insert(format!("{record:?}"));
        }
    }
    let shared: BTreeSet<&str> =
        bearers.iter().filter(|(_, records)| records.len() > 1).map(|(number, _)| number.as_str()).collect();
    let planted: BTreeSet<&str> = truth
        .errors
        .iter()
        .filter(|error| matches!(error.kind, synth::Kind::NumberOfAnother | synth::Kind::DuplicateSameNumber))
        .map(|error| error.who.id_number.as_str())
        .collect();
    assert_eq!(shared, planted);
}

#[test]
fn one_permanent_residence_for_each_sound_person() {
    let commune = synth::commune(8, 8_000, synth::DEFAULT_UNIT).unwrap();
    let sound = sound_lines(&commune, &commune.truth());
    let mut permanent: BTreeMap<String, usize> = BTreeMap::new();
    for (index, row) in read(&commune).into_iter().enumerate() {
        if sound.contains(&(index + 2)) && row["residence_kind"] == "permanent" && !row["id_number"].is_empty() {
            *permanent.entry(row["id_number"].clone()).or_default() += 1;
        }
    }
    assert!(permanent.values().all(|count| *count == 1));
}

#[test]
fn units_all_over_the_country_can_be_made() {
    let list = include_str!("../../../assets/data/communes.csv");
    for unit in list.lines().skip(1).step_by(150) {
        let commune = synth::commune(1, 60, &unit[..5]).unwrap();
        assert_eq!(commune.truth().head.summary.people, 60, "{unit}");
        assert_eq!(Column::ALL.len(), read(&commune)[0].len());
        commune.next(2, &[]);
    }
}

#[test]
fn a_handful_of_people_is_a_commune_too() {
    for people in 1..12 {
        let commune = synth::commune(1, people, synth::DEFAULT_UNIT).unwrap();
        assert_eq!(commune.truth().head.summary.people, people);
        commune.next(2, &[]);
    }
}
