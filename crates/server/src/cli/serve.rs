//! `serve`: one line on standard output when ready, structured logs on standard error.

use std::future::Future;
use std::io::Write;

use serde_json::json;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tungnha_server::ServeConfig;
use tungnha_server::deployment::Deployment;
use tungnha_server::error::{Code, ServerError};
use tungnha_server::ingest::restored::start_new_log;
use tungnha_server::input;
use tungnha_server::ledger::Scope;

use super::arguments::Serve;
use super::{Answer, CliError, Result};

pub fn serve(deployment: Deployment, arguments: &Serve, json: bool) -> Result<Answer> {
    start_logging();
    if arguments.plain_http && !arguments.listen.ip().is_loopback() {
        return Err(CliError::Server(Code::PlainHttpNotLoopback.into()));
    }
    arguments.hosts.iter().try_for_each(|host| input::host(host))?;
    let _alone = deployment.claim_serving()?;
    if arguments.new_log {
        for unit in deployment.ledger.read(|records| records.units())? {
            let now_ms = deployment.now_ms();
            deployment
                .ledger
                .write(Scope::Unit(&unit.unit), |records| start_new_log(records, &unit.unit, "by hand", now_ms))?;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServerError::io("starting the runtime"))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(arguments.listen).await.map_err(ServerError::io("listening"))?;
        let address = listener.local_addr().map_err(ServerError::io("listening"))?;
        let stop = stop_signal().map_err(ServerError::io("listening for signals"))?;
        announce(&deployment, address, arguments.plain_http, json)?;
        let config =
            ServeConfig { plain_http: arguments.plain_http, hosts: arguments.hosts.clone(), ..ServeConfig::default() };
        Ok::<_, CliError>(tungnha_server::serve(deployment, listener, config, stop).await?)
    })?;
    let text = if json { "" } else { "stopped" };
    Ok(Answer::new(text, json!({"stopped": true})))
}

fn announce(deployment: &Deployment, address: std::net::SocketAddr, plain: bool, json: bool) -> Result<()> {
    let url = format!("{}://{address}", if plain { "http" } else { "https" });
    let fingerprint = deployment.keys.fingerprint(plain);
    let line = match json {
        true => json!({"listening": address, "url": url, "fingerprint": fingerprint}).to_string(),
        false => format!("listening on {url}"),
    };
    let mut out = std::io::stdout().lock();
    let failed = |source| CliError::File { step: "could not write to", path: "standard output".into(), source };
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(failed)
}

fn start_logging() {
    let filter = EnvFilter::try_from_env("TUNGNHA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process is no reason to stop.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Ends at SIGTERM or Ctrl-C. The handlers stand from this call on, not only from the first wait.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
