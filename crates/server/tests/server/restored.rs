//! A server set back to an older backup: it notices, takes a new log id, and is refilled by laptops.

use domain::id::{ChainId, LogId};
use domain::role::Role;
use sync::message::{ItemState, ReceiptStatus};
use tungnha_server::ingest::restored::start_new_log;
use tungnha_server::ledger::Scope;
use uuid::Uuid;

use crate::device::{Sealed, TestDevice, household, note};
use crate::feed::read_page;
use crate::server::{TestServer, unit};

fn log_of(server: &TestServer) -> LogId {
    server.deployment.ledger.read(|records| records.unit(&unit())).unwrap().unwrap().log
}

async fn write(server: &TestServer, device: &mut TestDevice, text: &str) -> Sealed {
    let batch = device.seal(&[note(household(), text)]);
    assert_eq!(device.deliver(server, &batch).await.status, ReceiptStatus::Stored);
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_has_seen_a_later_receipt_starts_a_new_log() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    write(&server, &mut device, "before").await;
    let backup = server.back_up().await;
    let lost = write(&server, &mut device, "lost").await;
    let old_log = log_of(&server);
    server.restore(&backup).await;

    let next = device.seal(&[note(household(), "after")]);
    // By way of someone whose announcement says nothing of this chain.
    let bringer = server.device(Role::Officer).await;
    let receipt = device.verify_receipt(&bringer.upload(&server, &next).await);
    assert_eq!((receipt.status, receipt.wanted_sequence), (ReceiptStatus::Gap, Some(2)));
    assert_ne!(receipt.log, old_log);
    assert_eq!(receipt.log, log_of(&server));

    // The laptop, which knows the new log now, offers what it holds; nothing turns the log again.
    for batch in [&lost, &next] {
        let receipt = device.verify_receipt(&device.upload(&server, batch).await);
        assert_eq!((receipt.status, receipt.log), (ReceiptStatus::Stored, log_of(&server)));
    }
    assert_eq!(receipt.log, log_of(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_above_the_head_starts_a_new_log_once() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    write(&server, &mut device, "before").await;
    let backup = server.back_up().await;
    write(&server, &mut device, "lost with the laptop's copy of it").await;
    let old_log = log_of(&server);
    server.restore(&backup).await;

    let next = device.seal(&[note(household(), "after")]);
    let answer = device.announce(&server, vec![next.item()]).await;
    assert_ne!(answer.log, old_log);
    assert!(answer.certificates.is_some());
    // What nobody holds any more cannot turn the log over and over.
    device.log = Some(answer.log);
    for _ in 0..3 {
        assert_eq!(device.announce(&server, vec![next.item()]).await.log, answer.log);
        let receipt = device.verify_receipt(&device.upload(&server, &next).await);
        assert_eq!((receipt.status, receipt.log), (ReceiptStatus::Gap, answer.log));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_above_the_head_starts_a_new_log() {
    let mut server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    let reader = server.device(Role::Supervisor).await;
    let backup = server.back_up().await;
    let lost = write(&server, &mut writer, "lost").await;
    let cursor = read_page(&server, &reader, 0).await.head;
    let old_log = log_of(&server);
    server.restore(&backup).await;

    reader.announce(&server, Vec::new()).await;
    let token = reader.token(&server).await;
    let answer = server.get(&format!("/v1/units/{}/feed?after={cursor}", unit()), Some(&token)).await;
    assert_eq!(answer.short(), "200");
    let new_log = log_of(&server);
    assert_ne!(new_log, old_log);
    // Whoever only reads brings back what others wrote.
    let receipt = reader.verify_receipt(&reader.upload(&server, &lost).await);
    assert_eq!((receipt.status, receipt.device, receipt.log), (ReceiptStatus::Stored, writer.device, new_log));
    assert_eq!(read_page(&server, &reader, 0).await.head, cursor);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_enrolled_since_the_backup_is_known_by_its_certificate() {
    let mut server = TestServer::start().await;
    server.device(Role::Officer).await;
    let backup = server.back_up().await;
    let mut device = server.device(Role::Officer).await;
    let lost = write(&server, &mut device, "lost").await;
    let listing = read_page(&server, &device, 0).await.entries[1].clone();
    server.restore(&backup).await;

    assert_eq!(device.ask_token(&server).await.short(), "200");
    let receipt = device.verify_receipt(&device.upload(&server, &lost).await);
    assert_eq!(receipt.status, ReceiptStatus::Stored);

    // The server's own batches come back too, and with them who is listed.
    let officers = |server: &TestServer| server.deployment.ledger.read(|records| records.officers(None)).unwrap().len();
    assert_eq!(officers(&server), 1);
    let bytes = sync::codec::encode(&listing.sealed);
    let batch = tungnha_server::ingest::verify_sealed(&server.deployment, bytes).unwrap();
    let taken = tungnha_server::ingest::take_batch(&server.deployment, &batch, Some(device.device), None).unwrap();
    assert_eq!((taken.status, officers(&server)), (ReceiptStatus::Stored, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_a_certificate_of_another_server_stays_one() {
    let (server, other) = (TestServer::start().await, TestServer::start().await);
    server.device(Role::Officer).await;
    let mut stranger = other.device(Role::Officer).await;
    stranger.deployment = server.deployment.keys.deployment;
    assert_eq!(stranger.ask_token(&server).await.short(), "401 device_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_the_server_writes_on_a_chain_of_its_own_anew() {
    let mut server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let backup = server.back_up().await;
    server.officer(&unit(), Role::Officer);
    let forgotten = read_page(&server, &device, 0).await.entries.pop().unwrap();
    server.restore(&backup).await;
    let now_ms = server.deployment.now_ms();
    server
        .deployment
        .ledger
        .write(Scope::Unit(&unit()), |records| start_new_log(records, &unit(), "by hand", now_ms))
        .unwrap();

    server.officer(&unit(), Role::Supervisor);
    let bytes = sync::codec::encode(&forgotten.sealed);
    let batch = tungnha_server::ingest::verify_sealed(&server.deployment, bytes).unwrap();
    let taken = tungnha_server::ingest::take_batch(&server.deployment, &batch, None, None).unwrap();
    assert_eq!(taken.status, ReceiptStatus::Stored, "what it forgot stands on the old chain and forks nothing");
    let chains: Vec<ChainId> =
        read_page(&server, &device, 0).await.entries.iter().map(|entry| entry.opened.batch.chain).collect();
    assert_eq!(chains.len(), 3);
    assert!(chains[0] == chains[2] && chains[0] != chains[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn offering_everything_again_changes_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batches = [write(&server, &mut device, "1").await, write(&server, &mut device, "2").await];
    let log = log_of(&server);
    device.log = Some(LogId(Uuid::now_v7()));
    let answer = device.announce(&server, batches.iter().map(Sealed::item).collect()).await;
    assert!(answer.items.iter().all(|item| item.state == ItemState::Receipted));
    assert_eq!(answer.log, log);
}
