//! What the strict walker takes and what it refuses, and why.

use data_encoding::HEXLOWER_PERMISSIVE;
use sync::canonical::{Fault, check, check_prefix};
use sync::message::Certificate;
use sync::{codec, cose};

use crate::fixed::*;

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(hex.replace(' ', "").as_bytes()).unwrap()
}

/// Hand-made: hexadecimal, offset of the fault, fault.
const REFUSED: &[(&str, usize, Fault)] = &[
    // Nothing, or not enough.
    ("", 0, Fault::Truncated),
    ("18", 0, Fault::Truncated),
    ("19 01", 0, Fault::Truncated),
    ("1a 00 01 00", 0, Fault::Truncated),
    ("1b 00 00 00 01 00 00 00", 0, Fault::Truncated),
    ("a1 00", 0, Fault::LengthBeyondInput),
    ("82 01", 0, Fault::LengthBeyondInput),
    ("82 82 01 01", 4, Fault::Truncated),
    ("a1 01 82 01 18", 4, Fault::Truncated),
    // Too much.
    ("00 00", 1, Fault::TrailingBytes),
    ("a0 a0", 1, Fault::TrailingBytes),
    ("43 01 02 03 04", 4, Fault::TrailingBytes),
    // Integers and lengths that could be shorter.
    ("18 17", 0, Fault::NotShortest),
    ("18 00", 0, Fault::NotShortest),
    ("19 00 ff", 0, Fault::NotShortest),
    ("1a 00 00 ff ff", 0, Fault::NotShortest),
    ("1b 00 00 00 00 ff ff ff ff", 0, Fault::NotShortest),
    ("38 17", 0, Fault::NotShortest),
    ("39 00 ff", 0, Fault::NotShortest),
    ("3a 00 00 00 10", 0, Fault::NotShortest),
    ("3b 00 00 00 00 00 00 00 01", 0, Fault::NotShortest),
    ("58 01 ff", 0, Fault::NotShortest),
    ("59 00 01 ff", 0, Fault::NotShortest),
    ("5a 00 00 00 01 ff", 0, Fault::NotShortest),
    ("78 01 61", 0, Fault::NotShortest),
    ("79 00 01 61", 0, Fault::NotShortest),
    ("98 01 00", 0, Fault::NotShortest),
    ("99 00 01 00", 0, Fault::NotShortest),
    ("9b 00 00 00 00 00 00 00 00", 0, Fault::NotShortest),
    ("b8 01 00 00", 0, Fault::NotShortest),
    ("b9 00 01 00 00", 0, Fault::NotShortest),
    ("a1 18 01 00", 1, Fault::NotShortest),
    // Integers that no screen holds exactly.
    ("1b 00 20 00 00 00 00 00 00", 0, Fault::IntegerTooLarge),
    ("1b 80 00 00 00 00 00 00 00", 0, Fault::IntegerTooLarge),
    ("1b ff ff ff ff ff ff ff ff", 0, Fault::IntegerTooLarge),
    ("3b 00 1f ff ff ff ff ff ff", 0, Fault::IntegerTooLarge),
    ("3b 80 00 00 00 00 00 00 00", 0, Fault::IntegerTooLarge),
    ("81 1b ff ff ff ff ff ff ff ff", 1, Fault::IntegerTooLarge),
    // Indefinite lengths.
    ("5f ff", 0, Fault::IndefiniteLength),
    ("5f 41 00 ff", 0, Fault::IndefiniteLength),
    ("7f 61 61 ff", 0, Fault::IndefiniteLength),
    ("9f ff", 0, Fault::IndefiniteLength),
    ("9f 01 02 ff", 0, Fault::IndefiniteLength),
    ("bf ff", 0, Fault::IndefiniteLength),
    ("bf 01 02 ff", 0, Fault::IndefiniteLength),
    ("81 9f ff", 1, Fault::IndefiniteLength),
    ("ff", 0, Fault::ReservedHead),
    ("81 ff", 1, Fault::ReservedHead),
    // Heads that mean nothing.
    ("1c", 0, Fault::ReservedHead),
    ("3d", 0, Fault::ReservedHead),
    ("5e", 0, Fault::ReservedHead),
    ("9c", 0, Fault::ReservedHead),
    ("fc", 0, Fault::ReservedHead),
    // Lengths that cannot be.
    ("42 00", 0, Fault::LengthBeyondInput),
    ("62 61", 0, Fault::LengthBeyondInput),
    ("5b ff ff ff ff ff ff ff ff", 0, Fault::LengthBeyondInput),
    ("7b 7f ff ff ff ff ff ff ff", 0, Fault::LengthBeyondInput),
    ("9b ff ff ff ff ff ff ff ff", 0, Fault::LengthBeyondInput),
    ("bb 80 00 00 00 00 00 00 00", 0, Fault::LengthBeyondInput),
    ("bb ff ff ff ff ff ff ff ff", 0, Fault::LengthBeyondInput),
    ("9a ff ff ff ff 00", 0, Fault::LengthBeyondInput),
    // Maps.
    ("a2 00 00 00 00", 3, Fault::DuplicateKey),
    ("a2 00 00 00 01", 3, Fault::DuplicateKey),
    ("a3 00 00 01 00 01 00", 5, Fault::DuplicateKey),
    ("a2 01 00 00 00", 3, Fault::KeyOrder),
    ("a2 18 18 00 17 00", 4, Fault::KeyOrder),
    ("a2 20 00 01 00", 3, Fault::KeyOrder),
    ("a2 19 01 00 00 18 ff 00", 5, Fault::KeyOrder),
    ("a1 61 61 00", 1, Fault::KeyNotInteger),
    ("a1 41 00 00", 1, Fault::KeyNotInteger),
    ("a1 80 00", 1, Fault::KeyNotInteger),
    ("a1 f5 00", 1, Fault::KeyNotInteger),
    ("a1 00 a2 01 00 01 00", 5, Fault::DuplicateKey),
    // Tags, floats, simple values.
    ("c0 00", 0, Fault::Tag),
    ("d2 84 40 a0 40 40", 0, Fault::Tag),
    ("d8 20 61 61", 0, Fault::Tag),
    ("81 c2 41 01", 1, Fault::Tag),
    ("f9 00 00", 0, Fault::Float),
    ("fa 00 00 00 00", 0, Fault::Float),
    ("fb 3f f0 00 00 00 00 00 00", 0, Fault::Float),
    ("a1 00 f9 7e 00", 2, Fault::Float),
    ("f6", 0, Fault::SimpleValue),
    ("f7", 0, Fault::SimpleValue),
    ("a1 00 f6", 2, Fault::SimpleValue),
    ("81 f7", 1, Fault::SimpleValue),
    ("e0", 0, Fault::SimpleValue),
    ("f3", 0, Fault::SimpleValue),
    ("f8 14", 0, Fault::SimpleValue),
    ("f8 ff", 0, Fault::SimpleValue),
    // Text.
    ("61 ff", 0, Fault::NotUtf8),
    ("62 c3 28", 0, Fault::NotUtf8),
    ("62 c0 80", 0, Fault::NotUtf8),
    ("63 ed a0 80", 0, Fault::NotUtf8),
    ("64 f4 90 80 80", 0, Fault::NotUtf8),
    // "ế" in three marks, "á" in two, the ohm sign, the ångström sign.
    ("65 65 cc 82 cc 81", 0, Fault::NotNfc),
    ("63 61 cc 81", 0, Fault::NotNfc),
    ("63 e2 84 a6", 0, Fault::NotNfc),
    ("63 e2 84 ab", 0, Fault::NotNfc),
    ("a1 00 63 61 cc 81", 2, Fault::NotNfc),
    // Depth.
    ("81 81 81 81 81 81 81 81 81 00", 8, Fault::TooDeep),
    ("a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 00", 16, Fault::TooDeep),
    ("81 81 81 81 81 81 81 81 80", 8, Fault::TooDeep),
];

