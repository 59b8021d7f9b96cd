//! One day in a made-up commune, played on real parts: the server program over HTTPS, encrypted files, signed batches,
//! a line that breaks. It owns the order of the day and what is said of it; it checks nothing with the product's own
//! eyes that can be checked in the files.

mod comparison;
pub mod desk;
mod doors;
mod edition;
mod erasure;
mod exchange;
pub mod field;
pub mod findings;
mod prepare;
mod review;
pub mod station;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::id::OfficerId;
use serde::Serialize;
use serde_json::Value;
use synth::Commune;

use crate::account::Account;
use crate::laptop::{Laptop, Slots};
use crate::replica::Needle;
use crate::tally::Tally;
use desk::Decisions;
use field::{Done, Forgotten};
use findings::{Findings, Listed};
use station::Station;

/// Which day to play.
#[derive(Clone, Debug)]
pub struct DayOptions {
    /// People who truly live in the commune.
    pub people: usize,
    /// The same seed makes the same commune and breaks the line in the same way.
    pub seed: u64,
    /// Where everything lies; it is left there.
    pub folder: PathBuf,
    pub slots: Slots,
}

/// What the day closes with: one line of JSON.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Closing {
    pub people: usize,
    pub households: usize,
    pub visits: u64,
    pub corrections: u64,
    pub photos: u64,
    /// What the supervisor decided, by word.
    pub decided: Decisions,
    /// Things that a command said were saved.
    pub acknowledged: usize,
    /// Batches that laptops sealed.
    pub batches: u64,
    /// Of these, answered with a signed receipt that the laptop verified.
    pub receipts: u64,
    /// Changes of laptops that the server refused.
    pub refused: u64,
    /// Acknowledged and not in the files of the server, or of a laptop.
    pub lost: usize,
    /// There more than once.
    pub duplicated: u64,
    /// All laptops and the server hold the same state at the same edition and log index.
    pub converged: bool,
    pub edition: u64,
    pub log_index: u64,
    /// Corrections that the second edition confirmed.
    pub confirmed: u64,
    /// Places where anything of the erased person was found.
    pub erased_found: usize,
    pub cut_connections: u64,
    pub seconds: BTreeMap<&'static str, f64>,
}

impl Closing {
    /// Why the day did not hold; empty where it did.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut require = |holds: bool, what: String| {
            if !holds {
                failures.push(what);
            }
        };
        require(self.lost == 0, format!("{} acknowledged facts are lost", self.lost));
        require(self.duplicated == 0, format!("{} facts are there twice", self.duplicated));
        require(self.refused == 0, format!("{} changes were refused", self.refused));
        require(self.receipts == self.batches, format!("{} of {} batches have receipts", self.receipts, self.batches));
        require(self.converged, "the replicas do not hold the same state".into());
        require(self.erased_found == 0, format!("the erased person is found in {} places", self.erased_found));
        require(self.visits > 0 && self.corrections > 0, "nothing was done".into());
        failures
    }
}

/// One of the three at work.
struct Worker {
    name: &'static str,
    officer: OfficerId,
    laptop: Laptop,
}

/// Plays the day and says what happened.
///
/// # Errors
/// Anything that a part answers where it should not. A day that runs to its end and does not hold is no error: see
/// [`Closing::failures`].
pub async fn play(options: &DayOptions, account: &Account) -> Result<Closing> {
    let mut day = Day::prepare(options, account).await?;
    day.enrol().await?;
    day.work_offline().await?;
    day.exchange().await?;
    day.review().await?;
    day.answer().await?;
    day.next_edition().await?;
    day.forget().await?;
    day.close().await
}

struct Day<'a> {
    options: &'a DayOptions,
    account: &'a Account,
    commune: Commune,
    findings: Findings,
    forgettable: Listed,
    station: Station,
    address: SocketAddr,
    officers: Vec<(&'static str, OfficerId)>,
    workers: Vec<Worker>,
    tally: Tally,
    done: Done,
    forgotten: Option<Forgotten>,
    needles: Vec<Needle>,
    closing: Closing,
}

pub(crate) fn text(answer: &Value, key: &str) -> Result<String> {
    Ok(answer[key].as_str().with_context(|| format!("the answer has no {key}: {answer}"))?.to_owned())
}

pub(crate) fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is text")
}
