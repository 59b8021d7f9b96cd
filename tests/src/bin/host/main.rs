//! Serves the command list on loopback, for scripts and browser tests: `POST /rpc {"command", "params"}` answers
//! `{"result"}` or `{"error": {code, params, trace_id}}`; with `--ui` the built screens too. A development tool: the device secret lies in a key file, and
//! whoever can reach the port uses the unlocked profile. No installer holds it.
//!
//! A command's error has status 200 like its result; 4xx says that no command was run.

mod browser;
mod pages;

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use app::clock::SystemClock;
use app::error::{AppError, Code};
use app::{App, AppConfig, window};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use clap::Parser;
use serde::Deserialize;
use serde_json::{Value, json};
use vault::KeyFileSecretStore;

use crate::browser::Browser;

/// A photo of 16 MiB in base64, with room around it.
const BODY_BYTES: usize = 24 << 20;

/// Serves the command list on loopback.
#[derive(Parser)]
struct Arguments {
    /// The folder of the profile; made where it is not there.
    #[arg(long)]
    data: PathBuf,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address to listen at; anything but loopback is refused.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The folder of the built screens, served at `/`.
    #[arg(long)]
    ui: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    let Arguments { data, port, bind, ui } = Arguments::parse();
    if !bind.is_loopback() {
        bail!("{bind} is not loopback: whoever reaches this port uses the profile");
    }
    if let Some(folder) = ui.as_ref().filter(|folder| !folder.join("index.html").is_file()) {
        bail!("{} holds no index.html: build the screens first (npm run build in ui/)", folder.display());
    }
    let secrets = KeyFileSecretStore::new(data.join("secrets"));
    let config = AppConfig::new(data.join("profile"), Arc::new(secrets), Arc::new(SystemClock));
    let app = App::new(config);
    let listener = tokio::net::TcpListener::bind((bind, port)).await.context("listening")?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "http://{address}")?;
    axum::serve(listener, router(app.clone(), ui, address)).with_graceful_shutdown(stopped()).await?;
    app.close().await;
    Ok(())
}

fn router(app: App, ui: Option<PathBuf>, address: SocketAddr) -> Router {
    let commands = Router::new().route("/rpc", post(call)).with_state(app);
    let pages = match ui {
        Some(folder) => Router::new().fallback(any(pages::serve_page)).with_state(folder),
        None => Router::new(),
    };
    commands
        .merge(pages)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(address, refuse_foreign_pages))
}

#[derive(Deserialize)]
struct Rpc {
    command: String,
    #[serde(default)]
    params: Value,
}

async fn call(State(app): State<App>, rpc: Result<Json<Rpc>, JsonRejection>) -> Response {
    let rpc = match rpc {
        Ok(Json(rpc)) => rpc,
        Err(rejected) => {
            let error = AppError::new(Code::ParamsInvalid).with("at", "body");
            return (rejected.status(), Json(json!({ "error": error }))).into_response();
        }
    };
    let outcome = if window::is_for_window(&rpc.command) {
        window::call_window(&Browser(app), &rpc.command, rpc.params).await
    } else {
        app.call(&rpc.command, rpc.params).await
    };
    match outcome {
        Ok(result) => Json(json!({ "result": result })).into_response(),
        Err(error) => Json(json!({ "error": error })).into_response(),
    }
}

/// A page from elsewhere may have its name resolved to loopback (DNS rebinding): the host it believes in gives it away.
async fn refuse_foreign_pages(State(address): State<SocketAddr>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_ours(host, address) || !origin_is_ours(request.headers(), address) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn is_ours(host: &str, address: SocketAddr) -> bool {
    host == address.to_string() || host == format!("localhost:{}", address.port())
}

fn origin_is_ours(headers: &HeaderMap, address: SocketAddr) -> bool {
    match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => {
            let origin = origin.to_str().unwrap_or_default();
            origin.strip_prefix("http://").is_some_and(|host| is_ours(host, address))
        }
    }
}

/// Ctrl-C, or where there is such a signal SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_host_and_origin_are_served() {
        let address: SocketAddr = "127.0.0.1:4711".parse().unwrap();
        for (host, ours) in [
            ("127.0.0.1:4711", true),
            ("localhost:4711", true),
            ("127.0.0.1:4712", false),
            ("127.0.0.1", false),
            ("evil.example:4711", false),
            ("", false),
        ] {
            assert_eq!(is_ours(host, address), ours, "{host}");
            let mut headers = HeaderMap::new();
            assert!(origin_is_ours(&headers, address));
            headers.insert(header::ORIGIN, format!("http://{host}").parse().unwrap());
            assert_eq!(origin_is_ours(&headers, address), ours, "{host}");
        }
        let mut null = HeaderMap::new();
        null.insert(header::ORIGIN, "null".parse().unwrap());
        assert!(!origin_is_ours(&null, address));
    }
}
