//! From drafts to a sealed batch and back, within the limits.

use domain::change::{Body, NoteWritten, PhotoRef};
use domain::id::{ChainId, PhotoHash};
use sync::batch::{
    MAX_BATCH_BYTES, MAX_BATCH_CHANGES, MAX_CHANGE_BYTES, PHOTO_MEDIA_TYPES, build_change, from_transfer, open,
    renumber, seal, split_for_batches, to_transfer,
};
use sync::keys::SigningKey;
use sync::message::{Announcement, Certificate, FORMAT, ReplacedChain, Waiting};
use sync::{WireError, codec, cose, hash};

use crate::fixed::*;

#[test]
fn sealed_batch_opens_to_what_was_sealed() {
    let (bytes, sealed, batch) = two_notes();
    let received = from_transfer(&to_transfer(&sealed)).unwrap();
    assert_eq!(received, bytes);
    let opened = open(&received, author, deployment()).unwrap();
    assert_eq!(opened.batch, batch);
    assert_eq!(opened.headers, [note(1, 1).header, note(2, 2).header]);
    assert_eq!(opened.header_bytes, [note(1, 1).header_bytes, note(2, 2).header_bytes]);
    assert_eq!(opened.salted_bodies, [note(1, 1).salted_body, note(2, 2).salted_body]);
}

#[test]
fn certificate_is_verified_with_the_enrolment_key_only() {
    let envelope = cose::sign(&certificate(), &enrolment_key(), deployment());
    let read = |key: &SigningKey| cose::verify::<Certificate>(envelope.as_bytes(), &key.public_key(), deployment());
    assert_eq!(read(&enrolment_key()), Ok(certificate()));
    assert_eq!(read(&server_key()), Err(WireError::WrongKey));
}

#[test]
fn body_that_is_not_nfc_never_becomes_a_change() {
    let body = Body::NoteWritten(NoteWritten { text: "a\u{301}".to_owned() });
    assert_eq!(build_change(draft(1, body), 1, [0; 16]).unwrap_err().code(), "wire_not_canonical");
}

#[test]
fn header_takes_photos_of_closed_media_types_only() {
    let with = |media_type: &str| {
        let mut draft = draft(1, Body::NoteWritten(NoteWritten { text: "x".to_owned() }));
        let media_type = media_type.to_owned();
        draft.photos = Some(vec![PhotoRef { hash: PhotoHash([1; 32]), bytes: 9, media_type }]);
        build_change(draft, 1, [0; 16])
    };
    for media_type in PHOTO_MEDIA_TYPES {
        assert!(with(media_type).is_ok());
    }
    assert_eq!(with("image/jpeg; name=Nguyen").unwrap_err().code(), "wire_batch_shape");
    // One that was signed elsewhere is refused as well.
    let mut change = with("image/png").unwrap();
    change.header.photos.as_mut().unwrap()[0].media_type = "text/plain".to_owned();
    change.header_bytes = codec::encode(&change.header);
    let (bytes, ..) = seal_request(request(&[change]));
    assert_eq!(open(&bytes, author, deployment()).unwrap_err().code(), "wire_batch_shape");
}

#[test]
fn lists_that_the_law_wants_filled_are_not_empty() {
    let mut empty = draft(1, Body::NoteWritten(NoteWritten { text: "x".to_owned() }));
    empty.photos = Some(vec![]);
    assert_eq!(build_change(empty, 1, [0; 16]).unwrap_err().code(), "wire_batch_shape");
    let mut change = note(1, 1);
    change.header.photos = Some(vec![]);
    change.header_bytes = codec::encode(&change.header);
    let (bytes, ..) = seal_request(request(&[change]));
    assert_eq!(open(&bytes, author, deployment()).unwrap_err().code(), "wire_batch_shape");

    let announcement = Announcement {
        format: FORMAT,
        device: device(),
        unit: unit(),
        clock_ms: NOW_MS,
        log: None,
        items: vec![],
        waiting: Waiting::default(),
        app_version: "0.1.0".to_owned(),
        certificates: Some(vec![]),
        mark: None,
        receipt: None,
    };
    let read = |announcement: &Announcement| {
        let envelope = cose::sign(announcement, &device_key(), deployment());
        cose::verify::<Announcement>(envelope.as_bytes(), &device_key().public_key(), deployment())
    };
    assert_eq!(read(&announcement).unwrap_err().code(), "wire_malformed");
    assert!(read(&Announcement { certificates: None, ..announcement }).is_ok());
}

