//! Who this profile is: one officer, one device, its keys, and the server's signed answer that enrolled it.
//!
//! What the server signed is kept as it came and verified again at every opening.

use domain::id::{ChainId, DeploymentId, DeviceId, LogId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use rusqlite::Connection;
use serde::Serialize;
use sync::keys::{SigningKey, StickSecret};
use sync::message::{Certificate, EnrolmentAnswer, Identity};
use sync::{WireError, codec, cose};
use vault::MasterKey;

use crate::error::{Result, StoreError};
use crate::{access, chain, fresh, setting};

/// A profile before it is enrolled: its device id and the keys it made for itself.
pub struct NewProfile {
    pub device: DeviceId,
    pub signing_key: SigningKey,
    pub stick_secret: StickSecret,
}

impl NewProfile {
    /// A new device with new keys.
    pub fn generate(now_ms: u64) -> Self {
        Self {
            device: DeviceId(fresh::uuid(now_ms)),
            signing_key: SigningKey::generate(),
            stick_secret: StickSecret::generate(),
        }
    }
}

/// What the enrolment gave. Everything in it was signed by the server whose fingerprint was compared.
#[derive(Clone, Debug)]
pub struct Profile {
    pub device: DeviceId,
    pub deployment: DeploymentId,
    pub unit: Unit,
    pub unit_name: String,
    pub officer: OfficerId,
    pub officer_name: String,
    pub role: Role,
    pub key_epoch: u32,
    /// The server's: receipts, feed pages and manifests are signed by it.
    pub server_key: [u8; 32],
    /// From when the server's certificate holds.
    pub server_from_ms: u64,
    /// Signs certificates.
    pub enrolment_key: [u8; 32],
    /// Slot R is sealed to it.
    pub recovery_key: [u8; 32],
    /// Queue files are sealed to it.
    pub server_stick_key: [u8; 32],
    /// The authority of the server's TLS certificate, DER; empty for plain HTTP on loopback.
    pub ca_certificate: Vec<u8>,
    /// This device's certificate as signed.
    pub certificate: Vec<u8>,
    pub valid_to_ms: u64,
}

/// What screens show of a profile.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct ProfileView {
    pub device: DeviceId,
    pub unit: Unit,
    pub unit_name: String,
    pub officer: OfficerId,
    pub officer_name: String,
    pub role: Role,
}

impl From<&Profile> for ProfileView {
    fn from(profile: &Profile) -> Self {
        Self {
            device: profile.device,
            unit: profile.unit.clone(),
            unit_name: profile.unit_name.clone(),
            officer: profile.officer,
            officer_name: profile.officer_name.clone(),
            role: profile.role,
        }
    }
}

/// The secrets that a profile keeps wrapped under the master key.
pub(crate) struct Secrets {
    pub device: DeviceId,
    pub signing_key: SigningKey,
    pub stick_secret: StickSecret,
}

const SEED_PURPOSE: &str = "signing-seed";
const STICK_PURPOSE: &str = "stick-secret";

pub(crate) fn keep_secrets(connection: &Connection, key: &MasterKey, profile: &NewProfile) -> Result<()> {
    setting::put(connection, setting::DEVICE, profile.device.as_bytes())?;
    setting::put(connection, setting::SIGNING_SEED, key.wrap(SEED_PURPOSE, profile.signing_key.seed()))?;
    setting::put(connection, setting::STICK_SECRET, key.wrap(STICK_PURPOSE, &*profile.stick_secret.to_bytes()))
}

