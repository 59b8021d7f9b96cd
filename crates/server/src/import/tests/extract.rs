use domain::field::Field;
use domain::register::ResidenceKind;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::import::extract::{EncodingHint, ExtractRow};

fn only_row(file: &[u8]) -> ExtractRow {
    match read(file).unwrap().as_slice() {
        [ExtractLine::Row(row)] => (**row).clone(),
        other => panic!("{other:?}"),
    }
}

fn refusal(file: &[u8]) -> (&'static str, serde_json::Value) {
    let error = read(file).unwrap_err();
    (error.code(), error.params())
}

#[test]
fn a_row_is_read_column_by_column() {
    let row = only_row(&csv(&[&[
        ("id_number", "079080001234"),
        ("lat", "10.776530"),
        ("lon", "106.7009812"),
        ("residence_since", "01/02/2003"),
        ("phone", "0912345678"),
    ]]));
    assert_eq!((row.line, row.household_no.as_str(), row.hamlet.as_str()), (2, "H1", "Thôn Đông"));
    assert_eq!((row.alley.as_deref(), row.house_no.as_deref()), (Some("Hẻm 3"), Some("12/5")));
    assert_eq!((row.lat_e6, row.lon_e6), (Some(10_776_530), Some(106_700_981)));
    assert_eq!((row.residence_kind, row.residence_since.as_deref()), (ResidenceKind::Permanent, Some("01/02/2003")));
    assert_eq!(row.field(Field::IdNumber), Some("079080001234"));
    assert_eq!(row.field(Field::Religion), None);
    assert_eq!((row.others.len(), row.originals.len()), (0, 0));
}

#[test]
fn comma_semicolon_and_bom_give_the_same_rows() {
    let rows: &[Cells] = &[&[("permanent_address", "Số 5, đường A; phường B")], &[("full_name", "\"Bé\" Lan")]];
    let plain = format!("{:?}", read(&csv(rows)).unwrap());
    for delimiter in [b',', b';'] {
        let file = csv_of(&columns(), rows, delimiter);
        let with_bom = ["\u{FEFF}".as_bytes(), &file].concat();
        assert_eq!(format!("{:?}", read(&file).unwrap()), plain);
        assert_eq!(format!("{:?}", read(&with_bom).unwrap()), plain);
    }
}

#[test]
fn the_order_and_case_of_columns_are_free_and_blank_lines_are_skipped() {
    let mut shuffled = columns();
    shuffled.reverse();
    let text = String::from_utf8(csv_of(&shuffled, &[&[]], b',')).unwrap();
    let text = text.replacen("full_name", " Full_Name ", 1) + &",".repeat(shuffled.len() - 1) + "\r\n\r\n";
    assert_eq!(only_row(text.as_bytes()).field(Field::FullName), Some("Nguyễn Văn An"));
}

#[test]
fn unknown_columns_are_kept_as_others() {
    let mut more = columns();
    more.extend(["Ghi chú", "vehicle"]);
    let row = only_row(&csv_of(&more, &[&[("Ghi chú", "một\nhai")]], b','));
    assert_eq!(row.others, [("Ghi chú".to_owned(), "một\nhai".to_owned())]);
}

#[test]
fn a_wrong_header_is_refused_with_what_is_missing() {
    let mut wrong = columns();
    wrong.retain(|column| *column != "full_name" && *column != "lat");
    wrong.extend(["birthday", "sex"]);
    assert_eq!(
        refusal(&csv_of(&wrong, &[&[]], b',')),
        ("extract_wrong_header", json!({"missing": ["full_name", "lat"], "repeated": ["sex"]}))
    );
}

#[test]
fn a_refusal_for_a_missing_header_tells_nobodys_name() {
    let headless: Vec<u8> = csv(&[&[]]).split_inclusive(|byte| *byte == b'\n').skip(1).flatten().copied().collect();
    let error = read(&headless).unwrap_err();
    assert_eq!(error.code(), "extract_no_column_fits");
    assert!(!format!("{error} {:?} {}", error, error.params()).contains("Nguyễn"));
}

