//! Use cases, transport and the one command list. No tauri.
//!
//! Owns: what each command checks, reads and makes; the exchange with the server; the codes of every failure.
//! Refuses: any SQL (the store's), any rule of the domain, any window, and words for people.

mod app;
pub mod case;
pub mod clock;
pub mod command;
pub mod enrolment;
pub mod error;
mod input;
pub mod once;
mod passphrase;
mod picture;
mod secret;
mod session;
pub mod settings;
pub mod syncing;
pub mod transport;
pub mod version;
pub mod window;

pub use app::{App, AppConfig, Pace};
pub use passphrase::Strength;
pub use picture::PhotoSource;
pub use secret::Secret;
