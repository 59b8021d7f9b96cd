use super::*;

/// `count` people with numbers, one in each household.
fn people(count: usize) -> Vec<Vec<(String, String)>> {
    let cell = |name: &str, value: String| (name.to_owned(), value);
    (0..count)
        .map(|at| {
            vec![
                cell("id_number", format!("0010800{at:05}")),
                cell("household_no", format!("H{at}")),
                cell("house_no", at.to_string()),
            ]
        })
        .collect()
}

fn csv_of_people(people: &[Vec<(String, String)>]) -> Vec<u8> {
    let rows: Vec<Vec<(&str, &str)>> = people
        .iter()
        .map(|cells| cells.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect())
        .collect();
    csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn outcome(file: Vec<u8>, known: &KnownInMemory, options: ImportOptions) -> ImportOutcome {
    let mut extract = Extract::open(Cursor::new(file), expectation()).unwrap();
    let census = take_census(&mut extract, &mut |_| Ok(())).unwrap();
    plan_import(&Unit::of_2025("25369"), census, known, options, &mut ids_from(100_000)).unwrap()
}

fn known_hundred() -> KnownInMemory {
    match outcome(csv_of_people(&people(100)), &KnownInMemory::default(), ImportOptions::default()) {
        ImportOutcome::Ready(plan) => KnownInMemory::from_records(plan.records()),
        ImportOutcome::NeedsConfirmation { .. } => panic!("a first edition loses nobody"),
    }
}

#[test]
fn six_percent_missing_asks_for_confirmation() {
    let known = known_hundred();
    let without_six = csv_of_people(&people(100)[6..]);
    match outcome(without_six.clone(), &known, ImportOptions::default()) {
        ImportOutcome::NeedsConfirmation { lost, lost_in_rejected_rows, of } => {
            assert_eq!((lost, lost_in_rejected_rows, of), (6, 0, 100));
        }
        ImportOutcome::Ready(_) => panic!("six of a hundred are lost"),
    }
    match outcome(without_six, &known, ImportOptions { confirm_loss: true }) {
        ImportOutcome::Ready(plan) => assert_eq!((plan.lost.len(), plan.people()), (6, 94)),
        ImportOutcome::NeedsConfirmation { .. } => panic!("the loss was confirmed"),
    }
}

#[test]
fn five_percent_missing_do_not() {
    match outcome(csv_of_people(&people(100)[5..]), &known_hundred(), ImportOptions::default()) {
        ImportOutcome::Ready(plan) => assert_eq!(plan.stats.people_lost, 5),
        ImportOutcome::NeedsConfirmation { .. } => panic!("five of a hundred are allowed"),
    }
}

#[test]
fn people_lost_through_rejected_rows_are_told_apart() {
    let mut some_bad = people(100);
    for cells in &mut some_bad[..7] {
        cells.push(("birth_date".to_owned(), "1/3/80".to_owned()));
    }
    some_bad.remove(50);
    match outcome(csv_of_people(&some_bad), &known_hundred(), ImportOptions::default()) {
        ImportOutcome::NeedsConfirmation { lost, lost_in_rejected_rows, of } => {
            assert_eq!((lost, lost_in_rejected_rows, of), (8, 7, 100));
        }
        ImportOutcome::Ready(_) => panic!("eight of a hundred are lost"),
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    let rows: &[Cells] = &[
        &[("id_number", "001080001234")],
        &[("id_number", "001080001234"), ("residence_kind", "absent")],
        &[("full_name", "Trần Thị Bình")],
        &[("household_no", "H2"), ("house_no", ""), ("full_name", "Y Đăm Byă")],
        &[("household_no", "H3"), ("lat", "10.5"), ("lon", "106.5"), ("full_name", "H'Mai Êban")],
    ];
    let (before, known) = first_edition(rows);
    let again = plan(rows, &known, 1000);
    assert_eq!(again.records().collect::<Vec<_>>(), before.records().collect::<Vec<_>>());
    assert_eq!((again.stats.people_kept, again.stats.people_new, again.stats.people_lost), (4, 0, 0));
    assert!(again.identity_notes.is_empty());
}

#[test]
fn the_records_are_those_of_the_wire() {
    let (before, _) = first_edition(&[&[("id_number", "001080001234"), ("full_name", "Nguye\u{302}\u{303}n Văn An")]]);
    for record in before.records() {
        let bytes = minicbor::to_vec(&record).unwrap();
        assert_eq!(minicbor::decode::<domain::register::EditionRecord>(&bytes).unwrap(), record);
    }
    assert_eq!(before.records().count(), 3);
    assert_eq!((before.unit.code.as_str(), before.edition_label.as_str()), ("25369", "2026-11"));
}
