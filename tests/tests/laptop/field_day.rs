//! A day: visit, correction, photo, events; sync; the decision; the officer sees it.

use data_encoding::BASE64;
use domain::role::Role;
use serde_json::{Value, json};

use crate::bench::{Server, png, true_ms};

#[tokio::test]
async fn what_is_proposed_at_a_door_is_decided_at_the_station_and_seen_by_its_officer() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let supervisor = server.laptop("Đỗ Thị Dung", Role::Supervisor).await;

    let household = officer.household("HK001").await;
    let view = officer.call("open_household", json!({ "household": household })).await;
    assert_eq!(view["members"].as_array().unwrap().len(), 3);
    let binh = officer.person("nguyen van binh").await;
    let photo = officer
        .call(
            "attach_photo",
            json!({
                "entity": {"kind": "person", "id": binh},
                "photos": [{"base64": BASE64.encode(&png())}],
                "document_kind": "birth_certificate",
                "reason": "discrepancy",
            }),
        )
        .await;
    let now_ms = true_ms();
    let saved = officer
        .call(
            "record_visit",
            json!({
                "visit": {
                    "household": household, "kind": "at_the_door", "outcome": "met", "met": [binh],
                    "started_ms": now_ms - 60_000, "ended_ms": now_ms, "note": "Có mặt cả nhà",
                },
                "as_listed": [view["members"][0]["person"]],
                "corrections": [{
                    "subject": "person", "subject_id": binh, "field": "birth_date",
                    "paper_value": "20/02/1998", "proposed_value": "20/02/1998",
                    "evidence": [{
                        "paper": {"kind": "birth_certificate", "number": "15/1998"},
                        "photo": photo["photos"][0]["hash"],
                        "rectangle": [0, 0, 10_000, 5_000],
                    }],
                }],
            }),
        )
        .await;
    let proposed = &saved["corrections"][0];
    assert_eq!(proposed["register_value"], "30/02/1998");
    assert_eq!(proposed["needs_two_people"], true);
    let correction = proposed["correction"].clone();

    let summary = officer.sync().await;
    assert_eq!((summary.changes_refused, summary.photos_sent), (0, 1));
    let queue = officer.call("list_queue", json!({"offset": 0, "limit": 10})).await;
    let kinds = json!([{"kind": 1, "changes": 1}, {"kind": 3, "changes": 1}, {"kind": 10, "changes": 1}, {"kind": 50, "changes": 1}]);
    assert_eq!(queue["batches"][0]["kinds"], kinds);
    let status = officer.call("sync_status", Value::Null).await;
    assert_eq!((&status["queue"]["changes_waiting"], &status["queue"]["photos_waiting"]), (&json!(0), &json!(0)));
    assert_eq!(status["queue"]["access_waiting"], json!(0));

    let read = supervisor.sync().await;
    assert_eq!(read.photos_fetched, 1);
    let list = supervisor.call("list_corrections", json!({"query": {"only": "open"}, "offset": 0, "limit": 10})).await;
    assert_eq!((&list["count"], &list["corrections"][0]["correction"]), (&json!(1), &correction));
    let row = &list["corrections"][0];
    assert_eq!((&row["difference"], &row["photos_missing"]), (&json!("different"), &json!(0)));
    let entered =
        supervisor.call("list_corrections", json!({"query": {"only": "entered"}, "offset": 0, "limit": 9})).await;
    assert_eq!(entered["count"], 0);
    let opened = supervisor.call("open_correction", json!({ "correction": correction })).await;
    assert_eq!(opened["household"]["members"].as_array().unwrap().len(), 3);
    let seen = supervisor.call("get_photo", json!({"photo": photo["photos"][0]["hash"]})).await;
    assert_eq!(seen["base64"], BASE64.encode(&png()));

    let review = json!({"correction": correction, "decision": "return", "reason": "Ảnh mờ"});
    supervisor.call("review_correction", review).await;
    supervisor.sync().await;
    officer.sync().await;
    let back = officer.call("open_correction", json!({ "correction": correction })).await;
    assert_eq!(back["correction"]["state"]["stage"], "returned");
    assert_eq!(back["correction"]["state"]["reviews"][0]["review"]["reason"], "Ảnh mờ");
}

