//! How long to wait after wrong passphrases. The count lies beside the slot and is written before a passphrase is
//! tried, so that neither a restart nor a killed process gives a try for nothing.
//!
//! On a full disk the count is not written and the passphrase is tried all the same: an officer whose disk is full has to
//! get in to make room, and whoever can fill the disk can delete the count as well.
//!
//! It slows a person at the keyboard. Someone who takes the disk away meets Argon2 and the device secret instead.

use std::path::{Path, PathBuf};

use minicbor::{Decode, Encode};

use crate::VaultError;
use crate::disk::{Disk, PRIVATE_DISK, read, remove, replace};

const FREE_ATTEMPTS: u32 = 4;
const LAST_ATTEMPT: u32 = 10;
const FIRST_WAIT_MS: u64 = 30_000;

/// What the next try at a passphrase meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlockWait {
    None,
    Ms(u64),
    SupervisorNeeded,
}

/// The wait that this many wrong passphrases in a row earn: none up to the fourth, 30 s after the fifth and twice as
/// long after each further one; after the tenth a supervisor is needed.
pub fn wait_ms(failed_attempts: u32) -> UnlockWait {
    match failed_attempts {
        0..=FREE_ATTEMPTS => UnlockWait::None,
        LAST_ATTEMPT.. => UnlockWait::SupervisorNeeded,
        failed => UnlockWait::Ms(FIRST_WAIT_MS << (failed - FREE_ATTEMPTS - 1)),
    }
}

/// The wrong passphrases in a row of one profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct UnlockAttempts {
    #[n(0)]
    pub failed: u32,
    #[n(1)]
    pub last_failed_ms: u64,
}

impl UnlockAttempts {
    /// Zero where nothing failed yet.
    pub fn load(folder: &Path) -> Result<Self, VaultError> {
        Self::load_from(&PRIVATE_DISK, folder)
    }

    /// What stands between now and the next try. A clock set back makes the wait start again, never shorter.
    pub fn wait(&self, now_ms: u64) -> UnlockWait {
        match wait_ms(self.failed) {
            UnlockWait::Ms(wait) => match wait.saturating_sub(now_ms.saturating_sub(self.last_failed_ms)) {
                0 => UnlockWait::None,
                remaining => UnlockWait::Ms(remaining),
            },
            other => other,
        }
    }

    pub(crate) fn load_from(disk: &dyn Disk, folder: &Path) -> Result<Self, VaultError> {
        let Some(bytes) = read(disk, &file(folder))? else { return Ok(Self::default()) };
        // Replaced whole, so no crash damages it. Whoever did has one try left.
        Ok(minicbor::decode(&bytes).unwrap_or(Self { failed: LAST_ATTEMPT - 1, last_failed_ms: 0 }))
    }

    /// Lets a try begin, counted as failed until `forget`. Gives the count from before it.
    pub(crate) fn begin(disk: &dyn Disk, folder: &Path, now_ms: u64) -> Result<Self, VaultError> {
        let attempts = Self::load_from(disk, folder)?;
        match attempts.wait(now_ms) {
            UnlockWait::None => {}
            UnlockWait::Ms(remaining_ms) => return Err(VaultError::WaitBeforeRetry { remaining_ms }),
            UnlockWait::SupervisorNeeded => return Err(VaultError::SupervisorNeeded),
        }
        Self { failed: attempts.failed + 1, last_failed_ms: now_ms }.save(disk, folder)?;
        Ok(attempts)
    }

    /// Writes the count, where the disk has room: a try that begins, or what was before one that ended otherwise than
    /// right or wrong.
    pub(crate) fn save(self, disk: &dyn Disk, folder: &Path) -> Result<(), VaultError> {
        let bytes = minicbor::to_vec(self).expect("writing CBOR to memory cannot fail");
        unless_full(replace(disk, &file(folder), &bytes))
    }

    pub(crate) fn forget(disk: &dyn Disk, folder: &Path) -> Result<(), VaultError> {
        unless_full(remove(disk, &file(folder)))
    }
}

fn unless_full(done: Result<(), VaultError>) -> Result<(), VaultError> {
    match done {
        Err(error) if error.is_disk_full() => Ok(()),
        done => done,
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("unlock-attempts")
}
