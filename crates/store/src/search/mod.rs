//! Finding people and houses: two full-text indexes whose row ids are ranks, so that results come in order and a search
//! may stop at its limit.

pub(crate) mod index;
pub(crate) mod query;
