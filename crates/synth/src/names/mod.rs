//! Realistic names by region, ethnic group, generation and sex.
//!
//! Owns the shares of ethnic groups by province and the forms of their names. Knows no person.

mod groups;
mod kinh;
mod shares;

use crate::rng::Rng;
pub use shares::{homelands, of_province};

/// Sex as the register writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// `Nam` or `Nữ`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Male => Self::Female,
            Self::Female => Self::Male,
        }
    }
}

/// The three parts of the country, as far as names and addresses differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    North,
    Centre,
    South,
}

impl Region {
    /// The region of an ID-number province (`070`).
    pub fn of_id_province(code: &str) -> Self {
        match code.parse::<u32>().unwrap_or(0) {
            0..38 => Self::North,
            38..70 => Self::Centre,
            _ => Self::South,
        }
    }

    /// The region of a province of today (`75`).
    pub fn of_province(code: &str) -> Self {
        match code.parse::<u32>().unwrap_or(0) {
            0..38 => Self::North,
            38..70 => Self::Centre,
            _ => Self::South,
        }
    }
}

/// Codes of `ethnic_groups.csv` that a commune draws from.
pub mod ethnic {
    pub const KINH: u8 = 1;
    pub const TAY: u8 = 2;
    pub const THAI: u8 = 3;
    pub const HOA: u8 = 4;
    pub const KHMER: u8 = 5;
    pub const MUONG: u8 = 6;
    pub const NUNG: u8 = 7;
    pub const HMONG: u8 = 8;
    pub const DAO: u8 = 9;
    pub const JRAI: u8 = 10;
    pub const EDE: u8 = 12;
    pub const BANA: u8 = 13;
    pub const KHO: u8 = 16;
    pub const CHAM: u8 = 17;
    pub const MNONG: u8 = 20;
    pub const XTIENG: u8 = 22;
    pub const MA: u8 = 28;
    pub const CHORO: u8 = 32;
}

/// A family's surname or clan; empty where a group has none.
pub fn family_name(rng: &mut Rng, group: u8, region: Region) -> &'static str {
    match groups::form(group) {
        None => kinh::surname(rng, region),
        Some(groups::Form::Surname { surnames, .. }) => rng.pick(surnames),
        Some(groups::Form::Clan { clans, .. }) => rng.pick(clans),
        Some(groups::Form::Fixed { .. }) => "",
    }
}

/// True where children take the mother's clan.
pub fn is_matrilineal(group: u8) -> bool {
    matches!(groups::form(group), Some(groups::Form::Clan { .. }))
}

/// A full name. For Kinh children `mother_name` may ride in the middle (`Nguyễn Trần Gia Hân`).
pub fn full_name(rng: &mut Rng, group: u8, family_name: &str, mother_name: &str, sex: Sex, birth_year: i32) -> String {
    if let Some(form) = groups::form(group) {
        return groups::full_name(rng, form, family_name, sex, birth_year);
    }
    let rest = kinh::middle_and_given(rng, sex, birth_year);
    let both = birth_year >= 1995 && !mother_name.is_empty() && mother_name != family_name;
    if both && rng.chance(700) {
        format!("{family_name} {mother_name} {rest}")
    } else {
        format!("{family_name} {rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(group: u8, sex: Sex) -> String {
        let mut rng = Rng::new(3, "names");
        let family = family_name(&mut rng, group, Region::South);
        full_name(&mut rng, group, family, "", sex, 1990)
    }

    #[test]
    fn each_group_keeps_its_own_form() {
        assert!(sample(ethnic::XTIENG, Sex::Male).starts_with("Điểu "));
        assert!(sample(ethnic::XTIENG, Sex::Female).starts_with("Thị "));
        assert!(sample(ethnic::EDE, Sex::Male).starts_with("Y "));
        assert!(sample(ethnic::EDE, Sex::Female).starts_with("H'"));
        assert!(sample(ethnic::HMONG, Sex::Male).contains(" A "));
        assert!(sample(ethnic::KHO, Sex::Male).starts_with("K'"));
    }

    #[test]
    fn kinh_surnames_follow_their_region() {
        let count = |region| {
            let mut rng = Rng::new(5, "surnames");
            (0..20_000).filter(|_| kinh::surname(&mut rng, region) == "Huỳnh").count()
        };
        assert!(count(Region::South) > 10 * count(Region::North).max(1));
    }

    #[test]
    fn every_table_is_composed_unicode() {
        use unicode_normalization::UnicodeNormalization;
        let mut rng = Rng::new(11, "nfc");
        for group in 1..=54 {
            for sex in [Sex::Male, Sex::Female] {
                for year in [1940, 1980, 2000, 2020] {
                    for _ in 0..30 {
                        let family = family_name(&mut rng, group, Region::Centre);
                        let name = full_name(&mut rng, group, family, "Trần", sex, year);
                        assert_eq!(name, name.nfc().collect::<String>());
                        assert!(!name.contains("  ") && !name.contains(|c: char| c.is_numeric()));
                    }
                }
            }
        }
    }
}
