use tempfile::TempDir;

use super::slot_u::{DEVICE, NOW, RIGHT, WEAK, open, profile};
use crate::{
    DeviceSecretStore, MasterKey, OpenedRecoveryKey, RecoveryAnswer, RecoveryKeyFile, RecoveryRequest, UnlockAttempts,
    VaultError, answer_recovery, change_passphrase, create_slot_r, finish_recovery, start_recovery,
};

const FIRST: &str = "first operator's words";
const SECOND: &str = "second operator's words";

/// A server's recovery key: its folder, its public half, and the key opened by both operators.
fn recovery_key() -> (TempDir, [u8; 32], OpenedRecoveryKey) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("recovery-key");
    let public = RecoveryKeyFile::create(&file, FIRST, SECOND, WEAK.params(), NOW).unwrap();
    let opened = RecoveryKeyFile::open(&file, FIRST, SECOND, WEAK).unwrap();
    (folder, public, opened)
}

#[test]
fn an_officer_without_passphrase_or_keystore_gets_back_in_by_two_operators() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();
    secrets.delete(&crate::secret_store::profile_of(&DEVICE)).unwrap();
    for minutes in 1..=10 {
        open(&laptop, &secrets, "forgotten words", NOW + minutes * 3_600_000).err().unwrap();
    }

    let request_file = start_recovery(laptop.path(), &DEVICE).unwrap().to_bytes();
    let request = RecoveryRequest::from_bytes(&request_file).unwrap();
    let answer_file = answer_recovery(&request, &operators).unwrap().to_bytes().to_vec();
    let answer = RecoveryAnswer::from_bytes(&answer_file).unwrap();
    let recovered =
        finish_recovery(laptop.path(), &DEVICE, &answer, "quite new words", &secrets, WEAK.params(), NOW).unwrap();

    assert_eq!(recovered.bytes(), master.bytes());
    assert_eq!(open(&laptop, &secrets, "quite new words", NOW).unwrap().bytes(), master.bytes());
    assert!(open(&laptop, &secrets, RIGHT, NOW).is_err());
    assert!(!laptop.path().join("recovery-transport").exists());
}

#[test]
fn after_a_recovery_no_passphrase_of_before_opens() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();
    // A change that was never used, so that two passphrases open.
    change_passphrase(laptop.path(), &DEVICE, RIGHT, "found out by others", &secrets, WEAK.params(), WEAK, NOW)
        .unwrap();

    let answer = answer_recovery(&start_recovery(laptop.path(), &DEVICE).unwrap(), &operators).unwrap();
    finish_recovery(laptop.path(), &DEVICE, &answer, "quite new words", &secrets, WEAK.params(), NOW).unwrap();

    for (at, before) in (1..).zip([RIGHT, "found out by others"]) {
        let tried = open(&laptop, &secrets, before, NOW + at * 3_600_000);
        assert!(matches!(tried, Err(VaultError::WrongPassphrase)), "{before}");
    }
    assert!(open(&laptop, &secrets, "quite new words", NOW + 9 * 3_600_000).is_ok());
}

#[test]
fn recovery_forgets_the_wrong_passphrases() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();
    for hour in 1..=10 {
        let wrong = open(&laptop, &secrets, "forgotten words", NOW + hour * 3_600_000);
        assert!(matches!(wrong, Err(VaultError::WrongPassphrase)));
    }
    assert!(matches!(open(&laptop, &secrets, RIGHT, u64::MAX), Err(VaultError::SupervisorNeeded)));

    let answer = answer_recovery(&start_recovery(laptop.path(), &DEVICE).unwrap(), &operators).unwrap();
    finish_recovery(laptop.path(), &DEVICE, &answer, "quite new words", &secrets, WEAK.params(), NOW).unwrap();

    assert_eq!(UnlockAttempts::load(laptop.path()).unwrap(), UnlockAttempts::default());
    open(&laptop, &secrets, "quite new words", NOW).unwrap();
}

#[test]
fn one_operators_passphrase_opens_nothing() {
    let (server, public, opened) = recovery_key();
    let file = server.path().join("recovery-key");
    assert_eq!(opened.public_key(), public);
    assert_eq!(RecoveryKeyFile::public_key(&file).unwrap(), public);

    for (first, second) in [(FIRST, "a guess of hers"), ("a guess of his", SECOND), (FIRST, FIRST), (FIRST, "")] {
        let opened = RecoveryKeyFile::open(&file, first, second, WEAK);
        assert!(matches!(opened, Err(VaultError::WrongPassphrase)));
    }
}

