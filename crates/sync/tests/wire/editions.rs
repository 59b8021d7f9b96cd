//! Manifests and pieces.

use domain::id::{DwellingId, HouseholdId, PersonId};
use domain::register::*;
use domain::unit::Unit;
use sync::edition::{
    MAX_PIECE_BYTES, PIECE_TARGET_BYTES, Piece, PieceWriter, RecordOrder, open_piece, records, verify_manifest,
};
use sync::message::{FORMAT, Manifest, PieceRef};
use sync::{WireError, codec, cose, hash};

use crate::fixed::*;
use crate::samples::{fields, household};

fn dwelling_record(byte: u8) -> EditionRecord {
    EditionRecord::Dwelling(RegisterDwelling {
        id: id(byte, DwellingId::from_bytes),
        hamlet: "Thôn 3".to_owned(),
        alley: None,
        house_no: None,
        kind: None,
        lat_e6: None,
        lon_e6: None,
    })
}

fn household_record(byte: u8) -> EditionRecord {
    EditionRecord::Household(RegisterHousehold {
        id: household(byte),
        dwelling: id(byte, DwellingId::from_bytes),
        household_no: "1".to_owned(),
    })
}

fn person_record(number: u64) -> EditionRecord {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    EditionRecord::Person(RegisterPerson {
        id: PersonId::from_bytes(bytes),
        household: household(1),
        fields: fields(),
        residences: vec![],
        others: None,
        originals: None,
    })
}

fn edition(people: u64) -> Vec<EditionRecord> {
    [dwelling_record(1), dwelling_record(2), household_record(1)]
        .into_iter()
        .chain((0..people).map(person_record))
        .collect()
}

fn pack(records: &[EditionRecord]) -> Vec<Piece> {
    let mut writer = PieceWriter::new(false);
    let mut pieces: Vec<_> = records.iter().filter_map(|record| writer.push(record).unwrap()).collect();
    pieces.extend(writer.finish());
    pieces
}

#[test]
fn edition_reads_back_record_by_record() {
    let written = edition(20_000);
    let pieces = pack(&written);
    assert!(pieces.len() > 1);
    let mut read = Vec::new();
    for piece in &pieces {
        assert!(piece.reference.raw_bytes <= PIECE_TARGET_BYTES as u64);
        let raw = open_piece(&piece.reference, &piece.bytes).unwrap();
        let before = read.len();
        read.extend(records(&raw).map(Result::unwrap));
        assert_eq!(read.len() - before, piece.reference.records as usize);
    }
    assert_eq!(read, written);
}

#[test]
fn same_records_give_the_same_pieces() {
    assert_eq!(pack(&edition(500)), pack(&edition(500)));
    assert!(pack(&[]).is_empty());
}

#[test]
fn changed_piece_is_refused_by_its_hash() {
    let pieces = pack(&edition(10));
    let piece = &pieces[0];
    for at in 0..piece.bytes.len() {
        let mut changed = piece.bytes.clone();
        changed[at] ^= 1;
        assert_eq!(open_piece(&piece.reference, &changed), Err(WireError::ContentHash));
        assert_eq!(open_piece(&piece.reference, &piece.bytes[..at]), Err(WireError::ContentHash));
    }
}

fn reference(bytes: &[u8], raw_bytes: usize) -> PieceRef {
    PieceRef {
        hash: hash::sha256(bytes),
        compressed_bytes: bytes.len() as u64,
        raw_bytes: raw_bytes as u64,
        records: 1,
    }
}

#[test]
fn piece_of_another_size_than_announced_is_refused() {
    let packed = zstd::bulk::compress(&[0; 1000], 3).unwrap();
    assert!(open_piece(&reference(&packed, 1000), &packed).is_ok());
    assert_eq!(open_piece(&reference(&packed, 1001), &packed), Err(WireError::Decompression));
    assert!(matches!(open_piece(&reference(&packed, 999), &packed), Err(WireError::TooLarge { .. })));
}

#[test]
fn piece_that_would_unpack_beyond_four_mebibytes_is_not_unpacked() {
    let bomb = zstd::bulk::compress(&vec![0; 512 * 1024 * 1024], 3).unwrap();
    let result = open_piece(&reference(&bomb, 512 * 1024 * 1024), &bomb);
    assert_eq!(result, Err(WireError::TooLarge { limit_bytes: MAX_PIECE_BYTES as u64 }));
}

