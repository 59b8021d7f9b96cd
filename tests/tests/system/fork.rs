//! A laptop whose disk was copied: two of one device.

use domain::change::EntityRef;
use domain::id::HouseholdId;
use tungnha_tests::world::{Desk, World};

/// How often the server was told that someone opened this house.
fn looks_at(world: &World, house: HouseholdId) -> usize {
    let unit = &world.server.unit;
    let lines = world.server.deployment().ledger.read(|records| records.access(unit, None)).unwrap();
    let entity = EntityRef::new(domain::change::EntityKind::Household, house);
    lines.iter().filter(|(_, line)| line.entity == Some(entity)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_laptop_is_found_out_and_neither_work_is_overwritten() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let copy = officer.copied_to(&world.path("copy")).await.unwrap();

    officer.visit(houses[1].household).await.unwrap();
    copy.visit(houses[2].household).await.unwrap();
    officer.sync().await.unwrap();
    let answered = copy.sync().await.unwrap();

    assert!(answered.chain_renewed, "the copy's batch continued a chain that had gone on");
    let status = server::status::status(world.server.deployment(), None).unwrap();
    assert_eq!(status[0].forked, 1, "both are kept");
    assert!(status[0].alarms.iter().any(|alarm| alarm.action.contains("fork")), "{:?}", status[0].alarms);
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer, &copy]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_set_back_to_an_older_copy_loses_nothing_that_was_sent() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    let older = officer.copied_to(&world.path("older")).await.unwrap();
    officer.visit(houses[1].household).await.unwrap();
    officer.sync().await.unwrap();
    officer.laptop.lock().await.unwrap();

    // What was acknowledged on the one is to be found on the other.
    let set_back = Desk { tally: officer.tally().into(), ..older };
    set_back.visit(houses[2].household).await.unwrap();
    set_back.laptop.sync_up_to(3).await.unwrap();

    world.assert_converged(&[&set_back]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_at_whom_is_told_of_a_copied_laptop_too() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.house(0).await.unwrap();
    officer.sync().await.unwrap();
    let copy = officer.copied_to(&world.path("copy")).await.unwrap();

    // Nothing is changed, only looked at: no batch finds the copy out.
    for _ in 0..10 {
        officer.house(1).await.unwrap();
    }
    for _ in 0..7 {
        copy.house(2).await.unwrap();
    }
    officer.sync().await.unwrap();
    copy.sync().await.unwrap();

    assert_eq!((looks_at(&world, houses[1].household), looks_at(&world, houses[2].household)), (10, 7));
    let waiting = copy.laptop.app.run::<app::command::SyncStatus>(()).await.unwrap().queue.access_waiting;
    assert_eq!(waiting, 0);
    let status = server::status::status(world.server.deployment(), None).unwrap();
    assert!(status[0].alarms.iter().any(|alarm| alarm.action == "access_log_forked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_set_back_gets_the_access_log_again() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&officer]);
    officer.house(1).await.unwrap();
    officer.sync().await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&officer]);
    assert_eq!(looks_at(&world, houses[1].household), 0);

    officer.house(1).await.unwrap();
    officer.sync().await.unwrap();

    assert_eq!(looks_at(&world, houses[1].household), 2);
}
