//! The 54 ethnic groups, foreigners and unknown. Source: QĐ 121-TCTK/PPCĐ 1979, with the spellings found in papers.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::table::rows;
use crate::text::fold_search;

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct EthnicGroup {
    /// Two digits.
    pub code: &'static str,
    pub name: &'static str,
}

/// Other spellings, by code. Hyphens, spaces, apostrophes and marks do not count and need no entry.
const ALIASES: &[(&str, &str)] = &[
    ("Khmer", "05"),
    ("Mông", "08"),
    ("Jrai", "10"),
    ("Bahnar", "13"),
    ("K'Ho", "16"),
    ("Kơ Ho", "16"),
    ("Stiêng", "22"),
];

static GROUPS: LazyLock<Vec<EthnicGroup>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/data/ethnic_groups.csv"));
    rows(table).map(|[code, name]| EthnicGroup { code, name }).collect()
});

static BY_NAME: LazyLock<HashMap<String, &'static EthnicGroup>> = LazyLock::new(|| {
    let named = GROUPS.iter().map(|group| (group.name, group));
    let aliased = ALIASES
        .iter()
        .map(|(alias, code)| (*alias, ethnic_group_by_code(code).expect("an alias names a code of the list")));
    named.chain(aliased).map(|(name, group)| (name_key(name), group)).collect()
});

/// Letters and digits alone: `Ê-đê`, `Êđê` and `E De` are one name.
fn name_key(name: &str) -> String {
    fold_search(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Every entry, by code.
pub fn ethnic_groups() -> &'static [EthnicGroup] {
    &GROUPS
}

/// The entry with this two-digit code.
pub fn ethnic_group_by_code(code: &str) -> Option<&'static EthnicGroup> {
    GROUPS.iter().find(|group| group.code == code)
}

/// The entry that a paper or an extract means, by code (`13`) or by any known spelling of its name (`Ba Na`,
/// `Bahnar`).
pub fn ethnic_group(code_or_name: &str) -> Option<&'static EthnicGroup> {
    ethnic_group_by_code(code_or_name.trim()).or_else(|| BY_NAME.get(&name_key(code_or_name)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_found_by_code_and_by_name() {
        assert_eq!(ethnic_groups().len(), 56);
        assert_eq!(BY_NAME.len(), 56 + ALIASES.len(), "no two names may fold to one");
        for group in ethnic_groups() {
            assert_eq!(ethnic_group(group.code), Some(group));
            assert_eq!(ethnic_group(group.name), Some(group));
            assert_eq!(ethnic_group(&group.name.to_uppercase()), Some(group));
        }
    }

    #[test]
    fn the_spellings_of_papers_are_known() {
        let cases = [
            ("Bahnar", "13"),
            ("Ba Na", "13"),
            ("Ba-na", "13"),
            ("Bana", "13"),
            ("Jrai", "10"),
            ("Gia Rai", "10"),
            ("Gia-rai", "10"),
            ("J'rai", "10"),
            ("Êđê", "12"),
            ("Ê-đê", "12"),
            ("Ê đê", "12"),
            ("HMông", "08"),
            ("H'Mông", "08"),
            ("H’mông", "08"),
            ("Mông", "08"),
            ("Stiêng", "22"),
            ("Xtiêng", "22"),
            ("S'tiêng", "22"),
            ("X'tiêng", "22"),
            ("K'Ho", "16"),
            ("Cơ-ho", "16"),
            ("Cơ Ho", "16"),
            ("K’ho", "16"),
            ("Khmer", "05"),
            ("Khơ me", "05"),
            ("M'Nông", "20"),
            ("kinh", "01"),
            (" 01 ", "01"),
        ];
        for (name, code) in cases {
            assert_eq!(ethnic_group(name).map(|group| group.code), Some(code), "{name}");
        }
        assert_eq!(ethnic_group(""), None);
        assert_eq!(ethnic_group("57"), None);
        assert_eq!(ethnic_group("Klingon"), None);
    }
}
