//! Pages of a log: filled to a limit, signed, and checked to the last body.

use domain::change::{Body, NoteWritten};
use domain::id::LogId;
use domain::role::Role;
use domain::unit::Unit;
use sync::batch::{build_change, open};
use sync::cose::Envelope;
use sync::feed::{PAGE_BYTES, PageBuilder, PageRequest, VerifiedPage, sign_page, verify_mark, verify_page};
use sync::keys::SigningKey;
use sync::message::{Blob, Certificate, FORMAT, FeedEntry, FeedPage, SealedBatch, Verdict, VerdictEntry};
use sync::{WireError, codec, cose, hash};

use crate::fixed::*;

fn signed_certificate(certificate: &Certificate) -> Vec<u8> {
    cose::sign(certificate, &enrolment_key(), deployment()).0
}

fn ask(after: u64) -> PageRequest {
    PageRequest {
        deployment: deployment(),
        unit: unit(),
        after,
        log: Some(log()),
        hash: None,
        server_key: server_key().public_key(),
        enrolment_key: enrolment_key().public_key(),
    }
}

/// Batches of one note each, a chain from sequence 1, at indexes from 1.
fn entries(count: u64, text: &str) -> Vec<FeedEntry> {
    let mut before = hash::chain_start(chain());
    (1..=count)
        .map(|index| {
            let body = Body::NoteWritten(NoteWritten { text: text.to_owned() });
            let changes = [build_change(draft(index as u8, body), index, [9; 16]).unwrap()];
            let mut request = request(&changes);
            request.hash_before = before;
            let (_, sealed, batch) = seal_request(request);
            before = batch.hash_after;
            FeedEntry { index, envelope: sealed.envelope, bodies: sealed.bodies, verdicts: vec![], received_ms: NOW_MS }
        })
        .collect()
}

fn page(after: u64, head: u64, entries: Vec<FeedEntry>) -> FeedPage {
    FeedPage {
        format: FORMAT,
        log: log(),
        unit: unit(),
        after,
        head,
        entries,
        certificates: vec![Blob(signed_certificate(&certificate()))],
        made_ms: NOW_MS,
        edition: 3,
        hash: [after as u8; 32],
        mark: Blob(vec![]),
    }
}

/// The log's hash after the page.
fn through(page: &FeedPage) -> [u8; 32] {
    page.entries.iter().fold(page.hash, |before, entry| {
        let sealed = SealedBatch { envelope: entry.envelope.clone(), bodies: entry.bodies.clone() };
        let opened = open(&codec::encode(&sealed), author, deployment());
        hash::log_after(&before, &opened.map_or([0; 32], |opened| opened.batch.hash_after))
    })
}

fn read(page: &FeedPage, request: &PageRequest) -> Result<VerifiedPage, WireError> {
    verify_page(sign_page(page.clone(), through(page), &server_key(), deployment()).as_bytes(), request)
}

#[test]
fn log_that_is_not_the_one_that_was_read_is_told() {
    let all = entries(3, "x");
    let first = page(0, 3, all[..1].to_vec());
    let verified = read(&first, &PageRequest { hash: Some([0; 32]), ..ask(0) }).unwrap();
    assert_eq!(verified.next_hash(), through(&first));
    assert_eq!(verified.entries[0].log_hash, through(&first));

    let mut second = page(1, 3, all[1..].to_vec());
    second.hash = verified.next_hash();
    let request = PageRequest { hash: Some(verified.next_hash()), ..ask(1) };
    assert_eq!(read(&second, &request).unwrap().next_cursor(), 3);
    // Other batches below the cursor, with as many entries as before.
    second.hash[0] ^= 1;
    assert_eq!(read(&second, &request), Err(WireError::LogContradicted));
    // A head below the cursor.
    let set_back = FeedPage { head: 2, ..page(3, 3, vec![]) };
    assert_eq!(read(&set_back, &ask(3)), Err(WireError::LogContradicted));
    // An erasure changes nothing.
    let mut erased = page(0, 3, all);
    erased.entries[0].bodies[0].0.clear();
    assert_eq!(read(&erased, &ask(0)).unwrap().entries[0].log_hash, through(&first));
}

