//! A trace id and one log line for each request, and problems written out. No path is logged (it names units and
//! photos), no header and no body.

use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::answer::{Refused, problem};
use crate::error::{Code, Refusal};

/// A request that is not an upload ends within this.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) async fn trace_request(request: Request, next: Next) -> Response {
    let mut random = [0; 8];
    sync::keys::fill_random(&mut random);
    let trace_id = data_encoding::HEXLOWER.encode(&random);
    let method = request.method().clone();
    let route = shape_of(request.uri().path());
    let span = tracing::info_span!("request", trace_id, %method, route);
    answer(request, next, &trace_id, &method).instrument(span).await
}

/// The fixed words of a path; whatever else it holds is a star.
fn shape_of(path: &str) -> String {
    const WORDS: [&str; 12] = [
        "v1",
        "identity",
        "enrol",
        "challenge",
        "token",
        "uploads",
        "access-log",
        "units",
        "feed",
        "register",
        "pieces",
        "photos",
    ];
    let segments = path.split('/').skip(1).take(6).map(|word| if WORDS.contains(&word) { word } else { "*" });
    segments.fold(String::new(), |shape, word| shape + "/" + word)
}

async fn answer(request: Request, next: Next, trace_id: &str, method: &Method) -> Response {
    let started = Instant::now();
    let response = match method == Method::PUT {
        true => next.run(request).await,
        false => match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => problem(&Code::TooSlow.into(), trace_id),
        },
    };
    let mut response = match refusal_of(&response) {
        Some(refusal) => {
            tracing::info!(code = refusal.code.as_str(), "refused");
            problem(&refusal, trace_id)
        }
        None => response,
    };
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = response.status().as_u16(), elapsed_ms, "answered");
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        response.headers_mut().insert("x-trace-id", value);
    }
    response
}

/// Ours, or that of an extractor of the framework.
fn refusal_of(response: &Response) -> Option<Refusal> {
    if let Some(Refused(refusal)) = response.extensions().get() {
        return Some(refusal.clone());
    }
    let status = response.status();
    let written_here = response.headers().get("content-type").is_some_and(|value| value == "application/cbor");
    if written_here || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Code::RouteUnknown.into(),
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodWrong.into(),
        status if status.is_client_error() => Code::QueryWrong.into(),
        _ => Code::InTrouble.into(),
    })
}
