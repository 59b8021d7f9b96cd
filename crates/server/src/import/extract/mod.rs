//! Reads a register extract (CSV or XLSX) row by row.
//!
//! Owns the form of the file: its header, its columns, what is refused whole and what goes to the reject file. Knows
//! nothing of people or households: a row is a row. Holds one row at a time.

mod bounded;
mod cell;
mod encoding;
mod error;
mod header;
mod rejects;
mod row;
mod sheet;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use calamine::{Reader as _, Xlsx, XlsxError};
use domain::field::Field;
use domain::unit::Unit;

use self::bounded::BoundedReader;
use self::cell::{Cell, read_cell};
pub use self::encoding::EncodingHint;
use self::encoding::OldLetterWatch;
pub use self::error::{ExtractError, RowFault, RowReason};
use self::header::{Column, Header};
pub use self::rejects::RejectFile;
pub use self::row::ExtractRow;
use self::row::parse_row;
use self::sheet::{MAX_RECORD_BYTES, Sheet};

/// What the extract must be.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub unit: Unit,
    /// Label of the edition in force. An older one is refused; the same one may come again.
    pub held_edition_label: Option<String>,
}

/// One row of the file.
#[derive(Clone, Debug)]
pub enum ExtractLine {
    Row(Box<ExtractRow>),
    Rejected(RejectedRow),
}

/// A row that could not be read, as it stands in the file.
#[derive(Clone, Debug)]
pub struct RejectedRow {
    pub fault: RowFault,
    pub header: Arc<[String]>,
    pub cells: Vec<String>,
    /// The row's ID number where that much can be read: tells a person lost from a row rejected.
    pub id_number: Option<String>,
}

/// An extract that is open. What it is was decided by its first bytes, never by its name.
pub struct Extract<R: Read + Seek> {
    form: Form<R>,
    expected: Expectation,
}

enum Form<R: Read + Seek> {
    Csv(Box<csv::Reader<BoundedReader<R>>>),
    Xlsx(Box<Xlsx<R>>),
}

/// Opens the extract at `path`.
///
/// # Errors
/// A file that cannot be read, is empty, or is neither CSV nor XLSX.
pub fn open_extract(path: &Path, expected: Expectation) -> Result<Extract<BufReader<File>>, ExtractError> {
    Extract::open(BufReader::new(File::open(path)?), expected)
}

impl<R: Read + Seek> Extract<R> {
    /// Opens an extract that `reader` brings, from its beginning.
    ///
    /// # Errors
    /// As [`open_extract`].
    pub fn open(mut reader: R, expected: Expectation) -> Result<Self, ExtractError> {
        let mut head = Vec::new();
        reader.by_ref().take(64 * 1024).read_to_end(&mut head)?;
        reader.seek(SeekFrom::Start(0))?;
        let form = match head.as_slice() {
            head if head.iter().all(u8::is_ascii_whitespace) => return Err(ExtractError::Empty),
            [b'P', b'K', 3, 4, ..] => Form::Xlsx(Box::new(Xlsx::new(reader).map_err(workbook_error)?)),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(ExtractError::OldOrLockedWorkbook),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                return Err(ExtractError::NotUtf8 { line: 1, hint: EncodingHint::Utf16 });
            }
            head if is_something_else(head) => return Err(ExtractError::NotASpreadsheet),
            head => {
                let delimiter = delimiter_of(head);
                let mut options = csv::ReaderBuilder::new();
                options.has_headers(false).flexible(true).delimiter(delimiter);
                // The reader looks ahead by as much as its buffer holds.
                let bounded = BoundedReader::new(reader, MAX_RECORD_BYTES + 64 * 1024);
                Form::Csv(Box::new(options.from_reader(bounded)))
            }
        };
        Ok(Self { form, expected })
    }

    /// Reads the header, and gives the rows one by one.
    ///
    /// # Errors
    /// A file without the columns of the format, or whose header is not UTF-8.
    pub fn rows(&mut self) -> Result<Rows<'_, R>, ExtractError> {
        let mut sheet = match &mut self.form {
            Form::Csv(reader) => Sheet::of_csv(reader),
            Form::Xlsx(workbook) => {
                let first = workbook.sheet_names().first().cloned().ok_or(ExtractError::NotASpreadsheet)?;
                Sheet::of_xlsx(workbook, &first)?
            }
        };
        let cells = loop {
            let row = sheet.next_row()?.ok_or(ExtractError::Empty)?;
            if let Some(hint) = row.not_utf8 {
                return Err(ExtractError::NotUtf8 { line: row.line, hint });
            }
            if !row.cells.iter().all(Cell::is_blank) {
                break row.cells;
            }
        };
        let names: Vec<String> = cells.iter().map(|cell| cell.shown().into_owned()).collect();
        Ok(Rows {
            header: Header::read(&names)?,
            sheet,
            expected: &self.expected,
            edition: None,
            watch: OldLetterWatch::default(),
            restored_cells: 0,
            ended: false,
        })
    }
}

fn workbook_error(error: XlsxError) -> ExtractError {
    match error {
        XlsxError::Password => ExtractError::OldOrLockedWorkbook,
        // A ZIP archive of another kind: .docx, .ods, .zip.
        XlsxError::FileNotFound(_) | XlsxError::NotAWorksheet(_) => ExtractError::NotASpreadsheet,
        error => ExtractError::BrokenWorkbook(error),
    }
}

