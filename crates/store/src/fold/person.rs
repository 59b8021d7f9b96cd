//! People: the row that lists and searches read, and the ids given at the door.

use domain::field::Field;
use domain::fold::{PersonState, Presence, fold_person};
use domain::id::{HouseholdId, PersonId};
use domain::register::RegisterPerson;
use domain::text::{collation_key_person, fold_search};
use rusqlite::{Connection, OptionalExtension, params};

use super::changes_of_person;
use crate::change::Reach;
use crate::error::Result;
use crate::row::{from_cbor, id, signed, to_json};
use crate::search::index::{Index, Name, Names};

/// The columns of a person beside `base` and `state`.
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
    last_contact_ms: Option<u64>,
}

impl Columns {
    /// Of a folded person.
    pub fn of_state(state: &PersonState) -> Self {
        Self {
            household: state.household,
            presence: state.presence,
            last_contact_ms: state.last_contact.as_ref().map(|contact| contact.at_ms),
            ..Self::of_fields(|field| state.field(field))
        }
    }

    /// Of a person whom no change touches: what the fold of the base alone would give.
    pub fn of_base(base: &RegisterPerson) -> Self {
        Self {
            household: Some(base.household),
            presence: Presence::Listed,
            last_contact_ms: None,
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
            last_contact_ms: None,
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

    /// Writes the row; `base` and `state` as given. Returns its number.
    pub fn write(
        &self,
        connection: &Connection,
        person: PersonId,
        base: Option<&[u8]>,
        state: Option<&str>,
    ) -> Result<i64> {
        let n = connection
            .prepare_cached(
                "INSERT INTO person (id, household, presence, is_head, full_name, birth_date, sex, id_number, old_cmnd,
                                     phone, last_contact_ms, base, state, other_name)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                 ON CONFLICT (id) DO UPDATE SET
                     household = ?2, presence = ?3, is_head = ?4, full_name = ?5, birth_date = ?6, sex = ?7,
                     id_number = ?8, old_cmnd = ?9, phone = ?10, last_contact_ms = ?11, base = ?12, state = ?13,
                     other_name = ?14
                 RETURNING n",
            )?
            .query_row(
                params![
                    person.as_bytes(),
                    self.household.as_ref().map(HouseholdId::as_bytes),
                    presence_number(self.presence),
                    self.is_head,
                    self.full_name,
                    self.birth_date,
                    self.sex,
                    self.id_number,
                    self.old_cmnd,
                    self.phone,
                    self.last_contact_ms.map(signed),
                    base,
                    state,
                    self.other_name,
                ],
                |row| row.get(0),
            )?;
        Ok(n)
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

/// The register's record of a person, as bytes.
pub(crate) fn base_bytes(connection: &Connection, person: PersonId) -> Result<Option<Vec<u8>>> {
    Ok(connection
        .prepare_cached("SELECT base FROM person WHERE id = ?1")?
        .query_row([person.as_bytes()], |row| row.get::<_, Option<Vec<u8>>>(0))
        .optional()?
        .flatten())
}

/// Folds a person again. Returns people to be folded after it, since their changes are his: the one whom the register
/// knows him by, now or before.
pub(crate) fn refold(connection: &Connection, person: PersonId, names: &mut Names) -> Result<Vec<PersonId>> {
    let base = base_bytes(connection, person)?;
    let record: Option<RegisterPerson> = base.as_deref().map(|bytes| from_cbor(bytes, "person")).transpose()?;
    let doors = doors_of(connection, person)?;
    let changes = changes_of_person(connection, person, &doors, Reach::Everything)?;
    let state = fold_person(person, record.as_ref(), &changes);
    write(connection, person, base.as_deref(), state.as_ref(), !changes.is_empty(), names)?;
    follow_link(connection, person, state.and_then(|state| state.linked_to))
}

/// Writes what a fold gave: the row and its place in the search.
fn write(
    connection: &Connection,
    person: PersonId,
    base: Option<&[u8]>,
    state: Option<&PersonState>,
    has_changes: bool,
    names: &mut Names,
) -> Result<()> {
    let Some(state) = state else {
        if let Some(n) = row_of(connection, person)? {
            names.put(connection, Index::People, n, None)?;
            connection.prepare_cached("DELETE FROM person WHERE n = ?1")?.execute([n])?;
        }
        return Ok(());
    };
    let columns = Columns::of_state(state);
    let json = has_changes.then(|| to_json(state));
    let n = columns.write(connection, person, base, json.as_deref())?;
    names.put(connection, Index::People, n, columns.name(person))
}

pub(crate) fn row_of(connection: &Connection, person: PersonId) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT n FROM person WHERE id = ?1")?
        .query_row([person.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// Ids given at the door that the register knows by this one.
pub(crate) fn doors_of(connection: &Connection, register: PersonId) -> Result<Vec<PersonId>> {
    let mut statement = connection.prepare_cached("SELECT door FROM person_alias WHERE register = ?1 ORDER BY door")?;
    let rows = statement.query_map([register.as_bytes()], |row| id(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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
