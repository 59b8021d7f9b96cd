//! Who answers where a server should: a portal's page, a login form, a redirect, a proxy that asks for a name. Plain
//! HTTP on loopback; it knows nothing of the product and answers the same to everything.

use std::net::SocketAddr;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 and a web page that says nothing.
    Page,
    /// 200 and a form for name and password.
    LoginPage,
    /// 302 to another host, over plain HTTP.
    RedirectToPlainHttp,
    /// 511, as RFC 6585 asks of captive portals.
    AuthenticationRequired,
    /// 200, the right content type, bytes that are no answer.
    Nonsense,
    /// 502 from a gateway with nothing behind it.
    BadGateway,
}

impl Answer {
    fn respond(self) -> Response {
        let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        match self {
            Self::Page => (html, "<html><body><h1>It works!</h1></body></html>").into_response(),
            Self::LoginPage => (
                html,
                "<html><body><form method=post><input name=user><input name=pass type=password></form></body></html>",
            )
                .into_response(),
            Self::RedirectToPlainHttp => {
                (StatusCode::FOUND, [(header::LOCATION, "http://portal.example/login")]).into_response()
            }
            Self::AuthenticationRequired => {
                (StatusCode::NETWORK_AUTHENTICATION_REQUIRED, html, "<html><body>Log in</body></html>").into_response()
            }
            Self::Nonsense => ([(header::CONTENT_TYPE, "application/cbor")], vec![0xff_u8; 40]).into_response(),
            Self::BadGateway => (StatusCode::BAD_GATEWAY, html, "<html><body>502</body></html>").into_response(),
        }
    }
}

/// The running imposter. Dropping it ends it.
pub struct Imposter {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Imposter {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(answer: Answer) -> std::io::Result<Imposter> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(move || async move { answer.respond() });
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Imposter { address, task })
    }
}

impl Drop for Imposter {
    fn drop(&mut self) {
        self.task.abort();
    }
}
