//! A person erased: gone from every file of the ledger, the chain still whole.

use domain::change::{
    Body, EntityKind, EntityRef, ErasureBasis, NoteWritten, PhotoAttached, PhotoReason, VisitKind, VisitOutcome,
    VisitRecord, VisitRecorded,
};
use domain::id::{PersonId, PhotoHash, VisitId};
use domain::role::Role;
use sync::message::{ItemState, ReceiptStatus};
use tungnha_server::erase::erase_person;
use tungnha_server::import::IdentityNote;
use tungnha_server::ledger::PieceSet;
use tungnha_server::register::ImportReport;
use uuid::Uuid;

use crate::batches::revoke;
use crate::device::photo_item;
use crate::extract::people;
use crate::feed::read_page;
use crate::photos::{picture, send_photo};
use crate::register::{approved_correction, download, manifest};
use crate::server::{TestServer, unit};

fn about(person: PersonId, text: &str) -> (EntityRef, Body) {
    (EntityRef::new(EntityKind::Person, person), Body::NoteWritten(NoteWritten { text: text.into() }))
}

fn visit(person: PersonId, household: domain::id::HouseholdId, text: &str) -> (EntityRef, Body) {
    let visit = VisitRecord {
        household,
        kind: VisitKind::AtTheDoor,
        outcome: VisitOutcome::Met,
        met: vec![person],
        met_other: None,
        started_ms: 1,
        ended_ms: 2,
        next_visit: None,
        note: Some(text.into()),
        interpreter: None,
    };
    let entity = EntityRef::new(EntityKind::Visit, VisitId(Uuid::now_v7()));
    (entity, Body::VisitRecorded(VisitRecorded { visit }))
}

/// Everything that the ledger can be made to say, from an unencrypted copy of all its tables.
fn everything_readable(server: &TestServer) -> Vec<u8> {
    let unit = unit();
    let mut all = Vec::new();
    server
        .deployment
        .ledger
        .read(|records| {
            for entry in records.entries_after(&unit, 0, usize::MAX)? {
                all.extend(entry.envelope);
                all.extend(entry.salted_bodies.concat());
            }
            for aside in records.asides(&unit)? {
                all.extend(aside.sealed);
            }
            for edition in records.editions(&unit)? {
                for set in [PieceSet::Full, PieceSet::Delta] {
                    for piece in records.pieces(&unit, edition.edition, set)? {
                        let bytes = records.piece(&unit, edition.edition, set, piece.position)?.unwrap();
                        all.extend(zstd::stream::decode_all(&bytes[..]).unwrap());
                    }
                }
            }
            records.each_audit(Some(&unit), &mut |row| {
                all.extend(format!("{row:?}").into_bytes());
                Ok(())
            })
        })
        .unwrap();
    all
}

