//! The embedded ledger: one SQLCipher file, for a station or a commune.
//!
//! Any number of processes may have it open (the server, and the operator's commands beside it): each writes in short
//! immediate transactions and waits for the other's. Within a process one connection writes and a few read.

mod audit;
mod changes;
mod convert;
mod devices;
mod editions;
mod exports;
mod log;
mod photos;
mod reference;
mod schema;
mod uploads;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::unit::Unit;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use vault::{DatabaseKey, OpenOptions};

use super::{Ledger, Records, Scope};
use crate::error::{Code, Result};

/// How long a writer waits for another process.
const BUSY_TIMEOUT_MS: u64 = 30_000;
/// Readers that are kept open.
const IDLE_READERS: usize = 4;

/// A ledger in one encrypted file.
pub struct EmbeddedLedger {
    path: PathBuf,
    key: DatabaseKey,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl EmbeddedLedger {
    /// Opens the file and brings it to this version; with `create` it is made where it is not there.
    ///
    /// # Errors
    /// What the vault and the database answer; `LedgerTooNew`.
    pub fn open(path: &Path, key: DatabaseKey, create: bool) -> Result<Self> {
        let mut writer = vault::open_database(path, &key, OpenOptions { create, ..options(false) })?;
        schema::migrate(&mut writer)?;
        writer.set_prepared_statement_cache_capacity(128);
        Ok(Self { path: path.to_owned(), key, writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    /// Lets the file grow by so many pages and no more: stands for a disk that fills up. A new opening lifts it.
    #[doc(hidden)]
    pub fn limit_pages(&self, more: u32) -> Result<()> {
        let writer = lock(&self.writer);
        let pages: u32 = writer.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        Ok(writer.query_row(&format!("PRAGMA max_page_count = {}", pages + more), [], |_| Ok(()))?)
    }

    fn take_reader(&self) -> Result<Connection> {
        if let Some(reader) = lock(&self.readers).pop() {
            return Ok(reader);
        }
        let reader = vault::open_database(&self.path, &self.key, options(true))?;
        reader.set_prepared_statement_cache_capacity(64);
        Ok(reader)
    }

    fn give_back(&self, reader: Connection) {
        let mut readers = lock(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
    }
}

fn options(read_only: bool) -> OpenOptions {
    OpenOptions { read_only, shared_writing: true, busy_timeout_ms: BUSY_TIMEOUT_MS, ..OpenOptions::default() }
}

impl Ledger for EmbeddedLedger {
    fn read_with(&self, work: &mut dyn FnMut(&mut dyn Records) -> Result<()>) -> Result<()> {
        let mut reader = self.take_reader()?;
        let outcome = {
            let transaction = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
            work(&mut SqliteRecords { sql: transaction })
        };
        self.give_back(reader);
        outcome
    }

    fn write_with(&self, scope: Scope<'_>, work: &mut dyn FnMut(&mut dyn Records) -> Result<()>) -> Result<()> {
        // SQLite has one lock for the whole file; the scope matters to ledgers that have more.
        let _ = scope;
        let mut writer = lock(&self.writer);
        let mut records = SqliteRecords { sql: writer.transaction_with_behavior(TransactionBehavior::Immediate)? };
        work(&mut records)?;
        records.sql.commit()?;
        Ok(())
    }

    fn forget_deleted(&self) -> Result<()> {
        // Idle readers hold no snapshot; busy ones end within the busy timeout.
        let writer = lock(&self.writer);
        let (busy, _, _): (i64, i64, i64) = writer
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        if busy == 0 { Ok(()) } else { Err(Code::TooBusy.into()) }
    }

    fn back_up(&self, to: &Path) -> Result<()> {
        let reader = self.take_reader()?;
        let mut copy = vault::open_database(to, &self.key, OpenOptions { create: true, ..OpenOptions::default() })?;
        {
            let backup = rusqlite::backup::Backup::new(&reader, &mut copy)?;
            // All pages in one step: a writer in between would begin it anew.
            backup.run_to_completion(i32::MAX, std::time::Duration::from_millis(10), None)?;
        }
        self.give_back(reader);
        copy.close().map_err(|(_, error)| error)?;
        Ok(())
    }

    fn check_integrity(&self) -> Result<()> {
        Ok(vault::check_integrity(&lock(&self.writer))?)
    }
}

/// A transaction; each group of operations is in a file of its own.
pub(super) struct SqliteRecords<'a> {
    sql: Transaction<'a>,
}

impl SqliteRecords<'_> {
    /// The number of a unit that exists.
    fn key_of(&self, unit: &Unit) -> Result<i64> {
        self.sql
            .prepare_cached("SELECT unit FROM unit WHERE code = ?1 AND list_date = ?2")?
            .query_row((&unit.code, &unit.list_date), |row| row.get(0))
            .optional()?
            .ok_or_else(|| Code::UnitUnknown.into())
    }
}

impl Records for SqliteRecords<'_> {}

/// A transaction that panicked was rolled back when it was dropped.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
