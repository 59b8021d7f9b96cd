//! What comes up. Uploads prove themselves by signatures and hashes; no token is asked for.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use domain::id::DeviceId;
use futures_util::StreamExt;
use sync::message::{Hash, PieceAnswer};
use tracing::Instrument;

use super::answer::{ApiError, message};
use super::request::{LARGE, path_device, path_hash, query_number, read_body};
use super::{App, run};
use crate::error::{Code, ServerError};
use crate::uploads::{OpenUpload, append_bytes, finish_piece, open_upload, take_announcement};
use crate::{access, uploads};

/// Bytes that are gathered before they are written: each writing waits for the disk.
const GATHER_BYTES: usize = 256 * 1024;
/// A sender that is silent for so long is given up.
const SILENCE: Duration = Duration::from_secs(60);

/// `POST /v1/uploads`
pub(super) async fn announce_uploads(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let announcement = read_body(&headers, body, LARGE).await?;
    let answer = run(&app, move |deployment| take_announcement(deployment, &announcement)).await?;
    Ok(message(&headers, &answer))
}

/// `PUT /v1/uploads/DEVICE/SHA256?offset=N`
pub(super) async fn put_piece(
    State(app): State<App>,
    Path((device, hash)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (device, hash) = (path_device(&device)?, path_hash(&hash)?);
    let offset = query_number(query.as_deref(), "offset", 0)?;
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let receiving = receive_piece(app, device, hash, offset, announced, body);
    // A task of its own: when the connection dies, what has come is still written down.
    let answer = tokio::spawn(receiving.instrument(tracing::Span::current())).await;
    Ok(message(&headers, &answer.map_err(|_| ServerError::Worker)??))
}

async fn receive_piece(
    app: App,
    device: DeviceId,
    hash: Hash,
    offset: u64,
    announced: Option<u64>,
    body: Body,
) -> Result<PieceAnswer, ApiError> {
    let mut upload = run(&app, move |deployment| open_upload(deployment, device, hash, offset)).await?;
    if announced.is_some_and(|announced| announced > upload.missing()) {
        return Err(Code::UploadTooLarge.into());
    }
    let mut stream = body.into_data_stream();
    let mut gathered = Vec::new();
    let cut = loop {
        let chunk = match tokio::time::timeout(SILENCE, stream.next()).await {
            Ok(None) => break false,
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(_))) | Err(_) => break true,
        };
        gathered.extend_from_slice(&chunk);
        if gathered.len() >= GATHER_BYTES {
            upload = append(&app, upload, std::mem::take(&mut gathered)).await?;
        }
    };
    if !cut {
        let (bytes, answer);
        (upload, bytes, answer) = take_whole(&app, upload, gathered).await?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
        gathered = bytes;
    }
    upload = append(&app, upload, gathered).await?;
    if cut && upload.missing() > 0 {
        return Err(Code::TooSlow.into());
    }
    run(&app, move |deployment| finish_piece(deployment, &upload)).await
}

/// Gives upload and bytes back where they are not a whole batch.
async fn take_whole(
    app: &App,
    upload: OpenUpload,
    bytes: Vec<u8>,
) -> Result<(OpenUpload, Vec<u8>, Option<PieceAnswer>), ApiError> {
    run(app, move |deployment| {
        let answer = uploads::take_whole(deployment, &upload, &bytes)?;
        Ok((upload, bytes, answer))
    })
    .await
}

async fn append(app: &App, mut upload: OpenUpload, bytes: Vec<u8>) -> Result<OpenUpload, ApiError> {
    run(app, move |deployment| {
        append_bytes(deployment, &mut upload, &bytes)?;
        Ok(upload)
    })
    .await
}

/// `POST /v1/access-log`
pub(super) async fn take_access_log(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let log = read_body(&headers, body, LARGE).await?;
    let answer = run(&app, move |deployment| access::take_access_log(deployment, &log)).await?;
    Ok(message(&headers, &answer))
}