#[test]
fn a_recovery_key_is_not_made_twice_nor_under_one_passphrase() {
    let (server, _, _) = recovery_key();
    let again = RecoveryKeyFile::create(&server.path().join("recovery-key"), FIRST, SECOND, WEAK.params(), NOW);
    assert!(matches!(again, Err(VaultError::Io { .. })));

    let alone = RecoveryKeyFile::create(&server.path().join("another"), FIRST, FIRST, WEAK.params(), NOW);
    assert!(matches!(alone, Err(VaultError::PassphrasesEqual)));
}

#[test]
fn a_recovery_key_below_the_floor_is_refused() {
    let (server, _, _) = recovery_key();

    let opened =
        RecoveryKeyFile::open(&server.path().join("recovery-key"), FIRST, SECOND, crate::Argon2Floor::STANDARD);

    assert!(matches!(opened, Err(VaultError::ParametersBelowFloor)));
}

#[test]
fn another_servers_recovery_key_does_not_open_the_slot() {
    let (_server, public, _) = recovery_key();
    let (_other, _, others) = recovery_key();
    let (laptop, _, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();

    let answer = answer_recovery(&start_recovery(laptop.path(), &DEVICE).unwrap(), &others);

    assert!(matches!(answer, Err(VaultError::RecoveryKeyWrong)));
}

#[test]
fn a_request_may_be_made_again_and_an_earlier_answer_still_fits() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();

    let first = start_recovery(laptop.path(), &DEVICE).unwrap();
    let second = start_recovery(laptop.path(), &DEVICE).unwrap();
    let answer = answer_recovery(&first, &operators).unwrap();

    assert_eq!(first.fingerprint(), second.fingerprint());
    finish_recovery(laptop.path(), &DEVICE, &answer, "quite new words", &secrets, WEAK.params(), NOW).unwrap();
}

#[test]
fn an_answer_to_another_request_or_with_another_key_is_refused_and_the_slot_stays() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();
    let finish = |answer: &RecoveryAnswer| {
        finish_recovery(laptop.path(), &DEVICE, answer, "quite new words", &secrets, WEAK.params(), NOW)
    };

    let unasked = {
        let (elsewhere, _, _) = profile();
        create_slot_r(elsewhere.path(), &DEVICE, &master, &public, NOW).unwrap();
        answer_recovery(&start_recovery(elsewhere.path(), &DEVICE).unwrap(), &operators).unwrap()
    };
    assert!(matches!(finish(&unasked), Err(VaultError::RecoveryNotStarted)));

    let request = start_recovery(laptop.path(), &DEVICE).unwrap();
    assert!(matches!(finish(&unasked), Err(VaultError::RecoveryAnswerWrong)));

    // Anyone can seal to the transport key: an attacker who knows the request answers with a key of his own.
    let forged = {
        let (attacker, _, _) = profile();
        create_slot_r(attacker.path(), &DEVICE, &MasterKey::generate(), &public, NOW).unwrap();
        let mut forged = start_recovery(attacker.path(), &DEVICE).unwrap();
        forged = forged.with_transport_of(&request);
        answer_recovery(&forged, &operators).unwrap()
    };
    assert!(matches!(finish(&forged), Err(VaultError::RecoveryAnswerWrong)));

    open(&laptop, &secrets, RIGHT, NOW).expect("the slot was not touched");
    finish(&answer_recovery(&request, &operators).unwrap()).unwrap();
}

#[test]
fn any_flipped_bit_of_slot_r_request_or_answer_is_refused() {
    let (_server, public, operators) = recovery_key();
    let (laptop, secrets, master) = profile();
    create_slot_r(laptop.path(), &DEVICE, &master, &public, NOW).unwrap();
    let slot_file = laptop.path().join("slot-r");
    let flips = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        (0..bytes.len() * 8).map(move |bit| {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            changed
        })
    };

    let slot = std::fs::read(&slot_file).unwrap();
    for changed in flips(&slot) {
        std::fs::write(&slot_file, changed).unwrap();
        assert!(start_recovery(laptop.path(), &DEVICE).is_err());
    }
    std::fs::write(&slot_file, &slot).unwrap();

    let request = start_recovery(laptop.path(), &DEVICE).unwrap();
    assert!(flips(&request.to_bytes()).all(|changed| RecoveryRequest::from_bytes(&changed).is_err()));

    let answer = answer_recovery(&request, &operators).unwrap();
    for changed in flips(answer.to_bytes()) {
        let finished = RecoveryAnswer::from_bytes(&changed).and_then(|answer| {
            finish_recovery(laptop.path(), &DEVICE, &answer, "quite new words", &secrets, WEAK.params(), NOW)
        });
        assert!(finished.is_err());
    }
}
