//! The order in which an officer walks an alley, where he moved houses by hand. It is his habit, not a fact of the
//! register: it stays on this laptop, takes part in no fold and makes no change.
//!
//! A dwelling that was moved has a place: bytes that sort among the natural keys of its area, strictly between those of
//! the houses it was put between. So a move writes one row, whatever is added or taken away beside it leaves it where it
//! stands, and a new edition ranks it again where it was. The natural keys are those of `domain::text`: where these
//! change, places are to be dropped with `FOLD_VERSION`.

use domain::id::{DwellingId, HouseholdId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::fold::place;
use crate::row::{id, id_or_null};
use crate::search::index::Names;
use crate::store::Store;

/// Where a house stands on the way, beside another of the same hamlet and alley.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WalkPlace {
    /// By its number.
    Natural,
    Before(HouseholdId),
    After(HouseholdId),
}

/// A household's row in the walking order.
struct Standing {
    rank: i64,
    n: i64,
    dwelling: Option<DwellingId>,
    hamlet: Option<String>,
    alley: Option<String>,
    /// Within its area.
    key: Vec<u8>,
}

impl Store {
    /// Moves a house, with every household of its dwelling, to another place in its hamlet and alley. Gives the place
    /// where it stood, for taking the move back.
    ///
    /// # Errors
    /// `HouseUnknown` for a household that is not here or has no dwelling; `WalkElsewhere` for a neighbour in another
    /// hamlet or alley, or in the same dwelling.
    pub fn move_house(&self, household: HouseholdId, to: WalkPlace) -> Result<WalkPlace> {
        self.write(|connection| {
            let moved = standing(connection, household)?;
            let dwelling = moved.dwelling.ok_or(StoreError::HouseUnknown)?;
            let was = place_now(connection, &moved, dwelling)?;
            match to {
                WalkPlace::Natural => {
                    connection
                        .prepare_cached("DELETE FROM walk WHERE dwelling = ?1")?
                        .execute([dwelling.as_bytes()])?;
                }
                WalkPlace::Before(beside) | WalkPlace::After(beside) => {
                    let beside = standing(connection, beside)?;
                    let is_elsewhere = (&beside.hamlet, &beside.alley) != (&moved.hamlet, &moved.alley);
                    if is_elsewhere || beside.dwelling == moved.dwelling {
                        return Err(StoreError::WalkElsewhere);
                    }
                    let (low, high) = gap_beside(connection, &beside, dwelling, matches!(to, WalkPlace::After(_)))?;
                    put_place(connection, &moved, dwelling, &place_between(&low, high.as_deref()))?;
                }
            }
            rank_again(connection, dwelling)?;
            Ok(was)
        })
    }

    /// Walks an area by number again, or by hand as it was before that. How many dwellings this moves.
    ///
    /// # Errors
    /// What the disk says.
    pub fn choose_walk(&self, hamlet: Option<&str>, alley: Option<&str>, by_hand: bool) -> Result<u32> {
        self.write(|connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE walk SET is_used = ?3 WHERE hamlet IS ?1 AND alley IS ?2 AND is_used <> ?3 RETURNING dwelling",
            )?;
            let rows = statement.query_map(params![hamlet, alley, by_hand], |row| id(row, 0))?;
            let dwellings = rows.collect::<rusqlite::Result<Vec<DwellingId>>>()?;
            for dwelling in &dwellings {
                rank_again(connection, *dwelling)?;
            }
            Ok(u32::try_from(dwellings.len()).unwrap_or(u32::MAX))
        })
    }
}

fn standing(connection: &Connection, household: HouseholdId) -> Result<Standing> {
    connection
        .prepare_cached(
            "SELECT house_name.rank, household.n, dwelling.id, hamlet, alley, sort_key
             FROM household JOIN house_name ON house_name.target = household.n
                 LEFT JOIN dwelling ON dwelling.id = household.dwelling
             WHERE household.id = ?1",
        )?
        .query_row([household.as_bytes()], standing_of_row)
        .optional()?
        .ok_or(StoreError::HouseUnknown)
}

fn standing_of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Standing> {
    let [hamlet, alley]: [Option<String>; 2] = [row.get(3)?, row.get(4)?];
    let area = place::area_key(hamlet.as_deref(), alley.as_deref()).len();
    let key = row.get_ref(5)?.as_blob()?.get(area..).unwrap_or_default().to_vec();
    Ok(Standing { rank: row.get(0)?, n: row.get(1)?, dwelling: id_or_null(row, 2)?, hamlet, alley, key })
}

/// Where the house stands now, as something that can be asked for again.
fn place_now(connection: &Connection, moved: &Standing, dwelling: DwellingId) -> Result<WalkPlace> {
    if place_of(connection, dwelling)?.is_none() {
        return Ok(WalkPlace::Natural);
    }
    let beside = |is_after| -> Result<Option<HouseholdId>> {
        let next = next_to(connection, moved.rank, is_after, moved, dwelling)?;
        next.map(|next| household_of(connection, next.n)).transpose()
    };
    Ok(match (beside(false)?, beside(true)?) {
        (Some(before), _) => WalkPlace::After(before),
        (None, Some(after)) => WalkPlace::Before(after),
        (None, None) => WalkPlace::Natural,
    })
}

