//! The life of a correction: found, proposed, decided, entered, confirmed.
//!
//! Where two decide on one correction, the first in the log counts. Nobody approves his own proposal. Fields of the
//! unit's policy need two people. A decision is taken back while nothing later stands on it.

use serde::{Deserialize, Serialize};

use crate::change::{Body, CorrectionProposed, CorrectionReviewed, Decision, EntityKind, EntityRef};
use crate::id::{ChangeId, CorrectionId, DeviceId, OfficerId};

use super::{ChangeOutcome, Counting, FoldChange, Outcome, Policies, Position};

/// How far a correction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Decisions are here, the proposal is not, or it was erased.
    Waiting,
    Proposed,
    /// One of two approvals.
    FirstApproval,
    Held,
    Referred,
    Approved,
    Returned,
    Rejected,
    Withdrawn,
    /// Someone typed it into the register.
    Entered,
    /// A later edition shows it.
    Confirmed,
}

impl Stage {
    /// Whether a decision may still be taken.
    pub fn is_open(self) -> bool {
        matches!(self, Stage::Proposed | Stage::FirstApproval | Stage::Held | Stage::Referred)
    }

    /// Whether the register still disagrees: nothing has settled it.
    pub fn is_unsettled(self) -> bool {
        self.is_open() || matches!(self, Stage::Approved | Stage::Returned | Stage::Entered)
    }
}

/// One decision and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReviewState {
    pub change: ChangeId,
    pub author: OfficerId,
    #[ts(type = "number")]
    pub decided_ms: u64,
    pub review: CorrectionReviewed,
    pub outcome: Outcome,
}

/// A correction as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CorrectionState {
    pub stage: Stage,
    /// `None` where it has not arrived or was erased.
    pub proposal: Option<CorrectionProposed>,
    pub proposed_by: Option<OfficerId>,
    pub proposed_on: Option<DeviceId>,
    #[ts(type = "number | null")]
    pub proposed_ms: Option<u64>,
    pub proposed_at: Option<Position>,
    /// Edition and log index that its author had.
    pub base_edition: u32,
    #[ts(type = "number")]
    pub base_seen: u64,
    pub reviews: Vec<ReviewState>,
    pub withdrawal_reason: Option<String>,
    pub entered_by: Option<OfficerId>,
    pub confirmed_edition: Option<u32>,
    pub outcomes: Vec<ChangeOutcome>,
}

/// `None` where no readable change tells of it.
pub fn fold_correction(id: CorrectionId, changes: &[FoldChange], policies: &Policies) -> Option<CorrectionState> {
    let counting = Counting::of(EntityRef::new(EntityKind::Correction, id), changes);
    if counting.changes.is_empty() {
        return None;
    }
    let mut state = take_proposal(&counting);
    let entered = find_entered(&counting);
    // What each counted decision replaced, so that it can be taken back.
    let mut replaced: Vec<(ChangeId, Stage)> = Vec::new();
    for (change, body) in &counting.changes {
        match body {
            Body::CorrectionReviewed(review) => {
                let outcome = match taken_back_before(&counting, change) {
                    true => Outcome::Withdrawn,
                    false => decide(&mut state, &mut replaced, change, review, policies),
                };
                state.reviews.push(ReviewState {
                    change: change.header.id,
                    author: change.header.author,
                    decided_ms: change.header.wall_clock_ms,
                    review: review.clone(),
                    outcome,
                });
            }
            Body::ReviewWithdrawn(withdrawn) => {
                let is_entered = entered.is_some_and(|entered| entered.position < change.position);
                take_back(&mut state, &mut replaced, change, withdrawn.review, is_entered);
            }
            Body::CorrectionWithdrawn(withdrawn) => {
                let by_author = state.proposed_by == Some(change.header.author);
                if !by_author {
                    note(&mut state, change, Outcome::NotAllowed);
                } else if state.stage.is_open() || state.stage == Stage::Returned {
                    state.stage = Stage::Withdrawn;
                    state.withdrawal_reason = withdrawn.reason.clone();
                } else {
                    note(&mut state, change, Outcome::Overruled);
                }
            }
            _ => {}
        }
    }
    // Entering stands where the decisions, wherever a restored log put them, end in an approval: nobody enters what was
    // not approved. Confirming is a fact about the register.
    match entered {
        Some(entered) if state.stage == Stage::Approved => {
            state.stage = Stage::Entered;
            state.entered_by = Some(entered.header.author);
        }
        Some(entered) => note(&mut state, entered, Outcome::Overruled),
        None => {}
    }
    if state.confirmed_edition.is_some() {
        state.stage = Stage::Confirmed;
    }
    Some(state)
}

