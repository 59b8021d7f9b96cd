//! What screens read: typed, windowed, from a connection of their own, so that no intake makes them wait.

pub(crate) mod correction;
pub(crate) mod history;
pub(crate) mod house;
pub(crate) mod household;
mod lookup;
pub(crate) mod officer;
pub(crate) mod person;
pub(crate) mod queue;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::search::query::{self, SearchResults};
use crate::store::Store;

/// A stretch of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Window {
    pub offset: u32,
    pub limit: u32,
}

impl Window {
    /// The first rows.
    pub fn first(limit: u32) -> Self {
        Self { offset: 0, limit }
    }
}

impl Store {
    /// Finds people and houses, at most `limit` of each. Words are beginnings of words, without regard to case, marks or
    /// order; digits alone are the beginning of a number.
    ///
    /// # Errors
    /// What the disk says.
    pub fn search(&self, text: &str, limit: u32) -> Result<SearchResults> {
        self.read(|connection| query::search(connection, text, limit))
    }
}
