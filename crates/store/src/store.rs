//! One profile's folder, opened: the connections, the keys in memory, and who may use them when.
//!
//! One writer for each file; screens read beside it on a connection of their own, so that a long intake never makes a
//! screen wait.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sync::keys::{SigningKey, StickSecret};
use vault::{MasterKey, OpenOptions, open_database};

use crate::change::Understands;
use crate::error::{Result, StoreError};
use crate::profile::{NewProfile, Profile, Secrets};
use crate::schema::{self, Kind, PHOTOS, WORK};
use crate::{change, fold, profile, setting, spare};

/// Statements are prepared once; more of them than SQLite's wrapper keeps by default.
const STATEMENTS: usize = 192;
const READER_CACHE_KIB: u32 = 24 * 1024;

/// An open profile. Dropping it closes the files and wipes the keys.
pub struct Store {
    folder: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    photos: Mutex<Connection>,
    secrets: Secrets,
    profile: RwLock<Option<Arc<Profile>>>,
    pub(crate) understands: Understands,
}

impl Store {
    /// Makes a profile in a folder that exists and holds none.
    ///
    /// # Errors
    /// `ProfileExists`, or what the disk says.
    pub fn create(folder: &Path, key: &MasterKey, new: &NewProfile) -> Result<Self> {
        let (work, _photos) = open_files(folder, key, true)?;
        let transaction = Transaction::new_unchecked(&work, TransactionBehavior::Immediate)?;
        if setting::bytes(&transaction, setting::DEVICE)?.is_some() {
            return Err(StoreError::ProfileExists);
        }
        profile::keep_secrets(&transaction, key, new)?;
        transaction.commit()?;
        drop((work, _photos));
        Self::open(folder, key)
    }

    /// Opens the profile of a folder: migrates it where it is of an earlier version, after a backup, and folds what an
    /// earlier version could not understand. On a full disk it gives up the room that is kept for that.
    ///
    /// # Errors
    /// `ProfileMissing`; `NewerSchema`; `Vault` for a wrong key, a damaged file, or one that another process has open.
    pub fn open(folder: &Path, key: &MasterKey) -> Result<Self> {
        Self::open_understanding(folder, key, change::understands)
    }

    /// As [`Store::open`], for a build that knows only some types and versions of changes: stands for an older build.
    #[doc(hidden)]
    pub fn open_understanding(folder: &Path, key: &MasterKey, understands: Understands) -> Result<Self> {
        if !folder.join(WORK.file).exists() {
            return Err(StoreError::ProfileMissing);
        }
        let store = match Self::open_files_of(folder, key, understands) {
            Err(error) if error.may_want_room() && spare::give_up(folder) => {
                Self::open_files_of(folder, key, understands)?
            }
            opened => {
                spare::keep(folder);
                opened?
            }
        };
        store.finish_erasure();
        Ok(store)
    }

    fn open_files_of(folder: &Path, key: &MasterKey, understands: Understands) -> Result<Self> {
        let (mut work, photos) = open_files(folder, key, false)?;
        let secrets = profile::load_secrets(&work, key)?;
        let profile = profile::load(&work, &secrets)?.map(Arc::new);
        let reader = open_one(folder, key, &WORK, true, false)?;
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        fold::catch_up(&transaction, understands)?;
        transaction.commit()?;
        Ok(Self {
            folder: folder.to_owned(),
            writer: Mutex::new(work),
            reader: Mutex::new(reader),
            photos: Mutex::new(photos),
            secrets,
            profile: RwLock::new(profile),
            understands,
        })
    }

    /// Closes the files. What fails here has failed to be tidied up, nothing is lost.
    ///
    /// # Errors
    /// A connection that cannot be closed.
    pub fn close(self) -> Result<()> {
        for connection in [self.reader, self.photos, self.writer] {
            let connection = connection.into_inner().unwrap_or_else(PoisonError::into_inner);
            connection.close().map_err(|(_, error)| StoreError::from(error))?;
        }
        Ok(())
    }

