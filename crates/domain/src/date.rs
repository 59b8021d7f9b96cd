//! Dates as papers hold them: a day, a month, or only a year.
//!
//! Owns their written form and what they say about age. Refuses to fill in a missing day, and knows no clock: `today`
//! is a parameter.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DatePrecision {
    Year,
    Month,
    Day,
}

/// A date of the calendar, year 1 to 9999, of which day and month may be unknown. In JSON and in the register it is
/// its written form: `dd/mm/yyyy`, `mm/yyyy` or `yyyy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct PartialDate {
    /// The first day that it can be.
    earliest: Date,
    precision: DatePrecision,
}

/// Why a text is not a date. `Impossible` has the right form (30/02/1990): the register keeps such a text and the
/// record gets a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "code", content = "params")]
pub enum DateError {
    /// Not `dd/mm/yyyy`, `mm/yyyy` or `yyyy`.
    #[error("a date is written dd/mm/yyyy, mm/yyyy or yyyy")]
    #[serde(rename = "date_wrong_form")]
    WrongForm,
    /// The form is right, but the calendar has no such date.
    #[error("the calendar has no such date")]
    #[serde(rename = "date_impossible")]
    Impossible { day: Option<u8>, month: Option<u8>, year: u16 },
}

impl DateError {
    /// The stable code, as it stands in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongForm => "date_wrong_form",
            Self::Impossible { .. } => "date_impossible",
        }
    }
}

/// How two dates stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DateDifference {
    Equal,
    /// One says less and contradicts nothing: `1957` and `03/1957`.
    LessPrecise,
    Different,
}

/// Full years of age. The two differ where the date of birth is not known to the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Age {
    pub at_least: u16,
    pub at_most: u16,
}

impl PartialDate {
    /// A date known to the day.
    pub fn of_day(day: Date) -> Self {
        Self { earliest: day, precision: DatePrecision::Day }
    }

    /// How much of it is known.
    pub fn precision(self) -> DatePrecision {
        self.precision
    }

    /// The year, always known.
    pub fn year(self) -> u16 {
        u16::try_from(self.earliest.year()).expect("a year from 1 to 9999 is checked at parsing")
    }

    /// The first day that it can be.
    pub fn earliest(self) -> Date {
        self.earliest
    }

    /// The last day that it can be.
    pub fn latest(self) -> Date {
        match self.precision {
            DatePrecision::Year => self.earliest.last_of_year(),
            DatePrecision::Month => self.earliest.last_of_month(),
            DatePrecision::Day => self.earliest,
        }
    }

    /// Whether every day that it can be lies after `day`.
    pub fn is_after(self, day: Date) -> bool {
        self.earliest > day
    }

    /// Whether every day that it can be lies before every day that `other` can be.
    pub fn is_before(self, other: Self) -> bool {
        self.latest() < other.earliest
    }

    /// Full years on `today` of someone born on this date (a birthday on 29 February counts on 1 March in other
    /// years); `None` where the birth lies after `today`.
    pub fn age_on(self, today: Date) -> Option<Age> {
        if self.is_after(today) {
            return None;
        }
        let years_since = |birth: Date| u16::try_from(full_years(birth, today)).unwrap_or(0);
        Some(Age { at_least: years_since(self.latest()), at_most: years_since(self.earliest) })
    }

    /// Whole days from the latest day that it can be to `today`; negative where that day is still to come.
    pub fn days_until(self, today: Date) -> i32 {
        days_between(self.latest(), today)
    }
}

/// Whole days from one day to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn full_years(birth: Date, today: Date) -> i32 {
    let years = i32::from(today.year()) - i32::from(birth.year());
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    if had_birthday { years } else { years - 1 }
}

/// How two dates agree. Symmetric.
pub fn compare(a: PartialDate, b: PartialDate) -> DateDifference {
    if a == b {
        DateDifference::Equal
    } else if a.earliest.max(b.earliest) <= a.latest().min(b.latest()) {
        DateDifference::LessPrecise
    } else {
        DateDifference::Different
    }
}

