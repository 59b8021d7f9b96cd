//! Key slots: the sealed copies of a master key beside a profile's databases.

pub(crate) mod attempts;
pub(crate) mod file;
pub(crate) mod user;
