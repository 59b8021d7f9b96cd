//! Receipts, pages of the log, and what waits on top of it.

use domain::change::*;
use domain::field::Field;
use domain::fold::{Outcome, Position, Presence, Stage};
use domain::role::Role;
use store::{AccessTaken, BatchStanding, CorrectionFilter, CorrectionQuery, Draft, Store, Window};
use sync::plan::ReceiptOutcome;

use crate::support::*;

#[test]
fn only_a_receipt_moves_a_batch() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    laptop.transact(vec![(household(200), noted("a"))]);
    assert_eq!(laptop.store.seal_pending(NOW, APP).unwrap(), 1);
    assert_eq!(laptop.store.seal_pending(NOW, APP).unwrap(), 0);
    let item = laptop.store.waiting_batches(10).unwrap().remove(0);
    let transfer = laptop.store.transfer_bytes(&item.hash).unwrap().unwrap();

    laptop.reopen();

    assert_eq!(laptop.store.transfer_bytes(&item.hash).unwrap().unwrap(), transfer);
    let receipt = server.receive(&sync::batch::from_transfer(&transfer).unwrap());
    let mut broken = receipt.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(laptop.store.take_receipt(&broken).unwrap_err().code(), "wire_bad_signature");
    assert_eq!(laptop.store.queue_status().unwrap().batches_waiting, 1);
    for _ in 0..2 {
        let outcome = laptop.store.take_receipt(&receipt).unwrap();
        assert!(matches!(outcome, ReceiptOutcome::Stored { index: 1, .. }));
    }
    let status = laptop.store.queue_status().unwrap();
    assert_eq!((status.batches_waiting, status.changes_waiting, status.last_receipt_index), (0, 0, Some(1)));
    let batch = laptop.store.queue_batches(Window::first(5)).unwrap().remove(0);
    assert_eq!((batch.standing, batch.log_index), (BatchStanding::Stored, Some(1)));
}

#[test]
fn a_receipt_for_a_batch_that_is_not_here_moves_nothing() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let mut other = Laptop::supervisor(&mut server);
    other.transact(vec![(household(200), noted("b"))]);
    other.store.seal_pending(NOW, APP).unwrap();
    let item = other.store.waiting_batches(1).unwrap().remove(0);
    let transfer = other.store.transfer_bytes(&item.hash).unwrap().unwrap();
    let receipt = server.receive(&sync::batch::from_transfer(&transfer).unwrap());
    laptop.transact(vec![(household(200), noted("a"))]);
    laptop.store.seal_pending(NOW, APP).unwrap();

    assert_eq!(laptop.store.take_receipt(&receipt).unwrap_err().code(), "receipt_mismatch");
    assert_eq!(laptop.store.queue_status().unwrap().batches_waiting, 1);
}

