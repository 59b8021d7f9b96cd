//! Batches and photos on their way up: announced, then put in pieces, every byte kept as it arrives.

use domain::id::{DeviceId, PhotoHash};
use domain::unit::Unit;
use sync::message::{Announcement, AnnouncementAnswer, Blob, Hash, Item, ItemAnswer, ItemKind, ItemState, PieceAnswer};

use crate::adopt::adopt_device;
use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Refusal, Result, ServerError};
use crate::ingest::{self, restored};
use crate::keys::ServerKeys;
use crate::ledger::{DeviceContact, DeviceRow, Records, Scope, UploadRow};
use crate::tokens::sender_of;

/// Transfer bytes of a batch: a zstd frame of at most 256 KiB.
const MAX_BATCH_BYTES: u64 = 258 * 1024;
/// A photo.
pub const MAX_PHOTO_BYTES: u64 = 16 * 1024 * 1024;
/// An announcement with more is refused.
const MAX_ITEMS: usize = 1024;
/// Bytes of unfinished uploads that one device may announce, and so at most leave here.
const MAX_ANNOUNCED_BYTES: u64 = 256 * 1024 * 1024;
/// An upload that was not announced again for so long is forgotten.
const FORGET_MS: u64 = 7 * 24 * 3600 * 1000;

/// Takes a signed announcement and says how the server stands to each item.
///
/// # Errors
/// `DeviceUnknown`, `SignatureWrong`, `UnitForbidden`, `UploadsTooMany`.
pub fn take_announcement(deployment: &Deployment, envelope: &[u8]) -> Result<AnnouncementAnswer> {
    let device = sender_of(deployment, envelope)?;
    let announcement: Announcement = sync::cose::verify(envelope, &device.public_key, deployment.keys.deployment)
        .map_err(|_| Code::SignatureWrong)?;
    if announcement.device != device.device {
        return Err(Code::SignatureWrong.into());
    }
    if device.unit.as_ref() != Some(&announcement.unit) {
        return Err(Code::UnitForbidden.into());
    }
    if announcement.items.len() > MAX_ITEMS {
        return Err(Refusal::with(Code::UploadsTooMany, "limit", MAX_ITEMS).into());
    }
    for certificate in announcement.certificates.iter().flatten() {
        adopt_device(deployment, &certificate.0)?;
    }
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&announcement.unit), |records| {
        // A revoked device hands in what it has; of the log it neither tells nor hears anything.
        let in_order = device.revoked.is_none();
        for proof in [&announcement.mark, &announcement.receipt].into_iter().flatten().filter(|_| in_order) {
            restored::heed_proof(records, &deployment.keys, &announcement.unit, &proof.0, now_ms)?;
        }
        records.drop_uploads_before(&announcement.unit, now_ms.saturating_sub(FORGET_MS))?;
        let unit = records.unit(&announcement.unit)?.ok_or(Code::UnitUnknown)?;
        let contact = DeviceContact {
            at_ms: Some(now_ms),
            skew_ms: i64::try_from(i128::from(announcement.clock_ms) - i128::from(now_ms)).unwrap_or(i64::MAX),
            app_version: announcement.app_version.chars().take(40).collect(),
            waiting_batches: announcement.waiting.batches,
            waiting_photos: announcement.waiting.photos,
            waiting_photo_bytes: announcement.waiting.photo_bytes,
        };
        records.note_contact(device.device, &contact)?;
        let (_, mut announced) = records.uploads_waiting(&announcement.unit, device.device)?;
        let mut items = Vec::with_capacity(announcement.items.len());
        for item in &announcement.items {
            let answer = answer_item(records, deployment, &device, item, &mut announced, now_ms)?;
            items.push(answer);
        }
        let certificates = Some(vec![Blob(deployment.keys.certificate.clone())]);
        let (log, head) = (in_order.then_some(unit.log), in_order.then_some(unit.head));
        Ok(AnnouncementAnswer { log, items, head, certificates })
    })
}

fn answer_item(
    records: &mut dyn Records,
    deployment: &Deployment,
    device: &DeviceRow,
    item: &Item,
    announced_bytes: &mut u64,
    now_ms: u64,
) -> Result<ItemAnswer> {
    let unit = device.unit.as_ref().ok_or(Code::UnitForbidden)?;
    let judged = match item.kind {
        ItemKind::Batch => judge_batch(records, &deployment.keys, unit, item)?,
        ItemKind::Photo => judge_photo(records, unit, item)?,
    };
    let media_type = match judged {
        Judged::Done(answer) => return Ok(answer),
        Judged::NotNow(code) => return Ok(not_now(code)),
        Judged::Wanted(media_type) => media_type,
    };
    let mut before = records.upload(unit, device.device, &item.hash)?;
    if let Some(other) = before.take_if(|before| before.bytes != item.bytes || before.kind != item.kind) {
        // Announced before with another size: what is held belongs to no such item.
        records.drop_upload(unit, device.device, &item.hash)?;
        *announced_bytes = announced_bytes.saturating_sub(other.bytes);
    }
    if before.is_none() {
        if *announced_bytes + item.bytes > MAX_ANNOUNCED_BYTES {
            return Ok(not_now(Code::UploadsTooMany));
        }
        *announced_bytes += item.bytes;
    }
    let held = before.map_or(0, |before| before.held);
    let row = UploadRow { kind: item.kind, bytes: item.bytes, held, media_type };
    records.announce_upload(unit, device.device, &item.hash, &row, now_ms)?;
    Ok(ItemAnswer { state: ItemState::Wanted, offset: Some(held), receipt: None, code: None })
}

