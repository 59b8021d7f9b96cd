//! Approved corrections for whoever types them into the register: one row per field, as XLSX and CSV.
//!
//! In the workbook every cell is text, exactly as it was approved: an ID number keeps its zeros and nothing is a
//! formula. In CSV, which a spreadsheet reads as it likes, a value that begins with `=`, `+`, `-`, `@`, a tab or a line
//! break gets an apostrophe before it, so that it is not run; whoever reads the CSV with a program takes it off again.

use std::io::Write;

use domain::field::Field;
use domain::id::CorrectionId;
use domain::vietnam;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

const COLUMNS: [&str; 14] = [
    "unit_code",
    "household_no",
    "id_number",
    "full_name",
    "field",
    "register_value",
    "new_value",
    "document_kind",
    "document_number",
    "document_date",
    "reason",
    "approved_by",
    "approved_at",
    "correction_id",
];

/// One approved field.
#[derive(Clone, Debug)]
pub struct CorrectionRow {
    pub unit_code: String,
    pub household_no: Option<String>,
    pub id_number: Option<String>,
    /// Empty where a dwelling or a household is corrected.
    pub full_name: Option<String>,
    pub field: Field,
    pub register_value: Option<String>,
    /// `None` empties the column.
    pub new_value: Option<String>,
    pub document_kind: Option<String>,
    pub document_number: Option<String>,
    pub document_date: Option<String>,
    pub reason: Option<String>,
    /// Names of the officers who approved, as they are listed.
    pub approved_by: String,
    /// Unix milliseconds; written as `dd/mm/yyyy hh:mm` of Vietnam.
    pub approved_at_ms: u64,
    pub correction_id: CorrectionId,
}

impl CorrectionRow {
    fn cells(&self) -> [String; COLUMNS.len()] {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            self.unit_code.clone(),
            text(&self.household_no),
            text(&self.id_number),
            text(&self.full_name),
            self.field.column().to_owned(),
            text(&self.register_value),
            text(&self.new_value),
            text(&self.document_kind),
            text(&self.document_number),
            text(&self.document_date),
            text(&self.reason),
            self.approved_by.clone(),
            write_minute(self.approved_at_ms),
            self.correction_id.to_string(),
        ]
    }
}

/// Writes CSV: UTF-8 with a BOM, `,`, one header row.
///
/// # Errors
/// What the writer answers.
pub fn write_csv<'a, W: Write>(
    mut writer: W,
    rows: impl IntoIterator<Item = &'a CorrectionRow>,
) -> std::io::Result<()> {
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(COLUMNS)?;
    for row in rows {
        csv.write_record(row.cells().map(without_formula))?;
    }
    csv.flush()
}

/// Writes a workbook with one sheet, every cell text, the header row frozen.
///
/// # Errors
/// What the writer answers, or more rows than a sheet holds (1,048,575).
pub fn write_xlsx<'a, W: Write + std::io::Seek + Send>(
    writer: W,
    rows: impl IntoIterator<Item = &'a CorrectionRow>,
) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let (text, bold) = (Format::new().set_num_format("@"), Format::new().set_num_format("@").set_bold());
    let sheet = workbook.add_worksheet();
    sheet.set_name("corrections")?.set_freeze_panes(1, 0)?;
    for (column, name) in (0u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    for (line, row) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row.cells()) {
            sheet.write_string_with_format(line, column, cell, &text)?;
        }
    }
    workbook.save_to_writer(writer)
}

fn without_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

fn write_minute(ms: u64) -> String {
    vietnam::time_of(ms).map_or_else(String::new, |time| time.strftime("%d/%m/%Y %H:%M").to_string())
}
