//! One installation of the server: a data folder with the ledger and its key file, opened.
//!
//! ```text
//! DIR/ledger.db           the ledger (SQLCipher), with -wal and -shm beside it while it is open
//! DIR/server.key          32 random bytes, mode 0600: the master key of the ledger
//! DIR/recovery.key        the recovery key, sealed under two operators' passphrases
//! DIR/serve.lock          locked by the process that serves
//! ```
//!
//! Whoever has both the ledger and `server.key` can read everything: a server restarts without a person, so nothing
//! else can stand between. Keep backups of the two apart. `recovery.key` opens laptops, not the ledger.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::id::{ChainId, LogId};
use domain::reference::Commune;
use domain::unit::{UNIT_LIST_2025, Unit};
use vault::{Argon2Params, DeviceSecretStore, KeyFileSecretStore, MasterKey, RecoveryKeyFile};
use zeroize::Zeroizing;

use crate::audit::{Actor, Note};
use crate::clock::Clock;
use crate::error::{Code, Refusal, Result, ServerError};
use crate::input;
use crate::keys::ServerKeys;
use crate::ledger::{EmbeddedLedger, Ledger, Records, Scope, UnitRow};
use crate::photo_reads::PhotoReads;

const LEDGER_FILE: &str = "ledger.db";
const RECOVERY_FILE: &str = "recovery.key";
const SERVE_LOCK: &str = "serve.lock";
/// `server.key`.
const KEY_PROFILE: &str = "server";

/// What `init` needs.
pub struct InitRequest<'a> {
    pub name: &'a str,
    /// Names and addresses for the TLS certificate.
    pub hosts: &'a [String],
    /// Of two operators; both are needed to open the recovery key.
    pub operator_passphrases: [&'a str; 2],
    pub argon2: Argon2Params,
}

/// An opened installation. Cheap to share.
#[derive(Clone)]
pub struct Deployment {
    folder: PathBuf,
    pub ledger: Arc<dyn Ledger>,
    pub keys: Arc<ServerKeys>,
    pub clock: Clock,
    pub name: String,
    /// Which photos are being read.
    pub(crate) photo_reads: PhotoReads,
}

impl Deployment {
    /// Makes the folder, the keys and an empty ledger.
    ///
    /// # Errors
    /// `AlreadyInitialised`; a name, a host or a passphrase that cannot stand.
    pub fn init(folder: &Path, request: &InitRequest<'_>, clock: Clock) -> Result<Self> {
        let name = input::server_name(request.name)?;
        request.hosts.iter().try_for_each(|host| input::host(host))?;
        request.operator_passphrases.into_iter().try_for_each(input::operator_passphrase)?;
        std::fs::create_dir_all(folder).map_err(ServerError::io("making the data folder"))?;
        let secrets = KeyFileSecretStore::new(folder);
        let files = [LEDGER_FILE, RECOVERY_FILE].map(|name| folder.join(name));
        if secrets.get(KEY_PROFILE)?.is_some() || files.iter().any(|file| file.exists()) {
            return Err(Code::AlreadyInitialised.into());
        }
        // An installation is whole or not there.
        Self::make(folder, &name, request, clock).inspect_err(|_| discard_files(folder))
    }

    fn make(folder: &Path, name: &str, request: &InitRequest<'_>, clock: Clock) -> Result<Self> {
        let [first, second] = request.operator_passphrases;
        let now_ms = clock();
        let recovery = RecoveryKeyFile::create(&folder.join(RECOVERY_FILE), first, second, request.argon2, now_ms)?;
        let mut secret = Zeroizing::new([0; 32]);
        sync::keys::fill_random(&mut secret[..]);
        KeyFileSecretStore::new(folder).set(KEY_PROFILE, &secret)?;
        let master = MasterKey::from_key_file(&secret);
        let ledger = open_ledger(folder, &master, true)?;
        let hosts = request.hosts.join("\n");
        let keys = ledger.write(Scope::Reference, |records| {
            records.set_setting("name", name.as_bytes())?;
            records.set_setting("hosts", hosts.as_bytes())?;
            let keys = ServerKeys::create(records, &master, recovery, now_ms)?;
            Note::new(Actor::Operator, "initialised").write(records, None, now_ms)?;
            Ok(keys)
        })?;
        Ok(Self::opened(folder, ledger, keys, clock, name.to_owned()))
    }

    fn opened(folder: &Path, ledger: Arc<dyn Ledger>, keys: ServerKeys, clock: Clock, name: String) -> Self {
        let (folder, keys, photo_reads) = (folder.into(), Arc::new(keys), PhotoReads::default());
        Self { folder, ledger, keys, clock, name, photo_reads }
    }

