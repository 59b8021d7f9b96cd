//! What a search box asks: a number, a name, or a house.

use domain::fold::Presence;
use domain::id::{HouseholdId, PersonId};
use domain::text::fold_search;
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::error::Result;
use crate::fold::person::{digits_of, presence_of};
use crate::read::house::Address;
use crate::row::{id, id_or_null};

/// A person found.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct PersonHit {
    pub person: PersonId,
    pub full_name: Option<String>,
    pub birth_date: Option<String>,
    pub sex: Option<String>,
    pub id_number: Option<String>,
    pub presence: Presence,
    pub is_head: bool,
    pub household: Option<HouseholdId>,
    pub address: Address,
}

/// A house found.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct HouseHit {
    pub household: HouseholdId,
    pub household_no: Option<String>,
    pub address: Address,
    pub head_name: Option<String>,
    pub people: u32,
}

/// What a search found. People by a number stand in the order of that number, by a name in Vietnamese order; houses as
/// one walks past them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct SearchResults {
    pub people: Vec<PersonHit>,
    /// There are more than the limit.
    pub more_people: bool,
    pub houses: Vec<HouseHit>,
    pub more_houses: bool,
}

/// Finds at most `limit` people and as many houses. Every word has to begin a word of the name; digits alone are the
/// beginning of an ID number, an old number or a telephone number.
pub(crate) fn search(connection: &Connection, text: &str, limit: u32) -> Result<SearchResults> {
    let mut found = SearchResults::default();
    let folded = fold_search(text);
    let number = number_in(&folded);
    let wanted = i64::from(limit) + 1;
    found.people = match &number {
        Some(digits) => people_by_number(connection, digits, wanted)?,
        None => match words_of(&folded, |c| c.is_ascii_alphanumeric()) {
            Some(words) => people_by_name(connection, &words, wanted)?,
            None => Vec::new(),
        },
    };
    if let Some(words) = words_of(&folded, |c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.')) {
        found.houses = houses_by_name(connection, &words, wanted)?;
    }
    found.more_people = cut(&mut found.people, limit);
    found.more_houses = cut(&mut found.houses, limit);
    Ok(found)
}

fn cut<T>(hits: &mut Vec<T>, limit: u32) -> bool {
    let more = hits.len() > limit as usize;
    hits.truncate(limit as usize);
    more
}

/// The digits, where nothing but digits and what people put between them was typed.
fn number_in(folded: &str) -> Option<String> {
    let only_digits = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '+' | '(' | ')'));
    let digits = digits_of(folded);
    (only_digits && !digits.is_empty()).then_some(digits)
}

/// The words as an FTS5 expression, each the beginning of a word. `None` where there are none. Words are cut as the
/// tokenizer cuts them, and quoted, so that nothing that is typed can be syntax.
fn words_of(folded: &str, is_word: impl Fn(char) -> bool) -> Option<String> {
    const MOST_WORDS: usize = 12;
    let words: Vec<String> = folded
        .split(|c: char| c.is_ascii() && !is_word(c))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

const HIT_COLUMNS: &str = "person.id, full_name, birth_date, sex, id_number, presence, is_head, person.household,
    dwelling.id, hamlet, alley, house_no, dwelling.kind, lat_e6, lon_e6";
const HIT_PLACE: &str = "LEFT JOIN household ON household.id = person.household
    LEFT JOIN dwelling ON dwelling.id = household.dwelling";

fn person_hit(row: &Row<'_>) -> rusqlite::Result<PersonHit> {
    Ok(PersonHit {
        person: id(row, 0)?,
        full_name: row.get(1)?,
        birth_date: row.get(2)?,
        sex: row.get(3)?,
        id_number: row.get(4)?,
        presence: presence_of(row.get(5)?),
        is_head: row.get(6)?,
        household: id_or_null(row, 7)?,
        address: Address::of_row(row, 8)?,
    })
}

fn people_by_name(connection: &Connection, words: &str, limit: i64) -> Result<Vec<PersonHit>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {HIT_COLUMNS} FROM
             (SELECT rowid AS hit FROM person_search WHERE person_search MATCH ?1 ORDER BY rowid LIMIT ?2)
             JOIN person_name ON person_name.rank = hit JOIN person ON person.n = person_name.target {HIT_PLACE}
         ORDER BY hit"
    ))?;
    let rows = statement.query_map(params![words, limit], person_hit)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A number typed with a country's code finds the number without it.
fn people_by_number(connection: &Connection, digits: &str, limit: i64) -> Result<Vec<PersonHit>> {
    let national = match digits.strip_prefix("84") {
        Some(rest) if rest.len() >= 3 => format!("0{rest}"),
        _ => digits.to_owned(),
    };
    // Whatever begins with `digits` sorts before `digits` followed by a colon, the character after 9.
    let mut statement = connection.prepare_cached(&format!(
        "WITH hit (number, n) AS (
             SELECT * FROM (SELECT id_number, n FROM person WHERE id_number >= ?1 AND id_number < ?1 || ':'
                            ORDER BY id_number LIMIT ?3)
             UNION ALL
             SELECT * FROM (SELECT old_cmnd, n FROM person WHERE old_cmnd >= ?1 AND old_cmnd < ?1 || ':'
                            ORDER BY old_cmnd LIMIT ?3)
             UNION ALL
             SELECT * FROM (SELECT phone, n FROM person WHERE phone >= ?1 AND phone < ?1 || ':'
                            ORDER BY phone LIMIT ?3)
             UNION ALL
             SELECT * FROM (SELECT phone, n FROM person WHERE ?2 <> ?1 AND phone >= ?2 AND phone < ?2 || ':'
                            ORDER BY phone LIMIT ?3)
         ), first_hit (number, n) AS (SELECT min(number), n FROM hit GROUP BY n)
         SELECT {HIT_COLUMNS} FROM first_hit JOIN person ON person.n = first_hit.n {HIT_PLACE}
         WHERE presence IN (1, 2, 4) ORDER BY number, person.n LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![digits, national, limit], person_hit)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn houses_by_name(connection: &Connection, words: &str, limit: i64) -> Result<Vec<HouseHit>> {
    let mut statement = connection.prepare_cached(
        "SELECT household.id, household_no, dwelling.id, hamlet, alley, house_no, dwelling.kind, lat_e6, lon_e6,
                (SELECT full_name FROM person WHERE person.household = household.id AND presence IN (1, 2)
                 ORDER BY household.head IS person.id DESC, is_head DESC, person.id LIMIT 1),
                (SELECT count(*) FROM person WHERE person.household = household.id AND presence IN (1, 2))
         FROM (SELECT rowid AS hit FROM house_search WHERE house_search MATCH ?1 ORDER BY rowid LIMIT ?2)
             JOIN house_name ON house_name.rank = hit JOIN household ON household.n = house_name.target
             LEFT JOIN dwelling ON dwelling.id = household.dwelling
         ORDER BY hit",
    )?;
    let rows = statement.query_map(params![words, limit], |row| {
        Ok(HouseHit {
            household: id(row, 0)?,
            household_no: row.get(1)?,
            address: Address::of_row(row, 2)?,
            head_name: row.get(9)?,
            people: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
