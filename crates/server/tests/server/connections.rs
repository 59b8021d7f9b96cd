//! Connections that want nothing.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tungnha_server::{ServeConfig, serve};

use crate::server::TestServer;

async fn listen_with(server: &TestServer, silence_timeout: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let config = ServeConfig { plain_http: true, silence_timeout: Some(silence_timeout), ..ServeConfig::default() };
    tokio::spawn(serve(server.deployment.clone(), listener, config, std::future::pending()));
    address
}

/// Whether the server closes it, sooner or later.
async fn is_closed(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0]).await, Ok(1..))
}

async fn is_served(address: &str) -> bool {
    reqwest::get(format!("http://{address}/v1/identity")).await.is_ok_and(|answer| answer.status().is_success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_never_speaks_is_closed() {
    let server = TestServer::start().await;
    let address = listen_with(&server, Duration::from_millis(200)).await;
    let mut silent = TcpStream::connect(&address).await.unwrap();
    assert!(is_closed(&mut silent).await);
    assert!(is_served(&address).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_not_all_the_places() {
    let server = TestServer::start().await;
    let address = listen_with(&server, Duration::from_secs(600)).await;
    let mut silent = Vec::new();
    for _ in 0..128 {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    let mut one_more = TcpStream::connect(&address).await.unwrap();
    assert!(is_closed(&mut one_more).await);
    drop(silent.pop());
    // The server hears of it when it likes.
    while !is_served(&address).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
