//! TLS 1.3 to one pinned authority, with a clock that never refuses for the laptop's time.
//!
//! The clock is the later of this build and the last signed receipt, both earlier than the true time; a certificate
//! that is "not yet valid" by it is therefore taken. One that has expired by it has expired.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::TransportError;

/// The time by which certificates are judged: never the laptop's clock.
#[derive(Debug)]
pub struct CertificateTime(AtomicU64);

impl CertificateTime {
    /// Begins at the time of this build, or at a signed time that the profile remembers, if that is later.
    pub fn starting_at(remembered_ms: Option<u64>) -> Arc<Self> {
        let built_ms = crate::version::BUILT_MS;
        Arc::new(Self(AtomicU64::new(remembered_ms.map_or(built_ms, |ms| ms.max(built_ms)))))
    }

    /// Takes a time that the server signed; an earlier one changes nothing.
    pub fn learn(&self, signed_ms: u64) {
        self.0.fetch_max(signed_ms, Ordering::Relaxed);
    }

    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_millis(self.0.load(Ordering::Relaxed)))
    }
}

impl TimeProvider for CertificateTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.now())
    }
}

/// Trusts the pinned authority alone.
pub(super) fn pinned(ca_certificate: &[u8], time: Arc<CertificateTime>) -> Result<ClientConfig, TransportError> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(ca_certificate.to_vec())).map_err(|_| TransportError::CertificateWrong)?;
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|_| TransportError::CertificateWrong)?;
    config(Arc::new(Pinned(inner)), time)
}

/// Trusts whoever answers. For `GET /v1/identity` alone, whose answer is compared with the fingerprint on paper.
pub(super) fn unverified(time: Arc<CertificateTime>) -> Result<ClientConfig, TransportError> {
    config(Arc::new(Unverified(provider())), time)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn config(verifier: Arc<dyn ServerCertVerifier>, time: Arc<CertificateTime>) -> Result<ClientConfig, TransportError> {
    let config = ClientConfig::builder_with_details(provider(), time)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| TransportError::TlsFailed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

#[derive(Debug)]
struct Pinned(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let mut now = now;
        // Each certificate of the chain may be younger than the clock.
        for _ in 0..=intermediates.len() {
            match self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
                Err(rustls::Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
                    now = not_before;
                }
                outcome => return outcome,
            }
        }
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
