//! Plain data that goes in and out of the ledger.

use domain::change::{ChangeHeader, EntityRef};
use domain::id::{ChainId, ChangeId, DeviceId, LogId, OfficerId, PhotoHash};
use domain::role::Role;
use domain::unit::Unit;
use sync::message::{AccessAction, AccessDetail, Hash, ItemKind, PieceRef, Verdict, VerdictEntry};

/// A unit and the state of its log.
#[derive(Clone, Debug)]
pub struct UnitRow {
    pub unit: Unit,
    pub name: String,
    pub log: LogId,
    /// When this log id began; a restored ledger takes a new one.
    pub log_started_ms: u64,
    /// Highest index, 0 for an empty log.
    pub head: u64,
    /// Edition in force, 0 for none.
    pub edition: u32,
    /// The server's own chain in this unit.
    pub own_chain: ChainId,
}

/// Someone who works in a unit.
#[derive(Clone, Debug)]
pub struct OfficerRow {
    pub officer: OfficerId,
    pub unit: Unit,
    pub name: String,
    pub role: Role,
    pub active: bool,
}

/// An enrolled device.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    pub device: DeviceId,
    pub kid: [u8; 16],
    pub public_key: [u8; 32],
    pub stick_key: Option<[u8; 32]>,
    /// `None` for the server itself.
    pub unit: Option<Unit>,
    pub role: Role,
    pub officer: OfficerId,
    pub key_epoch: u32,
    pub from_ms: u64,
    pub to_ms: u64,
    /// The COSE_Sign1 as it was given out.
    pub certificate: Vec<u8>,
    pub revoked: Option<Revocation>,
    pub contact: DeviceContact,
}

/// When and why a device was revoked.
#[derive(Clone, Debug)]
pub struct Revocation {
    pub at_ms: u64,
    pub cause: String,
}

/// What a device last said of itself.
#[derive(Clone, Debug, Default)]
pub struct DeviceContact {
    pub at_ms: Option<u64>,
    /// Device clock minus server clock.
    pub skew_ms: i64,
    pub app_version: String,
    pub waiting_batches: u64,
    pub waiting_photos: u64,
    pub waiting_photo_bytes: u64,
}

/// A one-time enrolment code. Its secret is stored hashed.
#[derive(Clone, Debug)]
pub struct CodeRow {
    pub code: String,
    pub officer: OfficerId,
    pub salt: [u8; 16],
    pub secret_hash: Hash,
    pub made_ms: u64,
    pub until_ms: u64,
    pub tries: u32,
    pub replaces: Option<DeviceId>,
    /// The key that used it, and the answer that it got.
    pub used: Option<([u8; 32], Vec<u8>)>,
}

/// What the server holds of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainRow {
    pub last_sequence: u64,
    pub head: Hash,
}

/// One change of a batch, on its way into the log.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub header: ChangeHeader,
    pub header_bytes: Vec<u8>,
    /// Empty where it is erased.
    pub salted_body: Vec<u8>,
    pub verdict: Option<Verdict>,
    /// Every entity that it is folded into, and whom it speaks of.
    pub touches: Vec<EntityRef>,
}

/// One batch on its way into the log.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub index: u64,
    pub device: DeviceId,
    pub chain: ChainId,
    pub first_sequence: u64,
    pub last_sequence: u64,
    pub hash_after: Hash,
    /// Of the log through this entry.
    pub log_hash: Hash,
    pub envelope: Vec<u8>,
    pub receipt: Vec<u8>,
    pub log: LogId,
    pub received_ms: u64,
    /// Who handed it in; not always its author.
    pub brought_by: Option<DeviceId>,
    pub changes: Vec<NewChange>,
}

/// A batch of the log as the feed gives it out.
#[derive(Clone, Debug)]
pub struct LoggedEntry {
    pub index: u64,
    pub device: DeviceId,
    pub envelope: Vec<u8>,
    /// Empty where erased.
    pub salted_bodies: Vec<Vec<u8>>,
    pub verdicts: Vec<VerdictEntry>,
    pub received_ms: u64,
}

