//! Measures the product on real parts: encrypted files, signed batches, a server, the window, one machine.
//!
//! A figure that must not be slower than bare work is measured beside that bare work in the same run, the two taking
//! turns. Missed goals are said in the table, not in the exit code: that is for a run that could not measure.

mod central;
mod clock;
mod finding;
mod ingest;
mod intake;
mod laptop;
mod plain;
mod saving;
mod visits;
mod window;
mod wire;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use central::Central;
use clap::{Args, Parser, Subcommand, ValueEnum};
use tungnha_tests::report::Report;

#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The core: intake, saving, search, ingest, bytes on the wire
    Core(Core),
    /// The window: start, unlocking, search, households, scrolling, memory, size
    Window(window::Measure),
    /// Takes an edition in, in a process where nothing else counts
    #[command(hide = true)]
    TakeEdition(intake::TakeEdition),
}

#[derive(Args)]
struct Core {
    /// Also write the rows to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// People in the commune; the goals are for 150,000
    #[arg(long, default_value_t = 150_000)]
    people: usize,
    /// Where the files go while it runs: a disk, not memory
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Taking an edition in
    Intake,
    /// Search, opening a household
    Find,
    /// Visits, assignments
    Save,
    /// Bytes of a day's batch
    Day,
    /// The server taking batches in
    Server,
    /// Bytes of the next edition
    Edition,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Core(core) => measure_core(&core),
        Command::Window(options) => window::measure(&options),
        Command::TakeEdition(child) => intake::take_edition(&child),
    }
}

fn measure_core(core: &Core) -> Result<()> {
    let folder = match &core.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .context("no folder for the files")?;
    let mut report = Report::default();

    let wanted = |part| core.only.is_empty() || core.only.contains(&part);

    say(&format!("A commune of {} people, imported at the server", core.people))?;
    let central = Central::found(folder.path(), core.people)?;
    report.tell("register import at the server", central.import_s, "s");
    let laptop = if wanted(Part::Intake) {
        say("Taking the edition in, and the same rows bare")?;
        intake::measure(&central, &mut report)?
    } else {
        intake::fill_laptop(&central)?
    };
    if wanted(Part::Find) {
        say("Finding people and opening houses")?;
        finding::measure(&central, &laptop, &mut report)?;
    }
    if wanted(Part::Save) {
        say("Saving visits and assignments, and the same bytes bare")?;
        saving::measure(&central, &laptop, &mut report)?;
    }
    if wanted(Part::Day) {
        say("Bytes of a day's batch")?;
        wire::measure_days(&central, &laptop, &mut report)?;
    }
    if wanted(Part::Server) {
        say("The server takes batches in")?;
        ingest::measure(&central, &mut report)?;
    }
    if wanted(Part::Edition) {
        say("The next edition")?;
        wire::measure_next_edition(&central, &mut report)?;
    }

    if let Some(path) = &core.json {
        std::fs::write(path, serde_json::to_vec_pretty(&report)?).context("the rows could not be written")?;
    }
    tell(&report)
}

/// The table, for people.
fn tell(report: &Report) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", report.table())?)
}

/// What is measured now, for whoever waits.
fn say(what: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "· {what}")?)
}
