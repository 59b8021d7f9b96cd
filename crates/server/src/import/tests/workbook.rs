use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::*;
use crate::import::extract::ExtractRow;

/// A workbook whose second row is right, and then changed by `change`, which is told where each column is.
fn workbook(change: impl FnOnce(&mut Worksheet, &dyn Fn(&str) -> u16)) -> Vec<u8> {
    let columns = columns();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, (name, cell)) in (0u16..).zip(columns.iter().zip(row(&columns, &[]))) {
        sheet.write_string(0, at, *name).unwrap();
        if !cell.is_empty() {
            sheet.write_string(1, at, cell).unwrap();
        }
    }
    let place = |name: &str| columns.iter().position(|column| *column == name).unwrap() as u16;
    change(sheet, &place);
    workbook.save_to_buffer().unwrap()
}

fn only_row(file: &[u8]) -> ExtractRow {
    match read(file).unwrap().as_slice() {
        [ExtractLine::Row(row)] => (**row).clone(),
        other => panic!("{other:?}"),
    }
}

fn date(year: u16, month: u8, day: u8) -> ExcelDateTime {
    ExcelDateTime::from_ymd(year, month, day).unwrap()
}

#[test]
fn a_workbook_gives_the_rows_of_the_csv() {
    let rows: &[Cells] = &[
        &[("id_number", "001080001234"), ("full_name", "Đặng Thị Hoà"), ("lat", "10.5")],
        &[("household_no", "0012"), ("house_no", ""), ("phone", "0912345678"), ("birth_date", "1957")],
        &[("sex", "?")],
    ];
    let columns = columns();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, name) in (0u16..).zip(&columns) {
        sheet.write_string(0, at, *name).unwrap();
    }
    for (line, cells) in (1u32..).zip(rows) {
        for (at, cell) in (0u16..).zip(row(&columns, cells)) {
            if !cell.is_empty() {
                sheet.write_string(line, at, cell).unwrap();
            }
        }
    }
    let from_workbook = read(&workbook.save_to_buffer().unwrap()).unwrap();
    let from_csv = read(&csv(rows)).unwrap();
    assert_eq!(from_workbook.len(), 3);
    for (ours, theirs) in from_workbook.iter().zip(&from_csv) {
        match (ours, theirs) {
            (ExtractLine::Row(ours), ExtractLine::Row(theirs)) => assert_eq!(ours, theirs),
            (ExtractLine::Rejected(ours), ExtractLine::Rejected(theirs)) => assert_eq!(ours.fault, theirs.fault),
            _ => panic!("{ours:?} {theirs:?}"),
        }
    }
}

#[test]
fn zeros_that_the_workbook_dropped_are_put_back_and_counted() {
    let file = workbook(|sheet, at| {
        sheet.write_number(1, at("id_number"), 1_080_001_234.0).unwrap();
        sheet.write_number(1, at("old_cmnd"), 12_345_678.0).unwrap();
        sheet.write_number(1, at("phone"), 912_345_678.0).unwrap();
        sheet.write_number(1, at("ethnic_group"), 1.0).unwrap();
        sheet.write_number(1, at("unit_code"), 25369.0).unwrap();
        sheet.write_number(1, at("household_no"), 4711.0).unwrap();
        sheet.write_number(1, at("lat"), 10.77653).unwrap();
    });
    let row = only_row(&file);
    assert_eq!(row.field(Field::IdNumber), Some("001080001234"));
    assert_eq!(row.field(Field::OldCmnd), Some("012345678"));
    assert_eq!(row.field(Field::Phone), Some("0912345678"));
    assert_eq!(row.field(Field::EthnicGroup), Some("01"));
    assert_eq!((row.household_no.as_str(), row.lat_e6), ("4711", Some(10_776_530)));
    let mut extract = Extract::open(Cursor::new(file), expectation()).unwrap();
    assert_eq!(take_census(&mut extract, &mut |_| Ok(())).unwrap().stats.restored_cells, 4);
}

#[test]
fn a_number_too_short_for_lost_zeros_is_no_id_number() {
    let file = workbook(|sheet, at| {
        sheet.write_number(1, at("id_number"), 123_456_789.0).unwrap();
    });
    assert_eq!(faults(&file), ["2 id_number id_number_form length=9"]);
}

