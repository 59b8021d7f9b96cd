//! Calendar days, enough of them for a register: day arithmetic, ages and `dd/mm/yyyy`.
//!
//! Knows no clock; the day of an edition is always given.

use std::fmt;

/// A day of the Gregorian calendar, always a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i32,
    pub month: i32,
    pub day: i32,
}

/// How much of a birth date is known; the day itself is kept as truth all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Day,
    Month,
    Year,
}

/// A birth date as papers and register give it: `dd/mm/yyyy`, `mm/yyyy` or `yyyy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    pub date: Date,
    pub precision: Precision,
}

impl Date {
    /// The given day; a day past the end of its month becomes the last of that month.
    pub fn new(year: i32, month: i32, day: i32) -> Self {
        Self { year, month, day: day.min(days_in_month(year, month)) }
    }

    /// Days since 1 March of year 0 (Hinnant's civil calendar).
    pub fn to_days(self) -> i32 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year - era * 400;
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
    }

    /// The inverse of [`Date::to_days`].
    pub fn from_days(days: i32) -> Self {
        let era = days.div_euclid(146_097);
        let day_of_era = days - era * 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self { year, month, day: day_of_year - (153 * shifted + 2) / 5 + 1 }
    }

    /// The day so many days later (earlier when negative).
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_days(self.to_days() + days)
    }

    /// The same day so many years later; 29 February becomes the 28th.
    pub fn plus_years(self, years: i32) -> Self {
        Self::new(self.year + years, self.month, self.day)
    }

    /// Whole years from this day to `later`.
    pub fn years_to(self, later: Self) -> i32 {
        let reached = (later.month, later.day) >= (self.month, self.day);
        later.year - self.year - i32::from(!reached)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }
}

impl fmt::Display for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Precision::Day => self.date.fmt(f),
            Precision::Month => write!(f, "{:02}/{:04}", self.date.month, self.date.year),
            Precision::Year => write!(f, "{:04}", self.date.year),
        }
    }
}

/// Days of a month, leap years counted.
pub fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_a_century_goes_there_and_back() {
        let first = Date::new(1930, 1, 1).to_days();
        for offset in 0..36_525 {
            let date = Date::from_days(first + offset);
            assert_eq!(date.to_days(), first + offset);
            assert!(date.day <= days_in_month(date.year, date.month));
        }
    }

    #[test]
    fn birthday_counts_from_the_day_itself() {
        let birth = Date::new(2000, 11, 2);
        assert_eq!(birth.years_to(Date::new(2026, 11, 1)), 25);
        assert_eq!(birth.years_to(Date::new(2026, 11, 2)), 26);
        assert_eq!(Date::new(2004, 2, 29).plus_years(25), Date::new(2029, 2, 28));
    }

    #[test]
    fn birth_shows_only_what_is_known() {
        let date = Date::new(1957, 3, 9);
        let show = |precision| Birth { date, precision }.to_string();
        assert_eq!(show(Precision::Day), "09/03/1957");
        assert_eq!(show(Precision::Month), "03/1957");
        assert_eq!(show(Precision::Year), "1957");
    }
}
