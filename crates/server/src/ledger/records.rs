//! The operations inside one transaction. Each is coarse enough to be one or two statements; none decides anything.

use std::collections::BTreeSet;

use domain::change::EntityRef;
use domain::id::{ChainId, ChangeId, CorrectionId, DeviceId, LogId, OfficerId, PersonId, PhotoHash};
use domain::unit::Unit;
use sync::message::{AccessStored, Hash, Verdict};
use uuid::Uuid;

use super::rows::*;
use crate::error::Result;

/// Settings, units, officers, devices, enrolment codes: small tables that are not sharded.
pub trait ReferenceRecords {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>>;
    fn set_setting(&mut self, name: &str, value: &[u8]) -> Result<()>;

    fn units(&mut self) -> Result<Vec<UnitRow>>;
    fn unit(&mut self, unit: &Unit) -> Result<Option<UnitRow>>;
    fn add_unit(&mut self, row: &UnitRow) -> Result<()>;

    /// Of one unit, or of all.
    fn officers(&mut self, unit: Option<&Unit>) -> Result<Vec<OfficerRow>>;
    fn officer(&mut self, officer: OfficerId) -> Result<Option<OfficerRow>>;
    fn put_officer(&mut self, row: &OfficerRow) -> Result<()>;

    fn devices(&mut self, unit: Option<&Unit>) -> Result<Vec<DeviceRow>>;
    fn device(&mut self, device: DeviceId) -> Result<Option<DeviceRow>>;
    fn device_by_kid(&mut self, kid: &[u8; 16]) -> Result<Option<DeviceRow>>;
    fn add_device(&mut self, row: &DeviceRow) -> Result<()>;
    fn revoke_device(&mut self, device: DeviceId, revocation: &Revocation) -> Result<()>;
    fn note_contact(&mut self, device: DeviceId, contact: &DeviceContact) -> Result<()>;

    fn code(&mut self, code: &str) -> Result<Option<CodeRow>>;
    fn add_code(&mut self, row: &CodeRow) -> Result<()>;
    fn count_try(&mut self, code: &str) -> Result<()>;
    fn use_code(&mut self, code: &str, key: &[u8; 32], answer: &[u8]) -> Result<()>;
}

/// The log of a unit, its chains, and what is kept beside it.
pub trait LogRecords {
    /// A new run of the log, and a new chain for the server's own changes in it.
    fn start_log(&mut self, unit: &Unit, log: LogId, own_chain: ChainId, started_ms: u64) -> Result<()>;
    fn chain(&mut self, unit: &Unit, device: DeviceId, chain: ChainId) -> Result<Option<ChainRow>>;
    /// Every chain of a device.
    fn chains_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<(ChainId, ChainRow)>>;
    /// The batch of the log that begins at this sequence.
    fn entry_at(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, first: u64) -> Result<Option<KnownBatch>>;
    /// Whatever begins there, in the log or beside it, with this very hash.
    fn known_batch(&mut self, unit: &Unit, chain: ChainId, first: u64, hash_after: &Hash)
    -> Result<Option<KnownBatch>>;
    /// Puts the entry at the head of the log and moves the heads of the log and of its chain; gaps of its device are
    /// forgotten, for those that are left will be met again.
    fn append_entry(&mut self, unit: &Unit, entry: &NewEntry) -> Result<()>;
    /// Entries above `after`, as many as `max_bytes` holds and at least one.
    fn entries_after(&mut self, unit: &Unit, after: u64, max_bytes: usize) -> Result<Vec<LoggedEntry>>;
    /// Stored receipts of this device's batches, oldest first: as each stands now.
    fn receipts_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<Vec<u8>>>;
    /// Keeps the receipt that says what is missing of a chain, until the chain goes on.
    fn put_gap(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, receipt: &[u8]) -> Result<()>;
    fn gaps_of(&mut self, unit: &Unit, device: DeviceId) -> Result<Vec<Vec<u8>>>;

    fn put_aside(&mut self, unit: &Unit, row: &AsideRow) -> Result<()>;
    fn asides(&mut self, unit: &Unit) -> Result<Vec<AsideRow>>;
    fn decide_aside(&mut self, unit: &Unit, row: &AsideRow, decided: &str) -> Result<()>;
    fn replace_aside(&mut self, unit: &Unit, row: &AsideRow, sealed: &[u8]) -> Result<()>;

