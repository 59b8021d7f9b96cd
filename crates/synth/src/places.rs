//! Where people live: hamlets, alleys, dwellings with house numbers and coordinates.
//!
//! Owns the ground; knows no household. Coordinates are whole micro-degrees, worked out with plain
//! arithmetic so that they are the same on every platform.

use std::collections::BTreeSet;

use crate::names::Region;
use crate::rng::Rng;
use crate::tables::{OldUnit, Tables, Unit};

/// A thôn, ấp or tổ dân phố.
#[derive(Clone, Debug)]
pub struct Hamlet {
    pub name: String,
    /// The old commune it lay in; papers still name it.
    pub old_unit: OldUnit,
    lat_microdeg: i32,
    lon_microdeg: i32,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DwellingKind {
    House,
    RentedRoom,
    Apartment,
    Workplace,
    Other,
}

impl DwellingKind {
    /// As the extract writes it.
    pub fn text(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::RentedRoom => "rented_room",
            Self::Apartment => "apartment",
            Self::Workplace => "workplace",
            Self::Other => "other",
        }
    }
}

/// One place to live in.
#[derive(Clone, Debug)]
pub struct Dwelling {
    /// Index into the commune's hamlets.
    pub hamlet: usize,
    pub alley: String,
    pub house_no: String,
    pub kind: DwellingKind,
    pub lat_microdeg: i32,
    pub lon_microdeg: i32,
}

/// The alley that is being filled with houses.
#[derive(Clone, Debug)]
struct Alley {
    name: String,
    /// `12` in `12/5`; empty on a street, where the number stands alone.
    prefix: String,
    lat_microdeg: i32,
    lon_microdeg: i32,
    /// Metres east and north per thousand along the alley.
    direction: (i32, i32),
    last_number: i32,
    last_suffix: u8,
    houses_left: i32,
    /// A rooming house or block that still has rooms: its number, kind and next room.
    block: Option<(String, DwellingKind, i32, i32)>,
    metres: i32,
}

/// Lays out a commune, hamlet by hamlet, in walking order.
#[derive(Clone, Debug)]
pub struct Ground {
    pub hamlets: Vec<Hamlet>,
    is_ward: bool,
    region: Region,
    lon_per_km: i32,
    alley: Option<(usize, Alley)>,
    alley_names: BTreeSet<(usize, String)>,
}

const DIRECTIONS: [(i32, i32); 8] =
    [(1000, 0), (707, 707), (0, 1000), (-707, 707), (-1000, 0), (-707, -707), (0, -1000), (707, -707)];
/// Micro-degrees of latitude in a kilometre.
const LAT_PER_KM: i32 = 8_993;

const HAMLET_WORDS: &[&str] = &[
    "Suối Đôi",
    "Cầu Hai",
    "Đồng Xoài",
    "Phước Tân",
    "Tân Lập",
    "Bàu Ké",
    "Sắc Xi",
    "Minh Tân",
    "Thuận An",
    "Quang Minh",
    "Tân Hòa",
    "Phú Cường",
    "Suối Bình",
    "Cây Cày",
    "Bình An",
    "Thanh Sơn",
];
const STREETS: &[&str] = &[
    "Trần Phú",
    "Lê Lợi",
    "Nguyễn Huệ",
    "Hùng Vương",
    "Phú Riềng Đỏ",
    "Lý Thường Kiệt",
    "Nguyễn Văn Linh",
    "Cách Mạng Tháng Tám",
    "Lê Duẩn",
    "Hai Bà Trưng",
    "Trần Hưng Đạo",
    "Ngô Quyền",
    "Điện Biên Phủ",
    "Nguyễn Trãi",
    "Phan Bội Châu",
    "Lê Quý Đôn",
    "Hoàng Diệu",
    "Nguyễn Thị Minh Khai",
    "Tôn Đức Thắng",
    "Bùi Thị Xuân",
    "Võ Thị Sáu",
    "ĐT 741",
    "ĐT 753",
];

