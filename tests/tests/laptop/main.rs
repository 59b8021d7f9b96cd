//! Laptops and a server, all real: what an officer and a supervisor do, as commands.

#![allow(clippy::unwrap_used)]

mod bench;
mod field_day;
mod hard_lines;
mod many_inputs;
mod once;
mod profile;
mod stick;
mod turned_back;
