//! The development commands. Owns what is run and in which order; refuses to know any room of the
//! product, which it only builds and starts, so that it compiles in seconds on a bare machine.

mod checks;
mod child;
mod dist;
mod release;
mod rooms;
mod screens;
mod steps;
mod system;
mod trial;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};

/// Development commands of Từng Nhà.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and open the window on a made-up commune
    Run(trial::Trial),
    /// Every check: form, lints, UI types, generated files, a short day, all tests
    Test,
    /// Play a day's work on a made-up commune, in this terminal
    Demo {
        /// Without a window; there is no other way to play it
        #[arg(long)]
        headless: bool,
        /// Print only the closing JSON line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        day: Day,
    },
    /// What is slow and belongs before a release: licences, bans, sources, advisories, Windows
    ReleaseCheck,
    /// Build the installers: Debian packages of the window and of the server, in target/dist
    Dist,
    /// Measure, in a release build: `bench core [--json FILE]`, `bench window [--json FILE]`
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        args: Vec<String>,
    },
    /// Serve the command list on loopback, for scripts and browser tests
    Host {
        /// Folder of the laptop's files
        #[arg(long)]
        data: PathBuf,
        /// Loopback port; 0 takes a free one
        #[arg(long)]
        port: u16,
        /// Folder of the built screens, served beside it
        #[arg(long)]
        ui: Option<PathBuf>,
    },
    /// Write a made-up commune; what follows goes to `tungnha-synth`
    #[command(disable_help_flag = true)]
    Synth {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Write the generated files: TypeScript types and docs/commands.json
    Codegen {
        /// Write nothing; fail where a file is not current
        #[arg(long)]
        check: bool,
    },
}

#[derive(Args)]
struct Day {
    /// People in the commune
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(200..=150_000))]
    people: u32,
    /// The same seed plays the same day; without it, the day's own default
    #[arg(long)]
    seed: Option<u64>,
    /// Optimised build: slower to build, faster to play; for large communes
    #[arg(long)]
    release: bool,
}

fn main() -> ExitCode {
    child::end_children_on_signal();
    match carry_out(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps::say(&format!("\nerror: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> Result<()> {
    match command {
        Command::Run(trial) => trial::run(&trial),
        Command::Demo { headless: false, .. } => {
            bail!("the day is played in the terminal: cargo xtask demo --headless. To try the window: cargo xtask run")
        }
        Command::Demo { json, day, .. } => rooms::play_day(&day, json),
        Command::Test => checks::run_all(),
        Command::ReleaseCheck => release::run_all(),
        Command::Dist => dist::run_all(),
        Command::Bench { args } => rooms::measure(&args),
        Command::Host { data, port, ui } => rooms::serve_commands(&data, port, ui.as_deref()),
        Command::Synth { args } => rooms::write_commune(&args),
        Command::Codegen { check } => rooms::generate(check),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_day_has_people() {
        assert!(Cli::try_parse_from(["xtask", "demo", "--headless", "--people", "0"]).is_err());
    }

    #[test]
    fn flags_after_bench_and_synth_are_passed_on() {
        let cli = Cli::parse_from(["xtask", "bench", "core", "--json", "a.json"]);
        let Command::Bench { args } = cli.command else { panic!("bench") };
        assert_eq!(args, ["core", "--json", "a.json"]);

        let cli = Cli::parse_from(["xtask", "synth", "--seed", "7", "--help"]);
        let Command::Synth { args } = cli.command else { panic!("synth") };
        assert_eq!(args, ["--seed", "7", "--help"]);
    }
}
