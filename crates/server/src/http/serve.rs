//! Connections: TLS 1.3 with the server's own authority, or plain HTTP on loopback; HTTP/1.1 and HTTP/2.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;

use super::router;
use crate::deployment::Deployment;
use crate::error::{Code, Result, ServerError};

const MAX_CONNECTIONS: usize = 512;
/// Of one address. A station's laptops may come from one; a single one has four at most.
const MAX_CONNECTIONS_OF_ADDRESS: usize = 128;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(15);
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection that says nothing for so long is closed: one that never speaks, too. A slow line still says something.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(90);
/// How long open requests may take once the server is to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct ServeConfig {
    /// Without TLS; refused unless the listener is on loopback.
    pub plain_http: bool,
    /// Names and addresses for the certificate, beside those of `init`.
    pub hosts: Vec<String>,
    /// Another than the usual patience with a connection that says nothing.
    pub silence_timeout: Option<Duration>,
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
        of_address: OpenConnections::default(),
        silence: config.silence_timeout.unwrap_or(SILENCE_TIMEOUT),
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
            Ok((stream, peer)) => server.take(stream, peer.ip(), graceful.watcher()),
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
    of_address: OpenConnections,
    silence: Duration,
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct OpenConnections(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl OpenConnections {
    /// A place for one more of an address, until it is dropped.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= MAX_CONNECTIONS_OF_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Place { of: self.clone(), address })
    }
}

struct Place {
    of: OpenConnections,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

impl Server {
    /// Serves a connection in a task of its own; one too many is closed at once.
    fn take(&self, stream: TcpStream, address: IpAddr, watcher: Watcher) {
        let Some(place) = self.of_address.place(address) else {
            tracing::warn!("too many connections of one address");
            return;
        };
        let Ok(permit) = self.permits.clone().try_acquire_owned() else {
            tracing::warn!("too many connections");
            return;
        };
        let (service, acceptor, silence) = (self.service.clone(), self.acceptor.clone(), self.silence);
        tokio::spawn(async move {
            let _open = (permit, place);
            // Small answers should not wait for more.
            let _ = stream.set_nodelay(true);
            let mut stream = TimeoutStream::new(stream);
            stream.set_read_timeout(Some(silence));
            stream.set_write_timeout(Some(silence));
            let stream = Box::pin(stream);
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
