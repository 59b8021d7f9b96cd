//! The provinces of birth registration that the first three digits of a personal ID number name, and how an address
//! names a province.

use std::sync::LazyLock;

use serde::Serialize;

use super::table::rows;
use crate::text::fold_search;

/// A province code of the personal ID number. The 2025 reform did not renumber them. Source: NĐ 137/2015/NĐ-CP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct IdProvince {
    /// Three digits.
    pub code: &'static str,
    /// As it was called before 2025-07-01, without its kind: `Bình Phước`.
    pub name_before: &'static str,
    /// Two digits, of the province of today.
    pub province_code: &'static str,
    /// The province of today, with its kind: `Tỉnh Đồng Nai`.
    pub name: &'static str,
}

/// A province as an address names it, old or new: the folded name without its kind, `binh phuoc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvinceName(String);

impl IdProvince {
    /// Whether this is the province so named, before or since 2025.
    pub fn is_called(&self, name: &ProvinceName) -> bool {
        name_key(self.name_before) == name.0 || name_key(self.name) == name.0
    }
}

static PROVINCES: LazyLock<Vec<IdProvince>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/data/id_number_provinces.csv"));
    rows(table)
        .map(|[code, name_before, province_code, name]| IdProvince { code, name_before, province_code, name })
        .collect()
});

/// Abbreviations and former names that can mean only one province of the table; all folded.
const ALIASES: &[(&str, &str)] = &[
    ("hcm", "ho chi minh"),
    ("sai gon", "ho chi minh"),
    ("hue", "hue"),
    ("tt hue", "thua thien hue"),
    ("br vt", "ba ria vung tau"),
    ("brvt", "ba ria vung tau"),
    ("daklak", "dak lak"),
    ("dac lac", "dak lak"),
    ("dak lac", "dak lak"),
    ("dac nong", "dak nong"),
    ("daknong", "dak nong"),
    ("kontum", "kon tum"),
];

const KINDS: &[&str] = &["thanh pho ", "tinh ", "tp "];

/// Every province code, ascending.
pub fn id_provinces() -> &'static [IdProvince] {
    &PROVINCES
}

/// The province of a three-digit code.
pub fn id_province(code: &str) -> Option<&'static IdProvince> {
    PROVINCES.iter().find(|province| province.code == code)
}

/// The province that an address ends with (`Bù Nho, Phú Riềng, Bình Phước`; `xã X huyện Y tỉnh Z`), old or new name.
/// `None` where the end names no province of the table: an older province, a foreign country, or only a commune.
pub fn province_in_address(address: &str) -> Option<ProvinceName> {
    let last = address.rsplit([',', ';']).map(name_key).find(|part| !part.is_empty())?;
    let after_dash = || address.rsplit([',', ';', '-', '–']).map(name_key).find(|part| !part.is_empty());
    let after_kind = || {
        let start = KINDS.iter().filter_map(|kind| last.rfind(&format!(" {kind}")).map(|at| at + 1)).max()?;
        Some(name_key(&last[start..]))
    };
    known(&last).or_else(|| known(&after_dash()?)).or_else(|| known(&after_kind()?))
}

fn known(name: &str) -> Option<ProvinceName> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    let name = ProvinceName(name.to_owned());
    PROVINCES.iter().any(|province| province.is_called(&name)).then_some(name)
}

/// Folded words without punctuation and without the kind: `TP. Hồ Chí Minh` gives `ho chi minh`.
fn name_key(name: &str) -> String {
    let spaced: String = fold_search(name).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem = KINDS.iter().find_map(|kind| words.strip_prefix(kind)).unwrap_or(&words);
    stem.strip_prefix("tp").filter(|rest| *rest == "hcm").unwrap_or(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(id_provinces().len(), 63);
        let today: std::collections::BTreeSet<_> = id_provinces().iter().map(|p| p.province_code).collect();
        assert_eq!(today.len(), 34);
        assert_eq!(id_province("070").map(|p| (p.name_before, p.name)), Some(("Bình Phước", "Tỉnh Đồng Nai")));
        assert_eq!(id_province("003"), None);
    }

    #[test]
    fn every_province_is_known_by_its_old_and_its_new_name() {
        for province in id_provinces() {
            let old = province_in_address(province.name_before).unwrap();
            let new = province_in_address(&format!("Xã X, {}", province.name)).unwrap();
            assert!(province.is_called(&old) && province.is_called(&new), "{}", province.code);
        }
        for (alias, _) in ALIASES {
            assert!(province_in_address(alias).is_some(), "{alias}");
        }
    }

    #[test]
    fn an_address_names_its_province_at_the_end() {
        let cases = [
            ("Bù Nho, Phú Riềng, Bình Phước", "070"),
            ("xã Bù Nho, huyện Phú Riềng, tỉnh Bình Phước", "070"),
            ("Xã Bù Nho huyện Phú Riềng tỉnh Bình Phước", "070"),
            ("Phú Riềng - Bình Phước", "070"),
            ("Phường 1, TP. Hồ Chí Minh", "079"),
            ("Quận 3, TP.HCM", "079"),
            ("Quận 3, TPHCM.", "079"),
            ("Vũng Tàu, Bà Rịa - Vũng Tàu", "077"),
            ("Hoà Bình", "017"),
            ("Phú Lộc, Thừa Thiên-Huế,", "046"),
            ("Phú Lộc, TP Huế", "046"),
            ("HÀ NỘI", "001"),
        ];
        for (address, code) in cases {
            let name = province_in_address(address).unwrap_or_else(|| panic!("{address}"));
            assert!(id_province(code).unwrap().is_called(&name), "{address}");
        }
    }

    #[test]
    fn an_end_that_is_no_province_is_left_alone() {
        for address in ["", ",", "Xã Hòa Bình", "Ấp 3, xã Tân Bình", "Sông Bé", "Hà Sơn Bình", "Viêng Chăn, Lào"]
        {
            assert_eq!(province_in_address(address), None, "{address}");
        }
    }
}
