//! What can go wrong between the laptop and its server, told apart so that a screen can say what to do.

use super::Problem;

/// Why an exchange with the server failed. Holds no address, no path and no content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    #[error("the address is not that of a server")]
    AddressWrong,
    #[error("plain HTTP goes to this machine only")]
    PlainHttpRefused,

    #[error("no connection to the server")]
    Unreachable,
    #[error("the line was cut")]
    LineCut,
    #[error("the server did not answer in time")]
    TimedOut,

    #[error("the certificate is not of this server's authority")]
    CertificateWrong,
    #[error("the certificate names another host")]
    CertificateName,
    #[error("the certificate has expired")]
    CertificateExpired,
    #[error("no TLS 1.3 connection could be made")]
    TlsFailed,

    #[error("something on the way answered with a redirect (status {status})")]
    Redirected { status: u16, to_plain_http: bool, to_other_host: bool },
    #[error("a network's login page answered (status {status})")]
    LoginPage { status: u16 },
    #[error("a web page answered (status {status})")]
    Html { status: u16 },
    #[error("the answer has another content type than the server's")]
    ContentType { found: String },
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error("the answer cannot be read")]
    Unreadable,
    #[error("the answer is of a later version")]
    FormatUnknown,

    #[error("the server is busy")]
    Busy { retry_after_ms: Option<u64> },
    #[error("the server's disk is full")]
    ServerFull { retry_after_ms: Option<u64> },
    #[error("the server failed (status {status})")]
    ServerFailed { status: u16 },
    #[error("the server refused: {}", .problem.code)]
    Refused { status: u16, problem: Problem },
}

impl TransportError {
    /// Whether the same request may well succeed in a moment.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable
            | Self::LineCut
            | Self::TimedOut
            | Self::Busy { .. }
            | Self::ServerFull { .. }
            | Self::ServerFailed { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 425 | 429),
            _ => false,
        }
    }

    /// How long the server asks to be left alone.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Busy { retry_after_ms } | Self::ServerFull { retry_after_ms } => *retry_after_ms,
            _ => None,
        }
    }

    /// The server's own word for a refusal.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused { problem, .. } => Some(&problem.code),
            _ => None,
        }
    }
}

/// Tells apart what `reqwest` calls an error; the cause is found by type, never by its words.
pub(super) fn classify(error: &reqwest::Error) -> TransportError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut timed_out = error.is_timeout();
    while let Some(found) = cause {
        if let Some(tls) = found.downcast_ref::<rustls::Error>() {
            return classify_tls(tls);
        }
        // The `source` of an I/O error is its inner error's source: the inner error itself would be passed over.
        let io = found.downcast_ref::<std::io::Error>();
        timed_out |= io.is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut);
        cause = match io.and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => found.source(),
        };
    }
    if error.is_connect() {
        TransportError::Unreachable
    } else if timed_out {
        TransportError::TimedOut
    } else {
        TransportError::LineCut
    }
}

fn classify_tls(error: &rustls::Error) -> TransportError {
    use rustls::CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            C::NotValidForName | C::NotValidForNameContext { .. } => TransportError::CertificateName,
            C::Expired | C::ExpiredContext { .. } => TransportError::CertificateExpired,
            _ => TransportError::CertificateWrong,
        },
        _ => TransportError::TlsFailed,
    }
}