#[test]
fn hand_made_non_canonical_bytes_are_refused_where_the_fault_is() {
    assert!(REFUSED.len() >= 50);
    for (hex, offset, fault) in REFUSED {
        let error = check(&bytes(hex)).expect_err(hex);
        assert_eq!((error.offset, error.fault), (*offset, *fault), "{hex}");
    }
}

#[test]
fn a_hundred_thousand_nested_arrays_are_refused_without_descending() {
    assert_eq!(check(&vec![0x81; 100_000]).unwrap_err().fault, Fault::TooDeep);
}

#[test]
fn canonical_bytes_are_taken() {
    let taken = [
        "00",
        "17",
        "18 18",
        "18 ff",
        "19 01 00",
        "1a 00 01 00 00",
        "1b 00 00 00 01 00 00 00 00",
        "20",
        "37",
        "38 18",
        "1b 00 1f ff ff ff ff ff ff",
        "3b 00 1f ff ff ff ff ff fe",
        "40",
        "60",
        "80",
        "a0",
        "f4",
        "f5",
        "83 01 02 03",
        "a2 00 00 01 00",
        "a3 17 00 18 18 00 20 00",
        "63 e1 ba bf",
        "81 81 81 81 81 81 81 80",
        "41 ff",
        "42 f6 f6",
        // "Nguyễn Thị Á" in NFC.
        "71 4e 67 75 79 e1 bb 85 6e 20 54 68 e1 bb 8b 20 c3 81",
    ];
    for hex in taken {
        assert_eq!(check(&bytes(hex)), Ok(()), "{hex}");
    }
}

