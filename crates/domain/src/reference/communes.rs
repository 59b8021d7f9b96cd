//! The 3,321 communes, wards and special zones of the unit list of 2025-07-01.

use std::sync::LazyLock;

use serde::Serialize;

use super::table::rows;

/// What a commune is called in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CommuneKind {
    /// Xã.
    Commune,
    /// Phường.
    Ward,
    /// Đặc khu.
    SpecialZone,
}

/// A unit of the list of 2025-07-01. Source: QĐ 19/2025/QĐ-TTg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Commune {
    /// Five digits.
    pub code: &'static str,
    /// With its kind: `Xã Bù Nho`.
    pub name: &'static str,
    pub kind: CommuneKind,
    /// Two digits.
    pub province_code: &'static str,
    /// With its kind: `Tỉnh Đồng Nai`.
    pub province: &'static str,
    /// Of the centre, WGS 84, in millionths of a degree.
    pub lat_e6: i32,
    pub lon_e6: i32,
    /// Of two the list does not say.
    pub area_hectares: Option<u32>,
}

static COMMUNES: LazyLock<Vec<Commune>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/data/communes.csv"));
    let mut communes: Vec<Commune> = rows(table)
        .map(|[code, name, kind, province_code, province, lat, lon, area_km2]| Commune {
            code,
            name,
            kind: kind_of(kind),
            province_code,
            province,
            lat_e6: scaled(lat, 1e6) as i32,
            lon_e6: scaled(lon, 1e6) as i32,
            area_hectares: (!area_km2.is_empty()).then(|| scaled(area_km2, 100.0) as u32),
        })
        .collect();
    communes.sort_by_key(|commune| commune.code);
    communes
});

fn kind_of(name: &str) -> CommuneKind {
    match name {
        "Phường" => CommuneKind::Ward,
        "Đặc khu" => CommuneKind::SpecialZone,
        _ => CommuneKind::Commune,
    }
}

fn scaled(decimal: &str, factor: f64) -> f64 {
    let value: f64 = decimal.parse().expect("a compiled-in table holds decimals here");
    (value * factor).round()
}

/// Every commune, by code.
pub fn communes() -> &'static [Commune] {
    &COMMUNES
}

/// The commune with this code on the list of 2025-07-01. On the list before it the same code may be another place.
pub fn commune(code: &str) -> Option<&'static Commune> {
    COMMUNES.binary_search_by_key(&code, |commune| commune.code).ok().map(|at| &COMMUNES[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        let count = |kind| communes().iter().filter(|commune| commune.kind == kind).count();
        assert_eq!(communes().len(), 3321);
        assert_eq!(count(CommuneKind::Commune), 2621);
        assert_eq!(count(CommuneKind::Ward), 687);
        assert_eq!(count(CommuneKind::SpecialZone), 13);
        assert_eq!(communes().iter().filter(|commune| commune.area_hectares.is_none()).count(), 2);
        assert!(communes().windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(communes().iter().all(|c| (8_000_000..24_000_000).contains(&c.lat_e6)));
        assert!(communes().iter().all(|c| (102_000_000..115_000_000).contains(&c.lon_e6)));
    }

    #[test]
    fn a_commune_is_found_by_its_code() {
        let ba_dinh = commune("00004").unwrap();
        assert_eq!(ba_dinh.name, "Phường Ba Đình");
        assert_eq!(ba_dinh.kind, CommuneKind::Ward);
        assert_eq!(ba_dinh.province, "Thành phố Hà Nội");
        assert_eq!((ba_dinh.lat_e6, ba_dinh.lon_e6, ba_dinh.area_hectares), (21_038_600, 105_838_000, Some(297)));
        assert_eq!(commune("99999"), None);
        assert_eq!(commune(""), None);
    }
}