#[tokio::test]
async fn everyday_events_are_seen_by_the_next_laptop() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let (first, second) = (officer.household("HK001").await, officer.household("HK002").await);
    let (an, hoa) = (officer.person("van an").await, officer.person("le thi hoa").await);

    let added = officer
        .call(
            "add_person",
            json!({"household": first, "fields": {"full_name": "Nguyễn Thị Mới"}, "residence": "temporary"}),
        )
        .await;
    officer.call("begin_absence", json!({"person": hoa, "since": "10/2026", "destination": "Bình Dương"})).await;
    officer.call("move_person", json!({"person": an, "to": second})).await;
    let split = officer
        .call(
            "split_household",
            json!({"from": first, "dwelling": {"new": {"hamlet": "Thôn 3", "house_no": "1"}}, "persons": [added["person"]]}),
        )
        .await;
    let note = json!({"entity": {"kind": "household", "id": first}, "text": "Chó dữ"});
    let note = officer.call("write_note", note).await;
    officer
        .call("withdraw_event", json!({"entity": {"kind": "household", "id": first}, "change": note["change"]}))
        .await;
    officer.call("record_ordinary_visit", json!({"household": second, "started_ms": true_ms()})).await;
    officer.sync().await;

    let other = server.laptop("Hồ Văn Em", Role::Officer).await;
    let moved = other.call("open_household", json!({ "household": second })).await;
    assert_eq!(moved["members"].as_array().unwrap().len(), 2);
    assert_eq!(moved["visits"][0]["state"]["visit"]["met"].as_array().unwrap().len(), 2);
    let away = other.call("open_person", json!({ "person": hoa })).await;
    assert_eq!(away["view"]["state"]["absences"][0]["destination"], "Bình Dương");
    let parted = other.call("open_household", json!({"household": split["household"]})).await;
    assert_eq!(parted["dwelling"]["hamlet"], "Thôn 3");
    let house = other.call("open_household", json!({ "household": first })).await;
    assert_eq!(house["state"]["notes"], json!([]));
}

#[tokio::test]
async fn a_supervisor_hands_out_houses_and_an_officer_may_not() {
    let server = Server::start().await;
    let supervisor = server.laptop("Đỗ Thị Dung", Role::Supervisor).await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let me = officer.call("profile_status", Value::Null).await["profile"]["officer"].clone();
    let house = officer.household("HK003").await;
    let work = json!({"households": [house], "officer": me, "note": "Trước Tết"});
    assert_eq!(officer.refused("assign_households", work.clone()).await.code.as_str(), "role_not_allowed");

    supervisor.sync().await;
    supervisor.call("assign_households", work).await;
    supervisor.sync().await;
    officer.sync().await;
    let mine = officer.call("list_today", json!({"query": {"officer": me}, "offset": 0, "limit": 10})).await;
    assert_eq!(mine["progress"]["houses"], 1);
    assert_eq!(mine["houses"][0]["assignment_note"], "Trước Tết");
}

#[tokio::test]
async fn an_address_in_old_names_is_known_by_the_list_of_successions() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;

    let units = officer.call("find_old_units", json!({"address": "Ấp 1, Tân Phước, Đồng Phú, Bình Phước"})).await;

    let named = &units["named"];
    assert_eq!((named.as_array().unwrap().len(), &named[0]["name"]), (1, &json!("Xã Tân Phước")));
    assert_eq!(named[0]["today"], json!(["Xã Đồng Tâm, Tỉnh Đồng Nai"]));
    let own: Vec<_> = units["of_this_unit"].as_array().unwrap().iter().map(|unit| unit["name"].clone()).collect();
    assert_eq!(own, ["Xã Đồng Tâm", "Xã Tân Phước", "Xã Đồng Tiến"]);
}

