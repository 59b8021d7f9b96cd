//! The application: one profile, its session while it is unlocked, and the way from a command to its use case.
//!
//! The profile's folder:
//!
//! ```text
//! DIR/slot-u, slot-u.old      the master key under passphrase and device secret (vault)
//! DIR/slot-r                  the master key under the operators' recovery key (vault)
//! DIR/enrolled                empty: the server has answered; what is here may be someone's work
//! DIR/unlock-attempts         how often the passphrase was wrong (vault)
//! DIR/recovery-transport      while a recovery is under way (vault)
//! DIR/work.db, photos.db      everything of the unit, encrypted (store); -wal and -shm beside them while open
//! DIR/spare                   room that is given up where a full disk would keep the profile shut (store)
//! DIR/settings.json           language, theme, text size, idle time: nothing personal, readable while locked
//! ```
//!
//! Locking waits for what runs, closes the files and wipes the keys; no command is served between.

use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use store::Store;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use vault::{Argon2Floor, Argon2Params, DeviceSecretStore};

use crate::case::Desk;
use crate::clock::Clock;
use crate::command::{self, Command, Needs};
use crate::error::{AppError, Code, Result};
use crate::session::Session;
use crate::syncing::SyncControl;

/// What a host gives the application.
#[derive(Clone)]
pub struct AppConfig {
    /// The folder of the profile; made at the enrolment.
    pub folder: PathBuf,
    pub secrets: Arc<dyn DeviceSecretStore + Send + Sync>,
    pub clock: Arc<dyn Clock>,
    /// The cost of a passphrase, and the least that is accepted of a slot.
    pub argon2: Argon2Params,
    pub argon2_floor: Argon2Floor,
    pub pace: Pace,
}

/// How patient an exchange is with a bad line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Failures in a row, nothing having moved between, after which it gives up.
    pub failures_in_a_row: u32,
    /// Of the plan's waits; tests wait less.
    pub wait_percent: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { failures_in_a_row: 8, wait_percent: 100 }
    }
}

impl AppConfig {
    /// With the product's own cost of a passphrase.
    pub fn new(folder: PathBuf, secrets: Arc<dyn DeviceSecretStore + Send + Sync>, clock: Arc<dyn Clock>) -> Self {
        Self {
            folder,
            secrets,
            clock,
            argon2: Argon2Params::STANDARD,
            argon2_floor: Argon2Floor::STANDARD,
            pace: Pace::default(),
        }
    }

    /// Whether there is anything that a passphrase or a recovery could open.
    fn holds_a_slot(&self) -> bool {
        ["slot-u", "slot-u.old", "slot-r"].iter().any(|slot| self.folder.join(slot).exists())
    }
}

/// One profile's application. Cheap to share.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    config: AppConfig,
    session: Arc<RwLock<Option<Session>>>,
    sync: SyncControl,
}

/// The open session, held while a command uses it: locking waits for it.
pub(crate) struct Held(OwnedRwLockReadGuard<Option<Session>, Session>);

impl std::ops::Deref for Held {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.0
    }
}

impl App {
    /// Opens no file yet.
    pub fn new(config: AppConfig) -> Self {
        Self(Arc::new(Inner { config, session: Arc::default(), sync: SyncControl::default() }))
    }

    /// Runs the command of a name, as it comes over a border.
    ///
    /// # Errors
    /// `unknown_command`, `params_invalid`, `profile_locked`, and those of the use case.
    pub async fn call(&self, command: &str, params: serde_json::Value) -> Result<serde_json::Value> {
        let outcome = command::dispatch(self, command, params).await;
        outcome.map_err(|error| {
            // Only a name of the list is safe to write: anything else came from outside.
            let known = command::LIST.iter().find(|info| info.name == command).map_or("(unknown)", |info| info.name);
            trace(known, error)
        })
    }

    /// Runs a command that the compiler knows: `app.run::<command::FindPeople>(params)`.
    ///
    /// # Errors
    /// `profile_locked`, and those of the use case.
    pub async fn run<C: Command>(&self, params: impl Into<C::Params>) -> Result<C::Result> {
        let params = params.into();
        let checked = self.check_needs::<C>().await;
        let outcome = match checked {
            Ok(()) => C::run(self, params).await,
            Err(error) => Err(error),
        };
        outcome.map_err(|error| trace(C::NAME, error))
    }

    pub(crate) async fn run_with_json<C: Command>(&self, params: serde_json::Value) -> Result<serde_json::Value> {
        self.check_needs::<C>().await?;
        let params = read_params::<C::Params>(params)?;
        let result = C::run(self, params).await?;
        serde_json::to_value(result).map_err(|_| AppError::new(Code::Internal).with("cause", "result_not_json"))
    }

    /// Before anything else: a locked profile does not even say what is wrong with the parameters.
    async fn check_needs<C: Command>(&self) -> Result<()> {
        match C::NEEDS {
            Needs::Nothing => Ok(()),
            Needs::Unlocked => self.session().await.map(drop),
        }
    }

    /// Whether the profile is open. Waits while it is being opened or closed.
    pub async fn is_unlocked(&self) -> bool {
        self.session().await.is_ok()
    }

    /// Locks the profile, waiting for what runs: the end of a host.
    pub async fn close(&self) {
        let _ = crate::case::profile::lock(self, ()).await;
    }

    pub(crate) fn config(&self) -> &AppConfig {
        &self.0.config
    }

