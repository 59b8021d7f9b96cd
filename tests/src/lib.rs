//! The harness of the whole-system tests.

pub mod bad_line;
pub mod report;
