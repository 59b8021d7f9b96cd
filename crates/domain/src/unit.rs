//! A unit (commune, ward or special zone) is known by its code together with the date of the unit list: codes were
//! reused by the reform of 2025.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// `[code, unit-list date]`, e.g. `["25390", "2025-07-01"]`. The routing, permission and sharding key everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(array)]
pub struct Unit {
    /// Five digits.
    #[n(0)]
    pub code: String,
    /// `yyyy-mm-dd`.
    #[n(1)]
    pub list_date: String,
}

/// The unit list in force since the reform of 2025.
pub const UNIT_LIST_2025: &str = "2025-07-01";

impl Unit {
    /// A unit of the list of 2025-07-01.
    pub fn of_2025(code: &str) -> Self {
        Self { code: code.to_owned(), list_date: UNIT_LIST_2025.to_owned() }
    }
}

impl std::fmt::Display for Unit {
    /// `25390@2025-07-01`, as it stands in URLs and on the command line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.code, self.list_date)
    }
}

/// The text was neither `ddddd` nor `ddddd@yyyy-mm-dd`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a unit is written 25390, or with the date of its list 25390@2025-07-01")]
pub struct UnitFormError;

impl std::str::FromStr for Unit {
    type Err = UnitFormError;

    /// `25390@2025-07-01`, or the bare code for the list of 2025.
    fn from_str(text: &str) -> Result<Self, UnitFormError> {
        let (code, list_date) = text.split_once('@').unwrap_or((text, UNIT_LIST_2025));
        let code_ok = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
        let date_ok = list_date.len() == 10
            && list_date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !(code_ok && date_ok) {
            return Err(UnitFormError);
        }
        Ok(Self { code: code.to_owned(), list_date: list_date.to_owned() })
    }
}
