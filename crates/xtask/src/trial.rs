//! `cargo xtask run`: the product to try, with a commune that is made once and stays. Owns the order (packages, screens,
//! programs, commune, server, window) and the few keys that stop and start the server or open another window.

use std::{
    fs,
    io::{BufRead, IsTerminal},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{
    child::{Call, Started, root},
    rooms, screens,
    steps::{Steps, say},
    system,
};

/// Where the commune's server serves. Laptops keep the address, so it stays the same from one run to the next.
const SERVER_PORT: u16 = 47443;
/// Where the screens are served without a display: the officer's, the supervisor's, the newcomer's.
const FIRST_HOST_PORT: u16 = 47444;

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Args)]
pub struct Trial {
    /// People in the commune, when it is made
    #[arg(long, default_value_t = 2000)]
    people: u32,
    /// Make the commune anew: what was done in the old one is gone
    #[arg(long)]
    fresh: bool,
    /// Whose window opens first
    #[arg(long = "as", value_enum, default_value_t = Who::Officer)]
    who: Who,
    /// Begin with the server stopped: a day without a line
    #[arg(long)]
    no_server: bool,
    /// Serve the screens to a browser, as is done where there is no display
    #[arg(long)]
    browser: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Who {
    Officer,
    Supervisor,
    /// Has no profile yet: the first start
    Newcomer,
}

impl Who {
    fn word(self) -> &'static str {
        match self {
            Who::Officer => "officer",
            Who::Supervisor => "supervisor",
            Who::Newcomer => "newcomer",
        }
    }

    fn host_port(self) -> u16 {
        FIRST_HOST_PORT + self as u16
    }
}

pub fn run(trial: &Trial) -> Result<()> {
    let in_browser = trial.browser || !has_display();
    let mut steps = Steps::begin();
    steps.step("System packages", "Install what it names, then run this again.", || {
        system::install_missing()?;
        if !in_browser {
            system::install_for_window()?;
        }
        system::require_node()
    })?;
    steps.step("Screens", "The message above says where in ui/.", screens::build)?;
    steps.step("Programs (the first build takes some minutes)", "The compiler's message above says where.", || {
        let window = if in_browser { "host" } else { rooms::WINDOW };
        rooms::build_dev(&["tungnha-server", "commune", window])
    })?;
    steps.step("The commune", "The message above says why.", || prepare_commune(trial))?;
    if in_browser && !trial.browser {
        say("\nThere is no display here: the screens are served to a browser instead of in their own window.");
    }
    Desk { in_browser, server: None, windows: Vec::new() }.stay_open(trial)
}

fn commune() -> PathBuf {
    root().join("target/demo")
}

fn prepare_commune(trial: &Trial) -> Result<()> {
    if trial.fresh && commune().exists() {
        fs::remove_dir_all(commune())?;
    }
    Call::program("commune")
        .arg("--data")
        .arg(commune())
        .args(["--people", &trial.people.to_string(), "--port", &SERVER_PORT.to_string()])
        .run()
}

/// What runs while someone tries it.
struct Desk {
    in_browser: bool,
    server: Option<Started>,
    windows: Vec<Started>,
}

impl Desk {
    fn stay_open(mut self, trial: &Trial) -> Result<()> {
        if trial.no_server {
            say("\nThe server is stopped: there is no line.");
        } else {
            self.start_server()?;
        }
        self.open(trial.who)?;
        let is_asked = std::io::stdin().is_terminal();
        if is_asked {
            say(
                "\nType a letter and Enter:  s stop or start the server   o officer   v supervisor   n newcomer   q end",
            );
        }
        let lines = typed_lines();
        loop {
            match lines.recv_timeout(Duration::from_millis(300)) {
                Ok(line) => match line.trim() {
                    "s" => self.turn_server()?,
                    "o" => self.open(Who::Officer)?,
                    "v" => self.open(Who::Supervisor)?,
                    "n" => self.open(Who::Newcomer)?,
                    "q" => return Ok(()),
                    _ => say("s, o, v, n or q"),
                },
                Err(RecvTimeoutError::Timeout) => {}
                // Nobody types: the end of the last window is the end.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(300)),
            }
            self.windows.retain_mut(|window| !window.has_ended());
            if self.windows.is_empty() && !is_asked {
                return Ok(());
            }
        }
    }

    fn start_server(&mut self) -> Result<()> {
        if answers(SERVER_PORT) {
            say(&format!("\nThe commune's server already serves on port {SERVER_PORT}; it is used as it is."));
            return Ok(());
        }
        let mut server = Call::program("tungnha-server")
            .arg("--data")
            .arg(commune().join("server/data"))
            .args(["serve", "--listen", &format!("127.0.0.1:{SERVER_PORT}")])
            .start(&commune().join("server.log"))?;
        wait_for(SERVER_PORT, &mut server)?;
        self.server = Some(server);
        say(&format!("\nThe commune's server serves on https://127.0.0.1:{SERVER_PORT}"));
        Ok(())
    }

    fn turn_server(&mut self) -> Result<()> {
        match self.server.take() {
            Some(server) => {
                drop(server);
                say("The server is stopped: there is no line.");
                Ok(())
            }
            None => self.start_server(),
        }
    }

    fn open(&mut self, who: Who) -> Result<()> {
        let folder = commune().join(who.word());
        let log = commune().join(format!("{}.log", who.word()));
        if self.in_browser {
            let port = who.host_port();
            if !answers(port) {
                let mut host = Call::program("host")
                    .arg("--data")
                    .arg(folder)
                    .args(["--port", &port.to_string(), "--ui"])
                    .arg(root().join("ui/dist"))
                    .start(&log)?;
                wait_for(port, &mut host)?;
                self.windows.push(host);
            }
            say(&format!("Open http://127.0.0.1:{port}/ in a browser: the {}'s screens.", who.word()));
            return Ok(());
        }
        self.windows.push(Call::program(rooms::WINDOW).arg("--profile").arg(folder).start(&log)?);
        say(&format!("The {}'s window opens; what it logs is in {}", who.word(), log.display()));
        Ok(())
    }
}

fn typed_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// A window can open: always on Windows and macOS.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn answers(port: u16) -> bool {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
}

fn wait_for(port: u16, program: &mut Started) -> Result<()> {
    let since = Instant::now();
    while !answers(port) {
        if program.has_ended() || since.elapsed() > PATIENCE {
            bail!("{} did not begin to serve on port {port}; its log: {}", program.shown(), program.log().display());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
