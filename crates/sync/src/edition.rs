//! Register editions: a signed manifest and compressed pieces, written at the server, read record by record on a laptop
//! that may hold 150,000 people and little memory.

use domain::id::DeploymentId;
use domain::register::EditionRecord;
use domain::unit::Unit;

use crate::batch::{pack_frame, unpack_frame};
use crate::error::WireError;
use crate::hash::sha256;
use crate::keys::PublicKey;
use crate::message::{Manifest, PieceRef};
use crate::{canonical, codec, cose};

/// A piece is at most this large once unpacked.
pub const MAX_PIECE_BYTES: usize = 4 * 1024 * 1024;
/// What a writer fills a piece to, raw: small enough to unpack in little memory, large enough to compress well.
pub const PIECE_TARGET_BYTES: usize = 1024 * 1024;

const LEVEL: i32 = 9;

/// A piece as it is stored and sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    pub reference: PieceRef,
    /// Compressed.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({} records, {} bytes)", self.reference.records, self.bytes.len())
    }
}

/// Packs records into pieces: dwellings first, then households, then people.
#[derive(Debug)]
pub struct PieceWriter {
    raw: Vec<u8>,
    records: u32,
    order: RecordOrder,
}

impl PieceWriter {
    /// For a full edition, or for a delta.
    pub fn new(is_delta: bool) -> Self {
        Self { raw: Vec::new(), records: 0, order: RecordOrder::new(is_delta) }
    }

    /// Adds a record; gives the piece that it completed, if any.
    ///
    /// # Errors
    /// `Record` for one out of order, `NotCanonical` for text that is not NFC: no laptop would take the piece.
    pub fn push(&mut self, record: &EditionRecord) -> Result<Option<Piece>, WireError> {
        let bytes = codec::encode(record);
        canonical::check(&bytes)?;
        if bytes.len() > MAX_PIECE_BYTES {
            return Err(WireError::TooLarge { limit_bytes: MAX_PIECE_BYTES as u64 });
        }
        self.order.accept(record).map_err(|what| WireError::Record {
            record: self.records,
            offset: self.raw.len() as u64,
            what,
        })?;
        let full = !self.raw.is_empty() && self.raw.len() + bytes.len() > PIECE_TARGET_BYTES;
        let completed = if full { self.finish() } else { None };
        self.raw.extend_from_slice(&bytes);
        self.records += 1;
        Ok(completed)
    }

    /// The last piece; `None` where nothing is left.
    pub fn finish(&mut self) -> Option<Piece> {
        if self.raw.is_empty() {
            return None;
        }
        let bytes = pack_frame(&self.raw, LEVEL);
        let reference = PieceRef {
            hash: sha256(&bytes),
            compressed_bytes: bytes.len() as u64,
            raw_bytes: self.raw.len() as u64,
            records: self.records,
        };
        self.raw.clear();
        self.records = 0;
        Some(Piece { reference, bytes })
    }
}

/// A manifest that the server signed, for this unit, that does not contradict itself.
///
/// # Errors
/// As [`cose::verify`]; `WrongUnit`; `ManifestShape`; `TooLarge` for a piece beyond 4 MiB.
pub fn verify_manifest(
    envelope: &[u8],
    server_key: &PublicKey,
    deployment: DeploymentId,
    unit: &Unit,
) -> Result<Manifest, WireError> {
    let manifest: Manifest = cose::verify(envelope, server_key, deployment)?;
    if manifest.unit != *unit {
        return Err(WireError::WrongUnit);
    }
    if manifest.edition == 0 {
        return Err(WireError::ManifestShape("edition"));
    }
    if manifest.base.is_some_and(|base| base == 0 || base >= manifest.edition) {
        return Err(WireError::ManifestShape("base"));
    }
    let max_compressed = zstd::zstd_safe::compress_bound(MAX_PIECE_BYTES) as u64;
    for piece in &manifest.pieces {
        if piece.raw_bytes > MAX_PIECE_BYTES as u64 || piece.compressed_bytes > max_compressed {
            return Err(WireError::TooLarge { limit_bytes: MAX_PIECE_BYTES as u64 });
        }
        if piece.records == 0 || u64::from(piece.records) > piece.raw_bytes {
            return Err(WireError::ManifestShape("records of a piece"));
        }
    }
    Ok(manifest)
}

/// Checks a downloaded piece whole and unpacks it: exactly the announced hash and sizes. Whoever reads its records counts
/// them.
///
/// # Errors
/// `ContentHash` (fetch it again), `Decompression`, `TooLarge`.
pub fn open_piece(reference: &PieceRef, compressed: &[u8]) -> Result<Vec<u8>, WireError> {
    if compressed.len() as u64 != reference.compressed_bytes || sha256(compressed) != reference.hash {
        return Err(WireError::ContentHash);
    }
    let limit = usize::try_from(reference.raw_bytes).unwrap_or(usize::MAX).min(MAX_PIECE_BYTES);
    let raw = unpack_frame(compressed, limit)?;
    match raw.len() as u64 == reference.raw_bytes {
        true => Ok(raw),
        false => Err(WireError::Decompression),
    }
}

/// The records of an unpacked piece, one at a time. After an error there is nothing more.
pub fn records(raw: &[u8]) -> Records<'_> {
    Records { raw, at: 0, record: 0, failed: false }
}

/// See [`records`].
#[derive(Debug)]
pub struct Records<'r> {
    raw: &'r [u8],
    at: usize,
    record: u32,
    failed: bool,
}

impl Records<'_> {
    fn read(&mut self) -> Result<EditionRecord, WireError> {
        let rest = &self.raw[self.at..];
        let fault = |what| WireError::Record { record: self.record, offset: self.at as u64, what };
        let length = canonical::check_prefix(rest).map_err(|_| fault("not the deterministic encoding"))?;
        let record = codec::decode_checked(&rest[..length]).map_err(|_| fault("not an edition record"))?;
        self.at += length;
        self.record += 1;
        Ok(record)
    }
}

impl Iterator for Records<'_> {
    type Item = Result<EditionRecord, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.at == self.raw.len() {
            return None;
        }
        let record = self.read();
        self.failed = record.is_err();
        Some(record)
    }
}

/// Checks, over all pieces of an edition, that its records come dwellings first, then households, then people, and that
/// a full edition holds neither patches nor removals.
#[derive(Clone, Debug)]
pub struct RecordOrder {
    is_delta: bool,
    reached: u8,
}

impl RecordOrder {
    pub fn new(is_delta: bool) -> Self {
        Self { is_delta, reached: 0 }
    }

    /// # Errors
    /// What is wrong with this record's place.
    pub fn accept(&mut self, record: &EditionRecord) -> Result<(), &'static str> {
        let (class, only_in_delta) = match record {
            EditionRecord::Dwelling(_) => (0, false),
            EditionRecord::DwellingGone(_) => (0, true),
            EditionRecord::Household(_) => (1, false),
            EditionRecord::HouseholdGone(_) => (1, true),
            EditionRecord::Person(_) => (2, false),
            EditionRecord::PersonPatch(_) | EditionRecord::PersonGone(_) => (2, true),
        };
        if only_in_delta && !self.is_delta {
            return Err("only a delta patches or removes");
        }
        if class < self.reached {
            return Err("dwellings come first, then households, then people");
        }
        self.reached = class;
        Ok(())
    }
}
