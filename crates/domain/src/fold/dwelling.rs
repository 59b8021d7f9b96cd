//! A dwelling: of the register, or found at the door.

use serde::{Deserialize, Serialize};

use crate::change::{Body, DwellingAdded, EntityKind, EntityRef};
use crate::id::DwellingId;
use crate::register::RegisterDwelling;

use super::{ChangeOutcome, Counting, FoldChange, NoteState, Outcome, PhotoState, remarks::take_remark};

/// A dwelling as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DwellingState {
    /// Whether the edition holds it.
    pub in_register: bool,
    pub hamlet: String,
    pub alley: Option<String>,
    pub house_no: Option<String>,
    pub kind: Option<String>,
    pub lat_e6: Option<i32>,
    pub lon_e6: Option<i32>,
    pub notes: Vec<NoteState>,
    pub photos: Vec<PhotoState>,
    pub outcomes: Vec<ChangeOutcome>,
}

impl DwellingState {
    fn of_register(base: &RegisterDwelling) -> Self {
        Self {
            in_register: true,
            hamlet: base.hamlet.clone(),
            alley: base.alley.clone(),
            house_no: base.house_no.clone(),
            kind: base.kind.clone(),
            lat_e6: base.lat_e6,
            lon_e6: base.lon_e6,
            notes: Vec::new(),
            photos: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    fn of_door(added: &DwellingAdded) -> Self {
        Self {
            in_register: false,
            hamlet: added.hamlet.clone(),
            alley: added.alley.clone(),
            house_no: added.house_no.clone(),
            kind: added.kind.clone(),
            lat_e6: added.lat_e6,
            lon_e6: added.lon_e6,
            notes: Vec::new(),
            photos: Vec::new(),
            outcomes: Vec::new(),
        }
    }
}

/// `None` where neither the register nor a readable change tells of it.
pub fn fold_dwelling(id: DwellingId, base: Option<&RegisterDwelling>, changes: &[FoldChange]) -> Option<DwellingState> {
    let counting = Counting::of(EntityRef::new(EntityKind::Dwelling, id), changes);
    let added = counting.changes.iter().find_map(|(_, body)| match body {
        Body::DwellingAdded(added) => Some(added),
        _ => None,
    });
    let mut state = base.map(DwellingState::of_register).or_else(|| added.map(DwellingState::of_door))?;
    state.outcomes = counting.outcomes;
    let mut added_seen = false;
    for (change, body) in counting.changes {
        if take_remark(change, body, &mut state.notes, &mut state.photos) {
            continue;
        }
        if matches!(body, Body::DwellingAdded(_)) {
            if added_seen {
                state.outcomes.push(ChangeOutcome { change: change.header.id, outcome: Outcome::Overruled });
            }
            added_seen = true;
        }
    }
    Some(state)
}