#[test]
fn a_wrong_unit_refuses_the_file_wherever_it_stands() {
    assert_eq!(
        refusal(&csv(&[&[], &[("unit_code", "25370")]])),
        ("extract_wrong_unit", json!({"line": 3, "expected": "25369", "found": "25370"}))
    );
}

#[test]
fn an_older_edition_is_refused_and_the_same_one_is_not() {
    let held = |label: &str| Expectation { held_edition_label: Some(label.to_owned()), ..expectation() };
    let file = csv(&[&[("edition", "2026-9")]]);
    let error = read_as(&file, held("2026-11")).unwrap_err();
    assert_eq!(
        (error.code(), error.params()),
        ("extract_older_edition", json!({"held": "2026-11", "found": "2026-9"}))
    );
    assert_eq!(read_as(&file, held("2026-9")).unwrap().len(), 1);
    assert_eq!(read_as(&file, held("2025-12")).unwrap().len(), 1);
}

#[test]
fn two_editions_in_one_file_are_refused() {
    let file = csv(&[&[], &[("edition", "2026-12")]]);
    assert_eq!(refusal(&file), ("extract_mixed_editions", json!({"line": 3})));
}

#[test]
fn an_empty_file_is_refused() {
    for file in [&b""[..], b"  \r\n", "\u{FEFF}".as_bytes()] {
        assert_eq!(refusal(file).0, "extract_empty");
    }
}

#[test]
fn a_file_without_one_readable_row_is_refused() {
    for (rows, rejected) in [(&[][..], 0), (&[&[("full_name", "")] as Cells][..], 1)] {
        let mut extract = Extract::open(Cursor::new(csv(rows)), expectation()).unwrap();
        let error = take_census(&mut extract, &mut |_| Ok(())).err().unwrap();
        assert_eq!((error.code(), error.params()), ("extract_no_rows", json!({"rejected": rejected})));
    }
}

/// A file whose given name is written with these code points, each as one byte.
fn with_name_in_bytes(rows: &[Cells], name: &str) -> Vec<u8> {
    let file = csv(rows);
    let bytes: Vec<u8> = name.chars().map(|c| c as u32 as u8).collect();
    let at = |file: &[u8]| file.windows(4).position(|window| window == b"NAME");
    let mut file = file;
    while let Some(at) = at(&file) {
        file.splice(at..at + 4, bytes.iter().copied());
    }
    file
}

#[test]
fn a_file_that_is_not_utf8_is_refused_with_what_it_seems_to_be() {
    let rows: &[Cells] = &[&[], &[("full_name", "NAME")], &[("full_name", "NAME")]];
    let tcvn3 = with_name_in_bytes(rows, "Tr\u{C7}n V\u{A8}n Th\u{AB}ng");
    let vni = with_name_in_bytes(rows, "Nguye\u{E3}n Va\u{EA}n Hu\u{F8}ng");
    assert_eq!(refusal(&tcvn3), ("extract_not_utf8", json!({"line": 3, "hint": "tcvn3"})));
    assert_eq!(refusal(&vni), ("extract_not_utf8", json!({"line": 3, "hint": "vni"})));
    assert_eq!(refusal(b"\xFF\xFEe\0d\0"), ("extract_not_utf8", json!({"line": 1, "hint": "utf16"})));
    assert_eq!(refusal(b"h\xE4 edition\n").0, "extract_not_utf8");
}

#[test]
fn a_single_row_that_is_not_utf8_is_rejected_and_shown_as_latin1() {
    let rows: &[Cells] = &[&[], &[("full_name", "NAME")], &[]];
    let lines = read(&with_name_in_bytes(rows, "Tr\u{C7}n V\u{A8}n")).unwrap();
    match &lines[1] {
        ExtractLine::Rejected(row) => {
            assert_eq!((row.fault.line, row.fault.reason.to_string().as_str()), (3, "not_utf8 hint=tcvn3"));
            assert!(row.cells.contains(&"TrÇn V¨n".to_owned()) && row.cells.contains(&"Thôn Đông".to_owned()));
        }
        row => panic!("{row:?}"),
    }
    assert_eq!(lines.len(), 3);
}

