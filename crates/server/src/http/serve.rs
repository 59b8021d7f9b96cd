//! Connections: TLS 1.3 with the server's own authority, or plain HTTP on loopback; HTTP/1.1 and HTTP/2.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::router;
use crate::deployment::Deployment;
use crate::error::{Code, Result, ServerError};

const MAX_CONNECTIONS: usize = 512;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(15);
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long open requests may take once the server is to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct ServeConfig {
    /// Without TLS; refused unless the listener is on loopback.
    pub plain_http: bool,
    /// Names and addresses for the certificate, beside those of `init`.
    pub hosts: Vec<String>,
}

/// Serves until `shutdown` ends, then lets open requests finish.
///
/// # Errors
/// `PlainHttpNotLoopback`; a certificate that cannot be made.
pub async fn serve(
    deployment: Deployment,
    listener: TcpListener,
    config: ServeConfig,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let address = listener.local_addr().map_err(ServerError::io("asking for the listener's address"))?;
    if config.plain_http && !address.ip().is_loopback() {
        return Err(Code::PlainHttpNotLoopback.into());
    }
    let acceptor = match config.plain_http {
        true => None,
        false => Some(make_acceptor(&deployment, &config, address.ip())?),
    };
    let server = Server {
        service: router(deployment, config.plain_http),
        acceptor,
        permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
    };
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    tracing::info!(%address, tls = !config.plain_http, "serving");
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, _)) => server.take(stream, graceful.watcher()),
            Err(error) => {
                // Out of file handles or the like: others may end meanwhile.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    tracing::info!(open = graceful.count(), "stopping");
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still open when the server stopped");
    }
    Ok(())
}

fn make_acceptor(deployment: &Deployment, config: &ServeConfig, ip: std::net::IpAddr) -> Result<TlsAcceptor> {
    let mut hosts = deployment.hosts()?;
    for host in &config.hosts {
        if !hosts.contains(host) {
            hosts.push(host.clone());
        }
    }
    deployment.set_hosts(&hosts)?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    if !ip.is_unspecified() {
        names.push(ip.to_string());
    }
    names.extend(hosts);
    names.sort();
    names.dedup();
    Ok(TlsAcceptor::from(Arc::new(deployment.keys.authority.server_config(&names)?)))
}

struct Server {
    service: axum::Router,
    acceptor: Option<TlsAcceptor>,
    permits: Arc<Semaphore>,
}

impl Server {
    /// Serves a connection in a task of its own; one too many is closed at once.
    fn take(&self, stream: TcpStream, watcher: Watcher) {
        let Ok(permit) = self.permits.clone().try_acquire_owned() else {
            tracing::warn!("too many connections");
            return;
        };
        let (service, acceptor) = (self.service.clone(), self.acceptor.clone());
        tokio::spawn(async move {
            let _permit = permit;
            // Small answers should not wait for more.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => serve_connection(stream, service, watcher).await,
                Some(acceptor) => match tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => serve_connection(stream, service, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS came about"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                },
            }
        });
    }
}

async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: axum::Router,
    watcher: Watcher,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .max_header_list_size(16 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(30));
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
