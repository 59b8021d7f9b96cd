//! Numbered, forward-only migrations. A backup of both files comes before the first one that runs.
//!
//! A file's number is its `user_version`, set in the transaction of its migration: after a crash at any moment a file
//! has the old schema or the new one. Migrations are SQL alone and never import live types.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use vault::{DatabaseKey, OpenOptions, open_database};

use crate::error::{Result, StoreError};

/// The step from one number to the next.
pub(crate) struct Migration {
    /// The number that the file has afterwards, dense from 1.
    pub number: u32,
    pub sql: &'static str,
}

/// One of the two files.
pub(crate) struct Kind {
    pub file: &'static str,
    /// For `MasterKey::database_key`.
    pub purpose: &'static str,
    pub migrations: &'static [Migration],
}

pub(crate) const WORK: Kind = Kind {
    file: "work.db",
    purpose: "work",
    migrations: &[Migration { number: 1, sql: include_str!("../schema/work_0001_first.sql") }],
};

pub(crate) const PHOTOS: Kind = Kind {
    file: "photos.db",
    purpose: "photos",
    migrations: &[Migration { number: 1, sql: include_str!("../schema/photos_0001_first.sql") }],
};

/// The number of the working file's schema, as batches name it.
pub const SCHEMA_VERSION: u32 = 1;

/// The file's number, and the number this build brings it to.
///
/// # Errors
/// `NewerSchema` for a file of a later version of the product.
pub(crate) fn versions(connection: &Connection, kind: &Kind) -> Result<(u32, u32)> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = kind.migrations.last().map_or(0, |migration| migration.number);
    match found > known {
        true => Err(StoreError::NewerSchema { file: kind.file, found, known }),
        false => Ok((found, known)),
    }
}

/// Runs what is missing, each migration in its own transaction.
pub(crate) fn migrate(connection: &mut Connection, kind: &Kind) -> Result<()> {
    let (found, _) = versions(connection, kind)?;
    for migration in kind.migrations.iter().filter(|migration| migration.number > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(None, "user_version", migration.number)?;
        transaction.commit()?;
        tracing::info!(file = kind.file, schema = migration.number, "schema migrated");
    }
    Ok(())
}

/// Where the copy made before leaving schema `number` lies.
pub(crate) fn backup_path(folder: &Path, kind: &Kind, number: u32) -> PathBuf {
    folder.join(format!("{}.before-{}", kind.file, number + 1))
}

/// Copies the file, page by page, into one encrypted under the same key. The copy appears under its name whole and
/// durable, or not at all; older copies go once it is there.
pub(crate) fn back_up(folder: &Path, connection: &Connection, kind: &Kind, key: &DatabaseKey) -> Result<()> {
    let (found, _) = versions(connection, kind)?;
    let target = backup_path(folder, kind, found);
    let unfinished = folder.join(format!("{}.backup-unfinished", kind.file));
    remove_database(&unfinished)?;
    {
        let mut copy = open_database(&unfinished, key, OpenOptions { create: true, ..OpenOptions::default() })?;
        rusqlite::backup::Backup::new(connection, &mut copy)?.run_to_completion(
            1024,
            std::time::Duration::ZERO,
            None,
        )?;
        vault::check_integrity(&copy)?;
        // One file, without a WAL beside it.
        copy.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        copy.close().map_err(|(_, error)| StoreError::from(error))?;
    }
    File::open(&unfinished).and_then(|file| file.sync_all()).map_err(StoreError::io("made durable"))?;
    remove_backups(folder, kind)?;
    fs::rename(&unfinished, &target).map_err(StoreError::io("put in place"))?;
    remove_database(&unfinished)?;
    sync_folder(folder)
}

/// Removes every copy of the file: after an erasure, since they still hold what was erased.
pub(crate) fn remove_backups(folder: &Path, kind: &Kind) -> Result<()> {
    let start = format!("{}.before-", kind.file);
    for entry in fs::read_dir(folder).map_err(StoreError::io("listed"))? {
        let entry = entry.map_err(StoreError::io("listed"))?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(&start)) {
            remove_if_there(&entry.path())?;
        }
    }
    remove_database(&folder.join(format!("{}.backup-unfinished", kind.file)))
}

fn remove_database(path: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        remove_if_there(Path::new(&name))?;
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io("removed")(error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io("made durable"))
}

/// Windows has no fsync of a folder; NTFS journals names on its own.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}
