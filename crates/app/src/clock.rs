//! The one source of time. Owns the system's clock, which tests replace; refuses to be called from the domain.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::vietnam;
use jiff::civil::Date;

/// Where the time comes from. A laptop's clock may stand in 1970 or jump: nothing is ever refused for it.
pub trait Clock: Send + Sync + 'static {
    /// Unix milliseconds; 0 for anything earlier.
    fn now_ms(&self) -> u64;

    /// The day in Viet Nam.
    fn today(&self) -> Date {
        vietnam::day_of(self.now_ms())
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
