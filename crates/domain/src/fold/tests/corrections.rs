use super::build::*;
use crate::change::*;
use crate::field::{Field, Subject};
use crate::fold::*;
use crate::id::ChangeId;
use crate::role::Role;

const OFFICER: u128 = 1;
const CHIEF: u128 = 2;
const DEPUTY: u128 = 3;

fn on_correction(number: u64, author: u128, role: Role, body: Body) -> FoldChange {
    change(number, author, role, EntityRef { kind: EntityKind::Correction, id: id(50) }, body)
}

fn propose(number: u64, author: u128, field: Field) -> FoldChange {
    let body = CorrectionProposed {
        subject: Subject::Person,
        subject_id: id(10),
        household: None,
        field,
        register_value: Some("Nguyễn Thị Hoa".into()),
        paper_value: Some("Nguyễn Thị Hòa".into()),
        statement_value: None,
        proposed_value: Some("Nguyễn Thị Hòa".into()),
        reason: None,
        evidence: Vec::new(),
        visit: None,
    };
    on_correction(number, author, Role::Officer, Body::CorrectionProposed(body))
}

fn decide(number: u64, author: u128, decision: Decision) -> FoldChange {
    let body = CorrectionReviewed { decision, reason: None, office: None, answer_by: None, register_value: None };
    on_correction(number, author, Role::Supervisor, Body::CorrectionReviewed(body))
}

fn take_back(number: u64, author: u128, review: u64) -> FoldChange {
    let review = ChangeId(uuid::Uuid::from_u128(u128::from(review)));
    on_correction(number, author, Role::Supervisor, Body::ReviewWithdrawn(ReviewWithdrawn { review, reason: None }))
}

fn withdraw(number: u64, author: u128) -> FoldChange {
    on_correction(number, author, Role::Officer, Body::CorrectionWithdrawn(CorrectionWithdrawn { reason: None }))
}

fn fold(changes: &[FoldChange]) -> CorrectionState {
    fold_correction(id(50), changes, &Policies::default()).unwrap()
}

#[test]
fn one_approval_is_enough_for_a_name() {
    let state = fold(&[propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Approve)]);
    assert_eq!(state.stage, Stage::Approved);
}

#[test]
fn id_number_birth_date_sex_and_death_need_two_people() {
    for field in [Field::IdNumber, Field::BirthDate, Field::Sex, Field::DeathDate] {
        let first = [propose(1, OFFICER, field), decide(2, CHIEF, Decision::Approve)];
        assert_eq!(fold(&first).stage, Stage::FirstApproval);

        let same = [first.as_slice(), &[decide(3, CHIEF, Decision::Approve)]].concat();
        assert_eq!(fold(&same).stage, Stage::FirstApproval);
        assert_eq!(fold(&same).reviews[1].outcome, Outcome::SamePerson);

        let two = [first.as_slice(), &[decide(3, DEPUTY, Decision::Approve)]].concat();
        assert_eq!(fold(&two).stage, Stage::Approved);
    }
}

#[test]
fn a_policy_holds_from_its_place_in_the_log_on() {
    let policy = |index| {
        let position = Position::Logged { index, sequence: 1 };
        Policies::new(vec![(position, PolicySet { two_people: vec![Field::FullName], alive_days: 90 })])
    };
    let changes = [propose(1, OFFICER, Field::FullName), decide(5, CHIEF, Decision::Approve)];
    assert_eq!(fold_correction(id(50), &changes, &policy(4)).unwrap().stage, Stage::FirstApproval);
    assert_eq!(fold_correction(id(50), &changes, &policy(6)).unwrap().stage, Stage::Approved);
}

#[test]
fn nobody_approves_his_own_proposal() {
    let state = fold(&[propose(1, CHIEF, Field::FullName), decide(2, CHIEF, Decision::Approve)]);
    assert_eq!((state.stage, state.reviews[0].outcome), (Stage::Proposed, Outcome::OwnProposal));
}

