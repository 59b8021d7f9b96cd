use std::fs;

use tempfile::TempDir;

use crate::slot::file::{Kind, Parts};
use crate::slot::file::{assemble, take_apart};
use crate::slot::user::ClosedSlot;
use crate::{
    Argon2Floor, Argon2Params, DeviceSecretStore, KeyFileSecretStore, MasterKey, SlotU, VaultError, change_passphrase,
    create_slot_u, open_slot_u,
};

pub(super) const DEVICE: [u8; 16] = *b"device number 01";
pub(super) const RIGHT: &str = "con cò bay lả bay la";
pub(super) const NOW: u64 = 1_780_000_000_000;
pub(super) const WEAK: Argon2Floor = Argon2Floor::weak();

/// A profile's folder with a slot U in it, its key-file store and its master key.
pub(super) fn profile() -> (TempDir, KeyFileSecretStore, MasterKey) {
    let folder = TempDir::new().unwrap();
    let secrets = KeyFileSecretStore::new(folder.path().join("secrets"));
    let master = MasterKey::generate();
    create_slot_u(folder.path(), &DEVICE, &master, RIGHT, &secrets, WEAK.params(), NOW).unwrap();
    (folder, secrets, master)
}

pub(super) fn open(
    folder: &TempDir,
    secrets: &KeyFileSecretStore,
    passphrase: &str,
    now_ms: u64,
) -> Result<MasterKey, VaultError> {
    open_slot_u(folder.path(), &DEVICE, passphrase, secrets, WEAK, now_ms)
}

fn change(folder: &TempDir, secrets: &KeyFileSecretStore, old: &str, new: &str) -> Result<(), VaultError> {
    change_passphrase(folder.path(), &DEVICE, old, new, secrets, WEAK.params(), WEAK, NOW)
}

#[test]
fn the_right_passphrase_gives_the_master_key_and_a_wrong_one_does_not() {
    let (folder, secrets, master) = profile();

    assert_eq!(open(&folder, &secrets, RIGHT, NOW).unwrap().bytes(), master.bytes());
    assert!(matches!(open(&folder, &secrets, "con cò bay lả bay l", NOW), Err(VaultError::WrongPassphrase)));
}

#[test]
fn a_passphrase_typed_in_decomposed_letters_is_the_same_passphrase() {
    use unicode_normalization::UnicodeNormalization;
    let (folder, secrets, _) = profile();
    let decomposed: String = RIGHT.nfd().collect();
    assert_ne!(decomposed, RIGHT);

    open(&folder, &secrets, &decomposed, NOW).unwrap();
}

#[test]
fn the_passphrase_alone_without_the_device_secret_does_not_open() {
    let (folder, _, _) = profile();
    let elsewhere = KeyFileSecretStore::new(folder.path().join("other computer"));
    assert!(matches!(open(&folder, &elsewhere, RIGHT, NOW), Err(VaultError::DeviceSecretMissing)));

    elsewhere.set(&crate::secret_store::profile_of(&DEVICE), &[7; 32]).unwrap();
    assert!(matches!(open(&folder, &elsewhere, RIGHT, NOW), Err(VaultError::WrongPassphrase)));
}

#[test]
fn a_slot_of_another_device_is_refused() {
    let (folder, secrets, _) = profile();

    let opened = open_slot_u(folder.path(), b"device number 02", RIGHT, &secrets, WEAK, NOW);

    assert!(matches!(opened, Err(VaultError::SlotOfOtherDevice)));
}

#[test]
fn any_flipped_bit_of_the_slot_is_refused() {
    let (folder, secrets, _) = profile();
    let file = folder.path().join("slot-u");
    let slot = fs::read(&file).unwrap();
    for bit in 0..slot.len() * 8 {
        let mut changed = slot.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        fs::write(&file, &changed).unwrap();
        assert!(open(&folder, &secrets, RIGHT, NOW).is_err(), "bit {bit} went unnoticed");
    }
    fs::write(&file, &slot).unwrap();
    open(&folder, &secrets, RIGHT, NOW).unwrap();
}

#[test]
fn any_flipped_bit_of_the_header_is_refused_even_with_its_checksum_mended() {
    let (folder, secrets, _) = profile();
    let file = folder.path().join("slot-u");
    let Parts { header, ciphertext, .. } = take_apart::<SlotU>(&fs::read(&file).unwrap(), Kind::SlotU).unwrap();
    let secret = secrets.get(&crate::secret_store::profile_of(&DEVICE)).unwrap().unwrap();
    let open_with = |header: &[u8]| {
        ClosedSlot::parse(assemble(header.to_vec(), ciphertext.clone()), &DEVICE, WEAK)?.open(RIGHT, &secret)
    };
    for bit in 0..header.len() * 8 {
        let mut changed = header.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(open_with(&changed).is_err(), "bit {bit} of the header went unnoticed");
    }
    open_with(&header).unwrap();
}

#[test]
fn parameters_below_the_floor_or_beyond_reason_are_refused() {
    let (folder, secrets, _) = profile();

    let opened = open_slot_u(folder.path(), &DEVICE, RIGHT, &secrets, Argon2Floor::STANDARD, NOW);

    assert!(matches!(opened, Err(VaultError::ParametersBelowFloor)));
    let standard = |memory, passes, lanes| Argon2Params::new(memory, passes, lanes, Argon2Floor::STANDARD);
    assert_eq!(standard(65_536, 3, 1).unwrap(), Argon2Params::STANDARD);
    for (memory, passes, lanes) in [(65_535, 3, 1), (65_536, 2, 1), (65_536, 3, 0), (0, 0, 0)] {
        assert!(matches!(standard(memory, passes, lanes), Err(VaultError::ParametersBelowFloor)));
    }
    for (memory, passes, lanes) in [(u32::MAX, 3, 1), (65_536, u32::MAX, 1), (65_536, 3, u32::MAX)] {
        assert!(matches!(standard(memory, passes, lanes), Err(VaultError::ParametersTooLarge)));
    }
}