/// Bytes that no text has, or what a server answers in the place of a file: a page, or JSON.
fn is_something_else(head: &[u8]) -> bool {
    let is_text = |byte: &u8| *byte >= b' ' || byte.is_ascii_whitespace();
    let control = head.iter().filter(|byte| !is_text(byte)).count();
    let begin: Vec<u8> = head.iter().copied().skip_while(|byte| !byte.is_ascii_graphic()).take(32).collect();
    let begin = begin.to_ascii_lowercase();
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    first_line.contains(&0)
        || control * 50 > head.len()
        || [b"<".as_slice(), b"{", b"[", b"%pdf-"].iter().any(|sign| begin.starts_with(sign))
}

/// `,` or `;`: the one that yields more names of the format in the first line.
fn delimiter_of(head: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(head);
    let first = text.trim_start_matches(['\u{FEFF}', '\r', '\n', ' ']).lines().next().unwrap_or_default();
    let names_by = |delimiter: char| Header::known_names(first.split(delimiter));
    if names_by(';') > names_by(',') { b';' } else { b',' }
}

/// The rows of an extract. An error ends the iteration: nothing of the file may then be taken.
pub struct Rows<'a, R: Read + Seek> {
    header: Header,
    sheet: Sheet<'a, R>,
    expected: &'a Expectation,
    edition: Option<String>,
    watch: OldLetterWatch,
    restored_cells: u64,
    ended: bool,
}

impl<R: Read + Seek> Rows<'_, R> {
    /// The edition's label, known from the first readable row on.
    pub fn edition(&self) -> Option<&str> {
        self.edition.as_deref()
    }

    /// Cells of a workbook whose leading zeros had to be put back so far.
    pub fn restored_cells(&self) -> u64 {
        self.restored_cells
    }

    fn read_line(&mut self) -> Result<Option<ExtractLine>, ExtractError> {
        loop {
            let Some(raw) = self.sheet.next_row()? else {
                return self.watch.verdict(true).map_or(Ok(None), Err);
            };
            if let Some(hint) = raw.not_utf8 {
                self.watch.count_not_utf8(raw.line, hint);
                let fault = RowFault { line: raw.line, column: None, reason: RowReason::NotUtf8 { hint } };
                let rejected = self.reject(fault, &raw.cells);
                return self.watch.verdict(false).map_or(Ok(Some(rejected)), Err);
            }
            if !raw.cells.iter().all(Cell::is_blank) {
                return self.check_line(raw.line, &raw.cells).map(Some);
            }
        }
    }

    fn check_line(&mut self, line: u64, cells: &[Cell]) -> Result<ExtractLine, ExtractError> {
        let expected = self.header.columns.len();
        let filled = cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
        // A spreadsheet leaves out what is empty at the end of a row; CSV writes every delimiter.
        let found = if matches!(self.sheet, Sheet::Csv(..)) { cells.len() } else { filled.max(expected) };
        if filled > expected || found < expected {
            let fault = RowFault { line, column: None, reason: RowReason::CellCount { expected, found } };
            return Ok(self.reject(fault, cells));
        }
        match parse_row(&self.header, line, cells) {
            Err(fault) => Ok(self.reject(fault, cells)),
            Ok(parsed) => {
                self.check_unit(line, parsed.unit_code)?;
                self.check_edition(line, parsed.edition)?;
                self.restored_cells += parsed.restored;
                self.watch.look_at(parsed.row.field(Field::FullName).unwrap_or_default());
                self.watch.verdict(false).map_or(Ok(ExtractLine::Row(Box::new(parsed.row))), Err)
            }
        }
    }

    fn check_unit(&self, line: u64, found: String) -> Result<(), ExtractError> {
        let expected = &self.expected.unit.code;
        if found == *expected {
            return Ok(());
        }
        Err(ExtractError::WrongUnit { line, expected: expected.clone(), found })
    }

    fn check_edition(&mut self, line: u64, found: String) -> Result<(), ExtractError> {
        match &self.edition {
            Some(edition) if *edition == found => Ok(()),
            Some(_) => Err(ExtractError::MixedEditions { line }),
            None => {
                let held = self.expected.held_edition_label.as_ref();
                if let Some(held) = held.filter(|held| is_older(&found, held)) {
                    return Err(ExtractError::OlderEdition { held: held.clone(), found });
                }
                self.edition = Some(found);
                Ok(())
            }
        }
    }

    fn reject(&self, fault: RowFault, cells: &[Cell]) -> ExtractLine {
        let id_column = Column::Field(Field::IdNumber);
        let at = self.header.columns.iter().position(|column| *column == id_column);
        let text = at.and_then(|at| cells.get(at)).and_then(|cell| read_cell(id_column, cell).ok());
        let is_number = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let id_number = text.map(|cell| cell.text.trim().to_owned()).filter(|text| is_number(text));
        let cells = cells.iter().map(|cell| cell.shown().into_owned()).collect();
        ExtractLine::Rejected(RejectedRow { fault, header: self.header.names.clone(), cells, id_number })
    }
}

impl<R: Read + Seek> Iterator for Rows<'_, R> {
    type Item = Result<ExtractLine, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.read_line().transpose();
        self.ended = !matches!(line, Some(Ok(_)));
        line
    }
}

/// Whether a label sorts before another: runs of digits by their value, the rest by its characters, so that `2026-9`
/// is older than `2026-11`.
fn is_older(label: &str, held: &str) -> bool {
    sort_key(label) < sort_key(held)
}

fn sort_key(label: &str) -> Vec<(u64, char)> {
    let mut key = Vec::new();
    let mut number: Option<u64> = None;
    for c in label.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(digit)));
        } else {
            key.extend(number.take().map(|value| (value, '0')));
            key.push((0, c));
        }
    }
    key.extend(number.map(|value| (value, '0')));
    key
}
