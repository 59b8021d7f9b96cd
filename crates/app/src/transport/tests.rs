//! What answers in the server's place, each kind told apart. Raw sockets, so that every byte is ours.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::error::{AppError, Code, Param};

/// Answers every connection's first request with these bytes, then closes.
async fn answering(answer: impl Into<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer: Arc<[u8]> = answer.into().into();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_once(stream, answer.clone()));
        }
    });
    address
}

async fn answer_once(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: Arc<[u8]>) {
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read_buf(&mut request).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

fn plain_line(address: SocketAddr) -> Line {
    let address = ServerAddress::parse(&format!("http://{address}")).unwrap();
    Line::pinned(address, &[], CertificateTime::starting_at(None)).unwrap()
}

async fn challenge_error(answer: impl Into<Vec<u8>>) -> TransportError {
    plain_line(answering(answer).await).challenge().await.unwrap_err()
}

fn with_body(head: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

#[tokio::test]
async fn each_wrong_answer_has_a_code_of_its_own() {
    let html = "content-type: text/html; charset=utf-8";
    let cbor = "content-type: application/cbor";
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
    let full = sync::message::Problem { code: "disk_full".into(), params: Vec::new(), trace_id: "a1".into() };
    let full = sync::codec::encode(&full);
    let cases: Vec<(Vec<u8>, Code)> = vec![
        (with_body(&format!("HTTP/1.1 200 OK\r\n{html}"), b"<html>It works!</html>"), Code::AnsweredHtml),
        (with_body(&format!("HTTP/1.1 404 Not Found\r\n{html}"), b"<h1>404</h1>"), Code::AnsweredHtml),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{html}"), b"<HTML><FORM action=login>"), Code::LoginPage),
        (with_body(&format!("HTTP/1.1 403 Forbidden\r\n{html}"), b"<p>Sign in first"), Code::LoginPage),
        (with_body("HTTP/1.1 511 Network Authentication Required", b""), Code::LoginPage),
        (with_body("HTTP/1.1 407 Proxy Authentication Required", b""), Code::LoginPage),
        (with_body("HTTP/1.1 302 Found\r\nlocation: http://portal.example/login", b""), Code::RedirectRefused),
        (with_body("HTTP/1.1 307 Temporary Redirect\r\nlocation: /v2", b""), Code::RedirectRefused),
        (with_body("HTTP/1.1 200 OK\r\ncontent-type: application/json", b"{}"), Code::WrongContentType),
        (with_body("HTTP/1.1 200 OK", b"\xa0"), Code::WrongContentType),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}"), b"\xa0"), Code::AnswerUnreadable),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}"), b""), Code::AnswerUnreadable),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}\r\ncontent-encoding: gzip"), b"\xa0"), Code::AnswerUnreadable),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}\r\ncontent-encoding: zstd"), b"\xa0"), Code::AnswerUnreadable),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}\r\ncontent-encoding: zstd"), &bomb), Code::AnswerTooLarge),
        (with_body(&format!("HTTP/1.1 200 OK\r\n{cbor}"), &[0; 100_000]), Code::AnswerTooLarge),
        (
            [format!("HTTP/1.1 200 OK\r\n{cbor}\r\nconnection: close\r\n\r\n").into_bytes(), vec![0; 100_000]].concat(),
            Code::AnswerTooLarge,
        ),
        (with_body("HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain", b"?"), Code::ServerFailed),
        (with_body("HTTP/1.1 503 Service Unavailable\r\nretry-after: 7", b""), Code::ServerBusy),
        (with_body(&format!("HTTP/1.1 507 Insufficient Storage\r\n{cbor}"), &full), Code::ServerDiskFull),
        (format!("HTTP/1.1 200 OK\r\n{cbor}\r\ncontent-length: 40\r\n\r\n\u{1}").into_bytes(), Code::LineCut),
        (Vec::new(), Code::LineCut),
        (b"220 mail.example ESMTP\r\n".to_vec(), Code::LineCut),
    ];
    for (answer, code) in cases {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(120)]).into_owned();
        assert_eq!(AppError::from(challenge_error(answer).await).code, code, "{shown}");
    }
}

#[tokio::test]
async fn a_redirect_to_plain_http_is_told_and_not_followed() {
    let followed = answering(with_body("HTTP/1.1 200 OK\r\ncontent-type: application/cbor", b"\xa0")).await;
    let head = format!("HTTP/1.1 308 Permanent Redirect\r\nlocation: http://{followed}/v1/challenge");
    let error = challenge_error(with_body(&head, b"")).await;
    assert_eq!(error, TransportError::Redirected { status: 308, to_plain_http: true, to_other_host: true });
}

#[tokio::test]
async fn a_refusal_brings_the_servers_code_and_nothing_unchecked() {
    let problem = |code: &str| {
        let params = vec![("held".to_owned(), "512".to_owned()), ("name".to_owned(), "Nguyễn Văn An".to_owned())];
        let problem = sync::message::Problem { code: code.into(), params, trace_id: "a1b2".into() };
        with_body("HTTP/1.1 403 Forbidden\r\ncontent-type: application/cbor", &sync::codec::encode(&problem))
    };
    let error = AppError::from(challenge_error(problem("device_revoked")).await);
    assert_eq!(error.code, Code::DeviceRevoked);
    assert_eq!(error.params["server_trace"], Param::Text("a1b2".into()));
    assert_eq!(error.params["held"], Param::Number(512));
    assert!(!error.params.contains_key("name"), "free text of a server is not taken over");
    assert_eq!(challenge_error(problem("<script>")).await, TransportError::Unreadable);
}

