//! Time: what work takes, and the time of day at which made-up visits happen.

use std::time::Instant;

/// 3 November 2026, 08:00 in Vietnam.
pub const MORNING_MS: u64 = 1_793_667_600_000;

/// What work cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// By the clock on the wall.
    pub wall_s: f64,
    /// On a processor. On a machine that others use as well it says more of how work compares; NaN where the system
    /// does not say.
    pub processor_s: f64,
}

/// What it gives, and the seconds it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (done, cost) = costed(work);
    (done, cost.wall_s)
}

/// What it gives, and what it cost this thread.
pub fn costed<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (start, processor) = (Instant::now(), processor_s());
    let done = work();
    let cost = Cost { wall_s: start.elapsed().as_secs_f64(), processor_s: processor_s() - processor };
    (done, cost)
}

fn processor_s() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.map_or(f64::NAN, |nanoseconds| nanoseconds / 1e9)
}
