//! The second command of the README: every check, quick ones first, each under its heading. Stops
//! at the first that does not pass. The test runner comes last, so that its summary closes the run.

use std::{fs, io::Write, path::Path};

use anyhow::{Result, bail};

use crate::{
    Day,
    child::{Call, root, target_folder},
    rooms, screens,
    steps::{Steps, say},
    system,
};

pub fn run_all() -> Result<()> {
    let mut steps = Steps::begin();
    steps.step("System packages and tools", "Install what it names, then run this again.", || {
        system::install_missing()?;
        system::install_for_window()?;
        system::install_for_window_tests()?;
        system::install_rust_components()?;
        system::require_node()
    })?;
    steps.step("Form", "Run: cargo fmt --all", || cargo("fmt --all --check").run())?;
    steps.step("Screens", "The compiler's message above says where in ui/.", || {
        say("npm ci installs the UI's packages into ui/node_modules, as ui/package-lock.json names them.");
        screens::install_packages()?;
        Call::npm().args(["run", "check"]).in_folder("ui").run()?;
        Call::npm().args(["test"]).in_folder("ui").run()?;
        screens::build()
    })?;
    steps.step("Lints", "Mend what clippy names above.", || {
        cargo("clippy --workspace --all-targets -- -D warnings").run()
    })?;
    steps.step("Generated files are current", "Run: cargo xtask codegen", || rooms::generate(true))?;
    steps.step("A short day", "The account above says what did not hold.", || {
        let day = Day { people: 400, seed: None, release: false };
        rooms::build_day(&day)?;
        rooms::start_day(&day, true)
    })?;
    let advice = "A test's name says what should hold; ui/tests has it, target/browser-tests what was seen.";
    steps.step("The screens in a browser", advice, || {
        rooms::build_dev(&["commune", "host", "tungnha-server"])?;
        let tests = Call::npm().args(["run", "test:browser"]).in_folder("ui");
        tests.env("TUNGNHA_BIN", target_folder().join("debug")).run()
    })?;
    if cfg!(target_os = "linux") {
        steps.step(
            "The window",
            "target/screenshots shows what was seen; the message above says what was missing.",
            || {
                screens::install_driver()?;
                rooms::build_dev(&[rooms::WINDOW, "tungnha-server"])?;
                test_window()
            },
        )?;
    }
    let advice = "A test's name says what should hold; its message is above.";
    if has_doc_tests(&root().join("crates"))? {
        steps.step("Tests in the documentation", advice, || cargo("test --workspace --doc").run())?;
    }
    steps.step("Tests", advice, run_tests)?;
    steps.close("Every check passed");
    Ok(())
}

/// Cargo at the top of the repository, with its words as a person types them.
fn cargo(words: &str) -> Call {
    Call::cargo().args(words.split(' ')).in_folder("")
}

/// The tests of the real window. What this machine cannot show is left out by name, never counted as passed.
fn test_window() -> Result<()> {
    let mounts = Call::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output().is_some();
    let left_out = (!mounts).then_some(["--skip", "full_disk"]).into_iter().flatten();
    let outcome = cargo("test --test window -- --ignored --test-threads=1").args(left_out).run();
    if !mounts {
        say("\nNOT RUN, a full disk in the window: this machine lets nobody mount a small one (unshare -Urm)");
    }
    outcome
}

fn run_tests() -> Result<()> {
    if cargo("nextest --version").output().is_some() {
        return cargo("nextest run --workspace --no-fail-fast").run();
    }
    say("cargo-nextest is not here; cargo test runs the same tests, slower.");
    run_cargo_test()
}

/// `cargo test` sums up each binary for itself; the closing line here is the sum of all.
fn run_cargo_test() -> Result<()> {
    let mut sum = Counts::default();
    let test = cargo("test --workspace --lib --bins --tests --no-fail-fast");
    let outcome = test.run_reading(|line| {
        sum.add(line);
        let _ = writeln!(std::io::stdout(), "{line}");
    });
    say(&format!("{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.ignored));
    outcome?;
    if sum.passed == 0 {
        bail!("no test was run");
    }
    Ok(())
}

#[derive(Default, Debug, PartialEq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Takes `test result: ok. 3 passed; 0 failed; 1 ignored; …` and passes over every other line.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            match count.split_once(' ') {
                Some((n, "passed")) => self.passed += n.parse().unwrap_or(0),
                Some((n, "failed")) => self.failed += n.parse().unwrap_or(0),
                Some((n, "ignored")) => self.ignored += n.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// Whether any `///` or `//!` comment below this folder opens a code block.
fn has_doc_tests(folder: &Path) -> Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            has_doc_tests(&path)?
        } else {
            path.extension().is_some_and(|ext| ext == "rs") && opens_code_block(&fs::read_to_string(&path)?)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A fence marked as something other than Rust (`text`, `json`, …) is no test; a closing one follows it.
fn opens_code_block(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines().map(str::trim_start) {
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            inside = false;
            continue;
        };
        let Some(mark) = comment.trim().strip_prefix("```") else {
            continue;
        };
        let is_test = matches!(mark, "" | "rust" | "no_run" | "should_panic" | "compile_fail");
        if !inside && is_test {
            return true;
        }
        inside = !inside;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_cargo_test_are_added_up() {
        let mut sum = Counts::default();
        sum.add("running 5 tests");
        sum.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        sum.add("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.02s");
        assert_eq!(sum, Counts { passed: 7, failed: 2, ignored: 1 });
    }

    #[test]
    fn only_rust_blocks_in_comments_are_tests() {
        assert!(opens_code_block("/// Says:\n/// ```\n/// assert!(true);\n/// ```\n"));
        assert!(opens_code_block("    //! ```no_run\n"));
        assert!(!opens_code_block("/// ```text\n/// a table\n/// ```\nfn f() {}\n"));
        assert!(!opens_code_block("let s = \"```\";\n"));
    }
}
