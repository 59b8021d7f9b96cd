//! One person as they truly are: plain data, with the words the register and papers use.
//!
//! Owns how a person's ID number, card and phone are made. It states facts; what counts as a
//! mistake is nobody's business here.

use std::collections::BTreeSet;
use std::fmt;

use crate::date::{Birth, Date};
use crate::names::Sex;
use crate::rng::Rng;

/// A person's key in `truth.json`, the same in every edition: `p000042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonKey(pub u32);

impl PersonKey {
    /// The index into [`crate::Commune::people`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{:06}", self.0)
    }
}

/// An identity card that the person holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    pub issued: Date,
    /// `None`: without term, issued at 58 or later.
    pub expires: Option<Date>,
}

/// Everything true about a person. Texts are NFC; empty means there is none.
#[derive(Clone, Debug)]
pub struct Person {
    pub key: PersonKey,
    pub full_name: String,
    pub other_name: &'static str,
    pub sex: Sex,
    pub birth: Birth,
    /// Code of `ethnic_groups.csv`.
    pub ethnic_group: u8,
    pub religion: &'static str,
    pub blood_group: &'static str,
    pub marital_status: &'static str,
    pub id_number: String,
    pub old_cmnd: String,
    pub birth_place: String,
    pub birth_registration_place: String,
    pub hometown: String,
    pub father_name: String,
    pub mother_name: String,
    pub spouse_name: String,
    pub permanent_address: String,
    pub card: Option<Card>,
    pub eid_level: Option<u8>,
    pub phone: String,
    pub death: Option<Date>,
    /// Moved away for good on this day.
    pub left: Option<Date>,
}

impl Person {
    /// Whole years on the given day.
    pub fn age(&self, today: Date) -> i32 {
        self.birth.date.years_to(today)
    }
}

/// Gives out ID numbers and CMND numbers, no one twice.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    used: BTreeSet<u64>,
}

impl Numbers {
    /// Takes a number that is already held; false when it was taken before.
    pub fn take(&mut self, number: &str) -> bool {
        number.parse().is_ok_and(|number| self.used.insert(number))
    }

    /// `ddd c yy rrrrrr` (NĐ 137/2015): province of birth registration, century and sex, year,
    /// six digits without meaning.
    pub fn id_number(&mut self, rng: &mut Rng, province: &str, sex: Sex, year: i32) -> String {
        loop {
            let century = (year / 100 - 19) * 2 + i32::from(sex == Sex::Female);
            let number = format!("{province}{century}{:02}{}", year % 100, rng.digits(6));
            if self.take(&number) {
                return number;
            }
        }
    }

    /// Nine digits that begin as the province's CMND did.
    pub fn old_cmnd(&mut self, rng: &mut Rng, province: &str) -> String {
        loop {
            let prefix = cmnd_prefix(province);
            let number = format!("{prefix}{}", rng.digits(9 - prefix.len()));
            if self.take(&number) {
                return number;
            }
        }
    }
}

/// A mobile number of today's prefixes.
pub fn phone(rng: &mut Rng) -> String {
    let prefix = rng.pick(&[
        "032", "033", "034", "035", "036", "037", "038", "039", "070", "076", "077", "078", "079", "081", "082", "083",
        "084", "085", "086", "088", "089", "090", "091", "093", "094", "096", "097", "098", "058", "056",
    ]);
    format!("{prefix}{}", rng.digits(7))
}

/// The day a card issued that day ends: the next birthday of 14, 25, 40 or 60 that is at least two
/// years off (Luật Căn cước 26/2023, Điều 21); none after that.
pub fn card_expiry(birth: Date, issued: Date) -> Option<Date> {
    [14, 25, 40, 60].into_iter().map(|age| birth.plus_years(age)).find(|milestone| issued.plus_years(2) <= *milestone)
}