    /// Keeps the server's identity document, whose fingerprint was compared, and its signed answer, both as received,
    /// and opens the first chain.
    ///
    /// # Errors
    /// `Wire` where a signature does not hold; `NotForUs` where the certificate is another device's.
    pub fn enrol(&self, identity: &[u8], answer: &[u8], now_ms: u64) -> Result<Arc<Profile>> {
        let enrolled = self.write(|connection| profile::enrol(connection, &self.secrets, identity, answer, now_ms))?;
        let enrolled = Arc::new(enrolled);
        self.set_profile(enrolled.clone());
        Ok(enrolled)
    }

    /// Who this profile is; `None` before the enrolment.
    pub fn profile(&self) -> Option<Arc<Profile>> {
        self.profile.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_profile(&self, profile: Arc<Profile>) {
        *self.profile.write().unwrap_or_else(PoisonError::into_inner) = Some(profile);
    }

    pub(crate) fn enrolled(&self) -> Result<Arc<Profile>> {
        self.profile().ok_or(StoreError::NotEnrolled)
    }

    pub fn device(&self) -> domain::id::DeviceId {
        self.secrets.device
    }

    /// Signs batches, announcements, requests.
    pub fn signing_key(&self) -> &SigningKey {
        &self.secrets.signing_key
    }

    /// Opens what came on a stick.
    pub fn stick_secret(&self) -> &StickSecret {
        &self.secrets.stick_secret
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads every page of both files and its authentication code.
    ///
    /// # Errors
    /// `Vault(DatabaseDamaged)`.
    pub fn check_integrity(&self) -> Result<()> {
        vault::check_integrity(&self.writer())?;
        vault::check_integrity(&self.photos())?;
        Ok(())
    }

    /// Lets the working file grow by so many pages and no more: stands for a disk that fills up. A new opening lifts it.
    #[doc(hidden)]
    pub fn limit_pages(&self, more: u32) -> Result<()> {
        let writer = self.writer();
        let pages: u32 = writer.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        Ok(writer.query_row(&format!("PRAGMA max_page_count = {}", pages + more), [], |_| Ok(()))?)
    }

    /// The one way anything is written to the working file: in one transaction, whole or not at all.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut connection = self.writer();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Reads from one state of the working file.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut connection = self.reader();
        let transaction = connection.transaction()?;
        let found = work(&transaction)?;
        transaction.finish()?;
        Ok(found)
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Connection> {
        lock(&self.reader)
    }

    pub(crate) fn photos(&self) -> MutexGuard<'_, Connection> {
        lock(&self.photos)
    }
}

/// A panic inside a transaction rolls it back: the connection stays usable.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens both files for writing, refuses those of a later version, and migrates both after a backup of both.
fn open_files(folder: &Path, key: &MasterKey, create: bool) -> Result<(Connection, Connection)> {
    let mut work = open_one(folder, key, &WORK, false, create)?;
    // A photo file that an interrupted creation did not get to is made now: the working file says that it is ours.
    let mut photos = open_one(folder, key, &PHOTOS, false, true)?;
    let versions = [schema::versions(&work, &WORK)?, schema::versions(&photos, &PHOTOS)?];
    if versions.iter().any(|(found, known)| found < known) {
        if versions.iter().all(|(found, _)| *found > 0) {
            schema::back_up(folder, &work, &WORK, &key.database_key(WORK.purpose))?;
            schema::back_up(folder, &photos, &PHOTOS, &key.database_key(PHOTOS.purpose))?;
        }
        schema::migrate(&mut work, &WORK)?;
        schema::migrate(&mut photos, &PHOTOS)?;
    }
    Ok((work, photos))
}

fn open_one(folder: &Path, key: &MasterKey, kind: &Kind, read_only: bool, create: bool) -> Result<Connection> {
    let defaults = OpenOptions::default();
    let cache_kib = if read_only { READER_CACHE_KIB } else { defaults.cache_kib };
    let options = OpenOptions { create, read_only, cache_kib, ..defaults };
    let connection = open_database(&folder.join(kind.file), &key.database_key(kind.purpose), options)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
