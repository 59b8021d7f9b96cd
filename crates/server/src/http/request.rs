//! What a request brings: bodies within a limit, numbers of the query, ids of the path, the token.

use std::io::Read;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING};
use domain::id::{DeviceId, PhotoHash};
use domain::unit::Unit;
use sync::message::Hash;

use super::{ApiError, App, run};
use crate::error::Code;
use crate::ledger::DeviceRow;
use crate::tokens::check_token;

/// Requests with a signature alone: enrolment, token.
pub(super) const SMALL: usize = 64 * 1024;
/// Announcements and access logs.
pub(super) const LARGE: usize = 1024 * 1024;
/// A frame may not ask for more memory than this, as a power of two.
const WINDOW_LOG_MAX: u32 = 23;

/// The whole body, unpacked where it says so, never more than `limit`.
pub(super) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let body = to_bytes(body, limit).await.map_err(|_| Code::BodyTooLarge)?;
    match headers.get(CONTENT_ENCODING).map(|encoding| encoding.as_bytes()) {
        None | Some(b"identity") => Ok(body.into()),
        Some(b"zstd") => unpack(&body, limit),
        Some(_) => Err(Code::BodyUnreadable.into()),
    }
}

fn unpack(body: &[u8], limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| Code::BodyUnreadable)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(|_| Code::BodyUnreadable)?;
    let mut unpacked = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut unpacked).map_err(|_| Code::BodyUnreadable)?;
    if unpacked.len() > limit { Err(Code::BodyTooLarge.into()) } else { Ok(unpacked) }
}

/// A number of the query; `default` where it is absent.
pub(super) fn query_number(query: Option<&str>, name: &str, default: u64) -> Result<u64, ApiError> {
    let mut pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    match pairs.find(|(key, _)| *key == name) {
        None => Ok(default),
        // No parameter is near the largest number; the ledger's are signed.
        Some((_, value)) => {
            value.parse().ok().filter(|number| *number <= i64::MAX as u64).ok_or(Code::QueryWrong.into())
        }
    }
}

/// 64 hexadecimal characters.
pub(super) fn path_hash(text: &str) -> Result<Hash, ApiError> {
    Ok(PhotoHash::from_hex(text).ok_or(Code::QueryWrong)?.0)
}

/// 32 hexadecimal characters.
pub(super) fn path_device(text: &str) -> Result<DeviceId, ApiError> {
    Ok(text.parse().map_err(|_| Code::QueryWrong)?)
}

/// The unit of the path, and the device that may read in it.
pub(super) async fn authorise(app: &App, headers: &HeaderMap, unit: &str) -> Result<(DeviceRow, Unit), ApiError> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or(Code::TokenMissing)?;
    let token = token.strip_prefix("Bearer ").ok_or(Code::TokenMissing)?.to_owned();
    let unit: Unit = unit.parse().map_err(|_| Code::QueryWrong)?;
    let wanted = unit.clone();
    let device = run(app, move |deployment| check_token(deployment, &token, &wanted)).await?;
    Ok((device, unit))
}
