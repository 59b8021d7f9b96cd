//! Work carried by hand: a queue file to the server, sealed to its key, and one back with receipts, log and register.
//! Taking a file twice changes nothing; of a damaged one every whole part is taken.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::id::PhotoHash;
use serde::{Deserialize, Serialize};
use store::{LogFollowed, StoreError};
use sync::WireError;
use sync::plan::ReceiptOutcome;
use sync::queue_file::{Direction, PartKind, QueueFileError, QueueLabel, QueueWriter, read_queue};

use super::Desk;
use super::file::{check_is_file, check_target, unreadable, unwritable};
use crate::App;
use crate::app::AppConfig;
use crate::error::{AppError, Code, Result};
use crate::settings::Settings;
use crate::version::APP_VERSION;

/// A stick holds more; a file that takes an hour to write helps nobody.
const MOST_BATCH_BYTES: usize = 256 << 20;
const EXTENSION: &str = "tungnha";
/// Of the access log, in one part.
const ACCESS_AT_ONCE: usize = 500;

/// Where the file goes. Its name ends in `.tungnha`; a queue file that is there is replaced.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WriteQueueFile {
    pub path: String,
    /// Without them the file is small; they go the next time.
    pub with_photos: bool,
}

/// What is in it.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct QueueFileWritten {
    pub path: String,
    pub batches: u32,
    pub photos: u32,
    pub bytes: u64,
}

pub async fn write_queue_file(app: &App, params: WriteQueueFile) -> Result<QueueFileWritten> {
    let config = app.config().clone();
    app.write(move |desk| {
        let path = Path::new(&params.path);
        if path.extension().is_none_or(|extension| extension != EXTENSION) {
            return Err(AppError::new(Code::ValueNotAllowed).with("field", "path"));
        }
        write(desk, &config, path, params.with_photos)
    })
    .await
}

/// At locking, where a stick folder is set and there and anything waits. `None` where there is nothing to do.
pub(super) async fn write_at_lock(app: &App) -> Result<Option<String>> {
    let config = app.config().clone();
    if app.session().await.is_err() {
        return Ok(None);
    }
    app.write(move |desk| {
        let Some(stick) = Settings::load(&config.folder).stick_folder.map(PathBuf::from).filter(|stick| stick.is_dir())
        else {
            return Ok(None);
        };
        desk.store.seal_pending(desk.now_ms(), APP_VERSION)?;
        if desk.store.waiting_batches(1)?.is_empty() && desk.store.waiting_photos()?.is_empty() {
            return Ok(None);
        }
        // One file for each laptop, replaced each time: a stick does not fill up.
        let path = stick.join(format!("{}.tungnha", desk.profile.device));
        write(desk, &config, &path, true).map(|written| Some(written.path))
    })
    .await
}

