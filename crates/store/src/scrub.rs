//! After an erasure nothing of it may be left: not in freed pages, not in the WAL, not in a backup.
//!
//! `secure_delete` overwrites what is deleted, but a page that SQLite rebalances keeps, in its unused middle, copies of
//! rows that moved to its neighbour. So the working file is written anew, its WAL cut off, and older copies removed. The
//! wish for it is kept in the transaction of the erasure: a crash on the way makes the next opening begin again.
//!
//! Writing the file anew needs room for a second one. Where there is none, the work goes on: what was erased is gone from
//! every table already, the status says that the files are still to be tidied, and it is tried again at the next
//! opening, with the next page, and at the end of every exchange.

use domain::id::PhotoHash;
use rusqlite::Connection;

use crate::error::{Result, StoreError};
use crate::row::id;
use crate::schema::{PHOTOS, WORK, remove_backups};
use crate::store::Store;
use crate::{photo, setting};

impl Store {
    /// Takes what was erased out of the files, where an erasure asks for it and there was no room before. Returns whether
    /// nothing of it is left. What stands in the way is logged: nobody is kept from work by it.
    pub fn finish_erasure(&self) -> bool {
        let Err(error) = finish(self) else { return true };
        tracing::warn!(code = error.code(), "erased content is not out of the files yet");
        // What was written in vain takes room that the work needs.
        let _ = cut_wal(&self.writer());
        false
    }
}

/// Does what an erasure asked for; nothing where none did.
fn finish(store: &Store) -> Result<()> {
    let writer = store.writer();
    if setting::number(&writer, setting::SCRUB_WANTED)? == 0 {
        return Ok(());
    }
    {
        let mut photos = store.photos();
        photo::delete(&mut photos, &erased_photos(&writer)?)?;
        cut_wal(&photos)?;
    }
    {
        // A reader in the middle of its transaction would hold on to the old pages.
        let _nobody_reads = store.reader();
        writer.execute_batch("VACUUM")?;
        cut_wal(&writer)?;
    }
    remove_backups(store.folder(), &WORK)?;
    remove_backups(store.folder(), &PHOTOS)?;
    setting::remove(&writer, setting::SCRUB_WANTED)?;
    cut_wal(&writer)?;
    tracing::info!("erased content was scrubbed from the files");
    Ok(())
}

fn erased_photos(connection: &Connection) -> Result<Vec<PhotoHash>> {
    let mut statement = connection.prepare_cached("SELECT hash FROM photo WHERE is_erased")?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Brings everything into the file itself and empties its WAL.
pub(crate) fn cut_wal(connection: &Connection) -> Result<()> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    match busy {
        0 => Ok(()),
        _ => Err(StoreError::Busy),
    }
}
