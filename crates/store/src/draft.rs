//! What a screen has not saved yet, and the few values that other rooms keep here.

use std::collections::BTreeSet;

use domain::id::PersonId;
use domain::text::fold_search;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::row::{id, signed};
use crate::setting;
use crate::store::Store;

/// By what a draft about an erased person is known.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Ids and hashes of photos, as they stand in keys and in JSON.
    ids: BTreeSet<String>,
    /// Names and numbers, folded as for a search: a draft holds what was typed.
    values: BTreeSet<String>,
}

/// Shorter values stand in too much.
const LEAST_VALUE_CHARS: usize = 6;

impl Marks {
    pub fn id(&mut self, id: impl ToString) {
        self.ids.insert(id.to_string());
    }

    pub fn value(&mut self, value: &str) {
        let folded = fold_search(value);
        if folded.chars().count() >= LEAST_VALUE_CHARS {
            self.values.insert(folded);
        }
    }

    fn stand_in(&self, key: &str, json: &str) -> bool {
        let is_named = |id: &String| key.contains(id.as_str()) || json.contains(id.as_str());
        if self.ids.iter().any(is_named) {
            return true;
        }
        if self.values.is_empty() {
            return false;
        }
        let (key, json) = (fold_search(key), fold_search(json));
        self.values.iter().any(|value| key.contains(value.as_str()) || json.contains(value.as_str()))
    }
}

/// Drops every draft in which one of the marks stands. How many.
pub(crate) fn drop_marked(connection: &Connection, marks: &Marks) -> Result<usize> {
    let mut statement = connection.prepare_cached("SELECT key, json FROM draft")?;
    let drafts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut dropped = 0;
    for (key, json) in drafts.collect::<rusqlite::Result<Vec<(String, String)>>>()? {
        if marks.stand_in(&key, &json) {
            dropped += connection.prepare_cached("DELETE FROM draft WHERE key = ?1")?.execute([key])?;
        }
    }
    Ok(dropped)
}

/// People who were erased and whom no later edition brought back.
fn erased_people(connection: &Connection) -> Result<Marks> {
    let mut statement = connection.prepare_cached(
        "SELECT person FROM erased_person
         WHERE NOT EXISTS (SELECT 1 FROM person WHERE person.id = erased_person.person AND base IS NOT NULL)",
    )?;
    let mut marks = Marks::default();
    for person in statement.query_map([], |row| id::<PersonId>(row, 0))? {
        marks.id(person?);
    }
    Ok(marks)
}

impl Store {
    /// Keeps a screen's draft under a key of its choice. Key or draft must name, by their ids, the entities it is about:
    /// it goes when they are erased, and a screen that was open on someone erased meanwhile keeps nothing.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep_draft(&self, key: &str, json: &str, now_ms: u64) -> Result<()> {
        self.write(|connection| {
            if erased_people(connection)?.stand_in(key, json) {
                return Ok(());
            }
            connection
                .prepare_cached(
                    "INSERT INTO draft (key, json, saved_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET json = ?2, saved_ms = ?3",
                )?
                .execute(params![key, json, signed(now_ms)])?;
            Ok(())
        })
    }

    /// The draft of a key.
    ///
    /// # Errors
    /// What the disk says.
    pub fn draft(&self, key: &str) -> Result<Option<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT json FROM draft WHERE key = ?1")?;
            Ok(statement.query_row([key], |row| row.get(0)).optional()?)
        })
    }

    /// Forgets a draft: it was saved, or given up.
    ///
    /// # Errors
    /// What the disk says.
    pub fn drop_draft(&self, key: &str) -> Result<()> {
        self.write(|connection| {
            connection.prepare_cached("DELETE FROM draft WHERE key = ?1")?.execute([key])?;
            Ok(())
        })
    }

    /// A value that another room keeps here, e.g. the server's address.
    ///
    /// # Errors
    /// What the disk says.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.read(|connection| setting::text(connection, &format!("{}{name}", setting::APP_PREFIX)))
    }

    /// Keeps a value of another room.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep_setting(&self, name: &str, value: &str) -> Result<()> {
        self.write(|connection| setting::put(connection, &format!("{}{name}", setting::APP_PREFIX), value))
    }
}
