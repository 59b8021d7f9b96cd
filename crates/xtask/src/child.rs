//! Child processes. Owns how a command is started, shown, failed and ended with all it started;
//! refuses to let one outlive xtask, be it after an error, Ctrl-C or a plain exit.

use std::{
    ffi::OsStr,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result, bail};

/// The process groups of the children that run now. Whoever ends one holds the lock meanwhile.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The top folder of the repository.
pub fn root() -> PathBuf {
    let here =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).expect("xtask lies two folders below the top").to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// One command line, shown as a person would type it when it fails.
pub struct Call {
    command: Command,
    shown: String,
}

impl Call {
    pub fn new(program: &str) -> Self {
        Call { command: Command::new(program), shown: program.to_string() }
    }

    /// Cargo itself, without what the cargo that started xtask set for xtask alone: build scripts
    /// watch some of it and would run again (ring's does).
    pub fn cargo() -> Self {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let mut call = Call::new(&cargo);
        call.shown = "cargo".into();
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_set_for_xtask_alone(name)) {
            call.command.env_remove(name);
        }
        call
    }

    /// A program of this workspace, built by [`crate::rooms::build_dev`].
    pub fn program(name: &str) -> Self {
        let file = target_folder().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let mut call = Call::new(&file.to_string_lossy());
        call.shown = name.into();
        call
    }

    pub fn npm() -> Self {
        Call::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    /// A variable of the child's environment; it is not shown.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Call::arg)
    }

    /// Starts in this folder of the repository, not where the person stands.
    pub fn in_folder(mut self, folder: &str) -> Self {
        self.command.current_dir(root().join(folder));
        self
    }

    /// Runs to the end with this terminal as its output.
    pub fn run(mut self) -> Result<()> {
        self.command.stdin(Stdio::null());
        let status = self.run_in_own_group(|_| ())?;
        self.expect_success(status)
    }

    /// As [`Call::run`], with each line of standard output handed over on its way.
    pub fn run_reading(mut self, mut each_line: impl FnMut(&str)) -> Result<()> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped());
        let status = self.run_in_own_group(|stdout| {
            for line in stdout.into_iter().flat_map(|out| BufReader::new(out).lines()) {
                each_line(&line.unwrap_or_default());
            }
        })?;
        self.expect_success(status)
    }

    /// Starts it beside this program; what it says goes to the log. It ends when the answer is dropped, at the latest
    /// with xtask.
    pub fn start(mut self, log: &Path) -> Result<Started> {
        let file = File::create(log).with_context(|| format!("writing {}", log.display()))?;
        self.command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        let mut running = running();
        let child = self.command.spawn().with_context(|| self.not_started())?;
        running.push(child.id());
        Ok(Started { child, shown: self.shown, log: log.to_owned() })
    }

    /// Runs with the keyboard, in this terminal's own group: for sudo, which asks for a password.
    /// What it says goes to standard error.
    pub fn run_with_keyboard(mut self) -> Result<()> {
        self.command.stdout(std::io::stderr());
        let status = self.command.status().with_context(|| self.not_started())?;
        self.expect_success(status)
    }

    /// Its standard output where it can be started and succeeds, else nothing. Shows nothing.
    pub fn output(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }

    fn run_in_own_group(&mut self, read: impl FnOnce(Option<ChildStdout>)) -> Result<ExitStatus> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        let mut running = running();
        let mut child = self.command.spawn().with_context(|| self.not_started())?;
        running.push(child.id());
        drop(running);
        read(child.stdout.take());
        let status = child.wait();
        // Waits here for ever if a signal came: the other thread ends the process.
        let mut running = self::running();
        running.retain(|group| *group != child.id());
        end_group(child.id());
        status.with_context(|| format!("`{}` was lost", self.shown))
    }

    fn expect_success(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    fn not_started(&self) -> String {
        format!("`{}` could not be started", self.shown)
    }
}

/// A program that runs beside this one.
pub struct Started {
    child: Child,
    shown: String,
    log: PathBuf,
}

impl Started {
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    pub fn shown(&self) -> &str {
        &self.shown
    }

    pub fn log(&self) -> &Path {
        &self.log
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let mut running = running();
        running.retain(|group| *group != self.child.id());
        // Asked to end; where there are no signals, ended.
        #[cfg(unix)]
        ask_to_end_and_reap(&mut self.child);
        #[cfg(not(unix))]
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// From here on Ctrl-C, a hang-up or a request to end reaches the children first.
pub fn end_children_on_signal() {
    #[cfg(unix)]
    {
        use signal_hook::{consts, iterator::Signals};
        let mut signals =
            Signals::new([consts::SIGINT, consts::SIGTERM, consts::SIGHUP]).expect("these three signals may be caught");
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                let running = running();
                running.iter().for_each(|group| end_group(*group));
                std::process::exit(128 + signal);
            }
        });
    }
}

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_set_for_xtask_alone(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let alone = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"];
    name.starts_with("CARGO_PKG_") || alone.contains(&name.as_ref())
}

/// Asks a child of ours and its group to end and waits for it, at most ten seconds.
#[cfg(unix)]
fn ask_to_end_and_reap(child: &mut Child) {
    signal_group(child.id(), "TERM");
    for _ in 0..200 {
        if !matches!(child.try_wait(), Ok(None)) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    signal_group(child.id(), "KILL");
}

/// Asks what is left of the group to end, and after five seconds ends it.
#[cfg(unix)]
fn end_group(group: u32) {
    if !signal_group(group, "TERM") {
        return;
    }
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        if !signal_group(group, "0") {
            return;
        }
    }
    signal_group(group, "KILL");
}

#[cfg(not(unix))]
fn end_group(_group: u32) {
    // Ctrl-C reaches every process of a Windows console by itself.
}

/// Says whether anything was there to signal. Through the shell's own `kill`, which is always there.
#[cfg(unix)]
fn signal_group(group: u32, signal: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("kill -s {signal} -- -{group}")])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn failed_command_is_named() {
        let error = Call::new("sh").args(["-c", "exit 3"]).run().expect_err("exit 3");
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn what_a_command_leaves_running_is_ended() {
        let mut left_running = String::new();
        Call::new("sh")
            .args(["-c", "sleep 600 >/dev/null & echo $!"])
            .run_reading(|line| left_running = line.to_string())
            .expect("sh runs");

        let stat = std::fs::read_to_string(format!("/proc/{left_running}/stat")).unwrap_or_default();
        let ended = stat.is_empty() || stat.contains(") Z ");
        assert!(!left_running.is_empty() && ended, "still there: {stat}");
    }

    #[test]
    fn only_what_cargo_set_for_xtask_is_dropped() {
        assert!(is_set_for_xtask_alone(OsStr::new("CARGO_PKG_NAME")));
        assert!(is_set_for_xtask_alone(OsStr::new("CARGO_MANIFEST_DIR")));
        assert!(!is_set_for_xtask_alone(OsStr::new("CARGO_HOME")));
        assert!(!is_set_for_xtask_alone(OsStr::new("CARGO_TARGET_DIR")));
    }
}
