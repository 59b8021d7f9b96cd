//! What holds of every log, whoever says what and whenever it arrives.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::world::*;
use crate::change::*;
use crate::field::Field;
use crate::fold::*;
use crate::id::ChangeId;
use crate::role::Role;

/// The changes that count in a state: what it shows comes from them.
fn shown(state: &PersonState) -> Vec<ChangeId> {
    let residences = state.residences.iter().flat_map(|residence| [residence.change, residence.ended]);
    let absences = state.absences.iter().flat_map(|absence| [Some(absence.change), absence.ended]);
    let removal = state.removal.iter().map(|removal| Some(removal.change));
    let notes = state.notes.iter().map(|note| Some(note.change));
    let photos = state.photos.iter().map(|photo| Some(photo.change));
    residences.chain(absences).chain(removal).chain(notes).chain(photos).flatten().collect()
}

fn correction(number: u128, log: &[FoldChange]) -> Option<CorrectionState> {
    match fold(EntityRef { kind: EntityKind::Correction, id: super::build::id(number) }, log) {
        State::Correction(state) => state,
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn one_log_in_any_order_of_delivery_gives_one_state(Told { log, shuffled } in logs()) {
        for entity in entities() {
            prop_assert_eq!(fold(entity, &log), fold(entity, &shuffled), "{:?}", entity);
        }
    }

    /// A laptop that folds before an erasure and one that is enrolled after it hold the same.
    #[test]
    fn an_erased_change_is_forgotten_by_those_who_knew_it(Told { log, .. } in logs(), which in any::<prop::sample::Index>()) {
        if log.is_empty() {
            return Ok(());
        }
        let which = which.index(log.len());
        let erase = |changes: &[FoldChange]| -> Vec<FoldChange> {
            let forget = |change: &FoldChange| change.header.id == log[which].header.id;
            let erased = |change: &FoldChange| FoldChange { body: None, ..change.clone() };
            changes.iter().map(|change| if forget(change) { erased(change) } else { change.clone() }).collect()
        };
        let after = erase(&log);
        // Whose changes are read with whose is found anew: of whole visits, and of those whom a link joins.
        let body = &log[which].body;
        let joins = matches!(body, Some(Body::PersonLinked(_) | Body::EventWithdrawn(_)));
        if joins || log[which].header.entity.kind == EntityKind::Visit {
            return Ok(());
        }
        for entity in entities() {
            let knew = fold_given(entity, &erase(&given(entity, &log)), &after);
            prop_assert_eq!(knew, fold(entity, &after), "{:?}", entity);
        }
    }

    #[test]
    fn what_was_taken_back_is_as_if_it_had_not_been(Told { log, .. } in logs()) {
        let all = entities();
        let mut states: Vec<State> = all.iter().map(|entity| fold(*entity, &log)).collect();
        let taken_back: BTreeSet<ChangeId> = states
            .iter_mut()
            .filter_map(|state| state.outcomes().cloned())
            .flatten()
            .filter(|outcome| outcome.outcome == Outcome::Withdrawn)
            .map(|outcome| outcome.change)
            .collect();
        let without: Vec<FoldChange> =
            log.iter().filter(|change| !taken_back.contains(&change.header.id)).cloned().collect();
        for (entity, mut with) in all.into_iter().zip(states) {
            let mut without = fold(entity, &without);
            // Who was told of once and never stays to be read, with nothing in it.
            let (Some(here), Some(there)) = (with.outcomes(), without.outcomes()) else { continue };
            here.clear();
            there.clear();
            prop_assert_eq!(with, without, "{:?}", entity);
        }
    }

    #[test]
    fn a_change_counts_or_says_once_why_not(Told { log, .. } in logs()) {
        for entity in entities() {
            let mut state = fold(entity, &log);
            let outcomes = state.outcomes().cloned().unwrap_or_default();
            let told: BTreeSet<ChangeId> = outcomes.iter().map(|outcome| outcome.change).collect();
            prop_assert_eq!(told.len(), outcomes.len(), "{:?} {:?}", entity, outcomes);
            if let State::Person(Some(person)) = &state {
                prop_assert!(shown(person).iter().all(|change| !told.contains(change)), "{:?}", person);
            }
        }
    }

    #[test]
    fn nobody_says_what_his_role_may_not(Told { log, .. } in logs()) {
        let forbidden: Vec<FoldChange> =
            log.iter().filter(|change| !change.role.may_author(change.header.kind)).cloned().collect();
        for entity in entities() {
            let mut with = fold(entity, &log);
            let rightful: Vec<FoldChange> = given(entity, &log)
                .into_iter()
                .filter(|change| !forbidden.iter().any(|other| other.header.id == change.header.id))
                .collect();
            let mut without = fold_given(entity, &rightful, &log);
            let (Some(here), Some(there)) = (with.outcomes(), without.outcomes()) else { continue };
            here.clear();
            there.clear();
            prop_assert_eq!(with, without, "{:?}", entity);
        }
    }

    #[test]
    fn nobody_ever_approves_his_own(Told { log, .. } in logs()) {
        for number in [50, 51] {
            let Some(state) = correction(number, &log) else { continue };
            for review in &state.reviews {
                prop_assert!(review.outcome != Outcome::Counted || Some(review.author) != state.proposed_by);
            }
        }
    }

    #[test]
    fn what_needs_two_people_is_approved_by_two(Told { log, .. } in logs()) {
        for number in [50, 51] {
            let Some(state) = correction(number, &log) else { continue };
            let Some(proposal) = &state.proposal else { continue };
            let reaches_the_register = matches!(state.stage, Stage::Approved | Stage::Entered);
            // Sex always needs two, until a policy says otherwise.
            let policy = log.iter().any(|change| matches!(change.body, Some(Body::PolicySet(_))));
            if !reaches_the_register || proposal.field != Field::Sex || policy {
                continue;
            }
            let approving = state.reviews.iter().filter(|review| {
                review.outcome == Outcome::Counted && review.review.decision == Decision::Approve
            });
            let people: BTreeSet<_> = approving.map(|review| review.author).collect();
            prop_assert!(people.len() >= 2, "{:?}", state);
        }
    }

    #[test]
    fn someone_is_removed_once_and_lives_in_one_place(Told { log, .. } in logs()) {
        for entity in entities() {
            let State::Person(Some(person)) = fold(entity, &log) else { continue };
            prop_assert_eq!(person.presence == Presence::Removed, person.removal.is_some() && person.linked_to.is_none());
            let removals = given(entity, &log).into_iter().filter(|change| {
                matches!(change.body, Some(Body::PersonRemoved(_))) && change.role.may_author(kind::PERSON_REMOVED)
            });
            let told: BTreeSet<ChangeId> = person.outcomes.iter().map(|outcome| outcome.change).collect();
            let counting = removals.filter(|change| !told.contains(&change.header.id)).count();
            prop_assert_eq!(counting, usize::from(person.removal.is_some()));
            prop_assert!(person.household.is_some() || !person.in_register);
        }
    }
}

/// The logs above say everything that a fold reads: a property over too few kinds would prove little.
#[test]
fn the_logs_hold_every_kind_of_change_that_a_fold_reads() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    let mut counting_by_role = BTreeSet::new();
    for _ in 0..200 {
        let Told { log, .. } = logs().new_tree(&mut runner).unwrap().current();
        for change in &log {
            seen.insert(change.header.kind);
            if change.role == Role::Server && change.role.may_author(change.header.kind) {
                counting_by_role.insert(change.header.kind);
            }
        }
    }
    let unread = [
        // Read by no fold of an entity: editions, erasures and revocations are the store's.
        kind::EDITION_PUBLISHED,
        kind::EDITION_UNDONE,
        kind::ERASED,
        kind::DEVICE_REVOKED,
    ];
    let expected: BTreeSet<u16> = kind::ALL.iter().copied().filter(|kind| !unread.contains(kind)).collect();
    assert_eq!(seen, expected);
    assert!(counting_by_role.contains(&kind::PERSON_LINKED));
}
