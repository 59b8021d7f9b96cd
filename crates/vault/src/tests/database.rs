use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::{DatabaseKey, MasterKey, OpenOptions, VaultError, check_integrity, open_database};

const CREATE: OpenOptions =
    OpenOptions { create: true, read_only: false, shared_writing: false, cache_kib: 1024, busy_timeout_ms: 1_000 };
const WRITE: OpenOptions = OpenOptions { create: false, ..CREATE };
const READ: OpenOptions = OpenOptions { read_only: true, ..WRITE };
const CANARY: &str = "Nguyễn Thị Chim Hoàng Yến 001198765432";

fn place() -> (TempDir, PathBuf, DatabaseKey) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("work.db");
    (folder, path, MasterKey::generate().database_key("work"))
}

fn fill(connection: &Connection) {
    connection.execute_batch("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)").unwrap();
    for _ in 0..200 {
        connection.execute("INSERT INTO person (name) VALUES (?1)", [CANARY]).unwrap();
    }
}

fn files_with(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| fs::read(file).unwrap().windows(needle.len()).any(|window| window == needle)).collect()
}

#[test]
fn what_is_written_is_read_again_with_the_same_key() {
    let (_folder, path, key) = place();
    fill(&open_database(&path, &key, CREATE).unwrap());

    let connection = open_database(&path, &key, WRITE).unwrap();

    let count: i64 = connection.query_row("SELECT count(*) FROM person", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 200);
    check_integrity(&connection).unwrap();
}

#[test]
fn another_key_is_refused() {
    let (_folder, path, key) = place();
    fill(&open_database(&path, &key, CREATE).unwrap());

    let other = MasterKey::generate().database_key("work");

    assert!(matches!(open_database(&path, &other, WRITE), Err(VaultError::WrongKey)));
    assert!(matches!(open_database(&path, &other, READ), Err(VaultError::WrongKey)));
}

#[test]
fn another_purpose_is_another_key() {
    let (_folder, path, _) = place();
    let master = MasterKey::generate();
    fill(&open_database(&path, &master.database_key("work"), CREATE).unwrap());

    assert!(matches!(open_database(&path, &master.database_key("photos"), WRITE), Err(VaultError::WrongKey)));
    open_database(&path, &master.database_key("work"), WRITE).unwrap();
}

#[test]
fn a_plain_database_is_refused() {
    let (_folder, path, key) = place();
    // An unkeyed SQLCipher connection writes an ordinary SQLite file.
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE person (name TEXT)").unwrap();

    for options in [CREATE, WRITE, READ] {
        assert!(matches!(open_database(&path, &key, options), Err(VaultError::PlaintextDatabase)));
    }
}

#[test]
fn an_absent_or_empty_file_is_not_taken_for_a_database() {
    let (_folder, path, key) = place();
    assert!(matches!(open_database(&path, &key, WRITE), Err(VaultError::DatabaseMissing)));
    assert!(matches!(open_database(&path, &key, READ), Err(VaultError::DatabaseMissing)));

    fs::write(&path, b"").unwrap();
    assert!(matches!(open_database(&path, &key, WRITE), Err(VaultError::DatabaseCutOff)));

    open_database(&path, &key, CREATE).expect("an interrupted creation is finished");
}

#[test]
fn a_second_writer_is_refused_while_readers_are_let_in() {
    let (_folder, path, key) = place();
    let writer = open_database(&path, &key, CREATE).unwrap();
    fill(&writer);

    assert!(matches!(open_database(&path, &key, WRITE), Err(VaultError::InUse)));
    let reader = open_database(&path, &key, READ).unwrap();
    assert!(reader.execute("DELETE FROM person", []).is_err());
    assert_eq!(reader.query_row("SELECT count(*) FROM person", [], |row| row.get::<_, i64>(0)).unwrap(), 200);

    drop(writer);
    open_database(&path, &key, WRITE).expect("the place is free once the writer is gone");
}

#[test]
fn a_failed_opening_leaves_the_place_free() {
    let (_folder, path, key) = place();
    drop(open_database(&path, &key, CREATE).unwrap());

    let other = MasterKey::generate().database_key("work");
    assert!(open_database(&path, &other, WRITE).is_err());

    open_database(&path, &key, WRITE).unwrap();
}

#[test]
fn opening_a_reader_leaves_the_writers_own_locks_in_place() {
    // Closing any handle of a file drops the POSIX locks of the whole process on it, SQLite's too. Were the header read
    // beside an open connection, another process could then take the file exclusively.
    let (_folder, path, key) = place();
    let writer = open_database(&path, &key, CREATE).unwrap();
    fill(&writer);
    let _reader = open_database(&path, &key, READ).unwrap();

    assert!(posix_locks_on(&path) != Some(0), "SQLite's shared lock is gone");
}

/// How many POSIX locks the kernel knows on the file; None where it does not say.
fn posix_locks_on(path: &Path) -> Option<usize> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let inode = format!(":{} ", fs::metadata(path).unwrap().ino());
        let locks = fs::read_to_string("/proc/locks").ok()?;
        Some(locks.lines().filter(|line| line.contains("POSIX") && line.contains(&inode)).count())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

