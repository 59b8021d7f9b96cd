//! The HTTP border: docs/wire.cddl's section "HTTP". Handlers read a request, call one operation, and write its answer;
//! nothing is decided here but limits.
//!
//! Whatever has begun to write goes on when its connection dies: operations run on blocking threads that no handler's
//! end stops, and an upload is received by a task of its own.

mod answer;
mod reads;
mod request;
mod serve;
mod sessions;
mod trace;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post, put};

use crate::deployment::Deployment;
use crate::tokens::UsedChallenges;
use answer::ApiError;

pub use serve::{ServeConfig, serve};

/// What handlers share.
#[derive(Clone)]
struct App {
    deployment: Deployment,
    used_challenges: Arc<UsedChallenges>,
    plain_http: bool,
}

/// The routes, with their tracing and limits around them.
fn router(deployment: Deployment, plain_http: bool) -> Router {
    let app = App { deployment, used_challenges: Arc::default(), plain_http };
    Router::new()
        .route("/v1/identity", get(sessions::get_identity))
        .route("/v1/enrol", post(sessions::enrol_device))
        .route("/v1/challenge", post(sessions::give_challenge))
        .route("/v1/token", post(sessions::give_token))
        .route("/v1/uploads", post(uploads::announce_uploads))
        .route("/v1/uploads/{device}/{hash}", put(uploads::put_piece))
        .route("/v1/access-log", post(uploads::take_access_log))
        .route("/v1/units/{unit}/feed", get(reads::get_feed))
        .route("/v1/units/{unit}/register", get(reads::get_register))
        .route("/v1/units/{unit}/pieces/{hash}", get(reads::get_piece))
        .route("/v1/units/{unit}/photos/{hash}", get(reads::get_photo))
        .fallback(answer::unknown_route)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(from_fn(trace::trace_request))
        .with_state(app)
}

/// Runs an operation on a thread where it may wait for the disk. It goes on when the caller is gone.
async fn run<T: Send + 'static>(
    app: &App,
    operation: impl FnOnce(&Deployment) -> crate::error::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    let deployment = app.deployment.clone();
    let span = tracing::Span::current();
    let work = tokio::task::spawn_blocking(move || span.in_scope(|| operation(&deployment)));
    work.await.map_err(|_| ApiError(crate::error::ServerError::Worker))?.map_err(ApiError)
}
