use std::io;
use std::path::Path;

use tempfile::TempDir;

use super::slot_u::{DEVICE, NOW, RIGHT, WEAK, open, profile};
use crate::disk::{Disk, PRIVATE_DISK};
use crate::slot::user::unlock;
use crate::{UnlockAttempts, UnlockWait, VaultError, wait_ms};

#[test]
fn four_mistakes_are_free_then_waits_double_and_after_ten_the_supervisor_is_needed() {
    let waits: Vec<_> = (0..=11).map(wait_ms).collect();

    assert_eq!(waits[0..=4], [UnlockWait::None; 5]);
    assert_eq!(waits[5..=9], [30_000, 60_000, 120_000, 240_000, 480_000].map(UnlockWait::Ms));
    assert_eq!(waits[10..=11], [UnlockWait::SupervisorNeeded; 2]);
    assert_eq!(wait_ms(u32::MAX), UnlockWait::SupervisorNeeded);
}

#[test]
fn a_wait_runs_down_and_starts_again_when_the_clock_is_set_back() {
    let attempts = UnlockAttempts { failed: 6, last_failed_ms: 1_000_000 };

    assert_eq!(attempts.wait(1_000_000), UnlockWait::Ms(60_000));
    assert_eq!(attempts.wait(1_059_999), UnlockWait::Ms(1));
    assert_eq!(attempts.wait(1_060_000), UnlockWait::None);
    assert_eq!(attempts.wait(0), UnlockWait::Ms(60_000));
}

#[test]
fn mistakes_are_counted_across_restarts_until_even_the_right_passphrase_must_wait() {
    let (folder, secrets, _) = profile();
    for failed in 1..=5 {
        assert!(matches!(open(&folder, &secrets, "not the passphrase", NOW), Err(VaultError::WrongPassphrase)));
        // Nothing is held in memory between tries: each reads the count from the disk.
        assert_eq!(UnlockAttempts::load(folder.path()).unwrap().failed, failed);
    }

    let early = open(&folder, &secrets, RIGHT, NOW + 29_999);
    assert!(matches!(early, Err(VaultError::WaitBeforeRetry { remaining_ms: 1 })));

    open(&folder, &secrets, RIGHT, NOW + 30_000).expect("the wait is over");
    assert_eq!(UnlockAttempts::load(folder.path()).unwrap(), UnlockAttempts::default());
}

#[test]
fn after_ten_mistakes_the_right_passphrase_does_not_open() {
    let (folder, secrets, _) = profile();
    let mut now = NOW;
    for _ in 0..10 {
        now += 1_000_000;
        assert!(matches!(open(&folder, &secrets, "not the passphrase", now), Err(VaultError::WrongPassphrase)));
    }

    let later = open(&folder, &secrets, RIGHT, now + 1_000_000_000);

    assert!(matches!(later, Err(VaultError::SupervisorNeeded)));
}

#[test]
fn a_lost_device_secret_or_a_damaged_slot_is_no_mistake_of_the_officer() {
    use crate::DeviceSecretStore;
    let (folder, secrets, _) = profile();
    secrets.delete(&crate::secret_store::profile_of(&DEVICE)).unwrap();
    assert!(matches!(open(&folder, &secrets, RIGHT, NOW), Err(VaultError::DeviceSecretMissing)));

    std::fs::write(folder.path().join("slot-u"), b"half a slot").unwrap();
    assert!(matches!(open(&folder, &secrets, RIGHT, NOW), Err(VaultError::SlotDamaged)));

    assert_eq!(UnlockAttempts::load(folder.path()).unwrap().failed, 0);
}

#[test]
fn a_count_that_cannot_be_read_leaves_one_try() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("unlock-attempts"), b"\xff").unwrap();

    let attempts = UnlockAttempts::load(folder.path()).unwrap();

    assert_eq!(attempts.wait(NOW), UnlockWait::None);
    assert_eq!(wait_ms(attempts.failed + 1), UnlockWait::SupervisorNeeded);
}

/// What is there can be read; nothing more goes onto it.
struct FullDisk;

impl FullDisk {
    fn full(&self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

impl Disk for FullDisk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        PRIVATE_DISK.read(path)
    }
    fn write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        self.full()
    }
    fn sync_file(&self, _: &Path) -> io::Result<()> {
        self.full()
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        self.full()
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        self.full()
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        self.full()
    }
}

#[test]
fn a_full_disk_keeps_the_officer_out_no_more_than_a_wrong_passphrase_does() {
    let (folder, secrets, master) = profile();
    let unlock = |passphrase| unlock(&FullDisk, folder.path(), &DEVICE, passphrase, &secrets, WEAK, NOW);

    assert!(matches!(unlock("not the passphrase"), Err(VaultError::WrongPassphrase)));
    assert_eq!(unlock(RIGHT).unwrap().bytes(), master.bytes());

    // What was counted before the disk was full still holds.
    UnlockAttempts { failed: 10, last_failed_ms: NOW }.save(&PRIVATE_DISK, folder.path()).unwrap();
    assert!(matches!(unlock(RIGHT), Err(VaultError::SupervisorNeeded)));
}
