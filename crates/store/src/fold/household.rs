//! Households: whose work each is, and how the visits went.

use domain::change::{EntityKind, EntityRef};
use domain::fold::{HouseholdState, fold_household};
use domain::id::{DwellingId, HouseholdId, PersonId};
use domain::register::RegisterHousehold;
use rusqlite::{Connection, OptionalExtension, params};

use super::place;
use crate::change::{self, Reach};
use crate::error::Result;
use crate::row::{day_number, from_cbor, signed, to_json, wire_number};
use crate::search::index::{Index, Names};

/// Folds a household again.
pub(crate) fn refold(connection: &Connection, household: HouseholdId, names: &mut Names) -> Result<()> {
    let found: Option<(i64, Option<Vec<u8>>)> = connection
        .prepare_cached("SELECT n, base FROM household WHERE id = ?1")?
        .query_row([household.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let base = found.as_ref().and_then(|(_, base)| base.as_deref());
    let record: Option<RegisterHousehold> = base.map(|bytes| from_cbor(bytes, "household")).transpose()?;
    let changes = change::of_entity(connection, EntityRef::new(EntityKind::Household, household), Reach::Everything)?;
    match fold_household(household, record.as_ref(), &changes) {
        Some(state) => {
            let json = (!changes.is_empty()).then(|| to_json(&state));
            let n = write(connection, household, &state, base, json.as_deref())?;
            place::put_name(connection, n, household, state.dwelling, state.household_no.as_deref(), names)
        }
        None => match found {
            Some((n, _)) => {
                names.put(connection, Index::Houses, n, None)?;
                connection.prepare_cached("DELETE FROM household WHERE n = ?1")?.execute([n])?;
                Ok(())
            }
            None => Ok(()),
        },
    }
}

/// Writes the row. Returns its number.
pub(crate) fn write(
    connection: &Connection,
    household: HouseholdId,
    state: &HouseholdState,
    base: Option<&[u8]>,
    json: Option<&str>,
) -> Result<i64> {
    let assignment = state.assignment.as_ref();
    let last_visit = state.last_visit();
    let n = connection
        .prepare_cached(
            "INSERT INTO household (id, dwelling, household_no, officer, due_day, attempts, last_outcome, last_visit_ms,
                                    base, state, head)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO UPDATE SET
                 dwelling = ?2, household_no = ?3, officer = ?4, due_day = ?5, attempts = ?6, last_outcome = ?7,
                 last_visit_ms = ?8, base = ?9, state = ?10, head = ?11
             RETURNING n",
        )?
        .query_row(
            params![
                household.as_bytes(),
                state.dwelling.as_ref().map(DwellingId::as_bytes),
                state.household_no,
                assignment.map(|assignment| *assignment.officer.as_bytes()),
                assignment.and_then(|assignment| day_number(assignment.due.as_deref()?)),
                signed(state.attempts() as u64),
                last_visit.map(|visit| wire_number(visit.outcome)),
                last_visit.map(|visit| signed(visit.ended_ms)),
                base,
                json,
                state.head.as_ref().map(PersonId::as_bytes),
            ],
            |row| row.get(0),
        )?;
    Ok(n)
}
