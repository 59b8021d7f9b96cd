//! Where a server is: HTTPS anywhere, plain HTTP on this machine only.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use reqwest::Url;

use super::TransportError;

/// The checked address of a server: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress(Url);

impl ServerAddress {
    /// Reads what an enrolment file says or a person typed. Without a scheme it is HTTPS.
    ///
    /// # Errors
    /// `AddressWrong` (also for a path, a query or a user name); `PlainHttpRefused` for a host other than loopback.
    pub fn parse(text: &str) -> Result<Self, TransportError> {
        let text = text.trim();
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| TransportError::AddressWrong)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && matches!(url.path(), "" | "/");
        if !bare || url.host_str().is_none() {
            return Err(TransportError::AddressWrong);
        }
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_loopback() => Ok(address),
            "http" => Err(TransportError::PlainHttpRefused),
            _ => Err(TransportError::AddressWrong),
        }
    }

    /// Whether the exchange is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// As it is stored and shown, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    pub(super) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    pub(super) fn has_host(&self, other: &Url) -> bool {
        self.0.host_str() == other.host_str() && self.0.port_or_known_default() == other.port_or_known_default()
    }

    /// `localhost` is this machine whatever a name server says.
    pub(super) fn fixed_resolution(&self) -> Option<(&str, SocketAddr)> {
        let host = self.0.host_str()?;
        let port = self.0.port_or_known_default()?;
        (host == "localhost").then(|| (host, SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)))
    }

    fn is_loopback(&self) -> bool {
        let Some(host) = self.0.host_str() else { return false };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port() {
        let cases = [
            ("https://xa.example:8443", "https://xa.example:8443"),
            (" xa.example:8443 ", "https://xa.example:8443"),
            ("https://10.0.0.5/", "https://10.0.0.5"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ];
        for (text, address) in cases {
            assert_eq!(ServerAddress::parse(text).unwrap().as_str(), address, "{text}");
        }
    }

    #[test]
    fn plain_http_leaves_this_machine_nowhere() {
        for text in ["http://xa.example", "http://10.0.0.5:80", "http://127.0.0.1.xa.example", "http://0.0.0.0"] {
            assert_eq!(ServerAddress::parse(text), Err(TransportError::PlainHttpRefused), "{text}");
        }
    }

    #[test]
    fn anything_more_or_less_is_no_address() {
        for text in
            ["", "https://", "ftp://xa.example", "https://a@xa.example", "https://xa.example/v1", "xa.example?a"]
        {
            assert_eq!(ServerAddress::parse(text), Err(TransportError::AddressWrong), "{text}");
        }
    }
}