#[tokio::test]
async fn a_piece_is_taken_up_where_the_server_stands() {
    let problem = sync::message::Problem {
        code: "offset_mismatch".into(),
        params: vec![("held".into(), "512".into())],
        trace_id: "a1".into(),
    };
    let answer = with_body("HTTP/1.1 409 Conflict\r\ncontent-type: application/cbor", &sync::codec::encode(&problem));
    let line = plain_line(answering(answer).await);
    let device = domain::id::DeviceId(uuid::Uuid::nil());
    let outcome = line.put_piece(device, &[7; 32], 0, vec![1, 2, 3]).await.unwrap();
    assert!(matches!(outcome, PieceOutcome::ContinueAt(512)));
}

#[tokio::test]
async fn a_download_that_is_cut_keeps_what_came() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 9\r\n\r\nabcd".to_vec();
    let line = plain_line(answering(answer).await);
    let unit = domain::unit::Unit::of_2025("25369");
    let download = line.edition_piece("token", &unit, &[7; 32], 0, 9).await;
    assert_eq!(download.bytes, b"abcd");
    assert_eq!(download.cut, Some(TransportError::LineCut));
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(plain_line(address).challenge().await.unwrap_err(), TransportError::Unreachable);
}

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    fn der(&self) -> Vec<u8> {
        self.issuer.der().to_vec()
    }

    /// Serves HTTPS on loopback with a certificate for `host`, valid from one year to another.
    async fn serve(
        &self,
        host: &str,
        years: (i32, i32),
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Line {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer: Arc<[u8]> = with_body("HTTP/1.1 403 Forbidden\r\ncontent-type: application/cbor", b"\xa0").into();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, answer) = (acceptor.clone(), answer.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        answer_once(stream, answer).await;
                    }
                });
            }
        });
        let address = ServerAddress::parse(&format!("https://127.0.0.1:{port}")).unwrap();
        Line::pinned(address, &self.der(), CertificateTime::starting_at(None)).unwrap()
    }
}

const TLS13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];

/// The line was made and the (unreadable) answer came through it.
fn connected(error: TransportError) -> bool {
    error == TransportError::Unreadable
}

#[tokio::test]
async fn only_the_pinned_authority_is_trusted() {
    let ours = Authority::new();
    let line = ours.serve("127.0.0.1", (2026, 2036), TLS13).await;
    assert!(connected(line.challenge().await.unwrap_err()));

    let other = Line::pinned(line.address().clone(), &Authority::new().der(), CertificateTime::starting_at(None));
    assert_eq!(other.unwrap().challenge().await.unwrap_err(), TransportError::CertificateWrong);

    let unverified = Line::unverified(line.address().clone(), CertificateTime::starting_at(None)).unwrap();
    assert!(connected(unverified.challenge().await.unwrap_err()), "only for the fingerprint's sake");
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let line = Authority::new().serve("xa.example", (2026, 2036), TLS13).await;
    assert_eq!(line.challenge().await.unwrap_err(), TransportError::CertificateName);
}

#[tokio::test]
async fn no_certificate_is_refused_for_the_laptops_clock() {
    // The clock of certificates begins at the build, whatever the laptop's says, and a certificate younger than the
    // build is as good as any.
    let ours = Authority::new();
    let young = ours.serve("127.0.0.1", (2050, 2060), TLS13).await;
    assert!(connected(young.challenge().await.unwrap_err()));

    let old = ours.serve("127.0.0.1", (2010, 2020), TLS13).await;
    assert_eq!(old.challenge().await.unwrap_err(), TransportError::CertificateExpired);
}

#[tokio::test]
async fn a_signed_time_moves_the_clock_of_certificates_forward_only() {
    let ours = Authority::new();
    let line = ours.serve("127.0.0.1", (2026, 2036), TLS13).await;
    let time = CertificateTime::starting_at(None);
    let line = Line::pinned(line.address().clone(), &ours.der(), time.clone()).unwrap();
    time.learn(0);
    assert!(connected(line.challenge().await.unwrap_err()));
    let year_2040_ms = 2_208_988_800_000;
    time.learn(year_2040_ms);
    let fresh = Line::pinned(line.address().clone(), &ours.der(), time).unwrap();
    assert_eq!(fresh.challenge().await.unwrap_err(), TransportError::CertificateExpired);
}

#[tokio::test]
async fn an_older_tls_is_refused() {
    let line = Authority::new().serve("127.0.0.1", (2026, 2036), &[&rustls::version::TLS12]).await;
    assert_eq!(line.challenge().await.unwrap_err(), TransportError::TlsFailed);
}

#[tokio::test]
async fn plain_http_behind_an_https_address_is_no_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let https = ServerAddress::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let line = Line::pinned(https, &Authority::new().der(), CertificateTime::starting_at(None)).unwrap();
    assert_eq!(line.challenge().await.unwrap_err(), TransportError::TlsFailed);
}
