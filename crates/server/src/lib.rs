//! The central server: ledger, enrolment, feed, editions, audit and the operator's command line.

pub mod import;
