//! Rows of cells, one after the other, out of CSV or XLSX. Knows nothing of what the columns mean.

use std::io::{Read, Seek};

use calamine::{DataRef, Xlsx, XlsxCellReader};

use super::bounded::{BoundedReader, RecordTooLong};
use super::cell::Cell;
use super::encoding::{EncodingHint, hint_of_bytes};
use super::error::ExtractError;

/// A record longer than this is a quote that nobody closed.
pub(super) const MAX_RECORD_BYTES: usize = 256 * 1024;

/// What a spreadsheet shows as a date: 1 January 1900 to 31 December 9999. Anything else it shows as `####`, and a
/// number such as 15031990 in a cell that is formatted as a date is no date.
const DAYS: std::ops::Range<f64> = 1.0..2_958_466.0;

/// One row as it stands in the file.
pub(super) struct RawRow {
    /// Counted from 1.
    pub(super) line: u64,
    /// A cell that is not UTF-8 is read byte by byte as Latin-1, so that it can be shown and told from others.
    pub(super) cells: Vec<Cell>,
    /// What the row seems to be written in, where a cell is not UTF-8.
    pub(super) not_utf8: Option<EncodingHint>,
}

/// Rows in the order of the file.
pub(super) enum Sheet<'a, R: Read + Seek> {
    Csv(&'a mut csv::Reader<BoundedReader<R>>, csv::ByteRecord),
    Xlsx(Box<XlsxRows<'a, R>>),
}

impl<'a, R: Read + Seek> Sheet<'a, R> {
    pub(super) fn of_csv(reader: &'a mut csv::Reader<BoundedReader<R>>) -> Self {
        Self::Csv(reader, csv::ByteRecord::new())
    }

    pub(super) fn of_xlsx(workbook: &'a mut Xlsx<R>, sheet: &str) -> Result<Self, ExtractError> {
        let cells = workbook.worksheet_cells_reader(sheet).map_err(ExtractError::BrokenWorkbook)?;
        let formats = cells.styles().iter().map(DateForm::of_style).collect();
        Ok(Self::Xlsx(Box::new(XlsxRows { cells, formats, ahead: None, ended: false })))
    }

    /// The next row; `None` at the end.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ExtractError> {
        match self {
            Self::Csv(reader, record) => next_csv_row(reader, record),
            Self::Xlsx(rows) => rows.next_row().map_err(ExtractError::BrokenWorkbook),
        }
    }
}

fn next_csv_row<R: Read>(
    reader: &mut csv::Reader<BoundedReader<R>>,
    record: &mut csv::ByteRecord,
) -> Result<Option<RawRow>, ExtractError> {
    let begins = reader.position().line();
    reader.get_mut().begin_record();
    let more = reader.read_byte_record(record).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|source| source.is::<RecordTooLong>()) => {
            ExtractError::UnclosedQuote { line: begins }
        }
        csv::ErrorKind::Io(error) => ExtractError::Io(error),
        _ => ExtractError::NotASpreadsheet,
    })?;
    if !more {
        return Ok(None);
    }
    let line = record.position().map_or(0, csv::Position::line);
    if record.as_slice().len() > MAX_RECORD_BYTES {
        return Err(ExtractError::UnclosedQuote { line });
    }
    let mut not_utf8 = None;
    let mut text_of = |cell: &[u8]| match std::str::from_utf8(cell) {
        Ok(text) => Cell::Text(text.to_owned()),
        Err(_) => {
            not_utf8.get_or_insert_with(|| hint_of_bytes(cell));
            Cell::Text(cell.iter().copied().map(char::from).collect())
        }
    };
    let cells = record.iter().map(&mut text_of).collect();
    Ok(Some(RawRow { line, cells, not_utf8 }))
}

/// How a cell's number format shows a number.
#[derive(Clone, Copy)]
struct DateForm {
    days: bool,
    months: bool,
    /// The length to which `000000000000` fills up with zeros; 0 where the format is another.
    zeros: usize,
}

