//! Slot R and the way back when the passphrase or the keystore is lost: the laptop asks with its slot R, two operators
//! answer, the laptop makes a new slot U.
//!
//! HPKE does not say who sealed. So the laptop believes an answer only if the key in it is the one that its slot R
//! names; and the operators compare the request's fingerprint with what the laptop shows, for whoever copied a disk
//! could ask too.

use std::path::{Path, PathBuf};

use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};

use crate::disk::{PRIVATE_DISK, read, remove, replace};
use crate::key::{Secret32, empty_secret};
use crate::recovery_key::OpenedRecoveryKey;
use crate::seal::{generate_pair, open_with, public_of, seal_to};
use crate::secret_store::{make_private_folder, profile_of};
use crate::slot::attempts::UnlockAttempts;
use crate::slot::file::{FORMAT, Kind, Parts, assemble, encode_header, take_apart};
use crate::slot::user::{ClosedSlot, master_from, old_file, write_slot};
use crate::{Argon2Params, DeviceSecretStore, MasterKey, VaultError};

const SLOT_INFO: &[u8] = b"tungnha slot r v1";
const ANSWER_INFO: &[u8] = b"tungnha recovery answer v1";

/// Do not modify: it is the associated data of slots on laptops.
#[derive(Encode, Decode)]
#[cbor(map)]
struct SlotR {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
    #[cbor(n(2), with = "minicbor::bytes")]
    device_id: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    recovery_public_key: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    master_fingerprint: [u8; 16],
    #[n(5)]
    created_ms: u64,
}

/// What the laptop hands to the operators: its slot R and a key to answer to. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryRequest {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
    #[cbor(n(2), with = "minicbor::bytes")]
    device_id: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    transport_public_key: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    slot_r: Vec<u8>,
}

/// What the operators hand back: the master key, for that request alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryAnswer(Vec<u8>);

#[derive(Encode, Decode)]
#[cbor(map)]
struct AnswerHeader {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
    #[cbor(n(2), with = "minicbor::bytes")]
    device_id: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    transport_public_key: [u8; 32],
}

impl RecoveryRequest {
    pub fn device_id(&self) -> &[u8; 16] {
        &self.device_id
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        assemble(encode_header(self), Vec::new())
    }

    /// # Errors
    /// `RecoveryFileDamaged`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        match take_apart(bytes, Kind::RecoveryRequest) {
            Ok(Parts { fields, ciphertext, .. }) if ciphertext.is_empty() => Ok(fields),
            _ => Err(VaultError::RecoveryFileDamaged),
        }
    }

    /// Shown on the laptop and at the server, and compared by voice before the operators answer.
    pub fn fingerprint(&self) -> [u8; 20] {
        let mut fingerprint = [0; 20];
        fingerprint.copy_from_slice(&digest(&SHA256, &self.to_bytes()).as_ref()[..20]);
        fingerprint
    }
}

impl RecoveryAnswer {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> &[u8] {
        &self.0
    }

    /// # Errors
    /// `RecoveryFileDamaged`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        take_apart::<AnswerHeader>(bytes, Kind::RecoveryAnswer).map_err(|_| VaultError::RecoveryFileDamaged)?;
        Ok(Self(bytes.to_vec()))
    }
}

/// Seals the master key to the recovery key that came with the enrolment.
///
/// # Errors
/// `RecoveryKeyWrong` for a public key that is none; `Io`.
pub fn create_slot_r(
    folder: &Path,
    device_id: &[u8; 16],
    master: &MasterKey,
    recovery_public_key: &[u8; 32],
    created_ms: u64,
) -> Result<(), VaultError> {
    make_private_folder(folder)?;
    let header = encode_header(&SlotR {
        format: FORMAT,
        kind: Kind::SlotR as u8,
        device_id: *device_id,
        recovery_public_key: *recovery_public_key,
        master_fingerprint: master.fingerprint(),
        created_ms,
    });
    let sealed =
        seal_to(recovery_public_key, SLOT_INFO, &header, master.bytes()).ok_or(VaultError::RecoveryKeyWrong)?;
    replace(&PRIVATE_DISK, &slot_r_file(folder), &assemble(header, sealed))
}

/// The device whose slot R lies in the folder; `None` where there is none. A recovery goes by it: slot U may be what is
/// damaged.
///
/// # Errors
/// `SlotDamaged`, `SlotFormatUnknown`, `Io`.
pub fn recovery_device(folder: &Path) -> Result<Option<[u8; 16]>, VaultError> {
    let Some(bytes) = read(&PRIVATE_DISK, &slot_r_file(folder))? else { return Ok(None) };
    Ok(Some(take_apart::<SlotR>(&bytes, Kind::SlotR)?.fields.device_id))
}

/// On the laptop: makes the request. The key to answer to stays in a small file beside the slots until
/// `finish_recovery`; asked again, the same request comes out.
///
/// # Errors
/// `SlotMissing` (no slot R), `SlotDamaged`, `SlotOfOtherDevice`, `Io`.
pub fn start_recovery(folder: &Path, device_id: &[u8; 16]) -> Result<RecoveryRequest, VaultError> {
    let (slot_r, _) = read_slot_r(folder, device_id)?;
    let transport_public_key = match read_transport(folder)? {
        Some(private) => public_of(&private),
        None => {
            let (private, public) = generate_pair()?;
            replace(&PRIVATE_DISK, &transport_file(folder), &private[..])?;
            public
        }
    };
    Ok(RecoveryRequest {
        format: FORMAT,
        kind: Kind::RecoveryRequest as u8,
        device_id: *device_id,
        transport_public_key,
        slot_r,
    })
}