    pub(crate) fn sync_control(&self) -> &SyncControl {
        &self.0.sync
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.0.config.clock.now_ms()
    }

    pub(crate) fn today(&self) -> Date {
        self.0.config.clock.today()
    }

    /// The open session.
    ///
    /// # Errors
    /// `profile_locked`; `not_enrolled` where there is nothing to unlock.
    pub(crate) async fn session(&self) -> Result<Held> {
        let guard = self.0.session.clone().read_owned().await;
        let closed = || if self.config().holds_a_slot() { Code::ProfileLocked } else { Code::NotEnrolled };
        OwnedRwLockReadGuard::try_map(guard, Option::as_ref).map(Held).map_err(|_| closed().into())
    }

    /// The session's place, for unlocking and locking: nothing else runs meanwhile.
    pub(crate) fn session_place(&self) -> &RwLock<Option<Session>> {
        &self.0.session
    }

    /// Runs work on the open profile, on a thread that may block. It runs to its end, whoever waits for it.
    pub(crate) async fn with_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let session = self.session().await?;
        let (now_ms, today) = (self.now_ms(), self.today());
        blocking(move || {
            let desk = Desk::new(&session, now_ms, today);
            work(&desk)
        })
        .await
    }

    /// As [`Self::with_desk`], for what changes something.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.with_desk(work).await
    }
}

/// Work that blocks, on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(AppError::new(Code::Internal).with("cause", "panic")),
    }
}

/// Serde's own words may quote what was typed: of them goes only the name of a parameter that is missing or not known.
pub(crate) fn read_params<T: DeserializeOwned>(params: serde_json::Value) -> Result<T> {
    serde_json::from_value(params).map_err(|error| {
        let refused = AppError::new(Code::ParamsInvalid);
        let words = error.to_string();
        let named = ["missing field `", "unknown field `"].iter().find_map(|begin| words.strip_prefix(begin));
        let name = named.and_then(|rest| rest.split('`').next());
        let is_name =
            |name: &&str| name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        match name.filter(is_name) {
            Some(name) => refused.with("field", name),
            None => refused,
        }
    })
}

/// Gives an error its trace id and writes it down, once, where it leaves the application.
pub(crate) fn trace(command: &'static str, mut error: AppError) -> AppError {
    if error.trace_id.is_empty() {
        let mut id = [0; 8];
        sync::keys::fill_random(&mut id);
        error.trace_id = HEXLOWER.encode(&id);
    }
    let cause = error.params.get("cause").and_then(|cause| match cause {
        crate::error::Param::Text(text) => Some(text.as_str()),
        crate::error::Param::Number(_) => None,
    });
    if error.code == Code::Internal {
        tracing::error!(command, trace_id = error.trace_id, cause, "a command failed");
    } else {
        tracing::info!(command, code = error.code.as_str(), trace_id = error.trace_id, cause, "a command was refused");
    }
    error
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        use store::StoreError as E;
        match error {
            E::Vault(error) => error.into(),
            E::Wire(error) => error.into(),
            E::NewerSchema { .. } => Code::DatabaseTooNew.into(),
            E::DiskFull => Code::DiskFull.into(),
            E::DiskFailed | E::Io { .. } => Code::DiskFailed.into(),
            E::Damaged => Code::DatabaseDamaged.into(),
            E::NotEnrolled | E::ProfileMissing => Code::NotEnrolled.into(),
            E::ProfileExists => Code::AlreadyEnrolled.into(),
            E::RoleMayNot { .. } => Code::RoleNotAllowed.into(),
            E::Busy => Code::DatabaseBusy.into(),
            E::ChangeIdTaken => Code::AlreadySaved.into(),
            E::PhotoMissing => Code::PhotoMissing.into(),
            E::HouseUnknown => AppError::not_found("house"),
            E::WalkElsewhere => Code::WalkElsewhere.into(),
            E::PhotoTooLarge { limit_bytes } => AppError::new(Code::PhotoTooLarge).with("limit_bytes", limit_bytes),
            other => AppError::new(Code::Internal).with("cause", other.code()),
        }
    }
}

impl From<vault::VaultError> for AppError {
    fn from(error: vault::VaultError) -> Self {
        use vault::VaultError as E;
        match error {
            E::InUse => Code::ProfileInUse.into(),
            E::DatabaseMissing => Code::DatabaseMissing.into(),
            E::DatabaseDamaged { .. } | E::DatabaseCutOff | E::WrongKey | E::PlaintextDatabase => {
                Code::DatabaseDamaged.into()
            }
            E::WaitBeforeRetry { remaining_ms } => {
                AppError::new(Code::WaitBeforeRetry).with("remaining_ms", remaining_ms)
            }
            E::PassphraseTooShort { minimum_chars } => {
                AppError::new(Code::PassphraseTooShort).with("minimum_chars", minimum_chars)
            }
            E::SlotDamaged
            | E::SlotFormatUnknown
            | E::SlotOfOtherDevice
            | E::ParametersBelowFloor
            | E::ParametersTooLarge => AppError::new(Code::SlotDamaged).with("cause", error.code()),
            E::DeviceSecretStore(_) => Code::DeviceSecretStore.into(),
            ref error if error.is_disk_full() => Code::DiskFull.into(),
            E::Io { .. } => Code::DiskFailed.into(),
            other => AppError::of_word(other.code()),
        }
    }
}

/// The store behind a session, shared with the work that runs on other threads.
pub(crate) type SharedStore = Arc<Store>;
