use calamine::{Data, Reader as _, Xlsx};
use domain::id::CorrectionId;

use super::*;
use crate::import::corrections_out::{CorrectionRow, write_csv, write_xlsx};

fn rows() -> Vec<CorrectionRow> {
    let row = CorrectionRow {
        unit_code: "00097".to_owned(),
        household_no: Some("H1".to_owned()),
        id_number: Some("001080001234".to_owned()),
        full_name: Some("Nguyễn Thị Hoà".to_owned()),
        field: Field::FullName,
        register_value: Some("Nguyễn Thị Hoa".to_owned()),
        new_value: Some("Nguyễn Thị Hoà".to_owned()),
        document_kind: Some("id_card".to_owned()),
        document_number: Some("001080001234".to_owned()),
        document_date: Some("01/05/2021".to_owned()),
        reason: Some("giấy khai sinh; \"bản chính\"".to_owned()),
        approved_by: "Trần Văn Bình".to_owned(),
        approved_at_ms: 1_795_201_500_000,
        correction_id: CorrectionId(Uuid::from_u128(7)),
    };
    let emptied = CorrectionRow {
        field: Field::Phone,
        register_value: Some("+84912345678".to_owned()),
        new_value: None,
        ..row.clone()
    };
    let hostile = CorrectionRow {
        new_value: Some("=HYPERLINK(\"http://x\")".to_owned()),
        reason: Some("@SUM(1)".to_owned()),
        ..row.clone()
    };
    vec![row, emptied, hostile]
}

#[test]
fn the_csv_has_one_row_for_each_field_and_runs_nothing() {
    let mut out = Vec::new();
    write_csv(&mut out, &rows()).unwrap();
    let id = CorrectionId(Uuid::from_u128(7)).to_string();
    let start = "00097,H1,001080001234,Nguyễn Thị Hoà";
    let paper = "id_card,001080001234,01/05/2021";
    let end = format!("Trần Văn Bình,21/11/2026 02:05,{id}");
    let reason = "\"giấy khai sinh; \"\"bản chính\"\"\"";
    assert_eq!(
        String::from_utf8(out).unwrap().lines().collect::<Vec<_>>(),
        [
            "\u{FEFF}unit_code,household_no,id_number,full_name,field,register_value,new_value,document_kind,document_number,document_date,reason,approved_by,approved_at,correction_id",
            &format!("{start},full_name,Nguyễn Thị Hoa,Nguyễn Thị Hoà,{paper},{reason},{end}"),
            &format!("{start},phone,'+84912345678,,{paper},{reason},{end}"),
            &format!("{start},full_name,Nguyễn Thị Hoa,\"'=HYPERLINK(\"\"http://x\"\")\",{paper},'@SUM(1),{end}"),
        ]
    );
}

#[test]
fn the_workbook_holds_every_value_as_text_untouched() {
    let mut out = Cursor::new(Vec::new());
    write_xlsx(&mut out, &rows()).unwrap();
    out.set_position(0);
    let mut workbook = Xlsx::new(out).unwrap();
    assert!(workbook.worksheet_formula("corrections").unwrap().is_empty());
    let cells = workbook.worksheet_range("corrections").unwrap();
    assert_eq!(cells.get_size(), (4, 14));
    assert!(cells.used_cells().all(|(_, _, cell)| matches!(cell, Data::String(_))));
    let text = |row, column| cells.get((row, column)).unwrap().to_string();
    assert_eq!((text(1, 0), text(1, 2)), ("00097".to_owned(), "001080001234".to_owned()));
    assert_eq!((text(2, 5), text(2, 6)), ("+84912345678".to_owned(), String::new()));
    assert_eq!(text(3, 6), "=HYPERLINK(\"http://x\")");
}
