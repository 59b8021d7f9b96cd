//! One knock at a door.

use serde::{Deserialize, Serialize};

use crate::change::{Body, EntityKind, EntityRef, VisitRecord};
use crate::id::{ChangeId, DeviceId, OfficerId, VisitId};
use crate::role::Role;

use super::{ChangeOutcome, Counting, FoldChange, Outcome};

/// A visit as it stands after its amendments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct VisitState {
    pub change: ChangeId,
    pub author: OfficerId,
    pub device: DeviceId,
    pub visit: VisitRecord,
    #[ts(type = "number")]
    pub recorded_ms: u64,
    /// Amendments that counted, oldest first.
    pub amendments: Vec<ChangeId>,
    pub outcomes: Vec<ChangeOutcome>,
}

/// `None` until its recording is here and readable. Only its author, or a supervisor, amends it.
pub fn fold_visit(id: VisitId, changes: &[FoldChange]) -> Option<VisitState> {
    let counting = Counting::of(EntityRef::new(EntityKind::Visit, id), changes);
    let mut state = counting.changes.iter().find_map(|(change, body)| match body {
        Body::VisitRecorded(recorded) => Some(VisitState {
            change: change.header.id,
            author: change.header.author,
            device: change.device,
            visit: recorded.visit.clone(),
            recorded_ms: change.header.wall_clock_ms,
            amendments: Vec::new(),
            outcomes: counting.outcomes.clone(),
        }),
        _ => None,
    })?;
    for (change, body) in &counting.changes {
        let id = change.header.id;
        let outcome = match body {
            Body::VisitAmended(amended) if may_amend(change, state.author) => {
                state.visit = amended.visit.clone();
                state.amendments.push(id);
                continue;
            }
            Body::VisitAmended(_) => Outcome::NotAllowed,
            Body::VisitRecorded(_) if id != state.change => Outcome::Overruled,
            _ => continue,
        };
        state.outcomes.push(ChangeOutcome { change: id, outcome });
    }
    Some(state)
}

fn may_amend(change: &FoldChange, author: OfficerId) -> bool {
    change.header.author == author || change.role == Role::Supervisor
}

/// One visit among the changes that touch a person or a household.
pub(super) struct SeenVisit<'a> {
    pub id: VisitId,
    pub author: OfficerId,
    pub visit: &'a VisitRecord,
    /// The end of the visit, by a clock that is not ahead of the server's.
    pub ended_ms: u64,
}

/// The visits among the changes that touch a person or a household, each as it stands. One whose recording is not
/// readable does not count.
pub(super) fn visits_among<'a>(changes: &[(&'a FoldChange, &'a Body)]) -> Vec<SeenVisit<'a>> {
    let mut visits: Vec<SeenVisit> = Vec::new();
    // The recording first, wherever a restored log put it; then its amendments in order.
    for (change, body) in changes {
        if let Body::VisitRecorded(recorded) = body {
            let id = change.header.entity.id.into();
            if !visits.iter().any(|known| known.id == id) {
                let visit = &recorded.visit;
                visits.push(SeenVisit {
                    id,
                    author: change.header.author,
                    visit,
                    ended_ms: change.at_ms(visit.ended_ms),
                });
            }
        }
    }
    for (change, body) in changes {
        if let Body::VisitAmended(amended) = body
            && let Some(known) = visits.iter_mut().find(|known| known.id == change.header.entity.id.into())
            && may_amend(change, known.author)
        {
            known.visit = &amended.visit;
            known.ended_ms = change.at_ms(amended.visit.ended_ms);
        }
    }
    visits
}
