//! The server's answers, and that only the right one moves anything.

use domain::id::{ChainId, DeviceId, PhotoHash};
use domain::unit::Unit;
use sync::chain::ChainHead;
use sync::message::{AccessStored, FORMAT, Receipt, ReceiptStatus, StickReceipt, Verdict, VerdictEntry};
use sync::receipt::{Outcome, answer, check_answers, seen, skew_ms, verify, verify_stick_receipt};
use sync::{WireError, cose, hash};

use crate::fixed::*;

fn outcomes() -> Vec<(Outcome, ReceiptStatus)> {
    let refused = vec![VerdictEntry { sequence: 2, verdict: Verdict::OutsideRole }];
    vec![
        (Outcome::Stored { index: 1, verdicts: refused }, ReceiptStatus::Stored),
        (Outcome::Fork { head: ChainHead { last_sequence: 9, head: [3; 32] } }, ReceiptStatus::Fork),
        (Outcome::Gap { wanted: 1 }, ReceiptStatus::Gap),
        (Outcome::Quarantined, ReceiptStatus::Quarantined),
    ]
}

fn signed(receipt: &Receipt) -> Vec<u8> {
    cose::sign(receipt, &server_key(), deployment()).0
}

fn read(envelope: &[u8]) -> Result<Receipt, WireError> {
    verify(envelope, &server_key().public_key(), deployment())
}

#[test]
fn every_outcome_is_answered_and_read() {
    let (_, _, batch) = two_notes();
    for (outcome, status) in outcomes() {
        let receipt = answer(&batch, outcome, log(), NOW_MS, Some(NOW_MS));
        assert_eq!(receipt.status, status);
        assert_eq!(receipt.skew_ms, None);
        let envelope = signed(&receipt);
        assert_eq!(read(&envelope).as_ref(), Ok(&receipt));
        assert_eq!(check_answers(&receipt, &batch), Ok(()));
        assert_eq!(seen(&receipt, &envelope).receipt_hash, hash::sha256(&envelope));
    }
}

#[test]
fn receipt_of_another_key_is_none() {
    let (_, _, batch) = two_notes();
    let receipt = answer(&batch, Outcome::Quarantined, log(), NOW_MS, None);
    let by_a_device = cose::sign(&receipt, &device_key(), deployment());
    assert_eq!(read(by_a_device.as_bytes()), Err(WireError::WrongKey));
}

#[test]
fn receipt_for_another_batch_answers_nothing() {
    let (_, _, batch) = two_notes();
    let receipt = answer(&batch, Outcome::Stored { index: 1, verdicts: vec![] }, log(), NOW_MS, None);
    let others = [
        Receipt { device: id(1, DeviceId::from_bytes), ..receipt.clone() },
        Receipt { chain: id(1, ChainId::from_bytes), ..receipt.clone() },
        Receipt { first_sequence: 2, ..receipt.clone() },
        Receipt { last_sequence: 3, ..receipt.clone() },
        Receipt { hash_after: [0; 32], ..receipt.clone() },
        Receipt { unit: Unit::of_2025("25370"), ..receipt },
    ];
    for other in others {
        assert_eq!(check_answers(&other, &batch).unwrap_err().code(), "wire_receipt_mismatch");
    }
}

#[test]
fn receipt_that_contradicts_itself_is_refused_though_signed() {
    let (_, _, batch) = two_notes();
    let stored = answer(&batch, Outcome::Stored { index: 1, verdicts: vec![] }, log(), NOW_MS, None);
    let entry = |sequence| VerdictEntry { sequence, verdict: Verdict::OutsideRole };
    let contradictions = [
        Receipt { index: None, ..stored.clone() },
        Receipt { index: Some(0), ..stored.clone() },
        Receipt { status: ReceiptStatus::Quarantined, ..stored.clone() },
        Receipt { status: ReceiptStatus::Gap, index: None, ..stored.clone() },
        Receipt { status: ReceiptStatus::Fork, index: None, ..stored.clone() },
        Receipt { wanted_sequence: Some(1), ..stored.clone() },
        Receipt { verdicts: vec![entry(3)], ..stored.clone() },
        Receipt { verdicts: vec![entry(2), entry(1)], ..stored.clone() },
        Receipt { verdicts: vec![entry(1), entry(1)], ..stored.clone() },
        Receipt {
            status: ReceiptStatus::Gap,
            index: None,
            wanted_sequence: Some(1),
            verdicts: vec![entry(1)],
            ..stored
        },
    ];
    for contradiction in contradictions {
        assert_eq!(read(&signed(&contradiction)).unwrap_err().code(), "wire_receipt_mismatch");
    }
}

#[test]
fn quarantine_may_say_why_for_each_change() {
    let (_, _, batch) = two_notes();
    let quarantined = answer(&batch, Outcome::Quarantined, log(), NOW_MS, None);
    let verdicts = vec![VerdictEntry { sequence: 1, verdict: Verdict::OutsideUnit }];
    let outside = Receipt { verdicts, ..quarantined };
    assert_eq!(read(&signed(&outside)).unwrap(), outside);
}

#[test]
fn skew_is_said_beyond_five_minutes_only() {
    let minute = 60_000;
    for (device, server, said) in [
        (NOW_MS, NOW_MS, None),
        (NOW_MS + 5 * minute, NOW_MS, None),
        (NOW_MS + 5 * minute + 1, NOW_MS, Some(300_001)),
        (NOW_MS, NOW_MS + 5 * minute, None),
        (NOW_MS, NOW_MS + 5 * minute + 1, Some(-300_001)),
        (0, NOW_MS, Some(-(NOW_MS as i64))),
        (u64::MAX, 0, Some((1 << 53) - 1)),
        (0, u64::MAX, Some(1 - (1 << 53))),
    ] {
        assert_eq!(skew_ms(device, server), said, "{device} {server}");
    }
}

#[test]
fn stick_receipt_holds_for_its_unit_and_in_its_order() {
    let stored =
        |chain| AccessStored { device: device(), chain: id(chain, ChainId::from_bytes), through: 7, hash: [1; 32] };
    let receipt = StickReceipt {
        format: FORMAT,
        unit: unit(),
        log: log(),
        access: vec![stored(1), stored(2)],
        photos: vec![PhotoHash([1; 32]), PhotoHash([2; 32])],
        made_ms: NOW_MS,
    };
    let read = |receipt: &StickReceipt, unit: &Unit| {
        let envelope = cose::sign(receipt, &server_key(), deployment());
        verify_stick_receipt(envelope.as_bytes(), &server_key().public_key(), deployment(), unit)
    };
    assert_eq!(read(&receipt, &unit()).as_ref(), Ok(&receipt));
    assert_eq!(read(&receipt, &Unit::of_2025("25370")), Err(WireError::WrongUnit));
    let twice = StickReceipt { access: vec![stored(1), stored(1)], ..receipt.clone() };
    assert_eq!(read(&twice, &unit()), Err(WireError::ReceiptMismatch("order")));
    let reversed = StickReceipt { photos: receipt.photos.iter().rev().copied().collect(), ..receipt.clone() };
    assert_eq!(read(&reversed, &unit()), Err(WireError::ReceiptMismatch("order")));
    let by_a_device = cose::sign(&receipt, &device_key(), deployment());
    let verified = verify_stick_receipt(by_a_device.as_bytes(), &server_key().public_key(), deployment(), &unit());
    assert_eq!(verified, Err(WireError::WrongKey));
}
