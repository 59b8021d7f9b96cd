//! The tables of the embedded ledger, and their migrations: numbered, forward-only, never edited.
//!
//! `unit` is the number of a row of the table of that name; 0 stands for the server as a whole in `audit`. Ids and
//! hashes are blobs, times Unix milliseconds.
//!
//! - `setting`: the deployment's keys, the TLS key, the schema of nothing else.
//! - `unit`: one row for each unit with the head of its log; writers of a unit meet here.
//! - `officer`, `device`, `code`: reference tables. A code's secret is stored hashed.
//! - `entry`: one row for each batch of a unit's log, `idx` dense from 1. `envelope` is what its author signed,
//!   `log_hash` the hash of the log through it.
//! - `change`: one row for each change of an entry. `body` is NULL once erased. `header` is the exact bytes.
//! - `touch`: which changes an entity is folded from, and whom a correction speaks of.
//! - `named_photo`: which photos headers name. `photo`, `photo_piece`: the photos that have come.
//! - `erased_change`, `erased_photo`, `erased_person`: what may not come again.
//! - `chain`: the head of each chain. `aside`: forked and quarantined batches. `gap`: the receipt of a batch that came by
//!   stick and that its chain does not reach yet, until it does.
//! - `upload`, `upload_piece`: what is on its way, every byte as it arrived.
//! - `edition`, `edition_piece`: register editions as compressed pieces, whole and as what changed.
//! - `reservation`: corrections that went out in a file.
//! - `audit`: a hash chain for each unit. `access`: the laptops' access logs,
//!   in chains, each line with the hash of its chain after it.

use rusqlite::Connection;

use crate::error::{Result, ServerError};

const MIGRATIONS: &[&str] = &[VERSION_1];