/// Which batch stands at an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchName {
    pub device: DeviceId,
    pub chain: ChainId,
    pub first_sequence: u64,
    pub hash_after: Hash,
}

/// Where a batch already stands, and what was answered.
#[derive(Clone, Debug)]
pub struct KnownBatch {
    pub hash_after: Hash,
    pub last_sequence: u64,
    /// `None` for one that was set aside.
    pub index: Option<u64>,
    pub receipt: Vec<u8>,
}

/// One change of the log, as the fold and the erasure want it.
#[derive(Clone, Debug)]
pub struct LoggedChange {
    pub index: u64,
    pub sequence: u64,
    pub device: DeviceId,
    pub role: Role,
    pub change: ChangeId,
    pub header_bytes: Vec<u8>,
    /// `None` once erased.
    pub salted_body: Option<Vec<u8>>,
    pub verdict: Option<Verdict>,
    pub received_ms: u64,
}

/// Why a batch is not in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    Fork,
    Quarantine,
}

/// A batch that is kept beside the log.
#[derive(Clone, Debug)]
pub struct AsideRow {
    pub device: DeviceId,
    pub chain: ChainId,
    pub first_sequence: u64,
    pub last_sequence: u64,
    pub hash_after: Hash,
    pub why: Aside,
    /// The sealed batch; bodies inside it may have been erased.
    pub sealed: Vec<u8>,
    pub receipt: Vec<u8>,
    pub received_ms: u64,
    /// `released` or `refused`, once a supervisor decided.
    pub decided: Option<String>,
}

/// An upload that was announced and is not whole yet.
#[derive(Clone, Debug)]
pub struct UploadRow {
    pub kind: ItemKind,
    /// Size that was announced.
    pub bytes: u64,
    pub held: u64,
    pub media_type: Option<String>,
}

/// A photo that a stored header names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPhoto {
    pub photo: PhotoHash,
    pub bytes: u64,
    pub media_type: String,
    pub stored: bool,
}

/// An edition and its counts.
#[derive(Clone, Debug)]
pub struct EditionRow {
    pub edition: u32,
    pub label: String,
    /// The edition that its delta changes.
    pub base: Option<u32>,
    pub people: u32,
    pub households: u32,
    pub dwellings: u32,
    pub imported_ms: u64,
    pub undone: bool,
}

/// Whether pieces make the whole edition or only what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceSet {
    Full,
    Delta,
}

/// A compressed piece of an edition.
#[derive(Clone, Debug)]
pub struct PieceRow {
    pub position: u32,
    pub hash: Hash,
    pub compressed_bytes: u64,
    pub raw_bytes: u64,
    pub records: u32,
}

impl PieceRow {
    /// A piece at its place in an edition.
    pub fn of(position: u32, reference: &PieceRef) -> Self {
        Self {
            position,
            hash: reference.hash,
            compressed_bytes: reference.compressed_bytes,
            raw_bytes: reference.raw_bytes,
            records: reference.records,
        }
    }

    /// As a manifest names it.
    pub fn reference(&self) -> PieceRef {
        PieceRef {
            hash: self.hash,
            compressed_bytes: self.compressed_bytes,
            raw_bytes: self.raw_bytes,
            records: self.records,
        }
    }
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub sequence: u64,
    pub at_ms: u64,
    /// `operator`, `device:ID`, `server`.
    pub actor: String,
    pub action: String,
    /// Ids only.
    pub subject: String,
    pub detail: String,
    pub alarm: bool,
    /// SHA-256(hash of the line before ‖ this line).
    pub hash: Hash,
}

/// One line of a laptop's access log.
#[derive(Clone, Debug)]
pub struct AccessRow {
    pub sequence: u64,
    pub at_ms: u64,
    pub officer: OfficerId,
    pub action: AccessAction,
    pub entity: Option<EntityRef>,
    pub detail: Option<AccessDetail>,
    /// Of its access chain, after this line.
    pub hash: Hash,
}

/// A correction that went out in a file, so that none is typed twice.
#[derive(Clone, Debug)]
pub struct ReservationRow {
    pub correction: domain::id::CorrectionId,
    pub export: uuid::Uuid,
    pub reserved_ms: u64,
}