#[test]
fn a_page_read_twice_or_out_of_place_changes_nothing() {
    let mut server = Server::new();
    let mut author = Laptop::supervisor(&mut server);
    for text in ["a", "b", "c"] {
        author.transact(vec![(household(200), noted(text))]);
        author.send(&mut server);
    }
    let reader = Laptop::officer(&mut server);
    let first = server.page(0, 2);
    reader.store.take_feed_page(&first, NOW).unwrap();

    assert_eq!(reader.store.take_feed_page(&first, NOW).unwrap_err().code(), "wire_feed_shape");
    assert_eq!(reader.store.take_feed_page(&server.page(1, 2), NOW).unwrap_err().code(), "wire_feed_shape");
    let taken = reader.store.take_feed_page(&server.page(2, 2), NOW).unwrap();
    assert_eq!((taken.cursor, taken.head), (3, 3));
    let notes = reader.store.household(id(200), today()).unwrap().unwrap().state.notes;
    assert_eq!(notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
}

/// The server set back to so many entries without knowing it, and a colleague's batch in the place of what is lost.
fn set_back_unawares(server: &mut Server, entries: usize, colleague: &mut Laptop) {
    server.restore(entries, 0x1_06);
    colleague.transact(vec![(household(201), noted("vào chỗ trống"))]);
    assert!(colleague.send(server));
}

#[test]
fn a_log_that_was_set_back_is_told_from_the_one_that_was_read() {
    let mut server = Server::new();
    let mut author = Laptop::officer(&mut server);
    let mut colleague = Laptop::supervisor(&mut server);
    for text in ["một", "hai"] {
        author.transact(vec![(household(200), noted(text))]);
        author.sync(&mut server);
    }
    colleague.store.take_feed_page(&server.page(0, 1), NOW).unwrap();
    let read = author.store.page_request().unwrap();
    let mark = author.store.log_proofs().unwrap().mark.unwrap();
    let mark = sync::feed::verify_mark(&mark, &read.server_key, read.deployment).unwrap();
    assert_eq!((mark.index, Some(mark.hash)), (2, read.hash));

    set_back_unawares(&mut server, 1, &mut colleague);

    // As many entries as before, and one more than were read.
    for _ in 0..2 {
        assert_eq!(author.store.take_feed_page(&server.page(2, 9), NOW).unwrap_err().code(), "wire_log_contradicted");
        let carried = author.store.take_carried_page(&server.page(0, 9), NOW);
        assert_eq!(carried.unwrap_err().code(), "wire_log_contradicted");
        colleague.transact(vec![(household(201), noted("và dài thêm"))]);
        colleague.send(&mut server);
    }
    assert_eq!(author.store.page_request().unwrap().hash, read.hash);
    assert!(author.store.log_proofs().unwrap().mark.is_some(), "it is still to be proved");
    // A colleague who had read no further finds nothing wrong.
    colleague.read(&server, 9);
}

#[test]
fn a_receipt_for_a_place_that_was_read_otherwise_does_not_jam_the_queue() {
    let mut server = Server::new();
    let mut author = Laptop::officer(&mut server);
    let mut colleague = Laptop::supervisor(&mut server);
    colleague.transact(vec![(household(201), noted("được đọc"))]);
    colleague.sync(&mut server);
    author.read(&server, 9);
    server.restore(0, 0x1_06);

    author.transact(vec![(household(200), noted("một"))]);
    assert!(author.send(&mut server));

    let status = author.store.queue_status().unwrap();
    assert_eq!((status.batches_waiting, status.feed_index), (0, 1));
    assert_eq!(author.store.queue_batches(Window::first(1)).unwrap()[0].log_index, None);
    // What proves it is shown to the server, which takes another log id.
    assert!(author.store.log_proofs().unwrap().mark.is_some());
}

#[test]
fn a_second_batch_at_a_receipted_place_gives_the_proof_that_the_first_is_lost() {
    let mut server = Server::new();
    let mut author = Laptop::officer(&mut server);
    author.transact(vec![(household(200), noted("một"))]);
    assert!(author.send(&mut server));
    let lost = author.store.log_proofs().unwrap().receipt.expect("not read yet");
    server.restore(0, 0x1_06);
    author.store.new_chain(NOW).unwrap();
    author.transact(vec![(household(200), noted("hai"))]);

    assert!(author.send(&mut server));

    assert_eq!(author.store.log_proofs().unwrap().receipt, Some(lost));
    let last = author.store.queue_batches(Window::first(5)).unwrap();
    assert_eq!(last.iter().filter_map(|batch| batch.log_index).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_page_without_what_was_receipted_is_not_read() {
    let mut server = Server::new();
    let mut author = Laptop::officer(&mut server);
    let mut colleague = Laptop::supervisor(&mut server);
    author.transact(vec![(household(200), noted("một"))]);
    assert!(author.send(&mut server));
    server.restore(0, 0x1_06);
    assert_eq!(author.store.take_feed_page(&server.page(0, 9), NOW).unwrap_err().code(), "wire_log_contradicted");
    set_back_unawares(&mut server, 0, &mut colleague);
    assert_eq!(author.store.take_feed_page(&server.page(0, 9), NOW).unwrap_err().code(), "wire_log_contradicted");
    assert!(author.store.log_proofs().unwrap().receipt.is_some());
}

#[test]
fn a_receipt_of_a_log_that_is_neither_read_nor_offered_to_moves_nothing() {
    let mut server = Server::new();
    let mut author = Laptop::officer(&mut server);
    author.transact(vec![(household(200), noted("một"))]);
    author.sync(&mut server);
    server.restore(0, 7);
    author.transact(vec![(household(200), noted("hai"))]);
    author.store.seal_pending(NOW, APP).unwrap();
    author.store.offer_everything(server.log).unwrap();
    author.store.read_from_zero(server.log, NOW, APP).unwrap();
    let item = author.store.waiting_batches(1).unwrap().remove(0);
    let transfer = author.store.transfer_bytes(&item.hash).unwrap().unwrap();
    server.restore(0, 8);
    let receipt = server.receive(&sync::batch::from_transfer(&transfer).unwrap());

    assert_eq!(author.store.take_receipt(&receipt).unwrap(), ReceiptOutcome::OfAnotherLog);
    assert_eq!(author.store.queue_status().unwrap().batches_waiting, 2);
}

#[test]
fn what_waits_stands_on_top_of_the_log() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut first = Laptop::supervisor(&mut server);
    let mut second = Laptop::officer(&mut server);
    second.take_edition(&manifest, &pieces);
    let moved = |to| Body::PersonMoved(PersonMoved { from: id(200), to: id(to), date: None });
    second.transact(vec![(person(301), moved(201))]);
    let lives_in = |laptop: &Laptop| laptop.store.person(id(301), today()).unwrap().unwrap().state.household;
    assert_eq!(lives_in(&second), Some(id(201)));

    first.transact(vec![(person(301), moved(202))]);
    first.send(&mut server);
    second.read(&server, 10);

    // The one in the log counts; the one that waits is overruled by it.
    assert_eq!(lives_in(&second), Some(id(202)));
    let history = second.store.history(person(301), Window::first(10)).unwrap();
    assert!(matches!(history[0].position, Position::Pending { .. }));
    assert_eq!(history[0].outcome, Some(Outcome::Overruled));
    assert_eq!(history[1].position, Position::Logged { index: 1, sequence: 1 });
}

#[test]
fn a_refused_change_leaves_the_fold_and_says_why() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let ids = laptop.transact(vec![(household(200), noted("một")), (household(200), noted("hai"))]);
    // The same id stands in the log already, by another hand.
    let mut other = Laptop::supervisor(&mut server);
    other.clock_ms += 1;
    let double = Draft { id: ids[0], entity: household(201), body: noted("trước"), photos: Vec::new() };
    other.store.transact(NOW, vec![double]).unwrap();
    other.send(&mut server);

    laptop.sync(&mut server);

    let view = laptop.store.household(id(200), today()).unwrap().unwrap();
    assert_eq!(view.state.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["hai"]);
    assert_eq!(laptop.digest(&server), {
        other.sync(&mut server);
        other.digest(&server)
    });
}

#[test]
fn the_queue_says_what_is_in_a_batch_and_whom_a_refused_change_was_about() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptop = Laptop::officer(&mut server);
    laptop.take_edition(&manifest, &pieces);
    let ids = laptop.transact(vec![
        (household(200), noted("một")),
        (correction(500), proposed(304, 203, Field::Phone, None, "1")),
        (person(310), added(202, "Người Mới")),
        (household(201), noted("hai")),
    ]);
    server.refuses.extend(&ids[..3]);

    laptop.sync(&mut server);

    let batches = laptop.store.queue_batches(Window::first(9)).unwrap();
    let kinds: Vec<_> = batches[0].kinds.iter().map(|one| (one.kind, one.changes)).collect();
    assert_eq!(kinds, [(51, 2), (10, 1), (20, 1)]);
    let about: Vec<_> = batches[0].refused.iter().map(|one| (one.entity, one.person, one.household)).collect();
    let expected = [
        (household(200), None, Some(id(200))),
        (correction(500), Some(id(304)), Some(id(203))),
        // Refused, he is not there; the house that he was added to is.
        (person(310), None, Some(id(202))),
    ];
    assert_eq!(about, expected);
}