/// The nearest house above or below a rank in the same area, past the dwelling that is moved.
fn next_to(
    connection: &Connection,
    rank: i64,
    is_after: bool,
    area: &Standing,
    moved: DwellingId,
) -> Result<Option<Standing>> {
    let (compared, order) = if is_after { (">", "ASC") } else { ("<", "DESC") };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT house_name.rank, household.n, dwelling.id, hamlet, alley, sort_key
         FROM house_name JOIN household ON household.n = house_name.target
             LEFT JOIN dwelling ON dwelling.id = household.dwelling
         WHERE house_name.rank {compared} ?1 ORDER BY house_name.rank {order}"
    ))?;
    let mut rows = statement.query([rank])?;
    while let Some(row) = rows.next()? {
        let next = standing_of_row(row)?;
        if next.dwelling != Some(moved) {
            return Ok(Some(next).filter(|next| (&next.hamlet, &next.alley) == (&area.hamlet, &area.alley)));
        }
    }
    Ok(None)
}

/// The keys between which a dwelling goes that is put beside a house, past all households of that house.
fn gap_beside(
    connection: &Connection,
    beside: &Standing,
    moved: DwellingId,
    is_after: bool,
) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
    let mut near = beside.key.clone();
    let mut rank = beside.rank;
    let far = loop {
        let Some(next) = next_to(connection, rank, is_after, beside, moved)? else { break None };
        if beside.dwelling.is_none() || next.dwelling != beside.dwelling {
            break Some(next.key);
        }
        (near, rank) = (next.key, next.rank);
    };
    Ok(match is_after {
        true => (near, far),
        false => (far.unwrap_or_default(), Some(near)),
    })
}

fn household_of(connection: &Connection, n: i64) -> Result<HouseholdId> {
    Ok(connection.prepare_cached("SELECT id FROM household WHERE n = ?1")?.query_row([n], |row| id(row, 0))?)
}

/// The place that a dwelling was given by hand where it stands.
pub(crate) fn place_of(connection: &Connection, dwelling: DwellingId) -> Result<Option<Vec<u8>>> {
    Ok(connection
        .prepare_cached(
            "SELECT place FROM walk JOIN dwelling ON dwelling.id = walk.dwelling
             WHERE walk.dwelling = ?1 AND is_used AND walk.hamlet IS dwelling.hamlet AND walk.alley IS dwelling.alley",
        )?
        .query_row([dwelling.as_bytes()], |row| row.get(0))
        .optional()?)
}

fn put_place(connection: &Connection, moved: &Standing, dwelling: DwellingId, place: &[u8]) -> Result<()> {
    // Who moves a house after the area was set back begins from the natural order.
    connection
        .prepare_cached("DELETE FROM walk WHERE hamlet IS ?1 AND alley IS ?2 AND NOT is_used")?
        .execute(params![moved.hamlet, moved.alley])?;
    connection
        .prepare_cached(
            "INSERT INTO walk (dwelling, hamlet, alley, place, is_used) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT DO UPDATE SET hamlet = ?2, alley = ?3, place = ?4, is_used = 1",
        )?
        .execute(params![dwelling.as_bytes(), moved.hamlet, moved.alley, place])?;
    Ok(())
}

fn rank_again(connection: &Connection, dwelling: DwellingId) -> Result<()> {
    for (n, household, household_no) in place::households_of(connection, dwelling)? {
        let no = household_no.as_deref();
        place::put_name(connection, n, household, Some(dwelling), no, &mut Names::Each)?;
    }
    Ok(())
}

/// A key above `low` and below `high`, also with a household's id behind it. `low` is below `high`, and neither ends in
/// a zero, which ids and places do not.
fn place_between(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let mut place = Vec::with_capacity(low.len() + 1);
    let mut is_bounded = high.is_some();
    loop {
        let at = place.len();
        let from = low.get(at).map_or(0, |byte| u16::from(*byte));
        let bound = high.filter(|_| is_bounded).and_then(|high| high.get(at));
        let to = bound.map_or(256, |byte| u16::from(*byte));
        let middle = from.midpoint(to);
        let digit = if middle > from { middle } else { from };
        place.push(u8::try_from(digit).unwrap_or(u8::MAX));
        if digit > from {
            return place;
        }
        is_bounded = is_bounded && from == to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_between(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
        let place = place_between(low, high);
        let mut with_id = place.clone();
        with_id.push(0);
        with_id.extend([0xFF; 16]);
        assert!(low < place.as_slice(), "{low:?} {place:?}");
        assert!(high.is_none_or(|high| with_id.as_slice() < high), "{with_id:?} {high:?}");
        assert_ne!(place.last(), Some(&0));
        place
    }

    #[test]
    fn there_is_always_a_place_between_two_houses() {
        for (low, high) in
            [(&[1, 3][..], &[1, 4][..]), (&[], &[0, 0, 1]), (&[7], &[7, 0, 0, 1]), (&[5, 255, 255], &[6])]
        {
            assert_between(low, Some(high));
        }
        assert_between(&[255, 255], None);
        assert_between(&[], None);
    }

    #[test]
    fn places_do_not_run_out_and_hardly_grow() {
        let (mut low, mut high) = (vec![3, 1, 0, 9], vec![3, 2, 0, 9]);
        for turn in 0..4000 {
            let place = assert_between(&low, Some(&high));
            if turn % 3 == 0 { low = place } else { high = place }
        }
        let longest = low.len().max(high.len());
        assert!(longest < 700, "{longest}");
    }
}
