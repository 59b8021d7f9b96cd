//! Plants errors in the register and remembers each.
//!
//! | kind | known by | of 10,000 people |
//! |---|---|---|
//! | `missing_value` | validator | 80 |
//! | `birth_year_off` | validator | 30 |
//! | `expired_card` (two fields) | validator | 25 |
//! | `number_sex_digit`, `number_birth_year` | validator | 18 each |
//! | `wrong_sex` | validator | 15 |
//! | `impossible_date` | validator | 12 |
//! | `digit_in_name` | validator | 10 |
//! | `two_heads`, `duplicate_same_number`, `duplicate_without_number`, `number_of_another` | validator | 8 each |
//! | `parent_too_young` | validator | 5 |
//! | `no_head`, `two_permanent_residences` | validator | 4, 3 |
//! | `name_mark_lost`, `name_misspelt`, `name_case` | paper | 45, 35, 25 |
//! | `name_encoding`, `name_tone_placement` | paper | 20 each |
//! | `day_month_swapped`, `wrong_ethnic_group`, `number_mistyped` | paper | 35, 30, 15 |
//! | `phone_out_of_date` | statement | 45 |
//! | `moved_away_still_listed`, `old_address` | statement | 30 each |
//! | `died_still_listed` | statement | 17 |
//!
//! About 6 % of people. A person bears one error at most (an expired card shows in two columns),
//! and whoever an error also touches (the original of a duplicate, the true head beside a second
//! one) bears none: they are named in `involves`. A missing value is always of a column that
//! applies: for everyone ethnic group, religion, places, parents; from 18 marital status; for the
//! married the spouse; from 14 a number, a card and an e-ID level; for a head the telephone.
//!
//! Sound people keep all of that filled, except that a newborn of up to 45 days has no number and a
//! card issued at 58 or later has no end.

mod kind;
mod spoil;
pub mod text;

use crate::commune::{Commune, RecordKey, RowKey, WrongPaper};
use crate::extract::Column;
use crate::person::PersonKey;
use crate::rng::Rng;

pub use kind::{Kind, KnownBy};

/// One planted error, as it stands in the present edition.
#[derive(Clone, Debug)]
pub struct Planted {
    pub kind: Kind,
    pub record: RecordKey,
    /// The household of the wrong row, where a row is wrong and not the person.
    pub household: Option<usize>,
    /// `None`: the whole record should not be there.
    pub field: Option<Column>,
    pub register_value: String,
    pub true_value: String,
    /// Other people whom a check of this error may mark too, though nothing is wrong with them.
    pub involves: Vec<PersonKey>,
    /// The edition it was first seen in.
    pub since_edition: String,
}

/// Plants every kind at its rate, and a few papers that are wrong themselves.
pub(crate) fn plant(commune: &mut Commune, rng: &mut Rng) {
    let mut rows: Vec<RowKey> = commune.rows().collect();
    rng.shuffle(&mut rows);
    let people = commune.people.len();
    let mut spoiler = spoil::Spoiler::new(commune);
    for kind in Kind::ALL {
        let mut left = kind.wanted(people);
        let start = rng.below(rows.len() as u32) as usize;
        for step in 0..rows.len() {
            if left == 0 {
                break;
            }
            if spoiler.try_plant(rng, *kind, rows[(start + step) % rows.len()]) {
                left -= 1;
            }
        }
    }
    let untouched = spoiler.untouched();
    plant_wrong_papers(commune, rng, &untouched);
}

/// In 40 of 10,000 people a paper misspells the name, and the register is right.
fn plant_wrong_papers(commune: &mut Commune, rng: &mut Rng, untouched: &[bool]) {
    for person in &commune.people {
        if !untouched[person.key.index()] || !rng.chance(40) {
            continue;
        }
        let spoilt = text::misspell(rng, &person.full_name).or_else(|| text::lose_mark(rng, &person.full_name));
        if let Some(value) = spoilt {
            let paper = rng.pick(&["household_book", "birth_certificate", "health_insurance_card"]);
            commune.wrong_papers.push(WrongPaper { person: person.key, paper, field: Column::FullName, value });
        }
    }
}

impl Planted {
    /// How it can be known. That a card has expired shows in its end; its day of issue only on the
    /// new one.
    pub fn known_by(&self) -> KnownBy {
        match (self.kind, self.field) {
            (Kind::ExpiredCard, Some(Column::CardIssued)) => KnownBy::Paper,
            (kind, _) => kind.known_by(),
        }
    }
}