enum Judged {
    Done(ItemAnswer),
    NotNow(Code),
    /// With the media type of a photo.
    Wanted(Option<String>),
}

fn not_now(code: Code) -> ItemAnswer {
    ItemAnswer { state: ItemState::NotNow, offset: None, receipt: None, code: Some(code.as_str().to_owned()) }
}

fn judge_batch(records: &mut dyn Records, keys: &ServerKeys, unit: &Unit, item: &Item) -> Result<Judged> {
    let (Some(chain), Some(first), Some(hash_after)) = (item.chain, item.first_sequence, item.hash_after) else {
        return Ok(Judged::NotNow(Code::BatchRefused));
    };
    if item.bytes == 0 || item.bytes > MAX_BATCH_BYTES {
        return Ok(Judged::NotNow(Code::BatchTooLarge));
    }
    match records.known_batch(unit, chain, first, &hash_after)? {
        // One whose bodies came empty is taken once more; see `ingest::heal`.
        Some(known) if !lacks_bodies(records, unit, known.index)? => Ok(Judged::Done(ItemAnswer {
            state: ItemState::Receipted,
            offset: None,
            receipt: Some(Blob(ingest::present_receipt(records, keys, unit, known.receipt)?)),
            code: None,
        })),
        _ => Ok(Judged::Wanted(None)),
    }
}

fn lacks_bodies(records: &mut dyn Records, unit: &Unit, index: Option<u64>) -> Result<bool> {
    let Some(index) = index else { return Ok(false) };
    let entries = records.entries_after(unit, index - 1, 1)?;
    let not_erased = |entry: &sync::message::VerdictEntry| entry.verdict == sync::message::Verdict::NotErased;
    Ok(entries.iter().any(|entry| entry.verdicts.iter().any(not_erased)))
}

fn judge_photo(records: &mut dyn Records, unit: &Unit, item: &Item) -> Result<Judged> {
    if item.bytes == 0 || item.bytes > MAX_PHOTO_BYTES {
        return Ok(Judged::NotNow(Code::PhotoTooLarge));
    }
    let photo = PhotoHash(item.hash);
    if records.erased_photo(unit, photo)? {
        return Ok(Judged::NotNow(Code::PhotoErased));
    }
    Ok(match records.named_photo(unit, photo)? {
        None => Judged::NotNow(Code::PhotoNotNamed),
        Some(named) if named.stored => {
            Judged::Done(ItemAnswer { state: ItemState::PhotoStored, offset: None, receipt: None, code: None })
        }
        Some(named) if named.bytes != item.bytes => Judged::NotNow(Code::PhotoSizeWrong),
        Some(named) => Judged::Wanted(Some(named.media_type)),
    })
}

/// An upload that was announced, and its unit.
pub struct OpenUpload {
    unit: Unit,
    device: DeviceId,
    hash: Hash,
    row: UploadRow,
}

impl OpenUpload {
    /// Bytes held when it was opened.
    pub fn held(&self) -> u64 {
        self.row.held
    }

    /// Bytes still to come.
    pub fn missing(&self) -> u64 {
        self.row.bytes.saturating_sub(self.row.held)
    }
}

/// Finds an upload that a device announced, to go on at `offset`.
///
/// # Errors
/// `UploadNotAnnounced`; `OffsetMismatch` with what is held.
pub fn open_upload(deployment: &Deployment, device: DeviceId, hash: Hash, offset: u64) -> Result<OpenUpload> {
    let (unit, row) = deployment.ledger.read(|records| {
        let device = records.device(device)?.ok_or(Code::UploadNotAnnounced)?;
        let unit = device.unit.ok_or(Code::UploadNotAnnounced)?;
        let row = records.upload(&unit, device.device, &hash)?.ok_or(Code::UploadNotAnnounced)?;
        Ok((unit, row))
    })?;
    if row.held != offset {
        return Err(Refusal::with(Code::OffsetMismatch, "held", row.held).into());
    }
    Ok(OpenUpload { unit, device, hash, row })
}

