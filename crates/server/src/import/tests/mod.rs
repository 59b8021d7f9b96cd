//! One file for each thing that the import owns. `FILE` is built from named columns, so that a test says only what it
//! is about.

mod census;
mod confirm;
mod corrections_out;
mod extract;
mod identity;
mod pieces;
mod plan;
mod rejects;
mod workbook;

use std::io::Cursor;

use domain::field::Field;
use domain::register::RegisterPerson;
use domain::unit::Unit;
use uuid::Uuid;

use super::extract::{Expectation, Extract, ExtractError, ExtractLine, RejectedRow};
use super::{Census, ImportOptions, ImportOutcome, ImportPlan, KnownInMemory, KnownPerson, plan_import, take_census};

pub(super) type Cells<'a> = &'a [(&'a str, &'a str)];

/// A row that is right, for the cells that a test does not name.
pub(super) const DEFAULTS: Cells = &[
    ("edition", "2026-11"),
    ("unit_code", "25369"),
    ("household_no", "H1"),
    ("hamlet", "Thôn Đông"),
    ("alley", "Hẻm 3"),
    ("house_no", "12/5"),
    ("dwelling_kind", "house"),
    ("full_name", "Nguyễn Văn An"),
    ("birth_date", "15/03/1980"),
    ("sex", "Nam"),
    ("relationship_to_head", "Chủ hộ"),
    ("residence_kind", "permanent"),
];

pub(super) fn columns() -> Vec<&'static str> {
    ["edition", "unit_code"].into_iter().chain(Field::ALL.iter().map(|field| field.column())).collect()
}

/// The cells of a row, in the order of `columns`.
pub(super) fn row(columns: &[&str], cells: Cells) -> Vec<String> {
    let value_of = |column: &str| {
        let named = cells.iter().chain(DEFAULTS).find(|(name, _)| *name == column);
        named.map_or(String::new(), |(_, value)| (*value).to_owned())
    };
    columns.iter().map(|column| value_of(column)).collect()
}

/// A CSV file with `,`.
pub(super) fn csv(rows: &[Cells]) -> Vec<u8> {
    csv_of(&columns(), rows, b',')
}

pub(super) fn csv_of(columns: &[&str], rows: &[Cells], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(columns).unwrap();
    for cells in rows {
        writer.write_record(row(columns, cells)).unwrap();
    }
    writer.into_inner().unwrap()
}

pub(super) fn expectation() -> Expectation {
    Expectation { unit: Unit::of_2025("25369"), held_edition_label: None }
}

pub(super) fn read(file: &[u8]) -> Result<Vec<ExtractLine>, ExtractError> {
    read_as(file, expectation())
}

pub(super) fn read_as(file: &[u8], expected: Expectation) -> Result<Vec<ExtractLine>, ExtractError> {
    Extract::open(Cursor::new(file.to_vec()), expected)?.rows()?.collect()
}

/// Every row's fault as the reject file tells it: `line column reason`.
pub(super) fn faults(file: &[u8]) -> Vec<String> {
    let fault = |line: ExtractLine| match line {
        ExtractLine::Rejected(RejectedRow { fault, .. }) => {
            Some(format!("{} {} {}", fault.line, fault.column.as_deref().unwrap_or("-"), fault.reason))
        }
        ExtractLine::Row(_) => None,
    };
    read(file).unwrap().into_iter().filter_map(fault).collect()
}

pub(super) fn census(rows: &[Cells]) -> Census {
    let mut extract = Extract::open(Cursor::new(csv(rows)), expectation()).unwrap();
    take_census(&mut extract, &mut |_| panic!("a row was rejected")).unwrap()
}

/// Ids that count up from `first`.
pub(super) fn ids_from(first: u128) -> impl FnMut(&str, &[u8]) -> Uuid {
    let mut next = first;
    move |_, _| {
        next += 1;
        Uuid::from_u128(next - 1)
    }
}

pub(super) fn plan(rows: &[Cells], known: &KnownInMemory, first_id: u128) -> ImportPlan {
    let options = ImportOptions { confirm_loss: true };
    let unit = Unit::of_2025("25369");
    match plan_import(&unit, census(rows), known, options, &mut ids_from(first_id)).unwrap() {
        ImportOutcome::Ready(plan) => *plan,
        ImportOutcome::NeedsConfirmation { .. } => panic!("the loss was confirmed"),
    }
}

/// A first edition, and what is known after it.
pub(super) fn first_edition(rows: &[Cells]) -> (ImportPlan, KnownInMemory) {
    let first = plan(rows, &KnownInMemory::default(), 1);
    let known = KnownInMemory::from_records(first.records());
    (first, known)
}

pub(super) fn person_named(plan: &ImportPlan, name: &str) -> RegisterPerson {
    let mut found: Vec<RegisterPerson> =
        plan.persons().filter(|person| person.field(Field::FullName) == Some(name)).collect();
    assert_eq!(found.len(), 1, "people named {name}");
    found.remove(0)
}

pub(super) fn known_named<'a>(known: &'a mut KnownInMemory, name: &str) -> &'a mut KnownPerson {
    known.persons.iter_mut().find(|person| person.full_name == name).unwrap()
}