#[test]
fn a_slot_at_the_products_own_floor_opens() {
    let folder = TempDir::new().unwrap();
    let secrets = KeyFileSecretStore::new(folder.path());
    let (master, params) = (MasterKey::generate(), Argon2Params::STANDARD);
    create_slot_u(folder.path(), &DEVICE, &master, RIGHT, &secrets, params, NOW).unwrap();

    let opened = open_slot_u(folder.path(), &DEVICE, RIGHT, &secrets, Argon2Floor::STANDARD, NOW).unwrap();

    assert_eq!(opened.bytes(), master.bytes());
}

#[test]
fn an_unknown_format_is_named_as_such() {
    let (folder, secrets, _) = profile();
    let future = minicbor::to_vec(std::collections::BTreeMap::from([(0_u8, 2_u8), (1, 1)])).unwrap();
    fs::write(folder.path().join("slot-u"), assemble(future, vec![0; 48])).unwrap();

    assert!(matches!(open(&folder, &secrets, RIGHT, NOW), Err(VaultError::SlotFormatUnknown)));
}

#[test]
fn the_old_passphrase_opens_until_the_first_unlock_with_the_new() {
    let (folder, secrets, master) = profile();
    change(&folder, &secrets, RIGHT, "a new passphrase").unwrap();

    assert_eq!(open(&folder, &secrets, RIGHT, NOW).unwrap().bytes(), master.bytes());
    assert_eq!(open(&folder, &secrets, "a new passphrase", NOW).unwrap().bytes(), master.bytes());
    assert!(matches!(open(&folder, &secrets, RIGHT, NOW), Err(VaultError::WrongPassphrase)));
    assert!(!folder.path().join("slot-u.old").exists());
}

#[test]
fn a_mistyped_new_passphrase_is_replaced_with_the_old_one() {
    let (folder, secrets, _) = profile();
    change(&folder, &secrets, RIGHT, "mistyped passphrase").unwrap();

    change(&folder, &secrets, RIGHT, "intended passphrase").unwrap();

    open(&folder, &secrets, RIGHT, NOW).expect("the passphrase in use stays until the new one was");
    open(&folder, &secrets, "intended passphrase", NOW).unwrap();
    assert!(open(&folder, &secrets, RIGHT, NOW).is_err());
}

#[test]
fn a_wrong_old_passphrase_changes_nothing() {
    let (folder, secrets, _) = profile();
    let before = fs::read(folder.path().join("slot-u")).unwrap();

    let changed = change(&folder, &secrets, "not the passphrase", "a new passphrase");

    assert!(matches!(changed, Err(VaultError::WrongPassphrase)));
    assert_eq!(fs::read(folder.path().join("slot-u")).unwrap(), before);
}

#[test]
fn a_short_passphrase_is_refused_when_it_is_chosen() {
    let (folder, secrets, master) = profile();
    let short = "bảy chữ".trim_end_matches('x');
    assert_eq!(short.chars().count(), 7);

    let created = create_slot_u(folder.path(), &DEVICE, &master, short, &secrets, WEAK.params(), NOW);
    assert!(matches!(created, Err(VaultError::PassphraseTooShort { minimum_chars: 8 })));
    assert!(matches!(change(&folder, &secrets, RIGHT, short), Err(VaultError::PassphraseTooShort { .. })));
}

#[test]
fn a_damaged_slot_gives_no_uncounted_guesses_at_the_one_kept_beside_it() {
    let (folder, secrets, _) = profile();
    change(&folder, &secrets, RIGHT, "a new passphrase").unwrap();
    fs::write(folder.path().join("slot-u"), b"").unwrap();

    assert!(matches!(open(&folder, &secrets, "a first guess", NOW), Err(VaultError::WrongPassphrase)));
    assert_eq!(crate::UnlockAttempts::load(folder.path()).unwrap().failed, 1);
}

#[test]
fn a_screen_reads_the_open_part_of_a_slot_without_a_passphrase() {
    let (folder, _, _) = profile();

    let slot = SlotU::read(folder.path()).unwrap().unwrap();

    assert_eq!((slot.device_id(), slot.created_ms()), (&DEVICE, NOW));
    assert_eq!(SlotU::read(&folder.path().join("nowhere")).unwrap(), None);
}

#[cfg(unix)]
#[test]
fn slots_and_key_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, secrets, _) = profile();
    open(&folder, &secrets, "not the passphrase", NOW).err().unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;

    assert_eq!(mode(&folder.path().join("slot-u")), 0o600);
    assert_eq!(mode(&folder.path().join("unlock-attempts")), 0o600);
    let secrets = folder.path().join("secrets");
    assert_eq!(mode(&secrets), 0o700);
    assert_eq!(mode(&fs::read_dir(secrets).unwrap().next().unwrap().unwrap().path()), 0o600);
}

#[test]
fn a_profile_name_cannot_leave_the_folder_of_key_files() {
    let folder = TempDir::new().unwrap();
    let secrets = KeyFileSecretStore::new(folder.path());

    for name in ["", "../slot-u", "a/b", "a\\b", "a.b", &"a".repeat(65)] {
        assert!(matches!(secrets.set(name, &[0; 32]), Err(VaultError::ProfileName)));
    }
}
