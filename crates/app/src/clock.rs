//! The one source of time. Owns the system's clock, which tests replace; refuses to be called from the domain.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::Date;

/// Viet Nam is seven hours ahead of UTC the whole year.
const VIETNAM_AHEAD_MS: u64 = 7 * 60 * 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Where the time comes from. A laptop's clock may stand in 1970 or jump: nothing is ever refused for it.
pub trait Clock: Send + Sync + 'static {
    /// Unix milliseconds; 0 for anything earlier.
    fn now_ms(&self) -> u64;

    /// The day in Viet Nam.
    fn today(&self) -> Date {
        day_of(self.now_ms())
    }
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Any closure is a clock.
impl<F: Fn() -> u64 + Send + Sync + 'static> Clock for F {
    fn now_ms(&self) -> u64 {
        self()
    }
}

/// The day in Viet Nam at that moment; the last day of the calendar for anything later than year 9999.
pub fn day_of(ms: u64) -> Date {
    let days = i64::try_from(ms.saturating_add(VIETNAM_AHEAD_MS) / DAY_MS).unwrap_or(i64::MAX);
    let epoch = Date::constant(1970, 1, 1);
    jiff::Span::new().try_days(days).and_then(|span| epoch.checked_add(span)).unwrap_or(Date::MAX)
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
    }

    #[test]
    fn any_clock_has_a_day() {
        assert_eq!(day_of(0), Date::constant(1970, 1, 1));
        assert_eq!(day_of(u64::MAX), Date::MAX);
    }
}
