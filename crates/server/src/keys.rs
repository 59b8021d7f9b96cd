//! The deployment's keys. They lie in the ledger, each wrapped by the master key, so that a ledger and its key file are
//! all that a restore needs.

use domain::id::{DeploymentId, DeviceId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use ring::hmac;
use sync::keys::{SigningKey, StickSecret, fill_random};
use sync::message::{Blob, Certificate, FORMAT, Identity};
use vault::MasterKey;
use zeroize::Zeroizing;

use crate::error::{Code, Result, ServerError};
use crate::ledger::{DeviceContact, DeviceRow, Records};
use crate::tls::Authority;

/// A certificate's end: no certificate of this product runs out by itself; devices are revoked.
pub const CERTIFICATE_END_MS: u64 = 4_102_444_800_000; // 2100-01-01

/// Everything the server signs, opens and vouches with.
pub struct ServerKeys {
    pub deployment: DeploymentId,
    /// Signs certificates and enrolment answers.
    pub enrolment: SigningKey,
    /// Signs receipts, feed pages, manifests and the server's own batches.
    pub device_key: SigningKey,
    pub device: DeviceId,
    /// The author of the server's own changes; no person.
    pub officer: OfficerId,
    /// The server's own certificate as it goes out.
    pub certificate: Vec<u8>,
    pub stick: StickSecret,
    /// X25519: the laptops' slots R are sealed to it.
    pub recovery_public_key: [u8; 32],
    /// Secrets of challenges and bearer tokens.
    pub token_key: hmac::Key,
    /// Makes the ids of people, households and dwellings from what the register knows them by.
    identity_key: hmac::Key,
    pub authority: Authority,
}

impl ServerKeys {
    /// Makes all keys and stores them.
    ///
    /// # Errors
    /// The ledger's; a TLS authority that could not be made.
    pub fn create(
        records: &mut dyn Records,
        master: &MasterKey,
        recovery_public_key: [u8; 32],
        now_ms: u64,
    ) -> Result<Self> {
        let deployment = DeploymentId(uuid::Uuid::new_v4());
        let enrolment = SigningKey::generate();
        let device_key = SigningKey::generate();
        let stick = StickSecret::generate();
        let device = DeviceId(uuid::Uuid::now_v7());
        let officer = OfficerId(uuid::Uuid::now_v7());
        let mut token_secret = Zeroizing::new([0; 32]);
        fill_random(&mut token_secret[..]);
        let mut identity_secret = Zeroizing::new([0; 32]);
        fill_random(&mut identity_secret[..]);
        let authority = Authority::create(deployment)?;

        let payload = Certificate {
            format: FORMAT,
            device,
            public_key: device_key.public_key(),
            unit: None,
            role: Role::Server,
            officer,
            from_ms: now_ms,
            to_ms: CERTIFICATE_END_MS,
            key_epoch: 1,
            stick_key: Some(stick.public_key()),
        };
        let certificate = sync::cose::sign(&payload, &enrolment, deployment).0;
        records.add_device(&device_row(&payload, certificate.clone()))?;

        records.set_setting("deployment", deployment.as_bytes())?;
        records.set_setting("device", device.as_bytes())?;
        records.set_setting("recovery_public_key", &recovery_public_key)?;
        for (name, secret) in [
            ("enrolment_seed", enrolment.seed().as_slice()),
            ("device_seed", device_key.seed()),
            ("stick_secret", &stick.to_bytes()[..]),
            ("token_secret", &token_secret[..]),
            ("identity_secret", &identity_secret[..]),
            ("ca_key", authority.key_der()),
        ] {
            records.set_setting(name, &master.wrap(name, secret))?;
        }
        records.set_setting("ca_certificate", authority.certificate_der())?;
        Self::load(records, master)
    }

    /// The id by which a unit knows what stands in its register under `key`: always the same, and random to whoever has
    /// not this server's secret (UUIDv8 of an HMAC).
    pub fn register_id(&self, unit: &Unit, kind: &str, key: &[u8]) -> uuid::Uuid {
        let mut message = Vec::new();
        for part in [unit.code.as_bytes(), unit.list_date.as_bytes(), kind.as_bytes(), key] {
            message.extend((part.len() as u64).to_be_bytes());
            message.extend(part);
        }
        let tag = hmac::sign(&self.identity_key, &message);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&tag.as_ref()[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The keys of an initialised ledger.
    ///
    /// # Errors
    /// `NotInitialised`; what the vault answers where the key file is another ledger's.
    pub fn load(records: &mut dyn Records, master: &MasterKey) -> Result<Self> {
        let deployment = DeploymentId::from_bytes(fixed(records, "deployment")?);
        let device = DeviceId::from_bytes(fixed(records, "device")?);
        let row = records.device(device)?.ok_or(ServerError::Broken("the server's own device is missing"))?;
        let ca_key = secret(records, master, "ca_key")?;
        let ca_certificate = setting(records, "ca_certificate")?;
        Ok(Self {
            deployment,
            enrolment: SigningKey::from_seed(&*secret32(records, master, "enrolment_seed")?),
            device_key: SigningKey::from_seed(&*secret32(records, master, "device_seed")?),
            device,
            officer: row.officer,
            certificate: row.certificate,
            stick: StickSecret::from_bytes(&*secret32(records, master, "stick_secret")?),
            recovery_public_key: fixed(records, "recovery_public_key")?,
            token_key: hmac::Key::new(hmac::HMAC_SHA256, &secret(records, master, "token_secret")?),
            identity_key: hmac::Key::new(hmac::HMAC_SHA256, &secret(records, master, "identity_secret")?),
            authority: Authority::load(deployment, &ca_key, ca_certificate)?,
        })
    }

    /// The public identity; without a CA where the server speaks plain HTTP on loopback.
    pub fn identity(&self, plain_http: bool) -> Vec<u8> {
        let ca = if plain_http { Vec::new() } else { self.authority.certificate_der().to_vec() };
        sync::codec::encode(&Identity {
            format: FORMAT,
            deployment: self.deployment,
            ca_certificate: Blob(ca),
            enrolment_key: self.enrolment.public_key(),
            stick_key: self.stick.public_key(),
        })
    }

    /// What people compare: the first 20 bytes of the identity's SHA-256, in base32, in groups of four.
    pub fn fingerprint(&self, plain_http: bool) -> String {
        let hash = sync::hash::sha256(&self.identity(plain_http));
        group_by_four(&data_encoding::BASE32_NOPAD.encode(&hash[..20]))
    }

    /// Signs with the server's device key.
    pub fn sign<T: sync::message::SignedMessage>(&self, message: &T) -> Vec<u8> {
        sync::cose::sign(message, &self.device_key, self.deployment).0
    }
}

/// `ABCDEFGH` → `ABCD-EFGH`.
pub fn group_by_four(text: &str) -> String {
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("-")
}

/// The row of a device from its certificate.
pub fn device_row(certificate: &Certificate, signed: Vec<u8>) -> DeviceRow {
    DeviceRow {
        device: certificate.device,
        kid: sync::keys::kid_of(&certificate.public_key),
        public_key: certificate.public_key,
        stick_key: certificate.stick_key,
        unit: certificate.unit.clone(),
        role: certificate.role,
        officer: certificate.officer,
        key_epoch: certificate.key_epoch,
        from_ms: certificate.from_ms,
        to_ms: certificate.to_ms,
        certificate: signed,
        revoked: None,
        contact: DeviceContact::default(),
    }
}

/// The certificate that a row was made from. It was verified, or made, when the row was written.
pub fn certificate_of(row: &DeviceRow) -> Certificate {
    Certificate {
        format: FORMAT,
        device: row.device,
        public_key: row.public_key,
        unit: row.unit.clone(),
        role: row.role,
        officer: row.officer,
        from_ms: row.from_ms,
        to_ms: row.to_ms,
        key_epoch: row.key_epoch,
        stick_key: row.stick_key,
    }
}

fn setting(records: &mut dyn Records, name: &'static str) -> Result<Vec<u8>> {
    records.setting(name)?.ok_or_else(|| Code::NotInitialised.into())
}

fn fixed<const N: usize>(records: &mut dyn Records, name: &'static str) -> Result<[u8; N]> {
    setting(records, name)?.try_into().map_err(|_| ServerError::Broken("a setting of the wrong length"))
}

fn secret(records: &mut dyn Records, master: &MasterKey, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    Ok(master.unwrap(name, &setting(records, name)?)?)
}

fn secret32(records: &mut dyn Records, master: &MasterKey, name: &'static str) -> Result<Zeroizing<[u8; 32]>> {
    let bytes = secret(records, master, name)?;
    let mut fixed = Zeroizing::new([0; 32]);
    if bytes.len() != fixed.len() {
        return Err(ServerError::Broken("a key of the wrong length"));
    }
    fixed.copy_from_slice(&bytes);
    Ok(fixed)
}