#[test]
fn prefix_of_a_sequence_ends_where_its_item_ends() {
    assert_eq!(check_prefix(&bytes("82 01 02 a0 00")), Ok(3));
}

#[test]
fn null_for_an_absent_key_is_refused_though_it_decodes() {
    // `correction-withdrawn` with key 0 set to null.
    let with_null = bytes("a1 00 f6");
    let decoded: domain::change::CorrectionWithdrawn = minicbor::decode(&with_null).unwrap();
    assert_eq!(decoded.reason, None);
    assert!(codec::decode::<domain::change::CorrectionWithdrawn>(&with_null).is_err());
}

#[test]
fn unnamed_key_is_refused_though_it_decodes() {
    let mut with_more = codec::encode(&certificate());
    assert_eq!(with_more[0], 0xa9);
    with_more[0] = 0xaa;
    with_more.extend([0x18, 0x63, 0x00]);
    assert!(sync::canonical::check(&with_more).is_ok());
    assert!(minicbor::decode::<Certificate>(&with_more).is_ok());
    assert_eq!(codec::decode::<Certificate>(&with_more), Err(codec::DecodeError::Malformed("Certificate")));
}

#[test]
fn non_canonical_payload_is_refused_though_its_signature_holds() {
    // The library that decodes would take each of these: the walker is what refuses them.
    let good = codec::encode(&certificate());
    let long_format = [&[0xa9, 0x00, 0x18, 0x01], &good[3..]].concat();
    let doubled = {
        let mut doubled = [&[0xaa, 0x00, 0x01], &good[1..]].concat();
        doubled[1..3].copy_from_slice(&[0x00, 0x01]);
        doubled
    };
    let indefinite = [&[0xbf], &good[1..], &[0xff]].concat();
    for payload in [long_format, doubled, indefinite] {
        assert!(minicbor::decode::<Certificate>(&payload).is_ok());
        let envelope = sign_raw(5, &payload, &[0x33; 32]);
        let result = cose::verify::<Certificate>(&envelope, &enrolment_key().public_key(), deployment());
        assert_eq!(result.unwrap_err().code(), "wire_not_canonical");
    }
}
