//! A laptop as a test has it: a profile folder, the application over it, a key file for its device secret, a clock that
//! can be set, and its own line to the server, which can be pulled, cut or led elsewhere.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use app::clock::{Clock, SystemClock};
use app::command;
use app::error::AppError;
use app::{App, AppConfig, Pace};
use serde_json::Value;
use vault::{Argon2Floor, KeyFileSecretStore, MasterKey};

use crate::bad_line::BadLine;
use crate::replica::{Replica, copy_folder};

/// Opens every laptop of a test: it has no common word and is long enough for a key file.
pub const PASSPHRASE: &str = "hai con trâu qua suối cạn 1978";

/// The machine's clock, moved by so many milliseconds. Cloning it gives another hand on the same clock.
#[derive(Clone, Debug, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Unix milliseconds; 0 for anything earlier.
    pub fn now_ms(&self) -> u64 {
        let now = SystemClock.now_ms();
        now.saturating_add_signed(self.0.load(Ordering::Relaxed))
    }

    /// Moves it, from where it stands.
    pub fn move_by_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sets it to that moment; it runs on from there.
    pub fn set_ms(&self, to_ms: u64) {
        let now = i64::try_from(SystemClock.now_ms()).unwrap_or(i64::MAX);
        self.0.store(i64::try_from(to_ms).unwrap_or(i64::MAX).saturating_sub(now), Ordering::Relaxed);
    }
}

/// How dear a passphrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slots {
    /// As in the product.
    Standard,
    /// For tests, which open hundreds.
    Weak,
}

/// The paper that an operator hands out.
#[derive(Clone, Debug)]
pub struct Paper {
    pub fingerprint: String,
    pub code: String,
}

/// One laptop.
pub struct Laptop {
    pub app: App,
    pub clock: TestClock,
    pub line: BadLine,
    folder: PathBuf,
    slots: Slots,
    is_https: bool,
    passphrase: String,
}

impl Laptop {
    /// A laptop without a profile, whose files lie below `folder` and whose line leads to `server`.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn new(folder: &Path, server: SocketAddr, is_https: bool, slots: Slots) -> Result<Self> {
        let line = BadLine::sound(server).await?;
        let clock = TestClock::default();
        let app = App::new(config(folder, &clock, slots));
        Ok(Self { app, clock, line, folder: folder.to_owned(), slots, is_https, passphrase: PASSPHRASE.to_owned() })
    }

    /// Where the laptop finds its server: the near end of its line.
    pub fn server_address(&self) -> String {
        format!("{}://{}", if self.is_https { "https" } else { "http" }, self.line.address)
    }

    /// Enrols with the paper.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn enrol(&self, paper: &Paper) -> Result<app::case::profile::Enrolled, AppError> {
        let params = app::case::profile::Enrol {
            server: self.server_address(),
            fingerprint: paper.fingerprint.clone(),
            code: paper.code.clone(),
            passphrase: self.passphrase.clone().into(),
        };
        self.app.run::<command::Enrol>(params).await
    }

    /// Calls a command by its name, as a screen does.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn call(&self, command: &str, params: Value) -> Result<Value, AppError> {
        self.app.call(command, params).await
    }

    /// Sends and fetches until nothing waits, as often as it takes, at most `times`.
    ///
    /// # Errors
    /// The last answer, where it was never done.
    pub async fn sync_up_to(&self, times: u32) -> Result<app::syncing::SyncSummary, AppError> {
        let mut outcome = self.app.run::<command::Sync>(()).await;
        for _ in 1..times {
            if outcome.is_ok() {
                break;
            }
            outcome = self.app.run::<command::Sync>(()).await;
        }
        outcome
    }

    /// Sends and fetches once.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn sync(&self) -> Result<app::syncing::SyncSummary, AppError> {
        self.app.run::<command::Sync>(()).await
    }

    /// Locks: files closed, keys wiped.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn lock(&self) -> Result<(), AppError> {
        self.app.run::<command::Lock>(()).await.map(drop)
    }

    /// Opens the profile again.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn unlock(&self) -> Result<(), AppError> {
        let params = app::case::profile::Unlock { passphrase: self.passphrase.clone().into() };
        self.app.run::<command::Unlock>(params).await.map(drop)
    }

    /// From now on the profile opens with another passphrase, as a recovery sets it.
    pub fn remember_passphrase(&mut self, passphrase: &str) {
        passphrase.clone_into(&mut self.passphrase);
    }

    /// The folder with everything of this laptop.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the profile alone.
    pub fn profile_folder(&self) -> PathBuf {
        self.folder.join("profile")
    }

    /// Copies the locked laptop, disk and keystore, to another folder: a second laptop that is the same one.
    ///
    /// # Errors
    /// Files that cannot be copied; no port.
    pub async fn copy_to(&self, folder: &Path) -> Result<Self> {
        copy_folder(&self.folder, folder)?;
        let mut copy = Self::new(folder, self.line.leads_to(), self.is_https, self.slots).await?;
        copy.remember_passphrase(&self.passphrase);
        Ok(copy)
    }

    /// A second program over the same profile folder.
    pub fn beside(&self) -> App {
        App::new(config(&self.folder, &self.clock, self.slots))
    }

    /// Opens the locked laptop's store as some build does.
    ///
    /// # Errors
    /// The passphrase or the store.
    pub fn open_store(
        &self,
        open: impl FnOnce(&Path, &MasterKey) -> store::Result<store::Store>,
    ) -> Result<store::Store> {
        Ok(open(&self.profile_folder(), &self.master()?)?)
    }

    /// The locked laptop's files, read behind the product's back.
    ///
    /// # Errors
    /// The passphrase does not open them.
    pub fn replica(&self) -> Result<Replica> {
        Ok(Replica::new(&self.folder, &[("profile/work.db", "work"), ("profile/photos.db", "photos")], self.master()?))
    }

    fn master(&self) -> Result<MasterKey> {
        let profile = self.profile_folder();
        let slot = vault::SlotU::read(&profile)?.context("no profile")?;
        let secrets = KeyFileSecretStore::new(self.folder.join("keystore"));
        let floor = floor(self.slots);
        Ok(vault::open_slot_u(&profile, slot.device_id(), &self.passphrase, &secrets, floor, self.clock.now_ms())?)
    }
}

fn config(folder: &Path, clock: &TestClock, slots: Slots) -> AppConfig {
    let secrets = Arc::new(KeyFileSecretStore::new(folder.join("keystore")));
    let clock = clock.clone();
    let floor = floor(slots);
    AppConfig {
        argon2: floor.params(),
        argon2_floor: floor,
        // As many tries as in the product, without its waits: nobody watches.
        pace: Pace { wait_percent: 1, ..Pace::default() },
        ..AppConfig::new(folder.join("profile"), secrets, Arc::new(move || clock.now_ms()))
    }
}

fn floor(slots: Slots) -> Argon2Floor {
    match slots {
        Slots::Standard => Argon2Floor::STANDARD,
        Slots::Weak => Argon2Floor::weak(),
    }
}
