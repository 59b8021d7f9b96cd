//! One request, one answer. Every way in which something else than the server answers is told apart here.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode, Url};

use super::error::classify;
use super::{CertificateTime, Problem, ServerAddress, TransportError, tls};

const CBOR: &str = "application/cbor";
const BYTES: &str = "application/octet-stream";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a line may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(45);
/// The slowest line that is waited for, bytes per second.
const SLOWEST: u64 = 500;
/// Enough of a foreign page to see what it is.
const PAGE_BYTES: usize = 16 * 1024;
const PROBLEM_BYTES: u64 = 16 * 1024;

/// What kind of body an answer has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Cbor,
    Bytes,
}

pub(super) struct Request<'a> {
    pub method: Method,
    pub path: &'a str,
    pub token: Option<&'a str>,
    pub body: Option<Vec<u8>>,
    pub kind: Kind,
    /// The largest answer that is taken, decompressed.
    pub limit_bytes: u64,
}

/// An answer of the server: its status (2xx) and its body.
pub(super) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// The line to one server. Cloning it shares its connections.
#[derive(Clone)]
pub struct Line {
    client: Client,
    address: ServerAddress,
}

impl Line {
    /// The line to an enrolled server: its own authority, nothing else.
    ///
    /// # Errors
    /// `CertificateWrong` where the authority's certificate is none.
    pub fn pinned(
        address: ServerAddress,
        ca_certificate: &[u8],
        time: Arc<CertificateTime>,
    ) -> Result<Self, TransportError> {
        if !address.is_https() {
            return Self::new(address, None);
        }
        let tls = tls::pinned(ca_certificate, time)?;
        Self::new(address, Some(tls))
    }

    /// The line to whoever answers at that address, for `fetch_identity` alone.
    pub fn unverified(address: ServerAddress, time: Arc<CertificateTime>) -> Result<Self, TransportError> {
        let tls = tls::unverified(time)?;
        Self::new(address, Some(tls))
    }

    /// The address of the server.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    fn new(address: ServerAddress, tls: Option<rustls::ClientConfig>) -> Result<Self, TransportError> {
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(address.is_https())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            .pool_idle_timeout(Duration::from_secs(60))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(20));
        if let Some((host, to)) = address.fixed_resolution() {
            builder = builder.resolve(host, to);
        }
        // Without TLS of our own reqwest would look for a provider of the process; loopback needs none.
        let tls = match tls {
            Some(tls) => tls,
            None => tls::unverified(CertificateTime::starting_at(None))?,
        };
        let client = builder.tls_backend_preconfigured(tls).build().map_err(|_| TransportError::TlsFailed)?;
        Ok(Self { client, address })
    }

    /// Sends and reads the whole answer.
    pub(super) async fn send(&self, request: Request<'_>) -> Result<Answer, TransportError> {
        let (limit, kind) = (request.limit_bytes, request.kind);
        let response = self.start(request).await?;
        let status = response.status().as_u16();
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(Answer { status, body: Vec::new() });
        }
        let response = of_kind(response, kind).await?;
        let body = read_all(response, limit).await?;
        Ok(Answer { status, body })
    }

    /// Sends and hands each part of the answer to `take` as it comes; what came before a cut stays taken.
    pub(super) async fn stream(
        &self,
        request: Request<'_>,
        mut take: impl FnMut(&[u8]) -> Result<(), TransportError>,
    ) -> Result<u16, TransportError> {
        let (limit, kind) = (request.limit_bytes, request.kind);
        let mut response = of_kind(self.start(request).await?, kind).await?;
        let mut left = limit;
        while let Some(part) = response.chunk().await.map_err(|error| classify(&error))? {
            left = left.checked_sub(part.len() as u64).ok_or(TransportError::TooLarge { limit_bytes: limit })?;
            take(&part)?;
        }
        Ok(response.status().as_u16())
    }

    /// Sends; an answer other than 2xx becomes an error here.
    async fn start(&self, request: Request<'_>) -> Result<Response, TransportError> {
        let Request { method, path, token, body, kind, limit_bytes } = request;
        let sent_bytes = body.as_ref().map_or(0, Vec::len) as u64;
        let accept = if kind == Kind::Cbor { CBOR } else { BYTES };
        let mut builder = self
            .client
            .request(method, self.address.join(path))
            .header(ACCEPT, accept)
            .timeout(Duration::from_secs(60 + (sent_bytes + limit_bytes) / SLOWEST));
        if kind == Kind::Cbor {
            builder = builder.header(ACCEPT_ENCODING, "zstd");
        }
        if let Some(token) = token {
            builder = builder.bearer_auth(token);
        }
        if let Some(body) = body {
            let content_type = if path.contains("/uploads/") { BYTES } else { CBOR };
            builder = builder.header(CONTENT_TYPE, content_type).body(body);
        }
        let response = builder.send().await.map_err(|error| classify(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(self.refusal(response).await) }
    }

    async fn refusal(&self, response: Response) -> TransportError {
        let status = response.status();
        if status.is_redirection() {
            return self.redirected(&response);
        }
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED || status.as_u16() == 511 {
            return TransportError::LoginPage { status: status.as_u16() };
        }
        let retry_after_ms = retry_after_ms(&response);
        if content_type(&response) == CBOR {
            let problem = match read_all(response, PROBLEM_BYTES).await {
                Ok(body) => decode_problem(&body),
                Err(error) => return error,
            };
            return match problem {
                Some(_) if status == StatusCode::SERVICE_UNAVAILABLE => TransportError::Busy { retry_after_ms },
                Some(_) if status == StatusCode::INSUFFICIENT_STORAGE => TransportError::ServerFull { retry_after_ms },
                Some(problem) => TransportError::Refused { status: status.as_u16(), problem },
                None => TransportError::Unreadable,
            };
        }
        if content_type(&response) == "text/html" {
            return page(response).await;
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return if retry_after_ms.is_some() {
                TransportError::Busy { retry_after_ms }
            } else {
                TransportError::ServerFailed { status: status.as_u16() }
            };
        }
        TransportError::ContentType { found: content_type(&response) }
    }

    fn redirected(&self, response: &Response) -> TransportError {
        let target = response.headers().get(LOCATION).and_then(|target| target.to_str().ok());
        let target = target.and_then(|target| response.url().join(target).ok());
        TransportError::Redirected {
            status: response.status().as_u16(),
            to_plain_http: target.as_ref().is_some_and(|target| target.scheme() == "http"),
            to_other_host: target.as_ref().is_some_and(|target: &Url| !self.address.has_host(target)),
        }
    }
}

