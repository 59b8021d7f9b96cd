//! When nobody is there. Two clocks, the steady one and the wall's: which of them stands still while a machine sleeps
//! differs from system to system, so the longer of the two counts. A wall clock set forward looks like sleep and locks
//! too, which does no harm.

use std::time::{Duration, Instant, SystemTime};

use app::window::LockCause;

/// How often it is looked.
pub const TICK: Duration = Duration::from_secs(5);

/// A tick that comes so much too late has slept.
const ASLEEP: Duration = Duration::from_secs(30);

/// One reading of both clocks.
#[derive(Clone, Copy)]
pub struct Moment {
    steady: Instant,
    wall: SystemTime,
}

impl Moment {
    pub fn now() -> Self {
        Self { steady: Instant::now(), wall: SystemTime::now() }
    }

    fn since(self, earlier: Moment) -> Duration {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        let wall = self.wall.duration_since(earlier.wall).unwrap_or_default();
        steady.max(wall)
    }
}

/// Watches for idleness and sleep.
pub struct Watch {
    last_activity: Moment,
    last_tick: Moment,
}

impl Watch {
    pub fn beginning(now: Moment) -> Self {
        Self { last_activity: now, last_tick: now }
    }

    /// Someone is there.
    pub fn note_activity(&mut self, now: Moment) {
        self.last_activity = now;
    }

    /// The work of a tick is done; the next one is waited for from here.
    pub fn begin_tick(&mut self, now: Moment) {
        self.last_tick = now;
    }

    /// Why to lock now, if at all.
    pub fn tick(&self, now: Moment, idle_limit: Duration) -> Option<LockCause> {
        if now.since(self.last_tick) >= TICK + ASLEEP {
            Some(LockCause::Sleep)
        } else if now.since(self.last_activity) >= idle_limit {
            Some(LockCause::Idle)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(600);

    fn later(from: Moment, steady_s: u64, wall_s: i64) -> Moment {
        let wall = Duration::from_secs(wall_s.unsigned_abs());
        Moment {
            steady: from.steady + Duration::from_secs(steady_s),
            wall: if wall_s < 0 { from.wall - wall } else { from.wall + wall },
        }
    }

    /// Ticks every five seconds for so long.
    fn wait(watch: &mut Watch, from: Moment, seconds: u64) -> (Moment, Option<LockCause>) {
        let mut now = from;
        for _ in 0..seconds / 5 {
            now = later(now, 5, 5);
            if let Some(cause) = watch.tick(now, LIMIT) {
                return (now, Some(cause));
            }
            watch.begin_tick(now);
        }
        (now, None)
    }

    #[test]
    fn locks_when_nobody_touched_anything_for_the_time_that_is_set() {
        let start = Moment::now();
        let mut watch = Watch::beginning(start);
        let (now, cause) = wait(&mut watch, start, 595);
        assert_eq!(cause, None);
        watch.note_activity(now);
        let (now, cause) = wait(&mut watch, now, 595);
        assert_eq!(cause, None);
        assert_eq!(wait(&mut watch, now, 5).1, Some(LockCause::Idle));
    }

    #[test]
    fn sleep_is_seen_by_whichever_clock_went_on() {
        let start = Moment::now();
        let watch = Watch::beginning(start);
        assert_eq!(watch.tick(later(start, 5, 300), LIMIT), Some(LockCause::Sleep));
        assert_eq!(watch.tick(later(start, 300, 300), LIMIT), Some(LockCause::Sleep));
        assert_eq!(watch.tick(later(start, 12, 12), LIMIT), None);
    }

    #[test]
    fn a_wall_clock_set_back_hides_no_idleness() {
        let start = Moment::now();
        let mut watch = Watch::beginning(start);
        let set_back = later(start, 5, -7200);
        assert_eq!(watch.tick(set_back, LIMIT), None);
        watch.begin_tick(set_back);
        assert_eq!(wait(&mut watch, set_back, 600).1, Some(LockCause::Idle));
    }
}
