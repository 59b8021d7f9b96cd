//! The profile's life: none, enrolled, locked, unlocked; its passphrase and its recovery.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use domain::id::{DeploymentId, DeviceId};
use serde::{Deserialize, Serialize};
use store::{NewProfile, Profile, ProfileView, Store};
use sync::message::{EnrolmentAnswer, EnrolmentRequest, FORMAT};
use vault::{MasterKey, SecretStoreKind, SlotU, UnlockAttempts, UnlockWait};

use crate::App;
use crate::app::{AppConfig, blocking};
use crate::enrolment::{EnrolmentFile, MAX_FILE_BYTES, fingerprint_of, read_code, read_fingerprint};
use crate::error::{AppError, Code, Result};
use crate::passphrase::{self, Strength};
use crate::secret::Secret;
use crate::session::Session;
use crate::syncing::Wish;
use crate::transport::{CertificateTime, Found, Line, ServerAddress};
use crate::version::APP_VERSION;

/// Under which the store keeps the server's address.
const ADDRESS: &str = "server_address";

/// How far the profile of this folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// No profile yet.
    None,
    /// Keys were made and the server's answer is missing: enrol again, with the same code and passphrase.
    EnrolmentBegun,
    Locked,
    Unlocked,
}

/// Where the device secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSecretPlace {
    OsKeystore,
    /// In a plain file: whoever copies the folder has it, and the passphrase alone protects the data.
    KeyFile,
}

impl From<SecretStoreKind> for DeviceSecretPlace {
    fn from(kind: SecretStoreKind) -> Self {
        match kind {
            SecretStoreKind::OsKeystore => Self::OsKeystore,
            SecretStoreKind::KeyFile => Self::KeyFile,
        }
    }
}

/// What may be known of the profile. While it is locked: nothing of anyone.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct ProfileStatus {
    pub state: ProfileState,
    /// How long the next try at the passphrase has to wait; 0 for not at all.
    pub wait_ms: u64,
    /// Too many wrong passphrases: only a recovery opens it.
    pub supervisor_needed: bool,
    pub device_secret: DeviceSecretPlace,
    pub minimum_passphrase_chars: u32,
    pub app_version: String,
    /// While it is unlocked.
    pub profile: Option<ProfileView>,
    pub server: Option<String>,
}

pub async fn profile_status(app: &App, (): ()) -> Result<ProfileStatus> {
    let config = app.config().clone();
    let session = app.session().await.ok();
    let now_ms = app.now_ms();
    let (profile, server) = match &session {
        Some(session) => (Some(ProfileView::from(&*session.profile)), Some(session.line.address().as_str().to_owned())),
        None => (None, None),
    };
    blocking(move || {
        let wait = UnlockAttempts::load(&config.folder)?.wait(now_ms);
        // By which files are there, not by what is in them: a damaged slot is no reason to show nothing.
        let state = match &profile {
            Some(_) => ProfileState::Unlocked,
            None if is_enrolled(&config.folder) => ProfileState::Locked,
            None if has_slot_u(&config.folder) => ProfileState::EnrolmentBegun,
            None => ProfileState::None,
        };
        let minimum = passphrase::minimum_chars(config.secrets.kind());
        Ok(ProfileStatus {
            state,
            wait_ms: if let UnlockWait::Ms(wait_ms) = wait { wait_ms } else { 0 },
            supervisor_needed: wait == UnlockWait::SupervisorNeeded,
            device_secret: config.secrets.kind().into(),
            minimum_passphrase_chars: u32::try_from(minimum).unwrap_or(u32::MAX),
            app_version: APP_VERSION.to_owned(),
            profile,
            server,
        })
    })
    .await
}

/// A passphrase while it is typed.
#[derive(Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct JudgePassphrase {
    pub passphrase: Secret,
}

/// How it stands and whether it would be taken.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct PassphraseJudgement {
    pub strength: Strength,
    pub is_accepted: bool,
    pub minimum_chars: u32,
}

