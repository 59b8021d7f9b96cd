//! Challenges and bearer tokens. Both carry their own proof (HMAC under the deployment's token secret), so that nothing
//! is stored for a stranger who asks; a challenge is good for one token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use domain::id::DeviceId;
use domain::role::Role;
use domain::unit::Unit;
use ring::hmac;
use sync::message::{Challenge, Token, TokenRequest};

use crate::adopt::adopt_introduced;
use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::ledger::{DeviceRow, Scope};

const CHALLENGE_MS: u64 = 2 * 60 * 1000;
/// How long a token is good.
pub const TOKEN_MS: u64 = 15 * 60 * 1000;
const MAC_BYTES: usize = 16;

/// Challenges that have been answered and are still good.
#[derive(Default)]
pub struct UsedChallenges(Mutex<HashMap<[u8; 32], u64>>);

impl UsedChallenges {
    /// Whether this is its first use.
    fn use_once(&self, nonce: [u8; 32], until_ms: u64, now_ms: u64) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until_ms| *until_ms >= now_ms);
        used.insert(nonce, until_ms).is_none()
    }
}

/// A nonce: until (8 bytes), random (8), proof (16).
pub fn make_challenge(deployment: &Deployment) -> Challenge {
    let good_until_ms = deployment.now_ms() + CHALLENGE_MS;
    let mut nonce = [0; 32];
    nonce[..8].copy_from_slice(&good_until_ms.to_be_bytes());
    sync::keys::fill_random(&mut nonce[8..16]);
    let proof = mac(deployment, b"challenge", &nonce[..16]);
    nonce[16..].copy_from_slice(&proof);
    Challenge { nonce, good_until_ms }
}

/// A token for a device that signed a challenge of ours.
///
/// # Errors
/// `DeviceUnknown`, `SignatureWrong`, `ChallengeWrong`, `DeviceRevoked`, `RoleForbidden`.
pub fn issue_token(deployment: &Deployment, used: &UsedChallenges, envelope: &[u8]) -> Result<Token> {
    let device = sender_of(deployment, envelope)?;
    let request: TokenRequest = sync::cose::verify(envelope, &device.public_key, deployment.keys.deployment)
        .map_err(|_| Code::SignatureWrong)?;
    if request.device != device.device {
        return Err(Code::SignatureWrong.into());
    }
    let now_ms = deployment.now_ms();
    check_challenge(deployment, used, request.nonce, now_ms)?;
    check_reader(&device)?;
    let unit = device.unit.clone().ok_or(Code::UnitForbidden)?;
    deployment.ledger.write(Scope::Unit(&unit), |records| {
        Note::new(Actor::Device(device.device), "token_issued").write(records, Some(&unit), now_ms)
    })?;
    let good_until_ms = now_ms + TOKEN_MS;
    let claim = [device.device.as_bytes().as_slice(), &good_until_ms.to_be_bytes()].concat();
    let proof = mac(deployment, b"token", &claim);
    Ok(Token { token: BASE64URL_NOPAD.encode(&[claim.as_slice(), &proof].concat()), good_until_ms })
}

/// The device whose token this is, for reading in `unit`.
///
/// # Errors
/// `TokenWrong`, `TokenExpired`, `DeviceRevoked`, `UnitForbidden`, `RoleForbidden`.
pub fn check_token(deployment: &Deployment, token: &str, unit: &Unit) -> Result<DeviceRow> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| Code::TokenWrong)?;
    let (claim, proof) = bytes.split_at_checked(24).ok_or(Code::TokenWrong)?;
    if !is_proof(deployment, b"token", claim, proof) {
        return Err(Code::TokenWrong.into());
    }
    let (device, until) = claim.split_at(16);
    let until: [u8; 8] = until.try_into().map_err(|_| Code::TokenWrong)?;
    if deployment.now_ms() > u64::from_be_bytes(until) {
        return Err(Code::TokenExpired.into());
    }
    let device = DeviceId::from_slice(device).ok_or(Code::TokenWrong)?;
    let device = deployment.ledger.read(|records| records.device(device))?.ok_or(Code::DeviceUnknown)?;
    check_reader(&device)?;
    if device.unit.as_ref() != Some(unit) {
        return Err(Code::UnitForbidden.into());
    }
    Ok(device)
}

/// The device whose key an envelope names, which may introduce itself by its certificate. Nothing of the message is
/// verified yet.
///
/// # Errors
/// `BodyUnreadable`, `DeviceUnknown`.
pub fn sender_of(deployment: &Deployment, envelope: &[u8]) -> Result<DeviceRow> {
    let kid = sync::cose::kid_of_envelope(envelope).map_err(|_| Code::BodyUnreadable)?;
    if let Some(device) = deployment.ledger.read(|records| records.device_by_kid(&kid))? {
        return Ok(device);
    }
    adopt_introduced(deployment, envelope)?;
    Ok(deployment.ledger.read(|records| records.device_by_kid(&kid))?.ok_or(Code::DeviceUnknown)?)
}

fn check_challenge(deployment: &Deployment, used: &UsedChallenges, nonce: [u8; 32], now_ms: u64) -> Result<()> {
    let genuine = is_proof(deployment, b"challenge", &nonce[..16], &nonce[16..]);
    let mut until = [0; 8];
    until.copy_from_slice(&nonce[..8]);
    let until_ms = u64::from_be_bytes(until);
    if !genuine || now_ms > until_ms || !used.use_once(nonce, until_ms, now_ms) {
        return Err(Code::ChallengeWrong.into());
    }
    Ok(())
}

/// Only those who work in a unit read its log and register.
fn check_reader(device: &DeviceRow) -> Result<()> {
    if device.revoked.is_some() {
        return Err(Code::DeviceRevoked.into());
    }
    match device.role {
        Role::Officer | Role::Supervisor => Ok(()),
        Role::Operator | Role::Auditor | Role::Server | Role::Other(_) => Err(Code::RoleForbidden.into()),
    }
}

fn mac(deployment: &Deployment, purpose: &[u8], claim: &[u8]) -> [u8; MAC_BYTES] {
    let tag = hmac::sign(&deployment.keys.token_key, &[purpose, &[0], claim].concat());
    let mut proof = [0; MAC_BYTES];
    proof.copy_from_slice(&tag.as_ref()[..MAC_BYTES]);
    proof
}

/// In time that does not depend on where the two differ: what is compared are their HMACs.
fn is_proof(deployment: &Deployment, purpose: &[u8], claim: &[u8], proof: &[u8]) -> bool {
    let key = &deployment.keys.token_key;
    let expected = hmac::sign(key, &mac(deployment, purpose, claim));
    hmac::verify(key, proof, expected.as_ref()).is_ok()
}
