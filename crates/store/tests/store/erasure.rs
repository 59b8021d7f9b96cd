//! What was erased is in no file of the profile.

use domain::change::*;
use domain::field::Field;
use domain::id::ChangeId;
use rusqlite::MAIN_DB;
use store::{Draft, Window};

use crate::support::*;

const SECRET: &str = "bí mật tuyệt đối của bà Hai";

/// Every page of a file, decrypted, free ones and unused middles included; and its WAL must be empty.
fn pages(laptop: &Laptop, purpose: &str) -> Vec<u8> {
    let wal = laptop.folder.path().join(format!("{purpose}.db-wal"));
    assert_eq!(std::fs::metadata(wal).map(|wal| wal.len()).unwrap_or(0), 0, "the WAL still holds pages");
    let mut raw = laptop.raw(purpose);
    let pages = raw.serialize(MAIN_DB).unwrap().to_vec();
    assert!(pages.starts_with(b"SQLite format 3\0"), "these are decrypted pages");
    pages
}

fn contains(pages: &[u8], wanted: &[u8]) -> bool {
    pages.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn an_erased_body_is_in_no_page_of_any_file() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let photo_bytes: Vec<u8> = SECRET.bytes().cycle().take(60_000).collect();
    let photo = laptop.store.keep_photo(&photo_bytes, "image/jpeg", NOW).unwrap();
    let attached = PhotoAttached {
        document_kind: "id_card".to_owned(),
        document_number: None,
        document_date: None,
        reason: PhotoReason::Discrepancy,
        reason_text: Some(SECRET.to_owned()),
        visit: None,
    };
    let draft = Draft { photos: vec![photo.clone()], ..Draft::new(NOW, person(300), Body::PhotoAttached(attached)) };
    let mut erased_ids: Vec<ChangeId> = laptop.store.transact(NOW, vec![draft]).unwrap();
    // Much else around it, so that pages split and rows move.
    for number in 0..120u128 {
        let secret = number % 10 == 5;
        let text = if secret { format!("{SECRET} {number}") } else { format!("ghi chú {number} ") + &"x".repeat(200) };
        let ids = laptop.transact(vec![
            (visit(4000 + number), visited(200, &[300], Some(&text))),
            (correction(5000 + number), proposed(300, 200, Field::BirthPlace, None, &text)),
            (person(6000 + number), added(200, &text)),
        ]);
        if secret {
            erased_ids.extend(ids);
        }
    }
    laptop.sync(&mut server);
    assert!(contains(&laptop.raw("work").serialize(MAIN_DB).unwrap(), SECRET.as_bytes()), "the scan finds it before");
    assert!(contains(&laptop.raw("photos").serialize(MAIN_DB).unwrap(), SECRET.as_bytes()));
    let found = laptop.store.search("bi mat tuyet doi", 50).unwrap().people.len();
    assert_eq!(found, 12);

    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&erased_ids, &[photo.hash], &[305]))]);
    laptop.read(&server, 10);

    for purpose in ["work", "photos"] {
        let pages = pages(&laptop, purpose);
        assert!(!contains(&pages, SECRET.as_bytes()), "in {purpose}.db");
        assert!(!contains(&pages, "bi mat tuyet doi".as_bytes()), "folded, in {purpose}.db");
        assert!(!contains(&pages, "tuyet".as_bytes()), "as a word of the index, in {purpose}.db");
        assert!(!contains(&pages, "Nguyễn Văn Ân".as_bytes()), "a register row, in {purpose}.db");
    }
    assert!(laptop.store.photo(photo.hash).unwrap().is_none());
    assert!(laptop.store.person(id(305), today()).unwrap().is_none());
    assert_eq!(laptop.store.search("bi mat tuyet doi", 50).unwrap().people, []);
    assert_eq!(laptop.store.household(id(200), today()).unwrap().unwrap().visits.len(), 108);
    laptop.store.check_integrity().unwrap();
    let status = laptop.store.queue_status().unwrap();
    assert_eq!((status.photos_waiting, status.changes_waiting), (0, 0));
}

