//! Where the device secret lies: the half of slot U that no passphrase holds. The operating system's keystore is the
//! place for it (the window implements that); a key file stands in where there is none.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::VaultError;
use crate::disk::{PRIVATE_DISK, read, remove, replace};

/// What kind of place keeps the device secret; screens and `status` say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretStoreKind {
    /// The operating system keeps it apart from the profile's files.
    OsKeystore,
    /// It lies in a file: whoever copies the folder has it, and only the passphrase is left.
    KeyFile,
}

/// One 32-byte secret for each profile (a name of letters, digits, `-` and `_`; at most 64).
pub trait DeviceSecretStore {
    fn kind(&self) -> SecretStoreKind;
    /// None when there is none; an error only when the store could not be asked.
    fn get(&self, profile: &str) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError>;
    fn set(&self, profile: &str, secret: &[u8; 32]) -> Result<(), VaultError>;
    /// Deleting what is not there succeeds.
    fn delete(&self, profile: &str) -> Result<(), VaultError>;
    /// Where the secrets lie, if in files: nothing else is to be written there.
    fn folder(&self) -> Option<&Path> {
        None
    }
}

/// A file `<profile>.key` for each profile, readable by its owner alone (mode 0600 where there are such modes).
#[derive(Debug, Clone)]
pub struct KeyFileSecretStore {
    folder: PathBuf,
}

impl KeyFileSecretStore {
    /// The folder is made at the first `set`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// What an operator must know of this store.
    pub fn describe(&self) -> &'static str {
        "There is no operating-system keystore here: the device secret is in a plain key file. Whoever can copy this \
         folder has it, and only the passphrase then protects the data. Keep the folder on a disk that is encrypted."
    }

    fn file(&self, profile: &str) -> Result<PathBuf, VaultError> {
        check_profile(profile)?;
        Ok(self.folder.join(format!("{profile}.key")))
    }
}

impl DeviceSecretStore for KeyFileSecretStore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::KeyFile
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.folder)
    }

    fn get(&self, profile: &str) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        let Some(bytes) = read(&PRIVATE_DISK, &self.file(profile)?)?.map(Zeroizing::new) else { return Ok(None) };
        let mut secret = Zeroizing::new([0; 32]);
        if bytes.len() != secret.len() {
            return Err(VaultError::DeviceSecretStore("the key file has not 32 bytes".into()));
        }
        secret.copy_from_slice(&bytes);
        Ok(Some(secret))
    }

    fn set(&self, profile: &str, secret: &[u8; 32]) -> Result<(), VaultError> {
        let file = self.file(profile)?;
        make_private_folder(&self.folder)?;
        replace(&PRIVATE_DISK, &file, secret)
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        let file = self.file(profile)?;
        if self.folder.exists() { remove(&PRIVATE_DISK, &file) } else { Ok(()) }
    }
}

/// The device id in hexadecimal, under which slots ask for the secret.
pub(crate) fn profile_of(device_id: &[u8; 16]) -> String {
    device_id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_profile(profile: &str) -> Result<(), VaultError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if profile.is_empty() || profile.len() > 64 || !profile.bytes().all(allowed) {
        return Err(VaultError::ProfileName);
    }
    Ok(())
}

pub(crate) fn make_private_folder(folder: &Path) -> Result<(), VaultError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(VaultError::io("created"))
}