#[test]
fn no_canary_is_in_any_file_while_the_database_is_open_or_after() {
    let (folder, path, key) = place();
    let connection = open_database(&path, &key, CREATE).unwrap();
    fill(&connection);
    connection.execute_batch("CREATE TEMP TABLE copy AS SELECT * FROM person").unwrap();

    assert!(folder.path().join("work.db-wal").metadata().unwrap().len() > 0, "the WAL is part of what is searched");
    assert_eq!(files_with(folder.path(), CANARY.as_bytes()), Vec::<PathBuf>::new());
    assert_eq!(files_with(folder.path(), b"SQLite format 3"), Vec::<PathBuf>::new());

    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(connection);
    assert_eq!(files_with(folder.path(), CANARY.as_bytes()), Vec::<PathBuf>::new());
}

#[test]
fn the_search_for_canaries_finds_them_in_a_plain_file() {
    let (folder, path, _) = place();
    fill(&Connection::open(&path).unwrap());

    assert_eq!(files_with(folder.path(), CANARY.as_bytes()), [path]);
}

#[test]
fn a_changed_byte_in_any_page_is_an_error_and_never_other_data() {
    let (_folder, path, key) = place();
    let connection = open_database(&path, &key, CREATE).unwrap();
    fill(&connection);
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(connection);
    let whole = fs::read(&path).unwrap();
    assert!(whole.len() >= 4 * 4096, "several pages");

    // 61 is coprime to the page size, so the bytes fall on every part of a page: salt, content, IV and code.
    for (index, at) in (0..whole.len()).step_by(61).enumerate() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (index % 8);
        fs::write(&path, &changed).unwrap();

        let read = open_database(&path, &key, READ).and_then(|connection| {
            let found = check_integrity(&connection);
            assert!(found.is_err(), "byte {at} went unnoticed");
            let mut statement = connection.prepare("SELECT name FROM person").map_err(VaultError::Sql)?;
            let names = statement.query_map([], |row| row.get::<_, String>(0)).map_err(VaultError::Sql)?;
            names.collect::<Result<Vec<_>, _>>().map_err(VaultError::Sql)
        });
        if let Ok(names) = read {
            assert!(names.iter().all(|name| name == CANARY), "byte {at} changed what is read");
            assert_eq!(names.len(), 200, "byte {at} changed what is read");
        }
    }
}

#[test]
fn a_connection_has_every_setting_it_was_promised() {
    let (_folder, path, key) = place();
    let connection = open_database(&path, &key, CREATE).unwrap();
    let setting = |name: &str| -> String {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| format!("{value:?}"))
            .unwrap()
    };

    assert_eq!(setting("journal_mode"), r#"Text("wal")"#);
    assert_eq!(setting("synchronous"), "Integer(2)");
    assert_eq!(setting("secure_delete"), "Integer(1)");
    assert_eq!(setting("foreign_keys"), "Integer(1)");
    assert_eq!(setting("temp_store"), "Integer(2)");
    assert_eq!(setting("cache_size"), "Integer(-1024)");
}

#[cfg(unix)]
#[test]
fn nobody_but_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path, key) = place();
    let _connection = open_database(&path, &key, CREATE).unwrap();

    for file in fs::read_dir(folder.path()).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn wrapped_bytes_open_for_their_key_and_purpose_alone() {
    let master = MasterKey::generate();
    let sealed = master.wrap("signing seed", b"thirty-two bytes of an Ed25519 s");

    assert_eq!(&**master.unwrap("signing seed", &sealed).unwrap(), b"thirty-two bytes of an Ed25519 s");
    assert!(matches!(master.unwrap("stick key", &sealed), Err(VaultError::UnwrapFailed)));
    assert!(matches!(MasterKey::generate().unwrap("signing seed", &sealed), Err(VaultError::UnwrapFailed)));
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(master.unwrap("signing seed", &changed), Err(VaultError::UnwrapFailed)));
    }
    for length in 0..sealed.len() {
        assert!(matches!(master.unwrap("signing seed", &sealed[..length]), Err(VaultError::UnwrapFailed)));
    }
}

#[test]
fn shared_writers_write_one_after_the_other() {
    let (_folder, path, key) = place();
    let shared = OpenOptions { shared_writing: true, ..CREATE };
    let first = open_database(&path, &key, shared).unwrap();
    first.execute_batch("CREATE TABLE line (text TEXT)").unwrap();
    let second = open_database(&path, &key, OpenOptions { create: false, ..shared }).unwrap();
    for connection in [&first, &second, &first] {
        connection.execute("INSERT INTO line VALUES ('x')", []).unwrap();
    }
    let lines: i64 = second.query_row("SELECT count(*) FROM line", [], |row| row.get(0)).unwrap();
    assert_eq!(lines, 3);
    assert!(open_database(&path, &key, WRITE).is_ok(), "nobody holds the one writer's place");
}
