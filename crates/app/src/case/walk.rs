//! The order in which this officer walks past the houses of an alley. It stays on this laptop and is no change.

use domain::id::HouseholdId;
use serde::{Deserialize, Serialize};
use store::{HouseQuery, WalkPlace};

use crate::App;
use crate::error::Result;

/// Which house, and where it shall stand. A neighbour must be in the same hamlet and alley.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MoveHouse {
    pub household: HouseholdId,
    pub to: WalkPlace,
}

/// The house stands there now, with every household of its dwelling.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct HouseMoved {
    /// Where it stood: what takes the move back.
    pub was: WalkPlace,
}

pub async fn move_house(app: &App, params: MoveHouse) -> Result<HouseMoved> {
    app.write(move |desk| Ok(HouseMoved { was: desk.store.move_house(params.household, params.to)? })).await
}

/// A hamlet and alley, and whether it is walked as it was ordered by hand or by number.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ChooseWalk {
    pub hamlet: Option<String>,
    pub alley: Option<String>,
    pub by_hand: bool,
}

/// How many dwellings went to another place.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct WalkChosen {
    pub dwellings: u32,
}

pub async fn choose_walk(app: &App, params: ChooseWalk) -> Result<WalkChosen> {
    app.write(move |desk| {
        let (hamlet, alley) = (params.hamlet.as_deref(), params.alley.as_deref());
        Ok(WalkChosen { dwellings: desk.store.choose_walk(hamlet, alley, params.by_hand)? })
    })
    .await
}

/// A house among those of a list.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct LocateHouse {
    pub query: HouseQuery,
    pub household: HouseholdId,
}

/// How many houses of the list stand before it; `null` where it is not in the list.
pub async fn locate_house(app: &App, params: LocateHouse) -> Result<Option<u32>> {
    app.with_desk(move |desk| Ok(desk.store.locate_house(&params.query, params.household)?)).await
}
