//! Settings, diagnostics, and lists that screens offer.

use std::path::Path;

use domain::field::Field;
use domain::reference::{self, FormerCommune};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::app::blocking;
use crate::error::{Code, Result};
use crate::settings::Settings;
use crate::syncing::{LastSync, SyncPhase};
use crate::version::{APP_VERSION, BUILT_MS};

pub async fn get_settings(app: &App, (): ()) -> Result<Settings> {
    let folder = app.config().folder.clone();
    blocking(move || Ok(Settings::load(&folder))).await
}

/// While the profile is locked only what the lock screen shows can be set: language, theme, text size.
pub async fn set_settings(app: &App, params: Settings) -> Result<Settings> {
    let is_locked = app.session().await.is_err();
    let folder = app.config().folder.clone();
    blocking(move || {
        let held = Settings::load(&folder);
        let same_lock = held.idle_minutes == params.idle_minutes && held.stick_folder == params.stick_folder;
        if is_locked && !same_lock {
            return Err(Code::ProfileLocked.into());
        }
        params.save(&folder)?;
        Ok(params)
    })
    .await
}

/// Where the diagnostics go; without a path they only come back.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WriteDiagnostics {
    #[serde(default)]
    pub path: Option<String>,
}

/// What helps to find a fault, and nothing of any person: counts, versions, codes.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct Diagnostics {
    pub made_ms: u64,
    pub app_version: String,
    pub built_ms: u64,
    pub system: String,
    pub architecture: String,
    pub unit_code: String,
    pub device: domain::id::DeviceId,
    pub role: domain::role::Role,
    pub device_secret_in_keystore: bool,
    pub is_syncing: bool,
    pub last_sync: Option<LastSync>,
    pub queue: store::QueueStatus,
    pub work_file_bytes: u64,
    pub photo_file_bytes: u64,
    pub schema_version: u32,
}

pub async fn write_diagnostics(app: &App, params: WriteDiagnostics) -> Result<Diagnostics> {
    let control = app.sync_control();
    let is_syncing = control.progress.borrow().phase != SyncPhase::Idle;
    let last_sync = control.last.borrow().clone();
    let in_keystore = app.config().secrets.kind() == vault::SecretStoreKind::OsKeystore;
    let config = app.config().clone();
    app.with_desk(move |desk| {
        let size = |name: &str| std::fs::metadata(desk.store.folder().join(name)).map_or(0, |found| found.len());
        let diagnostics = Diagnostics {
            made_ms: desk.now_ms(),
            app_version: APP_VERSION.to_owned(),
            built_ms: BUILT_MS,
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
            unit_code: desk.profile.unit.to_string(),
            device: desk.profile.device,
            role: desk.profile.role,
            device_secret_in_keystore: in_keystore,
            is_syncing,
            last_sync,
            queue: desk.store.queue_status()?,
            work_file_bytes: size("work.db"),
            photo_file_bytes: size("photos.db"),
            schema_version: store::SCHEMA_VERSION,
        };
        if let Some(path) = params.path {
            let json = serde_json::to_vec_pretty(&diagnostics).map_err(|_| Code::Internal)?;
            super::file::write_fresh(&config, Path::new(&path), &json)?;
        }
        Ok(diagnostics)
    })
    .await
}

/// Reads every page of the profile's files and its authentication code. Takes a while.
pub async fn check_files(app: &App, (): ()) -> Result<()> {
    app.with_desk(|desk| Ok(desk.store.check_integrity()?)).await
}

/// A field that can be corrected.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct FieldInfo {
    pub field: Field,
    pub subject: domain::field::Subject,
    /// Its column in the register's extract.
    pub column: String,
    /// Unless the unit's policy says otherwise.
    pub needs_two_people: bool,
}

/// One of the state's list of ethnic groups.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct EthnicGroupInfo {
    pub code: String,
    pub name: String,
}

/// Lists that are the same for everyone.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct Choices {
    pub fields: Vec<FieldInfo>,
    pub ethnic_groups: Vec<EthnicGroupInfo>,
}

/// A commune of before July 2025, and which of today took it over: the largest part first.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct OldUnit {
    /// With its kind: `Xã Tân Phước`.
    pub name: String,
    pub district: String,
    pub province: String,
    /// With its province: `Xã Đồng Tâm, Tỉnh Đồng Nai`.
    pub today: Vec<String>,
}

impl From<&FormerCommune> for OldUnit {
    fn from(former: &FormerCommune) -> Self {
        let today = former.successors.iter().map(|one| format!("{}, {}", one.commune.name, one.commune.province));
        Self {
            name: former.name.to_owned(),
            district: former.district.to_owned(),
            province: former.province.to_owned(),
            today: today.collect(),
        }
    }
}

/// An address as a paper or the register writes it.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct FindOldUnits {
    #[serde(default)]
    pub address: Option<String>,
}

/// Old communes, by the state's list of successions.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct OldUnits {
    /// Of which this unit took over all or part.
    pub of_this_unit: Vec<OldUnit>,
    /// Which the address names: several where it does not say its district, none where it is in today's names.
    pub named: Vec<OldUnit>,
}

pub async fn find_old_units(app: &App, params: FindOldUnits) -> Result<OldUnits> {
    app.with_desk(move |desk| {
        let named = params.address.as_deref().map(reference::former_communes_in).unwrap_or_default();
        let own = reference::predecessors_of(&desk.profile.unit.code);
        Ok(OldUnits {
            of_this_unit: own.into_iter().map(OldUnit::from).collect(),
            named: named.into_iter().map(OldUnit::from).collect(),
        })
    })
    .await
}

pub async fn list_choices(_: &App, (): ()) -> Result<Choices> {
    let fields = Field::ALL.iter().map(|field| FieldInfo {
        field: *field,
        subject: field.subject(),
        column: field.column().to_owned(),
        needs_two_people: field.two_people_by_default(),
    });
    let groups = domain::reference::ethnic_groups().iter();
    let groups = groups.map(|group| EthnicGroupInfo { code: group.code.to_owned(), name: group.name.to_owned() });
    Ok(Choices { fields: fields.collect(), ethnic_groups: groups.collect() })
}
