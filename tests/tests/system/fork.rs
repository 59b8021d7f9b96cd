//! A laptop whose disk was copied: two of one device.

use tungnha_tests::world::{Desk, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_laptop_is_found_out_and_neither_work_is_overwritten() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    officer.laptop.lock().await.unwrap();
    let laptop = officer.laptop.copy_to(&world.path("copy")).await.unwrap();
    let copy = Desk { officer: officer.officer, laptop, tally: Default::default() };
    officer.laptop.unlock().await.unwrap();
    copy.laptop.unlock().await.unwrap();

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
    officer.laptop.lock().await.unwrap();
    let older = officer.laptop.copy_to(&world.path("older")).await.unwrap();
    officer.laptop.unlock().await.unwrap();
    officer.visit(houses[1].household).await.unwrap();
    officer.sync().await.unwrap();
    officer.laptop.lock().await.unwrap();

    let set_back = Desk { officer: officer.officer, laptop: older, tally: officer.tally().into() };
    set_back.laptop.unlock().await.unwrap();
    set_back.visit(houses[2].household).await.unwrap();
    set_back.laptop.sync_up_to(3).await.unwrap();

    world.assert_converged(&[&set_back]).await;
}
