//! Queue files, both ways.

use std::collections::BTreeMap;

use domain::role::Role;
use sync::feed::{PageRequest, verify_page};
use sync::message::Receipt;
use sync::queue_file::{Direction, PartKind, QueueLabel, QueueWriter, read_queue};
use tungnha_server::stick::{give_queue_file, take_queue_file};

use crate::commands::{error_code, run};
use crate::device::{Sealed, TestDevice, household, note};
use crate::extract::people;
use crate::photos::picture;
use crate::server::{NOW_MS, TestServer, unit};

fn queue_file(server: &TestServer, device: &TestDevice, batches: &[&Sealed], photos: &[&[u8]]) -> Vec<u8> {
    let label = QueueLabel {
        direction: Direction::ToServer,
        deployment: device.deployment,
        device: device.device,
        written_ms: NOW_MS,
    };
    let mut writer = QueueWriter::begin(Vec::new(), label, &[server.deployment.keys.stick.public_key()]).unwrap();
    writer.write_part(PartKind::Certificate, &device.certificate).unwrap();
    // Photos first: they are named by what comes behind them.
    photos.iter().for_each(|photo| writer.write_part(PartKind::Photo, photo).unwrap());
    batches.iter().for_each(|batch| writer.write_part(PartKind::SealedBatch, &batch.bytes()).unwrap());
    writer.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_is_taken_in_and_twice_is_harmless() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let photo = picture(5000);
    let batches = [device.seal(&[note(household(), "1")]), device.seal_photo(note(household(), "2"), &photo)];
    let file = queue_file(&server, &device, &[&batches[0], &batches[1]], &[&photo, b"named by nothing"]);
    let report = take_queue_file(&server.deployment, &file[..]).unwrap();
    assert_eq!((report.stored, report.photos, report.photos_not_named), (2, 1, 1));
    assert!(report.complete);
    let again = take_queue_file(&server.deployment, &file[..]).unwrap();
    assert_eq!((again.stored, again.again), (0, 2));
    assert_eq!(device.deliver(&server, &batches[0]).await.index, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_damaged_stick_the_whole_parts_are_taken() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batches = [device.seal(&[note(household(), "1")]), device.seal(&[note(household(), "2")])];
    let file = queue_file(&server, &device, &[&batches[0], &batches[1]], &[]);
    let report = take_queue_file(&server.deployment, &file[..file.len() - 60]).unwrap();
    assert_eq!((report.stored, report.complete), (1, false));
    let data = server.folder.path();
    let cut = data.join("cut.queue");
    std::fs::write(&cut, &file[..file.len() - 60]).unwrap();
    let told = run(data, &["queue-file", "take", cut.to_str().unwrap()]);
    assert_eq!(told.status.code(), Some(5), "a script sees that the file is cut off");
    let report = take_queue_file(&server.deployment, &file[..]).unwrap();
    assert_eq!((report.stored, report.again, report.complete), (1, 1, true));
    let unreadable = take_queue_file(&server.deployment, &b"hello"[..]).unwrap_err();
    assert_eq!(unreadable.code(), "queue_file_unreadable");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stick_back_holds_receipts_log_and_edition_for_laptops_in_order_alone() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let lost = server.device(Role::Officer).await;
    crate::batches::revoke(&server, &lost);
    server.import("2026-10", &people(20));
    let batch = device.seal(&[note(household(), "1")]);
    let receipt = device.deliver(&server, &batch).await;

    let mut file = Vec::new();
    give_queue_file(&server.deployment, &unit(), &mut file).unwrap();
    assert!(read_queue(&file[..], &lost.stick, device.deployment).is_err(), "a revoked laptop opens nothing");
    let mut parts: BTreeMap<u8, Vec<Vec<u8>>> = BTreeMap::new();
    let mut reader = read_queue(&file[..], &device.stick, device.deployment).unwrap();
    for part in reader.by_ref() {
        let part = part.unwrap();
        let kind = [PartKind::Receipt, PartKind::FeedPage, PartKind::Manifest, PartKind::EditionPiece];
        let at = kind.iter().position(|kind| *kind == part.kind).map_or(9, |at| u8::try_from(at).unwrap());
        parts.entry(at).or_default().push(part.bytes);
    }
    assert!(reader.report().is_complete());
    assert_eq!(device.verify_receipt(&parts[&0][0]), Receipt { ..receipt });
    let request = PageRequest {
        deployment: device.deployment,
        unit: unit(),
        after: 0,
        log: device.log,
        hash: None,
        server_key: device.server_key,
        enrolment_key: server.deployment.keys.enrolment.public_key(),
    };
    let page = verify_page(&parts[&1][0], &request).unwrap();
    assert_eq!(page.entries.len() as u64, page.head);
    assert_eq!((parts[&2].len(), parts[&3].len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_that_cannot_be_written_leaves_no_file() {
    let server = TestServer::start().await;
    server.import("2026-10", &people(20));
    let data = server.folder.path();
    let out = data.join("back.queue");
    let give = || run(data, &["queue-file", "give", "--unit", "25390", "--out", out.to_str().unwrap()]);
    assert_eq!(error_code(&give()), "device_unknown");
    assert!(!out.exists() && !data.join("back.queue.part").exists());
    server.device(Role::Officer).await;
    assert!(give().status.success() && out.exists() && !data.join("back.queue.part").exists());
}
