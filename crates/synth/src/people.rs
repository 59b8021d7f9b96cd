//! Makes single people: names, places, papers, numbers, each fitting the others.
//!
//! Owns what makes a sound person sound: number, birth date, sex and place of registration agree,
//! cards are valid, every applicable column is filled. Knows no household.

use crate::date::{Birth, Date, Precision};
use crate::names::{self, Region, Sex, ethnic};
use crate::person::{self, Numbers, Person, PersonKey};
use crate::rng::Rng;
use crate::tables::{IdProvince, OldUnit, Tables, Unit, bare};

/// Where a family is from and what it calls itself.
#[derive(Clone, Debug)]
pub struct Origin {
    pub group: u8,
    pub region: Region,
    pub religion: &'static str,
    /// The old commune the elders were born in, and the hometown on papers.
    pub home: OldUnit,
    /// The year the family settled here; before every birth for a local one.
    pub settled: i32,
}

/// What must be known to make a person.
#[derive(Clone, Copy, Debug)]
pub struct Seed<'a> {
    pub sex: Sex,
    pub birth: Date,
    pub family_name: &'a str,
    pub father: &'a str,
    pub mother: &'a str,
}

/// Makes people who live in one unit on one day.
pub struct People<'a> {
    pub unit: &'a Unit,
    pub as_of: Date,
    pub numbers: Numbers,
}

const BLOOD: &[(&str, u16)] = &[("O", 44), ("B", 30), ("A", 21), ("AB", 5)];
const OTHER_NAMES: &[&str] = &["Tư", "Út", "Hai", "Bé", "Năm", "Cu Tý", "Mẹo", "Ba", "Tèo", "Bi"];

impl People<'_> {
    /// Draws a family's origin; a guest's home is always elsewhere.
    pub fn origin(&self, rng: &mut Rng, local: &OldUnit, is_guest: bool) -> Origin {
        let tables = Tables::get();
        let group = if is_guest && rng.chance(8_500) {
            ethnic::KINH
        } else {
            rng.weighted(names::of_province(&self.unit.province_code))
        };
        let region_here = Region::of_province(&self.unit.province_code);
        // The south-east and the highlands are settled from everywhere, the deltas hardly.
        let locals = match region_here {
            Region::South if matches!(self.unit.province_code.as_str(), "75" | "79") => 5_500,
            Region::North => 9_000,
            _ => 8_000,
        };
        let from = names::homelands(group);
        let abroad = !from.is_empty() && (is_guest || !rng.chance(locals));
        let home = if abroad {
            let province = rng.pick(from);
            let choices = tables.old_units_in(province);
            if choices.is_empty() { local.clone() } else { tables.old_units[rng.pick(choices)].clone() }
        } else {
            local.clone()
        };
        let region = if abroad {
            tables.id_province(&home.province).map_or(region_here, |province| Region::of_id_province(&province.code))
        } else {
            region_here
        };
        let settled = match (abroad, is_guest) {
            (_, true) => self.as_of.year - rng.range(0, 6),
            (true, false) => rng.range(1978, 2016),
            (false, false) => 1900,
        };
        Origin { group, region, religion: religion(rng, group), home, settled }
    }

    /// A person without a household yet; its key is set by who keeps it.
    pub fn make(&mut self, rng: &mut Rng, origin: &Origin, local: &OldUnit, seed: Seed<'_>) -> Person {
        let Seed { sex, birth, .. } = seed;
        let mother_family = seed.mother.split(' ').next().unwrap_or("");
        let full_name = names::full_name(rng, origin.group, seed.family_name, mother_family, sex, birth.year);
        let age = birth.years_to(self.as_of);
        let born_here = birth.year >= origin.settled;
        let (birth_registration_place, province) =
            self.registration(rng, if born_here { local } else { &origin.home }, birth);
        let birth_place = if rng.chance(7_000) {
            birth_registration_place.clone()
        } else {
            let old = if born_here { local } else { &origin.home };
            format!("Bệnh viện {}, {}", old.district, old.province)
        };
        let is_new = birth.plus_days(45) > self.as_of;
        let id_number = if is_new { String::new() } else { self.numbers.id_number(rng, &province, sex, birth.year) };
        let old_cmnd = if birth.plus_years(14) < Date::new(2019, 6, 1) && rng.chance(9_300) {
            self.numbers.old_cmnd(rng, &province)
        } else {
            String::new()
        };
        let parent = |rng: &mut Rng, name: &str, sex: Sex, family: &str| match name {
            "" => {
                let year = birth.year - rng.range(22, 32);
                names::full_name(rng, origin.group, family, "", sex, year)
            }
            name => name.to_owned(),
        };
        let father_family = if names::is_matrilineal(origin.group) {
            names::family_name(rng, origin.group, origin.region)
        } else {
            seed.family_name
        };
        let mother_family = if names::is_matrilineal(origin.group) {
            seed.family_name
        } else {
            names::family_name(rng, origin.group, origin.region)
        };
        let father_name = parent(rng, seed.father, Sex::Male, father_family);
        let mother_name = parent(rng, seed.mother, Sex::Female, mother_family);
        let adult = age >= 14;
        let child_card = (6..14).contains(&age) && rng.chance(1_500);
        let card = if adult {
            person::valid_card(rng, birth, self.as_of)
        } else if child_card {
            let from = Date::new(2024, 7, 1).max(birth.plus_years(6));
            let issued = person::between(rng, from, self.as_of.plus_days(-12)).min(self.as_of.plus_days(-12));
            Some(person::Card { issued, expires: person::card_expiry(birth, issued) })
        } else {
            None
        };
        Person {
            key: PersonKey(u32::MAX),
            full_name,
            other_name: if rng.chance(150) { rng.pick(OTHER_NAMES) } else { "" },
            sex,
            birth: Birth { date: birth, precision: precision(rng, birth.year) },
            ethnic_group: origin.group,
            religion: origin.religion,
            blood_group: rng.weighted(BLOOD),
            marital_status: "Chưa kết hôn",
            id_number,
            old_cmnd,
            birth_place,
            birth_registration_place,
            hometown: origin.home.address(),
            father_name,
            mother_name,
            spouse_name: String::new(),
            permanent_address: String::new(),
            card,
            eid_level: adult.then(|| rng.weighted(&[(2, 80), (1, 8), (0, 12)])),
            phone: if adult { person::phone(rng) } else { String::new() },
            death: None,
            left: None,
        }
    }

    /// The words for a place of birth registration, and the ID-number code that goes with it.
    fn registration(&self, rng: &mut Rng, old: &OldUnit, birth: Date) -> (String, String) {
        let tables = Tables::get();
        if birth < Date::new(2025, 7, 1) {
            // Papers name the commune of their time; a neighbour of the same district is as likely.
            let choices = tables.old_units_in(&old.province);
            let neighbour =
                (0..8).map(|_| &tables.old_units[rng.pick(choices)]).find(|other| other.district == old.district);
            let place = neighbour.filter(|_| rng.chance(6_000)).unwrap_or(old);
            let code = tables.id_province(&place.province).map_or("075", |province| province.code.as_str());
            return (place.address(), code.to_owned());
        }
        let unit = tables.unit(&old.new_code).unwrap_or(self.unit);
        let name = bare(&unit.province);
        (format!("{}, {}", unit.name, name), id_code_of_today(unit))
    }
}

