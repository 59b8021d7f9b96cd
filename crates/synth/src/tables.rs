//! The reference tables of `assets/data`, read once: units, the old units they came from, ethnic
//! groups, provinces of the ID number.
//!
//! Owns the words for places on papers; decides nothing about people.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const COMMUNES: &str = include_str!("../../../assets/data/communes.csv");
const SUCCESSION: &str = include_str!("../../../assets/data/commune_succession_2025.csv");
const ETHNIC_GROUPS: &str = include_str!("../../../assets/data/ethnic_groups.csv");
const ID_PROVINCES: &str = include_str!("../../../assets/data/id_number_provinces.csv");

/// A commune, ward or special zone of the list of 1 July 2025.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub code: String,
    /// With its kind: `Xã Đồng Tâm`.
    pub name: String,
    pub province_code: String,
    /// With its kind: `Tỉnh Đồng Nai`.
    pub province: String,
    pub lat_microdeg: i32,
    pub lon_microdeg: i32,
    pub area_km2: f64,
}

/// A commune as it was before 1 July 2025, in the words that papers use: `Đồng Tâm, Đồng Phú,
/// Bình Phước`.
#[derive(Clone, Debug, PartialEq)]
pub struct OldUnit {
    pub name: String,
    pub district: String,
    pub province: String,
    pub new_code: String,
}

/// A province of birth registration, as the first three digits of the ID number name it.
#[derive(Clone, Debug, PartialEq)]
pub struct IdProvince {
    /// `070`
    pub code: String,
    /// Before the merger of 2025: `Bình Phước`.
    pub name: String,
    /// The province it belongs to now: `75`.
    pub new_province_code: String,
}

/// All tables.
#[derive(Debug)]
pub struct Tables {
    pub units: Vec<Unit>,
    pub old_units: Vec<OldUnit>,
    pub id_provinces: Vec<IdProvince>,
    ethnic_groups: Vec<(u8, String)>,
    old_by_province: BTreeMap<String, Vec<usize>>,
}

impl OldUnit {
    /// `Đồng Tâm, Đồng Phú, Bình Phước`.
    pub fn address(&self) -> String {
        format!("{}, {}, {}", self.name, self.district, self.province)
    }
}

impl Unit {
    /// Wards number their quarters and streets otherwise than communes do.
    pub fn is_ward(&self) -> bool {
        self.name.starts_with("Phường")
    }
}

impl Tables {
    /// The tables, parsed at the first call.
    pub fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Self::read)
    }

    /// The unit with this code, if the list has one.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// The old communes that went into a unit; never none.
    pub fn old_units_of(&self, unit: &Unit) -> Vec<OldUnit> {
        let found: Vec<_> = self.old_units.iter().filter(|old| old.new_code == unit.code).cloned().collect();
        if !found.is_empty() {
            return found;
        }
        let province = province_on_papers(&bare(&unit.province));
        vec![OldUnit { name: bare(&unit.name), district: province.clone(), province, new_code: unit.code.clone() }]
    }

    /// Indices of the old communes of a province of before 2025.
    pub fn old_units_in(&self, old_province: &str) -> &[usize] {
        self.old_by_province.get(old_province).map_or(&[], Vec::as_slice)
    }

    /// The ID-number province by its name of before 2025.
    pub fn id_province(&self, old_name: &str) -> Option<&IdProvince> {
        self.id_provinces.iter().find(|province| province.name == old_name)
    }

    /// The name of an ethnic group by its code.
    pub fn ethnic_name(&self, code: u8) -> &str {
        self.ethnic_groups.iter().find(|(each, _)| *each == code).map_or("Không rõ", |(_, name)| name)
    }

    fn read() -> Self {
        let units = rows(COMMUNES)
            .map(|row| Unit {
                code: row[0].to_owned(),
                name: row[1].to_owned(),
                province_code: row[3].to_owned(),
                province: row[4].to_owned(),
                lat_microdeg: microdegrees(&row[5]),
                lon_microdeg: microdegrees(&row[6]),
                area_km2: row[7].parse().ok().filter(|area| *area > 0.1).unwrap_or(20.0),
            })
            .collect();
        let old_units: Vec<_> = rows(SUCCESSION)
            .map(|row| OldUnit {
                name: bare(&row[1]),
                district: bare(&row[2]),
                province: province_on_papers(&bare(&row[3])),
                new_code: row[4].to_owned(),
            })
            .collect();
        let mut old_by_province: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, old) in old_units.iter().enumerate() {
            old_by_province.entry(old.province.clone()).or_default().push(index);
        }
        let ethnic_groups = rows(ETHNIC_GROUPS).map(|row| (row[0].parse().unwrap_or(56), row[1].to_owned())).collect();
        let id_provinces = rows(ID_PROVINCES)
            .map(|row| IdProvince {
                code: row[0].to_owned(),
                name: row[1].to_owned(),
                new_province_code: row[2].to_owned(),
            })
            .collect();
        Self { units, old_units, id_provinces, ethnic_groups, old_by_province }
    }
}

/// A unit's name without the word for its kind, unless only a number would be left (`Quận 1`).
pub fn bare(name: &str) -> String {
    const KINDS: [&str; 10] =
        ["Xã ", "Phường ", "Thị trấn ", "Đặc khu ", "Huyện đảo ", "Huyện ", "Quận ", "Thị xã ", "Thành phố ", "Tỉnh "];
    let rest = KINDS.iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name);
    if rest.starts_with(|c: char| c.is_ascii_digit()) { name.to_owned() } else { rest.to_owned() }
}

/// One spelling for the one province that the two tables write differently.
fn province_on_papers(name: &str) -> String {
    if name == "Huế" { "Thừa Thiên Huế".to_owned() } else { name.to_owned() }
}

fn rows(text: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .map(|row| row.expect("the tables are part of the program and a test reads them whole"))
}

fn microdegrees(text: &str) -> i32 {
    (text.parse::<f64>().unwrap_or(0.0) * 1e6).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_whole() {
        let tables = Tables::get();
        assert_eq!(tables.units.len(), 3_321);
        assert_eq!(tables.id_provinces.len(), 63);
        assert_eq!(tables.ethnic_name(22), "Xtiêng");
    }

    #[test]
    fn every_id_province_has_old_communes() {
        let tables = Tables::get();
        for province in &tables.id_provinces {
            assert!(!tables.old_units_in(&province.name).is_empty(), "{}", province.name);
        }
        for old in &tables.old_units {
            assert!(tables.id_province(&old.province).is_some(), "{}", old.province);
        }
    }

    #[test]
    fn old_units_are_named_as_papers_name_them() {
        let tables = Tables::get();
        let unit = tables.unit("25390").unwrap();
        let old: Vec<_> = tables.old_units_of(unit).iter().map(OldUnit::address).collect();
        assert_eq!(old[0], "Đồng Tâm, Đồng Phú, Bình Phước");
        assert_eq!(old.len(), 3);
        assert_eq!(bare("Quận 1"), "Quận 1");
    }
}
