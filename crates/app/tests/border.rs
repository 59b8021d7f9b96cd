//! The border: what is answered while the profile is locked or not there, and what is refused before any use case.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use tungnha_app as app;

use app::case::profile::Enrol as EnrolParams;
use app::command::{LIST, Needs};
use app::error::{Code, Param};
use app::{App, AppConfig, command};
use domain::id::DeploymentId;
use serde_json::{Value, json};
use sync::message::{Blob, FORMAT, Identity};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vault::KeyFileSecretStore;

struct Bench {
    app: App,
    folder: tempfile::TempDir,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let secrets = KeyFileSecretStore::new(folder.path().join("secrets"));
    let config = AppConfig::new(folder.path().join("profile"), Arc::new(secrets), Arc::new(|| 0u64));
    Bench { app: App::new(config), folder }
}

#[tokio::test]
async fn without_an_open_profile_nothing_is_served() {
    let Bench { app, .. } = bench();
    let needing = LIST.iter().filter(|info| info.needs == Needs::Unlocked);
    assert!(needing.clone().count() > 40);
    for info in needing {
        // Whatever is asked, well-formed or not, nothing but the refusal comes back.
        for params in [Value::Null, json!({}), json!({"household": uuid::Uuid::nil(), "text": "a", "key": "k"})] {
            let error = app.call(info.name, params).await.unwrap_err();
            assert_eq!(error.code, Code::NotEnrolled, "{}", info.name);
        }
    }
}

#[tokio::test]
async fn an_unknown_command_is_refused() {
    let Bench { app, .. } = bench();
    for name in ["", "Unlock", "unlock ", "no_such_command", "lock\0", "'; DROP TABLE person"] {
        let error = app.call(name, Value::Null).await.unwrap_err();
        assert_eq!(error.code, Code::UnknownCommand, "{name:?}");
        assert_eq!(error.trace_id.len(), 16);
    }
}

#[tokio::test]
async fn params_of_the_wrong_shape_are_refused_without_being_quoted() {
    let Bench { app, .. } = bench();
    let secret = "0123456789 Nguyễn Văn An";
    for params in [
        json!({}),
        json!(secret),
        json!([[secret]]),
        json!({"passphrase": [secret]}),
        json!({"passphrase": secret, "more": secret}),
    ] {
        let error = app.call("unlock", params.clone()).await.unwrap_err();
        assert_eq!(error.code, Code::ParamsInvalid, "{params}");
        assert!(!serde_json::to_string(&error).unwrap().contains("0123456789"));
    }
    let unnamed = app.call("unlock", json!({"password": secret})).await.unwrap_err();
    assert_eq!(unnamed.params["field"], "password".into());
}

#[tokio::test]
async fn without_a_profile_the_first_start_is_possible_and_nothing_else() {
    let Bench { app, .. } = bench();
    let status = app.call("profile_status", Value::Null).await.unwrap();
    assert_eq!((&status["state"], &status["profile"]), (&json!("none"), &Value::Null));
    let wrong = app.call("unlock", json!({"passphrase": "con trâu vàng ăn mía"})).await.unwrap_err();
    assert_eq!(wrong.code, Code::NotEnrolled);
    app.call("lock", Value::Null).await.unwrap();
    let mut settings = app.call("get_settings", Value::Null).await.unwrap();
    settings["language"] = json!("en");
    app.call("set_settings", settings.clone()).await.unwrap();
    assert_eq!(app.call("get_settings", Value::Null).await.unwrap(), settings);
    settings["idle_minutes"] = json!(1);
    assert_eq!(app.call("set_settings", settings).await.unwrap_err().code, Code::ProfileLocked);
}

/// Answers every request with this identity document.
async fn identity_server() -> (String, Vec<u8>) {
    let identity = sync::codec::encode(&Identity {
        format: FORMAT,
        deployment: DeploymentId(uuid::Uuid::nil()),
        ca_certificate: Blob(Vec::new()),
        enrolment_key: [1; 32],
        stick_key: [2; 32],
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n", identity.len());
    let answer = [head.as_bytes(), &identity].concat();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    (address, identity)
}

fn enrol_params(server: &str, fingerprint: &str) -> EnrolParams {
    EnrolParams {
        server: server.into(),
        fingerprint: fingerprint.into(),
        code: "ABCD1234-01789-ABCDE-FGH".into(),
        passphrase: "con trâu vàng ăn mía".into(),
    }
}

#[tokio::test]
async fn a_server_with_another_fingerprint_is_refused_before_any_key_is_made() {
    let Bench { app, folder } = bench();
    let (server, _) = identity_server().await;
    let other = app::enrolment::fingerprint_of(b"another server");
    let error = app.run::<command::Enrol>(enrol_params(&server, &other)).await.unwrap_err();
    assert_eq!(error.code, Code::FingerprintMismatch);
    assert!(!folder.path().join("profile").exists());
}

#[tokio::test]
async fn the_preview_shows_the_fingerprint_that_people_compare() {
    let Bench { app, .. } = bench();
    let (server, identity) = identity_server().await;
    let preview = app.call("preview_enrolment", json!({ "server": server })).await.unwrap();
    assert_eq!(preview["fingerprint"], json!(app::enrolment::fingerprint_of(&identity)));
    assert_eq!(preview["is_encrypted"], json!(false));
}

#[tokio::test]
async fn a_weak_passphrase_is_refused_before_any_server_is_asked() {
    let Bench { app, .. } = bench();
    let nobody = "http://127.0.0.1:9";
    let fingerprint = app::enrolment::fingerprint_of(b"x");
    let weak = EnrolParams { passphrase: "ngắn quá".into(), ..enrol_params(nobody, &fingerprint) };
    let error = app.run::<command::Enrol>(weak).await.unwrap_err();
    assert_eq!((error.code, &error.params["minimum_chars"]), (Code::PassphraseTooShort, &Param::Number(14)));
}
