//! Two officers and two supervisors of one station.

use domain::change::Decision;
use domain::field::Field;
use domain::fold::{Outcome, Stage};
use tungnha_tests::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn two_officers_and_two_supervisors_come_to_the_same_state() {
    let mut world = World::of(80).await.unwrap();
    let (a, b) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let (chief, deputy) = (world.supervisor().await.unwrap(), world.supervisor().await.unwrap());
    let person = a.person(0).await.unwrap();

    // Offline, both officers propose another value for the same field of the same person.
    let by_a = a.propose(person, Field::Religion, "Phật giáo Hòa Hảo").await.unwrap();
    let by_b = b.propose(person, Field::Religion, "Cao Đài").await.unwrap();
    // A number needs two people.
    let number = a.propose(person, Field::IdNumber, "070099999999").await.unwrap();
    for desk in [&a, &b, &chief, &deputy] {
        desk.sync().await.unwrap();
    }
    assert_eq!(chief.correction(by_a).await.unwrap().stage, Stage::Proposed);
    assert_eq!(chief.correction(by_b).await.unwrap().stage, Stage::Proposed, "nothing was overwritten");

    // Both supervisors decide on the same corrections without knowing of each other.
    let approval = chief.decide(by_a, Decision::Approve).await.unwrap();
    let return_ = deputy.decide(by_a, Decision::Return).await.unwrap();
    chief.decide(number, Decision::Approve).await.unwrap();
    deputy.decide(number, Decision::Approve).await.unwrap();
    for desk in [&chief, &deputy, &a, &b, &chief] {
        desk.sync().await.unwrap();
    }

    let both = a.correction(by_a).await.unwrap();
    assert_eq!(both.stage, Stage::Approved, "the first in the log counts");
    let outcome = |change| both.reviews.iter().find(|review| review.change == change).map(|review| review.outcome);
    assert_eq!((outcome(approval), outcome(return_)), (Some(Outcome::Counted), Some(Outcome::Overruled)));
    assert_eq!(a.correction(number).await.unwrap().stage, Stage::Approved, "two people agreed");
    world.assert_converged(&[&a, &b, &chief, &deputy]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_supervisor_alone_does_not_settle_a_field_that_needs_two() {
    let world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let person = officer.person(1).await.unwrap();
    let correction = officer.propose(person, Field::BirthDate, "02/03/1961").await.unwrap();
    officer.sync().await.unwrap();
    chief.sync().await.unwrap();

    chief.decide(correction, Decision::Approve).await.unwrap();
    let again = chief.decide(correction, Decision::Approve).await;
    chief.sync().await.unwrap();
    officer.sync().await.unwrap();

    assert_eq!(officer.correction(correction).await.unwrap().stage, Stage::FirstApproval, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_does_not_decide_on_his_own_proposal() {
    let world = World::of(60).await.unwrap();
    let chief = world.supervisor().await.unwrap();
    let person = chief.person(1).await.unwrap();
    let correction = chief.propose(person, Field::Religion, "Cao Đài").await.unwrap();

    let refused = chief.decide(correction, Decision::Approve).await.unwrap_err();

    assert_eq!(refused.code, app::error::Code::OwnProposal);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_correction_goes_back_to_its_officer_with_the_reason() {
    let world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let person = officer.person(1).await.unwrap();
    let correction = officer.propose(person, Field::Religion, "Cao Đài").await.unwrap();
    officer.sync().await.unwrap();
    chief.sync().await.unwrap();

    chief.decide(correction, Decision::Return).await.unwrap();
    chief.sync().await.unwrap();
    officer.sync().await.unwrap();

    let state = officer.correction(correction).await.unwrap();
    assert_eq!(state.stage, Stage::Returned);
    assert_eq!(state.reviews[0].review.reason.as_deref(), Some("lý do"));
}
