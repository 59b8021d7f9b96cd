//! What this room promises, one file for each promise-giver.

mod attempts;
mod crash;
mod database;
#[cfg(target_os = "linux")]
mod memory;
mod recovery;
mod slot_u;
