//! Locking, passphrases, a broken enrolment, recovery, clocks.

use std::sync::atomic::Ordering;

use app::case::profile::Unlock;
use app::command;
use app::error::{Code, Param};
use domain::role::Role;
use serde_json::{Value, json};

use crate::bench::{Laptop, OPERATORS, PASSPHRASE, Server, true_ms};

#[tokio::test]
async fn a_locked_profile_opens_with_its_passphrase_and_with_nothing_else() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    laptop.call("lock", Value::Null).await;
    assert_eq!(laptop.refused("find", json!({"text": "an", "limit": 1})).await.code, Code::ProfileLocked);
    let status = laptop.call("profile_status", Value::Null).await;
    assert_eq!((&status["state"], &status["profile"]), (&json!("locked"), &Value::Null));

    for _ in 0..5 {
        let wrong = laptop.app.run::<command::Unlock>(Unlock { passphrase: "sai rồi sai nữa".into() }).await;
        assert_eq!(wrong.unwrap_err().code, Code::WrongPassphrase);
    }
    let waits = laptop.app.run::<command::Unlock>(Unlock { passphrase: PASSPHRASE.into() }).await.unwrap_err();
    assert_eq!(waits.code, Code::WaitBeforeRetry);
    let Param::Number(remaining_ms) = waits.params["remaining_ms"] else { panic!("a number") };
    assert!((1..=30_000).contains(&remaining_ms));
    laptop.skew.store(30_000, Ordering::Relaxed);
    laptop.app.run::<command::Unlock>(Unlock { passphrase: PASSPHRASE.into() }).await.unwrap();
    laptop.person("van an").await;
}

#[tokio::test]
async fn a_changed_passphrase_is_the_one_that_opens() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let new = "một câu hoàn toàn khác";
    laptop.call("change_passphrase", json!({"old": PASSPHRASE, "new": new})).await;
    assert_eq!(
        laptop.refused("change_passphrase", json!({"old": PASSPHRASE, "new": "ngắn"})).await.code,
        Code::PassphraseTooShort
    );
    laptop.call("lock", Value::Null).await;
    laptop.call("unlock", json!({ "passphrase": new })).await;
    laptop.call("lock", Value::Null).await;
    assert_eq!(laptop.refused("unlock", json!({ "passphrase": PASSPHRASE })).await.code, Code::WrongPassphrase);
}

#[tokio::test]
async fn an_enrolment_whose_code_was_refused_begins_anew() {
    let server = Server::start().await;
    let laptop = Laptop::new();
    let paper = server.paper("Phạm Văn Cường", Role::Officer);
    let used = |code: &str| app::case::profile::Enrol {
        server: paper.server.clone(),
        fingerprint: paper.fingerprint.clone(),
        code: code.to_owned(),
        passphrase: PASSPHRASE.into(),
    };
    // The first try is refused by the server after the keys were made.
    let wrong = format!("{}0", &paper.code[..paper.code.len() - 1]);
    assert_eq!(laptop.app.run::<command::Enrol>(used(&wrong)).await.unwrap_err().code, Code::EnrolmentCodeRefused);
    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "none", "nothing is left of it");
    let other_words =
        app::case::profile::Enrol { passphrase: "gió mùa về 1976 lần nữa".into(), ..used(&paper.code) };
    laptop.app.run::<command::Enrol>(other_words).await.unwrap();
    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "unlocked");

    let thief = Laptop::new();
    assert_eq!(thief.app.run::<command::Enrol>(used(&paper.code)).await.unwrap_err().code, Code::EnrolmentCodeUsed);
    assert_eq!(thief.refused("discard_enrolment", Value::Null).await.code, Code::NotEnrolled);
    assert_eq!(thief.call("profile_status", Value::Null).await["state"], "none");
    assert_eq!(laptop.refused("discard_enrolment", Value::Null).await.code, Code::AlreadyEnrolled);
}

#[tokio::test]
async fn two_operators_open_a_laptop_whose_passphrase_is_lost() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    laptop.call("lock", Value::Null).await;
    let request = laptop.call("request_recovery", json!({})).await;
    let bytes = data_encoding::BASE64.decode(request["request_base64"].as_str().unwrap().as_bytes()).unwrap();
    let asked = server::recovery::read_request(&server.deployment, &bytes).unwrap();
    assert_eq!(asked.fingerprint, request["fingerprint"]);
    let answer = server::recovery::open_recovery(&server.deployment, &bytes, OPERATORS).unwrap();
    let answer = data_encoding::BASE64.encode(&answer);
    let new = "câu mới sau khi quên câu cũ";
    laptop.call("finish_recovery", json!({"answer_base64": answer, "new_passphrase": new})).await;
    laptop.person("van an").await;
    laptop.call("lock", Value::Null).await;
    laptop.call("unlock", json!({ "passphrase": new })).await;
}

#[tokio::test]
async fn nothing_is_refused_for_the_laptops_clock() {
    let server = Server::start().await;
    let ten_years_ms = 10 * 365 * 24 * 3600 * 1000u64;
    let in_1970 = 0u64.wrapping_sub(true_ms());
    for skew in [in_1970, 0u64.wrapping_sub(ten_years_ms), ten_years_ms] {
        let laptop = Laptop::new();
        laptop.skew.store(skew, Ordering::Relaxed);
        laptop.app.run::<command::Enrol>(server.paper("Phạm Văn Cường", Role::Officer)).await.unwrap();
        laptop.app.run::<command::Download>(()).await.unwrap();
        let household = laptop.household("HK002").await;
        laptop.call("record_ordinary_visit", json!({"household": household, "started_ms": 0})).await;
        // It jumps while the work is on its way.
        laptop.skew.store(0, Ordering::Relaxed);
        laptop
            .call("write_note", json!({"entity": {"kind": "household", "id": household}, "text": "Đồng hồ sai"}))
            .await;
        let summary = laptop.sync().await;
        assert_eq!((summary.changes_refused, summary.batches_quarantined), (0, 0));
    }
}

