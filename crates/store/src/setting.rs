//! One value for each name. The names are here, so that no two uses share one.

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::error::Result;
use crate::row::{BlobId, id, signed, unsigned};

pub(crate) const DEVICE: &str = "device";
pub(crate) const SIGNING_SEED: &str = "signing_seed_wrapped";
pub(crate) const STICK_SECRET: &str = "stick_secret_wrapped";
/// The server's identity document, the bytes whose hash was compared.
pub(crate) const IDENTITY: &str = "identity";
/// The signed answer to the enrolment, as received.
pub(crate) const ENROLMENT_ANSWER: &str = "enrolment_answer";
/// A later certificate of the server than the enrolment brought.
pub(crate) const SERVER_CERTIFICATE: &str = "server_certificate";
pub(crate) const LOG: &str = "log";
/// The log to which everything held was put in the queue.
pub(crate) const OFFERED_TO: &str = "offered_to";
/// Logs that were read before the present one, their ids one after the other: no stick leads back to them.
pub(crate) const LOGS_LEFT: &str = "logs_left";
/// The log to which a queue file carried everything held.
pub(crate) const CARRIED_TO: &str = "carried_to";
/// Log index up to which the feed was read.
pub(crate) const FEED_INDEX: &str = "feed_index";
/// Hash of the log through what was read.
pub(crate) const LOG_HASH: &str = "log_hash";
/// The server's signed mark of what was read, as received: proves to it what its log was.
pub(crate) const LOG_MARK: &str = "log_mark";
/// A receipt of the present log that the pages do not bear out, as received: proves the same.
pub(crate) const LOG_DOUBT: &str = "log_doubt";
/// Head of the log, as the last page said.
pub(crate) const LOG_HEAD: &str = "log_head";
/// Number of the edition that is held; 0 for none.
pub(crate) const EDITION: &str = "edition";
/// Set when the log began anew: the server may have given the held edition's number to another one.
pub(crate) const EDITION_STALE: &str = "edition_stale";
/// Edition in force at the server, as the last page said.
pub(crate) const EDITION_IN_FORCE: &str = "edition_in_force";
/// The manifest of the edition that is being fetched, as CBOR.
pub(crate) const EDITION_BEGUN: &str = "edition_begun";
/// Days after which a person counts as not seen, by the unit's policy.
pub(crate) const ALIVE_DAYS: &str = "alive_days";
/// What this laptop's clock said at the last change.
pub(crate) const CLOCK_MS: &str = "clock_ms";
/// The latest time that the server signed.
pub(crate) const SERVER_MS: &str = "server_ms";
/// Set in the transaction of an erasure, cleared once nothing of it is left in any file.
pub(crate) const SCRUB_WANTED: &str = "scrub_wanted";
/// By which rules the columns were folded.
pub(crate) const FOLD_VERSION: &str = "fold_version";
/// Before the names that other rooms keep here.
pub(crate) const APP_PREFIX: &str = "app.";

pub(crate) fn put(connection: &Connection, name: &str, value: impl ToSql) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")?
        .execute(params![name, value])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, name: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
    Ok(())
}

pub(crate) fn put_number(connection: &Connection, name: &str, value: u64) -> Result<()> {
    put(connection, name, signed(value))
}

/// 0 where it was never set.
pub(crate) fn number(connection: &Connection, name: &str) -> Result<u64> {
    Ok(number_or_none(connection, name)?.unwrap_or(0))
}

pub(crate) fn number_or_none(connection: &Connection, name: &str) -> Result<Option<u64>> {
    Ok(statement(connection)?.query_row([name], |row| unsigned(row, 0)).optional()?)
}

pub(crate) fn bytes(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(statement(connection)?.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn text(connection: &Connection, name: &str) -> Result<Option<String>> {
    Ok(statement(connection)?.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn id_of<T: BlobId>(connection: &Connection, name: &str) -> Result<Option<T>> {
    Ok(statement(connection)?.query_row([name], |row| id(row, 0)).optional()?)
}

fn statement(connection: &Connection) -> Result<rusqlite::CachedStatement<'_>> {
    Ok(connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?)
}
