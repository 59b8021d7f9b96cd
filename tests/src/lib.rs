//! The harness of the whole-system tests, the played day and the benchmarks.

pub mod account;
pub mod bad_line;
pub mod day;
pub mod demo_commune;
pub mod imposter;
pub mod laptop;
pub mod replica;
pub mod report;
pub mod server_room;
pub mod state;
pub mod tally;
pub mod window;
pub mod world;
