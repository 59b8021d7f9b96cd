//! The wire: messages with integer keys, canonical bytes, signatures, chains, and planning as data.
//!
//! No socket, no database, no clock: bytes and times come in as parameters. `docs/wire.cddl` is the law.

pub mod cose;
pub mod message;