impl Ground {
    /// Hamlets for so many people, spread around the unit's centre.
    pub fn new(rng: &mut Rng, unit: &Unit, people: usize) -> Self {
        let region = Region::of_province(&unit.province_code);
        let is_ward = unit.is_ward();
        let old_units = Tables::get().old_units_of(unit);
        let count = (people / 900).clamp(4, 90);
        let lon_per_km = lon_per_km(unit);
        let radius_m = ((unit.area_km2 / std::f64::consts::PI).sqrt() * 750.0) as i32;
        let hamlets = (0..count)
            .map(|index| {
                let (east, north) = rng.pick(&DIRECTIONS);
                let far = rng.range(radius_m / 10, radius_m);
                let aside = rng.range(-radius_m / 6, radius_m / 6);
                Hamlet {
                    name: hamlet_name(index, is_ward, region),
                    old_unit: old_units[index * old_units.len() / count].clone(),
                    lat_microdeg: unit.lat_microdeg + (north * far / 1000 + aside) * LAT_PER_KM / 1000,
                    lon_microdeg: unit.lon_microdeg + (east * far / 1000 - aside) * lon_per_km / 1000,
                }
            })
            .collect();
        Self { hamlets, is_ward, region, lon_per_km, alley: None, alley_names: BTreeSet::new() }
    }

    /// The ground of a commune that has dwellings already; new ones stand in new alleys.
    pub fn resume(unit: &Unit, hamlets: &[Hamlet], dwellings: &[Dwelling]) -> Self {
        Self {
            hamlets: hamlets.to_vec(),
            is_ward: unit.is_ward(),
            region: Region::of_province(&unit.province_code),
            lon_per_km: lon_per_km(unit),
            alley: None,
            alley_names: dwellings.iter().map(|each| (each.hamlet, each.alley.clone())).collect(),
        }
    }

    /// The next dwelling along the way through a hamlet. Rented rooms and flats come several to one
    /// house number.
    pub fn next_dwelling(&mut self, rng: &mut Rng, hamlet: usize, kind: DwellingKind) -> Dwelling {
        let (lon_per_km, north) = (self.lon_per_km, self.region == Region::North);
        let mut alley = match self.alley.take() {
            Some((at, alley)) if at == hamlet && alley.houses_left > 0 => alley,
            _ => self.new_alley(rng, hamlet),
        };
        let is_block = matches!(kind, DwellingKind::RentedRoom | DwellingKind::Apartment);
        let house_no = match alley.block.take() {
            Some((number, of, next, rooms)) if of == kind => {
                if next < rooms {
                    alley.block = Some((number.clone(), of, next + 1, rooms));
                }
                room(&number, kind, next, north)
            }
            other => {
                let number = alley.next_number(rng);
                if is_block {
                    alley.block = Some((number.clone(), kind, 2, rng.range(4, 12)));
                    room(&number, kind, 1, north)
                } else {
                    alley.block = other;
                    number
                }
            }
        };
        let side = if alley.last_number % 2 == 0 { 9 } else { -9 };
        let (east, northward) = alley.direction;
        let metres_north = northward * alley.metres / 1000 + east * side / 1000;
        let metres_east = east * alley.metres / 1000 - northward * side / 1000;
        let dwelling = Dwelling {
            hamlet,
            alley: alley.name.clone(),
            house_no,
            kind,
            lat_microdeg: alley.lat_microdeg + metres_north * LAT_PER_KM / 1000,
            lon_microdeg: alley.lon_microdeg + metres_east * lon_per_km / 1000,
        };
        self.alley = Some((hamlet, alley));
        dwelling
    }

    fn new_alley(&mut self, rng: &mut Rng, hamlet: usize) -> Alley {
        let (name, prefix) = loop {
            let (name, prefix) = self.alley_name(rng);
            if self.alley_names.insert((hamlet, name.clone())) {
                break (name, prefix);
            }
        };
        let centre = &self.hamlets[hamlet];
        let (north, east) = (rng.range(-600, 600), rng.range(-600, 600));
        Alley {
            name,
            prefix,
            lat_microdeg: centre.lat_microdeg + north * LAT_PER_KM / 1000,
            lon_microdeg: centre.lon_microdeg + east * self.lon_per_km / 1000,
            direction: rng.pick(&DIRECTIONS),
            last_number: 0,
            last_suffix: 0,
            houses_left: rng.range(12, 45),
            block: None,
            metres: 0,
        }
    }

