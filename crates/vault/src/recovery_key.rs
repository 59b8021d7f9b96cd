//! The server's recovery key: its private half lies sealed under the passphrases of two operators, both needed.

use std::path::Path;

use minicbor::{Decode, Encode};

use crate::disk::{PRIVATE_DISK, read, replace};
use crate::kdf::{SALT_BYTES, check_strength, key_encryption_key, same_passphrase};
use crate::key::{Secret32, empty_secret, fill_random, open, seal};
use crate::seal::{generate_pair, public_of};
use crate::slot::file::{FORMAT, Kind, Parts, assemble, encode_header, take_apart};
use crate::{Argon2Floor, Argon2Params, VaultError};

const KEY_LABEL: &str = "recovery key";

/// The open part of the recovery key file, in the clear and authenticated. Do not modify: it is the associated data of
/// files on servers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryKeyFile {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
    #[n(2)]
    memory_kib: u32,
    #[n(3)]
    passes: u32,
    #[n(4)]
    lanes: u32,
    #[cbor(n(5), with = "minicbor::bytes")]
    first_salt: [u8; SALT_BYTES],
    #[cbor(n(6), with = "minicbor::bytes")]
    second_salt: [u8; SALT_BYTES],
    #[cbor(n(7), with = "minicbor::bytes")]
    nonce: [u8; 12],
    #[cbor(n(8), with = "minicbor::bytes")]
    public_key: [u8; 32],
    #[n(9)]
    created_ms: u64,
}

/// The recovery private key after both operators gave their passphrases; wiped when dropped.
pub struct OpenedRecoveryKey {
    private: Secret32,
}

impl RecoveryKeyFile {
    /// Makes the key pair and its file; gives the public key, which goes out with every enrolment.
    ///
    /// # Errors
    /// `PassphraseTooShort`, `PassphrasesEqual`; `Io` when the file is already there: a second recovery key would
    /// leave the slots of the first without one.
    pub fn create(
        path: &Path,
        first_passphrase: &str,
        second_passphrase: &str,
        params: Argon2Params,
        created_ms: u64,
    ) -> Result<[u8; 32], VaultError> {
        check_strength(first_passphrase)?;
        check_strength(second_passphrase)?;
        if same_passphrase(first_passphrase, second_passphrase) {
            return Err(VaultError::PassphrasesEqual);
        }
        if path.exists() {
            return Err(VaultError::Io { step: "created", source: std::io::ErrorKind::AlreadyExists.into() });
        }
        let (private, public_key) = generate_pair()?;
        let [memory_kib, passes, lanes] = params.parts();
        let mut fields = Self {
            format: FORMAT,
            kind: Kind::RecoveryKey as u8,
            memory_kib,
            passes,
            lanes,
            first_salt: [0; SALT_BYTES],
            second_salt: [0; SALT_BYTES],
            nonce: [0; 12],
            public_key,
            created_ms,
        };
        fill_random(&mut fields.first_salt)?;
        fill_random(&mut fields.second_salt)?;
        fill_random(&mut fields.nonce)?;
        let key = fields.key(params, first_passphrase, second_passphrase)?;
        let header = encode_header(&fields);
        let ciphertext = seal(&key, fields.nonce, &header, &private[..]);
        replace(&PRIVATE_DISK, path, &assemble(header, ciphertext))?;
        Ok(public_key)
    }

    /// The public key of the file, no passphrase needed.
    pub fn public_key(path: &Path) -> Result<[u8; 32], VaultError> {
        Ok(Self::load(path)?.fields.public_key)
    }

    /// Both passphrases, in the order in which they were given to `create`.
    ///
    /// # Errors
    /// `WrongPassphrase` when either is wrong, without saying which; `SlotMissing`, `SlotDamaged`,
    /// `ParametersBelowFloor`.
    pub fn open(
        path: &Path,
        first_passphrase: &str,
        second_passphrase: &str,
        floor: Argon2Floor,
    ) -> Result<OpenedRecoveryKey, VaultError> {
        let Parts { fields, header, ciphertext } = Self::load(path)?;
        let params = Argon2Params::new(fields.memory_kib, fields.passes, fields.lanes, floor)?;
        let key = fields.key(params, first_passphrase, second_passphrase)?;
        let opened = open(&key, fields.nonce, &header, &ciphertext).ok_or(VaultError::WrongPassphrase)?;
        let mut private = empty_secret();
        if opened.len() != private.len() {
            return Err(VaultError::SlotDamaged);
        }
        private.copy_from_slice(&opened);
        Ok(OpenedRecoveryKey { private })
    }

    fn load(path: &Path) -> Result<Parts<Self>, VaultError> {
        let bytes = read(&PRIVATE_DISK, path)?.ok_or(VaultError::SlotMissing)?;
        Ok(take_apart(&bytes, Kind::RecoveryKey)?)
    }

    fn key(&self, params: Argon2Params, first: &str, second: &str) -> Result<Secret32, VaultError> {
        key_encryption_key(KEY_LABEL, params, &[(first, &self.first_salt), (second, &self.second_salt)], b"")
    }
}

impl OpenedRecoveryKey {
    pub fn public_key(&self) -> [u8; 32] {
        public_of(&self.private)
    }

    pub(crate) fn private(&self) -> &[u8; 32] {
        &self.private
    }
}
