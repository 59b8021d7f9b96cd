//! The personal ID number (số định danh cá nhân) and the old CMND.
//!
//! Owns their form and what the twelve digits say. There is no check digit, so the only refusal is a text that is not
//! twelve digits; everything else is a [`Finding`] for a person to look at. Refuses to correct, to complete and to
//! invent a number. Neither type shows its digits in `Debug`: numbers do not belong in logs.

use serde::{Deserialize, Serialize};

use crate::mark::Finding;
use crate::reference::{id_province, province_in_address};
use crate::sex::Sex;

/// Twelve digits `ddd c yy rrrrrr`: province of birth registration, century and sex, year of birth, six random digits.
/// Source: NĐ 137/2015/NĐ-CP.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct PersonIdNumber(String);

/// Nine digits without structure. Invalid as a paper since 1 January 2025, still a key to search by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct OldCmnd(String);

/// Why a text is not a number. Holds nothing of what was typed but its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum IdNumberError {
    #[error("a personal ID number is twelve digits; the text has {length} characters")]
    IdNumberNotTwelveDigits { length: u32 },
    #[error("an old CMND number is nine digits; the text has {length} characters")]
    OldCmndNotNineDigits { length: u32 },
}

impl IdNumberError {
    /// The stable code, as it stands in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IdNumberNotTwelveDigits { .. } => "id_number_not_twelve_digits",
            Self::OldCmndNotNineDigits { .. } => "old_cmnd_not_nine_digits",
        }
    }
}

impl PersonIdNumber {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first three: the province, or the country, where the birth was registered.
    pub fn province_code(&self) -> &str {
        &self.0[..3]
    }

    /// Even is male, odd is female.
    pub fn sex(&self) -> Sex {
        if self.century_digit().is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    /// 0 and 1 stand for 19yy, 2 and 3 for 20yy, and so on to 23yy.
    pub fn birth_year(&self) -> u16 {
        let two_digits: u16 = self.0[4..6].parse().expect("twelve digits are checked at parsing");
        1900 + 100 * (self.century_digit() / 2) + two_digits
    }

    fn century_digit(&self) -> u16 {
        u16::from(self.0.as_bytes()[3] - b'0')
    }
}

impl OldCmnd {
    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What else the record says of the person; `None` where it says nothing that can be held against the number.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberContext<'a> {
    pub sex: Option<Sex>,
    pub birth_year: Option<u16>,
    /// Text, may name old units. What names no known province is not held against the number.
    pub birth_registration_place: Option<&'a str>,
}

/// Where number and record do not agree. Findings for review, never a refusal: numbers are kept when sex or province
/// names change, and births registered abroad carry the code of a country. Source: NĐ 137/2015/NĐ-CP.
pub fn findings(number: &PersonIdNumber, context: NumberContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(recorded) = context.sex.filter(|&sex| sex != number.sex()) {
        findings.push(Finding::IdNumberSexMismatch { number_says: number.sex(), recorded });
    }
    if let Some(recorded) = context.birth_year.filter(|&year| year != number.birth_year()) {
        findings.push(Finding::IdNumberBirthYearMismatch { number_says: number.birth_year(), recorded });
    }
    match id_province(number.province_code()) {
        None => findings.push(Finding::IdNumberProvinceUnknown { province_code: number.province_code().to_owned() }),
        Some(province) => {
            let recorded = context.birth_registration_place.and_then(province_in_address);
            if recorded.is_some_and(|name| !province.is_called(&name)) {
                findings.push(Finding::IdNumberProvinceMismatch {
                    province_code: province.code.to_owned(),
                    name_before: province.name_before.to_owned(),
                    name: province.name.to_owned(),
                });
            }
        }
    }
    findings
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn char_count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

impl std::str::FromStr for PersonIdNumber {
    type Err = IdNumberError;
    fn from_str(text: &str) -> Result<Self, IdNumberError> {
        if is_digits(text, 12) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdNumberError::IdNumberNotTwelveDigits { length: char_count(text) })
        }
    }
}

impl std::str::FromStr for OldCmnd {
    type Err = IdNumberError;
    fn from_str(text: &str) -> Result<Self, IdNumberError> {
        if is_digits(text, 9) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdNumberError::OldCmndNotNineDigits { length: char_count(text) })
        }
    }
}