#[test]
fn a_number_shown_with_zeros_is_read_as_shown() {
    let zeros = Format::new().set_num_format("000000");
    let file = workbook(|sheet, at| {
        sheet.write_number_with_format(1, at("household_no"), 4711.0, &zeros).unwrap();
    });
    assert_eq!(only_row(&file).household_no, "004711");
}

#[test]
fn dates_are_written_as_precisely_as_the_cell_shows_them() {
    let cases = [("dd/mm/yyyy", "15/03/1957"), ("d-mmm-yy", "15/03/1957"), ("mm/yyyy", "03/1957"), ("yyyy", "1957")];
    for (format, text) in cases {
        let format = Format::new().set_num_format(format);
        let file = workbook(|sheet, at| {
            sheet.write_datetime_with_format(1, at("birth_date"), date(1957, 3, 15), &format).unwrap();
        });
        assert_eq!(only_row(&file).field(Field::BirthDate), Some(text));
    }
}

#[test]
fn a_bare_year_is_a_year_and_a_bare_day_count_is_nothing() {
    let with = |number: f64| {
        workbook(|sheet, at| {
            sheet.write_number(1, at("birth_date"), number).unwrap();
        })
    };
    assert_eq!(only_row(&with(1957.0)).field(Field::BirthDate), Some("1957"));
    assert_eq!(faults(&with(20_894.0)), ["2 birth_date date_as_number"]);
}

#[test]
fn what_the_workbook_lost_is_rejected_with_the_reason() {
    let day = Format::new().set_num_format("dd/mm");
    let minute = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            workbook(|sheet, at| {
                sheet.write_datetime_with_format(1, at("house_no"), date(2026, 5, 12), &day).unwrap();
            }),
            "2 house_no date_in_other_column",
        ),
        (
            workbook(|sheet, at| {
                let moment = date(2021, 5, 12).and_hms(8, 30, 0).unwrap();
                sheet.write_datetime_with_format(1, at("card_issued"), moment, &minute).unwrap();
            }),
            "2 card_issued date_with_time",
        ),
        (
            workbook(|sheet, at| {
                sheet.write_number(1, at("household_no"), 1.234_567_890_123_456_8e18).unwrap();
            }),
            "2 household_no digits_lost",
        ),
        (
            workbook(|sheet, at| {
                sheet.write_boolean(1, at("religion"), true).unwrap();
            }),
            "2 religion cell_not_text",
        ),
        (
            workbook(|sheet, at| {
                sheet.write_formula(1, at("phone"), Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
            }),
            "2 phone cell_not_text",
        ),
    ];
    for (file, fault) in cases {
        assert_eq!(faults(&file), [fault]);
    }
}

#[test]
fn a_workbook_with_a_wrong_header_is_refused() {
    let file = workbook(|sheet, at| {
        sheet.write_string(0, at("full_name"), "Họ tên").unwrap();
    });
    assert_eq!(read(&file).unwrap_err().code(), "extract_wrong_header");
}

#[test]
fn an_archive_that_is_no_workbook_is_refused() {
    // The shortest ZIP archive with one empty file in it.
    let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0aPK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0aPK\x05\x06\0\0\0\0\x01\0\x01\0\x2F\0\0\0\x1F\0\0\0\0\0";
    assert_eq!(read(zip).unwrap_err().code(), "extract_not_a_spreadsheet");
}

#[test]
fn a_number_in_a_date_cell_that_is_no_day_is_rejected_not_made_up() {
    for number in [15_031_990.0, 3e6, 1e15, 0.5, -3.0] {
        let file = workbook(|sheet, at| {
            let format = Format::new().set_num_format("dd/mm/yyyy");
            sheet.write_number_with_format(1, at("birth_date"), number, &format).unwrap();
        });
        let rejected = match read(&file).unwrap().remove(0) {
            ExtractLine::Rejected(row) => row.fault,
            ExtractLine::Row(row) => panic!("{number}: {:?}", row.fields),
        };
        assert_eq!(rejected.column.as_deref(), Some("birth_date"), "{number}");
    }
}
