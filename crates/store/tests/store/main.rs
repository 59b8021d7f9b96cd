//! The store as its neighbours see it.

extern crate tungnha_store as store;

mod commits;
mod support;
