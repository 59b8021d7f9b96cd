//! The border where typed text comes in: cleaned and checked by the domain's rules, refused with the field's name.
//! What the register says is never touched here.

use domain::date::{DatePrecision, PartialDate};
use domain::field::Field;
use domain::id_number::{OldCmnd, PersonIdNumber};
use domain::reference::ethnic_group;
use domain::sex::Sex;
use domain::text::{MAX_FIELD_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, clean_input, clean_note};
use jiff::civil::Date;
use serde::Serialize;

use crate::error::{AppError, Code, Result};

/// One line of text; `None` where nothing but space was typed.
pub fn line(field: &str, text: Option<String>) -> Result<Option<String>> {
    short(field, text, MAX_FIELD_CHARS)
}

/// A name of a person.
pub fn name(field: &str, text: Option<String>) -> Result<Option<String>> {
    short(field, text, MAX_NAME_CHARS)
}

/// Several lines.
pub fn note(field: &str, text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| clean_note(&text, MAX_NOTE_CHARS)).transpose().map_err(|e| told(field, &e))?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// What must be there.
pub fn required<T>(field: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| AppError::new(Code::FieldRequired).with("field", field))
}

/// A date as far as it is known.
pub fn partial_date(field: &str, text: Option<String>) -> Result<Option<String>> {
    Ok(parse_date(field, text)?.map(|date| date.to_string()))
}

/// A date as far as it is known, of something that has happened.
pub fn past_date(field: &str, text: Option<String>, today: Date) -> Result<Option<String>> {
    let date = parse_date(field, text)?;
    match date {
        Some(date) if date.is_after(today) => Err(AppError::new(Code::DateInFuture).with("field", field)),
        _ => Ok(date.map(|date| date.to_string())),
    }
}

/// A day that is still to come, today included.
pub fn coming_day(field: &str, text: Option<String>, today: Date) -> Result<Option<String>> {
    let Some(date) = parse_date(field, text)? else { return Ok(None) };
    if date.precision() != DatePrecision::Day {
        return Err(AppError::new(Code::DateNotADay).with("field", field));
    }
    match date.earliest() < today {
        true => Err(AppError::new(Code::DateInPast).with("field", field)),
        false => Ok(Some(date.to_string())),
    }
}

/// A day.
pub fn day(field: &str, text: Option<String>) -> Result<Option<String>> {
    match parse_date(field, text)? {
        Some(date) if date.precision() != DatePrecision::Day => {
            Err(AppError::new(Code::DateNotADay).with("field", field))
        }
        date => Ok(date.map(|date| date.to_string())),
    }
}

/// A value that someone proposes for a field of the register: of the form the register takes, and possible.
pub fn register_value(field: Field, text: Option<String>, today: Date) -> Result<Option<String>> {
    let at = field.column();
    match field {
        Field::FullName | Field::OtherName | Field::FatherName | Field::MotherName | Field::SpouseName => {
            name(at, text)
        }
        Field::BirthDate | Field::DeathDate | Field::CardIssued | Field::ResidenceSince => past_date(at, text, today),
        Field::CardExpires | Field::ResidenceUntil => partial_date(at, text),
        Field::IdNumber => form(at, text, |text| text.parse::<PersonIdNumber>().map(String::from)),
        Field::OldCmnd => form(at, text, |text| text.parse::<OldCmnd>().map(String::from)),
        Field::Sex => one_of(at, text, |text| Sex::from_text(text).map(|sex| sex.as_text().to_owned())),
        Field::EthnicGroup => one_of(at, text, |text| ethnic_group(text).map(|group| group.name.to_owned())),
        Field::EidLevel => one_of(at, text, |text| matches!(text, "0" | "1" | "2").then(|| text.to_owned())),
        Field::ResidenceKind => {
            let kinds = ["permanent", "temporary", "current", "absent", "short_stay"];
            one_of(at, text, |text| kinds.contains(&text).then(|| text.to_owned()))
        }
        Field::DwellingKind => one_of(at, text, dwelling_kind_of),
        Field::Phone => phone(at, text),
        Field::BloodGroup => one_of(at, text, blood_group),
        Field::Latitude => one_of(at, text, |text| degrees(text, 90.0)),
        Field::Longitude => one_of(at, text, |text| degrees(text, 180.0)),
        Field::Religion
        | Field::Nationality
        | Field::MaritalStatus
        | Field::BirthPlace
        | Field::BirthRegistrationPlace
        | Field::Hometown
        | Field::RelationshipToHead
        | Field::PermanentAddress
        | Field::HouseholdNo
        | Field::Hamlet
        | Field::Alley
        | Field::HouseNo => line(at, text),
    }
}

/// A telephone number as it was told: 8 to 15 digits, the marks that people put between them, a `+` before.
pub fn phone(field: &str, text: Option<String>) -> Result<Option<String>> {
    one_of(field, text, |text| {
        let bare = text.strip_prefix('+').unwrap_or(text);
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let plain = bare.bytes().all(|byte| byte.is_ascii_digit() || b" .-()".contains(&byte));
        (plain && (8..=15).contains(&digits)).then(|| text.to_owned())
    })
}

/// `A`, `B`, `AB` or `O`, with or without its rhesus factor.
fn blood_group(text: &str) -> Option<String> {
    let group = text.strip_suffix(['+', '-']).unwrap_or(text);
    ["A", "B", "AB", "O"].contains(&group).then(|| text.to_owned())
}

/// One of the extract's kinds of dwelling.
pub fn dwelling_kind(field: &str, text: Option<String>) -> Result<Option<String>> {
    one_of(field, text, dwelling_kind_of)
}

