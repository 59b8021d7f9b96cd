//! What goes down, to those who hold a token of the unit.

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::id::PhotoHash;
use futures_util::stream;

use super::answer::{ApiError, bytes, cbor};
use super::request::{authorise, path_hash, query_number};
use super::{App, run};
use crate::deployment::Deployment;
use crate::error::Result;
use crate::feed;

/// Bytes that are read from the ledger at a time.
const CHUNK_BYTES: u64 = 256 * 1024;

/// `GET /v1/units/UNIT/feed?after=N`
pub(super) async fn get_feed(
    State(app): State<App>,
    Path(unit): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (device, unit) = authorise(&app, &headers, &unit).await?;
    let after = query_number(query.as_deref(), "after", 0)?;
    let page = run(&app, move |deployment| feed::make_page(deployment, &device, &unit, after)).await?;
    Ok(cbor(&headers, page))
}

/// `GET /v1/units/UNIT/register?have=N`
pub(super) async fn get_register(
    State(app): State<App>,
    Path(unit): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (device, unit) = authorise(&app, &headers, &unit).await?;
    let have = u32::try_from(query_number(query.as_deref(), "have", 0)?).unwrap_or(u32::MAX);
    let manifest = run(&app, move |deployment| feed::make_manifest(deployment, &device, &unit, have)).await?;
    Ok(manifest.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |manifest| cbor(&headers, manifest)))
}

/// `GET /v1/units/UNIT/pieces/SHA256?offset=N`
pub(super) async fn get_piece(
    State(app): State<App>,
    Path((unit, hash)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (_, unit) = authorise(&app, &headers, &unit).await?;
    let (hash, offset) = (path_hash(&hash)?, query_number(query.as_deref(), "offset", 0)?);
    stream_from(&app, offset, move |deployment, at| feed::read_piece(deployment, &unit, &hash, at, CHUNK_BYTES)).await
}

/// `GET /v1/units/UNIT/photos/SHA256?offset=N`
pub(super) async fn get_photo(
    State(app): State<App>,
    Path((unit, hash)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (device, unit) = authorise(&app, &headers, &unit).await?;
    let (photo, offset) = (PhotoHash(path_hash(&hash)?), query_number(query.as_deref(), "offset", 0)?);
    stream_from(&app, offset, move |deployment, at| {
        feed::read_photo(deployment, &device, &unit, photo, at, CHUNK_BYTES)
    })
    .await
}

/// Streams what `read` gives from `offset` on, until it gives nothing more. A refusal of the first read is the answer;
/// a later one (the photo was erased meanwhile) cuts the stream off.
async fn stream_from(
    app: &App,
    offset: u64,
    read: impl Fn(&Deployment, u64) -> Result<Vec<u8>> + Clone + Send + 'static,
) -> Result<Response, ApiError> {
    let first = {
        let read = read.clone();
        run(app, move |deployment| read(deployment, offset)).await?
    };
    if (first.len() as u64) < CHUNK_BYTES {
        return Ok(bytes(Body::from(first)));
    }
    let rest = stream::unfold((app.clone(), offset, Some(first)), move |(app, at, ready)| {
        let read = read.clone();
        async move {
            let chunk = match ready {
                Some(chunk) => Ok(chunk),
                None => run(&app, move |deployment| read(deployment, at)).await,
            };
            match chunk {
                Ok(chunk) if chunk.is_empty() => None,
                Ok(chunk) => {
                    let next = at + chunk.len() as u64;
                    Some((Ok(Bytes::from(chunk)), (app, next, None)))
                }
                Err(ApiError(error)) => Some((Err(error), (app, at, None))),
            }
        }
    });
    Ok(bytes(Body::from_stream(rest)))
}