const VERSION_1: &str = "
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    unit INTEGER PRIMARY KEY, code TEXT NOT NULL, list_date TEXT NOT NULL, name TEXT NOT NULL,
    log BLOB NOT NULL, log_started_ms INTEGER NOT NULL, head INTEGER NOT NULL, edition INTEGER NOT NULL,
    own_chain BLOB NOT NULL, UNIQUE (code, list_date)
) STRICT;
CREATE TABLE officer (
    officer BLOB PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit, name TEXT NOT NULL, role INTEGER NOT NULL,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE device (
    device BLOB PRIMARY KEY, kid BLOB NOT NULL UNIQUE, public_key BLOB NOT NULL, stick_key BLOB,
    unit INTEGER REFERENCES unit, role INTEGER NOT NULL, officer BLOB NOT NULL, key_epoch INTEGER NOT NULL,
    from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, certificate BLOB NOT NULL,
    revoked_ms INTEGER, revoked_cause TEXT,
    contact_ms INTEGER, skew_ms INTEGER NOT NULL DEFAULT 0, app_version TEXT NOT NULL DEFAULT '',
    waiting_batches INTEGER NOT NULL DEFAULT 0, waiting_photos INTEGER NOT NULL DEFAULT 0,
    waiting_photo_bytes INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE code (
    code TEXT PRIMARY KEY, officer BLOB NOT NULL REFERENCES officer, salt BLOB NOT NULL, secret_hash BLOB NOT NULL,
    made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, tries INTEGER NOT NULL, replaces BLOB, used_key BLOB,
    answer BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE chain (
    unit INTEGER NOT NULL REFERENCES unit, device BLOB NOT NULL, chain BLOB NOT NULL, last_sequence INTEGER NOT NULL,
    head BLOB NOT NULL, PRIMARY KEY (unit, device, chain)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    unit INTEGER NOT NULL REFERENCES unit, idx INTEGER NOT NULL, device BLOB NOT NULL, chain BLOB NOT NULL,
    first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, hash_after BLOB NOT NULL,
    log_hash BLOB NOT NULL, envelope BLOB NOT NULL, receipt BLOB NOT NULL, log BLOB NOT NULL, received_ms INTEGER NOT NULL, brought_by BLOB,
    bytes INTEGER NOT NULL, PRIMARY KEY (unit, idx)
) STRICT;
CREATE UNIQUE INDEX entry_by_chain ON entry (unit, chain, first_sequence, device);
CREATE TABLE change (
    unit INTEGER NOT NULL, idx INTEGER NOT NULL, sequence INTEGER NOT NULL, change BLOB NOT NULL,
    kind INTEGER NOT NULL, device BLOB NOT NULL, role INTEGER NOT NULL, header BLOB NOT NULL, body BLOB,
    verdict INTEGER, PRIMARY KEY (unit, idx, sequence)
) STRICT;
CREATE INDEX change_by_id ON change (unit, change);
CREATE INDEX change_by_kind ON change (unit, kind, idx);
CREATE TABLE touch (
    unit INTEGER NOT NULL, entity_kind INTEGER NOT NULL, entity BLOB NOT NULL, idx INTEGER NOT NULL,
    sequence INTEGER NOT NULL, PRIMARY KEY (unit, entity_kind, entity, idx, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE named_photo (
    unit INTEGER NOT NULL, photo BLOB NOT NULL, change BLOB NOT NULL, bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL, PRIMARY KEY (unit, photo, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_photo_by_change ON named_photo (unit, change);
CREATE TABLE erased_change (
    unit INTEGER NOT NULL, change BLOB NOT NULL, PRIMARY KEY (unit, change)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_photo (
    unit INTEGER NOT NULL, photo BLOB NOT NULL, PRIMARY KEY (unit, photo)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_person (
    unit INTEGER NOT NULL, person BLOB NOT NULL, erased_ms INTEGER NOT NULL, PRIMARY KEY (unit, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE aside (
    unit INTEGER NOT NULL, device BLOB NOT NULL, chain BLOB NOT NULL, first_sequence INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL, hash_after BLOB NOT NULL, why INTEGER NOT NULL, sealed BLOB NOT NULL,
    receipt BLOB NOT NULL, received_ms INTEGER NOT NULL, decided TEXT,
    PRIMARY KEY (unit, device, chain, first_sequence, hash_after)
) STRICT;
CREATE TABLE gap (
    unit INTEGER NOT NULL, device BLOB NOT NULL, chain BLOB NOT NULL, receipt BLOB NOT NULL,
    PRIMARY KEY (unit, device, chain)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    unit INTEGER NOT NULL, device BLOB NOT NULL, hash BLOB NOT NULL, kind INTEGER NOT NULL, bytes INTEGER NOT NULL,
    held INTEGER NOT NULL, media_type TEXT, announced_ms INTEGER NOT NULL, PRIMARY KEY (unit, device, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE upload_piece (
    unit INTEGER NOT NULL, device BLOB NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (unit, device, hash, at)
) STRICT;
CREATE TABLE photo (
    unit INTEGER NOT NULL, photo BLOB NOT NULL, bytes INTEGER NOT NULL, stored_ms INTEGER NOT NULL,
    PRIMARY KEY (unit, photo)
) STRICT, WITHOUT ROWID;
CREATE TABLE photo_piece (
    unit INTEGER NOT NULL, photo BLOB NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (unit, photo, at)
) STRICT;

CREATE TABLE edition (
    unit INTEGER NOT NULL, edition INTEGER NOT NULL, label TEXT NOT NULL, base INTEGER, people INTEGER NOT NULL,
    households INTEGER NOT NULL, dwellings INTEGER NOT NULL, imported_ms INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (unit, edition)
) STRICT, WITHOUT ROWID;
CREATE TABLE edition_piece (
    unit INTEGER NOT NULL, edition INTEGER NOT NULL, delta INTEGER NOT NULL, position INTEGER NOT NULL,
    hash BLOB NOT NULL, raw_bytes INTEGER NOT NULL, records INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (unit, edition, delta, position)
) STRICT;
CREATE INDEX edition_piece_by_hash ON edition_piece (unit, hash);

CREATE TABLE reservation (
    unit INTEGER NOT NULL, correction BLOB NOT NULL, export BLOB NOT NULL, reserved_ms INTEGER NOT NULL,
    PRIMARY KEY (unit, correction)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    unit INTEGER NOT NULL, sequence INTEGER NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, alarm INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (unit, sequence)
) STRICT;
CREATE TABLE access (
    unit INTEGER NOT NULL, device BLOB NOT NULL, chain BLOB NOT NULL, sequence INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, officer BLOB NOT NULL, action INTEGER NOT NULL, entity_kind INTEGER, entity BLOB,
    detail TEXT, hash BLOB NOT NULL, PRIMARY KEY (unit, device, chain, sequence)
) STRICT, WITHOUT ROWID;
";

/// Brings an empty or older ledger to this version, each step in a transaction of its own.
///
/// # Errors
/// `LedgerTooNew`; the database's own.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).expect("migrations are few");
    loop {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if found > known {
            return Err(ServerError::LedgerTooNew { found, known });
        }
        let Some(step) = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found)) else { return Ok(()) };
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", found + 1)?;
        transaction.commit()?;
    }
}
