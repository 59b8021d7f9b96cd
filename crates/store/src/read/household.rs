//! One household with everything that a door needs: who lives there, how the visits went, what is in dispute.

use domain::fold::{DwellingState, HouseholdState, VisitState};
use domain::id::{DwellingId, HouseholdId, VisitId};
use jiff::civil::Date;
use rusqlite::Connection;
use serde::Serialize;

use super::correction::{self, CorrectionRow};
use super::officer;
use super::person::{self, Day, PersonView};
use crate::change::Reach;
use crate::error::Result;
use crate::fold::load;
use crate::row::id;
use crate::store::Store;

/// One visit.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct VisitView {
    pub visit: VisitId,
    pub state: VisitState,
    pub author_name: Option<String>,
}

/// One household as a screen shows it.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct HouseholdView {
    pub household: HouseholdId,
    pub state: HouseholdState,
    pub dwelling: Option<DwellingState>,
    /// Other households of the same dwelling.
    pub neighbours: Vec<HouseholdId>,
    /// The head first, then who lives there by age, then who left.
    pub members: Vec<PersonView>,
    /// The latest first.
    pub visits: Vec<VisitView>,
    /// Found at this door, or of one who lives here; the riskiest first.
    pub corrections: Vec<CorrectionRow>,
}

impl Store {
    /// A household; `None` for one that nothing tells of.
    ///
    /// # Errors
    /// What the disk says.
    pub fn household(&self, household: HouseholdId, today: Date) -> Result<Option<HouseholdView>> {
        self.read(|connection| {
            let day = Day { today, alive_days: person::alive_days(connection)? };
            self::load(connection, household)?.map(|state| view(connection, household, state, day)).transpose()
        })
    }

    /// A dwelling; `None` for one that nothing tells of.
    ///
    /// # Errors
    /// What the disk says.
    pub fn dwelling(&self, dwelling: DwellingId) -> Result<Option<DwellingState>> {
        self.read(|connection| load_dwelling(connection, dwelling))
    }

    /// A visit; `None` until its recording is here.
    ///
    /// # Errors
    /// What the disk says.
    pub fn visit(&self, visit: VisitId) -> Result<Option<VisitState>> {
        self.read(|connection| load::visit(connection, visit, Reach::Everything))
    }
}

fn view(connection: &Connection, household: HouseholdId, state: HouseholdState, day: Day) -> Result<HouseholdView> {
    let members = person::members(connection, household)?
        .into_iter()
        .map(|loaded| person::view(connection, loaded, day))
        .collect::<Result<Vec<_>>>()?;
    let dwelling = state.dwelling.map(|dwelling| load_dwelling(connection, dwelling)).transpose()?.flatten();
    Ok(HouseholdView {
        household,
        dwelling,
        neighbours: neighbours(connection, household, state.dwelling)?,
        visits: visits(connection, household)?,
        corrections: correction::of_household(connection, household)?,
        members,
        state,
    })
}

pub(crate) fn load(connection: &Connection, household: HouseholdId) -> Result<Option<HouseholdState>> {
    let base = load::held_household(connection, household)?.base;
    load::household(connection, household, base.as_ref(), Reach::Everything)
}

pub(crate) fn load_dwelling(connection: &Connection, dwelling: DwellingId) -> Result<Option<DwellingState>> {
    let base = load::held_dwelling(connection, dwelling)?.base;
    load::dwelling(connection, dwelling, base.as_ref(), Reach::Everything)
}

fn neighbours(
    connection: &Connection,
    household: HouseholdId,
    dwelling: Option<DwellingId>,
) -> Result<Vec<HouseholdId>> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM household WHERE dwelling = ?1 AND id <> ?2 ORDER BY id")?;
    let rows = statement
        .query_map(rusqlite::params![dwelling.as_ref().map(DwellingId::as_bytes), household.as_bytes()], |row| {
            id(row, 0)
        })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn visits(connection: &Connection, household: HouseholdId) -> Result<Vec<VisitView>> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM visit WHERE household = ?1 ORDER BY ended_ms DESC, id")?;
    let rows = statement.query_map([household.as_bytes()], |row| id(row, 0))?;
    let mut visits = Vec::new();
    for visit in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        if let Some(state) = load::visit(connection, visit, Reach::Everything)? {
            visits.push(VisitView { visit, author_name: officer::name_of(connection, state.author)?, state });
        }
    }
    Ok(visits)
}