#[test]
fn drafts_about_the_erased_go_and_others_stay() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let photo = laptop.store.keep_photo(&[9; 4000], "image/jpeg", NOW).unwrap();
    // 305 lives in 203 and was met in 200, too; his correction is 500.
    let erased_ids = laptop.transact(vec![
        (visit(400), visited(200, &[305], Some("gặp"))),
        (correction(500), proposed(305, 200, Field::BirthPlace, None, "Huế")),
    ]);
    laptop.sync(&mut server);
    let name = laptop.store.person(id(305), today()).unwrap().unwrap().state.fields[&Field::FullName].clone();
    let said = |text: &str| serde_json::json!({ "note": format!("{text} {SECRET}") }).to_string();
    let about = [
        (format!("person:{}", person(305).id), said("")),
        (format!("visit:{}", household(200).id), said("")),
        (format!("household:{}", household(203).id), said("")),
        (format!("correction:{}", correction(500).id), said("")),
        ("amend".to_owned(), serde_json::json!({ "visit": visit(400).id, "note": SECRET }).to_string()),
        ("photos".to_owned(), serde_json::json!({ "photo": photo.hash, "note": SECRET }).to_string()),
        ("telephone".to_owned(), said(&name.to_uppercase())),
    ];
    let of_others =
        [(format!("person:{}", person(300).id), said("x").replace(SECRET, "khác")), ("find".into(), "1".into())];
    for (key, json) in about.iter().chain(&of_others) {
        laptop.store.keep_draft(key, json, NOW).unwrap();
    }
    assert!(contains(&laptop.raw("work").serialize(MAIN_DB).unwrap(), SECRET.as_bytes()), "the scan finds it before");

    server.say(vec![(change_id(1), person(305), erased(&erased_ids, &[photo.hash], &[305]))]);
    laptop.read(&server, 10);

    for (key, _) in &about {
        assert_eq!(laptop.store.draft(key).unwrap(), None, "{key}");
    }
    // The screen was open all the while.
    laptop.store.keep_draft(&about[0].0, &about[0].1, NOW).unwrap();
    assert_eq!(laptop.store.draft(&about[0].0).unwrap(), None);
    for (key, json) in &of_others {
        assert_eq!(laptop.store.draft(key).unwrap().as_ref(), Some(json));
    }
    assert!(!contains(&pages(&laptop, "work"), SECRET.as_bytes()));
}

/// Why the working file is written anew after an erasure: `secure_delete` alone does not keep its promise.
#[test]
fn without_writing_anew_copies_of_moved_rows_would_be_left() {
    let folder = tempfile::tempdir().unwrap();
    let key = vault::MasterKey::generate().database_key("any");
    let options = vault::OpenOptions { create: true, ..Default::default() };
    let mut raw = vault::open_database(&folder.path().join("any.db"), &key, options).unwrap();
    raw.execute_batch("CREATE TABLE t (k BLOB PRIMARY KEY, v TEXT) WITHOUT ROWID; CREATE INDEX i ON t (v);").unwrap();
    let mut seed = 1u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 20
    };
    let mut secrets = Vec::new();
    for number in 0..3000u64 {
        let key = next().to_be_bytes();
        let (mark, filler) = if number % 7 == 3 { ("SECRET-", "s") } else { ("", "y") };
        let value = format!("{mark}{number} {}", filler.repeat((next() % 400) as usize));
        raw.execute("INSERT INTO t VALUES (?1, ?2)", rusqlite::params![&key[..], value]).unwrap();
        if !mark.is_empty() {
            secrets.push(key);
        }
        if number % 5 == 0 {
            raw.execute("UPDATE t SET v = v || 'zz' WHERE k = ?1", [&key[..]]).unwrap();
        }
    }
    for key in &secrets {
        raw.execute("DELETE FROM t WHERE k = ?1", [&key[..]]).unwrap();
    }
    assert!(contains(&raw.serialize(MAIN_DB).unwrap(), b"SECRET-"), "then VACUUM would not be needed");

    raw.execute_batch("VACUUM").unwrap();

    assert!(!contains(&raw.serialize(MAIN_DB).unwrap(), b"SECRET-"));
}

