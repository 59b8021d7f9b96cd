//! Finds out whether this machine lets a test mount a small disk, in a namespace of its own. Where it does not, the tests
//! that need one are reported as ignored.

use std::io::Write;
use std::process::{Command, Stdio};

/// As nobody in particular; as root of a machine that forbids that.
const WAYS: [&str; 2] = ["-Urm", "-m"];

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "cargo:rerun-if-changed=build.rs")?;
    writeln!(out, "cargo:rustc-check-cfg=cfg(small_disk)")?;
    if let Some(way) = WAYS.into_iter().find(|way| mounts(way)) {
        writeln!(out, "cargo:rustc-cfg=small_disk")?;
        writeln!(out, "cargo:rustc-env=TUNGNHA_UNSHARE={way}")?;
    }
    Ok(())
}

fn mounts(way: &str) -> bool {
    let mut command = Command::new("unshare");
    command.args([way, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
