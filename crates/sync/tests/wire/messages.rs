//! The bytes of every message. Do not modify a snapshot: devices in the field speak these bytes.

use data_encoding::HEXLOWER;
use domain::change::{ChangeHeader, EntityKind, EntityRef, PhotoRef};
use domain::field::Field;
use domain::id::*;
use domain::register::*;
use domain::role::Role;
use sync::codec::{self, WireMessage};
use sync::message::*;
use sync::{cose, hash};

use crate::fixed::*;
use crate::samples::{fields, household};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The hexadecimal of a message, once it has been read back.
fn hex<T: WireMessage + PartialEq + std::fmt::Debug>(message: &T) -> String {
    let bytes = codec::encode(message);
    assert_eq!(codec::decode::<T>(&bytes).as_ref(), Ok(message));
    HEXLOWER.encode(&bytes)
}

fn full_header() -> ChangeHeader {
    ChangeHeader {
        id: id(1, ChangeId::from_bytes),
        sequence: 24,
        kind: 50,
        version: 1,
        entity: EntityRef::new(EntityKind::Person, person()),
        edition: 256,
        seen: 65_536,
        author: officer(),
        wall_clock_ms: NOW_MS,
        photos: Some(vec![PhotoRef {
            hash: PhotoHash([0xf0; 32]),
            bytes: 2_000_000,
            media_type: "image/jpeg".to_owned(),
        }]),
        body_hash: [0xbb; 32],
        clock_set_back_ms: Some(3_600_000),
        on_behalf_of: Some(officer()),
    }
}

