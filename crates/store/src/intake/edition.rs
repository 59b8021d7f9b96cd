//! Register editions: fetched piece by piece, kept until all are here, then taken in whole in one transaction.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sync::codec;
use sync::edition::{RecordOrder, verify_manifest};
use sync::hash::Hash;
use sync::message::Manifest;
use sync::plan::{EditionDownload, PieceDownload};

use super::log;
use super::records::Applier;
use crate::error::{Result, StoreError};
use crate::row::{from_cbor, signed, unsigned};
use crate::store::Store;
use crate::{scrub, setting};

/// SQLite's page cache while an edition is written: its indexes are filled in no order.
const INTAKE_CACHE_KIB: u32 = 96 * 1024;

/// The edition that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct EditionView {
    pub edition: u32,
    pub label: String,
    pub people: u32,
    pub households: u32,
    pub dwellings: u32,
    #[ts(type = "number")]
    pub made_ms: u64,
    #[ts(type = "number")]
    pub taken_ms: u64,
}

impl Store {
    /// Begins to fetch an edition, or goes on with it where the same manifest was begun before.
    ///
    /// # Errors
    /// `Wire` where the manifest does not hold; `EditionBase` for a delta on another edition than is held;
    /// `EditionOlder` for an edition before the one that is held, unless the log says that it is in force again, and for
    /// one of another log than is read.
    pub fn begin_edition(&self, envelope: &[u8]) -> Result<EditionDownload> {
        let profile = self.enrolled()?;
        let manifest = verify_manifest(envelope, &profile.server_key, profile.deployment, &profile.unit)?;
        self.write(|connection| {
            let held = number_held(connection)?;
            let is_stale = setting::number(connection, setting::EDITION_STALE)? > 0;
            if let Some(base) = manifest.base.filter(|base| *base != held) {
                return Err(StoreError::EditionBase { base, held });
            }
            // Not by the server's clock, which may be set back: by its log, and what that says is in force.
            let is_of_this_log = log::known(connection)?.is_none_or(|known| known == manifest.log);
            let number = u64::from(manifest.edition);
            let is_older = !is_stale
                && number < setting::number(connection, setting::EDITION)?
                && number != setting::number(connection, setting::EDITION_IN_FORCE)?;
            if is_older || !is_of_this_log {
                return Err(StoreError::EditionOlder);
            }
            let bytes = codec::encode(&manifest);
            if setting::bytes(connection, setting::EDITION_BEGUN)?.as_ref() != Some(&bytes) {
                setting::put(connection, setting::EDITION_BEGUN, &bytes)?;
                forget_other_pieces(connection, &manifest)?;
            }
            download_of(connection, &manifest)
        })
    }

    /// How far the edition that is being fetched is; `None` where none was begun.
    ///
    /// # Errors
    /// What the disk says.
    pub fn edition_download(&self) -> Result<Option<EditionDownload>> {
        self.read(|connection| match begun(connection)? {
            Some(manifest) => download_of(connection, &manifest).map(Some),
            None => Ok(None),
        })
    }

    /// Keeps bytes of a piece. Returns how many are here.
    ///
    /// # Errors
    /// `EditionPieceWrong` where they do not join what is here, or the whole is not what its hash says: then the piece
    /// begins again.
    pub fn take_edition_piece(&self, hash: &Hash, offset: u64, bytes: &[u8]) -> Result<u64> {
        let whole_is_wrong = self.write(|connection| {
            let manifest = begun(connection)?.ok_or(StoreError::NoEditionBegun)?;
            let piece =
                manifest.pieces.iter().find(|piece| piece.hash == *hash).ok_or(StoreError::EditionPieceWrong)?;
            let held = held_bytes(connection, hash)?;
            if offset != held || held + bytes.len() as u64 > piece.compressed_bytes {
                return Err(StoreError::EditionPieceWrong);
            }
            connection
                .prepare_cached("INSERT INTO edition_piece (hash, byte_start, bytes) VALUES (?1, ?2, ?3)")?
                .execute(params![hash, signed(offset), bytes])?;
            let is_whole = held + bytes.len() as u64 == piece.compressed_bytes;
            let is_wrong = is_whole && sync::hash::sha256(&join(connection, hash)?) != *hash;
            if is_wrong {
                connection.prepare_cached("DELETE FROM edition_piece WHERE hash = ?1")?.execute([hash])?;
            }
            Ok(is_wrong)
        })?;
        match whole_is_wrong {
            true => Err(StoreError::EditionPieceWrong),
            false => Ok(offset + bytes.len() as u64),
        }
    }

    /// Takes the edition in, all of it or nothing. `progress` is told how many of how many records are done and says
    /// whether to go on.
    ///
    /// # Errors
    /// `NoEditionBegun`, `EditionIncomplete`; `Wire` for a piece or record that does not hold; `EditionCounts`;
    /// `Stopped`, after which the pieces are still here.
    pub fn finish_edition(&self, now_ms: u64, progress: &mut dyn FnMut(u64, u64) -> bool) -> Result<EditionView> {
        set_cache(&self.writer(), INTAKE_CACHE_KIB)?;
        let taken = self.write(|connection| {
            let manifest = begun(connection)?.ok_or(StoreError::NoEditionBegun)?;
            let missing = missing_pieces(connection, &manifest)?;
            if missing > 0 {
                return Err(StoreError::EditionIncomplete { missing });
            }
            apply(connection, &manifest, now_ms, progress)
        });
        let writer = self.writer();
        set_cache(&writer, vault::OpenOptions::default().cache_kib)?;
        if taken.is_ok() {
            // The WAL holds the whole edition now. Where someone reads meanwhile, a later checkpoint cuts it.
            let _ = scrub::cut_wal(&writer);
        }
        taken
    }

