//! Addresses in the names of before July 2025, as papers and extracts still write them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::communes::communes;
use super::succession::{FormerCommune, former_communes};
use crate::text::fold_search;

/// What stands before a name and is left out as often as not. Folded.
const KINDS: [&str; 14] =
    ["thi tran", "thi xa", "thanh pho", "dac khu", "phuong", "huyen", "quan", "tinh", "xa", "tt", "tx", "tp", "p", "q"];

/// A name as it is compared: without its kind, case and marks. A number keeps its kind: `phuong 1`.
fn bare(name: &str) -> String {
    let folded = fold_search(name).replace('.', " ");
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = KINDS.iter().find_map(|kind| folded.strip_prefix(kind)?.strip_prefix(' '));
    match rest {
        Some(rest) if !rest.chars().all(|c| c.is_ascii_digit() || c == ' ') => rest.to_owned(),
        Some(rest) => rest.trim_start_matches('0').to_owned(),
        None => folded,
    }
}

static BY_NAME: LazyLock<HashMap<String, Vec<&'static FormerCommune>>> = LazyLock::new(|| {
    let mut by_name: HashMap<String, Vec<&'static FormerCommune>> = HashMap::new();
    for former in former_communes() {
        by_name.entry(bare(former.name)).or_default().push(former);
    }
    by_name
});

/// Names of today with their provinces.
static TODAY: LazyLock<HashSet<(String, String)>> =
    LazyLock::new(|| communes().iter().map(|today| (bare(today.name), bare(today.province))).collect());

/// The communes of before July 2025 that an address names, by old code: one where it names the district too, several
/// where it leaves that out and the province had more than one of the name. None where it is written in today's names,
/// or names nothing that the list knows.
pub fn former_communes_in(address: &str) -> Vec<&'static FormerCommune> {
    let parts: Vec<String> = address.split([',', ';']).map(bare).filter(|part| !part.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let Some(of_name) = BY_NAME.get(part) else { continue };
        let behind = &parts[at + 1..];
        let Some(next) = behind.first() else { continue };
        let province = behind.get(1);
        let is_of_district = |former: &FormerCommune| {
            *next == bare(former.district) && province.is_none_or(|province| *province == bare(former.province))
        };
        let of_district: Vec<_> = of_name.iter().copied().filter(|former| is_of_district(former)).collect();
        if !of_district.is_empty() {
            return of_district;
        }
        let of_province: Vec<_> = of_name.iter().copied().filter(|former| bare(former.province) == *next).collect();
        if !of_province.is_empty() && !TODAY.contains(&(part.clone(), next.clone())) {
            return of_province;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(address: &str) -> Vec<&'static str> {
        former_communes_in(address).iter().map(|former| former.code).collect()
    }

    #[test]
    fn an_old_address_names_its_old_commune() {
        for address in [
            "Ấp 1, Xã Tân Phước, Huyện Đồng Phú, Tỉnh Bình Phước",
            "Ấp 1, Tân Phước, Đồng Phú, Bình Phước",
            "ấp 1, xã tân phước, huyện đồng phú",
            "12/3 Ngõ 12, Tan Phuoc, Dong Phu",
        ] {
            assert_eq!(codes(address), ["25372"], "{address}");
        }
        assert_eq!(former_communes_in("Tân Phước, Đồng Phú, Bình Phước")[0].successors[0].commune.code, "25390");
    }

    #[test]
    fn todays_names_and_unknown_ones_name_no_old_commune() {
        for address in ["Ấp 1, Xã Đồng Tâm, Tỉnh Đồng Nai", "Phường Ba Đình, Thành phố Hà Nội", "Ấp 1", "", ", ,"]
        {
            assert_eq!(codes(address), [""; 0], "{address}");
        }
    }

    #[test]
    fn a_numbered_ward_is_known_by_its_number_and_district() {
        let found = former_communes_in("45 Lê Lợi, P. 1, Quận 3, TP. Hồ Chí Minh");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].district, found[0].province), ("Quận 3", "Thành phố Hồ Chí Minh"));
    }

    #[test]
    fn a_name_without_its_district_gives_every_commune_of_that_name_in_the_province() {
        let found = former_communes_in("Tân Tiến, Bình Phước");
        assert!(found.len() > 1, "{found:?}");
        assert!(found.iter().all(|former| former.name.ends_with("Tân Tiến")), "{found:?}");
    }
}
