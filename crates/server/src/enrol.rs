//! Enrolment: a one-time code becomes a device with a certificate.
//!
//! A code is written `PPPPPPPP-SSSSS-SSSSS-SSS`: eight characters that name it, then thirteen of secret (65 bits), in
//! Crockford's base 32. It lives seven days and takes five tries. Its secret is stored hashed. Asked again with the same
//! key it gives the same answer, byte for byte; another key finds it used.

use domain::change::{Body, DeviceRevoked, EntityKind, EntityRef, RevokedChain};
use domain::id::{DeviceId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use sync::message::{Blob, Certificate, EnrolmentAnswer, EnrolmentRequest, FORMAT};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Refusal, Result};
use crate::keys::{CERTIFICATE_END_MS, ServerKeys, device_row};
use crate::ledger::{CodeRow, OfficerRow, Records, Scope};

/// Letters that nobody confuses: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ID_CHARS: usize = 8;
const SECRET_CHARS: usize = 13;
const MAX_TRIES: u32 = 5;
const LIFETIME_MS: u64 = 7 * 24 * 3600 * 1000;

/// A new code, to be given to one officer.
#[derive(Clone, Debug)]
pub struct IssuedCode {
    /// As it is written down.
    pub code: String,
    pub officer: OfficerRow,
    pub until_ms: u64,
}

/// Makes a code for an officer. With `replaces`, that device is revoked when the code is used.
///
/// # Errors
/// `OfficerUnknown`, `OfficerRemoved`; `RoleNotEnrolled` for someone who has nothing to do on a laptop of the unit; `DeviceUnknown`.
pub fn issue_code(deployment: &Deployment, officer: OfficerId, replaces: Option<DeviceId>) -> Result<IssuedCode> {
    let now_ms = deployment.now_ms();
    let officer = deployment.ledger.read(|records| records.officer(officer))?.ok_or(Code::OfficerUnknown)?;
    if !officer.active {
        return Err(Code::OfficerRemoved.into());
    }
    if !matches!(officer.role, Role::Officer | Role::Supervisor) {
        return Err(Code::RoleNotEnrolled.into());
    }
    let (id, secret) = (random_chars(ID_CHARS), random_chars(SECRET_CHARS));
    let mut salt = [0; 16];
    sync::keys::fill_random(&mut salt);
    let row = CodeRow {
        code: id.clone(),
        officer: officer.officer,
        salt,
        secret_hash: hash_secret(&salt, &secret),
        made_ms: now_ms,
        until_ms: now_ms + LIFETIME_MS,
        tries: 0,
        replaces,
        used: None,
    };
    deployment.ledger.write(Scope::Unit(&officer.unit), |records| {
        if let Some(device) = replaces {
            let device = records.device(device)?.ok_or(Code::DeviceUnknown)?;
            if device.unit.as_ref() != Some(&officer.unit) {
                return Err(Code::DeviceUnknown.into());
            }
        }
        records.add_code(&row)?;
        Note::new(Actor::Operator, "code_issued").subject(officer.officer).write(records, Some(&officer.unit), now_ms)
    })?;
    let groups = [&secret[..5], &secret[5..10], &secret[10..]];
    Ok(IssuedCode { code: format!("{id}-{}", groups.join("-")), officer, until_ms: row.until_ms })
}

/// Takes a signed request and gives the signed answer.
///
/// # Errors
/// `SignatureWrong`; `CodeRefused` for a code or secret that is none, `CodeExhausted`, `CodeExpired`, `CodeUsed`;
/// `DeviceExists`. A wrong secret counts as a try.
pub fn enrol_device(deployment: &Deployment, envelope: &[u8]) -> Result<Vec<u8>> {
    let keys = &deployment.keys;
    let request = sync::cose::verify_enrolment_request(envelope, keys.deployment).map_err(|_| Code::SignatureWrong)?;
    let code = normalise(&request.code_id);
    let (row, officer) = deployment.ledger.read(|records| {
        let row = records.code(&code)?.ok_or(Code::CodeRefused)?;
        let officer = records.officer(row.officer)?.ok_or(Code::CodeRefused)?;
        Ok((row, officer))
    })?;
    let now_ms = deployment.now_ms();
    // The inner result: a refusal whose count must be kept.
    deployment
        .ledger
        .write(Scope::Unit(&officer.unit), |records| match check_code(records, &code, &request, now_ms)? {
            Ok(Checked::Again(answer)) => Ok(Ok(answer)),
            Ok(Checked::Fresh(row)) => enrol(records, keys, &row, &request, now_ms),
            Err(refused) => {
                let note = Note::new(Actor::Server, "enrolment_refused").subject(row).detail(refused.as_str());
                note.write(records, Some(&officer.unit), now_ms)?;
                Ok(Err(refused))
            }
        })?
        .map_err(|code| Refusal::from(code).into())
}

enum Checked {
    Again(Vec<u8>),
    Fresh(CodeRow),
}