#[test]
fn a_correction_goes_to_the_supervisor_and_back() {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut officer = Laptop::officer(&mut server);
    let mut supervisor = Laptop::supervisor(&mut server);
    officer.take_edition(&manifest, &pieces);
    supervisor.take_edition(&manifest, &pieces);
    officer.transact(vec![
        (correction(500), proposed(300, 200, Field::Phone, Some("0901 442 233"), "0901 442 234")),
        (correction(501), proposed(300, 200, Field::BirthDate, Some("15/08/1991"), "15/03/1990")),
        (correction(502), proposed(303, 202, Field::FullName, Some("H\u{2019}Mai Niê"), "H'Mai Niê")),
    ]);
    officer.sync(&mut server);
    supervisor
        .transact(vec![(correction(510), proposed(300, 200, Field::BirthDate, Some("15/08/1990"), "15/02/1990"))]);
    supervisor.sync(&mut server);

    let open = CorrectionQuery { only: Some(CorrectionFilter::Open), ..Default::default() };
    let queue = supervisor.store.corrections(&open, Window::first(10)).unwrap();

    let numbers: Vec<_> = queue.iter().map(|row| row.correction).collect();
    assert_eq!(numbers, [id(501), id(510), id(502), id(500)]);
    assert_eq!(queue[0].conflicts, 1);
    assert!(queue[0].register_moved && !queue[1].register_moved);
    assert!(queue[0].needs_two_people && !queue[3].needs_two_people);
    assert_eq!(queue[0].register_value.as_deref(), Some("15/08/1990"));
    assert_eq!(queue[0].subject_name.as_deref(), Some("Nguyễn Thị Hòa"));
    assert_eq!(queue[0].address.house_no.as_deref(), Some("12/10"));
    assert_eq!(supervisor.store.count_corrections(&open).unwrap(), 4);

    supervisor.transact(vec![
        (correction(500), reviewed(Decision::Approve)),
        (correction(502), reviewed(Decision::Return)),
        (correction(510), reviewed(Decision::Approve)),
    ]);
    supervisor.sync(&mut server);
    officer.sync(&mut server);

    let stage = |number| officer.store.correction(id(number)).unwrap().unwrap().state.stage;
    assert_eq!([stage(500), stage(501), stage(502)], [Stage::Approved, Stage::Proposed, Stage::Returned]);
    let returned = CorrectionQuery {
        only: Some(CorrectionFilter::Returned),
        proposed_by: Some(officer.officer),
        ..Default::default()
    };
    assert_eq!(officer.store.count_corrections(&returned).unwrap(), 1);
    assert_eq!(officer.digest(&server), supervisor.digest(&server));
}

