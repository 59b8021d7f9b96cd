//! Commands that are asked again, for their answer was lost on the way to the screen.

use domain::change::EntityKind;
use domain::role::Role;
use serde_json::{Value, json};

use crate::bench::{Laptop, Server, png, true_ms};

/// Calls a command twice under one id and once under another, and gives the answers.
async fn thrice(laptop: &Laptop, command: &str, params: Value) -> [Value; 3] {
    let with = |once: uuid::Uuid| {
        let mut params = params.clone();
        params["once"] = json!(once);
        params
    };
    let (one, other) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let first = laptop.call(command, with(one)).await;
    let again = laptop.call(command, with(one)).await;
    [first, again, laptop.call(command, with(other)).await]
}

#[tokio::test]
async fn a_command_asked_again_with_its_id_saves_once_and_answers_alike() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let household = laptop.household("HK001").await;
    let person = laptop.person("van an").await;
    let on = |kind: EntityKind, id: Value| json!({"kind": kind, "id": id});
    let now = true_ms();
    let proposal = json!({"subject": "person", "subject_id": person, "field": "phone", "proposed_value": "0912345678"});
    let visit = json!({
        "visit": {"household": household, "kind": "at_the_door", "outcome": "met", "met": [person], "started_ms": now,
                  "ended_ms": now},
        "as_listed": [person], "corrections": [proposal],
    });
    let dwelling = json!({"hamlet": "Thôn 1", "house_no": "99"});
    let photo = json!({"base64": data_encoding::BASE64.encode(&png())});
    let calls = [
        ("record_visit", visit),
        ("record_ordinary_visit", json!({"household": household, "started_ms": now})),
        ("propose_correction", proposal.clone()),
        ("add_dwelling", dwelling.clone()),
        ("add_household", json!({"dwelling": {"new": dwelling}})),
        (
            "add_person",
            json!({"household": household, "fields": {"full_name": "Trần Văn Mới"}, "residence": "temporary"}),
        ),
        ("write_note", json!({"entity": on(EntityKind::Household, json!(household)), "text": "Cổng sau"})),
        (
            "attach_photo",
            json!({"entity": on(EntityKind::Person, json!(person)), "photos": [photo],
                                "document_kind": "id_card", "reason": "discrepancy"}),
        ),
        ("split_household", json!({"from": household, "dwelling": {"new": {"hamlet": "Thôn 2"}}, "persons": [person]})),
    ];
    for (command, params) in calls {
        let waiting = async || {
            let status = laptop.call("sync_status", Value::Null).await;
            status["queue"]["changes_waiting"].as_u64().unwrap()
        };
        let before = waiting().await;
        // Nobody of this household can be split off twice: the second thing fails where the second call must not.
        if command == "split_household" {
            let mut params = params;
            params["once"] = json!(uuid::Uuid::now_v7());
            let first = laptop.call(command, params.clone()).await;
            assert_eq!(laptop.call(command, params).await, first);
            continue;
        }
        let [first, again, other] = thrice(&laptop, command, params).await;
        assert_eq!(first, again, "{command}");
        assert_ne!(first, other, "{command}: another id is another thing");
        let saved = waiting().await - before;
        assert!(saved > 0 && saved % 2 == 0, "{command}: {saved} changes were made of two things");
    }

    // An id that was used for one thing is no other.
    let once = uuid::Uuid::now_v7();
    let note = json!({"entity": on(EntityKind::Person, json!(person)), "text": "Một", "once": once});
    laptop.call("write_note", note).await;
    let reused = json!({"hamlet": "Thôn 1", "once": once});
    assert_eq!(laptop.refused("add_dwelling", reused).await.code.as_str(), "already_saved");
}

#[tokio::test]
async fn what_can_be_done_once_only_is_not_refused_when_it_is_asked_again() {
    let server = Server::start().await;
    let laptop = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let person = laptop.person("van an").await;
    let absence = json!({"person": person, "destination": "Đà Nẵng", "once": uuid::Uuid::now_v7()});
    let first = laptop.call("begin_absence", absence.clone()).await;
    assert_eq!(laptop.call("begin_absence", absence).await, first);
    let other = laptop.refused("begin_absence", json!({"person": person, "once": uuid::Uuid::now_v7()})).await;
    assert_eq!(other.code.as_str(), "already_absent");
}
