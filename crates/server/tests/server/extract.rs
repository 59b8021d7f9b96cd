//! Small register extracts.

use std::path::{Path, PathBuf};

use domain::field::Field;
use domain::id::{HouseholdId, PersonId};
use domain::register::EditionRecord;
use tungnha_server::register::{ImportReport, ImportRequest, each_record, import_register};

use crate::server::{TestServer, unit};

#[derive(Clone)]
pub struct Row {
    pub household_no: String,
    pub hamlet: &'static str,
    pub id_number: String,
    pub full_name: String,
    pub mother_name: String,
}

/// `count` people, two to a household, ten households to a hamlet.
pub fn people(count: usize) -> Vec<Row> {
    (0..count)
        .map(|at| Row {
            household_no: format!("HK{:04}", at / 2),
            hamlet: if (at / 20) % 2 == 0 { "Thôn Đông" } else { "Thôn Tây" },
            id_number: format!("0010901{at:05}"),
            full_name: format!("Nguyễn Văn {}", NAMES[at % NAMES.len()]),
            mother_name: String::new(),
        })
        .collect()
}

const NAMES: [&str; 6] = ["An", "Bình", "Cường", "Dũng", "Giang", "Hải"];

pub fn write_extract(folder: &Path, name: &str, edition: &str, rows: &[Row]) -> PathBuf {
    let mut columns = vec!["edition", "unit_code"];
    columns.extend(Field::ALL.iter().map(|field| field.column()));
    let mut text = columns.join(",");
    for row in rows {
        let cell = |column: &&str| match *column {
            "edition" => edition,
            "unit_code" => "25390",
            "household_no" => row.household_no.as_str(),
            "hamlet" => row.hamlet,
            "house_no" => row.household_no.as_str(),
            "id_number" => row.id_number.as_str(),
            "full_name" => row.full_name.as_str(),
            "mother_name" => row.mother_name.as_str(),
            "birth_date" => "01/02/1990",
            "sex" => "Nam",
            "relationship_to_head" => "Chủ hộ",
            "residence_kind" => "permanent",
            _ => "",
        };
        let cells: Vec<&str> = columns.iter().map(cell).collect();
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

impl TestServer {
    pub fn import(&self, edition: &str, rows: &[Row]) -> ImportReport {
        self.try_import(edition, rows, false).unwrap()
    }

    pub fn try_import(
        &self,
        edition: &str,
        rows: &[Row],
        confirm_loss: bool,
    ) -> tungnha_server::error::Result<ImportReport> {
        let file = write_extract(self.folder.path(), &format!("{edition}.csv"), edition, rows);
        let reject_file = self.folder.path().join("rejects.csv");
        let unit = unit();
        let request = ImportRequest { file: &file, unit: &unit, confirm_loss, reject_file: &reject_file, by: None };
        import_register(&self.deployment, &request)
    }

    /// Ids by ID number.
    pub fn person(&self, id_number: &str) -> (PersonId, HouseholdId) {
        let mut found = None;
        let unit = unit();
        self.deployment
            .ledger
            .read(|records| {
                let edition = records.unit(&unit)?.unwrap().edition;
                each_record(records, &unit, edition, &mut |record| match record {
                    EditionRecord::Person(person) if person.field(Field::IdNumber) == Some(id_number) => {
                        found = Some((person.id, person.household));
                    }
                    _ => {}
                })
            })
            .unwrap();
        found.unwrap()
    }
}
