//! A display that nobody sees, and a message bus that nobody else is on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// An X server without a screen. It ends with this value.
pub struct Display {
    process: Child,
    pub name: String,
}

impl Display {
    /// Starts one on a free number.
    ///
    /// # Errors
    /// Xvfb is not there.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let mut process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting Xvfb")?;
        let stdout = process.stdout.take().context("its standard output is a pipe")?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        Ok(Self { process, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A session's message bus of its own: what tells a second start of the program from a first. It ends with this value.
pub struct Bus {
    process: Child,
    pub address: String,
}

impl Bus {
    /// Starts one; no service is on it, a keystore neither.
    ///
    /// # Errors
    /// dbus-daemon is not there.
    pub fn start(folder: &Path) -> Result<Self> {
        let config = folder.join("bus.conf");
        let rules = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
        std::fs::write(&config, rules)?;
        let mut process = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address"])
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting dbus-daemon")?;
        let stdout = process.stdout.take().context("its standard output is a pipe")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
