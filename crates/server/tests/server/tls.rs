//! The server's own authority, TLS 1.3 alone, plain HTTP on loopback alone.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use sync::message::Identity;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tungnha_server::{ServeConfig, serve};

use crate::server::TestServer;

fn config(roots: RootCertStore, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

async fn get_identity(
    url: &str,
    mut tls: ClientConfig,
    http2: bool,
) -> Result<(Vec<u8>, reqwest::Version), reqwest::Error> {
    tls.alpn_protocols = if http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    let builder = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(tls);
    let client = if http2 { builder } else { builder.http1_only() }.build()?;
    let response = client.get(format!("{url}/v1/identity")).send().await?;
    let version = response.version();
    Ok((response.bytes().await?.into(), version))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_pinned_the_authority_is_served_over_tls_13() {
    let server = TestServer::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let deployment = server.deployment.clone();
    let serving = tokio::spawn(serve(deployment, listener, ServeConfig::default(), async { drop(stopped.await) }));

    let identity: Identity = sync::codec::decode(&server.deployment.keys.identity(false)).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(identity.ca_certificate.0)).unwrap();
    let tls13 = &[&rustls::version::TLS13];
    let (bytes, version) = get_identity(&url, config(roots.clone(), tls13), true).await.unwrap();
    assert!(bytes == server.deployment.keys.identity(false));
    assert_eq!(version, reqwest::Version::HTTP_2);
    let (_, version) = get_identity(&url, config(roots.clone(), tls13), false).await.unwrap();
    assert_eq!(version, reqwest::Version::HTTP_11);

    assert!(get_identity(&url, config(roots, &[&rustls::version::TLS12]), true).await.is_err(), "TLS 1.2");
    let other: Identity = sync::codec::decode(&TestServer::start().await.deployment.keys.identity(false)).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(other.ca_certificate.0)).unwrap();
    assert!(get_identity(&url, config(roots, tls13), true).await.is_err(), "another server's authority");
    drop(stop);
    serving.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_refused_beyond_loopback() {
    let server = TestServer::start().await;
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let config = ServeConfig { plain_http: true, ..ServeConfig::default() };
    let refused = serve(server.deployment.clone(), listener, config, std::future::pending()).await.unwrap_err();
    assert_eq!(refused.code(), "plain_http_not_loopback");
}