fn write(desk: &Desk, config: &AppConfig, path: &Path, with_photos: bool) -> Result<QueueFileWritten> {
    check_target(config, path)?;
    desk.store.seal_pending(desk.now_ms(), APP_VERSION)?;
    let unfinished = path.with_extension("tungnha-unfinished");
    let written = write_parts(desk, &unfinished, with_photos).and_then(|(batches, photos, bytes)| {
        std::fs::rename(&unfinished, path).map_err(unwritable)?;
        Ok(QueueFileWritten { path: path.to_string_lossy().into_owned(), batches, photos, bytes })
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

fn write_parts(desk: &Desk, path: &Path, with_photos: bool) -> Result<(u32, u32, u64)> {
    let profile = &desk.profile;
    let label = QueueLabel {
        direction: Direction::ToServer,
        deployment: profile.deployment,
        device: profile.device,
        written_ms: desk.now_ms(),
    };
    let file = File::create(path).map_err(unwritable)?;
    let mut writer = QueueWriter::begin(BufWriter::new(file), label, &[profile.server_stick_key])?;
    let (mut batches, mut photos) = (0, 0);
    writer.write_part(PartKind::Certificate, &profile.certificate)?;
    let proofs = desk.store.log_proofs()?;
    for (kind, proof) in [(PartKind::LogMark, proofs.mark), (PartKind::Receipt, proofs.receipt)] {
        if let Some(proof) = proof {
            writer.write_part(kind, &proof)?;
        }
    }
    let waiting = desk.store.waiting_batches(usize::MAX)?;
    // Whom a restored server may not know: the authors of what is offered of others.
    for author in desk.store.certificates_of(&waiting)? {
        if author != profile.certificate {
            writer.write_part(PartKind::Certificate, &author)?;
        }
    }
    for batch in desk.store.sealed_batches_waiting(MOST_BATCH_BYTES)? {
        writer.write_part(PartKind::SealedBatch, &batch)?;
        batches += 1;
    }
    let all_carried = batches as usize == waiting.len();
    for log in desk.store.access_logs_waiting(ACCESS_AT_ONCE)? {
        let signed = sync::cose::sign(&log, desk.store.signing_key(), profile.deployment);
        writer.write_part(PartKind::AccessLog, &signed.0)?;
    }
    if with_photos {
        for waiting in desk.store.waiting_photos()? {
            if let Some(photo) = desk.store.photo(PhotoHash(waiting.hash))? {
                writer.write_part(PartKind::Photo, &photo.bytes)?;
                photos += 1;
            }
        }
    }
    let mut file = writer.finish()?;
    file.flush().map_err(unwritable)?;
    let file = file.into_inner().map_err(|error| unwritable(error.into_error()))?;
    file.sync_all().map_err(unwritable)?;
    let bytes = file.metadata().map_err(unwritable)?.len();
    if all_carried {
        desk.store.note_all_carried()?;
    }
    Ok((batches, photos, bytes))
}

/// The file that came back.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct TakeQueueFile {
    pub path: String,
}

/// What was in it and what it did.
#[derive(Clone, Debug, Default, Serialize, ts_rs::TS)]
pub struct QueueFileTaken {
    pub receipts: u32,
    pub log_entries_read: u32,
    /// The register edition that was taken in.
    pub edition: Option<u32>,
    pub erased: u32,
    /// Photos that the server said it holds.
    pub photos_stored: u32,
    /// Lines of the access log that the server said it holds.
    pub access_entries_stored: u32,
    /// The server was restored from a backup: the next queue file carries everything that is held here. Write it, hand it
    /// in, and take the file that comes back.
    pub server_restored: bool,
    /// Another laptop goes by this device's name, or this one was set back: a new chain was opened, nothing was lost.
    pub chain_renewed: bool,
    /// Batches that the server misses before others that it was given: the next queue file carries them again.
    pub batches_missing: bool,
    /// Parts that did not hold or did not fit; the rest was taken.
    pub refused_parts: u32,
    pub whole_parts: u32,
    /// Nothing of what was written is missing.
    pub is_complete: bool,
}

pub async fn take_queue_file(app: &App, params: TakeQueueFile) -> Result<QueueFileTaken> {
    app.write(move |desk| take(desk, Path::new(&params.path))).await
}

fn take(desk: &Desk, path: &Path) -> Result<QueueFileTaken> {
    if check_is_file(path)? == 0 {
        return Err(Code::FileEmpty.into());
    }
    let file = File::open(path).map_err(unreadable)?;
    let reader = read_queue(BufReader::new(file), desk.store.stick_secret(), desk.profile.deployment);
    let mut reader = reader.map_err(|error| match error {
        QueueFileError::Io(error) => unreadable(error),
        error => error.into(),
    })?;
    if reader.label().direction != Direction::ToLaptops {
        return Err(Code::QueueFileNotForUs.into());
    }
    let mut taken = QueueFileTaken::default();
    for part in reader.by_ref() {
        let Ok(part) = part else { break };
        let outcome = match part.kind {
            PartKind::Receipt => take_receipt(desk, &part.bytes, &mut taken),
            PartKind::FeedPage => take_page(desk, &part.bytes, &mut taken),
            PartKind::Manifest => desk.store.begin_edition(&part.bytes).map(drop).map_err(AppError::from),
            PartKind::EditionPiece => {
                let hash = sync::hash::sha256(&part.bytes);
                desk.store.take_edition_piece(&hash, 0, &part.bytes).map(drop).map_err(AppError::from)
            }
            PartKind::Certificate => desk.store.take_server_certificate(&part.bytes).map_err(AppError::from),
            PartKind::StickReceipt => take_stick_receipt(desk, &part.bytes, &mut taken),
            PartKind::SealedBatch | PartKind::Photo | PartKind::AccessLog | PartKind::LogMark => Ok(()),
        };
        match outcome {
            Ok(()) => {}
            Err(error) if is_of_the_disk(&error) => return Err(error),
            Err(_) => taken.refused_parts += 1,
        }
    }
    if desk.store.renew_if_forked(desk.now_ms())? {
        taken.chain_renewed = true;
        desk.store.seal_pending(desk.now_ms(), APP_VERSION)?;
    }
    let report = reader.report();
    taken.whole_parts = report.whole;
    taken.is_complete = report.is_complete();
    let edition = desk.store.edition_download()?;
    if edition.is_some_and(|edition| edition.pieces.iter().all(|piece| piece.held == piece.bytes)) {
        taken.edition = Some(desk.store.finish_edition(desk.now_ms(), &mut |_, _| true)?.edition);
    }
    Ok(taken)
}

fn take_receipt(desk: &Desk, receipt: &[u8], taken: &mut QueueFileTaken) -> Result<()> {
    match desk.store.take_receipt(receipt) {
        Ok(outcome) => {
            taken.receipts += 1;
            taken.batches_missing |= matches!(outcome, ReceiptOutcome::OfferFrom { .. });
            Ok(())
        }
        // The file holds the receipts of every laptop of the unit.
        Err(StoreError::ReceiptMismatch) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// It speaks of the whole unit: what it says of other laptops is passed over.
fn take_stick_receipt(desk: &Desk, receipt: &[u8], taken: &mut QueueFileTaken) -> Result<()> {
    let stored = desk.store.take_stick_receipt(receipt, desk.now_ms())?;
    taken.photos_stored += stored.photos;
    taken.access_entries_stored += stored.access_entries;
    Ok(())
}

/// The file holds the log from its beginning: what is here already is passed over.
fn take_page(desk: &Desk, page: &[u8], taken: &mut QueueFileTaken) -> Result<()> {
    let take = || desk.store.take_carried_page(page, desk.now_ms());
    let mut before = desk.store.page_request()?.after;
    let read = match take() {
        Err(StoreError::Wire(WireError::LogChanged { .. })) => {
            match desk.store.follow_log(page, desk.now_ms(), APP_VERSION)? {
                LogFollowed::Passed => return Ok(()),
                LogFollowed::Offered => {
                    taken.server_restored = true;
                    return Ok(());
                }
                LogFollowed::ReadFromZero => {
                    before = 0;
                    take()?
                }
            }
        }
        read => read?,
    };
    if let Some(read) = read {
        taken.chain_renewed |= read.chain_renewed;
        taken.log_entries_read += u32::try_from(read.cursor.saturating_sub(before)).unwrap_or(u32::MAX);
        taken.erased += read.erased;
    }
    Ok(())
}

fn is_of_the_disk(error: &AppError) -> bool {
    matches!(error.code, Code::DiskFull | Code::DiskFailed | Code::DatabaseDamaged)
}

impl From<QueueFileError> for AppError {
    fn from(error: QueueFileError) -> Self {
        use QueueFileError as E;
        match error {
            E::Io(error) => unwritable(error),
            E::WrongDeployment => Code::QueueFileOtherServer.into(),
            E::NotForThisKey => Code::QueueFileNotForUs.into(),
            E::NotAQueueFile => Code::QueueFileUnreadable.into(),
            E::UnknownVersion { .. } => Code::UpdateNeeded.into(),
            _ => Code::QueueFileDamaged.into(),
        }
    }
}
