//! The line to one server: what is asked and answered over HTTP, and every way in which an answer may not be one.
//!
//! Owns the address rules, the pinned authority and the limits on answers. Refuses redirects, proxies of the
//! environment, plain HTTP beyond this machine, and any answer that is not the server's own content type. Decides
//! nothing about changes and touches no database.

mod address;
mod api;
mod error;
mod http;
mod tls;

#[cfg(test)]
mod tests;

pub use address::ServerAddress;
pub use api::{Download, Found, PieceOutcome};
pub use error::TransportError;
pub use http::Line;
pub use tls::CertificateTime;

/// A refusal in the server's words: a stable code, parameters without personal data, a trace id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: String,
    pub params: Vec<(String, String)>,
    pub trace_id: String,
}

impl Problem {
    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.params.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.parse().ok())
    }
}