    /// Hash of the log through `index`, 0 being its beginning; `None` above its head.
    fn log_hash(&mut self, unit: &Unit, index: u64) -> Result<Option<Hash>>;
    /// What stands at an index of the log; `None` above its head.
    fn batch_at(&mut self, unit: &Unit, index: u64) -> Result<Option<BatchName>>;
}

/// Single changes of the log.
pub trait ChangeRecords {
    /// Which of these stand in the log and are accepted.
    fn known_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<BTreeSet<ChangeId>>;
    /// Which of these an `Erased` of the log names.
    fn erased_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<BTreeSet<ChangeId>>;
    fn erased_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<bool>;
    fn erased_people(&mut self, unit: &Unit) -> Result<BTreeSet<PersonId>>;

    /// In the order of the log.
    fn changes_touching(&mut self, unit: &Unit, entity: EntityRef) -> Result<Vec<LoggedChange>>;
    /// In the order of the log.
    fn changes_of_kind(&mut self, unit: &Unit, kind: u16) -> Result<Vec<LoggedChange>>;
    /// In the order of the log; more than one where a change was signed again.
    fn changes_with_id(&mut self, unit: &Unit, change: ChangeId) -> Result<Vec<LoggedChange>>;
    /// In the order of the log.
    fn changes_naming(&mut self, unit: &Unit, photo: PhotoHash) -> Result<Vec<LoggedChange>>;
    fn photos_named_by(&mut self, unit: &Unit, change: ChangeId) -> Result<Vec<PhotoHash>>;

    /// Empties the bodies and remembers that they may stay empty.
    fn erase_changes(&mut self, unit: &Unit, changes: &[ChangeId]) -> Result<()>;
    /// Destroys the photo's bytes and remembers that it may not come again.
    fn erase_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<()>;
    fn remember_erased_person(&mut self, unit: &Unit, person: PersonId, at_ms: u64) -> Result<()>;
    /// Puts back a body that was handed in empty without an erasure, and lifts its verdict.
    fn fill_body(
        &mut self,
        unit: &Unit,
        index: u64,
        sequence: u64,
        salted_body: &[u8],
        touches: &[EntityRef],
    ) -> Result<()>;
    fn set_verdict(&mut self, unit: &Unit, index: u64, sequence: u64, verdict: Option<Verdict>) -> Result<()>;
}

