//! Which changes are stored and refused.

use domain::change::{Body, CorrectionReviewed, Decision, EntityKind, EntityRef, NoteWritten, kind};
use domain::id::{ChangeId, EntityId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use sync::batch::{OpenedBatch, SealedChange, VerdictContext, build_change, open, verdicts};
use sync::message::{Certificate, Verdict};
use sync::{codec, hash};

use crate::fixed::*;
use crate::samples::{entity_for, full_bodies, minimal_bodies};

fn opened(changes: &[SealedChange], certificate: Certificate) -> OpenedBatch {
    let (bytes, ..) = seal_request(request(changes));
    open(&bytes, |_| Some(certificate), deployment()).unwrap()
}

fn judge(opened: &OpenedBatch) -> Vec<(u64, Verdict)> {
    judge_after(opened, &[], &[])
}

fn judge_after(opened: &OpenedBatch, earlier: &[ChangeId], erased: &[ChangeId]) -> Vec<(u64, Verdict)> {
    let context = VerdictContext {
        stands_earlier: &|change| earlier.contains(change),
        is_erased: &|change| erased.contains(change),
    };
    verdicts(opened, context).into_iter().map(|entry| (entry.sequence, entry.verdict)).collect()
}

/// A change with any bytes for a body, as a faulty or later client would send it.
fn with_body(kind: u16, version: u16, body: &[u8]) -> SealedChange {
    let mut change = note(1, 1);
    change.salted_body = [[1; 16].as_slice(), body].concat();
    change.header.kind = kind;
    change.header.version = version;
    change.header.body_hash = hash::body_hash(&change.salted_body);
    change.header_bytes = codec::encode(&change.header);
    change
}

#[test]
fn every_body_passes_from_a_role_that_may_author_it() {
    for body in full_bodies().into_iter().chain(minimal_bodies()) {
        let role = [Role::Officer, Role::Supervisor, Role::Server]
            .into_iter()
            .find(|role| role.may_author(body.kind()))
            .unwrap();
        let mut draft = draft(1, body);
        draft.entity = entity_for(&draft.body);
        let kind = draft.body.kind();
        let change = build_change(draft, 1, [1; 16]).unwrap();
        let judged = judge(&opened(&[change], Certificate { role, ..certificate() }));
        assert_eq!(judged, [], "type {kind}");
    }
}

#[test]
fn everything_from_outside_the_unit_is_refused() {
    let other = Certificate { unit: Some(Unit::of_2025("25370")), ..certificate() };
    let judged = judge(&opened(&[note(1, 1), note(2, 2)], other));
    assert_eq!(judged, [(1, Verdict::OutsideUnit), (2, Verdict::OutsideUnit)]);
}

#[test]
fn certificate_without_unit_is_the_servers_only() {
    let without = |role| Certificate { unit: None, role, ..certificate() };
    assert_eq!(judge(&opened(&[note(1, 1)], without(Role::Officer))), [(1, Verdict::OutsideUnit)]);
    // The server may write here, and a note is not among the things it says.
    assert_eq!(judge(&opened(&[note(1, 1)], without(Role::Server))), [(1, Verdict::OutsideRole)]);
}

#[test]
fn change_in_the_name_of_another_officer_is_refused() {
    let other = Certificate { officer: id(0xee, OfficerId::from_bytes), ..certificate() };
    assert_eq!(judge(&opened(&[note(1, 1)], other)), [(1, Verdict::WrongAuthor)]);
}

#[test]
fn officer_cannot_review_and_the_queue_goes_on() {
    let review = Body::CorrectionReviewed(CorrectionReviewed {
        decision: Decision::Approve,
        reason: None,
        office: None,
        answer_by: None,
        register_value: None,
    });
    let mut draft = draft(2, review);
    draft.entity = entity_for(&draft.body);
    let changes = [note(1, 1), build_change(draft, 2, [2; 16]).unwrap(), note(3, 3)];
    assert_eq!(judge(&opened(&changes, certificate())), [(2, Verdict::OutsideRole)]);
}

#[test]
fn operator_and_auditor_author_nothing() {
    for role in [Role::Operator, Role::Auditor] {
        let judged = judge(&opened(&[note(1, 1)], Certificate { role, ..certificate() }));
        assert_eq!(judged, [(1, Verdict::OutsideRole)]);
    }
}

#[test]
fn body_that_does_not_decode_is_refused_alone() {
    let malformed: [(&str, Vec<u8>); 8] = [
        ("no map", vec![0x00]),
        ("nothing after the salt", vec![]),
        ("missing key", vec![0xa0]),
        ("wrong type", vec![0xa1, 0x00, 0x01]),
        ("unnamed key", vec![0xa2, 0x00, 0x61, 0x61, 0x05, 0x00]),
        ("not canonical", vec![0xa1, 0x00, 0x78, 0x01, 0x61]),
        ("not NFC", vec![0xa1, 0x00, 0x63, 0x61, 0xcc, 0x81]),
        ("trailing", vec![0xa1, 0x00, 0x61, 0x61, 0x00]),
    ];
    for (what, body) in malformed {
        let batch = opened(&[with_body(kind::NOTE_WRITTEN, 1, &body), note(2, 2)], certificate());
        assert_eq!(judge(&batch), [(1, Verdict::MalformedBody)], "{what}");
    }
}

#[test]
fn salted_body_shorter_than_a_salt_is_refused() {
    let mut change = note(1, 1);
    change.salted_body = vec![7; 15];
    change.header.body_hash = hash::body_hash(&change.salted_body);
    change.header_bytes = codec::encode(&change.header);
    assert_eq!(judge(&opened(&[change], certificate())), [(1, Verdict::MalformedBody)]);
}

#[test]
fn unknown_type_and_later_version_wait_instead_of_being_refused() {
    let unknown_body = [0xa1, 0x00, 0x61, 0x61];
    let later = [with_body(9_999, 1, &unknown_body), with_body(kind::NOTE_WRITTEN, 2, &unknown_body)];
    for change in later {
        assert_eq!(judge(&opened(&[change], certificate())), []);
    }
    // The encoding is the protocol's, not the type's.
    let not_canonical = with_body(9_999, 1, &[0xbf, 0xff]);
    assert_eq!(judge(&opened(&[not_canonical], certificate())), [(1, Verdict::MalformedBody)]);
}

#[test]
fn change_on_the_wrong_kind_of_entity_is_refused() {
    let on = |entity: EntityRef| {
        let mut draft = draft(1, Body::NoteWritten(NoteWritten { text: "x".to_owned() }));
        draft.entity = entity;
        judge(&opened(&[build_change(draft, 1, [1; 16]).unwrap()], certificate()))
    };
    let some_id = id(7, EntityId::from_bytes);
    assert_eq!(on(EntityRef { kind: EntityKind::Visit, id: some_id }), [(1, Verdict::WrongEntity)]);
    assert_eq!(on(EntityRef::UNIT), [(1, Verdict::WrongEntity)]);
    // The id of all zeros is the unit's alone.
    assert_eq!(on(EntityRef { kind: EntityKind::Person, id: EntityRef::UNIT.id }), [(1, Verdict::WrongEntity)]);
    assert_eq!(on(EntityRef { kind: EntityKind::Person, id: some_id }), []);
}

#[test]
fn entity_of_a_later_version_waits_with_its_type_and_is_wrong_for_a_known_one() {
    let on_later = |kind| {
        let mut change = with_body(kind, 1, &[0xa1, 0x00, 0x61, 0x61]);
        change.header.entity = EntityRef { kind: EntityKind::Other(9), id: id(7, EntityId::from_bytes) };
        change.header_bytes = codec::encode(&change.header);
        judge(&opened(&[change], certificate()))
    };
    assert_eq!(on_later(9_999), []);
    assert_eq!(on_later(kind::NOTE_WRITTEN), [(1, Verdict::WrongEntity)]);
}

#[test]
fn second_change_of_the_same_id_is_a_duplicate() {
    let batch = opened(&[note(1, 1), note(1, 2), note(2, 3)], certificate());
    assert_eq!(judge(&batch), [(2, Verdict::DuplicateOfEarlier)]);
    let earlier = [id(2, ChangeId::from_bytes)];
    assert_eq!(
        judge_after(&batch, &earlier, &[]),
        [(2, Verdict::DuplicateOfEarlier), (3, Verdict::DuplicateOfEarlier)]
    );
}

#[test]
fn change_behind_a_refused_one_of_the_same_id_is_no_duplicate() {
    let malformed = with_body(kind::NOTE_WRITTEN, 1, &[0xa0]);
    let batch = opened(&[malformed, note(1, 2)], certificate());
    assert_eq!(judge(&batch), [(1, Verdict::MalformedBody)]);
}

#[test]
fn empty_body_stands_only_where_the_log_holds_its_erasure() {
    let mut changes = [note(1, 1), note(2, 2)];
    changes.iter_mut().for_each(|change| change.salted_body.clear());
    let batch = opened(&changes, certificate());
    assert_eq!(judge_after(&batch, &[], &[id(1, ChangeId::from_bytes)]), [(2, Verdict::NotErased)]);
}

#[test]
fn empty_body_without_an_erasure_yet_still_stands_for_its_change() {
    let mut first = note(1, 1);
    first.salted_body.clear();
    let batch = opened(&[first, note(1, 2)], certificate());
    assert_eq!(judge(&batch), [(1, Verdict::NotErased), (2, Verdict::DuplicateOfEarlier)]);
}
