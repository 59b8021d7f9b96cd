//! Register extracts as an operator takes them in, through the program itself.

use std::path::{Path, PathBuf};

use serde_json::Value;
use synth::Commune;
use synth::broken::{self, Broken};
use tempfile::TempDir;
use tungnha_tests::day::station::Station;

use crate::programs::build_server;

struct Office {
    station: Station,
    commune: Commune,
    folder: TempDir,
}

impl Office {
    /// A server that holds the first edition.
    fn open() -> Office {
        build_server();
        let folder = tempfile::tempdir().unwrap();
        let station = Station::new(folder.path()).unwrap();
        let commune = synth::commune(3, 300, synth::DEFAULT_UNIT).unwrap();
        station.run(&["init"]).unwrap();
        let office = Office { station, commune, folder };
        let first = office.write("first.csv", |file| synth::write_extract(&office.commune, file).unwrap());
        assert_eq!(office.import(&first, &[]).1, 0);
        office
    }

    fn write(&self, name: &str, write: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
        let path = self.folder.path().join(name);
        let mut bytes = Vec::new();
        write(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn broken(&self, broken: &Broken) -> PathBuf {
        self.write("broken.csv", |file| file.extend(&broken.bytes))
    }

    fn import(&self, file: &Path, more: &[&str]) -> (Value, i32) {
        let words = ["import-register", file.to_str().unwrap(), "--unit", &self.commune.unit.code];
        self.station.try_run(&[&words[..], more].concat()).unwrap()
    }

    /// Edition in force and its people.
    fn held(&self) -> (u64, u64) {
        let status = self.station.run(&["status"]).unwrap();
        (status["units"][0]["edition"].as_u64().unwrap(), status["units"][0]["people"].as_u64().unwrap())
    }

    fn refusal(&self, broken: &Broken) -> String {
        let before = self.held();
        let (answer, code) = self.import(&self.broken(broken), &[]);
        assert_ne!(code, 0, "{answer}");
        assert_eq!(self.held(), before, "a refused file changes nothing");
        answer["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

#[test]
fn rows_that_cannot_be_read_go_to_a_file_and_the_rest_is_taken() {
    let office = Office::open();
    let broken = broken::bad_rows(&office.commune.next(4, &[]), 1);
    let file = office.broken(&broken);

    let (answer, code) = office.import(&file, &[]);

    assert_eq!(code, 0, "{answer}");
    assert_eq!(answer["stats"]["rejected"].as_u64().unwrap(), broken.lines.len() as u64);
    let rejects = std::fs::read_to_string(file.with_file_name("broken.csv.rejects.csv")).unwrap();
    for line in &broken.lines {
        assert!(rejects.contains(&line.line.to_string()), "line {} is named: {rejects}", line.line);
    }
    assert_eq!(office.held().0, 2);
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_refused_whole_with_the_reason() {
    let office = Office::open();
    let next = office.commune.next(4, &[]);
    assert_eq!(office.refusal(&broken::wrong_header(&next)), "extract_wrong_header");
    assert_eq!(office.refusal(&broken::wrong_unit(&next)), "extract_wrong_unit");
    assert_eq!(office.refusal(&broken::older_edition(&office.commune)), "extract_older_edition");
    assert_eq!(office.refusal(&broken::empty_file()), "extract_empty");
    assert_eq!(office.refusal(&broken::header_only(&next)), "extract_no_rows");
}

#[test]
fn an_edition_without_six_in_a_hundred_people_asks_first_and_can_be_taken_back() {
    let office = Office::open();
    let file = office.broken(&broken::people_missing(&office.commune, 6, "2026-12"));
    let before = office.held();

    let (answer, code) = office.import(&file, &[]);
    assert_eq!((code, answer["outcome"].as_str()), (3, Some("needs_confirmation")), "{answer}");
    assert!(answer["lost"].as_u64().unwrap() * 100 > answer["of"].as_u64().unwrap() * 5, "{answer}");
    assert_eq!(office.held(), before, "nothing was done");

    let (answer, code) = office.import(&file, &["--confirm-loss"]);
    assert_eq!(code, 0, "{answer}");
    assert!(office.held().1 < before.1);
    office.station.run(&["import-register", "--undo", &office.commune.unit.code]).unwrap();
    assert_eq!(office.held(), before);
}

#[test]
fn strange_names_and_dates_cost_their_row_at_most() {
    let office = Office::open();
    let next = office.commune.next(4, &[]);
    for (month, rejected, make) in [
        ("2026-12", 1, broken::long_name as fn(&Commune) -> Broken),
        ("2027-01", 1, broken::hidden_marks),
        ("2027-02", 0, broken::sql_in_name),
        ("2027-03", 0, broken::decomposed_name),
        ("2027-04", 0, broken::thirtieth_of_february),
        ("2027-05", 0, broken::semicolon_with_bom),
        ("2027-06", 1, broken::cut_off),
    ] {
        let mut edition = next.clone();
        edition.edition = month.to_owned();
        let (answer, code) = office.import(&office.broken(&make(&edition)), &[]);
        assert_eq!((code, answer["stats"]["rejected"].as_u64()), (0, Some(rejected)), "{month}: {answer}");
    }
    assert_eq!(office.held().0, 8);
}
