//! Transfer bytes: one zstd frame of a sealed batch. What is signed and kept stays raw.

use std::io::Read;

use super::MAX_BATCH_BYTES;
use crate::codec;
use crate::error::WireError;
use crate::message::SealedBatch;

const LEVEL: i32 = 3;
/// A frame may not ask for more memory than this, as a power of two: 8 MiB.
const WINDOW_LOG_MAX: u32 = 23;

/// The bytes that are announced, hashed and sent.
pub fn to_transfer(sealed: &SealedBatch) -> Vec<u8> {
    pack_frame(&codec::encode(sealed), LEVEL)
}

/// The sealed bytes of transfer bytes, which [`super::open`] then checks.
///
/// # Errors
/// `TooLarge` beyond 256 KiB on either side, without unpacking more; `Decompression` for anything that is not exactly
/// one frame.
pub fn from_transfer(bytes: &[u8]) -> Result<Vec<u8>, WireError> {
    if bytes.len() > zstd::zstd_safe::compress_bound(MAX_BATCH_BYTES) {
        return Err(WireError::TooLarge { limit_bytes: MAX_BATCH_BYTES as u64 });
    }
    unpack_frame(bytes, MAX_BATCH_BYTES)
}

pub(crate) fn pack_frame(bytes: &[u8], level: i32) -> Vec<u8> {
    zstd::bulk::compress(bytes, level).expect("compressing into a Vec cannot fail")
}

/// Unpacks exactly one frame, never more than `limit_bytes`.
pub(crate) fn unpack_frame(bytes: &[u8], limit_bytes: usize) -> Result<Vec<u8>, WireError> {
    let mut rest = bytes;
    let mut decoder =
        zstd::stream::read::Decoder::with_buffer(&mut rest).map_err(|_| WireError::Decompression)?.single_frame();
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(|_| WireError::Decompression)?;
    let mut unpacked = Vec::new();
    decoder.by_ref().take(limit_bytes as u64 + 1).read_to_end(&mut unpacked).map_err(|_| WireError::Decompression)?;
    if unpacked.len() > limit_bytes {
        return Err(WireError::TooLarge { limit_bytes: limit_bytes as u64 });
    }
    drop(decoder);
    match rest.is_empty() {
        true => Ok(unpacked),
        false => Err(WireError::Decompression),
    }
}
