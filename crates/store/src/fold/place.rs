//! Dwellings: where people live. A dwelling's address is also how its households are found and walked to.

use domain::fold::DwellingState;
use domain::id::{DwellingId, HouseholdId};
use domain::text::{collation_key, fold_search, natural_key};
use rusqlite::{Connection, OptionalExtension, params};

use super::load::{self, Held};
use crate::change::Reach;
use crate::error::Result;
use crate::row::id;
use crate::search::index::{Index, Name, Names};

/// Folds a dwelling again, and puts its households in their place on the way.
pub(crate) fn refold(connection: &Connection, dwelling: DwellingId, names: &mut Names) -> Result<()> {
    let Held { row, base } = load::held_dwelling(connection, dwelling)?;
    match (load::dwelling(connection, dwelling, base.as_ref(), Reach::Everything)?, row) {
        (Some(state), Some(n)) => update(connection, n, &state)?,
        (Some(state), None) => insert(connection, dwelling, &state, None)?,
        (None, Some(n)) => {
            connection.prepare_cached("DELETE FROM dwelling WHERE n = ?1")?.execute([n])?;
        }
        (None, None) => {}
    }
    for (n, household, household_no) in households_of(connection, dwelling)? {
        put_name(connection, n, household, Some(dwelling), household_no.as_deref(), names)?;
    }
    Ok(())
}

/// Writes a new row.
pub(crate) fn insert(
    connection: &Connection,
    dwelling: DwellingId,
    state: &DwellingState,
    base: Option<&[u8]>,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO dwelling (id, base, hamlet, alley, house_no, kind, lat_e6, lon_e6)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            dwelling.as_bytes(),
            base,
            state.hamlet,
            state.alley,
            state.house_no,
            state.kind,
            state.lat_e6,
            state.lon_e6,
        ])?;
    Ok(())
}

/// Writes over a row, where something differs.
fn update(connection: &Connection, row: i64, state: &DwellingState) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE dwelling SET hamlet = ?2, alley = ?3, house_no = ?4, kind = ?5, lat_e6 = ?6, lon_e6 = ?7
             WHERE n = ?1 AND (hamlet, alley, house_no, kind, lat_e6, lon_e6) IS NOT (?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![row, state.hamlet, state.alley, state.house_no, state.kind, state.lat_e6, state.lon_e6])?;
    Ok(())
}

fn households_of(connection: &Connection, dwelling: DwellingId) -> Result<Vec<(i64, HouseholdId, Option<String>)>> {
    let mut statement = connection.prepare_cached("SELECT n, id, household_no FROM household WHERE dwelling = ?1")?;
    let rows = statement.query_map([dwelling.as_bytes()], |row| Ok((row.get(0)?, id(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts a household into the search of houses, at its place on the way.
pub(crate) fn put_name(
    connection: &Connection,
    n: i64,
    household: HouseholdId,
    dwelling: Option<DwellingId>,
    household_no: Option<&str>,
    names: &mut Names,
) -> Result<()> {
    let name = connection
        .prepare_cached("SELECT hamlet, alley, house_no FROM dwelling WHERE id = ?1")?
        .query_row([dwelling.as_ref().map(DwellingId::as_bytes)], |row| {
            let [hamlet, alley, house_no]: [Option<String>; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok(name_of(household, hamlet.as_deref(), alley.as_deref(), house_no.as_deref(), household_no))
        })
        .optional()?
        .unwrap_or_else(|| name_of(household, None, None, None, household_no));
    names.put(connection, Index::Houses, n, Some(name))
}

/// How a house is found, and where it stands on the way: by hamlet, alley, natural order of house numbers.
fn name_of(
    household: HouseholdId,
    hamlet: Option<&str>,
    alley: Option<&str>,
    house_no: Option<&str>,
    household_no: Option<&str>,
) -> Name {
    let parts = [house_no, alley, hamlet, household_no];
    let folded: Vec<String> = parts.into_iter().flatten().map(fold_search).collect();
    let mut sort_key = collation_key(hamlet.unwrap_or_default());
    sort_key.push(0);
    sort_key.extend(collation_key(alley.unwrap_or_default()));
    sort_key.push(0);
    sort_key.extend(natural_key(house_no.unwrap_or_default()));
    Name::new(sort_key, household.as_bytes(), folded.join(" "))
}
