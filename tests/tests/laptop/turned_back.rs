//! Files that are turned back: a server restored from a backup, a laptop copied.

use std::path::Path;

use app::case::profile::Unlock;
use app::command;
use domain::role::Role;
use serde_json::{Value, json};

use crate::bench::{Laptop, PASSPHRASE, Server, true_ms};

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

async fn visits(laptop: &Laptop, household: impl serde::Serialize) -> usize {
    let view = laptop.call("open_household", json!({ "household": household })).await;
    view["visits"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_server_restored_from_an_older_backup_is_refilled_by_its_laptops() {
    let mut server = Server::start().await;
    let one = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let household = one.household("HK001").await;
    one.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    one.sync().await;

    server.stop().await;
    let backup = server.folder.path().join("backup");
    copy_folder(&server.folder.path().join("server"), &backup);
    server.restart(&server.folder.path().join("server")).await;

    // After the backup: another laptop is enrolled, and both work.
    let two = server.laptop("Hồ Văn Em", Role::Officer).await;
    for laptop in [&one, &two] {
        laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
        laptop.sync().await;
    }
    one.sync().await;
    assert_eq!(visits(&one, household).await, 3);

    server.stop().await;
    server.restart(&backup).await;
    server.begin_new_log();
    let refilled = one.sync().await;
    assert!(refilled.server_refilled);
    two.sync().await;
    one.sync().await;
    for laptop in [&one, &two] {
        assert_eq!(visits(laptop, household).await, 3);
        let status = laptop.call("sync_status", Value::Null).await;
        assert_eq!(status["queue"]["changes_waiting"], json!(0));
        assert_eq!(status["queue"]["refused"], json!(0));
    }
    let three = server.laptop("Vũ Thị Giang", Role::Officer).await;
    assert_eq!(visits(&three, household).await, 3);
}

#[tokio::test]
async fn a_copied_laptop_goes_on_in_a_chain_of_its_own() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let household = laptop.household("HK001").await;
    laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    laptop.sync().await;
    laptop.app.close().await;

    let copy = Laptop::new();
    copy_folder(laptop.folder.path(), copy.folder.path());
    for twin in [&laptop, &copy] {
        twin.app.run::<command::Unlock>(Unlock { passphrase: PASSPHRASE.into() }).await.unwrap();
        twin.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    }
    assert!(!laptop.sync().await.chain_renewed);
    assert!(copy.sync().await.chain_renewed);
    laptop.sync().await;
    for twin in [&laptop, &copy] {
        assert_eq!(visits(twin, household).await, 3);
        let status = twin.call("sync_status", Value::Null).await;
        assert_eq!(status["queue"]["changes_waiting"], json!(0));
    }
}

#[tokio::test]
async fn a_revoked_laptops_late_work_is_kept_for_a_supervisor() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let household = laptop.household("HK001").await;
    laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    let profile = laptop.call("profile_status", Value::Null).await["profile"].clone();
    let officer = serde_json::from_value(profile["officer"].clone()).unwrap();
    server::work::remove_officer(&server.deployment, officer, None).unwrap();
    let error = laptop.app.run::<command::Sync>(()).await.unwrap_err();
    assert_eq!(error.code.as_str(), "device_revoked");
    let status = laptop.call("sync_status", Value::Null).await;
    assert_eq!(status["queue"]["quarantined_batches"], json!(1));
}