fn count(haystack: &[u8], needle: &str) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle.as_bytes()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_in_no_table_and_the_chain_is_whole() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let mut rows = people(40);
    server.import("2026-10", &rows);
    rows[0].full_name = "Canary Một Hai".into();
    server.import("2026-11", &rows);
    let (person, household) = server.person(&rows[0].id_number);
    let (other, _) = server.person(&rows[9].id_number);

    approved_correction(&server, &mut officer, &mut supervisor, person, "Canary Ba Bốn").await;
    let photo = picture(50_000);
    let attached = PhotoAttached {
        document_kind: "id_card".into(),
        document_number: Some("Canary Số".into()),
        document_date: None,
        reason: PhotoReason::Discrepancy,
        reason_text: None,
        visit: None,
    };
    let entity = EntityRef::new(EntityKind::Person, person);
    let with_photo = officer.seal_photo((entity, Body::PhotoAttached(attached)), &photo);
    officer.deliver(&server, &with_photo).await;
    send_photo(&server, &officer, &photo).await;
    let batch = officer.seal(&[
        visit(person, household, "Canary ở nhà"),
        about(person, "Canary ghi chú"),
        about(other, "Someone else stays"),
    ]);
    officer.deliver(&server, &batch).await;
    // Half an upload, and a late batch beside the log, hold the person too.
    let late = officer.seal(&[about(person, "Canary muộn")]);
    let half = officer.seal(&[about(person, "Canary nửa chừng")]);
    officer.announce(&server, vec![half.item()]).await;
    officer.put(&server, &half.item().hash, 0, &half.transfer[..20]).await;
    revoke(&server, &officer);
    let mut revoked = officer.copied();
    revoked.deliver(&server, &late).await;

    let before = everything_readable(&server);
    assert!(count(&before, "Canary") >= 6 && count(&before, &rows[0].id_number) >= 2);
    let erased = erase_person(&server.deployment, &unit(), person, ErasureBasis::ResidentRequest, None).unwrap();
    assert_eq!((erased.changes, erased.photos, erased.visits, erased.people), (6, 1, 1, 1));

    let after = everything_readable(&server);
    assert_eq!(count(&after, "Canary"), 0);
    assert_eq!(count(&after, &rows[0].id_number), 0);
    assert_eq!(count(&after, "Someone else stays"), 1);
    let waiting = server.deployment.ledger.read(|records| records.uploads_waiting(&unit(), officer.device));
    assert_eq!(waiting.unwrap(), (0, 0));
    let wal = std::fs::metadata(server.folder.path().join("ledger.db-wal")).unwrap();
    assert_eq!(wal.len(), 0, "what was written before lies in no journal");

    // The log reads on, every hash holds, and the register came anew.
    let page = read_page(&server, &supervisor, 0).await;
    assert_eq!(page.entries.len() as u64, page.head);
    let manifest = manifest(&server, &supervisor, 0).await.unwrap();
    assert_eq!(manifest.people, 39);
    assert_eq!(download(&server, &supervisor, &manifest).await.len(), 39 + 20 + 20);
    let hash = PhotoHash(sync::hash::sha256(&photo)).to_hex();
    let token = supervisor.token(&server).await;
    let gone = server.get(&format!("/v1/units/{}/photos/{hash}", unit()), Some(&token)).await;
    assert_eq!(gone.short(), "404 photo_unknown");
    assert!(server.deployment.ledger.check_integrity().is_ok());
    let again =
        erase_person(&server.deployment, &unit(), PersonId(Uuid::now_v7()), ErasureBasis::ResidentRequest, None);
    assert_eq!(again.unwrap_err().code(), "person_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_does_not_come_again() {
    let mut server = TestServer::start().await;
    let mut officer = server.device(Role::Officer).await;
    let reader = server.device(Role::Supervisor).await;
    let rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    let backup = server.back_up().await;
    let photo = picture(1000);
    let batch = officer.seal_photo(about(person, "Canary ghi chú"), &photo);
    officer.deliver(&server, &batch).await;
    erase_person(&server.deployment, &unit(), person, ErasureBasis::RetentionEnded, None).unwrap();
    let refused = officer.announce(&server, vec![photo_item(&photo)]).await;
    assert_eq!((refused.items[0].state, refused.items[0].code.as_deref()), (ItemState::NotNow, Some("photo_erased")));
    let page = read_page(&server, &reader, 0).await;
    let erasure = page.entries.last().unwrap().clone();
    assert!(page.entries[page.entries.len() - 2].sealed.bodies[0].0.is_empty());

    // Restored from before it, and refilled: the emptied batch, then the erasure, then the author's full copy.
    server.restore(&backup).await;
    let take = |bytes: Vec<u8>| {
        let batch = tungnha_server::ingest::verify_sealed(&server.deployment, bytes).unwrap();
        tungnha_server::ingest::take_batch(&server.deployment, &batch, None, None).unwrap().status
    };
    assert_eq!(take(batch.without_body(0).bytes()), ReceiptStatus::Stored);
    assert_eq!(take(sync::codec::encode(&erasure.sealed)), ReceiptStatus::Stored);
    assert_eq!(take(batch.bytes()), ReceiptStatus::Stored);
    let all = everything_readable(&server);
    assert_eq!((count(&all, "Canary"), count(&all, &rows[0].id_number)), (0, 0));

    // What is written of him later by someone who has not heard of it raises an alarm.
    let late = officer.seal(&[about(person, "written too late")]);
    officer.deliver(&server, &late).await;
    let alarms = tungnha_server::status::status(&server.deployment, Some(&unit())).unwrap()[0].alarms.clone();
    assert!(alarms.iter().any(|alarm| alarm.action == "change_about_erased_person"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_decision_on_a_correction_of_an_erased_person_goes_with_him() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    let correction = approved_correction(&server, &mut officer, &mut supervisor, person, "Canary Ba Bốn").await;
    let review = domain::change::CorrectionReviewed {
        decision: domain::change::Decision::Return,
        reason: Some("Canary muộn màng".into()),
        office: None,
        answer_by: None,
        register_value: None,
    };
    let entity = EntityRef::new(EntityKind::Correction, correction);
    let late = supervisor.seal(&[(entity, Body::CorrectionReviewed(review))]);
    revoke(&server, &supervisor);
    supervisor.copied().deliver(&server, &late).await;
    assert!(count(&everything_readable(&server), "Canary") >= 2);

    erase_person(&server.deployment, &unit(), person, ErasureBasis::ResidentRequest, None).unwrap();

    assert_eq!(count(&everything_readable(&server), "Canary"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_that_brings_back_someone_erased_says_so() {
    let server = TestServer::start().await;
    let rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    erase_person(&server.deployment, &unit(), person, ErasureBasis::ResidentRequest, None).unwrap();

    let ImportReport::Published { identity_notes, .. } = server.import("2026-11", &rows) else { panic!() };

    assert_eq!(identity_notes, [IdentityNote::ErasedReturned { line: 2, erased: person }]);
    assert_ne!(server.person(&rows[0].id_number).0, person, "the erased id stays gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_tells_who_still_names_the_erased_and_is_made_once() {
    let server = TestServer::start().await;
    let mut rows = people(40);
    rows[0].full_name = "Trần Thị Lan".into();
    // Of her household, and of another where someone's mother is only called alike.
    (rows[1].mother_name, rows[7].mother_name) = ("TRẦN THỊ LAN".into(), "Trần Thị Lan".into());
    server.import("2026-10", &rows);
    let (mother, _) = server.person(&rows[0].id_number);
    let erase = || erase_person(&server.deployment, &unit(), mother, ErasureBasis::ResidentRequest, None).unwrap();

    let erased = erase();
    assert!(!erased.already);
    assert_eq!(erased.named_by, [server.person(&rows[1].id_number).0]);

    let head = || server.deployment.ledger.read(|records| Ok(records.unit(&unit())?.unwrap().head)).unwrap();
    let before = head();
    let again = erase();
    assert!(again.already);
    assert_eq!((again.changes, head()), (0, before), "nothing new in the log");
}