fn check_code(
    records: &mut dyn Records,
    code: &str,
    request: &EnrolmentRequest,
    now_ms: u64,
) -> Result<std::result::Result<Checked, Code>> {
    let Some(row) = records.code(code)? else { return Ok(Err(Code::CodeRefused)) };
    if row.tries >= MAX_TRIES {
        return Ok(Err(Code::CodeExhausted));
    }
    let given = hash_secret(&row.salt, &normalise(&request.code_secret));
    // Salted hashes: how long the comparison takes tells nothing of the secret.
    if given != row.secret_hash {
        records.count_try(code)?;
        return Ok(Err(Code::CodeRefused));
    }
    Ok(match &row.used {
        Some((key, answer)) if *key == request.public_key => Ok(Checked::Again(answer.clone())),
        Some(_) => Err(Code::CodeUsed),
        None if now_ms > row.until_ms => Err(Code::CodeExpired),
        None => Ok(Checked::Fresh(row)),
    })
}

fn enrol(
    records: &mut dyn Records,
    keys: &ServerKeys,
    code: &CodeRow,
    request: &EnrolmentRequest,
    now_ms: u64,
) -> Result<std::result::Result<Vec<u8>, Code>> {
    let kid = sync::keys::kid_of(&request.public_key);
    if records.device(request.device)?.is_some() || records.device_by_kid(&kid)?.is_some() {
        return Ok(Err(Code::DeviceExists));
    }
    let Some(officer) = records.officer(code.officer)?.filter(|officer| officer.active) else {
        return Ok(Err(Code::CodeRefused));
    };
    let unit = records.unit(&officer.unit)?.ok_or(Code::UnitUnknown)?;
    let certificate = Certificate {
        format: FORMAT,
        device: request.device,
        public_key: request.public_key,
        unit: Some(officer.unit.clone()),
        role: officer.role,
        officer: officer.officer,
        from_ms: now_ms,
        to_ms: CERTIFICATE_END_MS,
        key_epoch: 1,
        stick_key: Some(request.stick_key),
    };
    let signed = sync::cose::sign(&certificate, &keys.enrolment, keys.deployment).0;
    records.add_device(&device_row(&certificate, signed.clone()))?;
    let answer = EnrolmentAnswer {
        format: FORMAT,
        certificate: Blob(signed),
        server_certificate: Blob(keys.certificate.clone()),
        recovery_key: keys.recovery_public_key,
        officer: officer.officer,
        officer_name: officer.name,
        log: unit.log,
        server_ms: now_ms,
        unit_name: unit.name,
    };
    let answer = sync::cose::sign(&answer, &keys.enrolment, keys.deployment).0;
    records.use_code(&code.code, &request.public_key, &answer)?;
    let note = Note::new(Actor::Device(request.device), "device_enrolled").subject(officer.officer);
    note.with("code", code.clone()).write(records, Some(&officer.unit), now_ms)?;
    if let Some(old) = code.replaces {
        revoke(records, keys, &officer.unit, old, Cause::Replaced, Actor::Operator, now_ms)?;
    }
    Ok(Ok(answer))
}

/// Why a device is revoked. The word travels in a change and in an error of the device: the list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Lost,
    Replaced,
    Transferred,
    Left,
    Other,
}

impl Cause {
    pub const ALL: [Cause; 5] = [Cause::Lost, Cause::Replaced, Cause::Transferred, Cause::Left, Cause::Other];

    /// The cause of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Lost => "lost",
            Cause::Replaced => "replaced",
            Cause::Transferred => "transferred",
            Cause::Left => "left",
            Cause::Other => "other",
        }
    }
}

/// Revokes a device of the unit: it reads nothing more, and its late batches go to quarantine.
///
/// # Errors
/// `DeviceUnknown`; the ledger's.
pub fn revoke(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    device: DeviceId,
    cause: Cause,
    actor: Actor,
    now_ms: u64,
) -> Result<()> {
    let row = records.device(device)?.filter(|row| row.unit.as_ref() == Some(unit)).ok_or(Code::DeviceUnknown)?;
    if row.revoked.is_some() {
        return Ok(());
    }
    let chains = records.chains_of(unit, device)?.into_iter().map(|(chain, held)| RevokedChain {
        chain,
        last_sequence: held.last_sequence,
        head: held.head,
    });
    let chains: Vec<RevokedChain> = chains.collect();
    let chains = (!chains.is_empty()).then_some(chains);
    // Taking in the server's own `DeviceRevoked` carries it out.
    let body = Body::DeviceRevoked(DeviceRevoked { cause: cause.as_str().to_owned(), chains });
    let entity = EntityRef::new(EntityKind::Device, device);
    crate::ingest::own::append(records, keys, unit, vec![(entity, body)], actor.on_behalf_of(), now_ms)?;
    Note::new(actor, "device_revoked").subject(device).detail(cause.as_str()).write(records, Some(unit), now_ms)
}

/// What people type: any case, spaces and dashes where they like, and letters that look like figures.
fn normalise(text: &str) -> String {
    let read = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    text.chars().filter_map(read).collect()
}

fn hash_secret(salt: &[u8; 16], secret: &str) -> [u8; 32] {
    sync::hash::sha256_of([b"tungnha enrolment code".as_slice(), salt, secret.as_bytes()])
}

fn random_chars(count: usize) -> String {
    let mut bytes = vec![0; count];
    sync::keys::fill_random(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}
