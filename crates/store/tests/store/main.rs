//! The store as its neighbours see it.
#![allow(clippy::unwrap_used)]

extern crate tungnha_store as store;

mod chains;
mod commits;
mod convergence;
mod editions;
mod erasure;
mod faults;
mod houses;
mod log;
mod photos;
mod search;
mod support;
mod walk;
