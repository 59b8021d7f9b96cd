//! Whole-system tests: real server, real encrypted files, real signed batches, bad network. Each module is a subject;
//! each test says in its name what holds.

#![allow(clippy::unwrap_used)]

mod cut;
mod day;
mod device;
mod disk;
mod edition;
mod erasure;
mod extract;
mod fork;
mod future;
mod input;
mod keys;
mod programs;
mod restore;
mod station;
mod stick;
mod trust;
