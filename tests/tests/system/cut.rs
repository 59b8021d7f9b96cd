//! A line that is cut, at whatever byte and in whichever direction.

use std::sync::Arc;

use tungnha_tests::bad_line::{Cut, CutPlan, Direction, random_cuts};
use tungnha_tests::world::World;

/// Cuts the next connection only.
fn once(from: u64, direction: Direction, after_bytes: u64) -> Arc<CutPlan> {
    Arc::new(move |number| (number == from).then_some(Cut { direction, after_bytes }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_arrives_once_wherever_the_line_is_cut() {
    let mut world = World::over_plain_http(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    let line = &officer.laptop.line;
    // How much passes in a whole exchange of one visit.
    let (up_before, down_before) = line.bytes();
    line.hang_up();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let (up, down) = line.bytes();
    let mut exchanges = 0;

    for (direction, bytes) in [(Direction::Up, up - up_before), (Direction::Down, down - down_before)] {
        for step in 0..40 {
            officer.visit(houses[exchanges % houses.len()].household).await.unwrap();
            line.hang_up();
            line.cut_by(once(line.connections(), direction, 1 + bytes * step / 40));
            officer.laptop.sync_up_to(3).await.unwrap();
            exchanges += 1;
        }
    }

    assert!(line.cuts() * 10 >= exchanges as u64 * 9, "{} of {exchanges} exchanges were cut", line.cuts());
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_tls_nothing_is_lost_on_a_line_that_breaks_at_random() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let colleague = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();

    for round in 0..12 {
        for desk in [&officer, &colleague] {
            desk.laptop.line.cut_by(random_cuts(round, 80, 3_000));
            desk.laptop.line.hang_up();
            desk.visit(houses[round as usize].household).await.unwrap();
            let _ = desk.sync().await;
        }
    }

    for desk in [&officer, &colleague, &officer] {
        desk.laptop.line.mend();
        desk.sync().await.unwrap();
    }
    assert!(officer.laptop.line.cuts() + colleague.laptop.line.cuts() >= 10);
    world.assert_converged(&[&officer, &colleague]).await;
}