    /// The edition that is held; `None` before the first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn edition(&self) -> Result<Option<EditionView>> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT edition, label, people, households, dwellings, made_ms, taken_ms FROM edition
                     ORDER BY n DESC LIMIT 1",
                )?
                .query_row([], |row| {
                    Ok(EditionView {
                        edition: row.get(0)?,
                        label: row.get(1)?,
                        people: row.get(2)?,
                        households: row.get(3)?,
                        dwellings: row.get(4)?,
                        made_ms: unsigned(row, 5)?,
                        taken_ms: unsigned(row, 6)?,
                    })
                })
                .optional()?)
        })
    }
}

fn set_cache(connection: &Connection, kib: u32) -> Result<()> {
    Ok(connection.pragma_update(None, "cache_size", -i64::from(kib))?)
}

/// The edition that a delta may build on: 0 before the first, and after the log began anew.
pub(crate) fn number_held(connection: &Connection) -> Result<u32> {
    if setting::number(connection, setting::EDITION_STALE)? > 0 {
        return Ok(0);
    }
    Ok(u32::try_from(setting::number(connection, setting::EDITION)?).unwrap_or(u32::MAX))
}

fn begun(connection: &Connection) -> Result<Option<Manifest>> {
    setting::bytes(connection, setting::EDITION_BEGUN)?.map(|bytes| from_cbor(&bytes, "manifest")).transpose()
}

/// A piece that stands in both manifests is fetched once.
fn forget_other_pieces(connection: &Connection, manifest: &Manifest) -> Result<()> {
    let wanted: HashSet<Hash> = manifest.pieces.iter().map(|piece| piece.hash).collect();
    let mut statement = connection.prepare_cached("SELECT DISTINCT hash FROM edition_piece")?;
    let rows = statement.query_map([], |row| crate::row::id::<Hash>(row, 0))?;
    for hash in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        if !wanted.contains(&hash) {
            connection.prepare_cached("DELETE FROM edition_piece WHERE hash = ?1")?.execute([hash])?;
        }
    }
    Ok(())
}

fn download_of(connection: &Connection, manifest: &Manifest) -> Result<EditionDownload> {
    let pieces = manifest
        .pieces
        .iter()
        .map(|piece| {
            let held = held_bytes(connection, &piece.hash)?;
            Ok(PieceDownload { hash: piece.hash, bytes: piece.compressed_bytes, held })
        })
        .collect::<Result<_>>()?;
    Ok(EditionDownload { edition: manifest.edition, pieces })
}

fn missing_pieces(connection: &Connection, manifest: &Manifest) -> Result<usize> {
    let download = download_of(connection, manifest)?;
    Ok(download.pieces.iter().filter(|piece| piece.held < piece.bytes).count())
}

fn held_bytes(connection: &Connection, hash: &Hash) -> Result<u64> {
    Ok(connection
        .prepare_cached("SELECT coalesce(sum(length(bytes)), 0) FROM edition_piece WHERE hash = ?1")?
        .query_row([hash], |row| unsigned(row, 0))?)
}

fn join(connection: &Connection, hash: &Hash) -> Result<Vec<u8>> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM edition_piece WHERE hash = ?1 ORDER BY byte_start")?;
    let mut rows = statement.query([hash])?;
    let mut whole = Vec::new();
    while let Some(row) = rows.next()? {
        whole.extend_from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(whole)
}

fn apply(
    connection: &Connection,
    manifest: &Manifest,
    now_ms: u64,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<EditionView> {
    let total: u64 = manifest.pieces.iter().map(|piece| u64::from(piece.records)).sum();
    let mut done = 0;
    let mut order = RecordOrder::new(manifest.base.is_some());
    let mut applier = Applier::begin(connection, manifest)?;
    for piece in &manifest.pieces {
        applier.take_piece(piece, &join(connection, &piece.hash)?, &mut order)?;
        done += u64::from(piece.records);
        if !progress(done, total) {
            return Err(StoreError::Stopped);
        }
    }
    applier.finish(manifest)?;
    connection.execute("DELETE FROM edition_piece", [])?;
    setting::remove(connection, setting::EDITION_BEGUN)?;
    setting::remove(connection, setting::EDITION_STALE)?;
    setting::put_number(connection, setting::EDITION, manifest.edition.into())?;
    let view = EditionView {
        edition: manifest.edition,
        label: manifest.label.clone(),
        people: manifest.people,
        households: manifest.households,
        dwellings: manifest.dwellings,
        made_ms: manifest.made_ms,
        taken_ms: now_ms,
    };
    connection
        .prepare_cached(
            "INSERT INTO edition (edition, label, people, households, dwellings, made_ms, taken_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            view.edition,
            view.label,
            view.people,
            view.households,
            view.dwellings,
            signed(view.made_ms),
            signed(view.taken_ms)
        ])?;
    Ok(view)
}