#[test]
fn the_first_of_two_decisions_in_the_log_counts_and_both_are_told() {
    let state = fold(&[
        propose(1, OFFICER, Field::FullName),
        decide(3, DEPUTY, Decision::Approve),
        decide(2, CHIEF, Decision::Return),
    ]);
    assert_eq!(state.stage, Stage::Returned);
    assert_eq!(
        state.reviews.iter().map(|review| review.outcome).collect::<Vec<_>>(),
        [Outcome::Counted, Outcome::Overruled]
    );
}

#[test]
fn an_officer_decides_nothing() {
    let mut forged = decide(2, DEPUTY, Decision::Approve);
    forged.role = Role::Officer;
    let state = fold(&[propose(1, OFFICER, Field::FullName), forged]);
    assert_eq!(state.stage, Stage::Proposed);
    assert_eq!(state.outcomes[0].outcome, Outcome::NotAllowed);
}

#[test]
fn a_decision_is_taken_back_by_its_author_only() {
    let decided = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Reject)];
    let by_author = [decided.as_slice(), &[take_back(3, CHIEF, 2)]].concat();
    assert_eq!(fold(&by_author).stage, Stage::Proposed);
    let by_other = [decided.as_slice(), &[take_back(3, DEPUTY, 2)]].concat();
    assert_eq!(fold(&by_other).stage, Stage::Rejected);
    let then_approved = [by_author.as_slice(), &[decide(4, DEPUTY, Decision::Approve)]].concat();
    assert_eq!(fold(&then_approved).stage, Stage::Approved);
}

#[test]
fn a_first_approval_taken_back_leaves_none() {
    let state = fold(&[
        propose(1, OFFICER, Field::Sex),
        decide(2, CHIEF, Decision::Approve),
        take_back(3, CHIEF, 2),
        decide(4, DEPUTY, Decision::Approve),
    ]);
    assert_eq!(state.stage, Stage::FirstApproval);
}

#[test]
fn a_decision_on_which_another_stands_is_not_taken_back() {
    let state = fold(&[
        propose(1, OFFICER, Field::Sex),
        decide(2, CHIEF, Decision::Approve),
        decide(3, DEPUTY, Decision::Approve),
        take_back(4, CHIEF, 2),
    ]);
    assert_eq!((state.stage, state.outcomes[0].outcome), (Stage::Approved, Outcome::Overruled));
}

#[test]
fn an_officer_withdraws_his_own_open_or_returned_proposal() {
    assert_eq!(fold(&[propose(1, OFFICER, Field::FullName), withdraw(2, OFFICER)]).stage, Stage::Withdrawn);
    assert_eq!(fold(&[propose(1, OFFICER, Field::FullName), withdraw(2, 9)]).stage, Stage::Proposed);
    let returned = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Return), withdraw(3, OFFICER)];
    assert_eq!(fold(&returned).stage, Stage::Withdrawn);
    let approved = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Approve), withdraw(3, OFFICER)];
    assert_eq!(fold(&approved).stage, Stage::Approved);
}

#[test]
fn held_and_referred_wait_for_another_decision() {
    for decision in [Decision::Hold, Decision::Refer] {
        let open = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, decision)];
        assert!(fold(&open).stage.is_open());
        let approved = [open.as_slice(), &[decide(3, CHIEF, Decision::Approve)]].concat();
        assert_eq!(fold(&approved).stage, Stage::Approved);
    }
}

#[test]
fn a_review_that_precedes_its_proposal_in_a_restored_log_still_counts() {
    let state = fold(&[decide(1, CHIEF, Decision::Approve), propose(2, OFFICER, Field::FullName)]);
    assert_eq!(state.stage, Stage::Approved);
}

