//! Slot U: the master key under the officer's passphrase and the device secret.
//!
//! A new passphrase never touches the databases. The slot that opened is kept as `.old` until the first unlock with
//! the new passphrase, so that a mistyped new one locks nobody out.

use std::path::{Path, PathBuf};

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::disk::{Disk, PRIVATE_DISK, read, remove, replace, with_suffix};
use crate::kdf::{SALT_BYTES, check_strength, key_encryption_key};
use crate::key::{empty_secret, fill_random, open, seal};
use crate::secret_store::{make_private_folder, profile_of};
use crate::slot::attempts::UnlockAttempts;
use crate::slot::file::{FORMAT, Kind, Parts, Unreadable, assemble, encode_header, take_apart};
use crate::{Argon2Floor, Argon2Params, DeviceSecretStore, MasterKey, VaultError};

const KEY_LABEL: &str = "slot u";

/// The open part of slot U, in the clear and authenticated. Do not modify: it is the associated data of slots on
/// laptops.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SlotU {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
    #[cbor(n(2), with = "minicbor::bytes")]
    device_id: [u8; 16],
    #[n(3)]
    memory_kib: u32,
    #[n(4)]
    passes: u32,
    #[n(5)]
    lanes: u32,
    #[cbor(n(6), with = "minicbor::bytes")]
    salt: [u8; SALT_BYTES],
    #[cbor(n(7), with = "minicbor::bytes")]
    nonce: [u8; 12],
    #[n(8)]
    created_ms: u64,
}

impl SlotU {
    /// What a screen may know before the passphrase: None where there is no slot.
    ///
    /// # Errors
    /// `SlotDamaged`, `SlotFormatUnknown`, `Io`.
    pub fn read(folder: &Path) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = read(&PRIVATE_DISK, &slot_file(folder))? else { return Ok(None) };
        Ok(Some(take_apart::<Self>(&bytes, Kind::SlotU)?.fields))
    }

    pub fn device_id(&self) -> &[u8; 16] {
        &self.device_id
    }

    /// Unix milliseconds at which this passphrase was set.
    pub fn created_ms(&self) -> u64 {
        self.created_ms
    }
}

/// Makes the slot of a new profile in `folder`. The device secret is made in `secrets` if it is not there yet.
///
/// # Errors
/// `PassphraseTooShort`; `DeviceSecretStore`, `Io`, `OutOfMemory`.
pub fn create_slot_u(
    folder: &Path,
    device_id: &[u8; 16],
    master: &MasterKey,
    passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    params: Argon2Params,
    created_ms: u64,
) -> Result<(), VaultError> {
    make_private_folder(folder)?;
    write_slot(&PRIVATE_DISK, folder, device_id, master, passphrase, secrets, params, created_ms)
}

/// Opens the slot. A try is counted before it is made; the right passphrase forgets the count and the slot kept from
/// before a change of passphrase.
///
/// # Errors
/// `WrongPassphrase`; `WaitBeforeRetry` or `SupervisorNeeded`, nothing having been tried; `SlotMissing`, `SlotDamaged`,
/// `SlotOfOtherDevice`, `ParametersBelowFloor`, `DeviceSecretMissing`, none of which counts as a wrong passphrase.
pub fn open_slot_u(
    folder: &Path,
    device_id: &[u8; 16],
    passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    floor: Argon2Floor,
    now_ms: u64,
) -> Result<MasterKey, VaultError> {
    unlock(&PRIVATE_DISK, folder, device_id, passphrase, secrets, floor, now_ms)
}

pub(crate) fn unlock(
    disk: &dyn Disk,
    folder: &Path,
    device_id: &[u8; 16],
    passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    floor: Argon2Floor,
    now_ms: u64,
) -> Result<MasterKey, VaultError> {
    let opened = try_passphrase(disk, folder, device_id, passphrase, secrets, floor, now_ms)?;
    if opened.from_current {
        match remove(disk, &old_file(folder)) {
            // It goes with the next unlock.
            Err(error) if error.is_disk_full() => {}
            done => done?,
        }
    }
    Ok(opened.master)
}

/// Seals the master key under a new passphrase. The old one opens too until the first unlock with the new, so that a
/// passphrase that was mistyped twice in the same way locks nobody out.
///
/// # Errors
/// As `open_slot_u` for the old passphrase, `PassphraseTooShort` for the new. After any error one of the two opens.
#[expect(clippy::too_many_arguments, reason = "each is a different thing and none has a default")]
pub fn change_passphrase(
    folder: &Path,
    device_id: &[u8; 16],
    old_passphrase: &str,
    new_passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    params: Argon2Params,
    floor: Argon2Floor,
    now_ms: u64,
) -> Result<(), VaultError> {
    let disk = &PRIVATE_DISK;
    check_strength(new_passphrase)?;
    let opened = try_passphrase(disk, folder, device_id, old_passphrase, secrets, floor, now_ms)?;
    keep_as_old(disk, folder, &opened)?;
    write_slot(disk, folder, device_id, &opened.master, new_passphrase, secrets, params, now_ms)
}

pub(crate) struct Opened {
    pub master: MasterKey,
    pub from_current: bool,
    slot: Vec<u8>,
}

/// What opened is what stays: normally the present slot, or again the old one if the change before was never used.
pub(crate) fn keep_as_old(disk: &dyn Disk, folder: &Path, opened: &Opened) -> Result<(), VaultError> {
    if opened.from_current { replace(disk, &old_file(folder), &opened.slot) } else { Ok(()) }
}