#[test]
fn old_letters_pasted_as_unicode_are_refused() {
    let names = ["NguyÔn V¨n An", "TrÇn ThÞ Lan", "Lª V¨n Tó"];
    let rows: Vec<[(&str, &str); 1]> = names.iter().map(|name| [("full_name", *name)]).collect();
    let rows: Vec<Cells> = rows.iter().map(|cells| &cells[..]).collect();
    let error = read(&csv(&rows)).unwrap_err();
    assert!(matches!(error, ExtractError::OldEncoding { hint: EncodingHint::Tcvn3 }));
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(refusal(b"PK\x03\x04 and then nothing of a workbook").0, "extract_broken_workbook");
    assert_eq!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old .xls").0, "extract_old_or_locked_workbook");
    assert_eq!(refusal(b"\x7FELF\x02\x01\x01\0\0\0").0, "extract_not_a_spreadsheet");
    for page in
        [&b"<html><body><table>"[..], b"\xEF\xBB\xBF\n <!DOCTYPE html>", b"{\"error\": \"login\"}", b"%PDF-1.7\n"]
    {
        assert_eq!(refusal(page).0, "extract_not_a_spreadsheet");
    }
    let noise: Vec<u8> = (0u32..4000).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(refusal(&noise).0, "extract_not_a_spreadsheet");
    assert_eq!(refusal(b"one,two,three\n1,2,3\n"), ("extract_no_column_fits", json!({})));
}

#[test]
fn a_quote_that_is_never_closed_is_refused() {
    let mut file = csv(&[&[]]);
    file.extend_from_slice(b"2026-11,25369,\"H2,");
    file.extend(std::iter::repeat_n(b"2026-11,25369,H3,Thon,,,,\n", 20_000).flatten());
    assert_eq!(refusal(&file), ("extract_unclosed_quote", json!({"line": 3})));
}

#[test]
fn a_name_in_nfd_is_kept_in_nfc_with_its_bytes() {
    let nfd: String = "Nguyễn Thị Hoà".nfd().collect();
    let row = only_row(&csv(&[&[("full_name", &nfd), ("hamlet", &"Thôn Đông".nfd().collect::<String>())]]));
    assert_eq!(row.field(Field::FullName), Some("Nguyễn Thị Hoà"));
    assert_eq!(row.hamlet, "Thôn Đông");
    assert_eq!(row.originals.len(), 1);
    assert_eq!((row.originals[0].field, row.originals[0].bytes.as_slice()), (Field::FullName, nfd.as_bytes()));
}

#[test]
fn a_name_that_looks_like_sql_is_a_name() {
    let row = only_row(&csv(&[&[("full_name", "'; DROP TABLE person; --")]]));
    assert_eq!(row.field(Field::FullName), Some("'; DROP TABLE person; --"));
}

#[test]
fn an_impossible_date_of_the_right_form_is_kept() {
    for date in ["30/02/1990", "31/04/2000", "13/1957", "00/00/1957"] {
        assert_eq!(only_row(&csv(&[&[("birth_date", date)]])).field(Field::BirthDate), Some(date));
    }
}

#[test]
fn sex_and_kinds_are_read_in_any_case() {
    let row = only_row(&csv(&[&[("sex", "NỮ"), ("residence_kind", "Short_Stay"), ("dwelling_kind", "HOUSE")]]));
    assert_eq!(row.field(Field::Sex), Some("Nữ"));
    assert_eq!((row.residence_kind, row.dwelling_kind.as_deref()), (ResidenceKind::ShortStay, Some("house")));
    assert_eq!(row.originals[0].bytes, "NỮ".as_bytes());
}

#[test]
fn degrees_may_have_a_decimal_comma() {
    let row = only_row(&csv(&[&[("lat", "10,5"), ("lon", "-106")]]));
    assert_eq!((row.lat_e6, row.lon_e6), (Some(10_500_000), Some(-106_000_000)));
}