#[test]
fn a_review_without_its_proposal_waits() {
    let state = fold(&[decide(1, CHIEF, Decision::Approve)]);
    assert_eq!((state.stage, state.reviews[0].outcome), (Stage::Waiting, Outcome::Waits));
}

#[test]
fn an_erased_proposal_leaves_a_correction_that_tells_nothing() {
    let mut erased = propose(1, OFFICER, Field::FullName);
    erased.body = None;
    let state = fold(&[erased, decide(2, CHIEF, Decision::Approve)]);
    assert_eq!((state.stage, state.proposal), (Stage::Waiting, None));
}

#[test]
fn entered_then_confirmed() {
    let entered = on_correction(
        3,
        CHIEF,
        Role::Supervisor,
        Body::CorrectionEntered(CorrectionEntered { entered_on: None, note: None }),
    );
    let confirmed = on_correction(4, 99, Role::Server, Body::CorrectionConfirmed(CorrectionConfirmed { edition: 2 }));
    let base = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Approve), entered];
    assert_eq!(fold(&base).stage, Stage::Entered);
    let all = [base.as_slice(), &[confirmed]].concat();
    assert_eq!((fold(&all).stage, fold(&all).confirmed_edition), (Stage::Confirmed, Some(2)));
}

#[test]
fn nobody_enters_what_was_not_approved() {
    let entered = |number| {
        let body = CorrectionEntered { entered_on: None, note: None };
        on_correction(number, CHIEF, Role::Supervisor, Body::CorrectionEntered(body))
    };
    let own = fold(&[propose(1, CHIEF, Field::IdNumber), entered(2)]);
    assert_eq!((own.stage, own.outcomes[0].outcome), (Stage::Proposed, Outcome::Overruled));
    let rejected = fold(&[propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Reject), entered(3)]);
    assert_eq!(rejected.stage, Stage::Rejected);
    // A restored log may hold the entering before the approval.
    let early = fold(&[entered(1), propose(2, OFFICER, Field::FullName), decide(3, DEPUTY, Decision::Approve)]);
    assert_eq!(early.stage, Stage::Entered);
}

#[test]
fn an_approval_is_not_taken_back_once_it_is_entered() {
    let body = CorrectionEntered { entered_on: None, note: None };
    let entered = on_correction(3, DEPUTY, Role::Supervisor, Body::CorrectionEntered(body));
    let changes =
        [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Approve), entered, take_back(4, CHIEF, 2)];
    assert_eq!((fold(&changes).stage, fold(&changes).outcomes[0].outcome), (Stage::Entered, Outcome::Overruled));
}

#[test]
fn a_taking_back_that_precedes_its_decision_in_a_restored_log_still_counts() {
    let state =
        fold(&[propose(1, OFFICER, Field::FullName), take_back(2, CHIEF, 3), decide(3, CHIEF, Decision::Approve)]);
    assert_eq!((state.stage, state.reviews[0].outcome), (Stage::Proposed, Outcome::Withdrawn));
}

#[test]
fn an_undone_import_takes_its_confirmation_back() {
    let confirmed = on_correction(3, 99, Role::Server, Body::CorrectionConfirmed(CorrectionConfirmed { edition: 2 }));
    let taken_back = |author, role| {
        let change = confirmed.header.id;
        let body = EventWithdrawn { change, reason: None, touched: vec![confirmed.header.entity] };
        on_correction(4, author, role, Body::EventWithdrawn(body))
    };
    let base = [propose(1, OFFICER, Field::FullName), decide(2, CHIEF, Decision::Approve), confirmed.clone()];
    let by_server = [base.as_slice(), &[taken_back(99, Role::Server)]].concat();
    assert_eq!((fold(&by_server).stage, fold(&by_server).confirmed_edition), (Stage::Approved, None));
    let by_supervisor = [base.as_slice(), &[taken_back(CHIEF, Role::Supervisor)]].concat();
    assert_eq!(fold(&by_supervisor).stage, Stage::Confirmed);
}
