//! The fold: state = fold(register edition, prefix of the unit's log) + this device's own pending changes on top.
//!
//! It works entity by entity: each function takes the base record of one entity and every change that touches it
//! (`Body::touches`), in any order, and gives its state. It never fails and never refuses: a change that cannot count
//! gets an `Outcome` that says why. Changes with a verdict and changes this version does not know are not given to it.
//!
//! A visit is read whole: where a person or household is touched by one change on a visit, every change on that visit is
//! given to its fold, and all that any of them touches is folded again.
//! What spans entities (members of a household, duplicates, conflicts) is derived from the tables, never folded.

mod correction;
mod dwelling;
mod household;
mod officer;
mod person;
mod policy;
mod remarks;
mod visit;

pub use correction::{CorrectionState, ReviewState, Stage, fold_correction};
pub use dwelling::{DwellingState, fold_dwelling};
pub use household::{AsListedState, AssignmentState, HouseholdState, HouseholdVisit, fold_household};
pub use officer::{OfficerState, fold_officer};
pub use person::{AbsenceState, ContactState, PersonState, Presence, RemovalState, ResidenceState, fold_person};
pub use policy::Policies;
pub use remarks::{NoteState, PhotoState};
pub use visit::{VisitState, fold_visit};

use serde::{Deserialize, Serialize};

use crate::change::kind::{TAKEN_BACK, TAKEN_BACK_BY_SERVER};
use crate::change::{Body, ChangeHeader, EntityRef};
use crate::id::{ChangeId, DeviceId};
use crate::role::Role;

/// The order that counts: the log first, by index and sequence; then this device's own pending changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// In the unit's log.
    Logged {
        #[ts(type = "number")]
        index: u64,
        #[ts(type = "number")]
        sequence: u64,
    },
    /// Made here and not yet in the log.
    Pending {
        #[ts(type = "number")]
        sequence: u64,
    },
}

/// A change as the fold sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldChange {
    pub position: Position,
    pub device: DeviceId,
    /// The role of the author's certificate.
    pub role: Role,
    /// When the server took it in, by its clock; `None` while pending.
    pub received_ms: Option<u64>,
    pub header: ChangeHeader,
    /// `None` once erased.
    pub body: Option<Body>,
}

/// Why a change does or does not count. A change without an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Counted,
    /// An earlier change in the log had settled it.
    Overruled,
    /// Nobody decides on his own proposal.
    OwnProposal,
    /// The second approval must be another person's.
    SamePerson,
    /// The author's role or authorship does not allow it.
    NotAllowed,
    /// Taken back by a later change.
    Withdrawn,
    /// It speaks of a change that is not here.
    Waits,
}

/// The outcome of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ChangeOutcome {
    pub change: ChangeId,
    pub outcome: Outcome,
}

impl FoldChange {
    /// The author's clock, never later than the moment the server took the change in: a clock years ahead does not
    /// make a meeting that nothing can follow.
    fn at_ms(&self, claimed_ms: u64) -> u64 {
        self.received_ms.map_or(claimed_ms, |received| received.min(claimed_ms))
    }
}

/// Changes in the order that counts, without those that were taken back or that their author may not make.
struct Counting<'a> {
    changes: Vec<(&'a FoldChange, &'a Body)>,
    outcomes: Vec<ChangeOutcome>,
}

impl<'a> Counting<'a> {
    /// `own` is the entity folded. An erased change of another entity no longer says that it touched this one: a
    /// laptop enrolled later never knew, and both must fold alike.
    fn of(own: EntityRef, changes: &'a [FoldChange]) -> Self {
        let here = |change: &&FoldChange| change.body.is_some() || change.header.entity == own;
        let mut sorted: Vec<&FoldChange> = changes.iter().filter(here).collect();
        sorted.sort_by_key(|change| change.position);
        let mut outcomes = Vec::new();
        let withdrawn = find_withdrawn(&sorted, &mut outcomes);
        let mut counting = Vec::with_capacity(sorted.len());
        for change in sorted {
            let Some(body) = &change.body else { continue };
            if !change.role.may_author(change.header.kind) {
                outcomes.push(ChangeOutcome { change: change.header.id, outcome: Outcome::NotAllowed });
            } else if withdrawn.contains(&change.header.id) {
                outcomes.push(ChangeOutcome { change: change.header.id, outcome: Outcome::Withdrawn });
            } else if !matches!(body, Body::EventWithdrawn(_)) {
                counting.push((change, body));
            }
        }
        Self { changes: counting, outcomes }
    }
}

/// Everyday events that their author, or a supervisor, took back. What the server said only the server takes back.
fn find_withdrawn(sorted: &[&FoldChange], outcomes: &mut Vec<ChangeOutcome>) -> Vec<ChangeId> {
    let mut withdrawn = Vec::new();
    for change in sorted {
        let Some(Body::EventWithdrawn(body)) = &change.body else { continue };
        let target = sorted.iter().find(|other| other.header.id == body.change);
        let outcome = match target {
            None => Outcome::Waits,
            Some(_) if !change.role.may_author(change.header.kind) => continue,
            Some(target) if may_withdraw(change, target) => {
                withdrawn.push(body.change);
                continue;
            }
            Some(_) => Outcome::NotAllowed,
        };
        outcomes.push(ChangeOutcome { change: change.header.id, outcome });
    }
    withdrawn
}

fn may_withdraw(change: &FoldChange, target: &FoldChange) -> bool {
    let kind = target.header.kind;
    match target.role {
        Role::Server => {
            change.role == Role::Server && (TAKEN_BACK.contains(&kind) || TAKEN_BACK_BY_SERVER.contains(&kind))
        }
        _ => {
            let by_right = target.header.author == change.header.author || change.role == Role::Supervisor;
            by_right && TAKEN_BACK.contains(&kind)
        }
    }
}

#[cfg(test)]
mod tests;
