//! Slot R: two operators open a laptop whose passphrase or keystore is lost.

use domain::id::DeviceId;
use vault::{Argon2Floor, RecoveryKeyFile, RecoveryRequest, answer_recovery};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::Result;
use crate::keys::group_by_four;
use crate::ledger::{DeviceRow, Scope};

/// Who asks.
#[derive(Clone, Debug)]
pub struct AskedRecovery {
    pub device: DeviceId,
    /// Compared by voice with what the laptop shows.
    pub fingerprint: String,
    /// `None` for a device that is not enrolled here.
    pub officer_name: Option<String>,
}

/// Reads a request, so that the operators see whose it is before they answer.
///
/// # Errors
/// A file that is no request; the ledger's.
pub fn read_request(deployment: &Deployment, request: &[u8]) -> Result<AskedRecovery> {
    let request = RecoveryRequest::from_bytes(request)?;
    let device = DeviceId::from_bytes(*request.device_id());
    let officer_name = deployment.ledger.read(|records| {
        let Some(row) = records.device(device)? else { return Ok(None) };
        Ok(records.officer(row.officer)?.map(|officer| officer.name))
    })?;
    let fingerprint = group_by_four(&data_encoding::BASE32_NOPAD.encode(&request.fingerprint()));
    Ok(AskedRecovery { device, fingerprint, officer_name })
}

/// Answers a request with both operators' passphrases.
///
/// # Errors
/// What the vault answers: a wrong passphrase, a slot that was sealed to another key.
pub fn open_recovery(deployment: &Deployment, request: &[u8], passphrases: [&str; 2]) -> Result<Vec<u8>> {
    open_recovery_with(deployment, request, passphrases, Argon2Floor::STANDARD)
}

/// As `open_recovery`, for a recovery key that was made below the product's floor, in a test.
///
/// # Errors
/// As `open_recovery`.
pub fn open_recovery_with(
    deployment: &Deployment,
    request: &[u8],
    passphrases: [&str; 2],
    floor: Argon2Floor,
) -> Result<Vec<u8>> {
    let request = RecoveryRequest::from_bytes(request)?;
    let [first, second] = passphrases;
    let key = RecoveryKeyFile::open(&deployment.recovery_file(), first, second, floor)?;
    let answer = answer_recovery(&request, &key)?;
    let device = DeviceId::from_bytes(*request.device_id());
    let unit = deployment.ledger.read(|records| records.device(device))?.and_then(|row: DeviceRow| row.unit);
    let now_ms = deployment.now_ms();
    let scope = unit.as_ref().map_or(Scope::Reference, Scope::Unit);
    deployment.ledger.write(scope, |records| {
        Note::new(Actor::Operator, "recovery_opened").subject(device).alarm().write(records, unit.as_ref(), now_ms)
    })?;
    Ok(answer.to_bytes().to_vec())
}
