//! A seeded commune with planted, labelled errors: for the demo, the tests and the benchmarks.
//!
//! It writes what the state would hand over (an extract), and beside it the truth: each planted
//! error with its person, field, register value and true value. It knows nothing of the domain's
//! rules and may not import them: who plants must not be who finds. Same arguments, same bytes.

pub mod broken;
mod build;
mod commune;
mod date;
mod extract;
mod family;
mod names;
mod next;
mod paper;
mod people;
mod person;
mod photo;
mod places;
mod plant;
mod rng;
mod tables;
mod truth;

pub use build::{UnknownUnit, commune};
pub use commune::{Commune, Household, Member, Record, RecordKey, ResidenceKind, RowKey, WrongPaper};
pub use date::{Birth, Date, Precision};
pub use extract::{Column, write_extract};
pub use names::Sex;
pub use next::Approved;
pub use paper::Paper;
pub use person::{Card, Person, PersonKey};
pub use photo::sample_photo;
pub use places::{Dwelling, DwellingKind, Hamlet};
pub use plant::{Kind, KnownBy, Planted};
pub use rng::Rng;
pub use tables::{OldUnit, Unit};
pub use truth::{Event, EventKind, Head, PaperValue, Summary, TrueChange, TrueError, Truth, Who, write_truth};

/// Xã Đồng Tâm, Tỉnh Đồng Nai: the unit where none is named.
pub const DEFAULT_UNIT: &str = "25390";