/// At the server: opens slot R and seals the master key again, to the laptop's transport key and bound to its device.
///
/// # Errors
/// `RecoveryKeyWrong` when the slot was not sealed to this key or was changed; `SlotDamaged`; `SlotOfOtherDevice` when
/// the request names another device than its slot.
pub fn answer_recovery(request: &RecoveryRequest, key: &OpenedRecoveryKey) -> Result<RecoveryAnswer, VaultError> {
    let slot: Parts<SlotR> = take_apart(&request.slot_r, Kind::SlotR)?;
    if slot.fields.device_id != request.device_id {
        return Err(VaultError::SlotOfOtherDevice);
    }
    let master = open_with(key.private(), SLOT_INFO, &slot.header, &slot.ciphertext)
        .and_then(|opened| master_from(&opened))
        .filter(|master| master.fingerprint() == slot.fields.master_fingerprint)
        .ok_or(VaultError::RecoveryKeyWrong)?;
    let header = encode_header(&AnswerHeader {
        format: FORMAT,
        kind: Kind::RecoveryAnswer as u8,
        device_id: request.device_id,
        transport_public_key: request.transport_public_key,
    });
    let sealed = seal_to(&request.transport_public_key, ANSWER_INFO, &header, master.bytes())
        .ok_or(VaultError::RecoveryFileDamaged)?;
    Ok(RecoveryAnswer(assemble(header, sealed)))
}

/// On the laptop: takes the answer, makes a new slot U under a new passphrase, forgets wrong passphrases and the
/// transport key. A recovery follows a passphrase that was lost or found out: once the new slot has been read back and
/// opened, no other passphrase opens.
///
/// # Errors
/// `RecoveryNotStarted`; `RecoveryAnswerWrong`; `PassphraseTooShort`. Nothing is lost by any: it can be called again.
pub fn finish_recovery(
    folder: &Path,
    device_id: &[u8; 16],
    answer: &RecoveryAnswer,
    new_passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    params: Argon2Params,
    now_ms: u64,
) -> Result<MasterKey, VaultError> {
    let transport = read_transport(folder)?.ok_or(VaultError::RecoveryNotStarted)?;
    let (_, slot) = read_slot_r(folder, device_id)?;
    let answer: Parts<AnswerHeader> =
        take_apart(&answer.0, Kind::RecoveryAnswer).map_err(|_| VaultError::RecoveryFileDamaged)?;
    if answer.fields.device_id != *device_id || answer.fields.transport_public_key != public_of(&transport) {
        return Err(VaultError::RecoveryAnswerWrong);
    }
    let master = open_with(&transport, ANSWER_INFO, &answer.header, &answer.ciphertext)
        .and_then(|opened| master_from(&opened))
        .filter(|master| master.fingerprint() == slot.master_fingerprint)
        .ok_or(VaultError::RecoveryAnswerWrong)?;

    let disk = &PRIVATE_DISK;
    write_slot(disk, folder, device_id, &master, new_passphrase, secrets, params, now_ms)?;
    let secret = secrets.get(&profile_of(device_id))?.ok_or(VaultError::DeviceSecretMissing)?;
    let reread = ClosedSlot::reread(disk, folder, params)?.open(new_passphrase, &secret)?;
    if reread.fingerprint() != master.fingerprint() {
        return Err(VaultError::SlotDamaged);
    }
    remove(disk, &old_file(folder))?;
    UnlockAttempts::forget(disk, folder)?;
    remove(disk, &transport_file(folder))?;
    Ok(master)
}

fn read_slot_r(folder: &Path, device_id: &[u8; 16]) -> Result<(Vec<u8>, SlotR), VaultError> {
    let bytes = read(&PRIVATE_DISK, &slot_r_file(folder))?.ok_or(VaultError::SlotMissing)?;
    let fields = take_apart::<SlotR>(&bytes, Kind::SlotR)?.fields;
    if fields.device_id != *device_id {
        return Err(VaultError::SlotOfOtherDevice);
    }
    Ok((bytes, fields))
}

fn read_transport(folder: &Path) -> Result<Option<Secret32>, VaultError> {
    let Some(bytes) = read(&PRIVATE_DISK, &transport_file(folder))?.map(zeroize::Zeroizing::new) else {
        return Ok(None);
    };
    let mut private = empty_secret();
    if bytes.len() != private.len() {
        return Err(VaultError::RecoveryFileDamaged);
    }
    private.copy_from_slice(&bytes);
    Ok(Some(private))
}

fn slot_r_file(folder: &Path) -> PathBuf {
    folder.join("slot-r")
}

fn transport_file(folder: &Path) -> PathBuf {
    folder.join("recovery-transport")
}

#[cfg(test)]
impl RecoveryRequest {
    /// This request, to be answered to the key of another.
    pub(crate) fn with_transport_of(mut self, other: &Self) -> Self {
        self.transport_public_key = other.transport_public_key;
        self
    }
}