#[test]
fn a_laptop_enrolled_after_an_erasure_folds_alike() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut early = Laptop::officer(&mut server);
    early.take_edition(&manifest, &pieces);
    let ids = early.transact(vec![
        (visit(400), visited(200, &[300, 999], Some(SECRET))),
        (person(310), added(200, SECRET)),
        (person(300), noted("ở lại")),
    ]);
    early.sync(&mut server);
    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&ids[..2], &[], &[]))]);
    early.sync(&mut server);
    let late = Laptop::supervisor(&mut server);
    late.read(&server, 10);
    late.take_edition(&manifest, &pieces);

    assert_eq!(late.digest(&server), early.digest(&server));
    assert_eq!(late.store.states(server.head()).unwrap(), early.store.states(server.head()).unwrap());
    let entry = &late.store.history(visit(400), Window::first(5)).unwrap()[0];
    assert_eq!(entry.body, None);
}

#[test]
fn an_erased_batch_is_offered_without_its_body_and_the_chain_is_whole() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let ids = laptop.transact(vec![(household(200), noted(SECRET)), (household(200), noted("khác"))]);
    laptop.sync(&mut server);
    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&ids[..1], &[], &[]))]);
    laptop.read(&server, 10);
    server.restore(0, 0x2_06);

    laptop.store.offer_everything(server.log).unwrap();
    laptop.send(&mut server);
    laptop.store.read_from_zero(server.log, NOW, APP).unwrap();
    laptop.read(&server, 10);

    let notes = laptop.store.household(id(200), today()).unwrap().unwrap().state.notes;
    assert_eq!(notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["khác"]);
    assert_eq!(server.head(), 2);
    let fresh = Laptop::supervisor(&mut server);
    fresh.read(&server, 10);
    assert_eq!(fresh.digest(&server), laptop.digest(&server));
}

#[test]
fn pieces_on_their_way_do_not_bring_an_erased_person_back() {
    let (mut server, manifest, pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    let download = laptop.store.begin_edition(&manifest).unwrap();
    laptop.store.take_edition_piece(&download.pieces[0].hash, 0, &pieces[0].bytes).unwrap();
    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&[], &[], &[305]))]);
    laptop.read(&server, 10);
    assert_eq!(laptop.store.edition_download().unwrap(), None);

    laptop.take_edition(&manifest, &pieces);

    assert!(laptop.store.person(id(305), today()).unwrap().is_none());
    assert_eq!(laptop.store.search("nguyen", 10).unwrap().people.len(), 2);
}

#[test]
fn a_scrubbing_cut_short_is_begun_again_at_the_next_opening() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let ids = laptop.transact(vec![(household(200), noted(SECRET))]);
    laptop.sync(&mut server);
    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&ids, &[], &[]))]);
    // Someone else reads the old pages: the WAL cannot be cut off now.
    let reader = laptop.raw("work");
    reader.execute_batch("BEGIN; SELECT count(*) FROM change;").unwrap();
    let after = laptop.store.page_request().unwrap().after;
    laptop.store.take_feed_page(&server.page(after, 5), NOW).unwrap();
    assert_eq!(laptop.store.page_request().unwrap().after, server.head());
    assert!(laptop.store.queue_status().unwrap().erasure_unfinished);
    drop(reader);

    laptop.reopen();

    assert!(!laptop.store.queue_status().unwrap().erasure_unfinished);
    assert!(!contains(&pages(&laptop, "work"), SECRET.as_bytes()));
}

#[test]
fn an_erasure_that_cannot_be_finished_keeps_nobody_from_work() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let ids = laptop.transact(vec![(household(200), noted(SECRET))]);
    laptop.sync(&mut server);
    server.say(vec![(change_id(1), EntityRef::UNIT, erased(&ids, &[], &[]))]);
    // A copy from before an upgrade that cannot be removed stands for any failure on the way, a full disk among them.
    let stuck = laptop.folder.path().join("work.db.before-1");
    std::fs::create_dir(&stuck).unwrap();
    laptop.read(&server, 10);

    laptop.reopen();

    assert!(laptop.store.queue_status().unwrap().erasure_unfinished);
    let written = laptop.transact(vec![(household(200), noted("việc vẫn đi tiếp"))]);
    assert_eq!(written.len(), 1);
    std::fs::remove_dir(&stuck).unwrap();
    assert!(laptop.store.finish_erasure());
    assert!(!laptop.store.queue_status().unwrap().erasure_unfinished);
    assert!(!contains(&pages(&laptop, "work"), SECRET.as_bytes()));
}
