//! Which communes of today took over which of before 1 July 2025. Papers still name the old ones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::communes::{Commune, commune};
use super::table::rows;

/// A commune of the list before 2025-07-01 and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FormerCommune {
    /// Five digits, of the old list: today the same code may be another place.
    pub code: &'static str,
    pub name: &'static str,
    pub district: &'static str,
    pub province: &'static str,
    /// At least one; the largest part first.
    pub successors: Vec<Successor>,
}

/// One commune of today that took over all or part of an old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Successor {
    pub commune: &'static Commune,
    /// The largest part went here.
    pub is_default: bool,
}

impl FormerCommune {
    /// Whether it went to several communes, so that an officer must choose.
    pub fn is_split(&self) -> bool {
        self.successors.len() > 1
    }
}

static FORMER: LazyLock<BTreeMap<&'static str, FormerCommune>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/data/commune_succession_2025.csv"));
    let mut former: BTreeMap<&str, FormerCommune> = BTreeMap::new();
    for [code, name, district, province, new_code, _, is_default] in rows(table) {
        let commune = commune(new_code).expect("every successor is on the list of 2025, a test says so");
        let entry = former.entry(code);
        let entry = entry.or_insert_with(|| FormerCommune { code, name, district, province, successors: Vec::new() });
        entry.successors.push(Successor { commune, is_default: is_default == "1" });
    }
    for entry in former.values_mut() {
        entry.successors.sort_by_key(|successor| (!successor.is_default, successor.commune.code));
    }
    former
});

/// The commune with this code on the list before 2025-07-01.
pub fn former_commune(old_code: &str) -> Option<&'static FormerCommune> {
    FORMER.get(old_code)
}

/// Every commune of the list before 2025-07-01, by code.
pub(super) fn former_communes() -> impl Iterator<Item = &'static FormerCommune> {
    FORMER.values()
}

/// The old communes of which this commune of today took over all or part, by old code. Empty for the few that the
/// reform left alone.
pub fn predecessors_of(code: &str) -> Vec<&'static FormerCommune> {
    FORMER.values().filter(|former| former.successors.iter().any(|s| s.commune.code == code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_succession_is_whole() {
        assert_eq!(FORMER.len(), 10_035);
        assert_eq!(FORMER.values().filter(|former| former.is_split()).count(), 471);
        assert_eq!(FORMER.values().map(|former| former.successors.len()).sum::<usize>(), 10_597);
        for former in FORMER.values() {
            assert!(former.successors[0].is_default, "{}", former.code);
            assert_eq!(former.successors.iter().filter(|s| s.is_default).count(), 1, "{}", former.code);
        }
    }

    #[test]
    fn a_commune_that_went_whole_has_one_successor() {
        let phuc_xa = former_commune("00001").unwrap();
        assert_eq!((phuc_xa.name, phuc_xa.district), ("Phường Phúc Xá", "Quận Ba Đình"));
        assert!(!phuc_xa.is_split());
        assert_eq!(phuc_xa.successors[0].commune.code, "00097");
    }

    #[test]
    fn a_split_commune_leaves_the_choice_to_the_officer() {
        let cong_vi = former_commune("00007").unwrap();
        assert!(cong_vi.is_split());
        let codes: Vec<_> = cong_vi.successors.iter().map(|s| (s.commune.code, s.is_default)).collect();
        assert_eq!(codes, [("00008", true), ("00025", false)]);
    }

    #[test]
    fn predecessors_are_the_way_back() {
        let old: Vec<_> = predecessors_of("00008").iter().map(|former| former.code).collect();
        assert!(old.contains(&"00006") && old.contains(&"00007"), "{old:?}");
        assert!(predecessors_of("99999").is_empty());
        assert_eq!(former_commune("99999"), None);
    }
}
