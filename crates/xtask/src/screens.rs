//! The screens in `ui/`: their packages and their build. Both are skipped where nothing changed.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Result;

use crate::{
    child::{Call, root},
    steps::say,
};

/// What npm writes when it has installed all of the lock file.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Installs what `package-lock.json` names, where that was not done yet.
pub fn install_packages() -> Result<()> {
    let ui = root().join("ui");
    if changed(&ui.join(INSTALLED)) > changed(&ui.join("package-lock.json")) {
        return Ok(());
    }
    Call::npm().args(["ci", "--no-audit", "--no-fund"]).in_folder("ui").run()
}

/// WebDriver's way into the window; ours lies below target/, the person's own tools are left alone.
pub fn install_driver() -> Result<()> {
    let tools = root().join("target/tools");
    if tools.join("bin/tauri-driver").is_file() {
        return Ok(());
    }
    say("tauri-driver is not here; building it into target/tools (some minutes, once).");
    let install = Call::cargo().args(["install", "tauri-driver", "--version", "2.1.0", "--locked", "--root"]);
    install.arg(tools).run()
}

/// Builds `ui/dist`, where a source is newer than it.
pub fn build() -> Result<()> {
    install_packages()?;
    let ui = root().join("ui");
    let newest = newest_source(&ui)?;
    if changed(&ui.join("dist/index.html")) > newest && is_real(&ui) {
        say("ui/dist is newer than every source.");
        return Ok(());
    }
    Call::npm().args(["run", "build"]).in_folder("ui").run()
}

/// A debug build of the window puts a page without scripts there where nothing was built.
fn is_real(ui: &Path) -> bool {
    fs::read_to_string(ui.join("dist/index.html")).is_ok_and(|page| page.contains("<script"))
}

fn newest_source(ui: &Path) -> Result<Option<SystemTime>> {
    let mut newest = changed(&root().join("assets"));
    let mut folders: Vec<PathBuf> = vec![ui.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                let is_made = name == "node_modules" || name == "dist" || name == "test-results";
                folders.extend((!is_made).then_some(path));
            } else {
                newest = newest.max(changed(&path));
            }
        }
    }
    Ok(newest)
}

/// When it last changed; `None`, which is before everything, where it is not there.
fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}
