//! Forks, cloned and set back files, restored servers: nothing is lost and nothing counts twice.

use std::path::Path;

use domain::id::ChangeId;
use store::{Store, Window};
use sync::plan::{self, Step};

use crate::support::*;

/// Copies the files of a profile, as a cloned disk or a backup would.
fn copy_profile(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn notes(laptop: &Laptop) -> Vec<String> {
    let view = laptop.store.household(id(200), today()).unwrap();
    let mut notes: Vec<String> =
        view.map(|view| view.state.notes.into_iter().map(|note| note.text).collect()).unwrap_or_default();
    notes.sort();
    notes
}

#[test]
fn after_a_fork_what_had_no_receipt_goes_on_in_a_new_chain_with_its_ids() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.transact(vec![(household(200), noted("chung"))]);
    laptop.sync(&mut server);
    let folder = tempfile::tempdir().unwrap();
    laptop.with_store(|from, key| {
        copy_profile(from, folder.path());
        Store::open(from, key).unwrap()
    });
    let clone = Store::open(folder.path(), &laptop.key).unwrap();
    let mut clone = Laptop { store: clone, folder, officer: laptop.officer, clock_ms: NOW, key: laptop.key.clone() };

    laptop.transact(vec![(household(200), noted("máy một"))]);
    laptop.sync(&mut server);
    let ids = clone.transact(vec![(household(200), noted("máy hai")), (household(200), noted("máy hai nữa"))]);
    assert!(!clone.send(&mut server), "the server says fork");
    let facts = clone.store.plan_facts(NOW, 10, 10).unwrap();
    assert!(matches!(plan::next_step(&facts), Step::NewChain { .. }));
    clone.store.new_chain(NOW).unwrap();
    assert!(clone.store.plan_facts(NOW, 10, 10).unwrap().forked.is_none());
    clone.sync(&mut server);
    laptop.sync(&mut server);

    let expected = ["chung", "máy hai", "máy hai nữa", "máy một"];
    assert_eq!(notes(&clone), expected);
    assert_eq!(notes(&laptop), expected);
    let known: Vec<ChangeId> =
        clone.store.history(household(200), Window::first(9)).unwrap().iter().map(|entry| entry.change).collect();
    assert!(ids.iter().all(|id| known.contains(id)));
    assert_eq!(clone.digest(&server), laptop.digest(&server));
    assert_eq!(clone.store.queue_status().unwrap().changes_waiting, 0);
}

#[test]
fn a_file_set_back_to_an_earlier_day_opens_a_new_chain_when_it_reads_the_log() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.transact(vec![(household(200), noted("hôm qua"))]);
    laptop.sync(&mut server);
    let backup = tempfile::tempdir().unwrap();
    laptop.with_store(|from, key| {
        copy_profile(from, backup.path());
        Store::open(from, key).unwrap()
    });
    laptop.transact(vec![(household(200), noted("hôm nay"))]);
    laptop.sync(&mut server);
    laptop.with_store(|folder, key| {
        copy_profile(backup.path(), folder);
        Store::open(folder, key).unwrap()
    });
    laptop.transact(vec![(household(200), noted("sau khi khôi phục"))]);

    let after = laptop.store.page_request().unwrap().after;
    let taken = laptop.store.take_feed_page(&server.page(after, 10), NOW).unwrap();
    assert!(taken.chain_renewed);
    laptop.sync(&mut server);

    assert_eq!(notes(&laptop), ["hôm nay", "hôm qua", "sau khi khôi phục"]);
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 0);
    let other = Laptop::supervisor(&mut server);
    other.read(&server, 10);
    assert_eq!(other.digest(&server), laptop.digest(&server));
}

#[test]
fn a_change_logged_under_its_old_number_counts_once() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.transact(vec![(household(200), noted("một lần"))]);
    laptop.store.seal_pending(NOW, APP).unwrap();
    let item = laptop.store.waiting_batches(1).unwrap().remove(0);
    let transfer = laptop.store.transfer_bytes(&item.hash).unwrap().unwrap();
    // It reached the server, but the answer was lost, and the chain was given up meanwhile.
    server.receive(&sync::batch::from_transfer(&transfer).unwrap());
    laptop.store.new_chain(NOW).unwrap();

    laptop.sync(&mut server);
    laptop.sync(&mut server);

    assert_eq!(notes(&laptop), ["một lần"]);
    let other = Laptop::supervisor(&mut server);
    other.read(&server, 10);
    assert_eq!(notes(&other), ["một lần"]);
    assert_eq!(other.digest(&server), laptop.digest(&server));
}

