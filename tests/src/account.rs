//! What a long piece of work says while it runs: phases with their times, plain lines, progress with the time that is
//! left. It owns the words' form; what they say is the caller's.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Progress is told this often.
const EVERY: Duration = Duration::from_secs(3);

/// A running account. Cloning it gives another hand on the same one.
#[derive(Clone)]
pub struct Account(Arc<Mutex<Inner>>);

struct Inner {
    out: Box<dyn Write + Send>,
    began: Instant,
    phases: Vec<(&'static str, f64)>,
    running: Option<(&'static str, Instant)>,
}

impl Account {
    /// Says it to `out`.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            out: Box::new(out),
            began: Instant::now(),
            phases: Vec::new(),
            running: None,
        })))
    }

    /// Says nothing; phases are still measured.
    pub fn silent() -> Self {
        Self::new(std::io::sink())
    }

    /// Ends the phase that runs and begins the next.
    pub fn phase(&self, name: &'static str, title: &str) {
        let mut inner = self.lock();
        inner.end_phase();
        let (number, since) = (inner.phases.len() + 1, clock(inner.began.elapsed()));
        inner.write(&format!("\n{number}. {title} [{since}]"));
        inner.running = Some((name, Instant::now()));
    }

    /// One line.
    pub fn say(&self, line: &str) {
        self.lock().write(&format!("   {line}"));
    }

    /// Work of which `total` pieces are to be done.
    pub fn progress(&self, what: &'static str, total: u64) -> Progress {
        Progress(Arc::new(Steps {
            account: self.clone(),
            what,
            total,
            done: AtomicU64::new(0),
            began: Instant::now(),
            told: Mutex::new(Instant::now()),
        }))
    }

    /// Ends the last phase. Seconds of each, in order.
    pub fn close(&self) -> Vec<(&'static str, f64)> {
        let mut inner = self.lock();
        inner.end_phase();
        inner.phases.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn end_phase(&mut self) {
        if let Some((name, began)) = self.running.take() {
            let seconds = began.elapsed().as_secs_f64();
            self.phases.push((name, (seconds * 100.0).round() / 100.0));
            self.write(&format!("   took {seconds:.1} s"));
        }
    }

    /// A closed terminal is no reason to stop.
    fn write(&mut self, line: &str) {
        let _ = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }
}

/// Counts pieces of work that are done; several hands may count.
#[derive(Clone)]
pub struct Progress(Arc<Steps>);

struct Steps {
    account: Account,
    what: &'static str,
    total: u64,
    done: AtomicU64,
    began: Instant,
    told: Mutex<Instant>,
}

impl Progress {
    /// One more is done.
    pub fn step(&self) {
        let steps = &self.0;
        let done = steps.done.fetch_add(1, Ordering::Relaxed) + 1;
        let mut told = steps.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= EVERY && done < steps.total {
            *told = Instant::now();
            let left = steps.began.elapsed().mul_f64((steps.total - done) as f64 / done as f64);
            let (done, total) = (thousands(done), thousands(steps.total));
            steps.account.say(&format!("… {done} of {total} {}, about {} left", steps.what, clock(left)));
        }
    }
}

/// `1 row`, `2,000 rows`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `30000` → `30,000`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn phases_are_numbered_and_measured() {
        let page = Page::default();
        let account = Account::new(page.clone());
        account.phase("first", "The first");
        account.say("a line");
        account.phase("second", "The second");
        let phases = account.close();

        assert_eq!(phases.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["first", "second"]);
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("\n1. The first [0:00]\n   a line\n   took 0.0 s\n\n2. The second"), "{text}");
    }

    #[test]
    fn one_is_told_as_one() {
        assert_eq!(counted(1, "row is", "rows are"), "1 row is");
        assert_eq!(counted(2_000, "row is", "rows are"), "2,000 rows are");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 30_000, 1_234_567].map(thousands), ["0", "999", "1,000", "30,000", "1,234,567"]);
    }
}
