//! Who looked at whom. A line can never be erased, so that it can hold ids, counts and fixed words alone.

use domain::change::EntityRef;
use domain::id::{ChainId, DeviceId, OfficerId, PhotoHash};
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::Hash;

/// What an officer did with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum AccessAction {
    #[n(1)]
    Opened,
    #[n(2)]
    Searched,
    #[n(3)]
    ViewedPhoto,
    #[n(4)]
    Exported,
    #[n(5)]
    Printed,
}

/// One line of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Access {
    #[n(0)]
    pub sequence: u64,
    #[n(1)]
    pub at_ms: u64,
    #[n(2)]
    pub officer: OfficerId,
    #[n(3)]
    pub action: AccessAction,
    #[n(4)]
    pub entity: Option<EntityRef>,
    /// What an [`AccessDetail`] says.
    #[n(5)]
    pub detail: Option<String>,
}

/// The signed payload of an access log upload.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AccessLog {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub unit: Unit,
    #[n(3)]
    pub entries: Vec<Access>,
    /// The access chain of these lines: fresh at the enrolment, and whenever another goes by this device's name.
    #[n(4)]
    pub chain: ChainId,
    /// Hash of the chain before the first of them.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub hash_before: Hash,
}

/// How far the server holds an access chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AccessAnswer {
    /// Sequence of the last line held.
    #[n(0)]
    pub stored_through: u64,
    /// Hash of the chain after it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Hash,
}

/// What a line may say beside the entity. The list is closed, on the laptop that writes and on the server that keeps:
/// a word that is typed has no way into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessDetail {
    /// How many rows were shown, exported or printed.
    Count(u64),
    /// Which photo.
    Photo(PhotoHash),
    /// The list of corrections.
    Corrections,
}

const CORRECTIONS: &str = "corrections";

impl AccessDetail {
    /// What a line says; `None` for anything that no detail would say, word for word.
    pub fn parse(text: &str) -> Option<Self> {
        let detail = match text {
            CORRECTIONS => Self::Corrections,
            _ => match PhotoHash::from_hex(text) {
                Some(hash) => Self::Photo(hash),
                None => Self::Count(text.parse().ok()?),
            },
        };
        (detail.to_string() == text).then_some(detail)
    }
}

impl std::fmt::Display for AccessDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Photo(hash) => f.write_str(&hash.to_hex()),
            Self::Corrections => f.write_str(CORRECTIONS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_read_as_it_was_written() {
        for detail in [AccessDetail::Count(0), AccessDetail::Count(u64::MAX), AccessDetail::Corrections] {
            assert_eq!(AccessDetail::parse(&detail.to_string()), Some(detail));
        }
        let photo = AccessDetail::Photo(PhotoHash([0xab; 32]));
        assert_eq!(AccessDetail::parse(&photo.to_string()), Some(photo));
    }

    #[test]
    fn nothing_that_was_typed_is_a_detail() {
        let upper_case = "AB".repeat(32);
        let typed =
            ["", "Nguyen Van An", "nguyen", "Corrections", "rows=12", "+3", "007", "3 ", "0912345678901234567890"];
        for text in typed.into_iter().chain([upper_case.as_str()]) {
            assert_eq!(AccessDetail::parse(text), None, "{text}");
        }
    }
}
