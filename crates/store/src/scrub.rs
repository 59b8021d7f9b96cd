//! After an erasure nothing of it may be left: not in freed pages, not in the WAL, not in a backup.
//!
//! `secure_delete` overwrites what is deleted, but a page that SQLite rebalances keeps, in its unused middle, copies of
//! rows that moved to its neighbour. So the working file is written anew, its WAL cut off, and older copies removed. The
//! wish for it is kept in the transaction of the erasure: a crash on the way makes the next opening begin again.

use domain::id::PhotoHash;
use rusqlite::Connection;

use crate::error::{Result, StoreError};
use crate::row::id;
use crate::schema::{PHOTOS, WORK, remove_backups};
use crate::store::Store;
use crate::{photo, setting};

/// Does what an erasure asked for; nothing where none did.
pub(crate) fn finish(store: &Store) -> Result<()> {
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
