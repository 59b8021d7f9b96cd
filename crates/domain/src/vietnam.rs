//! Moments as Việt Nam reads them: one zone, seven hours ahead of UTC the whole year, no daylight saving time.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

const AHEAD: Offset = jiff::tz::offset(7);

/// What clocks there show at that moment, in Unix milliseconds; `None` after the end of the calendar (year 9999).
pub fn time_of(ms: u64) -> Option<DateTime> {
    let moment = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(AHEAD.to_datetime(moment))
}

/// The day there at that moment; the last day of the calendar for anything later.
pub fn day_of(ms: u64) -> Date {
    time_of(ms).map_or(Date::MAX, |time| time.date())
}

/// That moment in a list or a log: `2026-11-21 17:03:09`; empty after the end of the calendar.
pub fn written(ms: u64) -> String {
    time_of(ms).map_or_else(String::new, |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_viet_nam() {
        let seventeen_utc = 17 * 60 * 60 * 1000;
        assert_eq!(day_of(seventeen_utc - 1), Date::constant(1970, 1, 1));
        assert_eq!(day_of(seventeen_utc), Date::constant(1970, 1, 2));
        assert_eq!(day_of(1_795_287_600_000), Date::constant(2026, 11, 22));
        assert_eq!(written(1_795_287_600_000), "2026-11-22 02:00:00");
    }

    #[test]
    fn any_moment_has_a_day() {
        assert_eq!((day_of(0), written(0)), (Date::constant(1970, 1, 1), "1970-01-01 07:00:00".to_owned()));
        assert_eq!((day_of(u64::MAX), written(u64::MAX)), (Date::MAX, String::new()));
    }
}
