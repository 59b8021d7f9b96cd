//! What is slow and belongs before a release. A part that cannot run on this machine says so by
//! name; it is never counted as passed.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    child::{Call, root},
    dist, screens,
    steps::{Steps, say},
    system,
};

/// The rooms that are given to people, by package. `xtask` and `tests` stay here.
const PRODUCT: [&str; 8] = ["domain", "sync", "vault", "store", "app", "server", "synth", "desk"];

/// Installs the packages and starts each once, on a copy of the machine.
const TRY_PACKAGES: &str = "crates/xtask/src/try_packages.sh";

/// The target that can be checked from elsewhere, and the C compiler its SQLCipher and OpenSSL need.
const WINDOWS_TARGET: &str = "x86_64-pc-windows-gnu";
const WINDOWS_COMPILER: &str = "x86_64-w64-mingw32-gcc";

pub fn run_all() -> Result<()> {
    let mut steps = Steps::begin();
    let mut not_run = Vec::new();
    steps.step("System packages", "Install what it names, then run this again.", system::install_missing)?;
    steps.step("Licences, bans, sources", "Remove the dependency, or give the reason in deny.toml.", || {
        install_cargo_deny()?;
        deny().args(["check", "licenses", "bans", "sources"]).run()
    })?;
    if advisory_database().is_dir() {
        steps.step("Advisories", "Update or replace the crate that is named.", || {
            deny().args(["check", "--disable-fetch", "advisories"]).run()
        })?;
    } else {
        not_run.push(format!("advisories: no database at {}", advisory_database().display()));
    }
    match why_not_windows() {
        None => steps.step("Windows", "What is Unix-only belongs under cfg(unix).", || {
            // The window holds them.
            screens::build()?;
            let packages = PRODUCT.iter().flat_map(|room| ["--package".to_string(), format!("tungnha-{room}")]);
            Call::cargo().args(["check", "--target", WINDOWS_TARGET]).args(packages).in_folder("").run()
        })?,
        Some(reason) => not_run.push(format!("Windows: {reason}")),
    }
    match why_not_packages() {
        None => {
            dist::build(&mut steps)?;
            let advice = "The line above says which of its steps did not hold.";
            steps.step("The packages, installed and started once", advice, || try_packages(&dist::folder()))?;
        }
        Some(reason) => not_run.push(format!("packages: {reason}")),
    }
    not_run.iter().for_each(|part| say(&format!("\nNOT RUN, {part}")));
    steps.close("What could run here passed");
    Ok(())
}

/// In namespaces of its own: nothing of it is left, and nothing of this machine is changed.
fn try_packages(folder: &Path) -> Result<()> {
    let apart = ["--mount", "--net", "--pid", "--fork", "--kill-child"];
    Call::new("unshare").args(apart).arg("sh").arg(root().join(TRY_PACKAGES)).arg(folder).run()
}

/// What this machine lacks for installing packages on a copy of itself, if anything.
fn why_not_packages() -> Option<String> {
    let is_root = Call::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0");
    if Call::new("dpkg").arg("--version").output().is_none() {
        return Some("dpkg is not here".into());
    }
    if !is_root {
        return Some(
            "only root may lay a copy of the machine over itself; run it as root, in a container for example".into(),
        );
    }
    let layer = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work /mnt/root && \
         mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root && ip link set lo up";
    let works = Call::new("unshare").args(["--mount", "--net", "sh", "-c", layer]).output().is_some();
    (!works).then(|| "this machine lets nobody lay a copy over itself (unshare, overlay, ip)".into())
}

/// cargo-deny as the person installed it, else our own below target/.
fn install_cargo_deny() -> Result<()> {
    if deny().arg("--version").output().is_some() {
        return Ok(());
    }
    say("cargo-deny is not here; building it into target/tools (some minutes, once).");
    Call::cargo().args(["install", "cargo-deny", "--locked", "--root"]).arg(root().join("target/tools")).run()
}

fn deny() -> Call {
    let ours = root().join("target/tools/bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    let call = if ours.is_file() { Call::new(&ours.to_string_lossy()) } else { Call::cargo().arg("deny") };
    call.in_folder("")
}

/// Where cargo-deny keeps the databases it fetched or was given.
fn advisory_database() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    home.unwrap_or_default().join("advisory-dbs")
}

/// What this machine lacks for a check of the Windows build, if anything.
fn why_not_windows() -> Option<String> {
    let installed = Call::new("rustup").args(["target", "list", "--installed"]).output().unwrap_or_default();
    if !installed.lines().any(|line| line == WINDOWS_TARGET) {
        return Some(format!("its target is not installed (rustup target add {WINDOWS_TARGET})"));
    }
    let has_compiler = Call::new(WINDOWS_COMPILER).arg("--version").output().is_some();
    (!has_compiler).then(|| format!("its C compiler is not installed ({WINDOWS_COMPILER})"))
}
