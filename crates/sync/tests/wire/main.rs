//! The wire, tested as a whole: one binary, a file per subject.

#![allow(clippy::unwrap_used)]

// Every other room knows this one as `sync`.
extern crate tungnha_sync as sync;

mod fixed;
mod sealing;