#[test]
fn an_unknown_change_waits_in_the_inbox_and_is_folded_after_the_upgrade() {
    fn older(kind: u16, version: u16) -> bool {
        version == 1 && kind != domain::change::kind::NOTE_WRITTEN && kind != domain::change::kind::CORRECTION_PROPOSED
    }
    let mut server = Server::new();
    let mut author = Laptop::enrolled(&mut server, Role::Officer, 7);
    author.transact(vec![
        (visit(400), visited(200, &[300], None)),
        (household(200), noted("mới")),
        (correction(500), proposed(300, 200, Field::Phone, None, "0901")),
    ]);
    author.send(&mut server);
    let mut reader = Laptop::supervisor(&mut server);
    reader.with_store(|folder, key| Store::open_understanding(folder, key, older).unwrap());

    reader.read(&server, 10);

    let status = reader.store.queue_status().unwrap();
    assert_eq!((status.not_understood, status.feed_index), (2, 1));
    assert_eq!(reader.store.household(id(200), today()).unwrap().unwrap().state.notes, []);
    assert!(reader.store.correction(id(500)).unwrap().is_none());

    reader.reopen();

    assert_eq!(reader.store.queue_status().unwrap().not_understood, 0);
    assert_eq!(reader.store.household(id(200), today()).unwrap().unwrap().state.notes[0].text, "mới");
    assert_eq!(reader.store.correction(id(500)).unwrap().unwrap().state.stage, Stage::Proposed);
    author.read(&server, 10);
    assert_eq!(reader.digest(&server), author.digest(&server));
}

#[test]
fn a_person_joined_to_the_register_keeps_what_was_done_at_the_door() {
    let mut server = Server::new();
    let mut laptop = Laptop::officer(&mut server);
    let (mut records, _) = small_commune();
    let counts = [6, 4, 3];
    let (manifest, pieces) = server.manifest(1, None, counts, &records);
    laptop.take_edition(&manifest, &pieces);
    laptop.transact(vec![
        (person(900), added(200, "Lê Minh Khôi")),
        (visit(400), visited(200, &[900], None)),
        (person(900), noted("học lớp 5")),
    ]);
    laptop.sync(&mut server);
    records.push(domain::register::EditionRecord::Person(register_person(
        306,
        200,
        &[(Field::FullName, "Lê Minh Khôi"), (Field::BirthDate, "2015")],
    )));
    let (manifest, pieces) = server.manifest(2, None, [7, 4, 3], &records);
    server.say(vec![(change_id(1), person(900), Body::PersonLinked(PersonLinked { register_person: id(306) }))]);
    laptop.read(&server, 10);
    laptop.take_edition(&manifest, &pieces);

    let linked = laptop.store.person(id(900), today()).unwrap().unwrap();
    let registered = laptop.store.person(id(306), today()).unwrap().unwrap();

    assert_eq!((linked.state.presence, linked.state.linked_to), (Presence::Linked, Some(id(306))));
    assert_eq!(registered.state.presence, Presence::Listed);
    assert_eq!(registered.given_at_door, [id(900)]);
    assert_eq!(registered.facts.last_met_ms, Some(NOW));
    assert_eq!(registered.state.notes[0].text, "học lớp 5");
    let members = laptop.store.household(id(200), today()).unwrap().unwrap().members;
    assert_eq!(members.iter().filter(|member| member.state.presence == Presence::Listed).count(), 3);
    assert_eq!(laptop.store.search("minh khoi", 10).unwrap().people.len(), 1);
}

