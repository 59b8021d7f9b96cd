//! The harness of the whole-system tests.

pub mod bad_line;
pub mod imposter;
pub mod replica;
pub mod report;
