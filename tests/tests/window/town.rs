//! A small commune for one test: its server, where laptops look for it, two enrolled laptops and the paper of a third.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungnha_tests::account::Account;
use tungnha_tests::day::station::{Station, find_program};
use tungnha_tests::demo_commune::{self, DemoOptions, NEWCOMER_FILE, OFFICER, SUPERVISOR};
use tungnha_tests::window::driver::ENTER;
use tungnha_tests::window::{Bus, Display, Driver, Opening};

/// One passphrase field and nothing to type but it: the unlock screen.
pub const PASSPHRASE_FIELD: &str = "input[type=password]";

/// The folder of a laptop that nobody has enrolled.
pub const NEWCOMER: &str = "newcomer";

/// In a folder of its own, which goes with it.
pub struct Town {
    folder: tempfile::TempDir,
    /// Where the laptops look for the server.
    pub address: SocketAddr,
    display: Display,
    bus: Option<Bus>,
}

impl Town {
    pub async fn make() -> Result<Self> {
        Self::make_in(&std::env::temp_dir()).await
    }

    /// As [`Self::make`], on a disk of one's choice.
    pub async fn make_in(disk: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("tungnha-window-").tempdir_in(disk)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let options = DemoOptions { folder: folder.path().join("commune"), people: 300, seed: 3, port: address.port() };
        demo_commune::prepare(&options, &Account::silent()).await?;
        Ok(Self { folder, address, display: Display::start(1366, 768)?, bus: None })
    }

    /// From now on windows share a session's message bus.
    pub fn with_bus(mut self) -> Result<Self> {
        self.bus = Some(Bus::start(self.folder.path())?);
        Ok(self)
    }

    /// A laptop's folder.
    pub fn profile(&self, of: &str) -> PathBuf {
        self.folder.path().join("commune").join(of)
    }

    /// A place for a test's own files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What stands on the newcomer's paper: `server`, `fingerprint`, `code`.
    pub fn paper(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&std::fs::read(self.profile(NEWCOMER_FILE))?)?)
    }

    /// Its server, where laptops look for it.
    pub fn serve(&self) -> Result<Station> {
        let mut station = Station::new(&self.profile("server"))?;
        station.serve_at(&self.address.to_string())?;
        Ok(station)
    }

    /// Its server, somewhere else: behind a line. And where.
    pub fn serve_elsewhere(&self) -> Result<(Station, SocketAddr)> {
        let mut station = Station::new(&self.profile("server"))?;
        let address = station.serve()?;
        Ok((station, address))
    }

    /// Opens the window on a laptop.
    pub async fn open(&self, laptop: &str) -> Result<Driver> {
        self.opened(laptop, async |opening| Driver::open(opening).await).await
    }

    /// What is needed to open it otherwise.
    pub async fn opened<T>(&self, laptop: &str, open: impl AsyncFnOnce(Opening<'_>) -> Result<T>) -> Result<T> {
        let (program, profile) = (find_program("tungnha-desk")?, self.profile(laptop));
        let log = self.path(&format!("{laptop}.log"));
        let bus = self.bus.as_ref().map(|bus| bus.address.as_str());
        open(Opening { program: &program, display: &self.display.name, bus, profile: &profile, log: &log }).await
    }

    /// The supervisor's laptop decides on everything that waits, without a window.
    pub async fn approve_all(&self) -> Result<usize> {
        let supervisor = demo_commune::open_app(&self.profile(SUPERVISOR.role));
        supervisor.call("unlock", json!({ "passphrase": SUPERVISOR.passphrase })).await?;
        supervisor.call("sync", Value::Null).await?;
        let query = json!({ "only": "open", "proposed_by": null, "household": null, "subject": null });
        let open = json!({ "query": query, "offset": 0, "limit": 100 });
        let list = supervisor.call("list_corrections", open).await?;
        let ids: Vec<Value> =
            list["corrections"].as_array().into_iter().flatten().map(|one| one["correction"].clone()).collect();
        for id in &ids {
            supervisor.call("review_correction", json!({ "correction": id, "decision": "approve" })).await?;
        }
        supervisor.call("sync", Value::Null).await?;
        supervisor.close().await;
        Ok(ids.len())
    }
}

/// Opens the officer's profile as he does.
pub async fn unlock(window: &Driver) -> Result<()> {
    unlock_with(window, OFFICER.passphrase).await
}

pub async fn unlock_with(window: &Driver, passphrase: &str) -> Result<()> {
    let field = window.wait_for(PASSPHRASE_FIELD).await?;
    window.type_into(&field, passphrase).await?;
    window.press(ENTER).await?;
    wait_until_locked_is(window, false).await
}

pub async fn wait_until_locked_is(window: &Driver, locked: bool) -> Result<()> {
    wait_until_locked_within(window, locked, Duration::from_secs(30)).await
}

pub async fn wait_until_locked_within(window: &Driver, locked: bool, longest: Duration) -> Result<()> {
    let wanted = if locked { "locked" } else { "unlocked" };
    let since = Instant::now();
    while since.elapsed() < longest {
        // While the page is loaded anew nobody answers.
        if window.call("profile_status", Value::Null).await.is_ok_and(|status| status["state"] == wanted) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the profile is not {wanted}")
}

/// The first houses where someone lives: id and head of each.
pub async fn houses(window: &Driver) -> Result<Vec<(String, String)>> {
    let list = window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 100 })).await?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let lived_in = list["houses"].as_array().into_iter().flatten();
    Ok(lived_in.filter_map(|house| Some((text(&house["household"])?, text(&house["head_name"])?))).collect())
}

/// A picture of so many points in which nothing repeats, so that it stays large.
pub fn picture(points: u32) -> Result<Vec<u8>> {
    let mut state = 7_u64;
    let noise = image::RgbImage::from_fn(points, points, |_, _| {
        state = tungnha_tests::bad_line::mix(state);
        let [red, green, blue, ..] = state.to_le_bytes();
        image::Rgb([red, green, blue])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).context("a picture")?;
    Ok(bytes.into_inner())
}

/// Waits until nothing waits to be sent.
pub async fn wait_until_all_is_sent(window: &Driver) -> Result<()> {
    let mut last = Value::Null;
    for _ in 0..600 {
        last = window.call("sync_status", Value::Null).await?["queue"].clone();
        if last["changes_waiting"] == 0 && last["batches_waiting"] == 0 && last["photos_waiting"] == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("not everything was sent: {last}")
}
