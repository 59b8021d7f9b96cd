//! Answers: CBOR, bytes, and problems.

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sync::message::Problem;

use crate::error::{Code, Refusal, ServerError};

const CBOR: &str = "application/cbor";
const BYTES: &str = "application/octet-stream";
/// Smaller answers are not compressed.
const COMPRESS_FROM: usize = 1024;
const ZSTD_LEVEL: i32 = 3;

/// Anything that ends a request early. It becomes a problem on the way out, where the trace id is known.
pub(super) struct ApiError(pub(super) ServerError);

impl<E: Into<ServerError>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Rides in the response's extensions until `trace_request` writes the problem.
#[derive(Clone)]
pub(super) struct Refused(pub(super) Refusal);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let refusal = match self.0 {
            ServerError::Refused(refusal) => refusal,
            failure => {
                tracing::error!(error = error_chain(&failure), "the request failed");
                let code = if failure.is_disk_full() { Code::DiskFull } else { Code::InTrouble };
                code.into()
            }
        };
        let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let mut response = status.into_response();
        response.extensions_mut().insert(Refused(refusal));
        response
    }
}

/// An error with its sources. None of them holds personal data.
fn error_chain(error: &dyn std::error::Error) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        chain = format!("{chain}: {error}");
        source = error.source();
    }
    chain
}

/// The problem map of a refusal.
pub(super) fn problem(refusal: &Refusal, trace_id: &str) -> Response {
    let params = refusal.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let problem =
        Problem { code: refusal.code.as_str().to_owned(), params: params.collect(), trace_id: trace_id.to_owned() };
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = (status, [(CONTENT_TYPE, CBOR)], sync::codec::encode(&problem)).into_response();
    let seconds = match status {
        StatusCode::SERVICE_UNAVAILABLE => "5",
        // Someone has to make room first.
        StatusCode::INSUFFICIENT_STORAGE => "60",
        _ => return response,
    };
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    response
}

/// CBOR that is ready, compressed where the client asks for it.
pub(super) fn cbor(headers: &HeaderMap, body: Vec<u8>) -> Response {
    let accepts = headers.get_all("accept-encoding").iter().filter_map(|value| value.to_str().ok());
    let wants_zstd = accepts.flat_map(|value| value.split(',')).any(|word| word.trim().starts_with("zstd"));
    if wants_zstd
        && body.len() >= COMPRESS_FROM
        && let Ok(packed) = zstd::bulk::compress(&body, ZSTD_LEVEL)
        && packed.len() < body.len()
    {
        return ([(CONTENT_TYPE, CBOR), (CONTENT_ENCODING, "zstd")], packed).into_response();
    }
    ([(CONTENT_TYPE, CBOR)], body).into_response()
}

/// A message as CBOR.
pub(super) fn message<T: minicbor::Encode<()>>(headers: &HeaderMap, message: &T) -> Response {
    cbor(headers, sync::codec::encode(message))
}

/// Bytes as they are.
pub(super) fn bytes(body: Body) -> Response {
    ([(CONTENT_TYPE, BYTES)], body).into_response()
}

pub(super) async fn unknown_route() -> ApiError {
    Code::RouteUnknown.into()
}

pub(super) async fn wrong_method() -> ApiError {
    Code::MethodWrong.into()
}