pub async fn judge_passphrase(app: &App, params: JudgePassphrase) -> Result<PassphraseJudgement> {
    let minimum = passphrase::minimum_chars(app.config().secrets.kind());
    let strength = passphrase::strength(&params.passphrase, minimum);
    Ok(PassphraseJudgement {
        strength,
        is_accepted: strength >= Strength::Fair,
        minimum_chars: u32::try_from(minimum).unwrap_or(u32::MAX),
    })
}

/// A file that an operator gave.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ReadEnrolmentFile {
    pub path: String,
}

/// What stands in it, for the parameters of `enrol`.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct EnrolmentPaper {
    pub server: String,
    pub fingerprint: String,
    pub code: String,
}

pub async fn read_enrolment_file(_: &App, params: ReadEnrolmentFile) -> Result<EnrolmentPaper> {
    blocking(move || {
        let bytes = super::file::read_small(Path::new(&params.path), MAX_FILE_BYTES)?;
        let EnrolmentFile { server, fingerprint, code } = EnrolmentFile::parse(&bytes)?;
        Ok(EnrolmentPaper { server, fingerprint, code })
    })
    .await
}

/// Where a server is said to be.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PreviewEnrolment {
    pub server: String,
}

/// Who answers there. Nothing is trusted yet: a person compares the fingerprint with the one on paper.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct ServerPreview {
    pub server: String,
    pub fingerprint: String,
    pub deployment: DeploymentId,
    pub is_encrypted: bool,
}

pub async fn preview_enrolment(_: &App, params: PreviewEnrolment) -> Result<ServerPreview> {
    let (address, found) = find_server(&params.server).await?;
    Ok(ServerPreview {
        server: address.as_str().to_owned(),
        fingerprint: fingerprint_of(&found.bytes),
        deployment: found.identity.deployment,
        is_encrypted: address.is_https(),
    })
}

async fn find_server(server: &str) -> Result<(ServerAddress, Found)> {
    let address = ServerAddress::parse(server)?;
    let line = Line::unverified(address.clone(), CertificateTime::starting_at(None))?;
    let found = line.fetch_identity().await?;
    // Where the address asks for encryption there has to be an authority to pin.
    if address.is_https() == found.identity.ca_certificate.0.is_empty() {
        return Err(Code::CertificateWrong.into());
    }
    Ok((address, found))
}

/// What stands on the paper, compared by a person, and the passphrase that will open this laptop.
#[derive(Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Enrol {
    pub server: String,
    pub fingerprint: String,
    pub code: String,
    pub passphrase: Secret,
}

/// The profile that is open from now on.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct Enrolled {
    pub profile: ProfileView,
    pub server: String,
}

