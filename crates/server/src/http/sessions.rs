//! Identity, enrolment, challenge, token.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{ApiError, cbor, message};
use super::request::{SMALL, read_body};
use super::{App, run};
use crate::{enrol, tokens};

/// `GET /v1/identity`
pub(super) async fn get_identity(State(app): State<App>, headers: HeaderMap) -> Response {
    cbor(&headers, app.deployment.keys.identity(app.plain_http))
}

/// `POST /v1/enrol`
pub(super) async fn enrol_device(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Response, ApiError> {
    let request = read_body(&headers, body, SMALL).await?;
    let answer = run(&app, move |deployment| enrol::enrol_device(deployment, &request)).await?;
    Ok(cbor(&headers, answer))
}

/// `POST /v1/challenge`
pub(super) async fn give_challenge(State(app): State<App>, headers: HeaderMap) -> Response {
    message(&headers, &tokens::make_challenge(&app.deployment))
}

/// `POST /v1/token`
pub(super) async fn give_token(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Response, ApiError> {
    let request = read_body(&headers, body, SMALL).await?;
    let used = app.used_challenges.clone();
    let token = run(&app, move |deployment| tokens::issue_token(deployment, &used, &request)).await?;
    Ok(message(&headers, &token))
}
