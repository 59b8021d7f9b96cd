//! A register edition that a laptop cannot take in.

use app::command;
use store::Store;
use tungnha_tests::world::{Desk, World};
use vault::{OpenOptions, open_database};

/// Runs SQL on the laptop's working file behind the product's back.
async fn behind_its_back(desk: &Desk, sql: &str) {
    desk.laptop.lock().await.unwrap();
    let opened = desk.laptop.open_store(|folder, key| {
        let work = open_database(&folder.join("work.db"), &key.database_key("work"), OpenOptions::default()).unwrap();
        work.execute_batch(sql).unwrap();
        drop(work);
        Store::open(folder, key)
    });
    opened.unwrap().close().unwrap();
    desk.laptop.unlock().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_that_cannot_be_taken_in_holds_no_work_back() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    behind_its_back(
        &officer,
        "CREATE TRIGGER no_room BEFORE INSERT ON edition BEGIN SELECT RAISE(ABORT, 'no room'); END",
    )
    .await;
    world.import(&world.commune.next(8, &[])).unwrap();

    // The second time every piece is here before anything is sent.
    for house in &houses[..2] {
        officer.visit(house.household).await.unwrap();
        officer.sync().await.unwrap_err();
        let queue = officer.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue;
        assert_eq!((queue.changes_waiting, queue.batches_waiting, queue.access_waiting), (0, 0, 0));
        assert_eq!((queue.edition, queue.edition_in_force), (1, 2));
    }

    behind_its_back(&officer, "DROP TRIGGER no_room").await;
    assert_eq!(officer.sync().await.unwrap().edition, Some(2));
    world.assert_converged(&[&officer]).await;
}