/// Makes the keys, asks the server for a certificate and opens the profile. Broken off at any point it is simply asked
/// again, with the same code and the same passphrase; where the server refused the code of a first try, nothing is left
/// of it.
pub async fn enrol(app: &App, params: Enrol) -> Result<Enrolled> {
    let Enrol { server, fingerprint, code, passphrase } = params;
    let code = read_code(&code)?;
    let fingerprint = read_fingerprint(&fingerprint)?;
    passphrase::check(&passphrase, passphrase::minimum_chars(app.config().secrets.kind()))?;
    let mut place = app.session_place().write().await;
    if place.is_some() {
        return Err(Code::AlreadyEnrolled.into());
    }
    let (address, found) = find_server(&server).await?;
    if fingerprint_of(&found.bytes) != fingerprint {
        return Err(Code::FingerprintMismatch.into());
    }
    // The keys are on the disk before the server hears of them: the same answer comes again, whatever happens to this one.
    let (config, now_ms) = (app.config().clone(), app.now_ms());
    let is_new = SlotU::read(&config.folder)?.is_none();
    let (master, store) = blocking(move || open_or_create(&config, &passphrase, now_ms)).await?;
    if store.profile().is_some() {
        return Err(Code::AlreadyEnrolled.into());
    }
    let request = EnrolmentRequest {
        format: FORMAT,
        code_id: code.id,
        code_secret: code.secret,
        device: store.device(),
        public_key: store.signing_key().public_key(),
        stick_key: store.stick_secret().public_key(),
        app_version: APP_VERSION.to_owned(),
        clock_ms: now_ms,
    };
    let deployment = found.identity.deployment;
    let signed = sync::cose::sign(&request, store.signing_key(), deployment);
    let ca_certificate = &found.identity.ca_certificate.0;
    let line = Line::pinned(address.clone(), ca_certificate, CertificateTime::starting_at(None))?;
    let answer = match line.enrol(signed.0).await.map_err(AppError::from) {
        Ok(answer) => answer,
        Err(error) => {
            // Keys that were made for a code that is none are nobody's: the next try begins anew, passphrase and all.
            let of_code = [
                Code::EnrolmentCodeRefused,
                Code::EnrolmentCodeExpired,
                Code::EnrolmentCodeExhausted,
                Code::EnrolmentCodeUsed,
            ];
            if is_new && of_code.contains(&error.code) {
                let folder = app.config().folder.clone();
                blocking(move || {
                    store.close()?;
                    std::fs::remove_dir_all(&folder).map_err(|_| Code::DiskFailed.into())
                })
                .await?;
            }
            return Err(error);
        }
    };
    let enrolment_key = found.identity.enrolment_key;
    let said: EnrolmentAnswer = sync::cose::verify(&answer, &enrolment_key, deployment)?;
    let folder = app.config().folder.clone();
    let session = blocking(move || {
        // Slot R and the mark first: there is no enrolled profile without them.
        vault::create_slot_r(&folder, store.device().as_bytes(), &master, &said.recovery_key, now_ms)?;
        vault::atomic_write_private(&folder.join(ENROLLED), b"")?;
        store.keep_setting(ADDRESS, address.as_str())?;
        let profile = store.enrol(&found.bytes, &answer, now_ms)?;
        Session::new(store, profile, address)
    })
    .await?;
    let enrolled = show(&session);
    *place = Some(session);
    Ok(enrolled)
}

fn show(session: &Session) -> Enrolled {
    Enrolled { profile: ProfileView::from(&*session.profile), server: session.line.address().as_str().to_owned() }
}

/// A new profile, or one whose enrolment was broken off.
fn open_or_create(config: &AppConfig, passphrase: &str, now_ms: u64) -> Result<(MasterKey, Store)> {
    if let Some(slot) = SlotU::read(&config.folder)? {
        let master = open_slot(config, slot.device_id(), passphrase, now_ms)?;
        let store = match Store::open(&config.folder, &master) {
            // The slot was made and the files were not.
            Err(store::StoreError::ProfileMissing) => {
                let device = DeviceId::from_bytes(*slot.device_id());
                Store::create(&config.folder, &master, &NewProfile { device, ..NewProfile::generate(now_ms) })?
            }
            opened => opened?,
        };
        return Ok((master, store));
    }
    // A new slot U would hide what the two operators can still open.
    if is_enrolled(&config.folder) {
        return Err(Code::SlotMissing.into());
    }
    let new = NewProfile::generate(now_ms);
    let master = MasterKey::generate();
    let (folder, secrets) = (&config.folder, &*config.secrets);
    vault::create_slot_u(folder, new.device.as_bytes(), &master, passphrase, secrets, config.argon2, now_ms)?;
    let store = Store::create(folder, &master, &new)?;
    Ok((master, store))
}

fn open_slot(config: &AppConfig, device: &[u8; 16], passphrase: &str, now_ms: u64) -> Result<MasterKey> {
    let (folder, secrets) = (&config.folder, &*config.secrets);
    Ok(vault::open_slot_u(folder, device, passphrase, secrets, config.argon2_floor, now_ms)?)
}

/// The passphrase.
#[derive(Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Unlock {
    pub passphrase: Secret,
}

pub async fn unlock(app: &App, params: Unlock) -> Result<Enrolled> {
    let mut place = app.session_place().write().await;
    if place.is_some() {
        return Err(Code::AlreadyUnlocked.into());
    }
    let (config, now_ms) = (app.config().clone(), app.now_ms());
    let session = blocking(move || {
        let device = device_of(&config.folder)?;
        let master = open_slot(&config, &device, &params.passphrase, now_ms)?;
        open_session(&config.folder, &master, now_ms)
    })
    .await?;
    let enrolled = show(&session);
    *place = Some(session);
    Ok(enrolled)
}

