//! Households: whose work each is, and how the visits went.

use domain::fold::HouseholdState;
use domain::id::{DwellingId, HouseholdId, PersonId};
use rusqlite::{Connection, params};

use super::load::{self, Held};
use super::place;
use crate::change::Reach;
use crate::error::Result;
use crate::row::{day_number, signed, wire_number};
use crate::search::index::{Index, Names};

/// Folds a household again.
pub(crate) fn refold(connection: &Connection, household: HouseholdId, names: &mut Names) -> Result<()> {
    let Held { row, base } = load::held_household(connection, household)?;
    match (load::household(connection, household, base.as_ref(), Reach::Everything)?, row) {
        (Some(state), _) => {
            let n = match row {
                Some(n) => update(connection, n, &state).map(|()| n)?,
                None => insert(connection, household, &state, None)?,
            };
            place::put_name(connection, n, household, state.dwelling, state.household_no.as_deref(), names)
        }
        (None, Some(n)) => {
            names.put(connection, Index::Houses, n, None)?;
            connection.prepare_cached("DELETE FROM household WHERE n = ?1")?.execute([n])?;
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

/// Writes a new row; returns its number.
pub(crate) fn insert(
    connection: &Connection,
    household: HouseholdId,
    state: &HouseholdState,
    base: Option<&[u8]>,
) -> Result<i64> {
    connection
        .prepare_cached("INSERT INTO household (id, base, dwelling, household_no) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            household.as_bytes(),
            base,
            state.dwelling.as_ref().map(DwellingId::as_bytes),
            state.household_no,
        ])?;
    let n = connection.last_insert_rowid();
    if base.is_none() {
        update(connection, n, state)?;
    }
    Ok(n)
}

/// Writes over a row, where something differs.
fn update(connection: &Connection, row: i64, state: &HouseholdState) -> Result<()> {
    let work = state.assignment.as_ref();
    let last_visit = state.last_visit();
    connection
        .prepare_cached(
            "UPDATE household SET dwelling = ?2, household_no = ?3, head = ?4, officer = ?5, due = ?6, due_day = ?7,
                 work_note = ?8, attempts = ?9, last_outcome = ?10, last_visit_ms = ?11, next_visit = ?12
             WHERE n = ?1 AND (dwelling, household_no, head, officer, due, due_day, work_note, attempts, last_outcome,
                               last_visit_ms, next_visit)
                 IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            row,
            state.dwelling.as_ref().map(DwellingId::as_bytes),
            state.household_no,
            state.head.as_ref().map(PersonId::as_bytes),
            work.map(|work| *work.officer.as_bytes()),
            work.and_then(|work| work.due.as_deref()),
            work.and_then(|work| day_number(work.due.as_deref()?)),
            work.and_then(|work| work.note.as_deref()),
            signed(state.attempts() as u64),
            last_visit.map(|visit| wire_number(visit.outcome)),
            last_visit.map(|visit| signed(visit.ended_ms)),
            last_visit.and_then(|visit| visit.next_visit.as_deref()),
        ])?;
    Ok(())
}
