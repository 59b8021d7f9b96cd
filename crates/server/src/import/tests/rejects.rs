use super::*;
use crate::import::extract::RejectFile;

#[test]
fn a_bad_cell_rejects_its_row_with_line_column_and_reason() {
    let long = "A".repeat(500);
    let cases: &[(&str, &str, &str)] = &[
        ("full_name", "", "missing_value"),
        ("full_name", "   ", "missing_value"),
        ("household_no", "", "missing_value"),
        ("hamlet", "", "missing_value"),
        ("edition", "", "missing_value"),
        ("relationship_to_head", "", "missing_value"),
        ("residence_kind", "", "missing_value"),
        ("unit_code", "2536", "unit_code_form"),
        ("id_number", "07908000123", "id_number_form length=11"),
        ("id_number", "07908000123x", "id_number_form length=12"),
        ("id_number", "7.9E+10", "id_number_form length=7"),
        ("old_cmnd", "12345678", "old_cmnd_form length=8"),
        ("birth_date", "1/3/1980", "date_form"),
        ("birth_date", "1980-03-15", "date_form"),
        ("birth_date", "29290", "date_form"),
        ("residence_since", "2015", "date_form"),
        ("card_issued", "05/2021", "date_form"),
        ("sex", "Nu", "unknown_value"),
        ("residence_kind", "thường trú", "unknown_value"),
        ("dwelling_kind", "villa", "unknown_value"),
        ("eid_level", "3", "unknown_value"),
        ("lat", "91", "coordinate_form"),
        ("lat", "10°46'", "coordinate_form"),
        ("lon", "1e3", "coordinate_form"),
        ("full_name", &long, "text_too_long length=500 limit=200"),
        ("full_name", "Lan\u{202E}Anh", "text_bidi_control code_point=U+202E position=3"),
        ("full_name", "Lan\u{200F}", "text_bidi_control code_point=U+200F position=3"),
        ("full_name", "Lan\u{200B}Anh", "text_invisible_character code_point=U+200B position=3"),
        ("mother_name", "Lan\u{0}", "text_control_character code_point=U+0000 position=3"),
        ("permanent_address", "Số 5\nđường A", "text_control_character code_point=U+000A position=4"),
        ("full_name", "Nguy\u{FFFD}n", "text_unreadable_character code_point=U+FFFD position=4"),
    ];
    for (column, value, reason) in cases {
        let faults = faults(&csv(&[&[], &[(column, value)], &[]]));
        assert_eq!(faults, [format!("3 {column} {reason}")], "{column} {value:?}");
    }
}

#[test]
fn a_row_with_too_few_or_too_many_cells_is_rejected() {
    let mut file = csv(&[&[]]);
    file.extend_from_slice(b"2026-11,25369,H2\n");
    file.extend_from_slice(format!("{}surplus\n", ",".repeat(columns().len())).as_bytes());
    let expected = columns().len();
    assert_eq!(
        faults(&file),
        [
            format!("3 - cell_count expected={expected} found=3"),
            format!("4 - cell_count expected={expected} found={}", expected + 1)
        ]
    );
}

#[test]
fn columns_that_the_format_does_not_name_may_not_flood_a_row() {
    let mut many = columns();
    let names: Vec<String> = (0..20).map(|at| format!("note {at}")).collect();
    many.extend(names.iter().map(String::as_str));
    let text = "x".repeat(4000);
    let cells: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    let faults = faults(&csv_of(&many, &[&cells], b','));
    assert_eq!(faults, ["2 - others_too_long length=80130 limit=65536"]);
}

#[test]
fn the_rest_is_imported_and_the_reject_file_holds_the_rows_as_they_came() {
    let bad: Cells = &[("full_name", "=1+1"), ("birth_date", "1/3/1980"), ("permanent_address", "Số 5, \"A\"")];
    let file = csv(&[&[], bad, &[("household_no", "H2")]]);
    let mut out = Vec::new();
    let mut rejects = RejectFile::new(&mut out);
    let mut extract = Extract::open(Cursor::new(file), expectation()).unwrap();

    let census = take_census(&mut extract, &mut |row| rejects.write(row)).unwrap();
    rejects.finish().unwrap();

    assert_eq!((census.stats.rows, census.stats.rejected, census.people()), (2, 1, 2));
    let text = String::from_utf8(out).unwrap();
    let mut reader = csv::Reader::from_reader(text.strip_prefix('\u{FEFF}').unwrap().as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..columns().len()], columns()[..]);
    assert_eq!(header[columns().len()..], ["line", "column", "reason"]);
    let written: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(written.len(), 1);
    let cells: Vec<&str> = written[0].iter().collect();
    assert_eq!(cells[..columns().len()], row(&columns(), bad)[..]);
    assert_eq!(cells[columns().len()..], ["3", "birth_date", "date_form"]);
}

#[test]
fn without_rejected_rows_nothing_is_written() {
    let mut out = Vec::new();
    let rejects = RejectFile::new(&mut out);
    rejects.finish().unwrap();
    assert!(out.is_empty());
}
