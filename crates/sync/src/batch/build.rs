//! From a draft to a sealed change, from sealed changes to a signed batch.

use domain::change::{Body, ChangeHeader, EntityRef, PhotoRef};
use domain::id::{ChainId, ChangeId, DeploymentId, DeviceId, LogId, OfficerId};
use domain::unit::Unit;

use super::{ENVELOPE_ROOM_BYTES, MAX_BATCH_BYTES, MAX_BATCH_CHANGES, MAX_CHANGE_BYTES};
use crate::error::WireError;
use crate::keys::SigningKey;
use crate::message::{Batch, Blob, FORMAT, Hash, Made, ReceiptSeen, ReplacedChain, SealedBatch};
use crate::{canonical, codec, cose, hash};

/// The random bytes before a body, so that its hash tells nothing of it once it is erased.
pub const SALT_BYTES: usize = 16;

/// A change before it has its place in a chain. Fields are those of [`ChangeHeader`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub id: ChangeId,
    pub entity: EntityRef,
    pub edition: u32,
    pub seen: u64,
    pub author: OfficerId,
    pub wall_clock_ms: u64,
    pub photos: Option<Vec<PhotoRef>>,
    pub clock_set_back_ms: Option<u64>,
    pub on_behalf_of: Option<OfficerId>,
    pub body: Body,
}

/// A change as it is kept: the header's exact bytes, and the body beside it. An erased body is empty.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedChange {
    pub header: ChangeHeader,
    pub header_bytes: Vec<u8>,
    pub salted_body: Vec<u8>,
}

impl std::fmt::Debug for SealedChange {
    /// Never the body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedChange({}, sequence {})", self.header.id, self.header.sequence)
    }
}

impl SealedChange {
    /// What this change adds to a batch, its two byte string heads included.
    fn batch_bytes(&self) -> usize {
        self.header_bytes.len() + self.salted_body.len() + 2 * 5
    }
}

/// Gives a draft its place in the chain and fixes its bytes. `salt` is fresh randomness.
///
/// # Errors
/// `NotCanonical` where the body holds text that is not NFC; `BatchShape` for a photo of a media type that headers do not
/// take; `TooLarge` where no batch could carry it.
pub fn build_change(draft: Draft, sequence: u64, salt: [u8; SALT_BYTES]) -> Result<SealedChange, WireError> {
    let body = draft.body.encode();
    canonical::check(&body)?;
    let salted_body = [salt.as_slice(), &body].concat();
    let header = ChangeHeader {
        id: draft.id,
        sequence,
        kind: draft.body.kind(),
        version: draft.body.version(),
        entity: draft.entity,
        edition: draft.edition,
        seen: draft.seen,
        author: draft.author,
        wall_clock_ms: draft.wall_clock_ms,
        photos: draft.photos,
        body_hash: hash::body_hash(&salted_body),
        clock_set_back_ms: draft.clock_set_back_ms,
        on_behalf_of: draft.on_behalf_of,
    };
    super::open::check_media_types(&header)?;
    if header.photos.as_ref().is_some_and(Vec::is_empty) {
        return Err(WireError::BatchShape("an empty list of photos"));
    }
    let header_bytes = codec::encode(&header);
    canonical::check(&header_bytes)?;
    let change = SealedChange { header, header_bytes, salted_body };
    match change.batch_bytes() <= MAX_CHANGE_BYTES {
        true => Ok(change),
        false => Err(WireError::TooLarge { limit_bytes: MAX_CHANGE_BYTES as u64 }),
    }
}

/// The same change, same id and body, at another place: for a chain that replaces a forked one.
pub fn renumber(change: &SealedChange, sequence: u64) -> SealedChange {
    let header = ChangeHeader { sequence, ..change.header.clone() };
    let header_bytes = codec::encode(&header);
    SealedChange { header, header_bytes, salted_body: change.salted_body.clone() }
}

/// Cuts changes, in order, into groups that each fit one batch: at most 256 changes and 256 KiB.
pub fn split_for_batches(changes: &[SealedChange]) -> Vec<&[SealedChange]> {
    let mut groups = Vec::new();
    let mut rest = changes;
    while !rest.is_empty() {
        let mut bytes = ENVELOPE_ROOM_BYTES;
        let fitting = rest
            .iter()
            .take(MAX_BATCH_CHANGES)
            .take_while(|change| {
                bytes += change.batch_bytes();
                bytes <= MAX_BATCH_BYTES
            })
            .count();
        // A change that `build_change` let pass always fits; one that did not come from there goes alone.
        let (group, after) = rest.split_at(fitting.max(1));
        groups.push(group);
        rest = after;
    }
    groups
}

/// What a batch says beside its changes.
#[derive(Clone, Debug)]
pub struct SealRequest<'c> {
    pub device: DeviceId,
    pub chain: ChainId,
    pub key_epoch: u32,
    pub unit: Unit,
    /// The chain's head. For the first batch: `hash::chain_start`, or the replaced chain's head.
    pub hash_before: Hash,
    pub receipt_seen: Option<ReceiptSeen>,
    pub made: Made,
    /// Only in the first batch of a chain that replaces another.
    pub replaces: Option<ReplacedChain>,
    /// The log that the changes' `seen` counts in, where one is known.
    pub log: Option<LogId>,
    /// Dense in sequence; one group of [`split_for_batches`].
    pub changes: &'c [SealedChange],
}

/// Signs a batch. Store `codec::encode(&sealed)` before sending it.
///
/// # Errors
/// `BatchShape` where the changes are none, too many or not dense, or the chain's start is not as the law has it;
/// `TooLarge`; `NotCanonical` where the app version is not NFC.
pub fn seal(
    request: SealRequest<'_>,
    key: &SigningKey,
    deployment: DeploymentId,
) -> Result<(SealedBatch, Batch), WireError> {
    let changes = request.changes;
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
        return Err(WireError::BatchShape("no changes"));
    };
    let batch = Batch {
        format: FORMAT,
        device: request.device,
        chain: request.chain,
        key_epoch: request.key_epoch,
        first_sequence: first.header.sequence,
        last_sequence: last.header.sequence,
        hash_before: request.hash_before,
        hash_after: hash::chain_after(&request.hash_before, changes.iter().map(|c| c.header_bytes.as_slice())),
        headers: changes.iter().map(|change| Blob(change.header_bytes.clone())).collect(),
        receipt_seen: request.receipt_seen,
        made: request.made,
        unit: request.unit,
        replaces: request.replaces,
        log: request.log,
    };
    super::open::check_shape(&batch, changes.len())?;
    if changes.iter().zip(batch.first_sequence..).any(|(change, sequence)| change.header.sequence != sequence) {
        return Err(WireError::BatchShape("sequences are not dense"));
    }
    canonical::check(&codec::encode(&batch))?;
    let sealed = SealedBatch {
        envelope: cose::sign(&batch, key, deployment),
        bodies: changes.iter().map(|change| Blob(change.salted_body.clone())).collect(),
    };
    match codec::encode(&sealed).len() <= MAX_BATCH_BYTES {
        true => Ok((sealed, batch)),
        false => Err(WireError::TooLarge { limit_bytes: MAX_BATCH_BYTES as u64 }),
    }
}