/// An empty file beside the slots, made with slot R before the server's answer is kept. Either of the two says that the
/// folder may hold someone's work.
const ENROLLED: &str = "enrolled";

fn is_enrolled(folder: &Path) -> bool {
    has_slot_r(folder) || folder.join(ENROLLED).exists()
}

fn has_slot_r(folder: &Path) -> bool {
    folder.join("slot-r").exists()
}

fn has_slot_u(folder: &Path) -> bool {
    folder.join("slot-u").exists() || folder.join("slot-u.old").exists()
}

fn device_of(folder: &Path) -> Result<[u8; 16]> {
    match SlotU::read(folder) {
        Ok(Some(slot)) => Ok(*slot.device_id()),
        Ok(None) if is_enrolled(folder) => Err(Code::SlotMissing.into()),
        Ok(None) => Err(Code::NotEnrolled.into()),
        // The slot of before a change of passphrase may still open; for which device, slot R says too.
        Err(error) => vault::recovery_device(folder)?.ok_or(error.into()),
    }
}

/// The device of a recovery, whatever became of slot U.
fn recovering_device(folder: &Path) -> Result<[u8; 16]> {
    match vault::recovery_device(folder)? {
        Some(device) => Ok(device),
        None if is_enrolled(folder) || has_slot_u(folder) => Err(Code::SlotMissing.into()),
        None => Err(Code::NotEnrolled.into()),
    }
}

/// What an enrolled folder has lost beside its databases is made again from them.
fn mend_folder(folder: &Path, store: &Store, profile: &Profile, master: &MasterKey, now_ms: u64) {
    let slot_r = match has_slot_r(folder) {
        true => Ok(()),
        false => vault::create_slot_r(folder, store.device().as_bytes(), master, &profile.recovery_key, now_ms),
    };
    let mark = match folder.join(ENROLLED).exists() {
        true => Ok(()),
        false => vault::atomic_write_private(&folder.join(ENROLLED), b""),
    };
    if let Err(error) = slot_r.and(mark) {
        tracing::warn!(code = error.code(), "slot R or the mark of an enrolled profile could not be made again");
    }
}

fn open_session(folder: &Path, master: &MasterKey, now_ms: u64) -> Result<Session> {
    let store = Store::open(folder, master).map_err(|error| match error {
        store::StoreError::ProfileMissing if is_enrolled(folder) => Code::DatabaseMissing.into(),
        error => AppError::from(error),
    })?;
    let profile: Arc<Profile> = store.profile().ok_or(Code::NotEnrolled)?;
    mend_folder(folder, &store, &profile, master, now_ms);
    let address = store.setting(ADDRESS)?.ok_or(Code::NotEnrolled)?;
    Session::new(store, profile, ServerAddress::parse(&address)?)
}

/// Stops the exchange, waits for what runs, closes the files and wipes the keys. With a stick folder set and there,
/// work that was not sent is written to it first.
pub async fn lock(app: &App, (): ()) -> Result<LockResult> {
    let stick_file = super::stick::write_at_lock(app).await;
    let mut place = loop {
        // Again and again: an exchange may just be beginning.
        app.sync_control().wish.send_replace(Wish::Stop);
        if let Ok(place) = tokio::time::timeout(Duration::from_millis(100), app.session_place().write()).await {
            break place;
        }
    };
    if let Some(session) = place.take() {
        let store = Arc::into_inner(session.store);
        blocking(move || match store {
            Some(store) => Ok(store.close()?),
            None => Err(AppError::new(Code::Internal).with("cause", "store_still_used")),
        })
        .await?;
    }
    Ok(match stick_file {
        Ok(written) => LockResult { stick_file: written, stick_error: None },
        Err(error) => LockResult { stick_file: None, stick_error: Some(error) },
    })
}

/// The profile is locked, whatever stands here.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct LockResult {
    /// The queue file that was written, where a stick folder is set and there was unsent work.
    pub stick_file: Option<String>,
    pub stick_error: Option<AppError>,
}