    /// `Hẻm 12 Đường Lê Lợi` with its prefix `12`, or a street with none.
    fn alley_name(&self, rng: &mut Rng) -> (String, String) {
        let number = rng.range(1, 399);
        let street = rng.pick(STREETS);
        match (self.region == Region::North, self.is_ward, rng.below(10)) {
            (true, true, 0..4) => (format!("Phố {street}"), String::new()),
            (true, true, _) => (format!("Ngõ {number} {street}"), number.to_string()),
            (true, false, 0..3) => (format!("Đường {street}"), String::new()),
            (true, false, _) => (format!("Ngõ {number}"), number.to_string()),
            (false, true, 0..4) => (format!("Đường {street}"), String::new()),
            (false, true, _) => (format!("Hẻm {number} Đường {street}"), number.to_string()),
            (false, false, 0..3) => (format!("Đường {street}"), String::new()),
            (false, false, 3..6) => (format!("Đường Tổ {}", number % 30 + 1), String::new()),
            (false, false, _) => (format!("Hẻm {number}"), number.to_string()),
        }
    }
}

impl Alley {
    /// `12/5`, then perhaps `12/5A`, then `12/6` or further.
    fn next_number(&mut self, rng: &mut Rng) -> String {
        self.houses_left -= 1;
        self.metres += rng.range(8, 30);
        if self.last_number > 0 && self.last_suffix < 3 && rng.chance(700) {
            self.last_suffix += 1;
        } else {
            self.last_number += rng.range(1, 3);
            self.last_suffix = 0;
        }
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        let number = format!("{}{slash}{}", self.prefix, self.last_number);
        match self.last_suffix {
            0 => number,
            suffix => format!("{number}{}", char::from(b'A' + suffix - 1)),
        }
    }
}

/// Micro-degrees of longitude in a kilometre: they grow as the cosine of the latitude shrinks (its
/// first Taylor terms, so that every platform rounds alike).
fn lon_per_km(unit: &Unit) -> i32 {
    let lat = f64::from(unit.lat_microdeg) / 1e6 * (std::f64::consts::PI / 180.0);
    let cosine = 1.0 - lat * lat / 2.0 + lat * lat * lat * lat / 24.0;
    (f64::from(LAT_PER_KM) / cosine).round() as i32
}

fn room(number: &str, kind: DwellingKind, room: i32, north: bool) -> String {
    match kind {
        DwellingKind::Apartment => format!("{number} căn {}{:02}", (room - 1) / 4 + 1, (room - 1) % 4 + 1),
        _ if north => format!("{number} phòng {room}"),
        _ => format!("{number} P{room}"),
    }
}

fn hamlet_name(index: usize, is_ward: bool, region: Region) -> String {
    match (is_ward, region) {
        (true, Region::South) => format!("Khu phố {}", index + 1),
        (true, _) => format!("Tổ dân phố {}", index + 1),
        // Every fifth goes by a word, as merged communes name theirs.
        (false, region) => {
            let kind = if region == Region::South { "Ấp" } else { "Thôn" };
            match index {
                4.. if index % 5 == 4 && index / 5 < HAMLET_WORDS.len() => {
                    format!("{kind} {}", HAMLET_WORDS[index / 5])
                }
                _ => format!("{kind} {}", index + 1),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_unique_and_near_the_centre() {
        let unit = Tables::get().unit("25390").unwrap();
        let mut rng = Rng::new(1, "places");
        let mut ground = Ground::new(&mut rng, unit, 5_000);
        let mut seen = BTreeSet::new();
        for index in 0..1_500 {
            let kind = if index % 9 == 0 { DwellingKind::RentedRoom } else { DwellingKind::House };
            let dwelling = ground.next_dwelling(&mut rng, index / 300, kind);
            assert!((dwelling.lat_microdeg - unit.lat_microdeg).abs() < 150_000);
            assert!((dwelling.lon_microdeg - unit.lon_microdeg).abs() < 150_000);
            assert!(seen.insert((dwelling.hamlet, dwelling.alley, dwelling.house_no)));
        }
    }

    #[test]
    fn hamlets_lie_in_the_old_communes() {
        let unit = Tables::get().unit("25390").unwrap();
        let ground = Ground::new(&mut Rng::new(1, "places"), unit, 30_000);
        let old: BTreeSet<_> = ground.hamlets.iter().map(|hamlet| &hamlet.old_unit.name).collect();
        let names: BTreeSet<_> = ground.hamlets.iter().map(|hamlet| &hamlet.name).collect();
        assert_eq!(old.len(), 3);
        assert_eq!(names.len(), ground.hamlets.len());
        assert!(names.contains(&"Ấp 1".to_owned()) && names.contains(&"Ấp Suối Đôi".to_owned()));
    }
}