impl std::str::FromStr for PartialDate {
    type Err = DateError;

    /// Exactly `dd/mm/yyyy`, `mm/yyyy` or `yyyy`, zeros included.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let parts: Vec<&str> = text.split('/').collect();
        let (day, month, year) = match parts[..] {
            [year] => (None, None, year),
            [month, year] => (None, Some(month), year),
            [day, month, year] => (Some(day), Some(month), year),
            _ => return Err(DateError::WrongForm),
        };
        let day = day.map(|digits| number(digits, 2)).transpose()?.map(|day| day as u8);
        let month = month.map(|digits| number(digits, 2)).transpose()?.map(|month| month as u8);
        let year = number(year, 4)?;
        let precision = match (day, month) {
            (Some(_), _) => DatePrecision::Day,
            (None, Some(_)) => DatePrecision::Month,
            (None, None) => DatePrecision::Year,
        };
        let impossible = DateError::Impossible { day, month, year };
        if year == 0 {
            return Err(impossible);
        }
        let earliest = Date::new(year as i16, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8);
        Ok(Self { earliest: earliest.map_err(|_| impossible)?, precision })
    }
}

fn number(digits: &str, length: usize) -> Result<u16, DateError> {
    if digits.len() != length || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DateError::WrongForm);
    }
    digits.parse().map_err(|_| DateError::WrongForm)
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let date = self.earliest;
        match self.precision {
            DatePrecision::Year => write!(f, "{:04}", date.year()),
            DatePrecision::Month => write!(f, "{:02}/{:04}", date.month(), date.year()),
            DatePrecision::Day => write!(f, "{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_three_forms_have_their_precision() {
        assert_eq!(parse("15/03/1990").precision(), DatePrecision::Day);
        assert_eq!(parse("03/1957").precision(), DatePrecision::Month);
        assert_eq!(parse("1957").precision(), DatePrecision::Year);
        assert_eq!(parse("1957").latest(), date(1957, 12, 31));
        assert_eq!(parse("02/2024").latest(), date(2024, 2, 29));
        assert_eq!(parse("29/02/2024").earliest(), date(2024, 2, 29));
        assert_eq!(PartialDate::of_day(date(1990, 3, 15)), parse("15/03/1990"));
        assert_eq!(parse("03/1957").year(), 1957);
    }

    #[test]
    fn another_form_is_not_a_date() {
        let wrong = [
            "",
            " ",
            "1/3/1990",
            "15-03-1990",
            "1990-03-15",
            "15/03/90",
            "15/03/1990 ",
            "15/03/1990/1",
            "/03/1990",
            "+5/03/1990",
            "57",
            "19577",
            "٣/1957",
            "//",
            "15031990",
            "tháng 3/1957",
        ];
        for text in wrong {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::WrongForm), "{text:?}");
        }
        assert_eq!(DateError::WrongForm.code(), "date_wrong_form");
        assert_eq!(serde_json::to_string(&DateError::WrongForm).unwrap(), r#"{"code":"date_wrong_form"}"#);
    }

    #[test]
    fn a_date_the_calendar_lacks_is_told_apart() {
        let cases = [
            ("30/02/1990", Some(30), Some(2), 1990),
            ("29/02/2023", Some(29), Some(2), 2023),
            ("31/04/2000", Some(31), Some(4), 2000),
            ("00/00/1957", Some(0), Some(0), 1957),
            ("00/1957", None, Some(0), 1957),
            ("13/1957", None, Some(13), 1957),
            ("01/99/1957", Some(1), Some(99), 1957),
            ("0000", None, None, 0),
        ];
        for (text, day, month, year) in cases {
            let error = text.parse::<PartialDate>().unwrap_err();
            assert_eq!(error, DateError::Impossible { day, month, year }, "{text}");
            assert_eq!(error.code(), "date_impossible");
        }
        let json = serde_json::to_string(&"13/1957".parse::<PartialDate>().unwrap_err()).unwrap();
        assert_eq!(json, r#"{"code":"date_impossible","params":{"day":null,"month":13,"year":1957}}"#);
    }

    #[test]
    fn dates_agree_up_to_their_precision() {
        use DateDifference::*;
        let cases = [
            ("15/03/1957", "15/03/1957", Equal),
            ("1957", "1957", Equal),
            ("1957", "03/1957", LessPrecise),
            ("1957", "15/03/1957", LessPrecise),
            ("03/1957", "31/03/1957", LessPrecise),
            ("03/1957", "04/1957", Different),
            ("1957", "1958", Different),
            ("1957", "01/01/1958", Different),
            ("03/1957", "01/04/1957", Different),
            ("15/03/1957", "16/03/1957", Different),
            ("01/01/1957", "1957", LessPrecise),
        ];
        for (a, b, expected) in cases {
            assert_eq!(compare(parse(a), parse(b)), expected, "{a} {b}");
            assert_eq!(compare(parse(b), parse(a)), expected, "{b} {a}");
        }
    }

    #[test]
    fn age_counts_full_years() {
        let age = |birth: &str, today| parse(birth).age_on(today).map(|age| (age.at_least, age.at_most));
        assert_eq!(age("15/03/1990", date(2026, 3, 14)), Some((35, 35)));
        assert_eq!(age("15/03/1990", date(2026, 3, 15)), Some((36, 36)));
        assert_eq!(age("29/02/2012", date(2026, 2, 28)), Some((13, 13)));
        assert_eq!(age("29/02/2012", date(2026, 3, 1)), Some((14, 14)));
        assert_eq!(age("1957", date(2026, 6, 1)), Some((68, 69)));
        assert_eq!(age("03/1957", date(2026, 3, 10)), Some((68, 69)));
        assert_eq!(age("03/1957", date(2026, 3, 31)), Some((69, 69)));
        assert_eq!(age("2026", date(2026, 6, 1)), Some((0, 0)));
        assert_eq!(age("01/06/2026", date(2026, 6, 1)), Some((0, 0)));
        assert_eq!(age("02/06/2026", date(2026, 6, 1)), None);
        assert_eq!(age("2027", date(2026, 6, 1)), None);
    }

    #[test]
    fn before_and_after_hold_only_when_sure() {
        assert!(parse("1957").is_before(parse("01/01/1958")));
        assert!(!parse("1957").is_before(parse("31/12/1957")));
        assert!(!parse("15/03/1957").is_before(parse("15/03/1957")));
        assert!(parse("2027").is_after(date(2026, 12, 31)));
        assert!(!parse("2026").is_after(date(2026, 1, 1)));
        assert_eq!(parse("01/01/2026").days_until(date(2026, 3, 1)), 59);
        assert_eq!(days_between(date(2026, 3, 1), date(2026, 2, 28)), -1);
    }

    fn any_date() -> impl Strategy<Value = String> {
        prop_oneof![
            (1u16..=9999).prop_map(|y| format!("{y:04}")),
            (1u8..=12, 1u16..=9999).prop_map(|(m, y)| format!("{m:02}/{y:04}")),
            (1u8..=28, 1u8..=12, 1u16..=9999).prop_map(|(d, m, y)| format!("{d:02}/{m:02}/{y:04}")),
        ]
    }

    proptest! {
        #[test]
        fn a_date_is_written_as_it_was_read(text in any_date()) {
            let date = parse(&text);
            prop_assert_eq!(date.to_string(), text.clone());
            let json = serde_json::to_string(&date).unwrap();
            prop_assert_eq!(&json, &format!("\"{text}\""));
            prop_assert_eq!(serde_json::from_str::<PartialDate>(&json).unwrap(), date);
        }

        #[test]
        fn what_parses_is_written_the_same(text in "[0-9]{2}/[0-9]{2}/[0-9]{4}") {
            if let Ok(date) = text.parse::<PartialDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }

        #[test]
        fn comparison_is_symmetric(a in any_date(), b in any_date()) {
            prop_assert_eq!(compare(parse(&a), parse(&b)), compare(parse(&b), parse(&a)));
        }
    }
}
