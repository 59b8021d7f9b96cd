//! One row of the extract, checked column by column.
//!
//! Owns what form each column must have. Values are text as the state holds them: trimmed, in NFC, and otherwise not
//! touched; where that changed more than the space around it, the original bytes are kept beside. Whether a value is
//! plausible is not asked here: an impossible date of the right form passes and is marked later.

use domain::date::{DateError, DatePrecision, PartialDate};
use domain::field::Field;
use domain::register::{OriginalSpelling, ResidenceKind};
use domain::text::{MAX_FIELD_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, clean_input, clean_note};

use super::cell::{Cell, is_date, read_cell};
use super::error::{RowFault, RowReason};
use super::header::{Column, Header};

/// What the columns that the format does not name may hold together, in one row. A record must fit a piece.
const MAX_OTHERS_BYTES: usize = 64 * 1024;

/// One person and residence, as the extract says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractRow {
    pub line: u64,
    pub household_no: String,
    pub hamlet: String,
    pub alley: Option<String>,
    pub house_no: Option<String>,
    pub dwelling_kind: Option<String>,
    pub lat_e6: Option<i32>,
    pub lon_e6: Option<i32>,
    /// The person's own fields (1–24), filled ones only, in wire order.
    pub fields: Vec<(Field, String)>,
    pub residence_kind: ResidenceKind,
    pub residence_since: Option<String>,
    pub residence_until: Option<String>,
    /// Columns that the format does not name, filled ones only.
    pub others: Vec<(String, String)>,
    /// Of the person's own fields.
    pub originals: Vec<OriginalSpelling>,
}

impl ExtractRow {
    /// The value of one of the person's own fields.
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.iter().find(|(one, _)| *one == field).map(|(_, value)| value.as_str())
    }
}

/// A checked row, with what the file as a whole is judged by.
pub(super) struct ParsedRow {
    pub(super) row: ExtractRow,
    pub(super) unit_code: String,
    pub(super) edition: String,
    /// Cells whose leading zeros had to be put back.
    pub(super) restored: u64,
}

/// Reads one row. The first wrong column decides.
pub(super) fn parse_row(header: &Header, line: u64, cells: &[Cell]) -> Result<ParsedRow, RowFault> {
    let fault = |column: Option<&str>, reason| RowFault { line, column: column.map(str::to_owned), reason };
    let (mut edition, mut unit_code) = (String::new(), String::new());
    let mut row = ExtractRow {
        line,
        household_no: String::new(),
        hamlet: String::new(),
        alley: None,
        house_no: None,
        dwelling_kind: None,
        lat_e6: None,
        lon_e6: None,
        fields: Vec::new(),
        residence_kind: ResidenceKind::Permanent,
        residence_since: None,
        residence_until: None,
        others: Vec::new(),
        originals: Vec::new(),
    };
    let mut restored = 0;
    for (at, (&column, name)) in header.columns.iter().zip(header.names.iter()).enumerate() {
        let raw = read_cell(column, cells.get(at).unwrap_or(&Cell::Empty)).map_err(|why| fault(Some(name), why))?;
        restored += u64::from(raw.restored);
        let value = clean_value(column, &raw.text).map_err(|why| fault(Some(name), why))?;
        if value.is_empty() {
            if column.must_be_filled() {
                return Err(fault(Some(name), RowReason::MissingValue));
            }
            continue;
        }
        let value = check_form(column, value).map_err(|why| fault(Some(name), why))?;
        match column {
            Column::Edition => edition = value,
            Column::UnitCode => unit_code = value,
            Column::Other => row.others.push((name.clone(), value)),
            Column::Field(field) => {
                let changed = value != raw.text.trim();
                put_field(&mut row, field, value).map_err(|why| fault(Some(name), why))?;
                if changed && field.number() <= 24 {
                    row.originals.push(OriginalSpelling { field, bytes: raw.text.as_bytes().to_vec() });
                }
            }
        }
    }
    let length = row.others.iter().map(|(name, value)| name.len() + value.len()).sum();
    if length > MAX_OTHERS_BYTES {
        return Err(fault(None, RowReason::OthersTooLong { limit: MAX_OTHERS_BYTES, length }));
    }
    row.fields.sort_unstable_by_key(|(field, _)| *field);
    row.originals.sort_unstable_by_key(|original| original.field);
    Ok(ParsedRow { row, unit_code, edition, restored })
}

