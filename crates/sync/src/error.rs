//! Why bytes from elsewhere are refused. Each has a stable code for the border and names no value of a person.

use crate::canonical::CanonicalError;
use crate::codec::DecodeError;

/// A message that is refused whole. Nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("not the deterministic encoding: {0}")]
    NotCanonical(#[from] CanonicalError),
    /// The bytes are canonical and are not the named message.
    #[error("the bytes are not a {0}")]
    Malformed(&'static str),
    /// Written by another version of the protocol.
    #[error("format {found} is not known to this version")]
    UnknownFormat { found: u64 },
    #[error("larger than the limit of {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    /// Not exactly the COSE_Sign1 of docs/wire.cddl.
    #[error("not a COSE_Sign1 of this protocol")]
    BadEnvelope,
    /// No certificate is known for the key that the envelope names.
    #[error("signed by an unknown key")]
    UnknownKey { kid: [u8; 16] },
    /// The envelope names another key than the one that must have signed it.
    #[error("signed by another key than expected")]
    WrongKey,
    #[error("the signature does not hold")]
    BadSignature,
    /// The certificate is for another device or key epoch than the message says.
    #[error("the signer's certificate is for another device")]
    WrongDevice,
    /// The message is about another unit than the one asked for.
    #[error("the message is for another unit")]
    WrongUnit,
    /// The log has another id than the one this device has read so far.
    #[error("the log has another id")]
    LogChanged { found: domain::id::LogId },
    /// The log has the same id and is not the one this device has read: the server was set back, and nobody has told it
    /// yet. What proves it goes with the next announcement.
    #[error("the log contradicts what was read of it")]
    LogContradicted,
    /// Sequences, counts or the chain's start contradict each other.
    #[error("the batch contradicts itself: {0}")]
    BatchShape(&'static str),
    /// `hash_after` is not the hash of what is there.
    #[error("the batch's hash after is wrong")]
    ChainHash,
    /// A body is not the one its header names. The sender sends the batch again.
    #[error("the body of sequence {sequence} is not the one that was signed")]
    BodyHash { sequence: u64 },
    /// The receipt is for another batch.
    #[error("the receipt does not answer this batch: {0}")]
    ReceiptMismatch(&'static str),
    /// A page's indexes are not dense above its cursor.
    #[error("the page has {found} where {wanted} was wanted")]
    FeedOrder { wanted: u64, found: u64 },
    /// A page that does not answer what was asked, or contradicts itself.
    #[error("the page contradicts itself: {0}")]
    FeedShape(&'static str),
    /// A manifest that contradicts itself.
    #[error("the manifest contradicts itself: {0}")]
    ManifestShape(&'static str),
    /// The bytes do not have the hash by which they were asked for.
    #[error("the bytes are not those that were announced")]
    ContentHash,
    /// Not one zstd frame of the announced size.
    #[error("the compressed bytes do not unpack")]
    Decompression,
    /// The record at this place of a piece is not one, or stands out of order.
    #[error("record {record} at offset {offset}: {what}")]
    Record { record: u32, offset: u64, what: &'static str },
}

impl WireError {
    /// The stable code. Texts for people are found by it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical(_) => "wire_not_canonical",
            Self::Malformed(_) => "wire_malformed",
            Self::UnknownFormat { .. } => "wire_unknown_format",
            Self::TooLarge { .. } => "wire_too_large",
            Self::BadEnvelope => "wire_bad_envelope",
            Self::UnknownKey { .. } => "wire_unknown_key",
            Self::WrongKey => "wire_wrong_key",
            Self::BadSignature => "wire_bad_signature",
            Self::WrongDevice => "wire_wrong_device",
            Self::WrongUnit => "wire_wrong_unit",
            Self::LogChanged { .. } => "wire_log_changed",
            Self::LogContradicted => "wire_log_contradicted",
            Self::BatchShape(_) => "wire_batch_shape",
            Self::ChainHash => "wire_chain_hash",
            Self::BodyHash { .. } => "wire_body_hash",
            Self::ReceiptMismatch(_) => "wire_receipt_mismatch",
            Self::FeedOrder { .. } => "wire_feed_order",
            Self::FeedShape(_) => "wire_feed_shape",
            Self::ManifestShape(_) => "wire_manifest_shape",
            Self::ContentHash => "wire_content_hash",
            Self::Decompression => "wire_decompression",
            Self::Record { .. } => "wire_record",
        }
    }
}

impl From<DecodeError> for WireError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::NotCanonical(error) => Self::NotCanonical(error),
            DecodeError::Malformed(what) => Self::Malformed(what),
        }
    }
}
