//! The server's own certificate authority, which laptops pin at enrolment, and the leaf certificate it gives itself.
//!
//! A laptop's clock for TLS is the later of its build and its last signed receipt, so validity begins well before any
//! build and ends well after any laptop: a certificate never runs out in the field.

use std::sync::Arc;

use domain::id::DeploymentId;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::error::Result;

/// The authority: a key and its self-signed certificate.
pub struct Authority {
    deployment: DeploymentId,
    key: KeyPair,
    certificate: CertificateDer<'static>,
}

impl Authority {
    /// A new authority.
    pub fn create(deployment: DeploymentId) -> Result<Self> {
        let key = KeyPair::generate()?;
        let certificate = authority_params(deployment)?.self_signed(&key)?.der().clone();
        Ok(Self { deployment, key, certificate })
    }

    /// From the PKCS 8 key and the certificate as they were stored.
    pub fn load(deployment: DeploymentId, key_der: &[u8], certificate: Vec<u8>) -> Result<Self> {
        Ok(Self { deployment, key: KeyPair::try_from(key_der)?, certificate: certificate.into() })
    }

    pub fn key_der(&self) -> &[u8] {
        self.key.serialized_der()
    }

    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// TLS 1.3, HTTP/2 and HTTP/1.1, with a leaf certificate for these names and addresses, issued anew each time.
    ///
    /// # Errors
    /// A name that is none; what rustls answers.
    pub fn server_config(&self, hosts: &[String]) -> Result<ServerConfig> {
        let issuer = Issuer::new(authority_params(self.deployment)?, &self.key);
        let leaf_key = KeyPair::generate()?;
        let leaf = leaf_params(hosts)?.signed_by(&leaf_key, &issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone(), self.certificate.clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// The same for the same deployment: the leaf's issuer name must be the stored certificate's subject.
fn authority_params(deployment: DeploymentId) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, format!("Tung Nha {deployment}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    valid_for_long(&mut params);
    Ok(params)
}

fn leaf_params(hosts: &[String]) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(hosts.to_vec())?;
    params.distinguished_name.push(DnType::CommonName, "Tung Nha server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    valid_for_long(&mut params);
    Ok(params)
}

fn valid_for_long(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
}
