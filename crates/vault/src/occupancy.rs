//! Who has a database open: one writer among all processes, and within this process a count for each file.
//!
//! The count is there because closing any handle of a file drops every POSIX lock this process holds on it, SQLite's
//! included. So the header may be read beside SQLite only while no connection of ours has the file open.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::VaultError;
use crate::disk::{folder_of, make_private, with_suffix};

static OPENING: Mutex<()> = Mutex::new(());
static OPEN_COUNTS: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// Held while a file is examined and opened; files are opened one after the other.
pub(crate) fn begin_opening() -> MutexGuard<'static, ()> {
    lock(&OPENING)
}

/// One connection's place at a file. Lives as long as the connection; dropping it releases the writer's lock.
pub(crate) struct Occupancy {
    path: PathBuf,
    _writer: Option<File>,
}

impl Occupancy {
    /// Takes a reader's place, or the only writer's. Returns it and whether this process had the file open already.
    pub(crate) fn take(path: &Path, writer: bool) -> Result<(Self, bool), VaultError> {
        let writer = if writer { Some(lock_for_writing(path)?) } else { None };
        let mut counts = lock(&OPEN_COUNTS);
        let count = counts.entry(path.to_owned()).or_insert(0);
        *count += 1;
        Ok((Self { path: path.to_owned(), _writer: writer }, *count > 1))
    }
}

impl Drop for Occupancy {
    fn drop(&mut self) {
        let mut counts = lock(&OPEN_COUNTS);
        if let Some(count) = counts.get_mut(&self.path) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.path);
            }
        }
    }
}

/// The one name under which this process knows the file, whether it exists yet or not.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, VaultError> {
    if let Ok(resolved) = path.canonicalize() {
        return Ok(resolved);
    }
    let name = path.file_name().ok_or(VaultError::DatabaseMissing)?;
    let folder = folder_of(path).canonicalize().map_err(VaultError::io("found"))?;
    Ok(folder.join(name))
}

/// The lock is the operating system's, on `<name>.lock`, so that it ends with the process however that ends. The file
/// stays: removing it would let two writers hold two files of one name.
fn lock_for_writing(path: &Path) -> Result<File, VaultError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    make_private(&mut options);
    let file = options.open(with_suffix(path, ".lock")).map_err(VaultError::io("locked"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(source)) => Err(VaultError::Io { step: "locked", source }),
    }
}

/// A thread that panicked while opening leaves nothing half-done in these two.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
