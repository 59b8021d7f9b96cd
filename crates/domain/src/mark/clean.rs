//! Sạch: what cannot be, or cannot be together, in one record.
//!
//! An empty field is never a finding here (đủ asks for it), nor is a stated `không có`.

use unicode_normalization::char::canonical_combining_class;

use super::{Finding, MarkInput};
use crate::date::{DateError, PartialDate};
use crate::field::Field;
use crate::id_number::{self, IdNumberError, NumberContext, OldCmnd, PersonIdNumber};
use crate::reference::ethnic_group;
use crate::sex::Sex;
use crate::text::is_stated_none;

/// Nobody in the country has been shown to live longer than this many years.
const MAX_AGE_YEARS: u16 = 120;

const NAMES: [Field; 5] = [Field::FullName, Field::OtherName, Field::FatherName, Field::MotherName, Field::SpouseName];

const DATES: [Field; 4] = [Field::BirthDate, Field::DeathDate, Field::CardIssued, Field::CardExpires];

pub(super) fn findings(input: &MarkInput<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    numbers(input, &mut found);
    dates(input, &mut found);
    residences(input, &mut found);
    for field in NAMES {
        found.extend(value(input, field).and_then(|name| name_finding(field, name)));
    }
    values(input, &mut found);
    found
}

fn value<'a>(input: &MarkInput<'a>, field: Field) -> Option<&'a str> {
    input.filled(field).filter(|text| !is_stated_none(text))
}

fn numbers(input: &MarkInput<'_>, found: &mut Vec<Finding>) {
    match value(input, Field::IdNumber).map(str::parse::<PersonIdNumber>) {
        Some(Ok(number)) => {
            let context = NumberContext {
                sex: input.filled(Field::Sex).and_then(Sex::from_text),
                birth_year: input.date(Field::BirthDate).map(PartialDate::year),
                birth_registration_place: input.filled(Field::BirthRegistrationPlace),
            };
            found.extend(id_number::findings(&number, context));
        }
        Some(Err(error)) => found.push(error.into()),
        None => {}
    }
    if input.others_with_same_id_number > 0 {
        found.push(Finding::IdNumberShared { others: input.others_with_same_id_number });
    }
    if let Some(Err(error)) = value(input, Field::OldCmnd).map(str::parse::<OldCmnd>) {
        found.push(error.into());
    }
}

impl From<IdNumberError> for Finding {
    fn from(error: IdNumberError) -> Self {
        match error {
            IdNumberError::IdNumberNotTwelveDigits { length } => Self::IdNumberNotTwelveDigits { length },
            IdNumberError::OldCmndNotNineDigits { length } => Self::OldCmndNotNineDigits { length },
        }
    }
}

fn date_finding(field: Field, text: &str) -> Option<Finding> {
    match text.parse::<PartialDate>() {
        Ok(_) => None,
        Err(DateError::WrongForm) => Some(Finding::FieldDateWrongForm { field }),
        Err(DateError::Impossible { .. }) => Some(Finding::FieldDateImpossible { field }),
    }
}

fn dates(input: &MarkInput<'_>, found: &mut Vec<Finding>) {
    for field in DATES {
        found.extend(value(input, field).and_then(|text| date_finding(field, text)));
        let is_past_by_nature = field != Field::CardExpires;
        if is_past_by_nature && input.date(field).is_some_and(|date| date.is_after(input.today)) {
            found.push(Finding::DateInFuture { field });
        }
    }
    for (earlier, later) in [
        (Field::BirthDate, Field::DeathDate),
        (Field::BirthDate, Field::CardIssued),
        (Field::CardIssued, Field::CardExpires),
    ] {
        found.extend(order_finding(earlier, input.date(earlier), later, input.date(later)));
    }
    let age = input.date(Field::BirthDate).and_then(|birth| birth.age_on(input.today));
    if let Some(age) = age.filter(|age| age.at_least > MAX_AGE_YEARS && !input.is_dead()) {
        found.push(Finding::BirthTooLongAgo { years: age.at_least });
    }
}

fn order_finding(
    earlier: Field,
    first: Option<PartialDate>,
    later: Field,
    second: Option<PartialDate>,
) -> Option<Finding> {
    let (first, second) = (first?, second?);
    second.is_before(first).then_some(Finding::DatesOutOfOrder { earlier, later })
}

fn residences(input: &MarkInput<'_>, found: &mut Vec<Finding>) {
    for residence in input.residences {
        let date = |field, text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty() && !is_stated_none(text));
            (text.and_then(|text| date_finding(field, text)), text.and_then(|text| text.parse().ok()))
        };
        let (since_finding, since) = date(Field::ResidenceSince, residence.since);
        let (until_finding, until) = date(Field::ResidenceUntil, residence.until);
        let birth = input.date(Field::BirthDate);
        let of_residence = [
            since_finding,
            until_finding,
            order_finding(Field::BirthDate, birth, Field::ResidenceSince, since),
            order_finding(Field::ResidenceSince, since, Field::ResidenceUntil, until),
        ];
        for finding in of_residence.into_iter().flatten() {
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
}

/// A name has letters, spaces, apostrophes, hyphens and points. Other names and those of relatives may carry a remark
/// (`Tí, Tèo (đã mất)`), but no digits.
fn name_finding(field: Field, name: &str) -> Option<Finding> {
    if name.chars().any(char::is_numeric) {
        return Some(Finding::DigitInName { field });
    }
    let is_of_a_name = |c: char| {
        c.is_alphabetic() || canonical_combining_class(c) != 0 || matches!(c, ' ' | '\'' | '’' | 'ʼ' | '-' | '.')
    };
    let symbol = name.chars().find(|&c| field == Field::FullName && !is_of_a_name(c))?;
    Some(Finding::SymbolInName { field, code_point: format!("U+{:04X}", symbol as u32) })
}

fn values(input: &MarkInput<'_>, found: &mut Vec<Finding>) {
    for field in [Field::Sex, Field::EthnicGroup, Field::EidLevel] {
        if value(input, field).is_some_and(|text| !is_known_value(field, text)) {
            found.push(Finding::ValueUnknown { field });
        }
    }
    if value(input, Field::Phone).is_some_and(|text| !is_phone(text)) {
        found.push(Finding::PhoneWrongForm);
    }
}

fn is_known_value(field: Field, text: &str) -> bool {
    match field {
        Field::Sex => Sex::from_text(text).is_some(),
        Field::EthnicGroup => ethnic_group(text).is_some(),
        Field::EidLevel => matches!(text, "0" | "1" | "2"),
        _ => true,
    }
}

/// Ten or eleven digits that begin with 0, or `+` and the country's code: 8 to 15 digits (ITU-T E.164). Spaces, points
/// and hyphens may part them.
fn is_phone(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    match compact.strip_prefix('+') {
        Some(international) => is_digits(international) && (8..=15).contains(&international.len()),
        None => is_digits(&compact) && compact.starts_with('0') && (10..=11).contains(&compact.len()),
    }
}
