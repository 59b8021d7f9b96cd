//! The window's processes as the system tells of them: who runs on a profile, what it started, what they hold in memory,
//! and standing still as in a machine that sleeps.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The name of the window's program, as the system shows it.
const WINDOW: &str = "tungnha-desk";

/// The windows that run on this profile, by their process ids.
///
/// # Errors
/// The system does not tell (only Linux does).
pub fn windows_on(profile: &Path) -> Result<Vec<u32>> {
    let profile = profile.as_os_str().as_encoded_bytes();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("processes are looked for in /proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // Whoever ends meanwhile has no command line.
        let Ok(line) = std::fs::read(format!("/proc/{id}/cmdline")) else { continue };
        let mut words = line.split(|byte| *byte == 0);
        if words.next().is_some_and(|program| program.ends_with(WINDOW.as_bytes())) && words.any(|word| word == profile)
        {
            found.push(id);
        }
    }
    Ok(found)
}

/// A process and all that it started, directly or not.
///
/// # Errors
/// The system does not tell.
pub fn with_children(id: u32) -> Result<Vec<u32>> {
    let mut found = vec![id];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        at += 1;
        let tasks = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten();
        for task in tasks {
            let children = std::fs::read_to_string(task?.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    Ok(found)
}

/// What processes hold in memory together, in MB; what several share is counted once among them.
///
/// # Errors
/// The system does not tell.
pub fn memory_mb(processes: &[u32]) -> Result<f64> {
    let mut kilobytes = 0.0;
    for id in processes {
        let told = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("Pss:"));
        kilobytes += line.and_then(|line| line.split_whitespace().next()).map_or(Ok(0.0), str::parse)?;
    }
    Ok(kilobytes / 1024.0)
}

/// Stops a process where it stands, as a machine that falls asleep does, or lets it go on.
///
/// # Errors
/// It is gone.
pub fn stand_still(process: u32, still: bool) -> Result<()> {
    let signal = if still { "STOP" } else { "CONT" };
    let status = Command::new("kill").args(["-s", signal, &process.to_string()]).status()?;
    ensure!(status.success(), "the process could not be signalled");
    Ok(())
}
