//! Photos: their bytes in photos.db, which change names them and what is still to be sent or fetched in work.db.

use std::collections::BTreeMap;

use domain::change::{Body, ChangeHeader, PhotoRef};
use domain::id::PhotoHash;
use rusqlite::{Connection, OptionalExtension, params};
use sync::batch::PHOTO_MEDIA_TYPES;
use sync::hash::sha256;
use sync::plan::{PhotoUpload, Progress, WantedPhoto};

use crate::error::{Result, StoreError};
use crate::row::{id, signed, unsigned};
use crate::store::Store;

/// The largest photo that travels.
pub const MAX_PHOTO_BYTES: u64 = 16 * 1024 * 1024;
/// How long a photo that nothing names is kept.
const ORPHAN_MS: u64 = 7 * 24 * 3600 * 1000;

/// The bytes of a photo.
pub struct Photo {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Store {
    /// Keeps a photo, durable when this returns, so that a change may name it. The same bytes are kept once.
    ///
    /// # Errors
    /// `PhotoTooLarge`, `PhotoMedia`, `DiskFull`.
    pub fn keep_photo(&self, bytes: &[u8], media_type: &str, now_ms: u64) -> Result<PhotoRef> {
        if bytes.len() as u64 > MAX_PHOTO_BYTES {
            return Err(StoreError::PhotoTooLarge { limit_bytes: MAX_PHOTO_BYTES });
        }
        if !PHOTO_MEDIA_TYPES.contains(&media_type) {
            return Err(StoreError::PhotoMedia);
        }
        let hash = PhotoHash(sha256(bytes));
        insert(&self.photos(), hash, media_type, bytes, now_ms)?;
        Ok(PhotoRef { hash, bytes: bytes.len() as u64, media_type: media_type.to_owned() })
    }

    /// A photo; `None` where it is not here (not fetched yet, let go, or erased).
    ///
    /// # Errors
    /// `PhotoWrong` where the kept bytes are not those of the hash.
    pub fn photo(&self, hash: PhotoHash) -> Result<Option<Photo>> {
        let photo = self
            .photos()
            .prepare_cached("SELECT media_type, bytes FROM photo WHERE hash = ?1")?
            .query_row([hash.0], |row| Ok(Photo { media_type: row.get(0)?, bytes: row.get(1)? }))
            .optional()?;
        match photo {
            Some(photo) if sha256(&photo.bytes) != hash.0 => Err(StoreError::PhotoWrong),
            photo => Ok(photo),
        }
    }

    /// Some bytes of a photo, for sending it in pieces; shorter at its end. `None` where it is not here.
    ///
    /// # Errors
    /// What the disk says.
    pub fn photo_piece(&self, hash: PhotoHash, offset: u64, len: u64) -> Result<Option<Vec<u8>>> {
        Ok(self
            .photos()
            .prepare_cached("SELECT substr(bytes, ?2 + 1, ?3) FROM photo WHERE hash = ?1")?
            .query_row(params![hash.0, signed(offset), signed(len)], |row| row.get(0))
            .optional()?)
    }

    /// The server holds this photo whole.
    ///
    /// # Errors
    /// What the disk says.
    pub fn take_photo_stored(&self, hash: PhotoHash) -> Result<()> {
        self.write(|connection| {
            connection
                .prepare_cached("UPDATE photo SET upload = 2 WHERE hash = ?1 AND upload = 1")?
                .execute([hash.0])?;
            Ok(())
        })
    }

