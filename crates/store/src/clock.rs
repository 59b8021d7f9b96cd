//! What the clocks said. Nothing is refused for its time: a clock set back is written into the next change, and the
//! transport's own clock is never earlier than what the server last signed.

use rusqlite::Connection;

use crate::error::Result;
use crate::setting;
use crate::store::Store;

/// Remembers this laptop's clock. Returns by how much it had been set back since it was last remembered.
pub(crate) fn advance(connection: &Connection, now_ms: u64) -> Result<Option<u64>> {
    let before = setting::number(connection, setting::CLOCK_MS)?;
    setting::put_number(connection, setting::CLOCK_MS, now_ms)?;
    Ok(before.checked_sub(now_ms).filter(|back| *back > 0))
}

/// Remembers a time that the server signed.
pub(crate) fn note_server(connection: &Connection, server_ms: u64) -> Result<()> {
    if server_ms > setting::number(connection, setting::SERVER_MS)? {
        setting::put_number(connection, setting::SERVER_MS, server_ms)?;
    }
    Ok(())
}

impl Store {
    /// The latest time that the server signed (a receipt or a page); 0 before the first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn last_server_ms(&self) -> Result<u64> {
        self.read(|connection| setting::number(connection, setting::SERVER_MS))
    }
}