#[test]
fn a_gap_offers_again_what_the_server_lost() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    for text in ["a", "b"] {
        laptop.transact(vec![(household(200), noted(text))]);
        laptop.send(&mut server);
    }
    let log = server.log;
    server.restore(1, 0x1_06);
    assert_eq!(server.log, log);
    laptop.transact(vec![(household(200), noted("c"))]);

    laptop.send(&mut server);
    laptop.send(&mut server);
    laptop.read(&server, 10);

    assert_eq!(server.head(), 3);
    assert_eq!(notes(&laptop), ["a", "b", "c"]);
}

#[test]
fn laptops_refill_a_server_restored_from_an_older_backup() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut officer = Laptop::officer(&mut server);
    let mut supervisor = Laptop::supervisor(&mut server);
    officer.take_edition(&manifest, &pieces);
    supervisor.take_edition(&manifest, &pieces);
    for round in 0..4 {
        officer.transact(vec![(household(200), noted(&format!("cán bộ {round}")))]);
        officer.sync(&mut server);
        supervisor.transact(vec![(household(200), noted(&format!("chỉ huy {round}")))]);
        supervisor.sync(&mut server);
    }
    officer.sync(&mut server);
    let before = notes(&officer);
    server.restore(3, 0x2_06);
    officer.transact(vec![(household(200), noted("trong lúc hỏng"))]);

    let read = officer.store.page_request().unwrap();
    let error = officer.store.take_feed_page(&server.page(read.after, 1), NOW).unwrap_err();
    assert_eq!(error.code(), "wire_log_changed");
    // One laptop alone holds everything.
    officer.store.offer_everything(server.log).unwrap();
    assert_eq!(officer.store.plan_facts(NOW, 100, 10).unwrap().offered_to, Some(server.log));
    let items = officer.store.waiting_batches(100).unwrap();
    assert_eq!(officer.store.certificates_of(&items).unwrap().len(), 2);
    officer.send(&mut server);
    officer.store.read_from_zero(server.log, NOW, APP).unwrap();
    assert_eq!(notes(&officer).len(), before.len() + 1, "nothing is gone from the screen meanwhile");
    officer.sync(&mut server);
    supervisor.store.offer_everything(server.log).unwrap();
    supervisor.send(&mut server);
    supervisor.store.read_from_zero(server.log, NOW, APP).unwrap();
    supervisor.sync(&mut server);

    assert_eq!(server.head(), 9);
    assert_eq!(notes(&officer).len(), 9);
    assert_eq!(notes(&supervisor), notes(&officer));
    assert_eq!(officer.digest(&server), supervisor.digest(&server));
    let status = officer.store.queue_status().unwrap();
    assert_eq!((status.batches_waiting, status.changes_waiting), (0, 0));
}

#[test]
fn after_a_restore_a_full_edition_is_taken_again() {
    let (mut server, manifest, pieces) = server_with_commune();
    let laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    laptop.read(&server, 5);
    server.restore(0, 0x2_06);
    laptop.store.offer_everything(server.log).unwrap();
    laptop.store.read_from_zero(server.log, NOW, APP).unwrap();
    assert_eq!(laptop.store.plan_facts(NOW, 1, 1).unwrap().edition_held, 0);

    let (records, counts) = small_commune();
    let (manifest, pieces) = server.manifest(1, None, counts, &records[..]);
    laptop.take_edition(&manifest, &pieces);

    assert_eq!(laptop.store.plan_facts(NOW, 1, 1).unwrap().edition_held, 1);
    assert_eq!(laptop.store.edition().unwrap().unwrap().people, 6);
}

#[test]
fn many_changes_are_split_into_batches_that_follow_each_other() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let said = (0..600).map(|number| (household(200 + number), noted("x"))).collect();
    laptop.transact(said);
    assert_eq!(laptop.store.seal_pending(NOW, APP).unwrap(), 3);

    laptop.sync(&mut server);

    assert_eq!(server.head(), 3);
    assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 0);
}