#[test]
fn page_ends_with_the_mark_of_what_it_gave_to_read() {
    let good = page(0, 2, entries(2, "x"));
    let verified = read(&good, &ask(0)).unwrap();
    let mark = verify_mark(&verified.mark, &server_key().public_key(), deployment()).unwrap();
    assert_eq!((mark.log, mark.index, mark.hash), (log(), 2, through(&good)));
    // One of another place, and one that the server did not sign.
    let wrong = sign_page(good.clone(), [7; 32], &server_key(), deployment());
    assert_eq!(verify_page(wrong.as_bytes(), &ask(0)), Err(WireError::FeedShape("mark")));
    let mut forged = good;
    forged.mark = Blob(cose::sign(&mark, &device_key(), deployment()).0);
    let forged = cose::sign(&forged, &server_key(), deployment());
    assert_eq!(verify_page(forged.as_bytes(), &ask(0)), Err(WireError::WrongKey));
}

#[test]
fn page_gives_each_entry_as_its_author_sealed_it() {
    let entries = entries(3, "x");
    let verified = read(&page(0, 3, entries.clone()), &ask(0)).unwrap();
    assert_eq!((verified.head, verified.edition, verified.next_cursor()), (3, 3, 3));
    assert_eq!(verified.certificates, [(certificate(), signed_certificate(&certificate()))]);
    for (entry, sent) in verified.entries.iter().zip(&entries) {
        assert_eq!((entry.index, entry.received_ms), (sent.index, NOW_MS));
        assert_eq!(entry.sealed.envelope, sent.envelope);
        assert_eq!(entry.opened.headers[0].sequence, sent.index);
        assert_eq!(entry.opened.certificate, certificate());
    }
}

#[test]
fn page_from_the_middle_and_page_at_the_head_are_read() {
    let all = entries(3, "x");
    assert_eq!(read(&page(1, 3, all[1..2].to_vec()), &ask(1)).unwrap().next_cursor(), 2);
    assert_eq!(read(&page(3, 3, vec![]), &ask(3)).unwrap().next_cursor(), 3);
    assert_eq!(read(&page(0, 0, vec![]), &PageRequest { log: None, ..ask(0) }).unwrap().next_cursor(), 0);
}

#[test]
fn indexes_that_are_not_dense_are_refused() {
    let all = entries(3, "x");
    let skipped = vec![all[0].clone(), all[2].clone()];
    assert_eq!(read(&page(0, 3, skipped), &ask(0)), Err(WireError::FeedOrder { wanted: 2, found: 3 }));
    let doubled = vec![all[0].clone(), all[0].clone()];
    assert_eq!(read(&page(0, 3, doubled), &ask(0)), Err(WireError::FeedOrder { wanted: 2, found: 1 }));
    assert_eq!(read(&page(0, 3, all[1..].to_vec()), &ask(0)), Err(WireError::FeedOrder { wanted: 1, found: 2 }));
}

#[test]
fn page_that_does_not_answer_the_question_is_refused() {
    let good = page(0, 1, entries(1, "x"));
    let code = |page: &FeedPage| read(page, &ask(0)).unwrap_err().code();
    assert_eq!(code(&FeedPage { unit: Unit::of_2025("25370"), ..good.clone() }), "wire_wrong_unit");
    let from_further_on = page(1, 2, entries(2, "x")[1..].to_vec());
    assert!(read(&from_further_on, &ask(1)).is_ok());
    assert_eq!(code(&from_further_on), "wire_feed_shape");
    assert_eq!(code(&FeedPage { head: 0, ..good.clone() }), "wire_feed_shape", "an entry above the head");
    assert_eq!(code(&FeedPage { entries: vec![], ..good.clone() }), "wire_feed_shape");
    assert_eq!(code(&FeedPage { certificates: vec![], ..good.clone() }), "wire_unknown_key");
    assert_eq!(code(&FeedPage { format: 2, ..good.clone() }), "wire_unknown_format");
    let other_log = id(0x11, LogId::from_bytes);
    let changed = FeedPage { log: other_log, ..good };
    assert_eq!(read(&changed, &ask(0)), Err(WireError::LogChanged { found: other_log }));
}

#[test]
fn cursor_beyond_what_a_database_holds_is_refused() {
    let page = FeedPage { after: u64::MAX, ..page(0, u64::MAX, vec![]) };
    assert_eq!(read(&page, &ask(u64::MAX)).unwrap_err().code(), "wire_not_canonical");
    let highest = (1 << 53) - 1;
    let page = FeedPage { after: highest, head: highest, ..page };
    assert_eq!(read(&page, &ask(highest)).unwrap().next_cursor(), highest);
}

