//! Lists of houses in the order in which one walks past them.

use domain::change::VisitOutcome;
use domain::id::{DwellingId, HouseholdId, OfficerId};
use domain::mark::{MarkState, Marks};
use jiff::civil::Date;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::Window;
use super::person::{self, Day};
use crate::error::Result;
use crate::row::{id, id_or_null, of_wire_number_or_null, unsigned_or_null};
use crate::store::Store;

/// Where a household lives. All empty for one that only its visits tell of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct Address {
    pub dwelling: Option<DwellingId>,
    pub hamlet: Option<String>,
    pub alley: Option<String>,
    pub house_no: Option<String>,
    pub kind: Option<String>,
    pub lat_e6: Option<i32>,
    pub lon_e6: Option<i32>,
}

impl Address {
    /// From the columns dwelling id, hamlet, alley, house_no, kind, lat_e6, lon_e6.
    pub(crate) fn of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            dwelling: id_or_null(row, column)?,
            hamlet: row.get(column + 1)?,
            alley: row.get(column + 2)?,
            house_no: row.get(column + 3)?,
            kind: row.get(column + 4)?,
            lat_e6: row.get(column + 5)?,
            lon_e6: row.get(column + 6)?,
        })
    }
}

/// Which houses. An absent part asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct HouseQuery {
    pub officer: Option<OfficerId>,
    /// An empty text asks for houses that have none.
    pub hamlet: Option<String>,
    /// An empty text asks for houses that have none.
    pub alley: Option<String>,
    pub only: Option<HouseFilter>,
}

/// Where the work on a house stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum HouseFilter {
    /// Nobody was met at the last visit, or there was none.
    ToDo,
    /// Someone was met and the visit was complete.
    Done,
    NeverVisited,
    Unassigned,
}

/// The four marks of a house: of each the worst among those who live there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct HouseMarks {
    pub correct: MarkState,
    pub complete: MarkState,
    pub clean: MarkState,
    pub alive: MarkState,
}

/// One house in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct HouseRow {
    pub household: HouseholdId,
    pub household_no: Option<String>,
    pub address: Address,
    pub head_name: Option<String>,
    pub people: u32,
    pub officer: Option<OfficerId>,
    /// `dd/mm/yyyy`.
    pub due: Option<String>,
    pub assignment_note: Option<String>,
    /// Visits without meeting anyone since the last one that met someone.
    pub attempts: u32,
    pub last_outcome: Option<VisitOutcome>,
    #[ts(type = "number | null")]
    pub last_visit_ms: Option<u64>,
    /// `dd/mm/yyyy`.
    pub next_visit: Option<String>,
    pub open_corrections: u32,
    pub returned_corrections: u32,
    pub marks: HouseMarks,
    /// Its place on the way was given by hand.
    pub is_moved: bool,
}

/// How far the work on some houses is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct HouseProgress {
    pub houses: u32,
    pub done: u32,
    pub visited: u32,
    /// Assigned, due before today and not done.
    pub overdue: u32,
}

/// The houses of one hamlet or alley.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct AreaRow {
    pub hamlet: Option<String>,
    pub alley: Option<String>,
    pub houses: u32,
    pub visited: u32,
    pub done: u32,
    pub assigned: u32,
    /// Houses whose place on the way was given by hand.
    pub moved: u32,
}

impl Store {
    /// Houses in walking order: by hamlet, alley, natural house number, but for what was moved by hand.
    ///
    /// # Errors
    /// What the disk says.
    pub fn houses(&self, query: &HouseQuery, window: Window, today: Date) -> Result<Vec<HouseRow>> {
        self.read(|connection| {
            let day = Day { today, alive_days: person::alive_days(connection)? };
            let (conditions, mut values) = conditions_of(query);
            values.push(Box::new(window.limit));
            values.push(Box::new(window.offset));
            let mut statement = connection.prepare_cached(&format!(
                "SELECT household.id, household_no, officer, attempts, last_outcome, last_visit_ms, next_visit, due, work_note,
                        dwelling.id, hamlet, alley, house_no, dwelling.kind, lat_e6, lon_e6,
                        (SELECT count(*) FROM correction WHERE correction.household = household.id AND is_open),
                        (SELECT count(*) FROM correction WHERE correction.household = household.id AND stage = 6),
                        {MOVED}
                 FROM (SELECT household.n AS shown, house_name.rank AS place FROM {HOUSES} WHERE {conditions}
                       ORDER BY house_name.rank LIMIT ? OFFSET ?)
                     JOIN household ON household.n = shown LEFT JOIN dwelling ON dwelling.id = household.dwelling
                 ORDER BY place"
            ))?;
            let mut rows = statement.query(rusqlite::params_from_iter(values))?;
            let mut houses = Vec::new();
            while let Some(row) = rows.next()? {
                houses.push(house_row(connection, row, day)?);
            }
            Ok(houses)
        })
    }

    /// How many houses a query names, and how far the work on them is.
    ///
    /// # Errors
    /// What the disk says.
    pub fn house_progress(&self, query: &HouseQuery, today: Date) -> Result<HouseProgress> {
        self.read(|connection| {
            let (conditions, mut values) = conditions_of(query);
            let day = i64::from(today.year()) * 10_000 + i64::from(today.month()) * 100 + i64::from(today.day());
            values.insert(0, Box::new(day));
            let mut statement = connection.prepare_cached(&format!(
                "SELECT count(*), coalesce(sum(last_outcome IS 1), 0), coalesce(sum(last_visit_ms IS NOT NULL), 0),
                        coalesce(sum(officer IS NOT NULL AND due_day < ? AND last_outcome IS NOT 1), 0)
                 FROM {HOUSES} WHERE {conditions}"
            ))?;
            Ok(statement.query_row(rusqlite::params_from_iter(values), |row| {
                Ok(HouseProgress { houses: row.get(0)?, done: row.get(1)?, visited: row.get(2)?, overdue: row.get(3)? })
            })?)
        })
    }

