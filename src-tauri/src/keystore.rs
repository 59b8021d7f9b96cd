//! The device secret in the operating system's keystore: Credential Manager, Keychain, or the Secret Service. Where none
//! answers before a profile is made, a key file stands in and the screens say so. A profile stays with the place its
//! secret was put: a keystore that does not answer today is an error, not a reason to look elsewhere.

use std::path::Path;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use vault::{DeviceSecretStore, KeyFileSecretStore, SecretStoreKind, VaultError};
use zeroize::Zeroizing;

use crate::folders::Folders;

/// The name under which the keystore lists our secrets.
const SERVICE: &str = "vn.tungnha.desk";

/// Asked for at the start of a machine that has no profile yet.
const PROBE: &str = "probe";

/// The place for this profile's secret.
pub fn choose(folders: &Folders) -> Arc<dyn DeviceSecretStore + Send + Sync> {
    let files = KeyFileSecretStore::new(folders.secrets());
    if has_key_file(&folders.secrets()) {
        return Arc::new(files);
    }
    let has_profile = folders.profile().join("slot-u").exists();
    match Keystore::open() {
        Ok(keystore) if has_profile || keystore.is_working() => Arc::new(keystore),
        Err(cause) if has_profile => Arc::new(Keystore { store: Err(word_of(&cause)) }),
        _ => {
            tracing::warn!("no keystore of the system answers: {}", files.describe());
            Arc::new(files)
        }
    }
}

fn has_key_file(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|extension| extension == "key"))
}

/// The system's keystore, or the word for why it does not answer.
struct Keystore {
    store: Result<Arc<CredentialStore>, &'static str>,
}

impl Keystore {
    fn open() -> Result<Self, Error> {
        Ok(Self { store: Ok(system_store()?) })
    }

    /// Whether a secret that is put there comes back.
    fn is_working(&self) -> bool {
        let secret = [0x5a; 32];
        let came_back =
            self.set(PROBE, &secret).is_ok() && self.get(PROBE).is_ok_and(|found| *found.unwrap_or_default() == secret);
        let _ = self.delete(PROBE);
        came_back
    }

    fn entry(&self, profile: &str) -> Result<Entry, VaultError> {
        let store = self.store.as_ref().map_err(|word| VaultError::DeviceSecretStore((*word).into()))?;
        store.build(SERVICE, profile, None).map_err(failed)
    }
}

impl DeviceSecretStore for Keystore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::OsKeystore
    }

    fn get(&self, profile: &str) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        let text = match self.entry(profile)?.get_password() {
            Ok(text) => Zeroizing::new(text),
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        match from_hex(&text) {
            Some(secret) => Ok(Some(secret)),
            None => Err(VaultError::DeviceSecretStore("the keystore's entry has not 32 bytes".into())),
        }
    }

    fn set(&self, profile: &str, secret: &[u8; 32]) -> Result<(), VaultError> {
        self.entry(profile)?.set_password(&to_hex(secret)).map_err(failed)
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        match self.entry(profile)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// The error's own words may hold what is kept there: only its kind goes on.
fn failed(error: Error) -> VaultError {
    VaultError::DeviceSecretStore(word_of(&error).into())
}

fn word_of(error: &Error) -> &'static str {
    match error {
        Error::NoStorageAccess(_) => "the keystore is locked or refused",
        Error::PlatformFailure(_) => "the keystore failed",
        Error::NoEntry => "the keystore has no such entry",
        Error::Ambiguous(_) => "the keystore has two such entries",
        _ => "the keystore could not be used",
    }
}

/// As text, for KWallet keeps nothing else.
fn to_hex(secret: &[u8; 32]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    for byte in secret {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).expect("four bits are a hexadecimal digit"));
        }
    }
    text
}

fn from_hex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let digits = text.as_bytes();
    let mut secret = Zeroizing::new([0; 32]);
    if digits.len() != 2 * secret.len() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    for (byte, pair) in secret.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (value(pair[0])? << 4) | value(pair[1])?;
    }
    Some(secret)
}

#[cfg(target_os = "linux")]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_text_and_nothing_else_does() {
        let secret: [u8; 32] = std::array::from_fn(|index| u8::try_from(index * 8).unwrap());
        assert_eq!(from_hex(&to_hex(&secret)).as_deref(), Some(&secret));
        for wrong in ["", "00", &"g".repeat(64), &"0".repeat(66)] {
            assert_eq!(from_hex(wrong), None);
        }
    }

    #[test]
    fn a_profile_with_a_key_file_stays_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::in_folder(folder.path().to_owned());
        KeyFileSecretStore::new(folders.secrets()).set("a", &[7; 32]).unwrap();
        let chosen = choose(&folders);
        assert_eq!(chosen.kind(), SecretStoreKind::KeyFile);
        assert_eq!(chosen.get("a").unwrap().as_deref(), Some(&[7; 32]));
    }

    #[test]
    fn a_keystore_that_is_gone_is_an_error_for_a_profile_that_needs_it() {
        let gone = Keystore { store: Err("the keystore failed") };
        assert_eq!(gone.kind(), SecretStoreKind::OsKeystore);
        assert!(matches!(gone.get("a"), Err(VaultError::DeviceSecretStore(_))));
    }
}
