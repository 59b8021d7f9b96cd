//! A server restored from a backup has a log of another id: everything held is offered to it, then read from zero.

use domain::id::{ChainId, LogId};
use rusqlite::{Connection, OptionalExtension};
use sync::hash::{Hash, LOG_START};

use crate::error::Result;
use crate::row::signed;
use crate::seal::made;
use crate::store::Store;
use crate::{access, chain, setting};

/// What the server has signed of its log, as received: shown to it with every announcement and on every stick, so that
/// one that was set back finds it out before it stores anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogProofs {
    /// The mark of what was read.
    pub mark: Option<Vec<u8>>,
    /// A stored receipt that the pages read so far do not bear out.
    pub receipt: Option<Vec<u8>>,
}

impl Store {
    /// What proves to the server what its log was.
    ///
    /// # Errors
    /// What the disk says.
    pub fn log_proofs(&self) -> Result<LogProofs> {
        self.read(|connection| {
            let above = connection
                .prepare_cached("SELECT receipt FROM batch WHERE log_index > ?1 ORDER BY log_index DESC LIMIT 1")?
                .query_row([signed(setting::number(connection, setting::FEED_INDEX)?)], |row| row.get(0))
                .optional()?
                .flatten();
            Ok(LogProofs {
                mark: setting::bytes(connection, setting::LOG_MARK)?,
                receipt: setting::bytes(connection, setting::LOG_DOUBT)?.or(above),
            })
        })
    }

    /// Puts every batch that is here in the queue, others' included, every photo and every line of the access
    /// log, for the server's new log.
    ///
    /// # Errors
    /// What the disk says.
    pub fn offer_everything(&self, log: LogId) -> Result<()> {
        self.write(|connection| {
            connection.execute("UPDATE batch SET is_offered = 1 WHERE state IN (1, 2, 4)", [])?;
            connection.execute("UPDATE photo SET upload = 1 WHERE is_here AND NOT is_erased", [])?;
            access::offer_everything(connection)?;
            setting::put(connection, setting::OFFERED_TO, log.as_bytes())
        })
    }

    /// Everything was offered: forgets the places that changes had in the old log and begins to read the new one. Until
    /// it is read, what is here is shown as before.
    ///
    /// # Errors
    /// What the disk says.
    pub fn read_from_zero(&self, log: LogId, now_ms: u64, app_version: &str) -> Result<()> {
        let profile = self.enrolled()?;
        self.write(|connection| {
            // What was made until now had seen the old log: a batch never spans two.
            self.seal(connection, &profile, &made(now_ms, app_version))?;
            if setting::number(connection, setting::EDITION)? > 0 {
                setting::put_number(connection, setting::EDITION_STALE, 1)?;
            }
            connection.execute("UPDATE batch SET log_index = NULL", [])?;
            connection.execute("UPDATE change SET log_index = NULL, received_ms = NULL", [])?;
            setting::put_number(connection, setting::FEED_INDEX, 0)?;
            setting::put_number(connection, setting::LOG_HEAD, 0)?;
            for name in [setting::LOG_HASH, setting::LOG_MARK, setting::LOG_DOUBT] {
                setting::remove(connection, name)?;
            }
            let mut left = setting::bytes(connection, setting::LOGS_LEFT)?.unwrap_or_default();
            left.extend(setting::bytes(connection, setting::LOG)?.unwrap_or_default());
            setting::put(connection, setting::LOGS_LEFT, left)?;
            setting::put(connection, setting::LOG, log.as_bytes())
        })
    }

    /// Opens a new chain after a signed fork, or for another reason why this one may not go on. What has no receipt moves
    /// to it with the same change ids.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn new_chain(&self, now_ms: u64) -> Result<ChainId> {
        let profile = self.enrolled()?;
        self.write(|connection| chain::renew(connection, profile.device, now_ms))
    }
}

/// The log that this device knows; `None` before it heard of one from the server itself. (The enrolment names one, but
/// the server may have been restored since.)
pub(crate) fn known(connection: &Connection) -> Result<Option<LogId>> {
    let nothing_heard =
        setting::number(connection, setting::FEED_INDEX)? == 0 && setting::number(connection, setting::SERVER_MS)? == 0;
    match nothing_heard {
        true => Ok(None),
        false => setting::id_of(connection, setting::LOG),
    }
}

/// The hash of the log through what was read.
pub(crate) fn hash_read(connection: &Connection) -> Result<Hash> {
    Ok(setting::id_of(connection, setting::LOG_HASH)?.unwrap_or(LOG_START))
}

/// When the server made the last page that was read.
pub(crate) fn mark_made_ms(connection: &Connection, store: &Store) -> Result<Option<u64>> {
    let Some(mark) = setting::bytes(connection, setting::LOG_MARK)? else { return Ok(None) };
    let profile = store.enrolled()?;
    // One of an earlier key of the server says nothing of the time.
    Ok(sync::feed::verify_mark(&mark, &profile.server_key, profile.deployment).ok().map(|mark| mark.made_ms))
}

/// Whether a signed receipt called the open chain forked.
pub(crate) fn is_forked(connection: &Connection, chain: i64) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM batch WHERE chain = ?1 AND state = 3)")?
        .query_row([chain], |row| row.get(0))?)
}
