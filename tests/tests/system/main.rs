//! Whole-system tests: real server, real encrypted files, real signed batches, bad network. Each module is a subject;
//! each test says in its name what holds.

#![allow(clippy::unwrap_used)]

mod cut;
mod device;
mod erasure;
mod fork;
mod restore;
mod station;
