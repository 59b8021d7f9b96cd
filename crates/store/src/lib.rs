//! The laptop's encrypted files and the one door to them: `Store::transact(changes)`.
//!
//! Owns: the working file and the photo file of a profile, their schema and migrations, the tables that screens read,
//! the search, the inbox of changes from the future, sealed batches until their receipt, the access log.
//!
//! Refuses: any socket; any clock of its own (times are parameters); any other way to make a change; words for people
//! (errors carry codes). Rules of the domain are the domain's: here is only what goes into a fold and what comes out.

mod access;
mod certificate;
mod chain;
mod change;
mod clock;
mod difference;
mod digest;
mod draft;
mod erasure;
mod error;
mod fold;
mod fresh;
mod intake;
mod photo;
mod profile;
mod read;
mod row;
mod schema;
mod scrub;
mod seal;
mod search;
mod setting;
mod spare;
mod store;
mod transact;
mod walk;

pub use access::AccessTaken;
pub use difference::{Difference, compare};
pub use error::{Result, StoreError};
pub use fresh::uuid;
pub use intake::carried::LogFollowed;
pub use intake::edition::EditionView;
pub use intake::feed::FeedTaken;
pub use intake::log::LogProofs;
pub use intake::stick_receipt::StickStored;
pub use photo::{MAX_PHOTO_BYTES, Photo};
pub use profile::{NewProfile, Profile, ProfileView};
pub use read::Window;
pub use read::correction::{CorrectionFilter, CorrectionQuery, CorrectionRow};
pub use read::history::HistoryEntry;
pub use read::house::{Address, AreaRow, HouseFilter, HouseMarks, HouseProgress, HouseQuery, HouseRow};
pub use read::household::{HouseholdView, VisitView};
pub use read::officer::OfficerView;
pub use read::person::{MarkFacts, PersonView};
pub use read::queue::{BatchStanding, KindCount, QueueBatch, QueueStatus, RefusedChange};
pub use schema::SCHEMA_VERSION;
pub use search::query::{HouseHit, PersonHit, SearchResults};
pub use store::Store;
pub use transact::Draft;
pub use walk::WalkPlace;