#[test]
fn change_that_no_batch_can_carry_is_refused_before_it_is_kept() {
    let of =
        |length: usize| build_change(draft(1, Body::NoteWritten(NoteWritten { text: "x".repeat(length) })), 1, [0; 16]);
    assert!(matches!(of(MAX_CHANGE_BYTES), Err(WireError::TooLarge { .. })));
    // The largest that is kept can also be sent.
    let largest = of(MAX_CHANGE_BYTES - 16 - 10 - note(1, 1).header_bytes.len() - 7).unwrap();
    assert!(seal(request(&[largest]), &device_key(), deployment()).is_ok());
}

#[test]
fn changes_are_split_at_256_and_at_256_kib() {
    let many: Vec<_> = (1..=600).map(|sequence| note(1, sequence)).collect();
    let counts: Vec<_> = split_for_batches(&many).iter().map(|group| group.len()).collect();
    assert_eq!(counts, [256, 256, 88]);
    let large: Vec<_> = (1..=7)
        .map(|sequence| {
            let text = "x".repeat(100_000);
            build_change(draft(1, Body::NoteWritten(NoteWritten { text })), sequence, [0; 16]).unwrap()
        })
        .collect();
    let groups = split_for_batches(&large);
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [2, 2, 2, 1]);
    let (bytes, ..) = seal_request(request(groups[0]));
    assert!(bytes.len() <= MAX_BATCH_BYTES);
    assert!(split_for_batches(&[]).is_empty());
}

#[test]
fn full_batch_of_256_changes_opens() {
    let changes: Vec<_> = (1..=MAX_BATCH_CHANGES as u64).map(|sequence| note(1, sequence)).collect();
    let (bytes, ..) = seal_request(request(&changes));
    assert_eq!(open(&bytes, author, deployment()).unwrap().headers.len(), 256);
}

#[test]
fn what_contradicts_itself_is_not_sealed() {
    let refused = |request| seal(request, &device_key(), deployment()).unwrap_err().code();
    let gapped = [note(1, 1), note(2, 3)];
    assert_eq!(refused(request(&[])), "wire_batch_shape");
    assert_eq!(refused(request(&gapped)), "wire_batch_shape");
    let late = [note(1, 2)];
    let replaces = Some(ReplacedChain { chain: id(9, ChainId::from_bytes), last_sequence: 4, head: [9; 32] });
    let mut second_batch_replaces = request(&late);
    second_batch_replaces.replaces = replaces.clone();
    assert_eq!(refused(second_batch_replaces), "wire_batch_shape");
    let first = [note(1, 1)];
    let mut head_of_another_chain = request(&first);
    head_of_another_chain.replaces = replaces;
    assert_eq!(refused(head_of_another_chain), "wire_batch_shape");
    let mut other_start = request(&first);
    other_start.hash_before = [0; 32];
    assert_eq!(refused(other_start), "wire_batch_shape");
    let many: Vec<_> = (1..=257).map(|sequence| note(1, sequence)).collect();
    assert_eq!(refused(request(&many)), "wire_batch_shape");
    let mut decomposed = request(&first);
    decomposed.made.app_version = "0.1.0-a\u{301}".to_owned();
    assert_eq!(refused(decomposed), "wire_not_canonical");
}

#[test]
fn chain_that_replaces_another_starts_from_its_head() {
    let replaced = ReplacedChain { chain: id(9, ChainId::from_bytes), last_sequence: 4, head: [9; 32] };
    let changes = [renumber(&note(5, 5), 1)];
    let mut replacing = request(&changes);
    replacing.hash_before = replaced.head;
    replacing.replaces = Some(replaced.clone());
    let (bytes, ..) = seal_request(replacing);
    let opened = open(&bytes, author, deployment()).unwrap();
    assert_eq!(opened.batch.replaces, Some(replaced));
    assert_eq!(opened.headers[0].id, note(5, 5).header.id);
    assert_eq!(opened.salted_bodies[0], note(5, 5).salted_body);
}