fn dwelling_kind_of(text: &str) -> Option<String> {
    ["house", "rented_room", "apartment", "workplace", "other"].contains(&text).then(|| text.to_owned())
}

fn degrees(text: &str, limit: f64) -> Option<String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    let degrees: f64 = text.parse().ok().filter(|_| plain)?;
    (degrees.abs() <= limit).then(|| text.to_owned())
}

fn short(field: &str, text: Option<String>, max_chars: usize) -> Result<Option<String>> {
    let text = text.map(|text| clean_input(&text, max_chars)).transpose().map_err(|e| told(field, &e))?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn parse_date(field: &str, text: Option<String>) -> Result<Option<PartialDate>> {
    line(field, text)?.map(|text| text.parse::<PartialDate>().map_err(|error| told(field, &error))).transpose()
}

fn form<E: Serialize>(
    field: &str,
    text: Option<String>,
    parse: impl Fn(&str) -> Result<String, E>,
) -> Result<Option<String>> {
    line(field, text)?.map(|text| parse(&text).map_err(|error| told(field, &error))).transpose()
}

fn one_of(field: &str, text: Option<String>, find: impl Fn(&str) -> Option<String>) -> Result<Option<String>> {
    let refused = || AppError::new(Code::ValueNotAllowed).with("field", field);
    line(field, text)?.map(|text| find(&text).ok_or_else(refused)).transpose()
}

/// The domain's errors stand in JSON as `{code, params}`: taken over as they are, with the field's name.
fn told(field: &str, error: &impl Serialize) -> AppError {
    let value = serde_json::to_value(error).unwrap_or_default();
    let mut told = AppError::of_word(value["code"].as_str().unwrap_or_default()).with("field", field);
    for (name, param) in value["params"].as_object().into_iter().flatten() {
        told = match (param.as_u64(), param.as_str()) {
            (Some(number), _) => told.with(name, number),
            (None, Some(text)) => told.with(name, text),
            (None, None) => told,
        };
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Param;

    const TODAY: Date = Date::constant(2026, 11, 21);

    fn typed(field: Field, text: &str) -> Result<Option<String>> {
        register_value(field, Some(text.to_owned()), TODAY)
    }

    #[test]
    fn what_cannot_be_is_refused_with_code_and_field() {
        let cases = [
            (Field::BirthDate, "30/02/1990", Code::DateImpossible),
            (Field::BirthDate, "1990-02-03", Code::DateWrongForm),
            (Field::BirthDate, "22/11/2026", Code::DateInFuture),
            (Field::IdNumber, "00119001234", Code::IdNumberNotTwelveDigits),
            (Field::OldCmnd, "0123456789", Code::OldCmndNotNineDigits),
            (Field::FullName, "Lê\u{200b}Thị Hoa", Code::TextInvisibleCharacter),
            (Field::FullName, "Lê \u{202e}aoH", Code::TextBidiControl),
            (Field::FullName, "Lê\u{0}", Code::TextControlCharacter),
            (Field::Sex, "?", Code::ValueNotAllowed),
            (Field::EidLevel, "3", Code::ValueNotAllowed),
            (Field::EthnicGroup, "Martian", Code::ValueNotAllowed),
            (Field::Phone, "abc", Code::ValueNotAllowed),
            (Field::Phone, "0912", Code::ValueNotAllowed),
            (Field::Phone, "0912 345 678 gọi tối", Code::ValueNotAllowed),
            (Field::BloodGroup, "C", Code::ValueNotAllowed),
            (Field::Latitude, "91", Code::ValueNotAllowed),
            (Field::Latitude, "inf", Code::ValueNotAllowed),
        ];
        for (field, text, code) in cases {
            let error = typed(field, text).unwrap_err();
            assert_eq!((error.code, &error.params["field"]), (code, &Param::Text(field.column().into())), "{text:?}");
        }
        let long = typed(Field::FullName, &"a".repeat(500)).unwrap_err();
        assert_eq!(long.code, Code::TextTooLong);
        assert_eq!((&long.params["limit"], &long.params["length"]), (&Param::Number(200), &Param::Number(500)));
    }

    #[test]
    fn what_is_typed_is_cleaned_and_nothing_else() {
        assert_eq!(typed(Field::FullName, "  Le\u{302} Thị  Hoa ").unwrap().unwrap(), "Lê Thị  Hoa");
        assert_eq!(typed(Field::FullName, "'; DROP TABLE person; --").unwrap().unwrap(), "'; DROP TABLE person; --");
        assert_eq!(typed(Field::BirthDate, "03/1957").unwrap().unwrap(), "03/1957");
        for phone in ["0912345678", "0912 345 678", "+84 912.345.678", "(0271) 3870-123"] {
            assert_eq!(typed(Field::Phone, phone).unwrap().as_deref(), Some(phone));
        }
        assert_eq!(typed(Field::BloodGroup, "AB+").unwrap().as_deref(), Some("AB+"));
        assert_eq!(typed(Field::Phone, "   ").unwrap(), None);
        assert_eq!(register_value(Field::Phone, None, TODAY).unwrap(), None);
    }

    #[test]
    fn a_next_visit_is_a_day_to_come() {
        let coming = |text: &str| coming_day("next_visit", Some(text.to_owned()), TODAY).map_err(|error| error.code);
        assert_eq!(coming("21/11/2026").unwrap().unwrap(), "21/11/2026");
        assert_eq!(coming("20/11/2026"), Err(Code::DateInPast));
        assert_eq!(coming("12/2026"), Err(Code::DateNotADay));
    }
}
