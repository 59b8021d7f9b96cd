//! Use cases, transport and the one command list. No tauri.

pub mod clock;
pub mod error;
pub mod transport;
pub mod version;
