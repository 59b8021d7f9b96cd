//! The use cases, by what people come for. Each checks what was typed, reads what it needs, makes changes through the
//! store's one door, and writes the access log where someone is looked at. Words for people are never made here.

pub mod correction;
mod desk;
pub mod draft;
mod file;
pub mod people;
pub mod place;
pub mod profile;
pub mod read;
pub mod remark;
pub mod review;
pub mod stick;
pub mod sync;
pub mod system;
pub mod visit;
pub mod walk;

use domain::id::ChangeId;
use serde::{Deserialize, Serialize};

pub(crate) use desk::{Desk, Fact};

/// The change that was saved.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct Saved {
    pub change: ChangeId,
}