/// Pieces of what is on its way.
pub trait UploadRecords {
    fn upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<Option<UploadRow>>;
    /// Announced again, what is held stays.
    fn announce_upload(
        &mut self,
        unit: &Unit,
        device: DeviceId,
        hash: &Hash,
        row: &UploadRow,
        now_ms: u64,
    ) -> Result<()>;
    /// How many uploads of this device are announced, and how many bytes they have when they are whole.
    fn uploads_waiting(&mut self, unit: &Unit, device: DeviceId) -> Result<(u64, u64)>;
    fn append_piece(&mut self, unit: &Unit, device: DeviceId, hash: &Hash, offset: u64, bytes: &[u8]) -> Result<()>;
    fn each_piece(
        &mut self,
        unit: &Unit,
        device: DeviceId,
        hash: &Hash,
        take: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()>;
    /// Forgets the bytes, not the announcement.
    fn empty_upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<()>;
    fn drop_upload(&mut self, unit: &Unit, device: DeviceId, hash: &Hash) -> Result<()>;
    fn drop_uploads_before(&mut self, unit: &Unit, announced_ms: u64) -> Result<()>;
}

/// Photos of a unit.
pub trait PhotoRecords {
    /// What the log says of a photo; `None` where no stored header names it.
    fn named_photo(&mut self, unit: &Unit, photo: PhotoHash) -> Result<Option<NamedPhoto>>;
    /// Photos that headers name and that have not come.
    /// Photos whose bytes are here, ascending.
    fn stored_photos(&mut self, unit: &Unit) -> Result<Vec<PhotoHash>>;
    fn photos_missing(&mut self, unit: &Unit) -> Result<u64>;
    /// Makes the photo out of its upload, which is gone afterwards.
    fn store_photo(&mut self, unit: &Unit, device: DeviceId, photo: PhotoHash, bytes: u64, now_ms: u64) -> Result<()>;
    fn put_photo_bytes(&mut self, unit: &Unit, photo: PhotoHash, bytes: &[u8], now_ms: u64) -> Result<()>;
    /// At most `max` bytes from `offset` on; `None` where the photo is not here.
    fn photo_bytes(&mut self, unit: &Unit, photo: PhotoHash, offset: u64, max: u64) -> Result<Option<Vec<u8>>>;
}

/// Register editions, as pieces.
pub trait EditionRecords {
    fn editions(&mut self, unit: &Unit) -> Result<Vec<EditionRow>>;
    fn add_edition(&mut self, unit: &Unit, row: &EditionRow) -> Result<()>;
    fn undo_edition(&mut self, unit: &Unit, edition: u32) -> Result<()>;
    fn set_edition_in_force(&mut self, unit: &Unit, edition: u32) -> Result<()>;
    fn put_piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, piece: &PieceRow, bytes: &[u8]) -> Result<()>;
    fn pieces(&mut self, unit: &Unit, edition: u32, set: PieceSet) -> Result<Vec<PieceRow>>;
    fn piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, position: u32) -> Result<Option<Vec<u8>>>;
    /// At most `max` bytes from `offset` on; `None` where no edition that is kept has such a piece.
    fn piece_bytes(&mut self, unit: &Unit, hash: &Hash, offset: u64, max: u64) -> Result<Option<Vec<u8>>>;
    fn drop_piece(&mut self, unit: &Unit, edition: u32, set: PieceSet, position: u32) -> Result<()>;
    fn drop_pieces(&mut self, unit: &Unit, edition: u32) -> Result<()>;
    /// After an erasure: the counts of every edition that is kept follow its pieces.
    fn set_people(&mut self, unit: &Unit, edition: u32, people: u32) -> Result<()>;
}

/// What went out to be typed into the register.
pub trait ExportRecords {
    fn reservations(&mut self, unit: &Unit) -> Result<Vec<ReservationRow>>;
    fn reserve(&mut self, unit: &Unit, export: Uuid, corrections: &[CorrectionId], now_ms: u64) -> Result<()>;
    /// How many were released.
    fn release(&mut self, unit: &Unit, export: Uuid) -> Result<u64>;
    fn drop_reservation(&mut self, unit: &Unit, correction: CorrectionId) -> Result<()>;
}

/// The audit of a unit, and the access logs that its laptops hand in. `None` is the server as a whole.
pub trait AuditRecords {
    fn last_audit(&mut self, unit: Option<&Unit>) -> Result<Option<AuditRow>>;
    fn append_audit(&mut self, unit: Option<&Unit>, row: &AuditRow) -> Result<()>;
    fn each_audit(&mut self, unit: Option<&Unit>, take: &mut dyn FnMut(AuditRow) -> Result<()>) -> Result<()>;
    fn alarms(&mut self, unit: &Unit) -> Result<Vec<AuditRow>>;
    /// A unit's lines of one action, oldest first.
    fn audit_of_action(&mut self, unit: &Unit, action: &str) -> Result<Vec<AuditRow>>;

    /// Sequence and hash of the last line of every access chain, ascending by device and chain.
    fn access_heads(&mut self, unit: &Unit) -> Result<Vec<AccessStored>>;
    /// The same of one chain; `None` where none of it is here.
    fn access_head(&mut self, unit: &Unit, device: DeviceId, chain: ChainId) -> Result<Option<AccessStored>>;
    /// Hash after a line; `None` where it is not here.
    fn access_hash(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, sequence: u64) -> Result<Option<Hash>>;
    fn add_access(&mut self, unit: &Unit, device: DeviceId, chain: ChainId, rows: &[AccessRow]) -> Result<()>;
    fn access(&mut self, unit: &Unit, officer: Option<OfficerId>) -> Result<Vec<(DeviceId, AccessRow)>>;
}

/// Everything inside a transaction.
pub trait Records:
    ReferenceRecords
    + LogRecords
    + ChangeRecords
    + UploadRecords
    + PhotoRecords
    + EditionRecords
    + ExportRecords
    + AuditRecords
{
}
