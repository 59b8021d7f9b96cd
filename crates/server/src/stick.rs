//! Queue files: what a station without a line brings on a stick, and what the stick carries back. Taking a file in twice
//! is harmless; a damaged one gives what is whole.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use domain::id::{ChainId, DeviceId, PhotoHash};
use domain::unit::Unit;
use sync::message::{FORMAT, ReceiptStatus, StickReceipt};
use sync::queue_file::{Direction, PartKind, QueueLabel, QueueWriter, read_queue};

use crate::access::take_access_log;
use crate::adopt::adopt_device;
use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Refusal, Result, ServerError};
use crate::feed::{read_manifest, read_page};
use crate::ingest::{self, restored};
use crate::ledger::Scope;

/// Named in one part: some 3 MiB of hashes.
const MOST_PHOTOS_NAMED: usize = 100_000;

/// What was in a queue file and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct StickReport {
    pub stored: u64,
    /// Batches that were here already.
    pub again: u64,
    pub forked: u64,
    pub quarantined: u64,
    /// Batches before which something is missing.
    pub gaps: u64,
    pub refused: u64,
    pub photos: u64,
    pub photos_not_named: u64,
    pub access_logs: u64,
    pub whole_parts: u32,
    /// Whether everything that was written has been read.
    pub complete: bool,
}

/// Takes in a queue file.
///
/// # Errors
/// `StickUnreadable` with the wire's own code where the head does not open; the ledger's.
pub fn take_queue_file(deployment: &Deployment, input: impl Read) -> Result<StickReport> {
    let unreadable = |code: &'static str| Refusal::with(Code::StickUnreadable, "wire", code);
    let mut reader = read_queue(input, &deployment.keys.stick, deployment.keys.deployment)
        .map_err(|error| unreadable(error.code()))?;
    let mut report = StickReport::default();
    // Photos are named by batches, which may stand behind them in the file.
    let mut photos = Vec::new();
    let mut batches = Batches::default();
    for part in reader.by_ref() {
        let Ok(part) = part else { break };
        match part.kind {
            PartKind::SealedBatch => batches.take(deployment, part.bytes, &mut report)?,
            PartKind::Photo => photos.push(part.bytes),
            PartKind::AccessLog => match take_access_log(deployment, &part.bytes) {
                Ok(_) => report.access_logs += 1,
                Err(error) => count_refusal(error, &mut report)?,
            },
            PartKind::Certificate => adopt_device(deployment, &part.bytes)?,
            PartKind::LogMark | PartKind::Receipt => drop(restored::heed_carried_proof(deployment, &part.bytes)?),
            PartKind::FeedPage | PartKind::Manifest | PartKind::EditionPiece | PartKind::StickReceipt => {}
        }
    }
    let of_device = reader.label().device;
    let home = deployment.ledger.read(|records| Ok(records.device(of_device)?.and_then(|device| device.unit)))?;
    // What is missing still, after everything in the file: the stick that goes back asks for it.
    for (batch, receipt) in batches.gaps.values() {
        ingest::note_gap(deployment, batch, receipt)?;
    }
    if let Some(unit) = home.or(batches.unit) {
        for photo in photos {
            take_photo(deployment, &unit, &photo, &mut report)?;
        }
    }
    let found = reader.report();
    report.whole_parts = found.whole;
    report.complete = found.is_complete();
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Reference, |records| {
        Note::new(Actor::Operator, "queue_file_taken")
            .subject(of_device)
            .with("parts", report.whole_parts)
            .with("stored", report.stored)
            .with("complete", report.complete)
            .write(records, None, now_ms)
    })?;
    Ok(report)
}

/// What the batches of a file leave behind.
#[derive(Default)]
struct Batches {
    /// Of the last one.
    unit: Option<Unit>,
    /// Of each chain the first that its chain did not reach, and the answer to it.
    gaps: BTreeMap<(DeviceId, ChainId), (ingest::Verified, Vec<u8>)>,
}

impl Batches {
    fn take(&mut self, deployment: &Deployment, sealed: Vec<u8>, report: &mut StickReport) -> Result<()> {
        let taken = ingest::verify_sealed(deployment, sealed).and_then(|batch| {
            self.unit = Some(batch.unit().clone());
            Ok((ingest::take_batch(deployment, &batch, None, None)?, batch))
        });
        match taken {
            Ok((taken, _)) if taken.again => report.again += 1,
            Ok((taken, batch)) => match taken.status {
                ReceiptStatus::Stored => report.stored += 1,
                ReceiptStatus::Fork => report.forked += 1,
                ReceiptStatus::Gap => {
                    report.gaps += 1;
                    self.gaps.entry(batch.chain()).or_insert((batch, taken.receipt));
                }
                ReceiptStatus::Quarantined => report.quarantined += 1,
            },
            Err(error) => count_refusal(error, report)?,
        }
        Ok(())
    }
}

/// A part that is refused does not keep the others out; a ledger in trouble does.
fn count_refusal(error: ServerError, report: &mut StickReport) -> Result<()> {
    match error {
        ServerError::Refused(_) => {
            report.refused += 1;
            Ok(())
        }
        error => Err(error),
    }
}

