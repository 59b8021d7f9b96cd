//! The wire: messages with integer keys, canonical bytes, signatures, chains, and planning as data.
//!
//! No socket, no database, no clock: bytes and times come in as parameters. `docs/wire.cddl` is the law.

pub mod batch;
pub mod canonical;
pub mod chain;
pub mod codec;
pub mod cose;
pub mod digest;
pub mod edition;
mod error;
pub mod feed;
pub mod hash;
pub mod keys;
pub mod message;
pub mod plan;
pub mod queue_file;
pub mod receipt;

pub use error::WireError;
