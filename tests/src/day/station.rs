//! The server of the day: the real program in a process of its own, and the operator's commands, each run as an operator
//! runs it. What it logs goes to a file beside its data, which is searched like every other.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::server_room::OPERATORS;

/// How long the server may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server's data, its program, and its process while it serves.
pub struct Station {
    program: PathBuf,
    data: PathBuf,
    log: PathBuf,
    serving: Option<Child>,
}

impl Station {
    /// A station whose data will lie in `folder`.
    ///
    /// # Errors
    /// The program is not built.
    pub fn new(folder: &Path) -> Result<Self> {
        let program = find_program("tungnha-server")?;
        Ok(Self { program, data: folder.join("data"), log: folder.join("server.log"), serving: None })
    }

    /// The folder of the ledger and its keys.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Runs one of the operator's commands; its answer.
    ///
    /// # Errors
    /// A refusal, with its code.
    pub fn run(&self, words: &[&str]) -> Result<Value> {
        let (answer, code) = self.try_run(words)?;
        ensure!(code == 0, "tungnha-server {} gave {code}: {answer}", words.join(" "));
        Ok(answer)
    }

    /// Runs one of the operator's commands, whatever it answers; its exit code beside it.
    ///
    /// # Errors
    /// It did not start, or answered no JSON.
    pub fn try_run(&self, words: &[&str]) -> Result<(Value, i32)> {
        let output = self.command().args(words).stdin(Stdio::null()).output()?;
        let text = String::from_utf8(output.stdout)?;
        let told = || String::from_utf8_lossy(&output.stderr).into_owned();
        let answer =
            serde_json::from_str(text.trim()).with_context(|| format!("no answer to {}: {}", words[0], told()))?;
        Ok((answer, output.status.code().unwrap_or(-1)))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(&self.data).arg("--json");
        for (number, passphrase) in (1..).zip(OPERATORS) {
            command.env(format!("TUNGNHA_OPERATOR_{number}_PASSPHRASE"), passphrase);
        }
        command
    }

    /// Starts serving over TLS on a free port of this machine.
    ///
    /// # Errors
    /// It does not begin; the end of its log says why.
    pub fn serve(&mut self) -> Result<SocketAddr> {
        self.serve_at("127.0.0.1:0")
    }

    /// Starts serving over TLS at that address.
    ///
    /// # Errors
    /// As for [`Self::serve`]; the port is taken.
    pub fn serve_at(&mut self, listen: &str) -> Result<SocketAddr> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut child = self
            .command()
            .args(["serve", "--listen", listen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let stdout = child.stdout.take().context("its standard output is a pipe")?;
        self.serving = Some(child);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("it said: {line}"))?;
        Ok(said["listening"].as_str().context("it tells its address")?.parse()?)
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    /// It does not end, or ended badly.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.serving.take() else { return Ok(()) };
        ask_to_end(&mut child)?;
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if let Some(status) = child.try_wait()? {
                ensure!(!cfg!(unix) || status.success(), "the server ended with {status}");
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill()?;
        child.wait()?;
        bail!("the server did not end in {} s", PATIENCE.as_secs())
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        if let Some(child) = &mut self.serving {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(unix)]
fn ask_to_end(child: &mut Child) -> Result<()> {
    let status = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status()?;
    ensure!(status.success(), "the server could not be asked to end");
    Ok(())
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) -> Result<()> {
    Ok(child.kill()?)
}

/// A program of this workspace: it lies beside this one, or beside the folder of the tests.
///
/// # Errors
/// It is not built.
pub fn find_program(name: &str) -> Result<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let here = std::env::current_exe()?;
    let found = here.ancestors().skip(1).take(2).map(|folder| folder.join(&file)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: cargo build --bin {name}"))
}
