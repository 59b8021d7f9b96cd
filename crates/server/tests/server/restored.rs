//! A server set back to an older backup: it notices, takes a new log id, and is refilled by laptops.

use domain::id::{ChainId, LogId};
use domain::role::Role;
use sync::message::{FeedPage, ItemState, ReceiptSeen, ReceiptStatus};
use tungnha_server::enrol::Cause;
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
async fn a_signed_receipt_above_the_head_starts_a_new_log_once() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    write(&server, &mut device, "before").await;
    let backup = server.back_up().await;
    let lost = device.seal(&[note(household(), "lost")]);
    let receipt = device.upload(&server, &lost).await;
    let old_log = log_of(&server);
    server.restore(&backup).await;

    let answer = device.prove(&server, None, Some(&receipt)).await;
    assert_ne!(answer.log, Some(old_log));
    assert!(answer.certificates.is_some());
    // The same proof speaks of the log that is over: nothing turns the log again, whoever shows it.
    let other = server.device(Role::Officer).await;
    for device in [&device, &other, &device] {
        assert_eq!(device.prove(&server, None, Some(&receipt)).await.log, answer.log);
    }
    // What was lost is taken back, and stands where it stood.
    device.log = answer.log;
    let again = device.verify_receipt(&device.upload(&server, &lost).await);
    assert_eq!((again.status, Some(again.log)), (ReceiptStatus::Stored, answer.log));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_receipt_of_what_is_another_batch_by_now_starts_a_new_log() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let mut other = server.device(Role::Officer).await;
    let backup = server.back_up().await;
    let lost = device.seal(&[note(household(), "lost")]);
    let receipt = device.upload(&server, &lost).await;
    let old_log = log_of(&server);
    server.restore(&backup).await;
    // Others write on: as many entries as before.
    write(&server, &mut other, "in its place").await;

    assert_ne!(device.prove(&server, None, Some(&receipt)).await.log, Some(old_log));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_of_a_page_starts_a_new_log_where_the_ledger_says_otherwise() {
    let mut server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    let reader = server.device(Role::Supervisor).await;
    let backup = server.back_up().await;
    let lost = write(&server, &mut writer, "lost").await;
    let page = read_page(&server, &reader, 0).await;
    let old_log = log_of(&server);
    assert_eq!(reader.prove(&server, Some(&page.mark), None).await.log, Some(old_log), "it bears it out");
    server.restore(&backup).await;
    // By now the log is longer than it was.
    let mut other = server.device(Role::Officer).await;
    write(&server, &mut other, "after").await;
    write(&server, &mut other, "after that").await;
    assert!(read_page(&server, &reader, 0).await.head > page.head);

    let new_log = reader.prove(&server, Some(&page.mark), None).await.log.unwrap();
    assert_ne!(new_log, old_log);
    // Whoever only reads brings back what others wrote.
    let receipt = reader.verify_receipt(&reader.upload(&server, &lost).await);
    assert_eq!((receipt.status, receipt.device, receipt.log), (ReceiptStatus::Stored, writer.device, new_log));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_the_server_did_not_sign_starts_a_log() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    write(&server, &mut device, "before").await;
    let log = log_of(&server);
    let page = read_page(&server, &device, 0).await;

    // Sequences, cursors and receipts seen that never were: words of the device alone.
    device.next += 50;
    device.receipt_seen = Some(ReceiptSeen { last_sequence: 49, receipt_hash: [7; 32] });
    let far = device.seal(&[note(household(), "far ahead")]);
    assert_eq!(device.verify_receipt(&device.upload(&server, &far).await).status, ReceiptStatus::Gap);
    let token = device.token(&server).await;
    for cursor in [1000, 1001] {
        let answer = server.get(&format!("/v1/units/{}/feed?after={cursor}", unit()), Some(&token)).await;
        let page: FeedPage = sync::cose::verify(&answer.body, &device.server_key, device.deployment).unwrap();
        assert!((page.head, page.entries.len()) == (read_page(&server, &device, 0).await.head, 0));
    }
    let mut mark = sync::feed::verify_mark(&page.mark, &device.server_key, device.deployment).unwrap();
    mark.index += 10;
    for proof in [device.sign(&mark), page.mark[..page.mark.len() - 1].to_vec(), Vec::new()] {
        assert_eq!(device.prove(&server, Some(&proof), Some(&proof)).await.log, Some(log));
    }
    assert_eq!(log_of(&server), log);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_starts_no_log_and_hears_of_none() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let backup = server.back_up().await;
    let lost = device.seal(&[note(household(), "lost")]);
    let receipt = device.upload(&server, &lost).await;
    let mark = read_page(&server, &device, 0).await.mark;
    server.restore(&backup).await;
    let (log, now_ms) = (log_of(&server), server.deployment.now_ms());
    let keys = server.deployment.keys.clone();
    let revoke = |records: &mut dyn tungnha_server::ledger::Records| {
        let actor = tungnha_server::audit::Actor::Operator;
        tungnha_server::enrol::revoke(records, &keys, &unit(), device.device, Cause::Lost, actor, now_ms)
    };
    server.deployment.ledger.write(Scope::Unit(&unit()), revoke).unwrap();

    let answer = device.prove(&server, Some(&mark), Some(&receipt)).await;

    assert_eq!((answer.log, answer.head), (None, None));
    assert_eq!(log_of(&server), log);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_asked_for_again_names_the_log_of_today() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "x")]);
    let first = device.upload(&server, &batch).await;
    assert_eq!(device.upload(&server, &batch).await, first, "the same within one log");
    let now_ms = server.deployment.now_ms();
    let new_log = server
        .deployment
        .ledger
        .write(Scope::Unit(&unit()), |records| start_new_log(records, &unit(), "by hand", now_ms))
        .unwrap();

    let again = device.upload(&server, &batch).await;

    let (first, named) = (device.verify_receipt(&first), device.verify_receipt(&again));
    assert_eq!(named, sync::message::Receipt { log: new_log, ..first });
    assert_eq!(device.upload(&server, &batch).await, again);
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
    assert_eq!(answer.log, Some(log));
}