/// Appends bytes as they arrive; durable when it returns.
///
/// # Errors
/// `UploadTooLarge` beyond the announced size; `OffsetMismatch` where another connection went on meanwhile.
pub fn append_bytes(deployment: &Deployment, upload: &mut OpenUpload, bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    if bytes.len() as u64 > upload.missing() {
        return Err(Refusal::with(Code::UploadTooLarge, "announced", upload.row.bytes).into());
    }
    deployment.ledger.write(Scope::Unit(&upload.unit), |records| {
        records.append_piece(&upload.unit, upload.device, &upload.hash, upload.row.held, bytes)
    })?;
    upload.row.held += bytes.len() as u64;
    Ok(())
}

/// Takes in a batch that came whole in one request: its bytes are stored as a batch, not as pieces first. `None` where
/// they are not the whole of it.
///
/// # Errors
/// As `finish_piece`.
pub fn take_whole(deployment: &Deployment, upload: &OpenUpload, bytes: &[u8]) -> Result<Option<PieceAnswer>> {
    let whole = upload.row.held == 0 && bytes.len() as u64 == upload.row.bytes;
    if upload.row.kind != ItemKind::Batch || !whole || sync::hash::sha256(bytes) != upload.hash {
        return Ok(None);
    }
    let receipt = take_transfer(deployment, upload, bytes)?;
    Ok(Some(PieceAnswer { held: upload.row.bytes, receipt: Some(Blob(receipt)), photo_stored: None }))
}

/// What is to be answered once a request's bytes are in: how much is held and, when that is all, what became of it.
///
/// # Errors
/// `UploadHashWrong`: the whole is not what was announced, and is forgotten; what taking in a batch answers.
pub fn finish_piece(deployment: &Deployment, upload: &OpenUpload) -> Result<PieceAnswer> {
    let held = upload.row.held;
    if upload.missing() > 0 {
        return Ok(PieceAnswer { held, receipt: None, photo_stored: None });
    }
    match upload.row.kind {
        ItemKind::Batch => {
            let taken = finish_batch(deployment, upload)?;
            Ok(PieceAnswer { held, receipt: Some(Blob(taken)), photo_stored: None })
        }
        ItemKind::Photo => {
            finish_photo(deployment, upload)?;
            Ok(PieceAnswer { held, receipt: None, photo_stored: Some(true) })
        }
    }
}

fn finish_batch(deployment: &Deployment, upload: &OpenUpload) -> Result<Vec<u8>> {
    let OpenUpload { unit, device, hash, row } = upload;
    let mut transfer = Vec::with_capacity(usize::try_from(row.bytes).unwrap_or_default());
    deployment.ledger.read(|records| {
        records.each_piece(unit, *device, hash, &mut |piece| {
            transfer.extend_from_slice(piece);
            Ok(())
        })
    })?;
    if sync::hash::sha256(&transfer) != *hash {
        return Err(start_over(deployment, upload)?);
    }
    take_transfer(deployment, upload, &transfer)
}

/// The receipt of a batch whose transfer bytes are those that were announced.
fn take_transfer(deployment: &Deployment, upload: &OpenUpload, transfer: &[u8]) -> Result<Vec<u8>> {
    let OpenUpload { unit, device, hash, .. } = upload;
    let taken = ingest::verify_transfer(deployment, transfer)
        .and_then(|verified| ingest::take_batch(deployment, &verified, Some(*device), Some((unit, hash))));
    match taken {
        Ok(taken) => Ok(taken.receipt),
        Err(error @ ServerError::Refused(_)) => {
            // It will not read better the next time.
            deployment.ledger.write(Scope::Unit(unit), |records| records.drop_upload(unit, *device, hash))?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

fn finish_photo(deployment: &Deployment, upload: &OpenUpload) -> Result<()> {
    let OpenUpload { unit, device, hash, row } = upload;
    let mut hasher = sync::hash::Hasher::default();
    deployment.ledger.read(|records| {
        records.each_piece(unit, *device, hash, &mut |piece| {
            hasher.update(piece);
            Ok(())
        })
    })?;
    if hasher.finish() != *hash {
        return Err(start_over(deployment, upload)?);
    }
    let (photo, now_ms) = (PhotoHash(*hash), deployment.now_ms());
    deployment
        .ledger
        .write(Scope::Unit(unit), |records| {
            if records.erased_photo(unit, photo)? {
                records.drop_upload(unit, *device, hash)?;
                return Ok(Err(Code::PhotoErased));
            }
            records.store_photo(unit, *device, photo, row.bytes, now_ms)?;
            let note = Note::new(Actor::Device(*device), "photo_stored").subject(photo).detail(row.bytes);
            note.write(records, Some(unit), now_ms)?;
            Ok(Ok(()))
        })?
        .map_err(ServerError::from)
}

/// The whole is not what was announced: its bytes are forgotten, and the sender begins again.
fn start_over(deployment: &Deployment, upload: &OpenUpload) -> Result<ServerError> {
    deployment
        .ledger
        .write(Scope::Unit(&upload.unit), |records| records.empty_upload(&upload.unit, upload.device, &upload.hash))?;
    Ok(Code::UploadHashWrong.into())
}
