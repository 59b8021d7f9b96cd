//! Why a whole extract, or one row of it, is refused. Codes are stable; params hold no name, number or address.

use domain::text::TextError;
use serde::Serialize;
use serde_json::{Value, json};

use super::encoding::EncodingHint;

/// Why a file is refused whole: nothing of it is taken.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has a header and no readable row; {rejected} rows were rejected")]
    NoRows { rejected: u64 },
    /// The header, or most rows. A few such rows are only rejected.
    #[error("line {line} is not UTF-8 ({hint:?})")]
    NotUtf8 { line: u64, hint: EncodingHint },
    /// Valid UTF-8, but the letters are those of an old font's code page.
    #[error("the names are written in an old encoding ({hint:?})")]
    OldEncoding { hint: EncodingHint },
    #[error("the file is neither CSV nor XLSX")]
    NotASpreadsheet,
    /// An `.xls`, or a workbook with a password: both have the same envelope.
    #[error("the workbook is of the old .xls format, or has a password")]
    OldOrLockedWorkbook,
    #[error("the workbook is damaged")]
    BrokenWorkbook(#[source] calamine::XlsxError),
    /// `missing` and `repeated` are column names of the format; what the file has instead is not told, for a file
    /// without a header has people there.
    #[error("wrong header: {} columns are missing, {} are there twice", .missing.len(), .repeated.len())]
    WrongHeader { missing: Vec<&'static str>, repeated: Vec<&'static str> },
    /// Not one column of the format: a file of something else, or the header is gone.
    #[error("no column of the first line is one of a register extract")]
    NoColumnFits,
    #[error("line {line} is of unit {found}, not of {expected}")]
    WrongUnit { line: u64, expected: String, found: String },
    #[error("line {line} is of another edition than the lines before")]
    MixedEditions { line: u64 },
    #[error("edition {found} is older than {held}, which is held")]
    OlderEdition { held: String, found: String },
    #[error("a quote that is opened in line {line} is never closed")]
    UnclosedQuote { line: u64 },
    #[error("the file could not be read")]
    Io(#[from] std::io::Error),
}

impl ExtractError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "extract_empty",
            Self::NoRows { .. } => "extract_no_rows",
            Self::NotUtf8 { .. } => "extract_not_utf8",
            Self::OldEncoding { .. } => "extract_old_encoding",
            Self::NotASpreadsheet => "extract_not_a_spreadsheet",
            Self::OldOrLockedWorkbook => "extract_old_or_locked_workbook",
            Self::BrokenWorkbook(_) => "extract_broken_workbook",
            Self::WrongHeader { .. } => "extract_wrong_header",
            Self::NoColumnFits => "extract_no_column_fits",
            Self::WrongUnit { .. } => "extract_wrong_unit",
            Self::MixedEditions { .. } => "extract_mixed_editions",
            Self::OlderEdition { .. } => "extract_older_edition",
            Self::UnclosedQuote { .. } => "extract_unclosed_quote",
            Self::Io(_) => "extract_unreadable",
        }
    }

    /// What the words for people need, as a JSON object.
    pub fn params(&self) -> Value {
        match self {
            Self::NoRows { rejected } => json!({ "rejected": rejected }),
            Self::NotUtf8 { line, hint } => json!({ "line": line, "hint": hint }),
            Self::OldEncoding { hint } => json!({ "hint": hint }),
            Self::WrongHeader { missing, repeated } => json!({ "missing": missing, "repeated": repeated }),
            Self::WrongUnit { line, expected, found } => json!({ "line": line, "expected": expected, "found": found }),
            Self::MixedEditions { line } | Self::UnclosedQuote { line } => json!({ "line": line }),
            Self::OlderEdition { held, found } => json!({ "held": held, "found": found }),
            Self::Empty
            | Self::NotASpreadsheet
            | Self::NoColumnFits
            | Self::OldOrLockedWorkbook
            | Self::BrokenWorkbook(_)
            | Self::Io(_) => json!({}),
        }
    }
}

/// Why one row goes to the reject file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum RowReason {
    /// A column that must be filled is empty.
    MissingValue,
    /// A cell is not UTF-8; the reject file shows its bytes as Latin-1.
    NotUtf8 { hint: EncodingHint },
    /// More or fewer cells than the header has.
    CellCount { expected: usize, found: usize },
    /// The columns that the format does not name hold more bytes than a row may carry.
    OthersTooLong { limit: usize, length: usize },
    /// Not five digits.
    UnitCodeForm,
    /// Not 12 digits.
    IdNumberForm { length: usize },
    /// Not 9 digits.
    OldCmndForm { length: usize },
    /// Not written as the column asks. (30/02/1990 is: such a date is kept and marked.)
    DateForm,
    /// Not one of the values that the column knows.
    UnknownValue,
    /// Not decimal degrees of latitude or longitude.
    CoordinateForm,
    /// A bare number where a date belongs: a spreadsheet's day count, perhaps.
    DateAsNumber,
    /// A date with a time of day.
    DateWithTime,
    /// A spreadsheet made a date of something else: house number 12/5 is 12 May to it.
    DateInOtherColumn,
    /// A number so long that the spreadsheet has lost digits of it.
    DigitsLost,
    /// A formula's error, or true or false.
    CellNotText,
    #[serde(untagged)]
    Text(TextError),
}

impl RowReason {
    /// The stable code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// What the words for people need, as a JSON object; null where there is nothing.
    pub fn params(&self) -> Value {
        self.json()["params"].take()
    }

    fn json(&self) -> Value {
        serde_json::to_value(self).expect("plain variants are JSON")
    }
}

impl std::fmt::Display for RowReason {
    /// As it stands in the reject file: `text_too_long length=500 limit=200`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code())?;
        for (name, value) in self.params().as_object().into_iter().flatten() {
            match value {
                Value::String(text) => write!(f, " {name}={text}")?,
                other => write!(f, " {name}={other}")?,
            }
        }
        Ok(())
    }
}

/// What is wrong with one row, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Counted from 1, the header included.
    pub line: u64,
    /// Name of the column; `None` where the row as a whole is wrong.
    pub column: Option<String>,
    pub reason: RowReason,
}