/// `ProfileMissing` where the file holds none, as an interrupted creation leaves it.
pub(crate) fn load_secrets(connection: &Connection, key: &MasterKey) -> Result<Secrets> {
    let device = setting::id_of(connection, setting::DEVICE)?.ok_or(StoreError::ProfileMissing)?;
    let unwrap = |name, purpose| -> Result<zeroize::Zeroizing<[u8; 32]>> {
        let wrapped = setting::bytes(connection, name)?.ok_or(StoreError::ProfileMissing)?;
        let bytes = key.unwrap(purpose, &wrapped)?;
        let mut secret = zeroize::Zeroizing::new([0; 32]);
        if bytes.len() != secret.len() {
            return Err(StoreError::BadRow { what: "secret" });
        }
        secret.copy_from_slice(&bytes);
        Ok(secret)
    };
    let seed = unwrap(setting::SIGNING_SEED, SEED_PURPOSE)?;
    let stick = unwrap(setting::STICK_SECRET, STICK_PURPOSE)?;
    Ok(Secrets { device, signing_key: SigningKey::from_seed(&seed), stick_secret: StickSecret::from_bytes(&stick) })
}

/// Keeps the identity document and the signed answer, opens the first chain. Asked again with the same answer, nothing
/// changes.
pub(crate) fn enrol(
    connection: &Connection,
    secrets: &Secrets,
    identity: &[u8],
    answer: &[u8],
    now_ms: u64,
) -> Result<Profile> {
    let (profile, log) = verify(secrets, identity, answer)?;
    setting::put(connection, setting::IDENTITY, identity)?;
    setting::put(connection, setting::ENROLMENT_ANSWER, answer)?;
    if setting::id_of::<LogId>(connection, setting::LOG)?.is_none() {
        setting::put(connection, setting::LOG, log.as_bytes())?;
        setting::put_number(connection, setting::FEED_INDEX, 0)?;
        chain::open(connection, ChainId(fresh::uuid(now_ms)), profile.device, None)?;
        access::open(connection, now_ms)?;
    }
    Ok(profile)
}

/// `None` before the enrolment.
pub(crate) fn load(connection: &Connection, secrets: &Secrets) -> Result<Option<Profile>> {
    let identity = setting::bytes(connection, setting::IDENTITY)?;
    let answer = setting::bytes(connection, setting::ENROLMENT_ANSWER)?;
    let (Some(identity), Some(answer)) = (identity, answer) else { return Ok(None) };
    let (mut profile, _) = verify(secrets, &identity, &answer)?;
    if let Some(later) = setting::bytes(connection, setting::SERVER_CERTIFICATE)? {
        let server: Certificate = cose::verify(&later, &profile.enrolment_key, profile.deployment)?;
        profile.server_key = server.public_key;
        profile.server_from_ms = server.from_ms;
    }
    Ok(Some(profile))
}

fn verify(secrets: &Secrets, identity: &[u8], answer: &[u8]) -> Result<(Profile, LogId)> {
    let identity: Identity = codec::decode(identity).map_err(WireError::from)?;
    let enrolment_key = identity.enrolment_key;
    let answer: EnrolmentAnswer = cose::verify(answer, &enrolment_key, identity.deployment)?;
    let certificate: Certificate = cose::verify(&answer.certificate.0, &enrolment_key, identity.deployment)?;
    let server: Certificate = cose::verify(&answer.server_certificate.0, &enrolment_key, identity.deployment)?;
    let ours = certificate.device == secrets.device
        && certificate.public_key == secrets.signing_key.public_key()
        && certificate.officer == answer.officer
        && server.role == Role::Server;
    let (true, Some(unit)) = (ours, certificate.unit) else { return Err(StoreError::NotForUs) };
    let profile = Profile {
        device: secrets.device,
        deployment: identity.deployment,
        unit,
        unit_name: answer.unit_name,
        officer: answer.officer,
        officer_name: answer.officer_name,
        role: certificate.role,
        key_epoch: certificate.key_epoch,
        server_key: server.public_key,
        server_from_ms: server.from_ms,
        enrolment_key,
        recovery_key: answer.recovery_key,
        server_stick_key: identity.stick_key,
        ca_certificate: identity.ca_certificate.0,
        certificate: answer.certificate.0,
        valid_to_ms: certificate.to_ms,
    };
    Ok((profile, answer.log))
}
