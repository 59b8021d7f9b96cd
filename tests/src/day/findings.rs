//! What an officer finds at the doors of a made-up commune. It comes from the truth behind the extract alone, never
//! from the product's rules: who finds must not be who judges.

use std::collections::HashMap;

use domain::field::Field;
use domain::text::nfc;
use synth::{Commune, Kind, KnownBy, Paper};

/// How the register lists someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Empty where there is none.
    pub id_number: String,
    /// NFC.
    pub full_name: String,
}

/// What is wrong, and what is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One value. Without a paper it is what the people at the door say.
    Value { field: Field, true_value: String, paper: Option<Paper> },
    /// On this day, `dd/mm/yyyy`.
    Died { on: String },
    /// On this day, `dd/mm/yyyy`.
    MovedAway { on: String },
    /// He lives elsewhere in the commune and is listed there as well.
    ListedTwice,
}

/// One thing to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub who: Listed,
    pub what: What,
}

/// Everything that can be found, by household number.
#[derive(Clone, Debug, Default)]
pub struct Findings(HashMap<String, Vec<Finding>>);

impl Findings {
    /// What papers and people at the doors of this edition show. Names that differ in their writing alone are right.
    pub fn of(commune: &Commune) -> Self {
        let mut findings = Self::default();
        for error in commune.truth().errors {
            let Some(what) = what_of(error.kind, error.known_by, error.field, error.true_value, error.paper) else {
                continue;
            };
            let who = Listed { id_number: error.who.id_number, full_name: nfc(&error.who.name).into_owned() };
            findings.0.entry(error.who.household_no).or_default().push(Finding { who, what });
        }
        findings
    }

    /// What is to be found in a household.
    pub fn at(&self, household_no: &str) -> &[Finding] {
        self.0.get(household_no).map_or(&[], Vec::as_slice)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn what_of(kind: Kind, known_by: KnownBy, column: &str, true_value: String, paper: Option<Paper>) -> Option<What> {
    match kind {
        Kind::DiedStillListed => Some(What::Died { on: true_value }),
        Kind::MovedAwayStillListed => Some(What::MovedAway { on: true_value }),
        kind if kind.is_duplicate() => Some(What::ListedTwice),
        kind if kind.is_same_name() || true_value.is_empty() => None,
        _ => {
            let field = Field::from_column(column)?;
            let can_be_shown = paper.is_some() || known_by != KnownBy::Paper;
            can_be_shown.then_some(What::Value { field, true_value, paper })
        }
    }
}
