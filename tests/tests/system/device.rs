//! Devices that are revoked, replaced, moved to another unit.

use domain::role::Role;
use domain::unit::Unit;
use server::audit::Actor;
use server::{enrol, quarantine, work};
use tungnha_tests::laptop::Paper;
use tungnha_tests::tally::changes_of_server;
use tungnha_tests::world::{Desk, World};

fn revoke(world: &World, desk: &Desk, device: domain::id::DeviceId) {
    let deployment = world.server.deployment();
    let unit = &world.server.unit;
    let now_ms = desk.laptop.clock.now_ms();
    deployment
        .ledger
        .write(server::ledger::Scope::Unit(unit), |records| {
            enrol::revoke(records, &deployment.keys, unit, device, enrol::Cause::Lost, Actor::Operator, now_ms)
        })
        .unwrap();
}

async fn device_of(desk: &Desk) -> domain::id::DeviceId {
    desk.laptop.app.run::<app::command::ProfileStatus>(()).await.unwrap().profile.unwrap().device
}

#[tokio::test(flavor = "multi_thread")]
async fn late_work_of_a_revoked_laptop_waits_for_a_supervisor_and_is_not_thrown_away() {
    let mut world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let houses = officer.houses().await.unwrap();
    let visit = officer.visit(houses[0].household).await.unwrap();
    let device = device_of(&officer).await;
    revoke(&world, &officer, device);

    // It may still hand in what it has; it may not read.
    let _ = officer.sync().await;
    let deployment = world.server.deployment();
    let waiting = quarantine::list_asides(deployment, &world.server.unit).unwrap();
    assert_eq!(waiting.len(), 1);
    chief.sync().await.unwrap();
    let before = chief.house(0).await.unwrap().visits.len();
    assert_eq!(before, 0, "nobody has decided yet");

    quarantine::release(deployment, &world.server.unit, &waiting[0].hash_after, None).unwrap();
    chief.sync().await.unwrap();

    let visits = chief.house(0).await.unwrap().visits;
    assert_eq!(visits.iter().map(|each| each.state.change).collect::<Vec<_>>(), [visit]);
    chief.tally.lock().unwrap().note(visit);
    world.assert_converged(&[&chief]).await;
}

async fn standing(desk: &Desk) -> Vec<store::BatchStanding> {
    let list = app::case::read::ListQueue { offset: 0, limit: 50 };
    let batches = desk.laptop.app.run::<app::command::ListQueue>(list).await.unwrap().batches;
    batches.iter().map(|batch| batch.standing).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_released_counts_as_stored_on_the_laptop_that_wrote_it() {
    use store::BatchStanding::{Quarantined, Stored};
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    let (deployment, unit) = (world.server.deployment(), &world.server.unit);
    revoke(&world, &officer, device_of(&officer).await);
    for house in &houses[..2] {
        officer.visit(house.household).await.unwrap();
        assert_eq!(officer.sync().await.unwrap_err().code, app::error::Code::DeviceRevoked);
    }
    assert_eq!(standing(&officer).await, [Quarantined, Quarantined]);
    let aside = quarantine::list_asides(deployment, unit).unwrap();

    quarantine::release(deployment, unit, &aside[0].hash_after, None).unwrap();
    quarantine::refuse(deployment, unit, &aside[1].hash_after, None).unwrap();
    for _ in 0..2 {
        assert_eq!(officer.sync().await.unwrap_err().code, app::error::Code::DeviceRevoked);
        // The latest first.
        assert_eq!(standing(&officer).await, [Quarantined, Stored]);
        let queue = officer.laptop.app.run::<app::command::SyncStatus>(()).await.unwrap().queue;
        assert_eq!(queue.batches_waiting, 0);
    }
    assert_eq!(quarantine::list_asides(deployment, unit).unwrap().len(), 2, "nothing was set aside again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_laptop_reads_nothing_more() {
    let world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let device = device_of(&officer).await;
    let person = chief.person(0).await.unwrap();
    revoke(&world, &officer, device);
    chief.note_on(person, "chỉ còn người ở lại biết").await.unwrap();
    chief.sync().await.unwrap();

    let answer = officer.sync().await;

    assert_eq!(answer.unwrap_err().code, app::error::Code::DeviceRevoked);
    assert_eq!(officer.open(person).await.unwrap().view.state.notes.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_laptop_begins_no_log_though_it_knows_more_than_the_ledger() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    let log_of = |world: &World| {
        let unit = &world.server.unit;
        world.server.deployment().ledger.read(|records| records.unit(unit)).unwrap().unwrap().log
    };
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&officer]);
    officer.visit(houses[1].household).await.unwrap();
    officer.sync().await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&officer]);
    revoke(&world, &officer, device_of(&officer).await);
    let log = log_of(&world);

    officer.visit(houses[2].household).await.unwrap();
    for _ in 0..2 {
        assert_eq!(officer.sync().await.unwrap_err().code, app::error::Code::DeviceRevoked);
        assert_eq!(log_of(&world), log);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transferred_laptop_works_for_its_new_unit_and_hands_in_the_rest_of_the_old() {
    let mut world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let old_device = device_of(&officer).await;

    // Transferred: listed in another unit, the old device revoked, a new profile for the new one.
    let elsewhere = Unit::of_2025("25363");
    let deployment = world.server.deployment();
    let listed = work::add_officer(deployment, &elsewhere, "Nguyễn Văn Bình", Role::Officer, None).unwrap();
    let code = enrol::issue_code(deployment, listed.officer, None).unwrap().code;
    let paper = Paper { fingerprint: deployment.keys.fingerprint(false), code };
    let late = officer.visit(houses[1].household).await.unwrap();
    revoke(&world, &officer, old_device);
    let new_profile = world.bare_laptop().await.unwrap();
    let enrolled = new_profile.enrol(&paper).await.unwrap();
    let _ = officer.sync().await;

    assert_eq!(enrolled.profile.unit, elsewhere);
    assert_ne!(enrolled.profile.device, old_device);
    let download = new_profile.app.run::<app::command::Download>(()).await;
    let seen = new_profile.app.run::<app::command::SyncStatus>(()).await.unwrap().queue;
    assert_eq!((seen.edition, seen.feed_index), (0, seen.log_head), "nothing of the old unit is here: {download:?}");
    let waiting = quarantine::list_asides(world.server.deployment(), &world.server.unit).unwrap();
    assert_eq!(waiting.len(), 1, "the late batch waits in the old unit");
    quarantine::release(world.server.deployment(), &world.server.unit, &waiting[0].hash_after, None).unwrap();
    chief.sync().await.unwrap();
    world.server.stop().await.unwrap();
    let log = changes_of_server(&world.server.replica().unwrap()).unwrap();
    assert!(log.iter().any(|change| change.header.id == late));
}
