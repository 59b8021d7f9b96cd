//! What becomes of a batch: stored, the same again, forked, with a gap, quarantined.

use domain::change::{AreaSet, Body, EntityKind, EntityRef};
use domain::id::{ChainId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use sync::batch::SealedChange;
use sync::message::{ReceiptStatus, ReplacedChain, Verdict};
use tungnha_server::audit::Actor;
use tungnha_server::enrol::Cause;
use tungnha_server::ledger::{Aside, Scope};
use tungnha_server::{enrol, quarantine};
use uuid::Uuid;

use crate::device::{Sealed, TestDevice, household, note};
use crate::server::{NOW_MS, TestServer, unit};

pub fn revoke(server: &TestServer, device: &TestDevice) {
    let (deployment, now_ms) = (&server.deployment, server.deployment.now_ms());
    deployment
        .ledger
        .write(Scope::Unit(&device.unit), |records| {
            enrol::revoke(records, &deployment.keys, &device.unit, device.device, Cause::Lost, Actor::Operator, now_ms)
        })
        .unwrap();
}

fn verdicts(receipt: &sync::message::Receipt) -> Vec<(u64, Verdict)> {
    receipt.verdicts.iter().map(|entry| (entry.sequence, entry.verdict)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_get_the_next_index_of_their_unit() {
    let server = TestServer::start().await;
    let mut one = server.device(Role::Officer).await;
    let mut two = server.device(Role::Officer).await;
    let mut elsewhere = server.device_in(&Unit::of_2025("25363"), Role::Officer).await;
    // Two officers were listed by the server's own batches.
    let batch = one.seal(&[note(household(), "a"), note(household(), "b")]);
    let first = one.deliver(&server, &batch).await;
    assert_eq!((first.status, first.index, first.last_sequence), (ReceiptStatus::Stored, Some(3), 2));
    let batch = two.seal(&[note(household(), "c")]);
    assert_eq!(two.deliver(&server, &batch).await.index, Some(4));
    let batch = elsewhere.seal(&[note(household(), "d")]);
    assert_eq!(elsewhere.deliver(&server, &batch).await.index, Some(2), "its own unit's log");
    let batch = one.seal(&[note(household(), "e")]);
    assert_eq!(one.deliver(&server, &batch).await.index, Some(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_batch_gets_the_same_receipt_again_also_after_a_restart_and_from_another() {
    let mut server = TestServer::start().await;
    let device = &mut server.device(Role::Officer).await;
    let other = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "a")]);
    let receipt = device.upload(&server, &batch).await;
    server.restart().await;
    server.set_now(NOW_MS + 1_000_000);
    assert_eq!(device.upload(&server, &batch).await, receipt);
    assert_eq!(other.upload(&server, &batch).await, receipt);
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_enrolled_may_hand_in_anothers_batch() {
    let server = TestServer::start().await;
    let mut author = server.device(Role::Officer).await;
    let bringer = server.device(Role::Supervisor).await;
    let batch = author.seal(&[note(household(), "a")]);
    let receipt = bringer.verify_receipt(&bringer.upload(&server, &batch).await);
    assert_eq!((receipt.status, receipt.device), (ReceiptStatus::Stored, author.device));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_is_kept_beside_the_log_and_said_with_a_signature() {
    let server = TestServer::start().await;
    let mut laptop = server.device(Role::Officer).await;
    let common = laptop.seal(&[note(household(), "before")]);
    laptop.deliver(&server, &common).await;
    let mut copy = laptop.copied();
    let (ours, theirs) = (laptop.seal(&[note(household(), "ours")]), copy.seal(&[note(household(), "theirs")]));
    laptop.deliver(&server, &ours).await;

    let bytes = copy.upload(&server, &theirs).await;
    let receipt = copy.verify_receipt(&bytes);
    assert_eq!(receipt.status, ReceiptStatus::Fork);
    let held = receipt.fork_head.clone().unwrap();
    assert_eq!((held.last_sequence, held.head), (2, ours.batch.hash_after));
    assert_eq!(copy.upload(&server, &theirs).await, bytes, "asked again, the same");
    let asides = quarantine::list_asides(&server.deployment, &unit()).unwrap();
    assert_eq!(asides.len(), 1);
    assert_eq!((asides[0].why, asides[0].sealed.clone()), (Aside::Fork, theirs.bytes()));

    // The copy opens a new chain that names the old one, and signs again what has no receipt.
    let again = sync_changes(&theirs);
    copy.chain = ChainId(Uuid::now_v7());
    copy.next = 1;
    copy.head = common.batch.hash_after;
    let replaces = ReplacedChain { chain: laptop.chain, last_sequence: 1, head: common.batch.hash_after };
    let renumbered: Vec<SealedChange> =
        again.iter().zip(1..).map(|(change, sequence)| sync::batch::renumber(change, sequence)).collect();
    let batch = copy.seal_changes(&renumbered, Some(replaces));
    let receipt = copy.deliver(&server, &batch).await;
    assert_eq!((receipt.status, receipt.verdicts.len()), (ReceiptStatus::Stored, 0));

    // Signed once more, it counts once.
    copy.chain = ChainId(Uuid::now_v7());
    copy.next = 1;
    copy.head = sync::hash::chain_start(copy.chain);
    let batch = copy.seal_changes(&renumbered, None);
    let receipt = copy.deliver(&server, &batch).await;
    assert_eq!(verdicts(&receipt), [(1, Verdict::DuplicateOfEarlier)]);
    let alarms = tungnha_server::status::status(&server.deployment, Some(&unit())).unwrap()[0].alarms.clone();
    assert_eq!(alarms.iter().filter(|alarm| alarm.action == "batch_forked").count(), 1);
}

fn sync_changes(sealed: &Sealed) -> Vec<SealedChange> {
    let headers = sealed.batch.headers.iter();
    headers
        .zip(&sealed.sealed.bodies)
        .map(|(header, body)| SealedChange {
            header: sync::codec::decode(&header.0).unwrap(),
            header_bytes: header.0.clone(),
            salted_body: body.0.clone(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_told_and_stores_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let first = device.seal(&[note(household(), "1"), note(household(), "2")]);
    let second = device.seal(&[note(household(), "3")]);
    let receipt = device.verify_receipt(&device.upload(&server, &second).await);
    assert_eq!((receipt.status, receipt.wanted_sequence), (ReceiptStatus::Gap, Some(1)));
    assert_eq!(device.verify_receipt(&device.upload(&server, &first).await).status, ReceiptStatus::Stored);
    assert_eq!(device.verify_receipt(&device.upload(&server, &second).await).status, ReceiptStatus::Stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_not_do_is_stored_and_refused() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let of_supervisor =
        (EntityRef::new(EntityKind::Officer, device.officer), Body::AreaSet(AreaSet { parts: Vec::new() }));
    let wrong_entity = (EntityRef::new(EntityKind::Officer, device.officer), note(household(), "x").1);
    let batch = device.seal(&[note(household(), "a"), of_supervisor, wrong_entity]);
    let receipt = device.deliver(&server, &batch).await;
    assert_eq!(receipt.status, ReceiptStatus::Stored);
    assert_eq!(verdicts(&receipt), [(2, Verdict::OutsideRole), (3, Verdict::WrongEntity)]);

    device.officer = OfficerId(Uuid::now_v7());
    let batch = device.seal(&[note(household(), "b")]);
    assert_eq!(verdicts(&device.deliver(&server, &batch).await), [(4, Verdict::WrongAuthor)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_for_another_unit_never_reaches_that_units_log() {
    let server = TestServer::start().await;
    let other_unit = Unit::of_2025("25363");
    server.device_in(&other_unit, Role::Officer).await;
    let mut device = server.device(Role::Officer).await;
    device.unit = other_unit.clone();
    let batch = device.seal(&[note(household(), "a")]);
    device.unit = unit();
    let receipt = device.deliver(&server, &batch).await;
    assert_eq!(receipt.status, ReceiptStatus::Quarantined);
    assert_eq!(verdicts(&receipt), [(1, Verdict::OutsideUnit)]);
    let heads = server.deployment.ledger.read(|records| records.unit(&other_unit)).unwrap().unwrap();
    assert_eq!(heads.head, 1, "only its own officer's listing");
    let found =
        quarantine::release(&server.deployment, &unit(), &batch.batch.hash_after, None).map(|taken| taken.index);
    assert_eq!(found.unwrap_err().code(), "unit_forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn late_batches_of_a_revoked_device_wait_for_a_supervisor() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let stored = device.seal(&[note(household(), "in time")]);
    let receipt = device.upload(&server, &stored).await;
    let (late, later) = (device.seal(&[note(household(), "late")]), device.seal(&[note(household(), "later")]));
    revoke(&server, &device);

    assert_eq!(device.upload(&server, &stored).await, receipt, "what stood in the log is not late");
    let quarantined = device.upload(&server, &late).await;
    assert_eq!(device.verify_receipt(&quarantined).status, ReceiptStatus::Quarantined);
    assert_eq!(device.upload(&server, &late).await, quarantined);
    device.upload(&server, &later).await;

    let (deployment, unit) = (&server.deployment, unit());
    let too_early = quarantine::release(deployment, &unit, &later.batch.hash_after, None).unwrap_err();
    assert_eq!(too_early.code(), "quarantine_unknown");
    let released = quarantine::release(deployment, &unit, &late.batch.hash_after, None).unwrap();
    assert_eq!(released.status, ReceiptStatus::Stored);
    assert_eq!(device.verify_receipt(&released.receipt).index, released.index);
    quarantine::refuse(deployment, &unit, &later.batch.hash_after, None).unwrap();
    let twice = quarantine::release(deployment, &unit, &later.batch.hash_after, None).unwrap_err();
    assert_eq!(twice.code(), "quarantine_unknown");
    let kept = quarantine::list_asides(deployment, &unit).unwrap();
    assert_eq!(kept.iter().map(|row| row.decided.as_deref().unwrap()).collect::<Vec<_>>(), ["released", "refused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_refused_for_its_time_and_a_wrong_clock_is_flagged() {
    let server = TestServer::start().await;
    const TEN_YEARS_MS: u64 = 10 * 365 * 24 * 3600 * 1000;
    for clock_ms in [NOW_MS - TEN_YEARS_MS, 0, NOW_MS + TEN_YEARS_MS] {
        let mut device = server.device(Role::Officer).await;
        device.clock_ms = clock_ms;
        let batch = device.seal(&[note(household(), "a")]);
        let receipt = device.deliver(&server, &batch).await;
        assert_eq!(receipt.status, ReceiptStatus::Stored);
        assert_eq!(receipt.skew_ms, Some(i64::try_from(clock_ms).unwrap() - i64::try_from(NOW_MS).unwrap()));
    }
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "a")]);
    assert_eq!(device.deliver(&server, &batch).await.skew_ms, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_taken_away_on_the_road_is_missed_and_taken_when_it_comes() {
    let server = TestServer::start().await;
    let mut author = server.device(Role::Officer).await;
    let bringer = server.device(Role::Officer).await;
    let batch = author.seal(&[note(household(), "a"), note(household(), "b")]);
    let receipt = bringer.verify_receipt(&bringer.upload(&server, &batch.without_body(1)).await);
    assert_eq!(verdicts(&receipt), [(2, Verdict::NotErased)]);
    let log = server.deployment.ledger.read(|records| records.unit(&unit())).unwrap().unwrap().log;

    server.set_now(NOW_MS + 2 * 3600 * 1000);
    author.upload(&server, &batch).await;
    let stored = server.deployment.ledger.read(|records| records.entries_after(&unit(), 2, 1 << 20)).unwrap();
    assert_eq!(stored[0].salted_bodies[1], batch.sealed.bodies[1].0);
    assert!(stored[0].verdicts.is_empty());
    let after = server.deployment.ledger.read(|records| records.unit(&unit())).unwrap().unwrap().log;
    assert_ne!(log, after, "whoever read past it reads again");
}