/// Tries the present slot, then the one kept from before a change, under one count. Nothing is counted before there is
/// something to try.
pub(crate) fn try_passphrase(
    disk: &dyn Disk,
    folder: &Path,
    device_id: &[u8; 16],
    passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    floor: Argon2Floor,
    now_ms: u64,
) -> Result<Opened, VaultError> {
    let slots = readable_slots(disk, folder, device_id, floor)?;
    let secret = secrets.get(&profile_of(device_id))?.ok_or(VaultError::DeviceSecretMissing)?;
    let before = UnlockAttempts::begin(disk, folder, now_ms)?;
    for (slot, from_current) in slots {
        match slot.open(passphrase, &secret) {
            Ok(master) => {
                UnlockAttempts::forget(disk, folder)?;
                return Ok(Opened { master, from_current, slot: slot.bytes });
            }
            Err(VaultError::WrongPassphrase) => {}
            Err(error) => {
                before.save(disk, folder)?;
                return Err(error);
            }
        }
    }
    Err(VaultError::WrongPassphrase)
}

/// The slots that a passphrase can be tried at, the present one first; with none, what is wrong with the first.
fn readable_slots(
    disk: &dyn Disk,
    folder: &Path,
    device_id: &[u8; 16],
    floor: Argon2Floor,
) -> Result<Vec<(ClosedSlot, bool)>, VaultError> {
    let (mut slots, mut failure) = (Vec::new(), None);
    for (file, from_current) in [(slot_file(folder), true), (old_file(folder), false)] {
        let Some(bytes) = read(disk, &file)? else { continue };
        match ClosedSlot::parse(bytes, device_id, floor) {
            Ok(slot) => slots.push((slot, from_current)),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if slots.is_empty() { Err(failure.unwrap_or(VaultError::SlotMissing)) } else { Ok(slots) }
}

/// A slot whose form, device and parameters are in order.
pub(crate) struct ClosedSlot {
    parts: Parts<SlotU>,
    params: Argon2Params,
    bytes: Vec<u8>,
}

impl ClosedSlot {
    pub(crate) fn parse(bytes: Vec<u8>, device_id: &[u8; 16], floor: Argon2Floor) -> Result<Self, VaultError> {
        let parts = take_apart::<SlotU>(&bytes, Kind::SlotU)?;
        if parts.fields.device_id != *device_id {
            return Err(VaultError::SlotOfOtherDevice);
        }
        let params = Argon2Params::new(parts.fields.memory_kib, parts.fields.passes, parts.fields.lanes, floor)?;
        Ok(Self { parts, params, bytes })
    }

    /// As it was just written, with these parameters.
    pub(crate) fn reread(disk: &dyn Disk, folder: &Path, params: Argon2Params) -> Result<Self, VaultError> {
        let bytes = read(disk, &slot_file(folder))?.ok_or(VaultError::SlotMissing)?;
        Ok(Self { parts: take_apart::<SlotU>(&bytes, Kind::SlotU)?, params, bytes })
    }

    pub(crate) fn open(&self, passphrase: &str, device_secret: &[u8; 32]) -> Result<MasterKey, VaultError> {
        let Parts { fields, header, ciphertext } = &self.parts;
        let key = key_encryption_key(KEY_LABEL, self.params, &[(passphrase, &fields.salt)], device_secret)?;
        let opened = open(&key, fields.nonce, header, ciphertext).ok_or(VaultError::WrongPassphrase)?;
        master_from(&opened).ok_or(VaultError::SlotDamaged)
    }
}

#[expect(clippy::too_many_arguments, reason = "each is a different thing and none has a default")]
pub(crate) fn write_slot(
    disk: &dyn Disk,
    folder: &Path,
    device_id: &[u8; 16],
    master: &MasterKey,
    passphrase: &str,
    secrets: &dyn DeviceSecretStore,
    params: Argon2Params,
    created_ms: u64,
) -> Result<(), VaultError> {
    check_strength(passphrase)?;
    let secret = device_secret(secrets, device_id)?;
    let [memory_kib, passes, lanes] = params.parts();
    let mut fields = SlotU {
        format: FORMAT,
        kind: Kind::SlotU as u8,
        device_id: *device_id,
        memory_kib,
        passes,
        lanes,
        salt: [0; SALT_BYTES],
        nonce: [0; 12],
        created_ms,
    };
    fill_random(&mut fields.salt)?;
    fill_random(&mut fields.nonce)?;
    let key = key_encryption_key(KEY_LABEL, params, &[(passphrase, &fields.salt)], &secret[..])?;
    let header = encode_header(&fields);
    let ciphertext = seal(&key, fields.nonce, &header, master.bytes());
    replace(disk, &slot_file(folder), &assemble(header, ciphertext))
}

/// A secret that is there stays: an older slot may still need it.
fn device_secret(secrets: &dyn DeviceSecretStore, device_id: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let profile = profile_of(device_id);
    if let Some(secret) = secrets.get(&profile)? {
        return Ok(secret);
    }
    let mut secret = Zeroizing::new([0; 32]);
    fill_random(&mut secret[..])?;
    secrets.set(&profile, &secret)?;
    Ok(secret)
}

pub(crate) fn master_from(opened: &[u8]) -> Option<MasterKey> {
    let mut secret = empty_secret();
    if opened.len() != secret.len() {
        return None;
    }
    secret.copy_from_slice(opened);
    Some(MasterKey::from_secret(secret))
}

pub(crate) fn slot_file(folder: &Path) -> PathBuf {
    folder.join("slot-u")
}

pub(crate) fn old_file(folder: &Path) -> PathBuf {
    with_suffix(&slot_file(folder), ".old")
}

impl From<Unreadable> for VaultError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Damaged => Self::SlotDamaged,
            Unreadable::UnknownFormat => Self::SlotFormatUnknown,
        }
    }
}
