//! Taking in an edition, against a bare insert of the rows that it becomes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use store::Store;
use tungnha_tests::report::{Report, median, peak_memory_mb};

use crate::central::Central;
use crate::clock::{Cost, MORNING_MS, costed};
use crate::laptop::{self, Download, master_key};
use crate::plain::Rows;

const ROUNDS: usize = 3;
/// What the store gives SQLite while it takes an edition in: the bare insert gets the same.
const CACHE_KIB: u32 = 96 * 1024;

/// The child process: one laptop, one edition.
#[derive(Args)]
pub struct TakeEdition {
    #[arg(long)]
    laptop: PathBuf,
    #[arg(long)]
    download: PathBuf,
}

/// What the child says when it is done.
#[derive(Serialize, Deserialize)]
struct Taken {
    people: u32,
    /// Keeping manifest and pieces in the file, as they come from the line.
    keep_s: f64,
    /// From kept pieces to tables and search.
    finish_s: f64,
    /// Of both, on a processor.
    processor_s: f64,
    /// The most memory the process held before it began, and at the end.
    before_mb: f64,
    peak_mb: f64,
}

/// Opens a laptop, takes the edition in and says on stdout what it took.
pub fn take_edition(child: &TakeEdition) -> Result<()> {
    let store = Store::open(&child.laptop, &master_key())?;
    let before_mb = peak_memory_mb().unwrap_or(f64::NAN);
    let download = Download::at(child.download.clone());
    let (kept, keep) = costed(|| download.hand_over(&store));
    kept?;
    let (view, finish) = costed(|| store.finish_edition(MORNING_MS, &mut |_, _| true));
    let view = view?;
    let peak_mb = peak_memory_mb().unwrap_or(f64::NAN);
    store.close()?;
    let taken = Taken {
        people: view.people,
        keep_s: keep.wall_s,
        finish_s: finish.wall_s,
        processor_s: keep.processor_s + finish.processor_s,
        before_mb,
        peak_mb,
    };
    serde_json::to_writer(std::io::stdout(), &taken)?;
    Ok(())
}

/// Measures, and gives the folder of a laptop that holds the edition.
pub fn measure(central: &Central, report: &mut Report) -> Result<PathBuf> {
    let folder = &central.folder;
    let (enrolled, download) = prepare(central)?;
    let mut rows: Option<Rows> = None;
    let (mut keep, mut finish, mut whole, mut bare, mut peak) = (vec![], vec![], vec![], vec![], 0.0_f64);
    let (mut whole_processor, mut bare_processor) = (vec![], vec![]);
    let mut last = enrolled.clone();
    let (mut people, mut before) = (0, 0.0);
    for round in 0..ROUNDS {
        let laptop = laptop::copy(&enrolled, folder.join(format!("laptop-{round}")))?;
        let taken = in_child(&laptop, download.folder())?;
        keep.push(taken.keep_s);
        finish.push(taken.finish_s);
        whole.push(taken.keep_s + taken.finish_s);
        whole_processor.push(taken.processor_s);
        peak = peak.max(taken.peak_mb);
        (people, before) = (taken.people, taken.before_mb);
        let rows = match &mut rows {
            Some(rows) => rows,
            none => none.insert(Rows::read(&laptop)?),
        };
        let cost = insert_bare(rows, folder)?;
        bare.push(cost.wall_s);
        bare_processor.push(cost.processor_s);
        last = laptop;
    }
    let rows = rows.context("no round was run")?.count;
    report.tell("edition: people taken in", f64::from(people), "people");
    report.tell("edition: rows written", rows as f64, "rows");
    report.ratio_at_most("edition: intake, pieces to tables and search", median(&whole), "s", median(&bare), 2.5);
    report.ratio("  of it on a processor", median(&whole_processor), "s", median(&bare_processor));
    report.tell("  of it keeping the pieces", median(&keep), "s");
    report.tell("  of it tables and search", median(&finish), "s");
    report.at_most("edition: peak memory of the process", peak, "MB", 300.0);
    report.tell("  of it before the intake", before, "MB");
    Ok(last)
}

/// A laptop that holds the edition, without measuring.
pub fn fill_laptop(central: &Central) -> Result<PathBuf> {
    let (laptop, download) = prepare(central)?;
    in_child(&laptop, download.folder())?;
    Ok(laptop)
}

/// A laptop that is enrolled, and the edition that it is to download.
fn prepare(central: &Central) -> Result<(PathBuf, Download)> {
    let laptop = central.folder.join("laptop-enrolled");
    laptop::enrol(central, &laptop)?;
    let download = Download::of(central, &central.manifest(0)?, central.folder.join("download"))?;
    Ok((laptop, download))
}

fn in_child(laptop: &Path, download: &Path) -> Result<Taken> {
    let output = Command::new(std::env::current_exe()?)
        .arg("take-edition")
        .arg("--laptop")
        .arg(laptop)
        .arg("--download")
        .arg(download)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the process that takes an edition in failed");
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn insert_bare(rows: &Rows, folder: &Path) -> Result<Cost> {
    let folder = tempfile::tempdir_in(folder)?;
    let mut connection = rows.prepare(folder.path(), CACHE_KIB)?;
    let (inserted, cost) = costed(|| rows.insert(&mut connection));
    inserted?;
    Ok(cost)
}
