//! What the person sees while steps run: a heading, the time, and at a failure what to do.
//! Everything goes to standard error, so that a command's standard output stays its own.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// Writes a line to standard error; a closed terminal is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Counts steps and time from the first to the last.
pub struct Steps {
    began: Instant,
    count: u32,
}

impl Steps {
    pub fn begin() -> Self {
        Steps { began: Instant::now(), count: 0 }
    }

    /// Runs one step under its heading.
    ///
    /// # Errors
    /// The step's own error, with `advice` (what the person can do) after it.
    pub fn step(&mut self, title: &str, advice: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.count += 1;
        let (count, since) = (self.count, clock(self.began.elapsed()));
        say(&format!("\n== {count}. {title} [{since}]"));
        work().with_context(|| format!("step {count}, {title}, did not pass. {advice}\n  cause"))
    }

    /// The closing line: what was done and how long it took.
    pub fn close(&self, done: &str) {
        say(&format!("\n{done} in {} ({} steps).", clock(self.began.elapsed()), self.count));
    }
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn failed_step_names_itself_its_advice_and_its_cause() {
        let mut steps = Steps::begin();
        let error = steps.step("Form", "Run cargo fmt.", || bail!("`cargo fmt` failed")).expect_err("fails");
        assert_eq!(format!("{error:#}"), "step 1, Form, did not pass. Run cargo fmt.\n  cause: `cargo fmt` failed");
    }

    #[test]
    fn time_is_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(3_725_900)), "62:05");
    }
}
