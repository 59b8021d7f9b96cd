//! What goes down: pages of a unit's log, the edition in force, photos.

use std::collections::BTreeSet;

use domain::id::PhotoHash;
use domain::unit::Unit;
use sync::cose::Envelope;
use sync::message::{Blob, FORMAT, FeedEntry, FeedPage, Hash, LogMark, Manifest};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result, ServerError};
use crate::keys::ServerKeys;
use crate::ledger::{DeviceContact, DeviceRow, EditionRow, PieceRow, PieceSet, Records, Scope};

/// Entries and certificates of a page together, unless a single entry is larger.
const PAGE_BYTES: usize = 1024 * 1024 - 64 * 1024;

/// A signed page of the unit's log above `after`, for a device.
///
/// # Errors
/// The ledger's.
pub fn make_page(deployment: &Deployment, device: &DeviceRow, unit: &Unit, after: u64) -> Result<Vec<u8>> {
    let now_ms = deployment.now_ms();
    let keys = &deployment.keys;
    let page = deployment.ledger.read(|records| read_page(records, keys, unit, after, now_ms))?;
    if let (Some(first), Some(last)) = (page.entries.first(), page.entries.last()) {
        deployment.ledger.write(Scope::Unit(unit), |records| {
            let device = records.device(device.device)?.ok_or(Code::DeviceUnknown)?;
            let contact = DeviceContact { at_ms: Some(now_ms), ..device.contact };
            records.note_contact(device.device, &contact)?;
            let note = Note::new(Actor::Device(device.device), "feed_read");
            note.with("first", first.index).with("last", last.index).write(records, Some(unit), now_ms)
        })?;
    }
    Ok(keys.sign(&page))
}

/// A page as data; for a stick it is made without a device.
///
/// # Errors
/// `UnitUnknown`; the ledger's.
pub fn read_page(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    after: u64,
    now_ms: u64,
) -> Result<FeedPage> {
    let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
    let from = after.min(row.head);
    let hash = records.log_hash(unit, from)?.ok_or(ServerError::Broken("the hash of the log"))?;
    let entries = records.entries_after(unit, after, PAGE_BYTES)?;
    let through = entries.last().map_or(from, |entry| entry.index);
    let mark = LogMark {
        format: FORMAT,
        unit: unit.clone(),
        log: row.log,
        index: through,
        hash: records.log_hash(unit, through)?.ok_or(ServerError::Broken("the hash of the log"))?,
        made_ms: now_ms,
    };
    let authors: BTreeSet<_> = entries.iter().map(|entry| entry.device).collect();
    let mut certificates = Vec::with_capacity(authors.len());
    for author in authors {
        let certificate = match author == keys.device {
            true => keys.certificate.clone(),
            false => records.device(author)?.ok_or(Code::DeviceUnknown)?.certificate,
        };
        certificates.push(Blob(certificate));
    }
    let entries = entries.into_iter().map(|entry| FeedEntry {
        index: entry.index,
        envelope: Envelope(entry.envelope),
        bodies: entry.salted_bodies.into_iter().map(Blob).collect(),
        verdicts: entry.verdicts,
        received_ms: entry.received_ms,
    });
    Ok(FeedPage {
        format: FORMAT,
        log: row.log,
        unit: unit.clone(),
        after,
        head: row.head,
        entries: entries.collect(),
        certificates,
        made_ms: now_ms,
        edition: row.edition,
        hash,
        mark: Blob(keys.sign(&mark)),
    })
}

/// The manifest that brings a device from edition `have` (0: none) to the one in force; `None` where it has it.
///
/// # Errors
/// `EditionMissing` where the unit has no edition.
pub fn make_manifest(deployment: &Deployment, device: &DeviceRow, unit: &Unit, have: u32) -> Result<Option<Vec<u8>>> {
    let now_ms = deployment.now_ms();
    let manifest = deployment.ledger.read(|records| read_manifest(records, unit, have, now_ms))?;
    let Some(manifest) = manifest else { return Ok(None) };
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let note = Note::new(Actor::Device(device.device), "edition_read").with("edition", manifest.edition);
        note.with("base", manifest.base.unwrap_or(0)).write(records, Some(unit), now_ms)
    })?;
    Ok(Some(deployment.keys.sign(&manifest)))
}

/// As `make_manifest`, as data.
///
/// # Errors
/// As `make_manifest`.
pub fn read_manifest(records: &mut dyn Records, unit: &Unit, have: u32, now_ms: u64) -> Result<Option<Manifest>> {
    let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
    if row.edition == 0 {
        return Err(Code::EditionMissing.into());
    }
    if row.edition == have {
        return Ok(None);
    }
    let edition = edition_of(records, unit, row.edition)?;
    let base = edition.base.filter(|base| *base == have && have != 0);
    let set = if base.is_some() { PieceSet::Delta } else { PieceSet::Full };
    let pieces = records.pieces(unit, row.edition, set)?;
    Ok(Some(Manifest {
        format: FORMAT,
        unit: unit.clone(),
        edition: edition.edition,
        label: edition.label,
        base,
        people: edition.people,
        households: edition.households,
        dwellings: edition.dwellings,
        pieces: pieces.iter().map(PieceRow::reference).collect(),
        made_ms: now_ms,
        log: row.log,
    }))
}

fn edition_of(records: &mut dyn Records, unit: &Unit, edition: u32) -> Result<EditionRow> {
    let found = records.editions(unit)?.into_iter().find(|row| row.edition == edition);
    Ok(found.ok_or(Code::EditionMissing)?)
}

/// Bytes of a piece from `offset` on, at most `max`.
///
/// # Errors
/// `PieceUnknown`: also after an edition was cut anew; the manifest must then be asked for again.
pub fn read_piece(deployment: &Deployment, unit: &Unit, hash: &Hash, offset: u64, max: u64) -> Result<Vec<u8>> {
    Ok(deployment.ledger.read(|records| records.piece_bytes(unit, hash, offset, max))?.ok_or(Code::PieceUnknown)?)
}

/// Bytes of a photo from `offset` on, at most `max`. The first of a device within an hour is audited, wherever in the
/// photo it begins.
///
/// # Errors
/// `PhotoUnknown`.
pub fn read_photo(
    deployment: &Deployment,
    device: &DeviceRow,
    unit: &Unit,
    photo: PhotoHash,
    offset: u64,
    max: u64,
) -> Result<Vec<u8>> {
    let bytes = deployment.ledger.read(|records| records.photo_bytes(unit, photo, offset, max))?;
    let bytes = bytes.ok_or(Code::PhotoUnknown)?;
    let now_ms = deployment.now_ms();
    if deployment.photo_reads.begins(device.device, photo, now_ms) {
        deployment.ledger.write(Scope::Unit(unit), |records| {
            Note::new(Actor::Device(device.device), "photo_read").subject(photo).write(records, Some(unit), now_ms)
        })?;
    }
    Ok(bytes)
}
