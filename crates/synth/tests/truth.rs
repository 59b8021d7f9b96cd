//! `truth.json` against the extract it belongs to, first edition and next.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use tungnha_synth::{self as synth, Approved, Commune, EventKind, Kind, KnownBy, TrueError};

type Row = BTreeMap<String, String>;

fn read(commune: &Commune) -> Vec<Row> {
    let mut bytes = Vec::new();
    synth::write_extract(commune, &mut bytes).unwrap();
    csv::Reader::from_reader(bytes.as_slice()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn commune() -> Commune {
    synth::commune(11, 10_000, synth::DEFAULT_UNIT).unwrap()
}

/// An error really stands in the extract, on every line told.
fn assert_stands(error: &TrueError, rows: &[Row]) {
    assert!(!error.who.lines.is_empty(), "{error:?}");
    for line in &error.who.lines {
        let row = &rows[line - 2];
        assert_eq!(row["full_name"], error.who.name, "{error:?}");
        assert_eq!(row["id_number"], error.who.id_number, "{error:?}");
        if error.field != "record" {
            assert_eq!(row[error.field], error.register_value, "{error:?}");
        }
    }
    assert_eq!(rows[error.who.lines[0] - 2]["household_no"], error.who.household_no);
    assert_ne!(error.register_value, error.true_value, "{error:?}");
}

#[test]
fn every_planted_error_stands_where_it_is_said_to() {
    let commune = commune();
    let rows = read(&commune);
    let truth = commune.truth();
    for error in &truth.errors {
        assert_stands(error, &rows);
    }
    for paper in &truth.papers {
        assert_eq!(rows[paper.who.lines[0] - 2][paper.field], paper.register_value);
        assert_ne!(paper.paper_value, paper.register_value);
    }
    assert!(truth.papers.iter().any(|paper| paper.right == "register"));
}

#[test]
fn what_a_paper_shows_has_its_paper() {
    for error in commune().truth().errors {
        assert!(error.known_by != KnownBy::Paper || error.paper.is_some(), "{error:?}");
    }
}

#[test]
fn nothing_is_spoilt_that_truth_does_not_tell() {
    let commune = commune();
    let truth = commune.truth();
    let told: std::collections::BTreeSet<(usize, &str)> =
        truth.errors.iter().flat_map(|error| error.who.lines.iter().map(|line| (*line, error.field))).collect();
    for (index, row) in commune.rows().enumerate() {
        for column in synth::Column::ALL {
            let line = index + 2;
            let says_true = commune.value(row, *column) == commune.true_value(row, *column);
            assert!(
                says_true || told.contains(&(line, column.name())) || told.contains(&(line, "record")),
                "{line} {}",
                column.name()
            );
        }
    }
}

#[test]
fn swapped_and_impossible_dates_look_it() {
    for error in commune().truth().errors {
        let parts: Vec<&str> = error.register_value.split('/').collect();
        match error.kind {
            Kind::ImpossibleDate => {
                assert!(matches!(parts[..2], ["30" | "29", "02"] | ["31", "04" | "06" | "09" | "11"]), "{error:?}")
            }
            Kind::DayMonthSwapped => {
                let swapped = format!("{}/{}/{}", parts[1], parts[0], parts[2]);
                assert_eq!(swapped, error.true_value);
            }
            _ => {}
        }
    }
}

#[test]
fn file_is_json_and_says_the_same() {
    let commune = commune();
    let mut bytes = Vec::new();
    synth::write_truth(&commune, &mut bytes).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(file, serde_json::to_value(commune.truth()).unwrap());
    assert_eq!(file["errors"].as_array().unwrap().len() as u64, file["summary"]["errors"].as_u64().unwrap());
}

#[test]
fn next_edition_changes_one_or_two_rows_in_a_hundred() {
    let first = commune();
    let next = first.next(12, &[]);
    let keyed = |commune: &Commune| -> BTreeMap<String, Row> {
        let rows = read(commune).into_iter().zip(commune.rows());
        rows.map(|(mut row, key)| {
            row.remove("edition");
            let member = commune.member(key);
            let key = format!("{:?} {} {}", member.record, row["household_no"], row["residence_kind"]);
            (key, row)
        })
        .collect()
    };
    let (before, after) = (keyed(&first), keyed(&next));
    let changed = after.iter().filter(|(key, row)| before.get(*key) != Some(row)).count()
        + before.keys().filter(|key| !after.contains_key(*key)).count();
    let share = changed as f64 / before.len() as f64;
    assert!((0.01..0.025).contains(&share), "{share}");
    assert!(next.edition > first.edition);
}

#[test]
fn next_edition_tells_the_truth_of_itself() {
    let next = commune().next(12, &[]);
    let rows = read(&next);
    let truth = next.truth();
    for error in &truth.errors {
        assert_stands(error, &rows);
    }
    for what in [
        EventKind::Corrected,
        EventKind::Removed,
        EventKind::MovedOut,
        EventKind::MovedIn,
        EventKind::Split,
        EventKind::Born,
        EventKind::Died,
        EventKind::CardRenewed,
        EventKind::PhoneChanged,
        EventKind::StayExtended,
        EventKind::StayEnded,
        EventKind::Numbered,
    ] {
        assert!(truth.changes.iter().any(|change| change.what == what), "{what:?}");
    }
    for change in &truth.changes {
        let gone = matches!(change.what, EventKind::MovedOut | EventKind::Removed);
        if gone {
            assert!(change.who.lines.is_empty(), "{change:?}");
        }
        if let (Some(field), Some(to)) = (change.field, &change.to) {
            assert!(change.who.lines.is_empty() || change.who.lines.iter().any(|line| rows[line - 2][field] == *to));
        }
        if change.what == EventKind::Born {
            assert!(rows[change.who.lines[0] - 2]["id_number"].is_empty());
        }
        if change.what == EventKind::Died {
            assert!(!rows[change.who.lines[0] - 2]["death_date"].is_empty());
        }
    }
}

#[test]
fn editions_follow_one_another_for_a_year() {
    let mut commune = synth::commune(2, 1_500, synth::DEFAULT_UNIT).unwrap();
    for month in 0..14 {
        let next = commune.next(month, &[]);
        assert!(next.edition > commune.edition);
        let rows = read(&next);
        for error in next.truth().errors {
            assert_stands(&error, &rows);
        }
        commune = next;
    }
    assert_eq!(commune.edition, "2028-01");
    assert!(commune.planted.len() < 60);
}

#[test]
fn approved_corrections_are_in_the_next_edition() {
    let first = commune();
    let truth = first.truth();
    let of = |kind: Kind| truth.errors.iter().find(|error| error.kind == kind).unwrap();
    let approve = |error: &TrueError, by_number: bool| Approved {
        id_number: if by_number { error.who.id_number.clone() } else { String::new() },
        household_no: error.who.household_no.clone(),
        name: error.who.name.clone(),
        field: if error.field == "record" { "removed".to_owned() } else { error.field.to_owned() },
        new_value: error.true_value.clone(),
    };
    let name = of(Kind::NameMisspelt);
    let encoding = of(Kind::NameEncoding);
    let head = of(Kind::TwoHeads);
    let duplicate = of(Kind::DuplicateSameNumber);
    let dead = of(Kind::DiedStillListed);
    let approved = [
        approve(name, true),
        approve(encoding, false),
        approve(head, true),
        approve(duplicate, true),
        approve(dead, true),
        Approved { id_number: "000000000000".to_owned(), field: "sex".to_owned(), ..Approved::default() },
    ];
    let next = first.next(3, &approved);
    let after = next.truth();
    for error in [name, encoding, head, duplicate, dead] {
        let same = |each: &&TrueError| each.kind == error.kind && each.who.person == error.who.person;
        assert!(!after.errors.iter().any(|each| same(&each)), "{error:?}");
    }
    let rows = read(&next);
    let listed = |number: &str| rows.iter().find(|row| row["id_number"] == number).unwrap();
    assert_eq!(listed(&name.who.id_number)["full_name"], name.true_value);
    assert_eq!(listed(&head.who.id_number)["relationship_to_head"], head.true_value);
    assert_eq!(listed(&dead.who.id_number)["death_date"], dead.true_value);
    let twice = |row: &&Row| row["id_number"] == duplicate.who.id_number && row["full_name"] == duplicate.who.name;
    assert!(!rows.iter().any(|row| twice(&row)));
    assert_eq!(next.unmatched, approved[5..]);
    assert_eq!(after.changes.iter().filter(|change| change.what == EventKind::Approved).count(), 4);
}

#[test]
fn approved_value_that_is_not_the_truth_stays_an_error() {
    let first = commune();
    let truth = first.truth();
    let error = truth.errors.iter().find(|error| error.kind == Kind::NameMisspelt).unwrap();
    let approved = Approved {
        id_number: error.who.id_number.clone(),
        field: "full_name".to_owned(),
        new_value: "Trần Văn Khác".to_owned(),
        ..Approved::default()
    };
    let next = first.next(3, &[approved]).truth();
    let still = next.errors.iter().find(|each| each.who.person == error.who.person && each.field == "full_name");
    assert!(still.is_none_or(|still| still.register_value == "Trần Văn Khác"));
    assert!(next.changes.iter().any(|change| change.to.as_deref() == Some("Trần Văn Khác")));
}
