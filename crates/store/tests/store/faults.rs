//! A full disk, a damaged page, a file from the future: a clear error, nothing half-written, never wrong data.

use std::path::Path;

use store::{Draft, Store, StoreError, Window};
use vault::{MasterKey, OpenOptions, open_database};

use crate::support::*;

fn note(text: &str) -> Draft {
    Draft::new(NOW, household(200), noted(text))
}

#[test]
fn a_full_disk_is_said_and_nothing_is_half_written() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.store.limit_pages(8).unwrap();
    let mut saved = 0;
    let error = loop {
        match laptop.store.transact(NOW, vec![note(&"x".repeat(3000)), note("và")]) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 1000);
    };

    assert!(matches!(error, StoreError::DiskFull));
    assert_eq!(error.code(), "disk_full");
    assert!(saved > 0);
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 2 * saved);
    let notes = |laptop: &Laptop| laptop.store.household(id(200), today()).unwrap().unwrap().state.notes.len();
    assert_eq!(notes(&laptop) as u64, 2 * saved);
    laptop.reopen();
    assert_eq!(notes(&laptop) as u64, 2 * saved);
    laptop.store.check_integrity().unwrap();
    laptop.transact(vec![(household(200), noted("sau khi dọn"))]);
    laptop.sync(&mut server);
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 0);
}

#[test]
fn an_edition_that_does_not_fit_leaves_the_one_before() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let (mut records, [people, households, dwellings]) = small_commune();
    for number in 1000..1400 {
        let name = format!("Người Thứ {number}");
        let person = register_person(number, 200, &[(domain::field::Field::FullName, name.as_str())]);
        records.push(domain::register::EditionRecord::Person(person));
    }
    let (manifest, pieces) = server.manifest(2, None, [people + 400, households, dwellings], &records);
    let download = laptop.store.begin_edition(&manifest).unwrap();
    for (wanted, piece) in download.pieces.iter().zip(&pieces) {
        laptop.store.take_edition_piece(&wanted.hash, 0, &piece.bytes).unwrap();
    }
    laptop.store.limit_pages(4).unwrap();

    let error = laptop.store.finish_edition(NOW, &mut |_, _| true).unwrap_err();

    assert_eq!(error.code(), "disk_full");
    assert_eq!(laptop.store.edition().unwrap().unwrap().edition, 1);
    assert_eq!(laptop.store.search("nguoi thu", 5).unwrap().people, []);
    laptop.reopen();
    laptop.store.finish_edition(NOW, &mut |_, _| true).unwrap();
    assert_eq!(laptop.store.search("nguoi thu", 500).unwrap().people.len(), 400);
}

#[test]
fn a_file_of_a_later_version_is_refused() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let set = |folder: &Path, key: &MasterKey, version: u32| {
        let connection =
            open_database(&folder.join("work.db"), &key.database_key("work"), OpenOptions::default()).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
    };
    laptop.with_store(|folder, key| {
        set(folder, key, 99);
        let error = Store::open(folder, key).err().unwrap();
        assert_eq!(error.code(), "newer_schema");
        assert_eq!(
            error.params(),
            [("file", "work.db".to_owned()), ("found", "99".to_owned()), ("known", store::SCHEMA_VERSION.to_string())]
        );
        set(folder, key, store::SCHEMA_VERSION);
        Store::open(folder, key).unwrap()
    });
    assert!(laptop.store.profile().is_some());
}

#[test]
fn a_changed_byte_on_any_page_is_an_error_or_is_not_read() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact((0..40).map(|number| (household(200), noted(&format!("ghi chú {number}")))).collect());
    let read = |store: &Store| -> Result<String, StoreError> {
        let everything = (
            store.household(id(200), today())?,
            store.search("n", 50)?,
            store.history(household(200), Window::first(100))?,
            store.queue_status()?,
        );
        Ok(serde_json::to_string(&everything).unwrap())
    };
    let expected = read(&laptop.store).unwrap();
    let mut refused = 0;
    laptop.with_store(|folder, key| {
        let path = folder.join("work.db");
        let whole = std::fs::read(&path).unwrap();
        let mut at = 11u64;
        for _ in 0..80 {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut damaged = whole.clone();
            let place = (at >> 20) as usize % damaged.len();
            damaged[place] ^= 1 << (at % 8);
            std::fs::write(&path, &damaged).unwrap();
            match Store::open(folder, key).and_then(|store| read(&store)) {
                Ok(found) => assert_eq!(found, expected, "byte {place}"),
                Err(_) => refused += 1,
            }
            let store = Store::open(folder, key);
            assert!(store.and_then(|store| store.check_integrity()).is_err(), "byte {place} goes unnoticed");
            // Whatever the attempt wrote beside the file goes with it.
            for beside in ["work.db-wal", "work.db-shm"] {
                let _ = std::fs::remove_file(folder.join(beside));
            }
        }
        std::fs::write(&path, &whole).unwrap();
        Store::open(folder, key).unwrap()
    });
    assert!(refused > 20, "only {refused} of 80 pages were read at all");
    assert_eq!(read(&laptop.store).unwrap(), expected);
}
