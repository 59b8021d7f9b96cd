//! The kinds of planted errors: how often, how they can be known, on which paper.

use serde::Serialize;

/// How an error can come to light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// The record contradicts itself or another: no one need be asked.
    Validator,
    /// A paper of the person says otherwise.
    Paper,
    /// Only someone at the door can tell.
    Statement,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $known:ident $rate:literal,)+) => {
        /// A kind of planted error. In `truth.json` in snake case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $variant),+ }

        impl Kind {
            /// All kinds, the hardest to place first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// How it can be known.
            pub fn known_by(self) -> KnownBy {
                match self { $(Self::$variant => KnownBy::$known),+ }
            }

            /// Planted in so many of 10,000 people.
            pub fn per_10_000(self) -> usize {
                match self { $(Self::$variant => $rate),+ }
            }
        }
    };
}

kinds! {
    /// A second permanent residence instead of a temporary one.
    TwoPermanentResidences Validator 3,
    /// Card of before the last milestone; a new one was fetched.
    ExpiredCard Validator 25,
    /// A child less than 12 years younger than its parent, the head.
    ParentTooYoung Validator 5,
    /// A second head of the household.
    TwoHeads Validator 8,
    /// The head is listed as something else.
    NoHead Validator 4,
    /// The same number in a second household, under another name.
    DuplicateSameNumber Validator 8,
    /// The same person in a second household, without a number.
    DuplicateWithoutNumber Validator 8,
    /// Another resident's ID number.
    NumberOfAnother Validator 8,
    /// The number's digit for century and sex says the other sex.
    NumberSexDigit Validator 18,
    /// The number's year digits are not the birth year's.
    NumberBirthYear Validator 18,
    /// The other sex.
    WrongSex Validator 15,
    /// The birth year off by one to nine years.
    BirthYearOff Validator 30,
    /// A day that no calendar has: 30/02.
    ImpossibleDate Validator 12,
    /// A digit in the name.
    DigitInName Validator 10,
    /// A column that applies is empty.
    MissingValue Validator 80,
    /// Died, the register does not know.
    DiedStillListed Statement 17,
    /// Moved away for good, the register does not know.
    MovedAwayStillListed Statement 30,
    /// The permanent address of before the last move.
    OldAddress Statement 30,
    /// A telephone number given up.
    PhoneOutOfDate Statement 45,
    /// `hoà` for `hòa`: the same name.
    NameTonePlacement Paper 20,
    /// Day and month of birth swapped.
    DayMonthSwapped Paper 35,
    /// Two of the number's last six digits mistyped.
    NumberMistyped Paper 15,
    /// Another ethnic group.
    WrongEthnicGroup Paper 30,
    /// A tone, a hat or a bar lost in the name.
    NameMarkLost Paper 45,
    /// A syllable spelt as it sounds elsewhere.
    NameMisspelt Paper 35,
    /// The name in capitals or small letters: the same name.
    NameCase Paper 25,
    /// The name in decomposed characters (NFD): the same name.
    NameEncoding Paper 20,
}

impl Kind {
    /// How many to plant among so many people: the stated rate, and one of each from 500 people on.
    pub fn wanted(self, people: usize) -> usize {
        let rate = (people * self.per_10_000() + 5_000) / 10_000;
        if people >= 500 { rate.max(1) } else { rate }
    }

    /// True where register and paper say the same name, written otherwise; it may clear itself.
    pub fn is_same_name(self) -> bool {
        matches!(self, Self::NameTonePlacement | Self::NameCase | Self::NameEncoding)
    }

    /// True where the whole record should not be there.
    pub fn is_duplicate(self) -> bool {
        matches!(self, Self::DuplicateSameNumber | Self::DuplicateWithoutNumber)
    }

    /// True where a row of the person is wrong, not a value of the person.
    pub fn is_of_row(self) -> bool {
        matches!(self, Self::TwoPermanentResidences | Self::TwoHeads | Self::NoHead)
    }
}