    /// Takes bytes of a photo that is being fetched; whole, it is checked and kept. Returns how many bytes are here.
    ///
    /// # Errors
    /// `PhotoMissing` for one that no change names; `PhotoWrong` where the whole is not what
    /// the hash says (its pieces are gone, fetch it again) or the bytes do not join what is here.
    pub fn take_photo_piece(&self, hash: PhotoHash, offset: u64, bytes: &[u8], now_ms: u64) -> Result<u64> {
        let (size, media_type) = self.read(|connection| size_of(connection, hash))?.ok_or(StoreError::PhotoMissing)?;
        if size > MAX_PHOTO_BYTES {
            return Err(StoreError::PhotoTooLarge { limit_bytes: MAX_PHOTO_BYTES });
        }
        let mut photos = self.photos();
        let transaction = photos.transaction()?;
        let held = held_bytes(&transaction, hash)?;
        if offset != held || held + bytes.len() as u64 > size {
            return Err(StoreError::PhotoWrong);
        }
        transaction
            .prepare_cached("INSERT INTO photo_piece (hash, byte_start, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![hash.0, signed(offset), bytes])?;
        let held = held + bytes.len() as u64;
        if held < size {
            transaction.commit()?;
            return Ok(held);
        }
        let whole = join_pieces(&transaction, hash)?;
        transaction.prepare_cached("DELETE FROM photo_piece WHERE hash = ?1")?.execute([hash.0])?;
        let is_right = sha256(&whole) == hash.0;
        if is_right {
            insert(&transaction, hash, &media_type, &whole, now_ms)?;
        }
        transaction.commit()?;
        drop(photos);
        if !is_right {
            return Err(StoreError::PhotoWrong);
        }
        self.write(|connection| {
            connection.prepare_cached("UPDATE photo SET is_here = 1 WHERE hash = ?1")?.execute([hash.0])?;
            Ok(())
        })?;
        Ok(held)
    }

    /// Photos that open corrections need and that are not here, the riskiest correction first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn wanted_photos(&self, limit: u32) -> Result<Vec<WantedPhoto>> {
        let wanted = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT photo.hash, photo.bytes FROM correction
                     JOIN touch ON touch.entity_kind = 5 AND touch.entity = correction.id
                     JOIN photo_use ON photo_use.change = touch.change
                     JOIN photo ON photo.hash = photo_use.hash
                 WHERE correction.stage IN (1, 2, 3, 4) AND NOT photo.is_here AND NOT photo.is_erased
                     AND photo.media_type IN ('image/jpeg', 'image/png', 'image/webp')
                 GROUP BY photo.hash ORDER BY min(correction.risk), photo.bytes LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], |row| Ok((id::<PhotoHash>(row, 0)?, unsigned(row, 1)?)))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })?;
        let photos = self.photos();
        wanted
            .into_iter()
            .map(|(hash, bytes)| Ok(WantedPhoto { hash: hash.0, bytes, held: held_bytes(&photos, hash)? }))
            .collect()
    }

    /// Photos that the server does not hold yet. Progress is the session's to say.
    ///
    /// # Errors
    /// What the disk says.
    pub fn waiting_photos(&self) -> Result<Vec<PhotoUpload>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT photo.hash, photo.bytes, coalesce(max(photo_use.is_crop), 0),
                        EXISTS (SELECT 1 FROM photo_use JOIN change ON change.n = photo_use.change
                                JOIN correction ON correction.id = change.entity
                                WHERE photo_use.hash = photo.hash AND change.entity_kind = 5 AND correction.is_open)
                 FROM photo LEFT JOIN photo_use ON photo_use.hash = photo.hash
                 WHERE upload = 1 AND is_here AND NOT is_erased GROUP BY photo.hash ORDER BY photo.bytes",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(PhotoUpload {
                    hash: id(row, 0)?,
                    bytes: unsigned(row, 1)?,
                    is_crop: row.get(2)?,
                    needed_by_reviewers: row.get(3)?,
                    progress: Progress::Unannounced,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Lets go what is not needed: photos that neither a change nor a draft names after a week, and fetched copies whose
    /// corrections are decided. Returns how many went.
    ///
    /// # Errors
    /// What the disk says.
    pub fn collect_photos(&self, now_ms: u64) -> Result<usize> {
        let let_go = self.write(|connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE photo SET is_here = 0 WHERE is_here AND upload = 0 AND NOT EXISTS (
                     SELECT 1 FROM photo_use JOIN change ON change.n = photo_use.change
                         JOIN correction ON correction.id = change.entity
                     WHERE photo_use.hash = photo.hash AND change.entity_kind = 5 AND correction.is_open)
                 RETURNING hash",
            )?;
            let rows = statement.query_map([], |row| id::<PhotoHash>(row, 0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })?;
        let orphans = self.orphans(now_ms)?;
        let gone: Vec<PhotoHash> = let_go.into_iter().chain(orphans).collect();
        delete(&mut self.photos(), &gone)?;
        Ok(gone.len())
    }

    fn orphans(&self, now_ms: u64) -> Result<Vec<PhotoHash>> {
        let old: Vec<PhotoHash> = {
            let photos = self.photos();
            let mut statement = photos.prepare_cached("SELECT hash FROM photo WHERE kept_ms < ?1")?;
            let rows = statement.query_map([signed(now_ms.saturating_sub(ORPHAN_MS))], |row| id(row, 0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        self.read(|connection| {
            let mut named = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM photo WHERE hash = ?1 AND is_here)
                     OR EXISTS (SELECT 1 FROM draft WHERE instr(json, ?2))",
            )?;
            let mut orphans = Vec::new();
            for hash in old {
                if !named.query_row(params![hash.0, hash.to_hex()], |row| row.get::<_, bool>(0))? {
                    orphans.push(hash);
                }
            }
            Ok(orphans)
        })
    }
}

