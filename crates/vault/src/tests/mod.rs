//! What this room promises, one file for each promise-giver.

mod attempts;
mod crash;
mod database;
mod recovery;
mod slot_u;
