//! Sealed groups of changes: built and signed on a device, opened and judged at the server and on every laptop of the
//! unit. A batch is stored byte for byte before it is first sent; its bytes never change.

mod build;
mod open;
mod transfer;
mod verdict;

pub use build::{Draft, SALT_BYTES, SealRequest, SealedChange, build_change, renumber, seal, split_for_batches};
pub(crate) use open::open_sealed;
pub use open::{OpenedBatch, PHOTO_MEDIA_TYPES, open};
pub use transfer::{from_transfer, to_transfer};
pub(crate) use transfer::{pack_frame, unpack_frame};
pub use verdict::{VerdictContext, verdicts};

/// A sealed batch is at most this large.
pub const MAX_BATCH_BYTES: usize = 256 * 1024;
/// A batch holds at most this many changes.
pub const MAX_BATCH_CHANGES: usize = 256;
/// A single change (header and salted body) that fits a batch with all that stands around it.
pub const MAX_CHANGE_BYTES: usize = MAX_BATCH_BYTES - ENVELOPE_ROOM_BYTES;

/// Room for what a sealed batch holds beside its headers and bodies.
const ENVELOPE_ROOM_BYTES: usize = 2 * 1024;