#[tokio::test]
async fn no_name_is_in_the_profiles_files_or_in_diagnostics() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let path = laptop.folder.path().join("diagnostics.json");
    laptop.call("save_draft", json!({"key": "visit", "value": {"note": "Nguyễn Văn An"}})).await;
    laptop.call("write_diagnostics", json!({ "path": path })).await;
    laptop.call("lock", Value::Null).await;
    let mut files = 0;
    for folder in [laptop.folder.path().to_owned(), laptop.folder.path().join("profile")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                for name in ["Nguyễn Văn An", "Phạm Văn Cường", "070070000011", "Thôn 1"] {
                    let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
                    assert!(!found, "{name} in {}", path.display());
                }
                files += 1;
            }
        }
    }
    assert!(files >= 5);
}

#[tokio::test]
async fn no_command_writes_among_the_profiles_own_files() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let profile = laptop.folder.path().join("profile");
    let secret = std::fs::read_dir(laptop.folder.path().join("secrets")).unwrap().next().unwrap().unwrap().path();
    let before = std::fs::read(&secret).unwrap();
    for path in [profile.join("slot-r"), profile.join("../profile/settings.json"), secret.clone()] {
        let refused = laptop.refused("write_diagnostics", json!({ "path": path })).await;
        assert_eq!(refused.code, Code::PathNotAllowed, "{}", path.display());
    }
    let inside = json!({"path": profile.join("queue.tungnha"), "with_photos": false});
    assert_eq!(laptop.refused("write_queue_file", inside).await.code, Code::PathNotAllowed);
    let letter = laptop.folder.path().join("thu.docx");
    std::fs::write(&letter, b"a letter").unwrap();
    let other = json!({"path": letter, "with_photos": false});
    assert_eq!(laptop.refused("write_queue_file", other).await.code, Code::ValueNotAllowed);
    assert_eq!(laptop.refused("write_diagnostics", json!({ "path": letter })).await.code, Code::FileExists);

    // Whoever stands at the locked screen overwrites nothing at all.
    laptop.call("lock", Value::Null).await;
    let work = json!({ "path": profile.join("work.db") });
    assert_eq!(laptop.refused("request_recovery", work).await.code, Code::PathNotAllowed);
    assert_eq!(laptop.refused("request_recovery", json!({ "path": letter })).await.code, Code::FileExists);
    laptop.call("request_recovery", json!({ "path": laptop.folder.path().join("yeu-cau") })).await;
    assert_eq!(std::fs::read(&letter).unwrap(), b"a letter");
    assert_eq!(std::fs::read(&secret).unwrap(), before);
    laptop.call("unlock", json!({ "passphrase": PASSPHRASE })).await;
    laptop.person("van an").await;
}

#[tokio::test]
async fn what_an_enrolled_profile_has_lost_does_not_make_it_nobodys() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let file = |name: &str| laptop.folder.path().join("profile").join(name);
    laptop.call("lock", Value::Null).await;
    std::fs::remove_file(file("slot-r")).unwrap();

    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "locked");
    assert_eq!(laptop.refused("discard_enrolment", Value::Null).await.code, Code::AlreadyEnrolled);
    assert!(file("work.db").exists());
    laptop.call("unlock", json!({ "passphrase": PASSPHRASE })).await;
    assert!(file("slot-r").exists(), "made again while the master key was at hand");
    laptop.call("lock", Value::Null).await;

    std::fs::rename(file("work.db"), file("work.away")).unwrap();
    assert_eq!(laptop.refused("unlock", json!({ "passphrase": PASSPHRASE })).await.code, Code::DatabaseMissing);
    std::fs::rename(file("work.away"), file("work.db")).unwrap();

    std::fs::remove_file(file("slot-u")).unwrap();
    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "locked");
    assert_eq!(laptop.refused("unlock", json!({ "passphrase": PASSPHRASE })).await.code, Code::SlotMissing);
    let paper = server.paper("Phạm Văn Cường", Role::Officer);
    assert_eq!(laptop.app.run::<command::Enrol>(paper).await.unwrap_err().code, Code::SlotMissing);
    assert!(!file("slot-u").exists(), "no new slot hides what the operators can open");
}

#[tokio::test]
async fn a_damaged_slot_is_what_a_recovery_is_for() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    laptop.call("lock", Value::Null).await;
    std::fs::write(laptop.folder.path().join("profile/slot-u"), b"half a slot").unwrap();
    assert_eq!(laptop.call("profile_status", Value::Null).await["state"], "locked");
    assert_eq!(laptop.refused("unlock", json!({ "passphrase": PASSPHRASE })).await.code, Code::SlotDamaged);

    let request = laptop.call("request_recovery", json!({})).await;
    let bytes = data_encoding::BASE64.decode(request["request_base64"].as_str().unwrap().as_bytes()).unwrap();
    let answer = server::recovery::open_recovery(&server.deployment, &bytes, OPERATORS).unwrap();
    let answer = data_encoding::BASE64.encode(&answer);
    laptop.call("finish_recovery", json!({"answer_base64": answer, "new_passphrase": PASSPHRASE})).await;

    laptop.person("van an").await;
}
