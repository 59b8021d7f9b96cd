//! One person as he stands, and what his four marks rest on.

use domain::change::RemovalCause;
use domain::field::{Field, Subject};
use domain::fold::{PersonState, Presence, Stage};
use domain::id::{EntityId, HouseholdId, PersonId};
use domain::mark::{CORE_FIELDS, MarkInput, Marks, ResidenceView, marks};
use domain::register::RegisterPerson;
use domain::vietnam;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::change::Reach;
use crate::error::Result;
use crate::fold::correction::stage_number;
use crate::fold::load;
use crate::row::{from_cbor, id, of_wire_number, wire_number};
use crate::setting;
use crate::store::Store;

/// What the marks of a person rest on beside his own record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct MarkFacts {
    /// Fields of which the register is said to be wrong, and nothing has settled it.
    pub open_discrepancies: Vec<Field>,
    /// Fields whose present value a meeting or a paper confirmed.
    pub confirmed: Vec<Field>,
    pub others_with_same_id_number: u32,
    #[ts(type = "number | null")]
    pub last_met_ms: Option<u64>,
}

/// One person as a screen shows him.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct PersonView {
    pub person: PersonId,
    pub state: PersonState,
    /// Columns of the extract that the product does not name, `[column, value]`.
    pub others: Vec<(String, String)>,
    /// Ids given at the door that the register knows by this one.
    pub given_at_door: Vec<PersonId>,
    pub facts: MarkFacts,
    pub marks: Marks,
}

impl Store {
    /// A person; `None` for one that neither the register nor a change tells of. `today` is the day that the marks are
    /// of.
    ///
    /// # Errors
    /// What the disk says.
    pub fn person(&self, person: PersonId, today: Date) -> Result<Option<PersonView>> {
        self.read(|connection| {
            let day = Day { today, alive_days: alive_days(connection)? };
            load(connection, person)?.map(|loaded| view(connection, loaded, day)).transpose()
        })
    }
}

/// The day that marks are of, and the unit's rule.
#[derive(Clone, Copy)]
pub(crate) struct Day {
    pub today: Date,
    pub alive_days: u32,
}

/// Days after which a person counts as not seen.
pub(crate) fn alive_days(connection: &Connection) -> Result<u32> {
    let days = setting::number_or_none(connection, setting::ALIVE_DAYS)?;
    Ok(days.and_then(|days| u32::try_from(days).ok()).unwrap_or(domain::mark::DEFAULT_ALIVE_DAYS))
}

/// A person's record, the ids he was given at the door, and his state.
pub(crate) struct Loaded {
    pub person: PersonId,
    pub base: Option<RegisterPerson>,
    pub doors: Vec<PersonId>,
    pub state: PersonState,
}

pub(crate) fn load(connection: &Connection, person: PersonId) -> Result<Option<Loaded>> {
    let base = load::held_person(connection, person)?.base;
    of_base(connection, person, base)
}

fn of_base(connection: &Connection, person: PersonId, base: Option<RegisterPerson>) -> Result<Option<Loaded>> {
    let doors = load::doors_of(connection, person)?;
    let state = load::person(connection, person, base.as_ref(), &doors, Reach::Everything)?;
    Ok(state.map(|state| Loaded { person, base, doors, state }))
}

/// The people of a household: the head first, then those who live there by age, then those who left.
pub(crate) fn members(connection: &Connection, household: HouseholdId) -> Result<Vec<Loaded>> {
    let mut statement = connection.prepare_cached(
        "SELECT person.id, person.base FROM person JOIN household ON household.id = person.household
         WHERE person.household = ?1 AND presence IN (1, 2, 4)
         ORDER BY presence = 4, household.head IS person.id DESC, is_head DESC, person.id",
    )?;
    let mut rows = statement.query([household.as_bytes()])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let base: Option<Vec<u8>> = row.get(1)?;
        let base = base.map(|bytes| from_cbor(&bytes, "person")).transpose()?;
        members.extend(of_base(connection, id(row, 0)?, base)?);
    }
    // The head stays in front; the others by year of birth.
    let from = usize::from(!members.is_empty());
    members[from..].sort_by_cached_key(|member| {
        let has_left = member.state.presence == Presence::Removed;
        let born = member.state.field(Field::BirthDate).and_then(|date| date.parse::<domain::date::PartialDate>().ok());
        (has_left, born.map_or(Date::MAX, |date| date.earliest()), member.person)
    });
    Ok(members)
}

pub(crate) fn view(connection: &Connection, loaded: Loaded, day: Day) -> Result<PersonView> {
    let facts = facts(connection, &loaded)?;
    let marks = marks_of(&loaded.state, &facts, day);
    Ok(PersonView {
        person: loaded.person,
        others: loaded.base.and_then(|base| base.others).unwrap_or_default(),
        given_at_door: loaded.doors,
        state: loaded.state,
        facts,
        marks,
    })
}

pub(crate) fn facts(connection: &Connection, loaded: &Loaded) -> Result<MarkFacts> {
    let state = &loaded.state;
    let mut facts =
        MarkFacts { last_met_ms: state.last_contact.as_ref().map(|contact| contact.at_ms), ..MarkFacts::default() };
    if state.confirmed_ms.is_some() {
        facts.confirmed.extend(CORE_FIELDS);
    }
    take_corrections(connection, loaded.person.into(), &mut facts)?;
    if let Some(number) = state.field(Field::IdNumber) {
        facts.others_with_same_id_number = connection
            .prepare_cached("SELECT count(*) FROM person WHERE id_number = ?1 AND presence IN (1, 2) AND id <> ?2")?
            .query_row(params![number, loaded.person.as_bytes()], |row| row.get(0))?;
    }
    Ok(facts)
}

/// What the corrections of one subject say: which fields are in dispute, and which an edition has confirmed.
fn take_corrections(connection: &Connection, subject: EntityId, facts: &mut MarkFacts) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT field, is_unsettled, stage FROM correction WHERE subject = ?1 AND subject_kind = ?2 ORDER BY field",
    )?;
    let mut rows = statement.query(params![subject.as_bytes(), wire_number(Subject::Person)])?;
    while let Some(row) = rows.next()? {
        let field: Field = of_wire_number(row, 0)?;
        let is_unsettled: bool = row.get(1)?;
        let is_confirmed = row.get::<_, i64>(2)? == stage_number(Stage::Confirmed);
        let list = if is_unsettled { &mut facts.open_discrepancies } else { &mut facts.confirmed };
        if (is_unsettled || is_confirmed) && !list.contains(&field) {
            list.push(field);
        }
    }
    Ok(())
}

pub(crate) fn marks_of(state: &PersonState, facts: &MarkFacts, day: Day) -> Marks {
    let residences: Vec<ResidenceView<'_>> = state.residences.iter().map(ResidenceView::from).collect();
    marks(&MarkInput {
        field: &|field| state.field(field),
        residences: &residences,
        has_died: state.removal.as_ref().is_some_and(|removal| removal.cause == RemovalCause::Died),
        open_discrepancies: &facts.open_discrepancies,
        is_confirmed: &|field| facts.confirmed.contains(&field),
        others_with_same_id_number: facts.others_with_same_id_number,
        last_met: facts.last_met_ms.map(vietnam::day_of),
        today: day.today,
        alive_days: day.alive_days,
    })
}
