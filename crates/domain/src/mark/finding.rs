//! Why a mark is not lit: codes and parameters, no words.

use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::sex::Sex;

/// One thing found in a record. In JSON `{code, params}`; `field` names the column it was found in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Finding {
    // đúng
    /// Register, paper and statement do not agree, and nobody has decided.
    DiscrepancyOpen {
        field: Field,
    },
    /// No paper and no meeting has confirmed it yet.
    CoreFieldUnconfirmed {
        field: Field,
    },
    // đủ
    /// An applicable column is empty.
    FieldMissing {
        field: Field,
    },
    // sạch: numbers
    IdNumberNotTwelveDigits {
        length: u32,
    },
    IdNumberSexMismatch {
        number_says: Sex,
        recorded: Sex,
    },
    IdNumberBirthYearMismatch {
        number_says: u16,
        recorded: u16,
    },
    /// No province has this code; a birth registered abroad carries the code of its country.
    IdNumberProvinceUnknown {
        province_code: String,
    },
    /// The number's province is not that of the place of birth registration, under its old or its new name.
    IdNumberProvinceMismatch {
        province_code: String,
        name_before: String,
        name: String,
    },
    /// Other people carry the same active number.
    IdNumberShared {
        others: u32,
    },
    OldCmndNotNineDigits {
        length: u32,
    },
    // sạch: dates
    FieldDateWrongForm {
        field: Field,
    },
    /// The form is right, but the calendar has no such date.
    FieldDateImpossible {
        field: Field,
    },
    DateInFuture {
        field: Field,
    },
    /// `later` lies before `earlier`.
    DatesOutOfOrder {
        earlier: Field,
        later: Field,
    },
    /// Born longer ago than anyone has lived, and no date of death.
    BirthTooLongAgo {
        years: u16,
    },
    // sạch: values
    DigitInName {
        field: Field,
    },
    /// A character that no name has; `code_point` is written `U+200B`.
    SymbolInName {
        field: Field,
        code_point: String,
    },
    /// The text is none of the values that the column can have.
    ValueUnknown {
        field: Field,
    },
    PhoneWrongForm,
    // sống
    NeverMet,
    MetTooLongAgo {
        days: u32,
        limit: u32,
    },
    MetAfterDeath,
}

/// The law that a finding rests on; the screens hold its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
pub enum LawKey {
    /// NĐ 137/2015/NĐ-CP: the structure of the personal ID number.
    #[serde(rename = "nd_137_2015")]
    Nd137Of2015,
    /// Luật Căn cước 26/2023/QH15, Điều 9: what the register holds of a person.
    #[serde(rename = "luat_26_2023")]
    Luat26Of2023,
    /// Luật Cư trú 68/2020/QH14: residence.
    #[serde(rename = "luat_68_2020")]
    Luat68Of2020,
}

/// A finding with the law it rests on, where it rests on one. In JSON `{code, params, source}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Reason {
    #[serde(flatten)]
    pub finding: Finding,
    pub source: Option<LawKey>,
}

impl Finding {
    /// The law behind it.
    pub fn source(&self) -> Option<LawKey> {
        match self {
            Self::IdNumberNotTwelveDigits { .. }
            | Self::IdNumberSexMismatch { .. }
            | Self::IdNumberBirthYearMismatch { .. }
            | Self::IdNumberProvinceUnknown { .. }
            | Self::IdNumberProvinceMismatch { .. }
            | Self::IdNumberShared { .. } => Some(LawKey::Nd137Of2015),
            Self::FieldMissing { field: Field::ResidenceKind | Field::ResidenceSince | Field::ResidenceUntil } => {
                Some(LawKey::Luat68Of2020)
            }
            Self::FieldMissing { .. } => Some(LawKey::Luat26Of2023),
            _ => None,
        }
    }
}

impl From<Finding> for Reason {
    fn from(finding: Finding) -> Self {
        Self { source: finding.source(), finding }
    }
}
