//! Tables of the state, compiled in: communes and their succession of 2025, ethnic groups, and the provinces of the
//! personal ID number.
//!
//! Owns the lookups. Refuses to guess: what is not in a table is `None`, never an error, and an old commune that was
//! split gives every successor for an officer to choose from.

mod communes;
mod ethnic_groups;
mod old_address;
mod provinces;
mod succession;
mod table;

pub use communes::{Commune, CommuneKind, commune, communes};
pub use ethnic_groups::{EthnicGroup, ethnic_group, ethnic_group_by_code, ethnic_groups};
pub use old_address::former_communes_in;
pub use provinces::{IdProvince, ProvinceName, id_province, id_provinces, province_in_address};
pub use succession::{FormerCommune, Successor, former_commune, predecessors_of};
