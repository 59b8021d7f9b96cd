//! Work carried by hand.

use domain::role::Role;
use serde_json::{Value, json};

use crate::bench::{Server, true_ms};

#[tokio::test]
async fn a_station_without_a_line_sends_and_hears_by_stick() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let other = server.laptop("Hồ Văn Em", Role::Officer).await;
    let stick = tempfile::tempdir().unwrap();
    let up = stick.path().join("up.tungnha");
    let down = stick.path().join("down.tungnha");
    let household = officer.household("HK001").await;
    officer.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;

    let written = officer.call("write_queue_file", json!({"path": up, "with_photos": true})).await;
    assert_eq!(written["batches"], 1);
    for again in [false, true] {
        let report = server::stick::take_queue_file(&server.deployment, std::fs::File::open(&up).unwrap()).unwrap();
        assert_eq!((report.stored, report.again, report.complete), (u64::from(!again), u64::from(again), true));
    }
    server.import("2026-11");
    server::stick::give_queue_file(&server.deployment, &server.unit(), std::fs::File::create(&down).unwrap()).unwrap();
    for laptop in [&officer, &other] {
        let taken = laptop.call("take_queue_file", json!({ "path": down })).await;
        assert_eq!((&taken["is_complete"], &taken["edition"]), (&json!(true), &json!(2)), "{taken}");
        let view = laptop.call("open_household", json!({ "household": household })).await;
        assert_eq!(view["visits"].as_array().unwrap().len(), 1);
        let again = laptop.call("take_queue_file", json!({ "path": down })).await;
        assert_eq!(again["log_entries_read"], json!(0));
    }
    let status = officer.call("sync_status", Value::Null).await;
    assert_eq!(status["queue"]["batches_waiting"], json!(0));
}

#[tokio::test]
async fn locking_leaves_unsent_work_on_the_stick() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let stick = tempfile::tempdir().unwrap();
    let mut settings = officer.call("get_settings", Value::Null).await;
    settings["stick_folder"] = json!(stick.path());
    officer.call("set_settings", settings).await;
    assert_eq!(officer.call("lock", Value::Null).await["stick_file"], Value::Null);
    officer.call("unlock", json!({"passphrase": crate::bench::PASSPHRASE})).await;

    let household = officer.household("HK002").await;
    officer.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    let locked = officer.call("lock", Value::Null).await;
    let file = std::fs::File::open(locked["stick_file"].as_str().unwrap()).unwrap();
    assert_eq!(server::stick::take_queue_file(&server.deployment, file).unwrap().stored, 1);
}

#[tokio::test]
async fn a_file_that_is_none_or_not_ours_is_told() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let stick = tempfile::tempdir().unwrap();
    let path = stick.path().join("file.tungnha");
    let code = async |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        officer.refused("take_queue_file", json!({ "path": path })).await.code.as_str()
    };
    assert_eq!(code(b"").await, "file_empty");
    assert_eq!(code(b"<html>not a stick</html>").await, "queue_file_unreadable");
    officer.call("write_queue_file", json!({"path": path, "with_photos": false})).await;
    let ours = std::fs::read(&path).unwrap();
    assert_eq!(code(&ours).await, "queue_file_not_for_us");
}
