//! The audit chain: what was edited, deleted, swapped or cut off is found.

use domain::role::Role;
use rusqlite::Connection;
use tungnha_server::audit::{AuditFault, Checkpoint, verify};
use tungnha_server::deployment::Deployment;
use vault::{DeviceSecretStore, KeyFileSecretStore, MasterKey, OpenOptions};

use crate::device::{household, note};
use crate::server::{TestServer, clock, unit};

/// The ledger as someone with its key and a database tool has it.
fn open_by_hand(server: &TestServer) -> Connection {
    let secret = KeyFileSecretStore::new(server.folder.path()).get("server").unwrap().unwrap();
    let key = MasterKey::from_key_file(&secret).database_key("ledger");
    let options = OpenOptions { shared_writing: true, ..OpenOptions::default() };
    vault::open_database(&server.deployment.ledger_file(), &key, options).unwrap()
}

fn verdict(server: &TestServer, checkpoint: Option<Checkpoint>) -> Result<Checkpoint, AuditFault> {
    let deployment = Deployment::open(server.folder.path(), clock(&server.now_ms)).unwrap();
    deployment.ledger.read(|records| verify(records, Some(&unit()), checkpoint)).unwrap()
}

async fn with_some_lines() -> TestServer {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    for text in ["a", "b", "c"] {
        let batch = device.seal(&[note(household(), text)]);
        device.deliver(&server, &batch).await;
    }
    device.token(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_chain_is_sound_and_every_access_is_in_it() {
    let server = with_some_lines().await;
    let end = verdict(&server, None).unwrap();
    assert_eq!(verdict(&server, Some(end)), Ok(end));
    let mut actions = Vec::new();
    let collect = &mut |row: tungnha_server::ledger::AuditRow| {
        actions.push(row.action);
        Ok(())
    };
    server.deployment.ledger.read(|records| records.each_audit(Some(&unit()), collect)).unwrap();
    for action in ["unit_added", "officer_listed", "code_issued", "device_enrolled", "batch_stored", "token_issued"] {
        assert!(actions.iter().any(|found| found == action), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_line_that_does_not_fit_is_named() {
    for (tampering, first_bad) in [
        ("UPDATE audit SET actor = 'nobody' WHERE sequence = 4 AND unit = 1", 4),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE sequence = 2 AND unit = 1", 2),
        ("UPDATE audit SET alarm = 1 - alarm WHERE sequence = 5 AND unit = 1", 5),
        ("DELETE FROM audit WHERE sequence = 3 AND unit = 1", 3),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 6 AND unit = 1", 6),
        (
            "UPDATE audit SET sequence = -1 WHERE sequence = 4 AND unit = 1;
             UPDATE audit SET sequence = 4 WHERE sequence = 5 AND unit = 1;
             UPDATE audit SET sequence = 5 WHERE sequence = -1 AND unit = 1",
            4,
        ),
    ] {
        let server = with_some_lines().await;
        open_by_hand(&server).execute_batch(tampering).unwrap();
        assert_eq!(verdict(&server, None), Err(AuditFault::Broken { sequence: first_bad }), "{tampering}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_was_cut_off_is_found_against_a_checkpoint() {
    let server = with_some_lines().await;
    let end = verdict(&server, None).unwrap();
    let sql = format!("DELETE FROM audit WHERE unit = 1 AND sequence > {}", end.sequence - 2);
    open_by_hand(&server).execute_batch(&sql).unwrap();
    assert!(verdict(&server, None).is_ok(), "by itself it still fits");
    let fault = verdict(&server, Some(end));
    assert_eq!(fault, Err(AuditFault::CutOff { last_sequence: end.sequence - 2 }));
    let other = Checkpoint { sequence: 3, hash: [9; 32] };
    assert_eq!(verdict(&server, Some(other)), Err(AuditFault::Rewritten { sequence: 3 }));
}
