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
use crate::walk;

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

/// The households of a dwelling: row, id, number.
pub(crate) fn households_of(
    connection: &Connection,
    dwelling: DwellingId,
) -> Result<Vec<(i64, HouseholdId, Option<String>)>> {
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
    let address: [Option<String>; 3] = connection
        .prepare_cached("SELECT hamlet, alley, house_no FROM dwelling WHERE id = ?1")?
        .query_row([dwelling.as_ref().map(DwellingId::as_bytes)], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .optional()?
        .unwrap_or_default();
    let place = dwelling.map(|dwelling| walk::place_of(connection, dwelling)).transpose()?.flatten();
    let name = name_of(household, address.each_ref().map(Option::as_deref), household_no, place);
    names.put(connection, Index::Houses, n, Some(name))
}

/// How a house is found, and where it stands on the way: by hamlet, alley, and natural order of house numbers or the
/// place it was given by hand.
fn name_of(
    household: HouseholdId,
    [hamlet, alley, house_no]: [Option<&str>; 3],
    household_no: Option<&str>,
    place: Option<Vec<u8>>,
) -> Name {
    let parts = [house_no, alley, hamlet, household_no];
    let folded: Vec<String> = parts.into_iter().flatten().map(fold_search).collect();
    let mut sort_key = area_key(hamlet, alley);
    sort_key.extend(place.unwrap_or_else(|| natural_key(house_no.unwrap_or_default())));
    Name::new(sort_key, household.as_bytes(), folded.join(" "))
}

/// What the keys of all houses of a hamlet and alley begin with.
pub(crate) fn area_key(hamlet: Option<&str>, alley: Option<&str>) -> Vec<u8> {
    let mut key = collation_key(hamlet.unwrap_or_default());
    key.push(0);
    key.extend(collation_key(alley.unwrap_or_default()));
    key.push(0);
    key
}
