//! The wire, tested as a whole: one binary, a file per subject.

#![allow(clippy::unwrap_used)]

// Every other room knows this one as `sync`.
extern crate tungnha_sync as sync;

mod any_message;
mod bodies;
mod canonical;
mod cddl;
mod chains;
mod cose;
mod digest;
mod editions;
mod entropy;
mod feeds;
mod fixed;
mod messages;
mod planning;
mod queue_files;
mod receipts;
mod samples;
mod sealing;
mod tampering;
mod verdicts;
