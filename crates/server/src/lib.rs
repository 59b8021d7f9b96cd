//! The central server: ledger, enrolment, feed, editions, audit and what an operator does at the command line.
//!
//! Owns the units' logs and everything that vouches for them: receipts, verdicts, certificates, identity across
//! editions, erasure. Refuses to know how a laptop keeps its files, and to refuse a change for anything but its bytes and
//! its author's certificate.

pub mod access;
pub mod adopt;
pub mod alarms;
pub mod audit;
pub mod clock;
pub mod deployment;
pub mod enrol;
pub mod erase;
pub mod error;
pub mod export;
pub mod feed;
mod http;
pub mod import;
pub mod ingest;
pub mod input;
pub mod keys;
pub mod ledger;
mod photo_reads;
pub mod quarantine;
pub mod recovery;
pub mod register;
pub mod state;
pub mod status;
pub mod stick;
pub mod tls;
pub mod tokens;
pub mod uploads;
pub mod work;

pub use http::{ServeConfig, serve};