fn clean_value(column: Column, raw: &str) -> Result<String, RowReason> {
    use Field as F;
    let cleaned = match column {
        Column::Other => clean_note(raw, MAX_NOTE_CHARS),
        Column::Field(F::FullName | F::OtherName | F::FatherName | F::MotherName | F::SpouseName) => {
            clean_input(raw, MAX_NAME_CHARS)
        }
        Column::Edition => clean_input(raw, 40),
        _ => clean_input(raw, MAX_FIELD_CHARS),
    };
    cleaned.map_err(RowReason::Text)
}

/// A filled value in the form of its column.
fn check_form(column: Column, value: String) -> Result<String, RowReason> {
    use Field as F;
    let digits = |count: usize| value.len() == count && value.bytes().all(|byte| byte.is_ascii_digit());
    let length = value.chars().count();
    if is_date(column) {
        return check_date(value, column == Column::Field(F::BirthDate));
    }
    match column {
        Column::UnitCode if !digits(5) => Err(RowReason::UnitCodeForm),
        // Only the form is refused: a number that says another sex or birth year is a matter of marks (NĐ 137/2015).
        Column::Field(F::IdNumber) if !digits(12) => Err(RowReason::IdNumberForm { length }),
        Column::Field(F::OldCmnd) if !digits(9) => Err(RowReason::OldCmndForm { length }),
        Column::Field(F::Sex) => one_of(&value, &["Nam", "Nữ"]),
        Column::Field(F::EidLevel) => one_of(&value, &["0", "1", "2"]),
        Column::Field(F::DwellingKind) => one_of(&value, &["house", "rented_room", "apartment", "workplace", "other"]),
        _ => Ok(value),
    }
}

/// A date of the right form, possible or not. Only a birth may be known less than to the day.
fn check_date(value: String, may_be_partial: bool) -> Result<String, RowReason> {
    let precise = match value.parse::<PartialDate>() {
        Ok(date) => date.precision() == DatePrecision::Day,
        Err(DateError::Impossible { day, .. }) => day.is_some(),
        Err(DateError::WrongForm) => return Err(RowReason::DateForm),
    };
    if precise || may_be_partial { Ok(value) } else { Err(RowReason::DateForm) }
}

/// The value as the format spells it; upper and lower case do not count.
fn one_of(value: &str, allowed: &[&str]) -> Result<String, RowReason> {
    let lower = value.to_lowercase();
    let found = allowed.iter().find(|one| one.to_lowercase() == lower);
    found.map(|one| (*one).to_owned()).ok_or(RowReason::UnknownValue)
}

fn put_field(row: &mut ExtractRow, field: Field, value: String) -> Result<(), RowReason> {
    match field {
        Field::HouseholdNo => row.household_no = value,
        Field::Hamlet => row.hamlet = value,
        Field::Alley => row.alley = Some(value),
        Field::HouseNo => row.house_no = Some(value),
        Field::DwellingKind => row.dwelling_kind = Some(value),
        Field::Latitude => row.lat_e6 = Some(parse_degrees(&value, 90)?),
        Field::Longitude => row.lon_e6 = Some(parse_degrees(&value, 180)?),
        Field::ResidenceSince => row.residence_since = Some(value),
        Field::ResidenceUntil => row.residence_until = Some(value),
        Field::ResidenceKind => row.residence_kind = parse_residence_kind(&value)?,
        _ => row.fields.push((field, value)),
    }
    Ok(())
}

fn parse_residence_kind(value: &str) -> Result<ResidenceKind, RowReason> {
    Ok(match value.to_lowercase().as_str() {
        "permanent" => ResidenceKind::Permanent,
        "temporary" => ResidenceKind::Temporary,
        "current" => ResidenceKind::Current,
        "absent" => ResidenceKind::Absent,
        "short_stay" => ResidenceKind::ShortStay,
        _ => return Err(RowReason::UnknownValue),
    })
}

/// Decimal degrees in millionths, rounded. A file with `;` may write a decimal comma.
fn parse_degrees(value: &str, limit: i32) -> Result<i32, RowReason> {
    let plain = value.strip_prefix('-').unwrap_or(value);
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Err(RowReason::CoordinateForm);
    }
    let degrees: f64 = value.replace(',', ".").parse().map_err(|_| RowReason::CoordinateForm)?;
    if degrees.abs() > f64::from(limit) {
        return Err(RowReason::CoordinateForm);
    }
    Ok((degrees * 1e6).round() as i32)
}