#[test]
fn change_header() {
    insta::assert_snapshot!(hex(&full_header()), @"ad005001010101010101010101010101010101011818021832030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a105190100061a0001000007500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000981835820f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f01a001e84806a696d6167652f6a7065670a5820bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0b1a0036ee800c500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f");
    let minimal = ChangeHeader {
        entity: EntityRef::UNIT,
        photos: None,
        clock_set_back_ms: None,
        on_behalf_of: None,
        ..full_header()
    };
    insta::assert_snapshot!(hex(&minimal), @"aa0050010101010101010101010101010101010118180218320301048208500000000000000000000000000000000005190100061a0001000007500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000a5820bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
}

fn full_batch() -> Batch {
    Batch {
        format: FORMAT,
        device: device(),
        chain: chain(),
        key_epoch: 2,
        first_sequence: 1,
        last_sequence: 1,
        hash_before: [0xbe; 32],
        hash_after: [0xaf; 32],
        headers: vec![Blob(codec::encode(&full_header()))],
        receipt_seen: Some(ReceiptSeen { last_sequence: 9, receipt_hash: [0x5e; 32] }),
        made: made(),
        unit: unit(),
        replaces: Some(ReplacedChain { chain: id(0xc2, ChainId::from_bytes), last_sequence: 9, head: [0xbe; 32] }),
        log: Some(log()),
    }
}

#[test]
fn batch() {
    insta::assert_snapshot!(hex(&full_batch()), @"ae00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1030204010501065820bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe075820afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafaf088158c5ad005001010101010101010101010101010101011818021832030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a105190100061a0001000007500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000981835820f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f01a001e84806a696d6167652f6a7065670a5820bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0b1a0036ee800c500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f09820958205e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e0a831b00000199c82cc00065302e312e30010b826532353336396a323032352d30372d30310c8350c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2095820bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe0d5010101010101010101010101010101010");
    insta::assert_snapshot!(hex(&Batch { receipt_seen: None, replaces: None, log: None, ..full_batch() }), @"ab00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1030204010501065820bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe075820afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafaf088158c5ad005001010101010101010101010101010101011818021832030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a105190100061a0001000007500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000981835820f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f01a001e84806a696d6167652f6a7065670a5820bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0b1a0036ee800c500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0a831b00000199c82cc00065302e312e30010b826532353336396a323032352d30372d3031");
}

#[test]
fn sealed_batch_with_its_signature() {
    let (bytes, sealed, _) = two_notes();
    assert_eq!(hex(&sealed), HEXLOWER.encode(&bytes));
    insta::assert_snapshot!(HEXLOWER.encode(&bytes), @"828455a20132045010ba682c8ad13513971e8b56881aab8ba0590180ab00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1030104010502065820a97a76f97fa9a32732b8fd66320ba5f3f1825f32d4d6b0416b20aedf1b1c33e007582090e7e92aaf881af5d02943ce4961ba28cf1e211f8742426875416f24384e575a08825871aa0050010101010101010101010101010101010101021833030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10501060707500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000a58203e4f6f98a0fe19caf240ea6957ab48bec6de0719a77a164e68a44762ee4d0c315871aa0050020202020202020202020202020202020102021833030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10501060707500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000a5820182e7884c1d7fbf722aee4a675aa93c91f037a4cd2042f452601937cc737818c0a831b00000199c82cc00065302e312e30010b826532353336396a323032352d30372d30315840edbf1f83993eaf3d3605038176aa8ffab40d70bd07ea077bd192dd68e54ad764400f9b22a1e3bccdb70c6f0c7a2da1a89a4ec039c608dde27601d2e59f33990e82581d01010101010101010101010101010101a1006a676869206368c3ba2031581d02020202020202020202020202020202a1006a676869206368c3ba2032");
}

fn full_receipt() -> Receipt {
    Receipt {
        format: FORMAT,
        device: device(),
        chain: chain(),
        first_sequence: 1,
        last_sequence: 2,
        hash_after: [0xaf; 32],
        status: ReceiptStatus::Stored,
        log: log(),
        index: Some(12),
        verdicts: [
            Verdict::OutsideUnit,
            Verdict::OutsideRole,
            Verdict::WrongAuthor,
            Verdict::MalformedBody,
            Verdict::WrongEntity,
            Verdict::DuplicateOfEarlier,
            Verdict::NotErased,
            Verdict::Other(300),
        ]
        .into_iter()
        .zip(1..)
        .map(|(verdict, sequence)| VerdictEntry { sequence, verdict })
        .collect(),
        received_ms: NOW_MS,
        unit: unit(),
        wanted_sequence: Some(2),
        fork_head: Some(ForkHead { last_sequence: 3, head: [0xaa; 32] }),
        skew_ms: Some(-600_000),
    }
}

#[test]
fn receipt() {
    insta::assert_snapshot!(hex(&full_receipt()), @"af00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c103010402055820afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafaf0601075010101010101010101010101010101010080c0988820101820202820303820404820505820606820707820819012c0a1b00000199c82cc0000b826532353336396a323032352d30372d30310c020d82035820aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0e3a000927bf");
    let minimal = Receipt {
        status: ReceiptStatus::Quarantined,
        index: None,
        verdicts: Vec::new(),
        wanted_sequence: None,
        fork_head: None,
        skew_ms: None,
        ..full_receipt()
    };
    insta::assert_snapshot!(hex(&minimal), @"ab00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c103010402055820afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafaf060407501010101010101010101010101010101009800a1b00000199c82cc0000b826532353336396a323032352d30372d3031");
}

#[test]
fn feed_page() {
    let (_, sealed, _) = two_notes();
    let entry = FeedEntry {
        index: 8,
        envelope: sealed.envelope,
        bodies: sealed.bodies,
        verdicts: vec![VerdictEntry { sequence: 2, verdict: Verdict::NotErased }],
        received_ms: NOW_MS,
    };
    let certificate = cose::sign(&certificate(), &enrolment_key(), deployment());
    let page = FeedPage {
        format: FORMAT,
        log: log(),
        unit: unit(),
        after: 7,
        head: 8,
        entries: vec![entry],
        certificates: vec![Blob(certificate.0)],
        made_ms: NOW_MS,
        edition: 1,
        hash: [0x1a; 32],
        mark: Blob(vec![1]),
    };
    insta::assert_snapshot!(hex(&page), @"ab000101501010101010101010101010101010101002826532353336396a323032352d30372d303103070408058185088455a20132045010ba682c8ad13513971e8b56881aab8ba0590180ab00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10250c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1030104010502065820a97a76f97fa9a32732b8fd66320ba5f3f1825f32d4d6b0416b20aedf1b1c33e007582090e7e92aaf881af5d02943ce4961ba28cf1e211f8742426875416f24384e575a08825871aa0050010101010101010101010101010101010101021833030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10501060707500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000a58203e4f6f98a0fe19caf240ea6957ab48bec6de0719a77a164e68a44762ee4d0c315871aa0050020202020202020202020202020202020102021833030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10501060707500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f081b00000199c82cc0000a5820182e7884c1d7fbf722aee4a675aa93c91f037a4cd2042f452601937cc737818c0a831b00000199c82cc00065302e312e30010b826532353336396a323032352d30372d30315840edbf1f83993eaf3d3605038176aa8ffab40d70bd07ea077bd192dd68e54ad764400f9b22a1e3bccdb70c6f0c7a2da1a89a4ec039c608dde27601d2e59f33990e82581d01010101010101010101010101010101a1006a676869206368c3ba2031581d02020202020202020202020202020202a1006a676869206368c3ba2032818202071b00000199c82cc000068158d18455a2013204506c8f8607dbe87077a62a2990ce07d94aa05875a900010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1025820d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c977873703826532353336396a323032352d30372d3031040105500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f061b00000199c82cc000071b00000199c82cc3e808015840da2ed0e4b225f046fa83f3fe4a37c7eb2e4195e7e863b978bd042c4523c032d2b81bd85760d03a244f3f80c161259e18db8cd5570a2be18b6624439bb228f804071b00000199c82cc00008010958201a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a0a4101");
    insta::assert_snapshot!(hex(&FeedPage { entries: vec![], certificates: vec![], ..page }), @"ab000101501010101010101010101010101010101002826532353336396a323032352d30372d30310307040805800680071b00000199c82cc00008010958201a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a0a4101");
}

#[test]
fn log_mark() {
    let mark = LogMark { format: FORMAT, unit: unit(), log: log(), index: 8, hash: [0x1a; 32], made_ms: NOW_MS };
    insta::assert_snapshot!(hex(&mark), @"a6000101826532353336396a323032352d30372d303102501010101010101010101010101010101003080458201a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a051b00000199c82cc000");
    // What a log hash is made of.
    let one = hash::log_after(&hash::LOG_START, &[0xaf; 32]);
    assert_eq!(one, hash::sha256(&[[0; 32], [0xaf; 32]].concat()));
    assert_eq!(hash::log_after(&one, &[0xbf; 32]), hash::sha256(&[one, [0xbf; 32]].concat()));
}

#[test]
fn manifest() {
    let manifest = Manifest {
        format: FORMAT,
        unit: unit(),
        edition: 2,
        label: "2025-11".to_owned(),
        base: Some(1),
        people: 150_000,
        households: 40_000,
        dwellings: 38_000,
        pieces: vec![PieceRef { hash: [0x9e; 32], compressed_bytes: 300_000, raw_bytes: 1_048_576, records: 4_000 }],
        made_ms: NOW_MS,
        log: log(),
    };
    insta::assert_snapshot!(hex(&manifest), @"ab000101826532353336396a323032352d30372d303102020367323032352d31310401051a000249f006199c400719947008818458209e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e1a000493e01a00100000190fa0091b00000199c82cc0000a5010101010101010101010101010101010");
    insta::assert_snapshot!(hex(&Manifest { base: None, pieces: vec![], ..manifest }), @"aa000101826532353336396a323032352d30372d303102020367323032352d3131051a000249f006199c40071994700880091b00000199c82cc0000a5010101010101010101010101010101010");
}

#[test]
fn edition_records() {
    let residence = RegisterResidence {
        kind: ResidenceKind::Temporary,
        household: household(0xb1),
        since: some("01/2020"),
        until: some("2027"),
        relationship_to_head: some("Con"),
    };
    let originals = Some(vec![OriginalSpelling { field: Field::FullName, bytes: vec![0x41, 0xcc, 0x81] }]);
    let others = Some(vec![("ghi_chu".to_owned(), "x".to_owned())]);
    let dwelling = RegisterDwelling {
        id: id(0xe1, DwellingId::from_bytes),
        hamlet: "Thôn 3".to_owned(),
        alley: some("Ngõ 12"),
        house_no: some("12/5"),
        kind: some("house"),
        lat_e6: Some(21_028_511),
        lon_e6: Some(105_804_817),
    };
    let bare_dwelling =
        RegisterDwelling { alley: None, house_no: None, kind: None, lat_e6: None, lon_e6: None, ..dwelling.clone() };
    let register_person = RegisterPerson {
        id: person(),
        household: household(0xb1),
        fields: fields(),
        residences: vec![residence.clone()],
        others: others.clone(),
        originals: originals.clone(),
    };
    let bare_residence =
        RegisterResidence { since: None, until: None, relationship_to_head: None, ..residence.clone() };
    let bare_person = RegisterPerson {
        fields: Default::default(),
        residences: vec![bare_residence],
        others: None,
        originals: None,
        ..register_person.clone()
    };
    let patch = PersonPatch {
        id: person(),
        household: Some(household(0xb2)),
        set: Some(fields()),
        cleared: Some(vec![Field::Phone]),
        residences: Some(vec![residence]),
        others,
        originals,
    };
    let bare_patch = PersonPatch {
        household: None,
        set: None,
        cleared: None,
        residences: None,
        others: None,
        originals: None,
        ..patch.clone()
    };
    let register_household = RegisterHousehold {
        id: household(0xb1),
        dwelling: id(0xe1, DwellingId::from_bytes),
        household_no: "0123".to_owned(),
    };
    let listing: String = [
        EditionRecord::Dwelling(dwelling),
        EditionRecord::Dwelling(bare_dwelling),
        EditionRecord::Household(register_household),
        EditionRecord::Person(register_person),
        EditionRecord::Person(bare_person),
        EditionRecord::PersonPatch(patch),
        EditionRecord::PersonPatch(bare_patch),
        EditionRecord::DwellingGone(id(0xe1, DwellingId::from_bytes)),
        EditionRecord::HouseholdGone(household(0xb1)),
        EditionRecord::PersonGone(person()),
    ]
    .iter()
    .map(|record| hex(record) + "\n")
    .collect();
    insta::assert_snapshot!(listing, @r"
    820181a70050e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e101675468c3b46e203302674e67c3b5203132036431322f350465686f757365051a0140de9f061a064e7411
    820181a20050e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e101675468c3b46e2033
    820281a30050b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b10150e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1026430313233
    820381a60050a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b102a3016c30303130393030313233343503734e475559e1bb844e205448e1bb8a20c3814e48181864313939300381a500020150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1026730312f323032300364323032370463436f6e048182676768695f6368756178058182034341cc81
    820381a40050a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b102a00381a200020150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1
    820481a70050a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10150b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b202a3016c30303130393030313233343503734e475559e1bb844e205448e1bb8a20c3814e48181864313939300381170481a500020150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1026730312f323032300364323032370463436f6e058182676768695f6368756178068182034341cc81
    820481a10050a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
    82058150e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1
    82068150b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1
    82078150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
    ");
}

#[test]
fn identity() {
    let identity = Identity {
        format: FORMAT,
        deployment: deployment(),
        ca_certificate: Blob(vec![0x30, 0x82]),
        enrolment_key: enrolment_key().public_key(),
        stick_key: [0x57; 32],
    };
    insta::assert_snapshot!(hex(&identity), @"a500010150d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d00242308203582017cb79fb2b4120f2b1ec65e4198d6e08b28e813feb01e4a400839b85e18080ce0458205757575757575757575757575757575757575757575757575757575757575757");
    // The fingerprint that people compare.
    insta::assert_snapshot!(HEXLOWER.encode(&hash::sha256(&codec::encode(&identity))), @"a8327329dfce370589a355e377622b019652f14016029c708f447728cf5f884f");
}

#[test]
fn certificates() {
    insta::assert_snapshot!(hex(&Certificate { stick_key: Some([0x57; 32]), ..certificate() }), @"aa00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1025820d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c977873703826532353336396a323032352d30372d3031040105500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f061b00000199c82cc000071b00000199c82cc3e808010958205757575757575757575757575757575757575757575757575757575757575757");
    let of_server = Certificate { unit: None, role: Role::Server, ..certificate() };
    insta::assert_snapshot!(hex(&of_server), @"a800010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1025820d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737040505500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f061b00000199c82cc000071b00000199c82cc3e80801");
}

#[test]
fn enrolment() {
    let request = EnrolmentRequest {
        format: FORMAT,
        code_id: "K7M2".to_owned(),
        code_secret: "ABCDE-FGHJK-MNPQR".to_owned(),
        device: device(),
        public_key: device_key().public_key(),
        stick_key: [0x57; 32],
        app_version: "0.1.0".to_owned(),
        clock_ms: NOW_MS,
    };
    insta::assert_snapshot!(hex(&request), @"a8000101644b374d32027141424344452d4647484a4b2d4d4e5051520350d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1045820d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c977873705582057575757575757575757575757575757575757575757575757575757575757570665302e312e30071b00000199c82cc000");
    let answer = EnrolmentAnswer {
        format: FORMAT,
        certificate: Blob(vec![1]),
        server_certificate: Blob(vec![2]),
        recovery_key: [0x4e; 32],
        officer: officer(),
        officer_name: "Trần Văn Đức".to_owned(),
        log: log(),
        server_ms: NOW_MS,
        unit_name: "Xã Ea Tu".to_owned(),
    };
    insta::assert_snapshot!(hex(&answer), @"a900010141010241020358204e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e04500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f05725472e1baa76e2056c4836e20c490e1bba963065010101010101010101010101010101010071b00000199c82cc000086958c3a3204561205475");
}

#[test]
fn tokens() {
    insta::assert_snapshot!(hex(&Challenge { nonce: [0x5a; 32], good_until_ms: NOW_MS }), @"a20058205a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a011b00000199c82cc000");
    let request = TokenRequest {
        format: FORMAT,
        device: device(),
        nonce: [0x5a; 32],
        clock_ms: NOW_MS,
        app_version: "0.1.0".to_owned(),
        certificate: Some(Blob(vec![1])),
    };
    insta::assert_snapshot!(hex(&request), @"a600010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10258205a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a031b00000199c82cc0000465302e312e30054101");
    insta::assert_snapshot!(hex(&TokenRequest { certificate: None, ..request }), @"a500010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10258205a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a031b00000199c82cc0000465302e312e30");
    insta::assert_snapshot!(hex(&Token { token: "abc".to_owned(), good_until_ms: NOW_MS }), @"a20063616263011b00000199c82cc000");
}

#[test]
fn announcements() {
    let batch = Item {
        kind: ItemKind::Batch,
        hash: [0x7a; 32],
        bytes: 600,
        chain: Some(chain()),
        first_sequence: Some(1),
        last_sequence: Some(2),
        hash_after: Some([0xaf; 32]),
    };
    let photo = Item {
        kind: ItemKind::Photo,
        hash: [0xf0; 32],
        bytes: 2_000_000,
        chain: None,
        first_sequence: None,
        last_sequence: None,
        hash_after: None,
    };
    let announcement = Announcement {
        format: FORMAT,
        device: device(),
        unit: unit(),
        clock_ms: NOW_MS,
        log: Some(log()),
        items: vec![batch, photo],
        waiting: Waiting { batches: 3, photos: 40, photo_bytes: 80_000_000 },
        app_version: "0.1.0".to_owned(),
        certificates: Some(vec![Blob(vec![1])]),
        mark: Some(Blob(vec![2])),
        receipt: Some(Blob(vec![3])),
    };
    insta::assert_snapshot!(hex(&announcement), @"ab00010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d102826532353336396a323032352d30372d3031031b00000199c82cc0000450101010101010101010101010101010100582a700010158207a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a021902580350c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c104010502065820afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafa30002015820f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0021a001e848006830318281a04c4b4000765302e312e30088141010941020a4103");
    let minimal =
        Announcement { log: None, items: vec![], certificates: None, mark: None, receipt: None, ..announcement };
    insta::assert_snapshot!(hex(&minimal), @"a700010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d102826532353336396a323032352d30372d3031031b00000199c82cc000058006830318281a04c4b4000765302e312e30");
}

#[test]
fn announcement_answers() {
    let answer = |state, offset, receipt, code: Option<&str>| ItemAnswer {
        state,
        offset,
        receipt,
        code: code.map(str::to_owned),
    };
    let full = AnnouncementAnswer {
        log: Some(log()),
        items: vec![
            answer(ItemState::Wanted, Some(16_384), None, None),
            answer(ItemState::Receipted, None, Some(Blob(vec![1, 2])), None),
            answer(ItemState::PhotoStored, None, None, None),
            answer(ItemState::NotNow, None, None, Some("photo_unnamed")),
        ],
        head: Some(12),
        certificates: Some(vec![Blob(vec![1])]),
    };
    insta::assert_snapshot!(hex(&full), @"a40050101010101010101010101010101010100184a2000101194000a2000202420102a10003a20004036d70686f746f5f756e6e616d6564020c03814101");
    let minimal = AnnouncementAnswer { log: None, items: vec![], head: None, certificates: None };
    insta::assert_snapshot!(hex(&minimal), @"a10180");
    insta::assert_snapshot!(hex(&PieceAnswer { held: 600, receipt: Some(Blob(vec![1])), photo_stored: Some(true) }), @"a30019025801410102f5");
    insta::assert_snapshot!(hex(&PieceAnswer { held: 0, receipt: None, photo_stored: None }), @"a10000");
}

#[test]
fn access_log() {
    let entries = [
        AccessAction::Opened,
        AccessAction::Searched,
        AccessAction::ViewedPhoto,
        AccessAction::Exported,
        AccessAction::Printed,
    ]
    .into_iter()
    .zip(1..)
    .map(|(action, sequence)| Access {
        sequence,
        at_ms: NOW_MS,
        officer: officer(),
        action,
        entity: (sequence % 2 == 1).then(|| EntityRef::new(EntityKind::Person, person())),
        detail: (sequence == 2).then(|| "rows=12".to_owned()),
    })
    .collect();
    let access_log = AccessLog {
        format: FORMAT,
        device: device(),
        unit: unit(),
        entries,
        chain: id(0xac, ChainId::from_bytes),
        hash_before: hash::chain_start(id(0xac, ChainId::from_bytes)),
    };
    insta::assert_snapshot!(hex(&access_log), @"a600010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d102826532353336396a323032352d30372d30310385a50001011b00000199c82cc00002500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f030104820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a50002011b00000199c82cc00002500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f03020567726f77733d3132a50003011b00000199c82cc00002500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f030304820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a40004011b00000199c82cc00002500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0304a50005011b00000199c82cc00002500f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f030504820150a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a10450acacacacacacacacacacacacacacacac05582052b7287b3b38ceb25d58ae33a946104af8f8834240842de2bbd7c33b46c8d0fa");
    insta::assert_snapshot!(hex(&AccessAnswer { stored_through: 5, hash: [0xac; 32] }), @"a20005015820acacacacacacacacacacacacacacacacacacacacacacacacacacacacacacacac");
}

#[test]
fn stick_receipt() {
    let stored = |device: u8, chain: u8, through| AccessStored {
        device: id(device, DeviceId::from_bytes),
        chain: id(chain, ChainId::from_bytes),
        through,
        hash: [0xac; 32],
    };
    let receipt = StickReceipt {
        format: FORMAT,
        unit: unit(),
        log: log(),
        access: vec![stored(1, 2, 5), stored(1, 3, 500)],
        photos: vec![PhotoHash([0xf0; 32])],
        made_ms: NOW_MS,
    };
    insta::assert_snapshot!(hex(&receipt), @"a6000101826532353336396a323032352d30372d303102501010101010101010101010101010101003828450010101010101010101010101010101015002020202020202020202020202020202055820acacacacacacacacacacacacacacacacacacacacacacacacacacacacacacacac84500101010101010101010101010101010150030303030303030303030303030303031901f45820acacacacacacacacacacacacacacacacacacacacacacacacacacacacacacacac04815820f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0051b00000199c82cc000");
    insta::assert_snapshot!(hex(&StickReceipt { access: vec![], photos: vec![], ..receipt }), @"a6000101826532353336396a323032352d30372d303102501010101010101010101010101010101003800480051b00000199c82cc000");
}

#[test]
fn problem() {
    let problem = Problem {
        code: "unit_forbidden".to_owned(),
        params: vec![("unit".to_owned(), "25369@2025-07-01".to_owned())],
        trace_id: "0af7".to_owned(),
    };
    insta::assert_snapshot!(hex(&problem), @"a3006e756e69745f666f7262696464656e01818264756e697470323533363940323032352d30372d3031026430616637");
}

#[test]
fn queue_framing() {
    let header = QueueHeader {
        format: FORMAT,
        deployment: deployment(),
        device: device(),
        written_ms: NOW_MS,
        recipients: vec![QueueRecipient {
            key: [0x57; 32],
            encapsulation: Blob(vec![0xec; 32]),
            sealed_file_key: Blob(vec![0x5f; 48]),
        }],
    };
    insta::assert_snapshot!(hex(&header), @"a500010150d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d00250d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1031b00000199c82cc000048183582057575757575757575757575757575757575757575757575757575757575757575820ecececececececececececececececececececececececececececececececec58305f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f");
    insta::assert_snapshot!(hex(&QueueEnd { parts: 24 }), @"a1001818");
}
