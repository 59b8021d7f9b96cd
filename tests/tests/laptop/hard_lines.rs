//! Lines that break, servers that are gone, and an exchange that is stopped.

use std::sync::Arc;

use app::case::profile::Enrol;
use app::command;
use app::error::Code;
use data_encoding::BASE64;
use domain::role::Role;
use serde_json::{Value, json};
use tungnha_tests::bad_line::{BadLine, Cut, Direction};

use crate::bench::{Laptop, Server, png, true_ms};

/// A laptop whose server lies behind a line.
async fn laptop_behind(server: &Server, line: &BadLine) -> Laptop {
    let laptop = Laptop::new();
    let paper = server.paper("Phạm Văn Cường", Role::Officer);
    let paper = Enrol { server: format!("https://{}", line.address), ..paper };
    laptop.app.run::<command::Enrol>(paper).await.unwrap();
    laptop
}

/// In turn up and down, each time after another number of bytes: in the handshake, in a header, in a photo.
fn cut(seed: u64, number: u64) -> Cut {
    let turn = number * 7919 + seed * 104_729;
    match number % 2 {
        0 => Cut { direction: Direction::Up, after_bytes: 1 + turn % 50_021 },
        _ => Cut { direction: Direction::Down, after_bytes: 1 + turn % 4_001 },
    }
}

#[tokio::test]
async fn a_line_that_is_cut_again_and_again_loses_and_doubles_nothing() {
    let server = Server::start().await;
    let sound = BadLine::sound(server.address).await.unwrap();
    let mut cuts = 0;
    for seed in 0..4 {
        let laptop = laptop_behind(&server, &sound).await;
        laptop.app.run::<command::Download>(()).await.unwrap();
        let (household, an) = (laptop.household("HK001").await, laptop.person("van an").await);
        let before = laptop.sync().await;
        assert_eq!(before.changes_refused, 0);
        for at in 0..6 {
            let photo = [png(), vec![u8::try_from(seed * 6 + at).unwrap(); 60_000]].concat();
            let params = json!({
                "entity": {"kind": "person", "id": an}, "photos": [{"base64": BASE64.encode(&photo)}],
                "document_kind": "id_card", "reason": "resident_request",
            });
            laptop.call("attach_photo", params).await;
            laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
        }
        // The same laptop, each of its connections now cut one way or the other.
        let bad = BadLine::start(server.address, Arc::new(move |number| Some(cut(seed, number)))).await.unwrap();
        sound.redirect(bad.address);
        let mut tries = 0;
        let summary = loop {
            match laptop.app.run::<command::Sync>(()).await {
                Ok(summary) => break summary,
                Err(error) => assert!(matches!(error.code, Code::LineCut | Code::ServerUnreachable), "{error:?}"),
            }
            tries += 1;
            assert!(tries < 20, "the line never carried it");
        };
        cuts += bad.cuts();
        assert_eq!((summary.changes_refused, summary.batches_quarantined), (0, 0));
        sound.redirect(server.address);
        let status = laptop.call("sync_status", Value::Null).await;
        for waiting in ["changes_waiting", "batches_waiting", "photos_waiting"] {
            assert_eq!(status["queue"][waiting], json!(0), "{waiting}");
        }
        let view = laptop.call("open_household", json!({ "household": household })).await;
        assert_eq!(view["visits"].as_array().unwrap().len() as u64, 6 * (seed + 1));
    }
    assert!(cuts >= 8, "only {cuts} cuts");
}

#[tokio::test]
async fn a_server_that_is_gone_is_said_at_once_and_everything_waits() {
    let server = Server::start().await;
    let line = BadLine::sound(server.address).await.unwrap();
    let laptop = laptop_behind(&server, &line).await;
    laptop.app.run::<command::Download>(()).await.unwrap();
    let household = laptop.household("HK001").await;
    laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": true_ms()})).await;
    line.unplug(true);
    let error = laptop.app.run::<command::Sync>(()).await.unwrap_err();
    assert!(matches!(error.code, Code::ServerUnreachable | Code::LineCut), "{error:?}");
    let status = laptop.call("sync_status", Value::Null).await;
    assert_eq!(status["queue"]["batches_waiting"], json!(1));
    assert_eq!(status["last"]["error"]["code"], json!(error.code));
    line.unplug(false);
    assert_eq!(laptop.sync().await.batches_sent, 1);
}

#[tokio::test]
async fn locking_stops_an_exchange_that_cannot_end() {
    let server = Server::start().await;
    // A line that takes everything and gives nothing back.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let line = BadLine::sound(server.address).await.unwrap();
    let laptop = laptop_behind(&server, &line).await;
    line.redirect(silent.local_addr().unwrap());
    let app = laptop.app.clone();
    let syncing = tokio::spawn(async move { app.run::<command::Sync>(()).await });
    let (_held, _) = silent.accept().await.unwrap();
    laptop.call("lock", Value::Null).await;
    assert_eq!(syncing.await.unwrap().unwrap_err().code, Code::SyncStopped);
    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "locked");
}

#[tokio::test]
async fn two_exchanges_at_once_are_one() {
    let server = Server::start().await;
    let laptop = Arc::new(server.laptop("Phạm Văn Cường", Role::Officer).await);
    let (one, other) = tokio::join!(laptop.app.run::<command::Sync>(()), laptop.app.run::<command::Sync>(()));
    let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused.iter().map(|error| error.code).collect::<Vec<_>>(), [Code::SyncRunning]);
}