#[test]
fn server_cannot_put_words_into_an_authors_mouth() {
    let mut altered = entries(1, "x");
    altered[0].bodies[0].0[19] ^= 1;
    assert_eq!(read(&page(0, 1, altered), &ask(0)), Err(WireError::BodyHash { sequence: 1 }));
    let mut forged = entries(1, "x");
    let last = forged[0].envelope.0.len() - 1;
    forged[0].envelope.0[last] ^= 1;
    assert_eq!(read(&page(0, 1, forged), &ask(0)), Err(WireError::BadSignature));
}

#[test]
fn page_of_another_signer_is_refused() {
    let page = page(0, 1, entries(1, "x"));
    let envelope = sign_page(page.clone(), through(&page), &SigningKey::from_seed(&[0x55; 32]), deployment());
    assert_eq!(verify_page(envelope.as_bytes(), &ask(0)), Err(WireError::WrongKey));
}

#[test]
fn certificate_that_the_enrolment_key_did_not_sign_is_refused() {
    let own_making = cose::sign(&Certificate { role: Role::Server, ..certificate() }, &device_key(), deployment());
    let forged = FeedPage { certificates: vec![Blob(own_making.0)], ..page(0, 1, entries(1, "x")) };
    assert_eq!(read(&forged, &ask(0)), Err(WireError::WrongKey));
}

#[test]
fn batch_of_another_unit_has_no_place_in_the_page() {
    let changes = [note(1, 1)];
    let mut request = request(&changes);
    request.unit = Unit::of_2025("25370");
    let (_, sealed, _) = seal_request(request);
    let entry =
        FeedEntry { index: 1, envelope: sealed.envelope, bodies: sealed.bodies, verdicts: vec![], received_ms: NOW_MS };
    assert_eq!(read(&page(0, 1, vec![entry]), &ask(0)), Err(WireError::WrongUnit));
}

#[test]
fn verdict_on_a_sequence_that_is_not_there_is_refused() {
    let mut entries = entries(1, "x");
    entries[0].verdicts = vec![VerdictEntry { sequence: 1, verdict: Verdict::NotErased }];
    assert!(read(&page(0, 1, entries.clone()), &ask(0)).is_ok());
    entries[0].verdicts = vec![VerdictEntry { sequence: 2, verdict: Verdict::NotErased }];
    assert_eq!(read(&page(0, 1, entries), &ask(0)), Err(WireError::FeedShape("verdicts")));
}

#[test]
fn erased_body_leaves_the_page_whole() {
    let mut entries = entries(2, "x");
    entries[0].bodies[0].0.clear();
    let verified = read(&page(0, 2, entries), &ask(0)).unwrap();
    assert!(verified.entries[0].opened.salted_bodies[0].is_empty());
    assert!(!verified.entries[1].opened.salted_bodies[0].is_empty());
}

fn build(entries: &[FeedEntry]) -> (usize, Envelope) {
    let mut builder = PageBuilder::new(log(), unit(), 0, hash::LOG_START, entries.len() as u64, 0, NOW_MS);
    let certificate = signed_certificate(&certificate());
    let taken = entries.iter().take_while(|entry| builder.push((*entry).clone(), &certificate)).count();
    (taken, builder.seal(&server_key(), deployment()))
}

#[test]
fn page_is_filled_to_its_limit_and_no_further() {
    let entries = entries(12, &"x".repeat(100_000));
    let (taken, envelope) = build(&entries);
    assert_eq!(taken, 10);
    assert!(envelope.as_bytes().len() <= PAGE_BYTES);
    let verified = verify_page(envelope.as_bytes(), &ask(0)).unwrap();
    assert_eq!(verified.next_cursor(), 10);
    // One author, one certificate.
    assert_eq!(verified.certificates.len(), 1);
}

#[test]
fn page_takes_an_entry_of_any_size_when_it_is_alone() {
    let (taken, envelope) = build(&entries(1, &"x".repeat(200_000)));
    assert_eq!(taken, 1);
    assert!(verify_page(envelope.as_bytes(), &ask(0)).is_ok());
}
