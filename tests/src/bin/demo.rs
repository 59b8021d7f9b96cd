//! Plays a day's work on a made-up commune and says what happened; the last line is one JSON object. Ends with failure
//! where the day did not hold.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use tungnha_tests::account::Account;
use tungnha_tests::day::{self, Closing, DayOptions};
use tungnha_tests::laptop::Slots;

/// A day's work, on real parts.
#[derive(Parser)]
struct Arguments {
    /// In this terminal; there is no window yet
    #[arg(long)]
    headless: bool,
    /// People in the commune
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(200..=150_000))]
    people: u32,
    /// The same seed plays the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print only the closing JSON line
    #[arg(long)]
    json: bool,
    /// Keep everything in this folder, which must not be there yet; else nothing is left behind
    #[arg(long)]
    data: Option<PathBuf>,
}

fn main() -> ExitCode {
    match play(&Arguments::parse()) {
        Ok(closing) if closing.failures().is_empty() => ExitCode::SUCCESS,
        Ok(closing) => {
            for failure in closing.failures() {
                complain(&format!("the day did not hold: {failure}"));
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            complain(&format!("the day broke off: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn play(arguments: &Arguments) -> Result<Closing> {
    anyhow::ensure!(arguments.headless, "there is no window yet: give --headless");
    let temporary;
    let folder = match &arguments.data {
        Some(folder) => {
            std::fs::create_dir(folder).with_context(|| format!("making {}", folder.display()))?;
            folder.clone()
        }
        None => {
            temporary = tempfile::Builder::new().prefix("tungnha-day-").tempdir()?;
            temporary.path().to_owned()
        }
    };
    let account = if arguments.json { Account::silent() } else { Account::new(std::io::stdout()) };
    let options =
        DayOptions { people: usize::try_from(arguments.people)?, seed: arguments.seed, folder, slots: Slots::Standard };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let closing = runtime.block_on(day::play(&options, &account))?;
    let mut out = std::io::stdout().lock();
    if !arguments.json {
        writeln!(out)?;
    }
    writeln!(out, "{}", serde_json::to_string(&closing)?)?;
    Ok(closing)
}

fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
