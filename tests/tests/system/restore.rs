//! A server that was restored from an older backup.

use tungnha_tests::world::World;

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