impl DateForm {
    fn of_style(style: &calamine::Style) -> DateForm {
        let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
        let bare = strip_literals(code);
        let zeros = if !bare.is_empty() && bare.bytes().all(|byte| byte == b'0') { bare.len() } else { 0 };
        let shows = |letter: char| bare.chars().any(|c| c.eq_ignore_ascii_case(&letter));
        DateForm { days: shows('d') || !shows('y'), months: shows('m'), zeros }
    }
}

/// The format without `[...]`, `"..."` and escaped characters, up to the first `;`.
fn strip_literals(code: &str) -> String {
    let mut bare = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' => chars.by_ref().take_while(|c| *c != ']').for_each(drop),
            '"' => chars.by_ref().take_while(|c| *c != '"').for_each(drop),
            '\\' | '_' | '*' => drop(chars.next()),
            ';' => break,
            _ => bare.push(c),
        }
    }
    bare
}

/// The first sheet of a workbook, cell by cell.
pub(super) struct XlsxRows<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    formats: Vec<DateForm>,
    ahead: Option<(u32, u32, Cell)>,
    /// The reader must not be asked again after its end.
    ended: bool,
}

impl<R: Read + Seek> XlsxRows<'_, R> {
    fn next_row(&mut self) -> Result<Option<RawRow>, calamine::XlsxError> {
        let Some((row, column, cell)) = self.take_cell()? else { return Ok(None) };
        let mut cells = Vec::new();
        put(&mut cells, column, cell);
        while let Some((next, column, cell)) = self.take_cell()? {
            if next != row {
                self.ahead = Some((next, column, cell));
                break;
            }
            put(&mut cells, column, cell);
        }
        Ok(Some(RawRow { line: u64::from(row) + 1, cells, not_utf8: None }))
    }

    fn take_cell(&mut self) -> Result<Option<(u32, u32, Cell)>, calamine::XlsxError> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        if self.ended {
            return Ok(None);
        }
        let Some((cell, style)) = self.cells.next_cell_with_style_id()? else {
            self.ended = true;
            return Ok(None);
        };
        let (row, column) = cell.get_position();
        let form = self.formats.get(style).copied().unwrap_or(DateForm { days: true, months: true, zeros: 0 });
        Ok(Some((row, column, convert(cell.get_value(), form))))
    }
}

fn put(cells: &mut Vec<Cell>, column: u32, cell: Cell) {
    let column = usize::try_from(column).unwrap_or(usize::MAX).min(16_384);
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = cell;
}

fn convert(value: &DataRef<'_>, form: DateForm) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => convert_number(*number as f64, form),
        DataRef::Float(number) => convert_number(*number, form),
        DataRef::DateTime(moment) if moment.is_duration() || !DAYS.contains(&moment.as_f64()) => Cell::Unusable,
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            let text = write_date(year, month, day, form);
            if (hour, minute, second, milli) == (0, 0, 0, 0) {
                Cell::Date(text)
            } else {
                Cell::Moment(format!("{text} {hour:02}:{minute:02}:{second:02}"))
            }
        }
        DataRef::DateTimeIso(text) => convert_iso(text, form),
        DataRef::DurationIso(_) | DataRef::Bool(_) | DataRef::Error(_) => Cell::Unusable,
    }
}

fn convert_number(number: f64, form: DateForm) -> Cell {
    if form.zeros > 0 && number.fract() == 0.0 && number >= 0.0 {
        return Cell::Padded(format!("{number:0>width$}", width = form.zeros));
    }
    Cell::Number(number)
}

/// `1990-03-15`, or with a `T` and a time.
fn convert_iso(text: &str, form: DateForm) -> Cell {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let mut parts = date.split('-').map(|part| part.parse::<u16>());
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Cell::Text(text.to_owned());
    };
    if time.chars().any(|c| matches!(c, '1'..='9')) {
        return Cell::Moment(text.to_owned());
    }
    Cell::Date(write_date(year, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0), form))
}

fn write_date(year: u16, month: u8, day: u8, form: DateForm) -> String {
    match form {
        DateForm { days: true, .. } => format!("{day:02}/{month:02}/{year:04}"),
        DateForm { months: true, .. } => format!("{month:02}/{year:04}"),
        _ => format!("{year:04}"),
    }
}
