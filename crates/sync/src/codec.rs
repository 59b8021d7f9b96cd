//! Messages to bytes and back. What comes in is checked to be canonical, decoded, encoded again and compared, so that
//! a message has exactly one encoding and nothing in it goes unread.

use minicbor::{Decode, Encode};

use crate::canonical::{self, CanonicalError};
use crate::error::WireError;
use crate::message::FORMAT;

/// Anything with an encoding in docs/wire.cddl.
pub trait WireMessage: Encode<()> + for<'b> Decode<'b, ()> {}
impl<T: Encode<()> + for<'b> Decode<'b, ()>> WireMessage for T {}

/// Bytes that are not the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("not the deterministic encoding: {0}")]
    NotCanonical(#[from] CanonicalError),
    /// The name of the message that was wanted.
    #[error("the bytes are not a {0}")]
    Malformed(&'static str),
}

/// The bytes of a message.
pub fn encode<T: Encode<()>>(message: &T) -> Vec<u8> {
    minicbor::to_vec(message).expect("writing to a Vec cannot fail")
}

/// The message of exactly these bytes.
///
/// # Errors
/// Bytes that are not canonical, are not this message, or hold anything that the message does not name.
pub fn decode<T: WireMessage>(bytes: &[u8]) -> Result<T, DecodeError> {
    canonical::check(bytes)?;
    decode_checked(bytes)
}

/// As [`decode`], for a message that begins with its format.
///
/// # Errors
/// `UnknownFormat` before anything else of it is read; what [`decode`] says.
pub fn decode_versioned<T: WireMessage>(bytes: &[u8]) -> Result<T, WireError> {
    canonical::check(bytes)?;
    match peek_format(bytes) {
        Some(found) if found != u64::from(FORMAT) => Err(WireError::UnknownFormat { found }),
        _ => Ok(decode_checked(bytes)?),
    }
}

/// As [`decode`] for bytes whose canonical form was just checked.
pub(crate) fn decode_checked<T: WireMessage>(bytes: &[u8]) -> Result<T, DecodeError> {
    let malformed = || DecodeError::Malformed(short_name::<T>());
    let message: T = minicbor::decode(bytes).map_err(|_| malformed())?;
    if encode(&message) == bytes { Ok(message) } else { Err(malformed()) }
}

/// The number under key 0 of a map, without reading more of it: a message of another format may be laid out otherwise.
fn peek_format(bytes: &[u8]) -> Option<u64> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.map().ok()??;
    match decoder.u64().ok()? {
        0 => decoder.u64().ok(),
        _ => None,
    }
}

fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}
