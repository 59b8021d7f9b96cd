//! The programs of the product and of its tests, built and started by name. What follows a name on
//! the command line goes to the program as it is; paths stay relative to where the person stands.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    Day,
    child::{Call, root, target_folder},
    screens,
    steps::{Steps, say},
    system,
};

/// The profile a program is built with.
#[derive(Clone, Copy, PartialEq)]
enum Build {
    Dev,
    Release,
}

/// Plays the day on a made-up commune, from a machine that may lack everything but Rust.
pub fn play_day(day: &Day, json_only: bool) -> Result<()> {
    let mut steps = Steps::begin();
    steps.step("System packages", "Install what it names, then run this again.", || {
        system::install_missing()?;
        say("All there.");
        Ok(())
    })?;
    steps
        .step("Build (the first takes some minutes)", "The compiler's message above says where.", || build_day(day))?;
    let title = format!("A day in a commune of {} people", day.people);
    steps.step(&title, "The account above says what did not hold.", || start_day(day, json_only))?;
    steps.close("The day was played");
    Ok(())
}

/// The window's program.
pub const WINDOW: &str = "tungnha-desk";

/// Builds programs, to be started as [`Call::program`].
pub fn build_dev(programs: &[&str]) -> Result<()> {
    cargo("build", Build::Dev).args(programs.iter().flat_map(|program| ["--bin", program])).run()
}

/// Builds one package as it is given to people, with its own features alone.
pub fn build_release(package: &str) -> Result<()> {
    cargo("build", Build::Release).args(["--package", package]).run()
}

/// Where [`build_release`] leaves a program.
pub fn release_program(name: &str) -> PathBuf {
    target_folder().join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Builds the day and the programs that it starts.
pub fn build_day(day: &Day) -> Result<()> {
    cargo("build", day.build()).args(["--bin", "tungnha-server", "--bin", "tungnha-synth", "--bin", "demo"]).run()
}

/// Starts the day, which [`build_day`] has built.
pub fn start_day(day: &Day, json_only: bool) -> Result<()> {
    run("demo", day.build())
        .args(["--headless", "--people"])
        .arg(day.people.to_string())
        .args(day.seed.into_iter().flat_map(|seed| ["--seed".to_string(), seed.to_string()]))
        .args(json_only.then_some("--json"))
        .run()
}

impl Day {
    fn build(&self) -> Build {
        if self.release { Build::Release } else { Build::Dev }
    }
}

pub fn measure(args: &[String]) -> Result<()> {
    system::install_missing()?;
    if args.first().is_some_and(|part| part == "window") {
        return measure_window(&args[1..]);
    }
    build("bench", Build::Release)?;
    run("bench", Build::Release).args(args).run()
}

/// The window as it is given to people. What drives it from outside need not be fast.
fn measure_window(args: &[String]) -> Result<()> {
    system::install_for_window()?;
    system::install_for_window_tests()?;
    system::require_node()?;
    screens::build()?;
    screens::install_driver()?;
    build_release(WINDOW)?;
    build_dev(&["bench", "tungnha-server"])?;
    let bench = Call::program("bench").arg("window").arg("--window").arg(release_program(WINDOW));
    let bench = bench.arg("--ui").arg(root().join("ui/dist")).arg("--data").arg(target_folder().join("bench-window"));
    bench.args(args).run()
}

pub fn serve_commands(data: &Path, port: u16, ui: Option<&Path>) -> Result<()> {
    system::install_missing()?;
    build("host", Build::Dev)?;
    let host = run("host", Build::Dev).arg("--data").arg(data).arg("--port").arg(port.to_string());
    host.args(ui.into_iter().flat_map(|folder| ["--ui".as_ref(), folder.as_os_str()])).run()
}

pub fn write_commune(args: &[String]) -> Result<()> {
    system::install_missing()?;
    build("tungnha-synth", Build::Dev)?;
    run("tungnha-synth", Build::Dev).args(args).run()
}

pub fn generate(check: bool) -> Result<()> {
    system::install_missing()?;
    build("codegen", Build::Dev)?;
    run("codegen", Build::Dev).args(check.then_some("--check")).run()
}

/// `cargo run` of one program. No package is named: so features are those of the whole workspace,
/// the same in every command, and nothing is compiled twice. Cargo is quiet: see [`build`].
fn run(program: &str, build: Build) -> Call {
    cargo("run", build).args(["--quiet", "--bin", program, "--"])
}

/// Builds one program in the open, on standard error: what is compiled, and that another cargo is waited for.
fn build(program: &str, build: Build) -> Result<()> {
    cargo("build", build).args(["--bin", program]).run()
}

fn cargo(verb: &str, build: Build) -> Call {
    let call = Call::cargo().arg(verb).arg("--manifest-path").arg(root().join("Cargo.toml"));
    call.args((build == Build::Release).then_some("--release"))
}
