//! Who works in the unit, and where.

use serde::{Deserialize, Serialize};

use crate::change::{AreaPart, Body, EntityKind, EntityRef};
use crate::id::OfficerId;
use crate::role::Role;

use super::{Counting, FoldChange};

/// An officer as the unit's log knows him.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OfficerState {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub active: bool,
    pub area: Vec<AreaPart>,
}

/// The latest listing and the latest area count.
pub fn fold_officer(id: OfficerId, changes: &[FoldChange]) -> Option<OfficerState> {
    let mut state = OfficerState::default();
    let mut any = false;
    for (_, body) in Counting::of(EntityRef::new(EntityKind::Officer, id), changes).changes {
        match body {
            Body::OfficerListed(listed) => {
                state.name = Some(listed.name.clone());
                state.role = Some(listed.role);
                state.active = listed.active;
            }
            Body::AreaSet(area) => state.area = area.parts.clone(),
            _ => continue,
        }
        any = true;
    }
    any.then_some(state)
}
