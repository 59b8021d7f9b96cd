use proptest::prelude::*;

use super::build::*;
use crate::change::*;
use crate::field::{Field, Subject};
use crate::fold::*;
use crate::register::RegisterPerson;
use crate::role::Role;

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Officer), Just(Role::Supervisor), Just(Role::Server)]
}

fn person_body() -> impl Strategy<Value = Body> {
    let households = 20u128..23;
    prop_oneof![
        (households.clone(), households.clone())
            .prop_map(|(from, to)| { Body::PersonMoved(PersonMoved { from: id(from), to: id(to), date: None }) }),
        Just(Body::PersonRemoved(PersonRemoved {
            cause: RemovalCause::MovedAway,
            date: None,
            destination: None,
            duplicate_of: None,
            note: None
        })),
        Just(Body::AbsenceEnded(AbsenceEnded { date: None, note: None, begun: None })),
        households.prop_map(|household| Body::TemporaryResidenceBegun(TemporaryResidenceBegun {
            household: id(household),
            since: None,
            until: None,
            registered: false,
            note: None
        })),
        (1u128..30).prop_map(|change| Body::EventWithdrawn(EventWithdrawn {
            change: crate::id::ChangeId(uuid::Uuid::from_u128(change)),
            reason: None,
            touched: Vec::new()
        })),
        Just(Body::NoteWritten(NoteWritten { text: "x".into() })),
    ]
}

fn correction_body() -> impl Strategy<Value = Body> {
    let decision = prop_oneof![
        Just(Decision::Approve),
        Just(Decision::Return),
        Just(Decision::Hold),
        Just(Decision::Reject),
        Just(Decision::Refer)
    ];
    prop_oneof![
        Just(Body::CorrectionProposed(CorrectionProposed {
            subject: Subject::Person,
            subject_id: id(10),
            household: None,
            field: Field::Sex,
            register_value: None,
            paper_value: None,
            statement_value: None,
            proposed_value: Some("Nữ".into()),
            reason: None,
            evidence: Vec::new(),
            visit: None
        })),
        decision.prop_map(|decision| Body::CorrectionReviewed(CorrectionReviewed {
            decision,
            reason: None,
            office: None,
            answer_by: None,
            register_value: None
        })),
        (1u128..30).prop_map(|review| Body::ReviewWithdrawn(ReviewWithdrawn {
            review: crate::id::ChangeId(uuid::Uuid::from_u128(review)),
            reason: None
        })),
        Just(Body::CorrectionWithdrawn(CorrectionWithdrawn { reason: None })),
        Just(Body::CorrectionEntered(CorrectionEntered { entered_on: None, note: None })),
    ]
}

/// A log of one entity, some of it erased or pending, and the same log as another laptop may have received it.
fn log(
    entity: EntityRef,
    body: impl Strategy<Value = Body> + 'static,
) -> impl Strategy<Value = (Vec<FoldChange>, Vec<FoldChange>)> {
    prop::collection::vec((body, 1u128..4, role(), prop::bool::weighted(0.1)), 0..24)
        .prop_map(move |changes| {
            let mut log: Vec<FoldChange> = changes
                .into_iter()
                .enumerate()
                .map(|(at, (body, author, role, erased))| {
                    let mut change = change(at as u64 + 1, author, role, entity, body);
                    change.body = change.body.filter(|_| !erased);
                    change
                })
                .collect();
            let logged = log.len() * 3 / 4;
            for (at, change) in log.iter_mut().enumerate().skip(logged) {
                change.position = Position::Pending { sequence: at as u64 };
            }
            log
        })
        .prop_flat_map(|log| (Just(log.clone()), Just(log).prop_shuffle()))
}

proptest! {
    #[test]
    fn one_log_in_any_order_of_delivery_gives_one_person((log, shuffled) in log(person(10), person_body())) {
        let base = RegisterPerson {
            id: id(10),
            household: id(20),
            fields: Default::default(),
            residences: Vec::new(),
            others: None,
            originals: None,
        };
        prop_assert_eq!(fold_person(base.id, Some(&base), &log), fold_person(base.id, Some(&base), &shuffled));
    }

    #[test]
    fn one_log_in_any_order_of_delivery_gives_one_correction(
        (log, shuffled) in log(EntityRef { kind: EntityKind::Correction, id: id(50) }, correction_body())
    ) {
        let policies = Policies::default();
        prop_assert_eq!(fold_correction(id(50), &log, &policies), fold_correction(id(50), &shuffled, &policies));
    }

    #[test]
    fn nobody_ever_approves_his_own(
        (log, _) in log(EntityRef { kind: EntityKind::Correction, id: id(50) }, correction_body())
    ) {
        if let Some(state) = fold_correction(id(50), &log, &Policies::default()) {
            for review in &state.reviews {
                prop_assert!(review.outcome != Outcome::Counted || Some(review.author) != state.proposed_by);
            }
            if state.stage == Stage::Approved {
                let approving = state.reviews.iter().filter(|review| {
                    review.outcome == Outcome::Counted && review.review.decision == Decision::Approve
                });
                let mut people: Vec<_> = approving.map(|review| review.author).collect();
                people.sort();
                people.dedup();
                prop_assert!(people.len() >= 2, "sex needs two people");
            }
        }
    }
}
