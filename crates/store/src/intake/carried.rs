//! What comes by stick and takes more than one stick to answer: a fork, and a server that was restored.

use sync::cose;
use sync::message::FeedPage;

use super::log;
use crate::error::Result;
use crate::store::Store;
use crate::{chain, setting};

/// What became of a carried page of another log than is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFollowed {
    /// It is of a log that was left: a stick from before the restore. Nothing moved.
    Passed,
    /// Everything held is in the queue, in the order of the old log: the next queue file carries it.
    Offered,
    /// A queue file carried everything: the new log is read from zero, and the page can be taken.
    ReadFromZero,
}

impl Store {
    /// Opens a new chain where a signed receipt called the open one forked. An old stick says so again and again of a
    /// chain that was replaced long ago: that moves nothing.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the disk says.
    pub fn renew_if_forked(&self, now_ms: u64) -> Result<bool> {
        let profile = self.enrolled()?;
        self.write(|connection| {
            let own = chain::own(connection)?;
            if !log::is_forked(connection, own.n)? {
                return Ok(false);
            }
            chain::renew(connection, profile.device, now_ms)?;
            Ok(true)
        })
    }

    /// Follows a server that was restored, to the log of a page that came by stick. Everything is offered first, and read
    /// from zero only once a queue file carried it: whoever reads from zero no longer knows the order in which it stood.
    ///
    /// # Errors
    /// `Wire` where the page is not the server's; what the disk says.
    pub fn follow_log(&self, page: &[u8], now_ms: u64, app_version: &str) -> Result<LogFollowed> {
        let profile = self.enrolled()?;
        let page: FeedPage = cose::verify(page, &profile.server_key, profile.deployment)?;
        let (left, offered_to, carried_to) = self.read(|connection| {
            Ok((
                setting::bytes(connection, setting::LOGS_LEFT)?.unwrap_or_default(),
                setting::id_of(connection, setting::OFFERED_TO)?,
                setting::id_of(connection, setting::CARRIED_TO)?,
            ))
        })?;
        if left.chunks(16).any(|log| log == page.log.as_bytes()) {
            return Ok(LogFollowed::Passed);
        }
        if carried_to == Some(page.log) {
            self.read_from_zero(page.log, now_ms, app_version)?;
            return Ok(LogFollowed::ReadFromZero);
        }
        if offered_to != Some(page.log) {
            self.offer_everything(page.log)?;
        }
        Ok(LogFollowed::Offered)
    }

    /// A queue file was written with everything that waits in it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn note_all_carried(&self) -> Result<()> {
        self.write(|connection| match setting::bytes(connection, setting::OFFERED_TO)? {
            Some(log) => setting::put(connection, setting::CARRIED_TO, log),
            None => Ok(()),
        })
    }
}