/// The answer, if it is of the kind that was asked for.
async fn of_kind(response: Response, kind: Kind) -> Result<Response, TransportError> {
    let found = content_type(&response);
    let wanted = if kind == Kind::Cbor { CBOR } else { BYTES };
    match found.as_str() {
        found if found == wanted => Ok(response),
        "text/html" => Err(page(response).await),
        _ => Err(TransportError::ContentType { found }),
    }
}

/// The bare media type, at most 60 harmless characters of it: whoever answered wrote it.
fn content_type(response: &Response) -> String {
    let header = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bare = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    bare.chars().filter(|c| c.is_ascii_alphanumeric() || "/.+-".contains(*c)).take(60).collect()
}

fn retry_after_ms(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.min(3600) * 1000)
}

/// A web page: a login page where it asks for something, else just a page.
async fn page(mut response: Response) -> TransportError {
    let status = response.status().as_u16();
    let mut text = Vec::new();
    while let Ok(Some(part)) = response.chunk().await {
        text.extend_from_slice(&part);
        if text.len() > PAGE_BYTES {
            break;
        }
    }
    page_error(status, &text)
}

fn page_error(status: u16, page: &[u8]) -> TransportError {
    let page = page.to_ascii_lowercase();
    let holds = |word: &[u8]| page.windows(word.len()).any(|window| window == word);
    if holds(b"<form") || holds(b"<input") || matches!(status, 401 | 403) {
        TransportError::LoginPage { status }
    } else {
        TransportError::Html { status }
    }
}

async fn read_all(mut response: Response, limit: u64) -> Result<Vec<u8>, TransportError> {
    let too_large = || TransportError::TooLarge { limit_bytes: limit };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let encoding = response.headers().get(CONTENT_ENCODING).cloned();
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| classify(&error))? {
        if (body.len() + part.len()) as u64 > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&part);
    }
    match encoding.as_ref().map(|value| value.as_bytes()) {
        None | Some(b"identity") => Ok(body),
        Some(b"zstd") => decompress(&body, limit),
        Some(_) => Err(TransportError::Unreadable),
    }
}

fn decompress(body: &[u8], limit: u64) -> Result<Vec<u8>, TransportError> {
    use std::io::Read;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| TransportError::Unreadable)?;
    decoder.window_log_max(23).map_err(|_| TransportError::Unreadable)?;
    let mut whole = Vec::new();
    decoder.take(limit + 1).read_to_end(&mut whole).map_err(|_| TransportError::Unreadable)?;
    if whole.len() as u64 > limit { Err(TransportError::TooLarge { limit_bytes: limit }) } else { Ok(whole) }
}

/// Codes and parameters of a refusal end up on screens and in logs, so only harmless ones are taken.
fn decode_problem(body: &[u8]) -> Option<Problem> {
    let problem: sync::message::Problem = minicbor::decode(body).ok()?;
    let is_word = |text: &str, most: usize| {
        text.len() <= most && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    };
    if problem.code.is_empty() || !is_word(&problem.code, 60) || !is_word(&problem.trace_id, 64) {
        return None;
    }
    let params = problem.params.into_iter().filter(|(name, value)| is_word(name, 40) && is_word(value, 80)).take(8);
    Some(Problem { code: problem.code, params: params.collect(), trace_id: problem.trace_id })
}
