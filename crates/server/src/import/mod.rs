//! The border to the state's register: extracts come in, corrections go out.
//!
//! Owns the reading of extracts, the identity of people, households and dwellings across editions, the pieces that
//! laptops download, and the list of corrections for whoever types them in. Pure or streaming: no database, no clock,
//! no socket. What is already known comes through [`KnownIdentities`]; what is to be done goes back as an
//! [`ImportPlan`].
//!
//! The way of one import: [`extract::open_extract`], [`take_census`], [`plan_import`], then for the laptops
//! [`cut_pieces`] over the plan's records and over the [`HeldEdition`]'s delta.

mod census;
mod confirm;
pub mod corrections_out;
mod delta;
pub mod extract;
mod identity;
mod keys;
mod known;
mod packed;
mod pieces;
mod plan;

pub use census::{Census, CensusStats, ExtractNote, take_census};
pub use delta::{Delta, HeldEdition, diff_editions};
pub use identity::{IdentityNote, MakeId, PersonLink};
pub use known::{
    AddedPerson, KnownDwelling, KnownHousehold, KnownIdentities, KnownInMemory, KnownPerson, OpenCorrection,
};
pub use pieces::cut_pieces;
pub use plan::{ImportOptions, ImportOutcome, ImportPlan, ImportStats, LOSS_LIMIT_PERCENT, plan_import};

#[cfg(test)]
mod tests;