macro_rules! text_of_digits {
    ($($name:ident)*) => {$(
        impl TryFrom<String> for $name {
            type Error = IdNumberError;
            fn try_from(text: String) -> Result<Self, IdNumberError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(number: $name) -> Self {
                number.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

text_of_digits!(PersonIdNumber OldCmnd);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> PersonIdNumber {
        text.parse().unwrap()
    }

    #[test]
    fn only_twelve_digits_are_a_number() {
        assert!("001190012345".parse::<PersonIdNumber>().is_ok());
        assert!("999999999999".parse::<PersonIdNumber>().is_ok());
        for text in
            ["", "00119001234", "0011900123456", "00119001234x", " 001190012345", "٠٠١١٩٠٠١٢٣٤٥", "001-19001234"]
        {
            let length = text.chars().count() as u32;
            assert_eq!(
                text.parse::<PersonIdNumber>(),
                Err(IdNumberError::IdNumberNotTwelveDigits { length }),
                "{text}"
            );
        }
        assert!("012345678".parse::<OldCmnd>().is_ok());
        assert_eq!("01234567".parse::<OldCmnd>(), Err(IdNumberError::OldCmndNotNineDigits { length: 8 }));
    }

    #[test]
    fn the_digits_say_province_sex_and_year() {
        let cases = [
            ("001090012345", "001", Sex::Male, 1990),
            ("001190012345", "001", Sex::Female, 1990),
            ("062204000123", "062", Sex::Male, 2004),
            ("070320004567", "070", Sex::Female, 2020),
            ("096499000000", "096", Sex::Male, 2199),
            ("096900000000", "096", Sex::Female, 2300),
        ];
        for (text, province, sex, year) in cases {
            let number = number(text);
            assert_eq!((number.province_code(), number.sex(), number.birth_year()), (province, sex, year), "{text}");
        }
    }

    #[test]
    fn a_number_that_agrees_with_its_record_has_no_finding() {
        let context = NumberContext {
            sex: Some(Sex::Male),
            birth_year: Some(1990),
            birth_registration_place: Some("Bù Nho, Phú Riềng, Bình Phước"),
        };
        assert_eq!(findings(&number("070090000001"), context), []);
        let renamed =
            NumberContext { birth_registration_place: Some("xã Phú Riềng, tỉnh Đồng Nai"), ..context };
        assert_eq!(findings(&number("070090000001"), renamed), []);
        assert_eq!(findings(&number("070090000001"), NumberContext::default()), []);
    }

    #[test]
    fn each_disagreement_is_a_finding_of_its_own() {
        let context = NumberContext {
            sex: Some(Sex::Female),
            birth_year: Some(1991),
            birth_registration_place: Some("Quy Nhơn, Bình Định"),
        };
        assert_eq!(
            findings(&number("070090000001"), context),
            [
                Finding::IdNumberSexMismatch { number_says: Sex::Male, recorded: Sex::Female },
                Finding::IdNumberBirthYearMismatch { number_says: 1990, recorded: 1991 },
                Finding::IdNumberProvinceMismatch {
                    province_code: "070".into(),
                    name_before: "Bình Phước".into(),
                    name: "Tỉnh Đồng Nai".into()
                },
            ]
        );
    }

    #[test]
    fn a_code_outside_the_table_is_looked_at_and_not_refused() {
        let context = NumberContext { birth_registration_place: Some("Hà Nội"), ..NumberContext::default() };
        assert_eq!(
            findings(&number("003090000001"), context),
            [Finding::IdNumberProvinceUnknown { province_code: "003".into() }]
        );
    }

    #[test]
    fn a_place_that_names_no_province_is_not_held_against_the_number() {
        let context = NumberContext { birth_registration_place: Some("Sông Bé"), ..NumberContext::default() };
        assert_eq!(findings(&number("070090000001"), context), []);
    }

    #[test]
    fn numbers_do_not_show_in_debug() {
        assert_eq!(format!("{:?}", number("001190012345")), "PersonIdNumber(…)");
        assert_eq!(format!("{:?}", "012345678".parse::<OldCmnd>().unwrap()), "OldCmnd(…)");
    }

    proptest! {
        #[test]
        fn any_twelve_digits_are_read_without_failing(text in "[0-9]{12}") {
            let number = number(&text);
            prop_assert!((1900..2400).contains(&number.birth_year()));
            prop_assert_eq!(String::from(number.clone()), text);
            findings(&number, NumberContext::default());
        }
    }
}