fn find_entered<'a>(counting: &Counting<'a>) -> Option<&'a FoldChange> {
    let is_entered = |(_, body): &&(&FoldChange, &Body)| matches!(body, Body::CorrectionEntered(_));
    counting.changes.iter().find(is_entered).map(|(change, _)| *change)
}

/// A restored log may hold the taking back of a decision before the decision.
fn taken_back_before(counting: &Counting<'_>, review: &FoldChange) -> bool {
    counting.changes.iter().any(|(change, body)| {
        matches!(body, Body::ReviewWithdrawn(withdrawn) if withdrawn.review == review.header.id)
            && change.header.author == review.header.author
            && change.position < review.position
    })
}

fn take_proposal(counting: &Counting<'_>) -> CorrectionState {
    let mut state = CorrectionState {
        stage: Stage::Waiting,
        proposal: None,
        proposed_by: None,
        proposed_on: None,
        proposed_ms: None,
        proposed_at: None,
        base_edition: 0,
        base_seen: 0,
        reviews: Vec::new(),
        withdrawal_reason: None,
        entered_by: None,
        confirmed_edition: None,
        outcomes: counting.outcomes.clone(),
    };
    for (change, body) in &counting.changes {
        let header = &change.header;
        match body {
            Body::CorrectionProposed(proposal) if state.proposal.is_none() => {
                state.stage = Stage::Proposed;
                state.proposal = Some(proposal.clone());
                state.proposed_by = Some(header.author);
                state.proposed_on = Some(change.device);
                state.proposed_ms = Some(header.wall_clock_ms);
                state.proposed_at = Some(change.position);
                state.base_edition = header.edition;
                state.base_seen = header.seen;
            }
            Body::CorrectionProposed(_) => note(&mut state, change, Outcome::Overruled),
            Body::CorrectionConfirmed(confirmed) => {
                let first = state.confirmed_edition.map_or(confirmed.edition, |known| known.min(confirmed.edition));
                state.confirmed_edition = Some(first);
            }
            _ => {}
        }
    }
    state
}

fn decide(
    state: &mut CorrectionState,
    replaced: &mut Vec<(ChangeId, Stage)>,
    change: &FoldChange,
    review: &CorrectionReviewed,
    policies: &Policies,
) -> Outcome {
    let author = change.header.author;
    let Some(proposal) = &state.proposal else { return Outcome::Waits };
    if state.proposed_by == Some(author) {
        return Outcome::OwnProposal;
    }
    if !state.stage.is_open() {
        return Outcome::Overruled;
    }
    let next = match review.decision {
        Decision::Approve => {
            let approved_by =
                |other: &&ReviewState| other.review.decision == Decision::Approve && other.outcome == Outcome::Counted;
            let earlier = state.reviews.iter().filter(approved_by).map(|other| other.author).next_back();
            match earlier {
                _ if !policies.needs_two_people(proposal.field, change.position) => Stage::Approved,
                None => Stage::FirstApproval,
                Some(first) if first == author => return Outcome::SamePerson,
                Some(_) => Stage::Approved,
            }
        }
        Decision::Return => Stage::Returned,
        Decision::Hold => Stage::Held,
        Decision::Reject => Stage::Rejected,
        Decision::Refer => Stage::Referred,
    };
    replaced.push((change.header.id, state.stage));
    state.stage = next;
    Outcome::Counted
}

fn take_back(
    state: &mut CorrectionState,
    replaced: &mut Vec<(ChangeId, Stage)>,
    change: &FoldChange,
    review: ChangeId,
    is_entered: bool,
) {
    let Some(at) = state.reviews.iter().position(|known| known.change == review) else {
        // Before its decision in a restored log: the decision finds it.
        return;
    };
    if state.reviews[at].author != change.header.author {
        return note(state, change, Outcome::NotAllowed);
    }
    match replaced.last() {
        Some((last, before)) if *last == review && state.stage != Stage::Withdrawn && !is_entered => {
            state.stage = *before;
            state.reviews[at].outcome = Outcome::Withdrawn;
            replaced.pop();
        }
        _ => note(state, change, Outcome::Overruled),
    }
}

fn note(state: &mut CorrectionState, change: &FoldChange, outcome: Outcome) {
    state.outcomes.push(ChangeOutcome { change: change.header.id, outcome });
}
