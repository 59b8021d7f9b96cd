//! Sex as the register knows it.

use serde::{Deserialize, Serialize};

use crate::text::fold_search;

/// `Nam` or `Nữ`; an empty field is `None` around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// From the register's text, any case, with or without marks; `None` for anything but `Nam` and `Nữ`.
    pub fn from_text(text: &str) -> Option<Self> {
        match fold_search(text).as_str() {
            "nam" => Some(Self::Male),
            "nu" => Some(Self::Female),
            _ => None,
        }
    }

    /// As the register writes it.
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_writes_nam_and_nu() {
        for (text, sex) in
            [("Nam", Some(Sex::Male)), ("NỮ", Some(Sex::Female)), ("nu\u{31B}\u{303} ", Some(Sex::Female))]
        {
            assert_eq!(Sex::from_text(text), sex);
        }
        for text in ["", "Khác", "M", "nam nữ"] {
            assert_eq!(Sex::from_text(text), None);
        }
        assert_eq!(Sex::from_text(Sex::Male.as_text()), Some(Sex::Male));
        assert_eq!(Sex::from_text(Sex::Female.as_text()), Some(Sex::Female));
    }
}