#[test]
fn a_policy_counts_from_its_place_in_the_log_on() {
    let mut server = Server::new();
    let mut officer = Laptop::officer(&mut server);
    let mut supervisor = Laptop::supervisor(&mut server);
    let policy = PolicySet { two_people: vec![Field::Phone], alive_days: 30 };
    officer.transact(vec![
        (correction(500), proposed(300, 200, Field::Phone, None, "1")),
        (correction(501), proposed(300, 200, Field::Phone, None, "2")),
    ]);
    officer.sync(&mut server);
    supervisor.transact(vec![(correction(500), reviewed(Decision::Approve))]);
    supervisor.sync(&mut server);
    server.say(vec![(change_id(1), EntityRef::UNIT, Body::PolicySet(policy))]);
    supervisor.transact(vec![(correction(501), reviewed(Decision::Approve))]);
    supervisor.sync(&mut server);
    officer.sync(&mut server);

    let stage = |number| officer.store.correction(id(number)).unwrap().unwrap().state.stage;
    assert_eq!([stage(500), stage(501)], [Stage::Approved, Stage::FirstApproval]);
}

#[test]
fn the_access_log_is_sent_once() {
    use sync::message::{AccessAction, AccessDetail};
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let log = |detail| laptop.store.log_access(NOW, AccessAction::Opened, Some(person(300)), detail);
    assert_eq!(log(None).unwrap(), 1);
    assert_eq!(log(Some(AccessDetail::Count(12))).unwrap(), 2);

    let logs = laptop.store.access_logs_waiting(10).unwrap();
    let (chain, lines) = (logs[0].chain, &logs[0].entries);
    assert_eq!(lines.iter().map(|line| line.sequence).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(lines[0].entity, Some(person(300)));
    let start = sync::hash::chain_start(chain);
    let first = sync::hash::access_after(&start, &lines[0]);
    let second = sync::hash::access_after(&first, &lines[1]);
    assert_eq!(logs[0].hash_before, start);
    let waiting = || {
        let logs = laptop.store.access_logs_waiting(1).unwrap();
        logs.iter().map(|log| (log.entries[0].sequence, log.hash_before)).collect::<Vec<_>>()
    };
    assert_eq!(waiting(), [(1, start), (2, first)]);
    let stored = |through, hash| laptop.store.take_access_stored(chain, through, hash, NOW).unwrap();
    assert_eq!(stored(1, &first), AccessTaken::Stored { lines: 1 });
    assert_eq!(waiting(), [(2, first)]);
    assert_eq!(stored(2, &second), AccessTaken::Stored { lines: 1 });
    assert_eq!((waiting(), laptop.store.queue_status().unwrap().access_waiting), (vec![], 0));
    // An old stick takes nothing back; a server that was set back is sent the rest again.
    laptop.store.take_access_carried(chain, 1, &first, NOW).unwrap();
    assert_eq!(waiting(), []);
    stored(1, &first);
    assert_eq!(waiting(), [(2, first)]);
    log(None).unwrap();
    assert_eq!(waiting().len(), 2);
}

#[test]
fn lines_that_another_of_this_name_took_the_place_of_move_to_a_new_access_chain() {
    use sync::message::AccessAction;
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let look = |number| laptop.store.log_access(NOW, AccessAction::Opened, Some(person(number)), None).unwrap();
    look(300);
    let old = laptop.store.access_logs_waiting(9).unwrap().remove(0);
    let first = sync::hash::access_after(&old.hash_before, &old.entries[0]);
    laptop.store.take_access_stored(old.chain, 1, &first, NOW).unwrap();
    look(301);
    look(302);

    // The server holds another second line under this chain; then one that is not here at all.
    let taken = laptop.store.take_access_stored(old.chain, 2, &[7; 32], NOW).unwrap();

    assert_eq!(taken, AccessTaken::ChainRenewed);
    let new = laptop.store.access_logs_waiting(9).unwrap();
    assert_eq!(new.len(), 1);
    assert_ne!(new[0].chain, old.chain);
    assert_eq!(new[0].hash_before, sync::hash::chain_start(new[0].chain));
    let lines: Vec<_> = new[0].entries.iter().map(|line| (line.sequence, line.entity)).collect();
    assert_eq!(lines, [(1, Some(person(301))), (2, Some(person(302)))]);
    assert_eq!(laptop.store.take_access_stored(old.chain, 9, &[8; 32], NOW).unwrap(), AccessTaken::Stored { lines: 0 });
    assert_eq!(laptop.store.access_logs_waiting(9).unwrap(), new);
    // A chain of batches that is renewed renews this one too.
    laptop.store.new_chain(NOW).unwrap();
    assert_ne!(laptop.store.access_logs_waiting(9).unwrap()[0].chain, new[0].chain);
}
