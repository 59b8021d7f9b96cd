//! One cell of a spreadsheet turned to the text it stood for.
//!
//! A spreadsheet takes digits for numbers and slashes for dates. What it did without loss is put back (leading zeros
//! of numbers with a fixed length, the written form of dates); what it lost is refused with the reason.

use std::borrow::Cow;

use domain::field::Field;

use super::error::RowReason;
use super::header::Column;

/// The largest whole number that a spreadsheet holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A number shown with leading zeros.
    Padded(String),
    /// A date, written as precisely as the cell shows it.
    Date(String),
    /// A date with a time of day, or a time alone.
    Moment(String),
    /// True, false, an error, a duration.
    Unusable,
}

impl Cell {
    /// As a person would read it, for the reject file and the columns that the format does not name.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Padded(text) | Cell::Date(text) | Cell::Moment(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Unusable => Cow::Borrowed("#"),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A cell's text, and whether zeros had to be put back.
pub(super) struct CellText<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) restored: bool,
}

/// The text that the cell stood for in this column.
pub(super) fn read_cell(column: Column, cell: &Cell) -> Result<CellText<'_>, RowReason> {
    let as_is = |text| Ok(CellText { text, restored: false });
    match cell {
        _ if column == Column::Other => as_is(cell.shown()),
        Cell::Empty | Cell::Text(_) | Cell::Padded(_) => as_is(cell.shown()),
        Cell::Number(number) => read_number(column, *number),
        Cell::Date(_) if is_date(column) => as_is(cell.shown()),
        Cell::Moment(_) if is_date(column) => Err(RowReason::DateWithTime),
        Cell::Date(_) | Cell::Moment(_) => Err(RowReason::DateInOtherColumn),
        Cell::Unusable => Err(RowReason::CellNotText),
    }
}

/// Columns of dates.
pub(super) fn is_date(column: Column) -> bool {
    use Field as F;
    matches!(
        column,
        Column::Field(
            F::BirthDate | F::CardIssued | F::CardExpires | F::DeathDate | F::ResidenceSince | F::ResidenceUntil
        )
    )
}

fn read_number(column: Column, number: f64) -> Result<CellText<'static>, RowReason> {
    let plain = |text: String| Ok(CellText { text: Cow::Owned(text), restored: false });
    if matches!(column, Column::Field(Field::Latitude | Field::Longitude)) {
        return plain(number.to_string());
    }
    if is_date(column) {
        let is_year = number.fract() == 0.0 && (1800.0..=2200.0).contains(&number);
        let takes_a_year = column == Column::Field(Field::BirthDate);
        return if is_year && takes_a_year { plain(number.to_string()) } else { Err(RowReason::DateAsNumber) };
    }
    if number.abs() > EXACT {
        return Err(RowReason::DigitsLost);
    }
    let text = number.to_string();
    let length = text.len();
    // The fewest digits that may have lost nothing but leading zeros, and the length they had. A province's code has at
    // most two of them; a telephone number has one.
    let (least, whole) = match column {
        Column::UnitCode => (1, 5),
        Column::Field(Field::IdNumber) => (10, 12),
        Column::Field(Field::OldCmnd) => (7, 9),
        Column::Field(Field::Phone) => (9, 10),
        Column::Field(Field::EthnicGroup) => (1, 2),
        _ => return plain(text),
    };
    if (least..whole).contains(&length) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(CellText { text: Cow::Owned(format!("{text:0>whole$}")), restored: true });
    }
    plain(text)
}