#[test]
fn records_stop_at_the_first_that_is_none() {
    let good = codec::encode(&household_record(1));
    let bad: [(&str, &[u8]); 5] = [
        ("not canonical", &[0x9f, 0xff]),
        ("unknown record", &[0x82, 0x08, 0x81, 0x41, 0x00]),
        ("no record", &[0x00]),
        ("cut off", &good[..good.len() - 1]),
        ("unnamed key", &[0x82, 0x02, 0x81, 0xa1, 0x09, 0x00]),
    ];
    for (what, bad) in bad {
        let raw = [good.as_slice(), bad, &good].concat();
        let mut iterator = records(&raw);
        assert_eq!(iterator.next().unwrap().unwrap(), household_record(1), "{what}");
        match iterator.next().unwrap().unwrap_err() {
            WireError::Record { record: 1, offset, .. } => assert_eq!(offset as usize, good.len(), "{what}"),
            other => panic!("{what}: {other}"),
        }
        assert!(iterator.next().is_none(), "{what}");
    }
    assert!(records(&[]).next().is_none());
}

#[test]
fn records_come_in_order_and_only_a_delta_removes() {
    let gone = EditionRecord::PersonGone(person());
    let mut full = RecordOrder::new(false);
    assert!(full.accept(&dwelling_record(1)).is_ok());
    assert!(full.accept(&person_record(1)).is_ok());
    assert!(full.accept(&household_record(1)).is_err());
    assert!(full.accept(&gone).is_err());
    let mut delta = RecordOrder::new(true);
    assert!(delta.accept(&EditionRecord::DwellingGone(id(1, DwellingId::from_bytes))).is_ok());
    assert!(delta.accept(&EditionRecord::HouseholdGone(id(1, HouseholdId::from_bytes))).is_ok());
    assert!(delta.accept(&gone).is_ok());
    assert!(delta.accept(&dwelling_record(1)).is_err());
    let mut writer = PieceWriter::new(false);
    assert_eq!(writer.push(&gone).unwrap_err().code(), "wire_record");
}

#[test]
fn value_that_is_not_nfc_never_gets_into_a_piece() {
    let record = EditionRecord::Household(RegisterHousehold {
        id: household(1),
        dwelling: id(1, DwellingId::from_bytes),
        household_no: "a\u{301}".to_owned(),
    });
    assert_eq!(PieceWriter::new(false).push(&record).unwrap_err().code(), "wire_not_canonical");
}

fn manifest() -> Manifest {
    Manifest {
        format: FORMAT,
        unit: unit(),
        edition: 2,
        label: "2025-11".to_owned(),
        base: None,
        people: 10,
        households: 1,
        dwellings: 2,
        pieces: pack(&edition(10)).into_iter().map(|piece| piece.reference).collect(),
        made_ms: NOW_MS,
        log: log(),
    }
}

fn read(manifest: &Manifest) -> Result<Manifest, WireError> {
    let envelope = cose::sign(manifest, &server_key(), deployment());
    verify_manifest(envelope.as_bytes(), &server_key().public_key(), deployment(), &unit())
}

#[test]
fn manifest_is_read_and_its_contradictions_are_refused() {
    assert_eq!(read(&manifest()), Ok(manifest()));
    assert!(read(&Manifest { base: Some(1), ..manifest() }).is_ok());
    let code = |manifest: Manifest| read(&manifest).unwrap_err().code();
    let piece = manifest().pieces[0].clone();
    assert_eq!(code(Manifest { unit: Unit::of_2025("25370"), ..manifest() }), "wire_wrong_unit");
    assert_eq!(code(Manifest { edition: 0, ..manifest() }), "wire_manifest_shape");
    assert_eq!(code(Manifest { base: Some(2), ..manifest() }), "wire_manifest_shape");
    assert_eq!(code(Manifest { base: Some(0), ..manifest() }), "wire_manifest_shape");
    let with = |piece| Manifest { pieces: vec![piece], ..manifest() };
    assert_eq!(code(with(PieceRef { records: 0, ..piece.clone() })), "wire_manifest_shape");
    assert_eq!(code(with(PieceRef { records: u32::MAX, ..piece.clone() })), "wire_manifest_shape");
    assert_eq!(code(with(PieceRef { raw_bytes: MAX_PIECE_BYTES as u64 + 1, ..piece.clone() })), "wire_too_large");
    assert_eq!(code(with(PieceRef { compressed_bytes: (1 << 53) - 1, ..piece })), "wire_too_large");
}
