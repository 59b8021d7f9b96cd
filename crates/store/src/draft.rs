//! What a screen has not saved yet, and the few values that other rooms keep here.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::row::signed;
use crate::setting;
use crate::store::Store;

impl Store {
    /// Keeps a screen's draft under a key of its choice.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep_draft(&self, key: &str, json: &str, now_ms: u64) -> Result<()> {
        self.write(|connection| {
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
