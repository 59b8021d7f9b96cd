//! From what a person knows to a key: Argon2id over the passphrase in NFC, so that one Vietnamese keyboard and another
//! give the same bytes.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::VaultError;
use crate::key::{Secret32, derive, empty_secret};

/// A shorter passphrase is refused when it is chosen (never when it is tried).
pub const MIN_PASSPHRASE_CHARS: usize = 8;

pub(crate) const SALT_BYTES: usize = 16;

/// The cost of one guess at a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// The least cost at which a slot is opened or made. A slot that asks for less was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Floor(Argon2Params);

impl Argon2Params {
    /// 64 MiB, 3 passes, 1 lane.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// What even a header that someone made up may not exceed: the memory is taken before anything is authenticated.
    const CEILING: Self = Self { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };

    /// Memory in KiB, passes over it, lanes.
    ///
    /// # Errors
    /// `ParametersBelowFloor`, `ParametersTooLarge`.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32, floor: Argon2Floor) -> Result<Self, VaultError> {
        let (least, most) = (floor.0, Self::CEILING);
        if memory_kib < least.memory_kib || passes < least.passes || lanes < least.lanes {
            Err(VaultError::ParametersBelowFloor)
        } else if memory_kib > most.memory_kib || passes > most.passes || lanes > most.lanes {
            Err(VaultError::ParametersTooLarge)
        } else {
            Ok(Self { memory_kib, passes, lanes })
        }
    }

    pub(crate) fn parts(self) -> [u32; 3] {
        [self.memory_kib, self.passes, self.lanes]
    }

    /// # Errors
    /// `OutOfMemory`.
    fn hash(self, passphrase: &[u8], salt: &[u8; SALT_BYTES]) -> Result<Secret32, VaultError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .expect("parameters between floor and ceiling are within what Argon2 takes");
        let mut memory: Vec<Block> = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| VaultError::OutOfMemory)?;
        memory.resize(params.block_count(), Block::default());

        let mut key = empty_secret();
        let outcome = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            passphrase,
            salt,
            &mut key[..],
            &mut memory,
        );
        memory.iter_mut().for_each(Zeroize::zeroize);
        outcome.expect("lengths of passphrase, salt and key are within what Argon2 takes");
        Ok(key)
    }
}

impl Argon2Floor {
    /// The product's floor: 64 MiB, 3 passes, 1 lane.
    pub const STANDARD: Self = Self(Argon2Params::STANDARD);

    /// For tests of whole systems, which make hundreds of slots. No product build has it. Not below 128 KiB: Argon2
    /// wants 8 KiB for each of up to 16 lanes.
    #[cfg(any(test, feature = "weak-slots"))]
    pub const fn weak() -> Self {
        Self(Argon2Params { memory_kib: 128, passes: 1, lanes: 1 })
    }

    /// The cheapest parameters that this floor lets through.
    pub const fn params(self) -> Argon2Params {
        self.0
    }
}

/// HKDF over the Argon2id outputs of each passphrase in order, then the device secret where there is one. `label` keeps
/// one kind of slot from opening as another.
pub(crate) fn key_encryption_key(
    label: &str,
    params: Argon2Params,
    passphrases: &[(&str, &[u8; SALT_BYTES])],
    device_secret: &[u8],
) -> Result<Secret32, VaultError> {
    let mut material = Zeroizing::new(Vec::with_capacity(passphrases.len() * 32 + device_secret.len()));
    for (passphrase, salt) in passphrases {
        material.extend_from_slice(&params.hash(normalise(passphrase).as_bytes(), salt)?[..]);
    }
    material.extend_from_slice(device_secret);
    let mut key = empty_secret();
    derive(&material, label, b"", &mut key);
    Ok(key)
}

pub(crate) fn check_strength(passphrase: &str) -> Result<(), VaultError> {
    if passphrase.nfc().count() < MIN_PASSPHRASE_CHARS {
        return Err(VaultError::PassphraseTooShort { minimum_chars: MIN_PASSPHRASE_CHARS });
    }
    Ok(())
}

pub(crate) fn same_passphrase(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

/// NFC never has more than three times the bytes, so the string does not grow and leave a copy behind.
fn normalise(passphrase: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(passphrase.len() * 3));
    normal.extend(passphrase.nfc());
    normal
}
