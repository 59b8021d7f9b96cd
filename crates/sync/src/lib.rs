//! The wire: messages with integer keys, canonical bytes, signatures, chains, and planning as data.
//!
//! No socket, no database, no clock: bytes and times come in as parameters. `docs/wire.cddl` is the law.

pub mod batch;
pub mod canonical;
pub mod chain;
pub mod codec;
pub mod cose;
mod error;
pub mod hash;
pub mod keys;
pub mod message;

pub use error::WireError;
