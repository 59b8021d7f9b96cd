//! One door, whole or not at all.

use domain::change::*;
use domain::field::Field;
use domain::fold::Presence;
use domain::role::Role;
use store::{Draft, Store, StoreError, Window};
use vault::MasterKey;

use crate::support::*;

#[test]
fn an_acknowledged_commit_survives_reopening() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![
        (visit(400), visited(200, &[300], Some("hẹn chiều"))),
        (correction(500), proposed(300, 200, Field::BirthDate, Some("15/08/1990"), "15/03/1990")),
        (person(310), added(200, "Lê Minh Khôi")),
    ]);
    let before = laptop.store.household(id(200), today()).unwrap().unwrap();

    laptop.reopen();

    let after = laptop.store.household(id(200), today()).unwrap().unwrap();
    assert_eq!(after, before);
    let names: Vec<_> = after.members.iter().map(|member| member.state.field(Field::FullName).unwrap()).collect();
    assert_eq!(names, ["Nguyễn Thị Hòa", "Lê Văn Hùng", "Lê Minh Khôi"]);
    assert_eq!(after.members[2].state.presence, Presence::AddedAtDoor);
    assert_eq!(after.visits[0].state.visit.note.as_deref(), Some("hẹn chiều"));
    assert_eq!(after.members[0].facts.open_discrepancies, [Field::BirthDate]);
    assert_eq!(after.members[0].facts.last_met_ms, Some(NOW));
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 3);
    laptop.store.check_integrity().unwrap();
}

#[test]
fn a_batch_of_drafts_is_whole_or_not_at_all() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let huge = "x".repeat(300 * 1024);
    let drafts = vec![Draft::new(NOW, household(200), noted("giữ")), Draft::new(NOW, household(200), noted(&huge))];

    let error = laptop.store.transact(NOW, drafts).unwrap_err();

    assert_eq!(error.code(), "wire_too_large");
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 0);
    assert!(laptop.store.household(id(200), today()).unwrap().is_none());
    assert_eq!(laptop.store.history(household(200), Window::first(10)).unwrap(), []);
}

#[test]
fn the_same_draft_twice_is_one_change() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let draft = Draft::new(NOW, household(200), noted("chó dữ"));

    laptop.store.transact(NOW, vec![draft.clone()]).unwrap();
    laptop.store.transact(NOW + 5, vec![draft.clone()]).unwrap();
    let other = Draft { body: noted("khác"), ..draft };
    let error = laptop.store.transact(NOW + 9, vec![other]).unwrap_err();

    assert!(matches!(error, StoreError::ChangeIdTaken));
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 1);
}

#[test]
fn what_the_server_would_refuse_is_refused_at_once() {
    let mut server = Server::new();
    let officer = Laptop::officer(&mut server);
    let supervisor = Laptop::supervisor(&mut server);
    let review = Draft::new(NOW, correction(500), reviewed(Decision::Approve));
    let misplaced = Draft::new(NOW, visit(400), noted("x"));

    assert_eq!(officer.store.transact(NOW, vec![review.clone()]).unwrap_err().code(), "role_may_not");
    assert_eq!(officer.store.transact(NOW, vec![misplaced]).unwrap_err().code(), "wrong_entity");
    supervisor.store.transact(NOW, vec![review]).unwrap();
}

#[test]
fn nothing_is_written_before_the_enrolment() {
    let folder = tempfile::tempdir().unwrap();
    let key = MasterKey::generate();
    let store = Store::create(folder.path(), &key, &store::NewProfile::generate(NOW)).unwrap();

    let error = store.transact(NOW, vec![Draft::new(NOW, household(200), noted("x"))]).unwrap_err();

    assert_eq!(error.code(), "not_enrolled");
    assert!(store.profile().is_none());
}

#[test]
fn a_certificate_of_another_device_is_not_taken() {
    let mut server = Server::new();
    let folder = tempfile::tempdir().unwrap();
    let key = MasterKey::generate();
    let store = Store::create(folder.path(), &key, &store::NewProfile::generate(NOW)).unwrap();
    let answer = server.enrol(&store::NewProfile::generate(NOW), Role::Officer, id(1));

    assert_eq!(store.enrol(&server.identity(), &answer, NOW).unwrap_err().code(), "not_for_us");
    assert_eq!(store.enrol(&server.identity(), &answer[1..], NOW).unwrap_err().code(), "wire_not_canonical");
}

#[test]
fn a_folder_holds_one_profile() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let path = laptop.folder.path().to_owned();
    let again = Store::create(&path, &MasterKey::generate(), &store::NewProfile::generate(NOW));
    assert!(again.is_err());
    laptop.with_store(|folder, key| {
        let error = Store::create(folder, key, &store::NewProfile::generate(NOW)).err().unwrap();
        assert_eq!(error.code(), "profile_exists");
        Store::open(folder, key).unwrap()
    });
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(Store::open(empty.path(), &laptop.key).err().unwrap().code(), "profile_missing");
}

#[test]
fn a_wrong_key_opens_nothing() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.with_store(|folder, key| {
        let error = Store::open(folder, &MasterKey::generate()).err().unwrap();
        assert_eq!(error.code(), "wrong_key");
        Store::open(folder, key).unwrap()
    });
    assert!(laptop.store.profile().is_some());
}

#[test]
fn a_clock_set_back_is_written_into_the_next_change() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let write = |at_ms: u64, text: &str| {
        laptop.store.transact(at_ms, vec![Draft::new(at_ms, household(200), noted(text))]).unwrap();
    };
    write(NOW, "một");
    write(NOW - 7_200_000, "hai");
    write(NOW - 7_100_000, "ba");

    laptop.send(&mut server);
    let reader = Laptop::supervisor(&mut server);
    reader.read(&server, 10);

    let raw = reader.raw("work");
    let mut statement = raw.prepare("SELECT header FROM change ORDER BY sequence").unwrap();
    let set_back: Vec<Option<u64>> = statement
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .unwrap()
        .map(|bytes| sync::codec::decode::<ChangeHeader>(&bytes.unwrap()).unwrap().clock_set_back_ms)
        .collect();
    assert_eq!(set_back, [None, Some(7_200_000), None]);
}

#[test]
fn drafts_and_settings_survive_reopening() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.store.keep_draft("visit/200", r#"{"note":"đang gõ"}"#, NOW).unwrap();
    laptop.store.keep_setting("server_url", "https://127.0.0.1:8443").unwrap();

    laptop.reopen();

    assert_eq!(laptop.store.draft("visit/200").unwrap().as_deref(), Some(r#"{"note":"đang gõ"}"#));
    assert_eq!(laptop.store.setting("server_url").unwrap().as_deref(), Some("https://127.0.0.1:8443"));
    laptop.store.drop_draft("visit/200").unwrap();
    assert_eq!(laptop.store.draft("visit/200").unwrap(), None);
}