fn insert(photos: &Connection, hash: PhotoHash, media_type: &str, bytes: &[u8], now_ms: u64) -> Result<()> {
    photos
        .prepare_cached("INSERT OR IGNORE INTO photo (hash, media_type, kept_ms, bytes) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![hash.0, media_type, signed(now_ms), bytes])?;
    Ok(())
}

/// Deletes photos and what was fetched of them.
pub(crate) fn delete(photos: &mut Connection, hashes: &[PhotoHash]) -> Result<()> {
    let transaction = photos.transaction()?;
    for hash in hashes {
        transaction.prepare_cached("DELETE FROM photo WHERE hash = ?1")?.execute([hash.0])?;
        transaction.prepare_cached("DELETE FROM photo_piece WHERE hash = ?1")?.execute([hash.0])?;
    }
    Ok(transaction.commit()?)
}

fn size_of(connection: &Connection, hash: PhotoHash) -> Result<Option<(u64, String)>> {
    Ok(connection
        .prepare_cached("SELECT bytes, media_type FROM photo WHERE hash = ?1 AND NOT is_here AND NOT is_erased")?
        .query_row([hash.0], |row| Ok((unsigned(row, 0)?, row.get(1)?)))
        .optional()?)
}

pub(crate) fn held_bytes(photos: &Connection, hash: PhotoHash) -> Result<u64> {
    Ok(photos
        .prepare_cached("SELECT coalesce(sum(length(bytes)), 0) FROM photo_piece WHERE hash = ?1")?
        .query_row([hash.0], |row| unsigned(row, 0))?)
}

fn join_pieces(photos: &Connection, hash: PhotoHash) -> Result<Vec<u8>> {
    let mut statement = photos.prepare_cached("SELECT bytes FROM photo_piece WHERE hash = ?1 ORDER BY byte_start")?;
    let mut rows = statement.query([hash.0])?;
    let mut whole = Vec::new();
    while let Some(row) = rows.next()? {
        whole.extend_from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(whole)
}

/// Each photo that a draft names is kept, with exactly that size.
pub(crate) fn require(photos: &Connection, wanted: &[&PhotoRef]) -> Result<()> {
    for photo in wanted {
        let size: Option<u64> = photos
            .prepare_cached("SELECT length(bytes) FROM photo WHERE hash = ?1")?
            .query_row([photo.hash.0], |row| unsigned(row, 0))
            .optional()?;
        if size != Some(photo.bytes) {
            return Err(StoreError::PhotoMissing);
        }
    }
    Ok(())
}

/// Notes which photos a change names: in its header, and as evidence.
pub(crate) fn insert_uses(
    connection: &Connection,
    change: i64,
    header: &ChangeHeader,
    body: Option<&Body>,
) -> Result<()> {
    let mut named = BTreeMap::new();
    for photo in header.photos.iter().flatten() {
        connection
            .prepare_cached(
                "INSERT OR IGNORE INTO photo (hash, bytes, media_type, is_here, upload) VALUES (?1, ?2, ?3, 0, 0)",
            )?
            .execute(params![photo.hash.0, signed(photo.bytes), photo.media_type])?;
        named.insert(photo.hash.0, false);
    }
    if let Some(Body::CorrectionProposed(proposal)) = body {
        named.extend(proposal.evidence.iter().filter_map(|evidence| evidence.photo).map(|photo| (photo.0, false)));
        named.extend(proposal.evidence.iter().filter_map(|evidence| evidence.crop).map(|crop| (crop.0, true)));
    }
    for (hash, is_crop) in named {
        connection
            .prepare_cached("INSERT OR REPLACE INTO photo_use (hash, change, is_crop) VALUES (?1, ?2, ?3)")?
            .execute(params![hash, change, is_crop])?;
    }
    Ok(())
}

/// Photos of this device's own change: they are here, and wait to be sent unless the server has them.
pub(crate) fn mark_own(connection: &Connection, photos: &[PhotoRef]) -> Result<()> {
    for photo in photos {
        connection
            .prepare_cached("UPDATE photo SET is_here = 1, upload = max(upload, 1) WHERE hash = ?1")?
            .execute([photo.hash.0])?;
    }
    Ok(())
}
