//! A household: where it lives, who is to visit it, how the visits went. Its members are derived from the people.

use serde::{Deserialize, Serialize};

use crate::change::{Body, EntityKind, EntityRef, VisitOutcome};
use crate::id::{ChangeId, DwellingId, HouseholdId, OfficerId, PersonId, VisitId};
use crate::register::RegisterHousehold;

use super::visit::visits_among;
use super::{ChangeOutcome, Counting, FoldChange, NoteState, Outcome, PhotoState, remarks::take_remark};

/// Whose work this house is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AssignmentState {
    pub change: ChangeId,
    pub officer: OfficerId,
    pub due: Option<String>,
    pub note: Option<String>,
    pub assigned_by: OfficerId,
}

/// One visit, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct HouseholdVisit {
    pub visit: VisitId,
    pub author: OfficerId,
    pub outcome: VisitOutcome,
    #[ts(type = "number")]
    pub ended_ms: u64,
    pub next_visit: Option<String>,
}

/// The latest time everyone was found as listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AsListedState {
    pub change: ChangeId,
    pub visit: VisitId,
    pub author: OfficerId,
    #[ts(type = "number")]
    pub at_ms: u64,
}

/// A household as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct HouseholdState {
    /// Whether the edition holds it.
    pub in_register: bool,
    /// `None` for one that the register dropped and nobody founded: its visits stay to be read.
    pub dwelling: Option<DwellingId>,
    /// The head that a split named.
    pub head: Option<PersonId>,
    pub household_no: Option<String>,
    /// The household it was split from.
    pub split_from: Option<HouseholdId>,
    pub assignment: Option<AssignmentState>,
    /// By the time they ended, oldest first.
    pub visits: Vec<HouseholdVisit>,
    pub as_listed: Option<AsListedState>,
    pub notes: Vec<NoteState>,
    pub photos: Vec<PhotoState>,
    pub outcomes: Vec<ChangeOutcome>,
}

impl HouseholdState {
    fn at(in_register: bool, dwelling: Option<DwellingId>, household_no: Option<String>) -> Self {
        Self {
            in_register,
            dwelling,
            head: None,
            household_no,
            split_from: None,
            assignment: None,
            visits: Vec::new(),
            as_listed: None,
            notes: Vec::new(),
            photos: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// The visit that ended last.
    pub fn last_visit(&self) -> Option<&HouseholdVisit> {
        self.visits.last()
    }

    /// Visits at which nobody could be met, since the last one that met someone.
    pub fn attempts(&self) -> usize {
        let met = |visit: &&HouseholdVisit| !matches!(visit.outcome, VisitOutcome::Met | VisitOutcome::Partial);
        self.visits.iter().rev().take_while(met).count()
    }
}

/// `None` where neither the register nor a readable change tells of it. `id` is the household folded. One that only its
/// visits tell of has no dwelling.
pub fn fold_household(
    id: HouseholdId,
    base: Option<&RegisterHousehold>,
    changes: &[FoldChange],
) -> Option<HouseholdState> {
    let counting = Counting::of(EntityRef::new(EntityKind::Household, id), changes);
    let founded = counting.changes.iter().find_map(|(change, body)| found(id, change, body));
    let mut state = match (base, founded) {
        (Some(base), _) => HouseholdState::at(true, Some(base.dwelling), Some(base.household_no.clone())),
        (None, Some((_, state))) => state,
        (None, None) if counting.changes.is_empty() => return None,
        (None, None) => HouseholdState::at(false, None, None),
    };
    state.outcomes = counting.outcomes.clone();
    state.visits = visits_of(id, &counting.changes);
    let mut founding_seen = false;
    for (change, body) in &counting.changes {
        if take_remark(change, body, &mut state.notes, &mut state.photos) {
            continue;
        }
        if found(id, change, body).is_some() {
            if founding_seen {
                state.outcomes.push(ChangeOutcome { change: change.header.id, outcome: Outcome::Overruled });
            }
            founding_seen = true;
        }
        take_work(&mut state, change, body);
    }
    Some(state)
}

/// The change that makes this household, where the register does not.
fn found(id: HouseholdId, change: &FoldChange, body: &Body) -> Option<(ChangeId, HouseholdState)> {
    if change.header.entity.id != id.into() {
        return None;
    }
    let state = match body {
        Body::HouseholdAdded(added) => HouseholdState::at(false, Some(added.dwelling), added.household_no.clone()),
        Body::HouseholdSplit(split) => HouseholdState {
            split_from: Some(split.from),
            head: split.head,
            ..HouseholdState::at(false, Some(split.dwelling), split.household_no.clone())
        },
        _ => return None,
    };
    Some((change.header.id, state))
}

fn take_work(state: &mut HouseholdState, change: &FoldChange, body: &Body) {
    let header = &change.header;
    match body {
        Body::Assigned(assigned) => {
            state.assignment = assigned.officer.map(|officer| AssignmentState {
                change: header.id,
                officer,
                due: assigned.due.clone(),
                note: assigned.note.clone(),
                assigned_by: header.author,
            });
        }
        Body::EveryoneAsListed(listed) => {
            let at_ms = change.at_ms(header.wall_clock_ms);
            let later = state.as_listed.as_ref().is_none_or(|known| known.at_ms <= at_ms);
            if later {
                state.as_listed =
                    Some(AsListedState { change: header.id, visit: listed.visit, author: header.author, at_ms });
            }
        }
        _ => {}
    }
}

fn visits_of(id: HouseholdId, changes: &[(&FoldChange, &Body)]) -> Vec<HouseholdVisit> {
    let mut visits: Vec<HouseholdVisit> = visits_among(changes)
        .into_iter()
        .filter(|seen| seen.visit.household == id)
        .map(|seen| HouseholdVisit {
            visit: seen.id,
            author: seen.author,
            outcome: seen.visit.outcome,
            ended_ms: seen.ended_ms,
            next_visit: seen.visit.next_visit.clone(),
        })
        .collect();
    visits.sort_by_key(|visit| (visit.ended_ms, visit.visit));
    visits
}
