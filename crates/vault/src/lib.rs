//! Keys, key slots, and the one door through which an encrypted file is opened.
//!
//! Owns: the master key and what is derived from it; slot U (passphrase and device secret) and slot R (the operators'
//! recovery key); the waits after wrong passphrases; `open_database`, the only place that keys a SQLCipher file; and
//! `atomic_write`, by which a small file is replaced whole or not at all.
//!
//! Refuses: any knowledge of people, households or changes; a file that is not encrypted; a second writer; parameters
//! below the floor. No secret is ever in a `Debug`, a `Display` or a log.

mod common;
mod database;
mod disk;
mod error;
mod kdf;
mod key;
mod occupancy;
mod recovery;
mod recovery_key;
mod seal;
mod secret_store;
mod slot;

#[cfg(test)]
mod tests;

pub use common::is_common_passphrase;
pub use database::{OpenOptions, check_integrity, open_database};
pub use disk::{atomic_write, atomic_write_private};
pub use error::VaultError;
pub use kdf::{Argon2Floor, Argon2Params, MIN_PASSPHRASE_CHARS};
pub use key::{DatabaseKey, MasterKey};
pub use recovery::{
    RecoveryAnswer, RecoveryRequest, answer_recovery, create_slot_r, finish_recovery, recovery_device, start_recovery,
};
pub use recovery_key::{OpenedRecoveryKey, RecoveryKeyFile};
pub use secret_store::{DeviceSecretStore, KeyFileSecretStore, SecretStoreKind};
pub use slot::attempts::{UnlockAttempts, UnlockWait, wait_ms};
pub use slot::user::{SlotU, change_passphrase, create_slot_u, open_slot_u};