/// Of the old codes within a province of today, the one whose old name it kept.
pub(crate) fn id_code_of_today(unit: &Unit) -> String {
    let within = |province: &&IdProvince| province.new_province_code == unit.province_code;
    let tables = Tables::get();
    let name = bare(&unit.province);
    tables
        .id_provinces
        .iter()
        .filter(within)
        .find(|province| province.name.ends_with(&name))
        .or_else(|| tables.id_provinces.iter().find(within))
        .map_or_else(|| "075".to_owned(), |province| province.code.clone())
}

fn religion(rng: &mut Rng, group: u8) -> &'static str {
    match group {
        ethnic::KHMER => rng.weighted(&[("Phật giáo", 85), ("Không", 15)]),
        ethnic::CHAM => rng.weighted(&[("Hồi giáo", 50), ("Bà-la-môn", 40), ("Không", 10)]),
        ethnic::XTIENG | ethnic::EDE | ethnic::MNONG | ethnic::JRAI | ethnic::KHO | ethnic::HMONG => {
            rng.weighted(&[("Không", 55), ("Tin Lành", 35), ("Công giáo", 10)])
        }
        _ => rng.weighted(&[
            ("Không", 83),
            ("Phật giáo", 7),
            ("Công giáo", 7),
            ("Cao Đài", 1),
            ("Phật giáo Hòa Hảo", 1),
            ("Tin Lành", 1),
        ]),
    }
}

/// Year-only dates are a matter of the old.
fn precision(rng: &mut Rng, birth_year: i32) -> Precision {
    match birth_year {
        ..1962 if rng.chance(900) => Precision::Year,
        ..1962 if rng.chance(250) => Precision::Month,
        1962..1978 if rng.chance(120) => Precision::Year,
        _ => Precision::Day,
    }
}