    /// How many houses of a query stand before a household in walking order; `None` where it is not among them.
    ///
    /// # Errors
    /// What the disk says.
    pub fn locate_house(&self, query: &HouseQuery, household: HouseholdId) -> Result<Option<u32>> {
        self.read(|connection| {
            let (conditions, mut values) = conditions_of(query);
            values.insert(0, Box::new(*household.as_bytes()));
            let rank: Option<i64> = connection
                .prepare_cached(&format!(
                    "SELECT house_name.rank FROM {HOUSES} WHERE household.id = ? AND {conditions}"
                ))?
                .query_row(rusqlite::params_from_iter(&values), |row| row.get(0))
                .optional()?;
            let Some(rank) = rank else { return Ok(None) };
            values[0] = Box::new(rank);
            let mut statement = connection
                .prepare_cached(&format!("SELECT count(*) FROM {HOUSES} WHERE house_name.rank < ? AND {conditions}"))?;
            Ok(Some(statement.query_row(rusqlite::params_from_iter(&values), |row| row.get(0))?))
        })
    }

    /// Every hamlet and alley of the houses a query names, with how far the work there is, in walking order. Where
    /// nothing was visited is a white zone.
    ///
    /// # Errors
    /// What the disk says.
    pub fn areas(&self, query: &HouseQuery) -> Result<Vec<AreaRow>> {
        self.read(|connection| {
            let (conditions, values) = conditions_of(query);
            let mut statement = connection.prepare_cached(&format!(
                "SELECT hamlet, alley, count(*), sum(last_visit_ms IS NOT NULL), sum(last_outcome IS 1),
                        sum(officer IS NOT NULL), sum({MOVED})
                 FROM {HOUSES} WHERE {conditions} GROUP BY hamlet, alley ORDER BY min(house_name.rank)"
            ))?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
                Ok(AreaRow {
                    hamlet: row.get(0)?,
                    alley: row.get(1)?,
                    houses: row.get(2)?,
                    visited: row.get(3)?,
                    done: row.get(4)?,
                    assigned: row.get(5)?,
                    moved: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Whether a house's place was given by hand.
const MOVED: &str = "EXISTS (SELECT 1 FROM walk WHERE walk.dwelling = household.dwelling AND is_used
    AND walk.hamlet IS dwelling.hamlet AND walk.alley IS dwelling.alley)";

const HOUSES: &str = "household JOIN house_name ON house_name.target = household.n
    LEFT JOIN dwelling ON dwelling.id = household.dwelling";

fn conditions_of(query: &HouseQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let mut conditions = vec!["1"];
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    if let Some(officer) = query.officer {
        conditions.push("officer = ?");
        values.push(Box::new(*officer.as_bytes()));
    }
    if let Some(hamlet) = &query.hamlet {
        conditions.push("coalesce(hamlet, '') = ?");
        values.push(Box::new(hamlet.clone()));
    }
    if let Some(alley) = &query.alley {
        conditions.push("coalesce(alley, '') = ?");
        values.push(Box::new(alley.clone()));
    }
    match query.only {
        Some(HouseFilter::ToDo) => conditions.push("last_outcome IS NOT 1"),
        Some(HouseFilter::Done) => conditions.push("last_outcome IS 1"),
        Some(HouseFilter::NeverVisited) => conditions.push("last_visit_ms IS NULL"),
        Some(HouseFilter::Unassigned) => conditions.push("officer IS NULL"),
        None => {}
    }
    (conditions.join(" AND "), values)
}

fn house_row(connection: &Connection, row: &Row<'_>, day: Day) -> Result<HouseRow> {
    let household = id(row, 0)?;
    let members = person::members(connection, household)?;
    let living: Vec<&person::Loaded> = members.iter().filter(|member| member.state.removal.is_none()).collect();
    let mut marks = HouseMarks::LIT;
    for member in &living {
        let facts = person::facts(connection, member)?;
        marks = marks.worse(&person::marks_of(&member.state, &facts, day));
    }
    Ok(HouseRow {
        household,
        household_no: row.get(1)?,
        officer: id_or_null(row, 2)?,
        attempts: row.get(3)?,
        last_outcome: of_wire_number_or_null(row, 4)?,
        last_visit_ms: unsigned_or_null(row, 5)?,
        address: Address::of_row(row, 9)?,
        open_corrections: row.get(16)?,
        returned_corrections: row.get(17)?,
        is_moved: row.get(18)?,
        head_name: living.first().and_then(|head| head.state.field(domain::field::Field::FullName)).map(str::to_owned),
        people: u32::try_from(living.len()).unwrap_or(u32::MAX),
        due: row.get(7)?,
        assignment_note: row.get(8)?,
        next_visit: row.get(6)?,
        marks,
    })
}

impl HouseMarks {
    const LIT: HouseMarks =
        HouseMarks { correct: MarkState::Lit, complete: MarkState::Lit, clean: MarkState::Lit, alive: MarkState::Lit };

    fn worse(self, marks: &Marks) -> Self {
        Self {
            correct: self.correct.max(marks.correct.state),
            complete: self.complete.max(marks.complete.state),
            clean: self.clean.max(marks.clean.state),
            alive: self.alive.max(marks.alive.state),
        }
    }
}
