//! A server that was restored from an older backup.

use std::fs::File;
use std::time::Duration;

use app::case::stick::{TakeQueueFile, WriteQueueFile};
use app::command;
use app::error::Code;
use domain::id::LogId;
use server::stick::{give_queue_file, take_queue_file};
use tungnha_tests::world::{Desk, World};

fn log_of(world: &World) -> LogId {
    let unit = &world.server.unit;
    world.server.deployment().ledger.read(|records| records.unit(unit)).unwrap().unwrap().log
}

#[tokio::test(flavor = "multi_thread")]
async fn laptops_refill_a_server_that_was_set_back() {
    let mut world = World::of(60).await.unwrap();
    let (first, second) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = first.houses().await.unwrap();
    first.visit(houses[0].household).await.unwrap();
    first.sync().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&first, &second]);

    // What the backup does not hold: a visit of each, which the other has read, and one that was never sent.
    for (desk, house) in [(&first, 1), (&second, 2), (&first, 3)] {
        desk.visit(houses[house].household).await.unwrap();
        desk.sync().await.unwrap();
    }
    second.sync().await.unwrap();
    first.visit(houses[4].household).await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&first, &second]);

    let mut refilled = false;
    for desk in [&first, &second, &first, &second] {
        refilled |= desk.laptop.sync_up_to(3).await.unwrap().server_refilled;
    }
    assert!(refilled, "nobody noticed that the server was set back");
    world.assert_converged(&[&first, &second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_brings_back_the_work_of_a_laptop_that_is_gone() {
    let mut world = World::of(60).await.unwrap();
    let (first, second) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = first.houses().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&first, &second]);
    first.visit(houses[1].household).await.unwrap();
    first.sync().await.unwrap();
    second.visit(houses[2].household).await.unwrap();
    second.sync().await.unwrap();

    // The first laptop burns; only the second still holds its batch.
    let lost = first.tally();
    first.laptop.lock().await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&second]);
    second.laptop.sync_up_to(3).await.unwrap();

    second.tally.lock().unwrap().join(&lost);
    world.assert_converged(&[&second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_set_back_unawares_is_found_out_though_others_write_on() {
    let mut world = World::of(60).await.unwrap();
    let (first, second, third) =
        (world.officer().await.unwrap(), world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = first.houses().await.unwrap();
    for desk in [&first, &second, &third] {
        desk.sync().await.unwrap();
    }
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&first, &second, &third]);
    second.visit(houses[1].household).await.unwrap();
    second.sync().await.unwrap();
    first.sync().await.unwrap();
    let log = log_of(&world);

    // Restored without a word; who knows nothing of what is lost fills the log beyond where it was.
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&first, &second, &third]);
    for house in [2, 3] {
        third.visit(houses[house].household).await.unwrap();
        third.sync().await.unwrap();
    }
    assert_eq!(log_of(&world), log);

    let found_out = first.sync().await.unwrap();
    assert!(found_out.server_refilled, "nobody noticed that the server was set back");
    let new_log = log_of(&world);
    assert_ne!(new_log, log);
    for desk in [&second, &third, &first, &second, &third] {
        desk.sync().await.unwrap();
    }
    assert_eq!(log_of(&world), new_log, "once");
    world.assert_converged(&[&first, &second, &third]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_at_a_server_that_was_set_back_below_what_was_read() {
    let mut world = World::of(60).await.unwrap();
    let (first, second) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = first.houses().await.unwrap();
    first.visit(houses[0].household).await.unwrap();
    first.sync().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&first, &second]);
    for house in [1, 2] {
        second.visit(houses[house].household).await.unwrap();
    }
    second.sync().await.unwrap();
    first.sync().await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&first, &second]);

    // Its receipt would give it a place that another batch had.
    first.visit(houses[3].household).await.unwrap();
    first.sync().await.unwrap();
    second.sync().await.unwrap();
    first.sync().await.unwrap();

    world.assert_converged(&[&first, &second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_shows_a_server_that_it_was_set_back() {
    let mut world = World::of(60).await.unwrap();
    let (station, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = station.houses().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    station.laptop.line.unplug(true);
    world.lead(&[&colleague]);
    let (there, back) = (world.path("there.tungnha"), world.path("back.tungnha"));
    let exchange = async |world: &World, desk: &Desk| {
        let path = there.display().to_string();
        desk.laptop.app.run::<command::WriteQueueFile>(WriteQueueFile { path, with_photos: true }).await.unwrap();
        let deployment = world.server.deployment();
        take_queue_file(deployment, File::open(&there).unwrap()).unwrap();
        give_queue_file(deployment, &world.server.unit, File::create(&back).unwrap()).unwrap();
        let path = back.display().to_string();
        desk.laptop.app.run::<command::TakeQueueFile>(TakeQueueFile { path }).await.unwrap()
    };
    station.visit(houses[1].household).await.unwrap();
    assert!(exchange(&world, &station).await.log_entries_read >= 1);
    let log = log_of(&world);

    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&colleague]);
    for house in [2, 3] {
        colleague.visit(houses[house].household).await.unwrap();
        colleague.sync().await.unwrap();
    }
    assert_eq!(log_of(&world), log);
    exchange(&world, &station).await;

    assert_ne!(log_of(&world), log, "the stick brought what the server had signed");
    world.lead(&[&station, &colleague]);
    station.laptop.line.unplug(false);
    for desk in [&station, &colleague, &station] {
        desk.laptop.sync_up_to(3).await.unwrap();
    }
    world.assert_converged(&[&station, &colleague]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn late_work_that_a_restored_server_has_lost_is_handed_in_again() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&officer]);
    server::work::remove_officer(world.server.deployment(), officer.officer, None).unwrap();
    officer.visit(houses[1].household).await.unwrap();
    assert_eq!(officer.sync().await.unwrap_err().code, Code::DeviceRevoked);

    // Neither the revocation nor the late batch is in the backup: the next one leaves a gap before it.
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&officer]);
    officer.visit(houses[2].household).await.unwrap();
    let exchange = tokio::time::timeout(Duration::from_secs(300), officer.sync());
    exchange.await.expect("an exchange ends").unwrap();

    world.assert_converged(&[&officer]).await;
}