/// The passphrase that opens now, and the one that shall.
#[derive(Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ChangePassphrase {
    pub old: Secret,
    pub new: Secret,
}

pub async fn change_passphrase(app: &App, params: ChangePassphrase) -> Result<()> {
    let (config, now_ms) = (app.config().clone(), app.now_ms());
    passphrase::check(&params.new, passphrase::minimum_chars(config.secrets.kind()))?;
    let session = app.session().await?;
    blocking(move || {
        let device = session.store.device();
        Ok(vault::change_passphrase(
            &config.folder,
            device.as_bytes(),
            &params.old,
            &params.new,
            &*config.secrets,
            config.argon2,
            config.argon2_floor,
            now_ms,
        )?)
    })
    .await
}

/// Where the request goes; without a path it comes back as base64.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RequestRecovery {
    #[serde(default)]
    pub path: Option<String>,
}

/// The request for the operators. It holds no secret; its fingerprint is compared by voice.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct RecoveryRequested {
    pub request_base64: String,
    pub path: Option<String>,
    pub fingerprint: String,
}

pub async fn request_recovery(app: &App, params: RequestRecovery) -> Result<RecoveryRequested> {
    let config = app.config().clone();
    blocking(move || {
        let folder = &config.folder;
        let request = vault::start_recovery(folder, &recovering_device(folder)?)?;
        let bytes = request.to_bytes();
        if let Some(path) = &params.path {
            super::file::write_fresh(&config, Path::new(path), &bytes)?;
        }
        let fingerprint = data_encoding::BASE32_NOPAD.encode(&request.fingerprint());
        Ok(RecoveryRequested {
            request_base64: BASE64.encode(&bytes),
            path: params.path,
            fingerprint: read_fingerprint(&fingerprint)?,
        })
    })
    .await
}

/// The operators' answer, as a file or as base64, and the new passphrase.
#[derive(Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct FinishRecovery {
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub answer_base64: Option<String>,
    pub new_passphrase: Secret,
}

/// Makes a new slot under the new passphrase and opens the profile.
pub async fn finish_recovery(app: &App, params: FinishRecovery) -> Result<Enrolled> {
    let (config, now_ms) = (app.config().clone(), app.now_ms());
    passphrase::check(&params.new_passphrase, passphrase::minimum_chars(config.secrets.kind()))?;
    let mut place = app.session_place().write().await;
    if place.is_some() {
        return Err(Code::AlreadyUnlocked.into());
    }
    let session = blocking(move || {
        let bytes = match (&params.path, &params.answer_base64) {
            (Some(path), _) => super::file::read_small(Path::new(path), MAX_FILE_BYTES)?,
            (None, Some(text)) => BASE64.decode(text.trim().as_bytes()).map_err(|_| Code::RecoveryFileDamaged)?,
            (None, None) => return Err(AppError::new(Code::FieldRequired).with("field", "path")),
        };
        let answer = vault::RecoveryAnswer::from_bytes(&bytes)?;
        let device = recovering_device(&config.folder)?;
        let (secrets, argon2) = (&*config.secrets, config.argon2);
        let passphrase = &params.new_passphrase;
        let master = vault::finish_recovery(&config.folder, &device, &answer, passphrase, secrets, argon2, now_ms)?;
        open_session(&config.folder, &master, now_ms)
    })
    .await?;
    let enrolled = show(&session);
    *place = Some(session);
    Ok(enrolled)
}

/// Gives up an enrolment that was broken off and never answered: its folder is emptied. One that may hold an enrolled
/// profile is not touched, whatever it has lost.
pub async fn discard_enrolment(app: &App, (): ()) -> Result<()> {
    let place = app.session_place().write().await;
    if place.is_some() {
        return Err(Code::AlreadyEnrolled.into());
    }
    let folder: PathBuf = app.config().folder.clone();
    blocking(move || {
        if is_enrolled(&folder) {
            return Err(Code::AlreadyEnrolled.into());
        }
        if !has_slot_u(&folder) {
            return Err(Code::NotEnrolled.into());
        }
        std::fs::remove_dir_all(&folder).map_err(|_| Code::DiskFailed)?;
        Ok(())
    })
    .await
}
