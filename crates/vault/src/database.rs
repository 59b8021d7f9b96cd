//! The one place that opens an encrypted SQLite file. Nothing else in the product calls `Connection::open` or sets a
//! key.
//!
//! Every connection has: WAL, `synchronous=FULL`, `secure_delete`, foreign keys and temporary data in memory. No
//! `cipher_*` setting that shapes pages is touched, because set after keying it corrupts.
//!
//! `cipher_memory_security` stays off: it locks and overwrites every allocation that SQLite makes, which took 1.7 times
//! the time for bulk inserts and 5 times for FTS5 searches (150,000 rows). Its use here would be to wipe the copies of
//! the key statement; `set_key` does that itself, and a test searches the process's memory for what is left.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use crate::disk::{folder_of, make_private};
use crate::occupancy::{Occupancy, begin_opening, resolve};
use crate::{DatabaseKey, VaultError};

const PLAINTEXT_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// How to open. `Default` opens an existing file for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOptions {
    /// Make the file when it is not there (or empty, as an interrupted creation leaves it).
    pub create: bool,
    /// Any number of readers may be beside the one writer.
    pub read_only: bool,
    /// Several writers, of one process or of many, each in short transactions: a server's ledger, beside which its
    /// operator's commands run. A profile's files are never opened so.
    pub shared_writing: bool,
    /// SQLite's page cache for this connection.
    pub cache_kib: u32,
    /// How long a statement waits for another connection's lock.
    pub busy_timeout_ms: u64,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { create: false, read_only: false, shared_writing: false, cache_kib: 16 * 1024, busy_timeout_ms: 5_000 }
    }
}

/// Opens an encrypted database. One writer among all processes, whose lock lives and dies with the connection, unless
/// `shared_writing` leaves it to SQLite's own locks.
///
/// # Errors
/// `InUse` when someone already writes it; `WrongKey`; `PlaintextDatabase` when the file is plain SQLite;
/// `DatabaseMissing`, `DatabaseCutOff`; `NoCipher` when this build would write plaintext.
pub fn open_database(path: &Path, key: &DatabaseKey, options: OpenOptions) -> Result<Connection, VaultError> {
    let path = resolve(path)?;
    let opening = begin_opening();
    let (occupancy, already_open) = Occupancy::take(&path, !options.read_only && !options.shared_writing)?;
    if !already_open {
        if options.create && !options.read_only {
            create_if_absent(&path, key)?;
        }
        check_header(&path)?;
    }
    let flags = if options.read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let connection = open_keyed(&path, key, flags)?;
    give_occupancy(&connection, occupancy)?;
    drop(opening);
    configure(&connection, options)?;
    Ok(connection)
}

/// Reads the whole file: the page tree by SQLite, and each page's authentication code by SQLCipher.
///
/// # Errors
/// `DatabaseDamaged` with the number of problems that were named.
pub fn check_integrity(connection: &Connection) -> Result<(), VaultError> {
    let pages = problems(connection, "PRAGMA cipher_integrity_check")?;
    let tree = problems(connection, "PRAGMA integrity_check")?;
    match pages + tree {
        0 => Ok(()),
        problems => Err(VaultError::DatabaseDamaged { problems }),
    }
}

fn problems(connection: &Connection, check: &str) -> Result<usize, VaultError> {
    let unfinished = |_| VaultError::DatabaseDamaged { problems: 0 };
    let mut statement = connection.prepare(check).map_err(unfinished)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(unfinished)?;
    let mut count = 0;
    for row in rows {
        if row.map_err(unfinished)? != "ok" {
            count += 1;
        }
    }
    Ok(count)
}

fn open_keyed(path: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection, VaultError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|error| {
        match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen) if !path.exists() => VaultError::DatabaseMissing,
            _ => VaultError::Sql(error),
        }
    })?;
    // SQLCipher would write its errors to stderr; they come back as errors anyway.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").map_err(VaultError::Sql)?;
    set_key(&connection, key)?;

    let version: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    if version.is_none_or(|version| version.is_empty()) {
        return Err(VaultError::NoCipher);
    }
    // SQLCipher says nothing of a wrong key before the first read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(|error| {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => VaultError::WrongKey,
            Some(ErrorCode::DatabaseCorrupt) => VaultError::DatabaseDamaged { problems: 0 },
            _ => VaultError::Sql(error),
        }
    })?;
    Ok(connection)
}