#[test]
fn erased_body_passes_beside_its_header() {
    let (_, mut sealed, _) = two_notes();
    sealed.bodies[0].0.clear();
    let opened = open(&codec::encode(&sealed), author, deployment()).unwrap();
    assert!(opened.salted_bodies[0].is_empty());
    assert_eq!(opened.headers[0].body_hash, hash::body_hash(&note(1, 1).salted_body));
}

#[test]
fn transfer_bytes_that_would_unpack_beyond_the_limit_are_not_unpacked() {
    let bomb = zstd::bulk::compress(&vec![0; 200 * 1024 * 1024], 3).unwrap();
    assert!(bomb.len() < 32 * 1024);
    assert!(matches!(from_transfer(&bomb), Err(WireError::TooLarge { .. })));
    let just_over = zstd::bulk::compress(&vec![0; MAX_BATCH_BYTES + 1], 3).unwrap();
    assert!(matches!(from_transfer(&just_over), Err(WireError::TooLarge { .. })));
    let at_limit = zstd::bulk::compress(&vec![0; MAX_BATCH_BYTES], 3).unwrap();
    assert_eq!(from_transfer(&at_limit).unwrap().len(), MAX_BATCH_BYTES);
}

#[test]
fn transfer_bytes_are_exactly_one_frame() {
    let (_, sealed, _) = two_notes();
    let frame = to_transfer(&sealed);
    for length in 0..frame.len() {
        assert!(from_transfer(&frame[..length]).is_err(), "cut at {length}");
    }
    assert_eq!(from_transfer(&[frame.as_slice(), &[0]].concat()), Err(WireError::Decompression));
    assert_eq!(from_transfer(&[frame.as_slice(), &frame].concat()), Err(WireError::Decompression));
    let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], frame.as_slice()].concat();
    assert!(from_transfer(&skippable).is_err());
}

/// The measure of the design: a visit with two corrections costs at most 600 bytes on the wire, its share of the
/// signature and of the batch included.
#[test]
fn visit_with_two_corrections_takes_at_most_600_bytes() {
    let mut changes = Vec::new();
    let mut random = 1u64;
    let mut noise = || {
        // splitmix64: ids and salts do not compress.
        random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut random_id = || {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&noise().to_le_bytes());
        bytes[8..].copy_from_slice(&noise().to_le_bytes());
        bytes
    };
    let visits = 33;
    for visit in 0..visits {
        for (at, mut body) in crate::samples::everyday_visit().into_iter().enumerate() {
            use domain::id::*;
            let (visit_id, household) = (random_id(), random_id());
            match &mut body {
                Body::VisitRecorded(body) => {
                    body.visit.household = HouseholdId::from_bytes(household);
                    body.visit.met = vec![PersonId::from_bytes(random_id())];
                    body.visit.started_ms = NOW_MS + visit * 600_000;
                    body.visit.ended_ms = NOW_MS + visit * 600_000 + 300_000;
                }
                Body::CorrectionProposed(body) => {
                    body.subject_id = EntityId::from_bytes(random_id());
                    body.household = Some(HouseholdId::from_bytes(household));
                    body.visit = Some(VisitId::from_bytes(visit_id));
                }
                _ => unreachable!("a visit and corrections"),
            }
            let mut draft = draft(1, body);
            draft.id = ChangeId::from_bytes(random_id());
            draft.entity = crate::samples::entity_for(&draft.body);
            draft.entity.id = EntityId::from_bytes(random_id());
            let sequence = visit * 3 + at as u64 + 1;
            changes.push(build_change(draft, sequence, random_id()).unwrap());
        }
    }
    let (_, sealed, _) = seal_request(request(&changes));
    let each = to_transfer(&sealed).len() as u64 / visits;
    assert!(each <= 600, "{each} bytes");
}