/// The card a person of 14 or more holds on `today`, valid for a month at least.
pub fn valid_card(rng: &mut Rng, birth: Date, today: Date) -> Option<Card> {
    let fourteen = birth.plus_years(14);
    let first = fourteen.max(Date::new(2021, 3, 1));
    let last = today.plus_days(-12);
    if fourteen > today {
        return None;
    }
    // Renewals come in the weeks around the day the old card ends.
    let mut issued = between(rng, first, first.plus_days(1_500).min(last)).min(last);
    let mut expires = card_expiry(birth, issued);
    while let Some(end) = expires.filter(|end| *end <= today.plus_days(30)) {
        issued = between(rng, end.plus_days(-50), end.plus_days(40)).min(last);
        expires = card_expiry(birth, issued);
    }
    Some(Card { issued, expires })
}

/// A day between two, both included.
pub fn between(rng: &mut Rng, from: Date, to: Date) -> Date {
    Date::from_days(rng.range(from.to_days(), to.to_days()))
}

/// First digits of a CMND by ID-number province; only for looks, the number had no structure.
fn cmnd_prefix(province: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 63] = [
        ("001", "01"),
        ("002", "073"),
        ("004", "080"),
        ("006", "095"),
        ("008", "070"),
        ("010", "063"),
        ("011", "040"),
        ("012", "045"),
        ("014", "050"),
        ("015", "060"),
        ("017", "113"),
        ("019", "090"),
        ("020", "082"),
        ("022", "100"),
        ("024", "121"),
        ("025", "131"),
        ("026", "135"),
        ("027", "125"),
        ("030", "141"),
        ("031", "03"),
        ("033", "145"),
        ("034", "151"),
        ("035", "168"),
        ("036", "162"),
        ("037", "164"),
        ("038", "171"),
        ("040", "182"),
        ("042", "183"),
        ("044", "194"),
        ("045", "197"),
        ("046", "191"),
        ("048", "201"),
        ("049", "205"),
        ("051", "212"),
        ("052", "215"),
        ("054", "221"),
        ("056", "225"),
        ("058", "264"),
        ("060", "260"),
        ("062", "233"),
        ("064", "231"),
        ("066", "241"),
        ("067", "245"),
        ("068", "250"),
        ("070", "285"),
        ("072", "290"),
        ("074", "280"),
        ("075", "271"),
        ("077", "273"),
        ("079", "02"),
        ("080", "301"),
        ("082", "311"),
        ("083", "321"),
        ("084", "334"),
        ("086", "331"),
        ("087", "341"),
        ("089", "351"),
        ("091", "371"),
        ("092", "362"),
        ("093", "363"),
        ("094", "365"),
        ("095", "385"),
        ("096", "381"),
    ];
    PREFIXES.iter().find(|(code, _)| *code == province).map_or("28", |(_, prefix)| prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_number_says_province_sex_and_year() {
        let mut numbers = Numbers::default();
        let mut rng = Rng::new(1, "numbers");
        assert!(numbers.id_number(&mut rng, "070", Sex::Male, 1987).starts_with("070087"));
        assert!(numbers.id_number(&mut rng, "001", Sex::Female, 2015).starts_with("001315"));
        assert_eq!(numbers.old_cmnd(&mut rng, "079").len(), 9);
    }

    #[test]
    fn card_is_valid_today_whatever_the_age() {
        let today = Date::new(2026, 11, 1);
        let mut rng = Rng::new(2, "cards");
        for days in (14 * 366..100 * 365).step_by(7) {
            let birth = today.plus_days(-days);
            let card = valid_card(&mut rng, birth, today).unwrap();
            assert!(card.issued < today && card.expires.is_none_or(|end| end > today));
            assert!(card.issued > birth.plus_years(12));
        }
        assert!(valid_card(&mut rng, today.plus_years(-10), today).is_none());
    }

    #[test]
    fn card_issued_within_two_years_of_a_milestone_skips_it() {
        let birth = Date::new(1987, 5, 4);
        assert_eq!(card_expiry(birth, Date::new(2024, 1, 1)), Some(Date::new(2027, 5, 4)));
        assert_eq!(card_expiry(birth, Date::new(2025, 6, 1)), Some(Date::new(2047, 5, 4)));
        assert_eq!(card_expiry(Date::new(1950, 1, 1), Date::new(2022, 1, 1)), None);
    }
}