    /// Opens an installation that `init` made.
    ///
    /// # Errors
    /// `NotInitialised`; `KeyFileMissing` where a ledger lies without its key, as in a backup; what the vault and the
    /// ledger answer.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self> {
        let secret = KeyFileSecretStore::new(folder).get(KEY_PROFILE)?.ok_or_else(|| {
            if folder.join(LEDGER_FILE).exists() { Code::KeyFileMissing } else { Code::NotInitialised }
        })?;
        let master = MasterKey::from_key_file(&secret);
        let ledger = open_ledger(folder, &master, false)?;
        let (keys, name) = ledger.read(|records| {
            let name = records.setting("name")?.ok_or(Code::NotInitialised)?;
            Ok((ServerKeys::load(records, &master)?, String::from_utf8_lossy(&name).into_owned()))
        })?;
        Ok(Self::opened(folder, ledger, keys, clock, name))
    }

    /// Copies ledger and recovery key into a folder that is new or empty, while others go on. The ledger's key file is
    /// not copied: whoever found both together could read everything.
    ///
    /// # Errors
    /// `FolderNotEmpty`; what the ledger and the disk answer.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        std::fs::create_dir_all(to).map_err(ServerError::io("making the backup folder"))?;
        let mut inside = std::fs::read_dir(to).map_err(ServerError::io("reading the backup folder"))?;
        if inside.next().is_some() {
            return Err(Code::FolderNotEmpty.into());
        }
        // Half a backup is none, and would be in the way of the next one.
        self.copy_to(to).inspect_err(|_| discard_files(to))?;
        let now_ms = self.now_ms();
        self.ledger
            .write(Scope::Reference, |records| Note::new(Actor::Operator, "backed_up").write(records, None, now_ms))
    }

    fn copy_to(&self, folder: &Path) -> Result<()> {
        self.ledger.back_up(&folder.join(LEDGER_FILE))?;
        let recovery = std::fs::read(self.recovery_file()).map_err(ServerError::io("reading the recovery key"))?;
        Ok(vault::atomic_write_private(&folder.join(RECOVERY_FILE), &recovery)?)
    }

    /// The right to serve from this folder, for as long as the file lives: the operating system's lock, which ends with
    /// the process. Two would answer laptops from one file, each with its own tokens and half of the uploads.
    ///
    /// # Errors
    /// `AlreadyServing`.
    pub fn claim_serving(&self) -> Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options.open(self.folder.join(SERVE_LOCK)).map_err(ServerError::io("opening the lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Code::AlreadyServing.into()),
            Err(TryLockError::Error(source)) => Err(ServerError::Io { step: "locking the folder", source }),
        }
    }

    /// Names and addresses that `init` or a later `serve` gave for the certificate.
    pub fn hosts(&self) -> Result<Vec<String>> {
        let hosts = self.ledger.read(|records| records.setting("hosts"))?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&hosts).lines().map(str::to_owned).collect())
    }

    pub fn set_hosts(&self, hosts: &[String]) -> Result<()> {
        self.ledger.write(Scope::Reference, |records| records.set_setting("hosts", hosts.join("\n").as_bytes()))
    }

    pub fn recovery_file(&self) -> PathBuf {
        self.folder.join(RECOVERY_FILE)
    }

    pub fn ledger_file(&self) -> PathBuf {
        self.folder.join(LEDGER_FILE)
    }

    pub fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    /// What an operator must know of the key file.
    pub fn key_file_warning(&self) -> String {
        format!(
            "The ledger's key is in the plain file {}. Whoever has that file and the ledger can read everything. \
             Keep the disk encrypted, and back up the key apart from the ledger.",
            self.folder.join(format!("{KEY_PROFILE}.key")).display()
        )
    }
}

/// Takes away what was begun in a folder that was found without any of it: the three files, and what lies beside a file
/// while it is written.
fn discard_files(folder: &Path) {
    let begun = [LEDGER_FILE, RECOVERY_FILE, KEY_PROFILE];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_begun = entry.file_name().to_str().is_some_and(|name| begun.iter().any(|begun| name.starts_with(begun)));
        if is_begun && let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(%error, "what was begun could not be taken away");
        }
    }
}

fn open_ledger(folder: &Path, master: &MasterKey, create: bool) -> Result<Arc<dyn Ledger>> {
    let path = folder.join(LEDGER_FILE);
    Ok(Arc::new(EmbeddedLedger::open(&path, master.database_key("ledger"), create)?))
}

/// The unit's row; where the unit is new here it is made, with an empty log.
///
/// # Errors
/// `UnitNotListed` for a unit that the list does not have; the ledger's.
pub fn ensure_unit(records: &mut dyn Records, unit: &Unit, now_ms: u64) -> Result<UnitRow> {
    if let Some(row) = records.unit(unit)? {
        return Ok(row);
    }
    let commune = listed(unit)?;
    let row = UnitRow {
        unit: unit.clone(),
        name: commune.name.to_owned(),
        log: LogId(uuid::Uuid::now_v7()),
        log_started_ms: now_ms,
        head: 0,
        edition: 0,
        own_chain: ChainId(uuid::Uuid::now_v7()),
    };
    records.add_unit(&row)?;
    Note::new(Actor::Operator, "unit_added").subject(row.log).write(records, Some(unit), now_ms)?;
    Ok(row)
}

/// The unit as its list has it.
///
/// # Errors
/// `UnitNotListed`.
pub fn listed(unit: &Unit) -> Result<&'static Commune> {
    let commune = (unit.list_date == UNIT_LIST_2025).then(|| domain::reference::commune(&unit.code)).flatten();
    Ok(commune.ok_or_else(|| Refusal::with(Code::UnitNotListed, "unit", unit))?)
}