#[tokio::test]
async fn counting_houses_is_no_look_at_anyone_and_the_list_that_follows_is_one() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let lines = async || officer.call("sync_status", Value::Null).await["queue"]["access_waiting"].as_u64().unwrap();
    let before = lines().await;

    let count = officer.call("list_today", json!({"query": {}, "offset": 0, "limit": 0})).await;
    let areas = officer.call("show_coverage", json!({"query": {"only": "never_visited"}})).await;
    let edition = officer.call("show_edition", Value::Null).await;

    assert_eq!(lines().await, before);
    let houses: u64 = areas.as_array().unwrap().iter().map(|area| area["houses"].as_u64().unwrap()).sum();
    assert_eq!(count["progress"]["houses"], houses);
    assert_eq!((&edition["edition"], &edition["households"]), (&json!(1), &json!(houses)));
    let done = officer.call("show_coverage", json!({"query": {"only": "done"}})).await;
    assert_eq!(done, json!([]));
    officer.call("list_today", json!({"query": {}, "offset": 0, "limit": 10})).await;
    assert_eq!(lines().await, before + 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_half_written() {
    let server = Server::start().await;
    let officer = server.laptop("Phạm Văn Cường", Role::Officer).await;
    let household = officer.household("HK001").await;
    let an = officer.person("van an").await;
    let now_ms = true_ms();
    let visit = json!({
        "household": household, "kind": "at_the_door", "outcome": "met", "met": [an],
        "started_ms": now_ms, "ended_ms": now_ms,
    });
    let correction = |field: &str, value: &str| json!({"subject": "person", "subject_id": an, "field": field, "proposed_value": value});
    let entity = json!({"kind": "person", "id": an});
    let huge = officer.folder.path().join("huge.jpg");
    std::fs::File::create(&huge).unwrap().set_len(4 << 30).unwrap();
    let empty = officer.folder.path().join("empty.jpg");
    std::fs::File::create(&empty).unwrap();
    let photo = |source: Value, reason: Value| json!({"entity": entity, "photos": [source], "document_kind": "id_card", "reason": reason});
    let cases = [
        ("propose_correction", correction("birth_date", "30/02/1990"), "date_impossible"),
        ("propose_correction", correction("full_name", "Lê\u{200b}An"), "text_invisible_character"),
        ("propose_correction", correction("full_name", "\u{202e}nA"), "text_bidi_control"),
        ("propose_correction", correction("full_name", &"a".repeat(500)), "text_too_long"),
        ("propose_correction", correction("full_name", "Nguyễn Văn An"), "correction_changes_nothing"),
        ("propose_correction", correction("hamlet", "Thôn 9"), "value_not_allowed"),
        ("attach_photo", photo(json!({"path": huge}), json!("discrepancy")), "photo_too_large"),
        ("attach_photo", photo(json!({"path": empty}), json!("discrepancy")), "photo_empty"),
        (
            "attach_photo",
            photo(json!({"base64": BASE64.encode(b"<svg/>")}), json!("discrepancy")),
            "photo_not_an_image",
        ),
        ("attach_photo", photo(json!({"base64": BASE64.encode(&png())}), Value::Null), "photo_reason_required"),
        ("attach_photo", photo(json!({"base64": BASE64.encode(&png())}), json!("other")), "photo_reason_required"),
        ("record_visit", json!({"visit": visit, "as_listed": [uuid::Uuid::now_v7()]}), "not_of_this_household"),
        (
            "record_visit",
            json!({"visit": visit, "corrections": [correction("birth_date", "31/04/1970")]}),
            "date_impossible",
        ),
        ("end_absence", json!({"person": an}), "not_absent"),
        ("open_household", json!({"household": uuid::Uuid::now_v7()}), "not_found"),
    ];
    for (command, params, code) in cases {
        let error = officer.refused(command, params.clone()).await;
        assert_eq!(error.code.as_str(), code, "{command} {params}");
        assert!(!serde_json::to_string(&error).unwrap().contains("Nguyễn"), "{error:?}");
    }
    let drop_table =
        officer.call("propose_correction", correction("full_name", "Robert'; DROP TABLE person; --")).await;
    assert_eq!(drop_table["proposed"]["difference"], "different");
    let status = officer.call("sync_status", Value::Null).await;
    assert_eq!(status["queue"]["changes_waiting"], json!(1), "only the one that was taken");
}