/// A raw key (`x'…'`), so that SQLCipher derives nothing from it by PBKDF2. The statement is wiped; it ends in NUL so
/// that SQLite parses it where it lies. An error is not passed on: it would quote the statement.
fn set_key(connection: &Connection, key: &DatabaseKey) -> Result<(), VaultError> {
    let mut statement = Zeroizing::new(String::with_capacity(96));
    statement.push_str("PRAGMA key = \"x'");
    for byte in key.bytes() {
        write!(statement, "{byte:02x}").expect("writing to a string cannot fail");
    }
    statement.push_str("'\"\0");
    let outcome = connection.execute_batch(&statement);
    overwrite_freed(connection, statement.len())?;
    outcome.map_err(|_| VaultError::SettingRefused { setting: "key" })
}

/// SQLite keeps a statement's text and each quoted word of it in small slots that it hands out again without wiping
/// them (93 slots of 128 bytes for each connection). So many statements of the same length, alive at once, overwrite
/// every slot in which the key was. A pragma that nobody knows does nothing and, unlike a SELECT, reads no page.
fn overwrite_freed(connection: &Connection, length: usize) -> Result<(), VaultError> {
    const STATEMENTS: usize = 128;
    let blank = format!("PRAGMA nil = '{}'", "0".repeat(length - "PRAGMA nil = ''".len()));
    let mut alive = Vec::with_capacity(STATEMENTS);
    for _ in 0..STATEMENTS {
        alive.push(connection.prepare(&blank).map_err(VaultError::Sql)?);
    }
    Ok(())
}

/// Makes the file with its first page and closes it, so that its header is checked like any other's.
fn create_if_absent(path: &Path, key: &DatabaseKey) -> Result<(), VaultError> {
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0) {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    make_private(&mut options);
    options.open(path).map_err(VaultError::io("created"))?;

    let connection = open_keyed(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    set_wal(&connection)?;
    connection.close().map_err(|(_, error)| VaultError::Sql(error))?;
    crate::disk::sync_folder(folder_of(path)).map_err(VaultError::io("made durable"))
}

fn check_header(path: &Path) -> Result<(), VaultError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => VaultError::DatabaseMissing,
        _ => VaultError::Io { step: "opened", source: error },
    })?;
    let mut header = [0; PLAINTEXT_HEADER.len()];
    file.read_exact(&mut header).map_err(|_| VaultError::DatabaseCutOff)?;
    if header == *PLAINTEXT_HEADER { Err(VaultError::PlaintextDatabase) } else { Ok(()) }
}

/// SQLite drops the state of its functions after it closed the file: so the connection itself owns its place.
fn give_occupancy(connection: &Connection, occupancy: Occupancy) -> Result<(), VaultError> {
    connection
        .create_scalar_function("vault_occupancy", 0, FunctionFlags::SQLITE_DIRECTONLY, move |_| {
            let _held = &occupancy;
            Ok(rusqlite::types::Null)
        })
        .map_err(VaultError::Sql)
}

fn configure(connection: &Connection, options: OpenOptions) -> Result<(), VaultError> {
    connection.busy_timeout(Duration::from_millis(options.busy_timeout_ms)).map_err(VaultError::Sql)?;
    if !options.read_only {
        set_wal(connection)?;
    }
    let settings = format!(
        "PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -{};",
        options.cache_kib
    );
    connection.execute_batch(&settings).map_err(VaultError::Sql)?;
    for (setting, wanted) in [("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("temp_store", 2)] {
        let found: i64 = connection.pragma_query_value(None, setting, |row| row.get(0)).map_err(VaultError::Sql)?;
        if found != wanted {
            return Err(VaultError::SettingRefused { setting });
        }
    }
    Ok(())
}

fn set_wal(connection: &Connection) -> Result<(), VaultError> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(VaultError::Sql)?;
    if mode == "wal" { Ok(()) } else { Err(VaultError::SettingRefused { setting: "journal_mode" }) }
}
