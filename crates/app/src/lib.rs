//! Use cases, transport and the one command list. No tauri.

pub mod clock;
pub mod error;
mod input;
mod passphrase;
mod picture;
pub mod transport;
pub mod version;
