//! What this room promises, one file for each promise-giver.

mod attempts;
mod crash;
mod database;
mod frozen;
#[cfg(target_os = "linux")]
mod memory;
mod recovery;
mod slot_u;
