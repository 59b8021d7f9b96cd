//! The four marks of a person: đúng (correct), đủ (complete), sạch (clean), sống (alive), each with its reasons.
//!
//! Owns their rules. They stand outside the fold: `today` and what the tables derive (open discrepancies, people with
//! the same number, the last meeting) are parameters. Refuses to change anything: a mark shows, a person decides.

mod clean;
mod complete;
mod finding;

use jiff::civil::Date;
use serde::Serialize;

use crate::date::{PartialDate, days_between};
use crate::field::Field;
use crate::fold::ResidenceState;
use crate::register::{RegisterResidence, ResidenceKind};

pub use complete::{Need, need_of};
pub use finding::{Finding, LawKey, Reason};

/// How long after a meeting a person counts as seen, where the unit has not set another number of days.
pub const DEFAULT_ALIVE_DAYS: u32 = 180;

/// The fields that a paper or a meeting has to confirm before a record is correct.
pub const CORE_FIELDS: [Field; 4] = [Field::FullName, Field::BirthDate, Field::Sex, Field::IdNumber];

/// Whether a mark is lit, and if not, what kind of work would light it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkState {
    Lit,
    /// Something is still to be asked, filled in or seen. Shown in amber.
    Incomplete,
    /// Something contradicts. Shown in red.
    Wrong,
}

/// One mark. `reasons` is empty exactly where the mark is lit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Mark {
    pub state: MarkState,
    pub reasons: Vec<Reason>,
}

/// The four marks of one person on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Marks {
    /// Đúng: no open discrepancy, and the core fields confirmed by a paper or a meeting.
    pub correct: Mark,
    /// Đủ: every applicable column filled ([`need_of`]).
    pub complete: Mark,
    /// Sạch: no impossible or contradictory value, no other person with the same number.
    pub clean: Mark,
    /// Sống: met in person or by phone within the unit's number of days.
    pub alive: Mark,
}

/// One dated tie of the person to a place, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct ResidenceView<'a> {
    pub kind: ResidenceKind,
    pub since: Option<&'a str>,
    pub until: Option<&'a str>,
    pub relationship_to_head: Option<&'a str>,
}

macro_rules! view_of {
    ($($residence:ty)*) => {$(
        impl<'a> From<&'a $residence> for ResidenceView<'a> {
            fn from(residence: &'a $residence) -> Self {
                Self {
                    kind: residence.kind,
                    since: residence.since.as_deref(),
                    until: residence.until.as_deref(),
                    relationship_to_head: residence.relationship_to_head.as_deref(),
                }
            }
        }
    )*};
}

view_of!(RegisterResidence ResidenceState);

/// What is known of one person.
pub struct MarkInput<'a> {
    /// The person's own fields (1–24); an empty or blank text counts as `None`.
    pub field: &'a dyn Fn(Field) -> Option<&'a str>,
    pub residences: &'a [ResidenceView<'a>],
    /// Someone told of the death (a removal by death), whether or not its date is written.
    pub has_died: bool,
    /// Fields on which register, paper and statement do not agree, and nobody has decided yet.
    pub open_discrepancies: &'a [Field],
    /// Whether a paper or a meeting confirmed the present value of a field (or that it is rightly empty).
    pub is_confirmed: &'a dyn Fn(Field) -> bool,
    /// How many other people of the unit carry the same active ID number.
    pub others_with_same_id_number: u32,
    /// The last meeting in person or by phone.
    pub last_met: Option<Date>,
    pub today: Date,
    pub alive_days: u32,
}

impl<'a> MarkInput<'a> {
    fn filled(&self, field: Field) -> Option<&'a str> {
        (self.field)(field).map(str::trim).filter(|text| !text.is_empty())
    }

    fn date(&self, field: Field) -> Option<PartialDate> {
        self.filled(field)?.parse().ok()
    }

    /// Told of, or a date of death is written, readable or not.
    fn is_dead(&self) -> bool {
        self.has_died || self.filled(Field::DeathDate).is_some_and(|text| !crate::text::is_stated_none(text))
    }
}

/// The four marks of a person.
pub fn marks(input: &MarkInput<'_>) -> Marks {
    Marks {
        correct: correct(input),
        complete: mark(MarkState::Incomplete, complete::findings(input)),
        clean: mark(MarkState::Wrong, clean::findings(input)),
        alive: alive(input),
    }
}

fn mark(unlit: MarkState, findings: Vec<Finding>) -> Mark {
    let state = if findings.is_empty() { MarkState::Lit } else { unlit };
    Mark { state, reasons: findings.into_iter().map(Reason::from).collect() }
}

fn correct(input: &MarkInput<'_>) -> Mark {
    let open = input.open_discrepancies.iter().map(|&field| Finding::DiscrepancyOpen { field });
    let unconfirmed = CORE_FIELDS.into_iter().filter(|&field| !(input.is_confirmed)(field));
    let findings = open.chain(unconfirmed.map(|field| Finding::CoreFieldUnconfirmed { field })).collect();
    let unlit = if input.open_discrepancies.is_empty() { MarkState::Incomplete } else { MarkState::Wrong };
    mark(unlit, findings)
}

/// Nobody is asked to meet the dead; but a meeting after the date of death contradicts it.
fn alive(input: &MarkInput<'_>) -> Mark {
    if input.is_dead() {
        let death = input.date(Field::DeathDate);
        let met_later = death.zip(input.last_met).is_some_and(|(death, met)| met > death.latest());
        return mark(MarkState::Wrong, if met_later { vec![Finding::MetAfterDeath] } else { vec![] });
    }
    let Some(last_met) = input.last_met else {
        return mark(MarkState::Incomplete, vec![Finding::NeverMet]);
    };
    // A meeting in the future is a clock that was wrong, not a person unseen.
    let days = u32::try_from(days_between(last_met, input.today)).unwrap_or(0);
    let too_long = days > input.alive_days;
    let findings = if too_long { vec![Finding::MetTooLongAgo { days, limit: input.alive_days }] } else { vec![] };
    mark(MarkState::Incomplete, findings)
}

#[cfg(test)]
mod tests;
