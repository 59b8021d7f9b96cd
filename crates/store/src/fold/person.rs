//! People: the row that lists and searches read, and the ids given at the door.

use domain::field::Field;
use domain::fold::{PersonState, Presence};
use domain::id::{HouseholdId, PersonId};
use domain::register::RegisterPerson;
use domain::text::{collation_key_person, fold_search};
use rusqlite::{Connection, OptionalExtension, params};

use super::load::{self, Held};
use crate::change::Reach;
use crate::error::Result;
use crate::row::id;
use crate::search::index::{Index, Name, Names};

/// The columns of a person beside `base`.
pub(crate) struct Columns {
    household: Option<HouseholdId>,
    presence: Presence,
    is_head: bool,
    full_name: Option<String>,
    other_name: Option<String>,
    birth_date: Option<String>,
    sex: Option<String>,
    id_number: Option<String>,
    old_cmnd: Option<String>,
    phone: Option<String>,
}

impl Columns {
    /// Of a folded person.
    pub fn of_state(state: &PersonState) -> Self {
        Self { household: state.household, presence: state.presence, ..Self::of_fields(|field| state.field(field)) }
    }

    /// Of a person whom no change touches: what the fold of the base alone would give.
    pub fn of_base(base: &RegisterPerson) -> Self {
        Self {
            household: Some(base.household),
            presence: Presence::Listed,
            ..Self::of_fields(|field| base.field(field))
        }
    }

    fn of_fields<'a>(field: impl Fn(Field) -> Option<&'a str>) -> Self {
        let owned = |name| field(name).map(str::to_owned);
        Self {
            household: None,
            presence: Presence::Listed,
            is_head: field(Field::RelationshipToHead).is_some_and(is_head),
            full_name: owned(Field::FullName),
            other_name: owned(Field::OtherName),
            birth_date: owned(Field::BirthDate),
            sex: owned(Field::Sex),
            id_number: owned(Field::IdNumber),
            old_cmnd: owned(Field::OldCmnd),
            phone: field(Field::Phone).map(digits_of).filter(|digits| !digits.is_empty()),
        }
    }

    /// How the person is found; `None` for one who is not to be found.
    pub fn name(&self, person: PersonId) -> Option<Name> {
        let is_findable = !matches!(self.presence, Presence::Linked | Presence::Gone);
        let full_name = self.full_name.as_deref().filter(|_| is_findable)?;
        let folded = match &self.other_name {
            Some(other) => format!("{} {}", fold_search(full_name), fold_search(other)),
            None => fold_search(full_name),
        };
        Some(Name::new(collation_key_person(full_name), person.as_bytes(), folded))
    }

    /// Writes a new row; returns its number.
    pub fn insert(&self, connection: &Connection, person: PersonId, base: Option<&[u8]>) -> Result<i64> {
        connection
            .prepare_cached(
                "INSERT INTO person (id, base, household, presence, is_head, full_name, other_name, birth_date, sex,
                                     id_number, old_cmnd, phone)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                person.as_bytes(),
                base,
                self.household.as_ref().map(HouseholdId::as_bytes),
                presence_number(self.presence),
                self.is_head,
                self.full_name,
                self.other_name,
                self.birth_date,
                self.sex,
                self.id_number,
                self.old_cmnd,
                self.phone,
            ])?;
        Ok(connection.last_insert_rowid())
    }

    /// Writes over a row, where something differs.
    fn update(&self, connection: &Connection, row: i64) -> Result<()> {
        connection
            .prepare_cached(
                "UPDATE person SET household = ?2, presence = ?3, is_head = ?4, full_name = ?5, other_name = ?6,
                     birth_date = ?7, sex = ?8, id_number = ?9, old_cmnd = ?10, phone = ?11
                 WHERE n = ?1 AND (household, presence, is_head, full_name, other_name, birth_date, sex, id_number,
                                   old_cmnd, phone) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                row,
                self.household.as_ref().map(HouseholdId::as_bytes),
                presence_number(self.presence),
                self.is_head,
                self.full_name,
                self.other_name,
                self.birth_date,
                self.sex,
                self.id_number,
                self.old_cmnd,
                self.phone,
            ])?;
        Ok(())
    }
}

/// The number in `person.presence`.
pub(crate) fn presence_number(presence: Presence) -> i64 {
    match presence {
        Presence::Listed => 1,
        Presence::AddedAtDoor => 2,
        Presence::Linked => 3,
        Presence::Removed => 4,
        Presence::Gone => 5,
    }
}

/// The presence of a number in `person.presence`.
pub(crate) fn presence_of(number: i64) -> Presence {
    match number {
        1 => Presence::Listed,
        2 => Presence::AddedAtDoor,
        3 => Presence::Linked,
        4 => Presence::Removed,
        _ => Presence::Gone,
    }
}

/// Whether a relationship to the head says that the person is the head.
fn is_head(relationship: &str) -> bool {
    // Most are plain ASCII-free short words; fold only what could be it.
    relationship.len() <= 16 && fold_search(relationship) == "chu ho"
}

/// The digits of a number as people type it: with spaces, dots, brackets.
pub(crate) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Folds a person again. Returns people to be folded after it, since their changes are his: the one whom the register
/// knows him by, now or before.
pub(crate) fn refold(connection: &Connection, person: PersonId, names: &mut Names) -> Result<Vec<PersonId>> {
    let Held { row, base } = load::held_person(connection, person)?;
    let doors = load::doors_of(connection, person)?;
    let state = load::person(connection, person, base.as_ref(), &doors, Reach::Everything)?;
    match (&state, row) {
        (Some(state), _) => {
            let columns = Columns::of_state(state);
            let n = match row {
                Some(n) => columns.update(connection, n).map(|()| n)?,
                None => columns.insert(connection, person, None)?,
            };
            names.put(connection, Index::People, n, columns.name(person))?;
        }
        (None, Some(n)) => {
            names.put(connection, Index::People, n, None)?;
            connection.prepare_cached("DELETE FROM person WHERE n = ?1")?.execute([n])?;
        }
        (None, None) => {}
    }
    follow_link(connection, person, state.and_then(|state| state.linked_to))
}

fn follow_link(connection: &Connection, door: PersonId, register: Option<PersonId>) -> Result<Vec<PersonId>> {
    let before: Option<PersonId> = connection
        .prepare_cached("SELECT register FROM person_alias WHERE door = ?1")?
        .query_row([door.as_bytes()], |row| id(row, 0))
        .optional()?;
    if before != register {
        match register {
            Some(register) => connection
                .prepare_cached(
                    "INSERT INTO person_alias (door, register) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET register = ?2",
                )?
                .execute(params![door.as_bytes(), register.as_bytes()])?,
            None => {
                connection.prepare_cached("DELETE FROM person_alias WHERE door = ?1")?.execute([door.as_bytes()])?
            }
        };
    }
    Ok(before.into_iter().chain(register).collect())
}
