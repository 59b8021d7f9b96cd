//! Numbered, forward-only migrations. A backup of both files comes before the first one that runs.
//!
//! A file's number is its `user_version`, set in the transaction of its migration: after a crash at any moment a file
//! has the old schema or the new one. Migrations are SQL alone and never import live types.

use std::fs;
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
    migrations: &[
        Migration { number: 1, sql: include_str!("../schema/work_0001_first.sql") },
        Migration { number: 2, sql: include_str!("../schema/work_0002_walk.sql") },
    ],
};

pub(crate) const PHOTOS: Kind = Kind {
    file: "photos.db",
    purpose: "photos",
    migrations: &[Migration { number: 1, sql: include_str!("../schema/photos_0001_first.sql") }],
};

/// The number of the working file's schema, as batches name it.
pub const SCHEMA_VERSION: u32 = 2;

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
    // Windows flushes only what was opened for writing.
    let file = fs::OpenOptions::new().write(true).open(&unfinished);
    file.and_then(|file| file.sync_all()).map_err(StoreError::io("made durable"))?;
    fs::rename(&unfinished, &target).map_err(StoreError::io("put in place"))?;
    remove_database(&unfinished)?;
    sync_folder(folder)?;
    remove_copies(folder, kind, |path| path != target)
}

/// Removes every copy of the file: after an erasure, since they still hold what was erased.
pub(crate) fn remove_backups(folder: &Path, kind: &Kind) -> Result<()> {
    remove_copies(folder, kind, |_| true)?;
    remove_database(&folder.join(format!("{}.backup-unfinished", kind.file)))
}

fn remove_copies(folder: &Path, kind: &Kind, which: impl Fn(&Path) -> bool) -> Result<()> {
    let start = format!("{}.before-", kind.file);
    for entry in fs::read_dir(folder).map_err(StoreError::io("listed"))? {
        let entry = entry.map_err(StoreError::io("listed"))?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(&start)) && which(&entry.path()) {
            remove_if_there(&entry.path())?;
        }
    }
    Ok(())
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
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io("made durable"))
}

/// Windows has no fsync of a folder; NTFS journals names on its own.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use vault::MasterKey;

    use super::*;

    const FIRST: Migration = Migration { number: 1, sql: "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('giữ');" };
    const OLD: Kind = Kind { file: "work.db", purpose: "work", migrations: &[FIRST] };
    const NEW: Kind = Kind {
        file: "work.db",
        purpose: "work",
        migrations: &[FIRST, Migration { number: 2, sql: "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = x;" }],
    };
    const BROKEN: Kind = Kind {
        file: "work.db",
        purpose: "work",
        migrations: &[FIRST, Migration { number: 2, sql: "DELETE FROM a; ALTER TABLE nothing ADD COLUMN y TEXT;" }],
    };

    struct Folder {
        folder: tempfile::TempDir,
        key: DatabaseKey,
    }

    impl Folder {
        fn at_first_schema() -> Self {
            let here = Self { folder: tempfile::tempdir().unwrap(), key: MasterKey::generate().database_key("work") };
            migrate(&mut here.open(OLD.file), &OLD).unwrap();
            here
        }

        fn open(&self, file: &str) -> Connection {
            let options = OpenOptions { create: true, ..OpenOptions::default() };
            open_database(&self.folder.path().join(file), &self.key, options).unwrap()
        }

        fn back_up(&self, kind: &Kind) {
            back_up(self.folder.path(), &self.open(kind.file), kind, &self.key).unwrap();
        }

        fn files(&self) -> Vec<String> {
            let mut files: Vec<String> = fs::read_dir(self.folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| !name.ends_with(".lock"))
                .collect();
            files.sort();
            files
        }
    }

    fn content(connection: &Connection) -> (u32, String) {
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        (version, connection.query_row("SELECT x FROM a", [], |row| row.get(0)).unwrap())
    }

    #[test]
    fn a_backup_is_the_old_file_under_the_same_key() {
        let here = Folder::at_first_schema();
        here.back_up(&NEW);
        migrate(&mut here.open(NEW.file), &NEW).unwrap();

        assert_eq!(content(&here.open("work.db")), (2, "giữ".to_owned()));
        assert_eq!(content(&here.open("work.db.before-2")), (1, "giữ".to_owned()));
        let bytes = fs::read(here.folder.path().join("work.db.before-2")).unwrap();
        assert!(!bytes.starts_with(b"SQLite format 3"));
        assert!(!bytes.windows(6).any(|window| window == "giữ".as_bytes()));
    }

    #[test]
    fn the_older_backup_goes_when_the_next_is_whole_and_all_go_after_an_erasure() {
        let here = Folder::at_first_schema();
        fs::write(here.folder.path().join("work.db.before-1"), b"an older copy").unwrap();
        // What an interrupted backup leaves.
        fs::write(here.folder.path().join("work.db.backup-unfinished"), b"half a copy").unwrap();
        here.back_up(&NEW);
        assert_eq!(here.files(), ["work.db", "work.db.before-2"]);

        remove_backups(here.folder.path(), &NEW).unwrap();

        assert_eq!(here.files(), ["work.db"]);
    }

    #[test]
    fn a_migration_that_fails_leaves_the_old_schema_whole() {
        let here = Folder::at_first_schema();
        let mut connection = here.open("work.db");

        assert!(migrate(&mut connection, &BROKEN).is_err());

        assert_eq!(content(&connection), (1, "giữ".to_owned()));
        migrate(&mut connection, &NEW).unwrap();
        assert_eq!(content(&connection), (2, "giữ".to_owned()));
    }

    #[test]
    fn a_file_of_a_later_version_is_refused_untouched() {
        let here = Folder::at_first_schema();
        let mut connection = here.open("work.db");
        migrate(&mut connection, &NEW).unwrap();

        let error = migrate(&mut connection, &OLD).unwrap_err();

        assert!(matches!(error, StoreError::NewerSchema { file: "work.db", found: 2, known: 1 }));
        assert_eq!(content(&connection), (2, "giữ".to_owned()));
    }

    /// A released migration is never edited: what changes comes as the next number.
    #[test]
    fn the_first_schema_is_frozen() {
        let hash = |kind: &Kind| domain::id::PhotoHash(sync::hash::sha256(kind.migrations[0].sql.as_bytes())).to_hex();
        insta::assert_snapshot!(hash(&WORK), @"79ae3fd24aa5f1a489a3c522aa497df79074760118f8cec2379e360f6b459d53");
        insta::assert_snapshot!(hash(&PHOTOS), @"f1b336a013fa0d665680f5a54911f1dfd0d6684e2e4fe56fbeb642c73623e85f");
    }

    #[test]
    fn migrations_are_numbered_densely_and_batches_name_the_last() {
        for kind in [&WORK, &PHOTOS] {
            let numbers: Vec<u32> = kind.migrations.iter().map(|migration| migration.number).collect();
            assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
        }
        assert_eq!(WORK.migrations.last().unwrap().number, SCHEMA_VERSION);
    }
}