fn take_photo(deployment: &Deployment, unit: &Unit, bytes: &[u8], report: &mut StickReport) -> Result<()> {
    let photo = PhotoHash(sync::hash::sha256(bytes));
    let now_ms = deployment.now_ms();
    let stored = deployment.ledger.write(Scope::Unit(unit), |records| {
        let named = records.named_photo(unit, photo)?;
        if named.is_none_or(|named| named.bytes != bytes.len() as u64) || records.erased_photo(unit, photo)? {
            return Ok(false);
        }
        records.put_photo_bytes(unit, photo, bytes, now_ms)?;
        Ok(true)
    })?;
    if stored {
        report.photos += 1
    } else {
        report.photos_not_named += 1
    }
    Ok(())
}

/// Writes what a unit's laptops need, sealed to every device of the unit that is not revoked: their receipts, those that ask
/// for what is missing among them, the photos that are stored, the whole log and the edition in force.
///
/// # Errors
/// `DeviceUnknown` where the unit has no laptop with a stick key; what the writer answers.
pub fn give_queue_file(deployment: &Deployment, unit: &Unit, output: impl Write) -> Result<u32> {
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    let failed = |error: sync::queue_file::QueueFileError| ServerError::Io {
        step: "writing the queue file",
        source: match error {
            sync::queue_file::QueueFileError::Io(source) => source,
            error => std::io::Error::other(error),
        },
    };
    let devices = deployment.ledger.read(|records| records.devices(Some(unit)))?;
    let receivers: Vec<(DeviceId, [u8; 32])> = devices
        .iter()
        .filter(|device| device.revoked.is_none())
        .filter_map(|device| Some((device.device, device.stick_key?)))
        .collect();
    if receivers.is_empty() {
        return Err(Code::DeviceUnknown.into());
    }
    let label = QueueLabel {
        direction: Direction::ToLaptops,
        deployment: keys.deployment,
        device: keys.device,
        written_ms: now_ms,
    };
    let recipients: Vec<[u8; 32]> = receivers.iter().map(|(_, key)| *key).collect();
    let mut writer = QueueWriter::begin(output, label, &recipients).map_err(failed)?;
    let mut parts = 0;
    let mut write = |kind: PartKind, bytes: &[u8]| {
        parts += 1;
        writer.write_part(kind, bytes).map_err(failed)
    };
    write(PartKind::Certificate, &keys.certificate)?;
    for (device, _) in &receivers {
        let receipts = deployment
            .ledger
            .read(|records| Ok([records.receipts_of(unit, *device)?, records.gaps_of(unit, *device)?].concat()))?;
        for receipt in receipts {
            let receipt = deployment.ledger.read(|records| ingest::present_receipt(records, keys, unit, receipt))?;
            write(PartKind::Receipt, &receipt)?;
        }
    }
    for receipt in stick_receipts(deployment, unit, now_ms)? {
        write(PartKind::StickReceipt, &keys.sign(&receipt))?;
    }
    let mut after = 0;
    loop {
        let page = deployment.ledger.read(|records| read_page(records, keys, unit, after, now_ms))?;
        let last = page.entries.last().map(|entry| entry.index);
        write(PartKind::FeedPage, &keys.sign(&page))?;
        match last {
            Some(last) if last < page.head => after = last,
            _ => break,
        }
    }
    let manifest = match deployment.ledger.read(|records| read_manifest(records, unit, 0, now_ms)) {
        Ok(manifest) => manifest,
        Err(ServerError::Refused(Refusal { code: Code::EditionMissing, .. })) => None,
        Err(error) => return Err(error),
    };
    if let Some(manifest) = manifest {
        write(PartKind::Manifest, &keys.sign(&manifest))?;
        for piece in &manifest.pieces {
            let bytes = crate::feed::read_piece(deployment, unit, &piece.hash, 0, piece.compressed_bytes)?;
            write(PartKind::EditionPiece, &bytes)?;
        }
    }
    writer.finish().map_err(failed)?;
    deployment.ledger.write(Scope::Unit(unit), |records| {
        Note::new(Actor::Operator, "queue_file_given").detail(parts).write(records, Some(unit), now_ms)
    })?;
    Ok(parts)
}

/// What is stored beside batches, each part within the size of one.
fn stick_receipts(deployment: &Deployment, unit: &Unit, now_ms: u64) -> Result<Vec<StickReceipt>> {
    let (log, mut access, photos) = deployment.ledger.read(|records| {
        let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
        Ok((row.log, records.access_heads(unit)?, records.stored_photos(unit)?))
    })?;
    let mut receipts = Vec::new();
    // The first tells of access lines, also where no photo is stored.
    for photos in photos.chunks(MOST_PHOTOS_NAMED).chain(photos.is_empty().then_some(&[][..])) {
        receipts.push(StickReceipt {
            format: FORMAT,
            unit: unit.clone(),
            log,
            access: std::mem::take(&mut access),
            photos: photos.to_vec(),
            made_ms: now_ms,
        });
    }
    Ok(receipts)
}
