//! Dwellings and households found at the door, and a household that parts.

use domain::change::{Body, DwellingAdded, EntityKind, EntityRef, HouseholdAdded, HouseholdSplit};
use domain::id::{ChangeId, DwellingId, HouseholdId, PersonId};
use serde::{Deserialize, Serialize};

use super::{Desk, Fact};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;

/// A place people live in. Coordinates are WGS 84 in millionths of a degree.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DwellingInput {
    pub hamlet: String,
    #[serde(default)]
    pub alley: Option<String>,
    #[serde(default)]
    pub house_no: Option<String>,
    /// `house`, `rented_room`, `apartment`, `workplace` or `other`.
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub lat_e6: Option<i32>,
    #[serde(default)]
    pub lon_e6: Option<i32>,
}

/// A dwelling that is in no list.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct DwellingSaved {
    pub dwelling: DwellingId,
    pub change: ChangeId,
}

pub async fn add_dwelling(app: &App, Once { params, once }: Once<DwellingInput>) -> Result<DwellingSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let (dwelling, fact) = dwelling(desk, params)?;
            Ok((DwellingSaved { dwelling, change }, vec![fact.named(change)]))
        })
    })
    .await
}

fn dwelling(desk: &Desk, input: DwellingInput) -> Result<(DwellingId, Fact)> {
    let within = |degrees: Option<i32>, limit: i32, field: &str| match degrees {
        Some(e6) if e6.unsigned_abs() > limit.unsigned_abs() * 1_000_000 => {
            Err(AppError::new(Code::ValueNotAllowed).with("field", field))
        }
        degrees => Ok(degrees),
    };
    let id = DwellingId(desk.fresh_id());
    let body = DwellingAdded {
        hamlet: input::required("hamlet", input::line("hamlet", Some(input.hamlet))?)?,
        alley: input::line("alley", input.alley)?,
        house_no: input::line("house_no", input.house_no)?,
        kind: input::dwelling_kind("kind", input.kind)?,
        lat_e6: within(input.lat_e6, 90, "lat_e6")?,
        lon_e6: within(input.lon_e6, 180, "lon_e6")?,
    };
    Ok((id, Fact::new(EntityRef::new(EntityKind::Dwelling, id), Body::DwellingAdded(body))))
}

/// Where a new household lives.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DwellingChoice {
    /// One that is known.
    Known(DwellingId),
    /// One that is added with it.
    New(DwellingInput),
}

/// The household's dwelling, and the fact that makes it where it is new.
fn choose_dwelling(desk: &Desk, choice: DwellingChoice) -> Result<(DwellingId, Option<Fact>)> {
    match choice {
        DwellingChoice::Known(dwelling) => desk.require_dwelling(dwelling).map(|()| (dwelling, None)),
        DwellingChoice::New(input) => dwelling(desk, input).map(|(dwelling, fact)| (dwelling, Some(fact))),
    }
}

/// A household that is in no list.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AddHousehold {
    pub dwelling: DwellingChoice,
    /// Residence dossier number, where there is one.
    #[serde(default)]
    pub household_no: Option<String>,
}

/// The household that was saved and its dwelling.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct HouseholdSaved {
    pub household: HouseholdId,
    pub dwelling: DwellingId,
    pub change: ChangeId,
}

pub async fn add_household(app: &App, Once { params, once }: Once<AddHousehold>) -> Result<HouseholdSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let (dwelling, new_dwelling) = choose_dwelling(desk, params.dwelling)?;
            let household_no = input::line("household_no", params.household_no)?;
            let body = Body::HouseholdAdded(HouseholdAdded { dwelling, household_no });
            Ok(household(desk, change, dwelling, new_dwelling, body))
        })
    })
    .await
}

/// Some people of a household who now live apart.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SplitHousehold {
    pub from: HouseholdId,
    pub dwelling: DwellingChoice,
    pub persons: Vec<PersonId>,
    /// One of them.
    #[serde(default)]
    pub head: Option<PersonId>,
    #[serde(default)]
    pub household_no: Option<String>,
}

pub async fn split_household(app: &App, Once { params, once }: Once<SplitHousehold>) -> Result<HouseholdSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let mut persons = params.persons;
            persons.sort_unstable();
            persons.dedup();
            let members = desk.members(params.from)?;
            if persons.is_empty() {
                return Err(AppError::new(Code::FieldRequired).with("field", "persons"));
            }
            let all_here = persons.iter().all(|person| members.contains(person));
            if !all_here || params.head.is_some_and(|head| !persons.contains(&head)) {
                return Err(Code::NotOfThisHousehold.into());
            }
            let (dwelling, new_dwelling) = choose_dwelling(desk, params.dwelling)?;
            let household_no = input::line("household_no", params.household_no)?;
            let (from, head) = (params.from, params.head);
            let body = Body::HouseholdSplit(HouseholdSplit { from, dwelling, persons, head, household_no });
            Ok(household(desk, change, dwelling, new_dwelling, body))
        })
    })
    .await
}

fn household(
    desk: &Desk,
    change: ChangeId,
    dwelling: DwellingId,
    new_dwelling: Option<Fact>,
    body: Body,
) -> (HouseholdSaved, Vec<Fact>) {
    let household = HouseholdId(desk.fresh_id());
    let fact = Fact::new(EntityRef::new(EntityKind::Household, household), body).named(change);
    (HouseholdSaved { household, dwelling, change }, new_dwelling.into_iter().chain([fact]).collect())
}
