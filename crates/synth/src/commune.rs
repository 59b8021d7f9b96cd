//! A commune as plain data: the people as they are, and what the register says of them.
//!
//! Truth and register are held apart: `people` is true, a [`Record`] overrides single values of it,
//! and `planted` says why. It judges nothing.

use crate::date::Date;
use crate::extract::Column;
use crate::next::Approved;
use crate::person::{Person, PersonKey};
use crate::places::{Dwelling, Hamlet};
use crate::plant::Planted;
use crate::tables::Unit;
use crate::truth::Event;

/// One edition of a commune's register, with the truth behind it.
#[derive(Clone, Debug)]
pub struct Commune {
    pub seed: u64,
    pub unit: Unit,
    /// `2026-11`; sorts by time.
    pub edition: String,
    /// The day the edition was drawn; ages, cards and stays are true for this day.
    pub as_of: Date,
    pub hamlets: Vec<Hamlet>,
    pub dwellings: Vec<Dwelling>,
    pub households: Vec<Household>,
    /// Everyone who ever was in an edition, indexed by [`PersonKey`].
    pub people: Vec<Person>,
    /// What the register holds; a person may be recorded twice by mistake.
    pub records: Vec<Record>,
    pub planted: Vec<Planted>,
    /// Papers that are wrong themselves while the register is right.
    pub wrong_papers: Vec<WrongPaper>,
    /// What happened since the edition before; empty in the first.
    pub events: Vec<Event>,
    /// Approved corrections that named nobody, when this edition was made.
    pub unmatched: Vec<Approved>,
}

/// A residence dossier.
#[derive(Clone, Debug)]
pub struct Household {
    /// Number of the residence dossier.
    pub number: String,
    /// Index into the commune's dwellings.
    pub dwelling: usize,
    /// In the order of the dossier, the head first.
    pub members: Vec<Member>,
}

/// One row of the extract: a record's tie to a place.
#[derive(Clone, Debug)]
pub struct Member {
    pub record: RecordKey,
    pub relationship: String,
    pub kind: ResidenceKind,
    pub since: Date,
    pub until: Option<Date>,
}

/// Index into [`Commune::records`], stable over editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey(pub u32);

/// A person's entry in the register.
#[derive(Clone, Debug)]
pub struct Record {
    pub person: PersonKey,
    /// Values that differ from the truth, at most one for a column.
    pub overrides: Vec<(Column, String)>,
}

/// A paper that says something else than both register and truth.
#[derive(Clone, Debug)]
pub struct WrongPaper {
    pub person: PersonKey,
    pub paper: &'static str,
    pub field: Column,
    pub value: String,
}

/// Dated tie of a person to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidenceKind {
    Permanent,
    Temporary,
    Current,
    Absent,
    ShortStay,
}

impl ResidenceKind {
    /// As the extract writes it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Temporary => "temporary",
            Self::Current => "current",
            Self::Absent => "absent",
            Self::ShortStay => "short_stay",
        }
    }

    /// The kind with this word, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Permanent, Self::Temporary, Self::Current, Self::Absent, Self::ShortStay]
            .into_iter()
            .find(|kind| kind.text() == text)
    }
}

impl RecordKey {
    /// The index into [`Commune::records`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Record {
    /// A record that says the truth.
    pub fn of(person: PersonKey) -> Self {
        Self { person, overrides: Vec::new() }
    }

    /// What the register says instead of the truth, if it does.
    pub fn override_of(&self, column: Column) -> Option<&str> {
        self.overrides.iter().find(|(each, _)| *each == column).map(|(_, value)| value.as_str())
    }

    /// Makes the register say this of the person.
    pub fn set_override(&mut self, column: Column, value: String) {
        self.clear_override(column);
        self.overrides.push((column, value));
    }

    /// Makes the register say the truth again.
    pub fn clear_override(&mut self, column: Column) {
        self.overrides.retain(|(each, _)| *each != column);
    }
}

/// Where a row stands: household and place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    pub household: usize,
    pub member: usize,
}

impl Commune {
    /// The true person behind a record.
    pub fn person_of(&self, record: RecordKey) -> &Person {
        &self.people[self.records[record.index()].person.index()]
    }

    /// Every row of the extract in its order; the first stands on line 2 of the file.
    pub fn rows(&self) -> impl Iterator<Item = RowKey> + '_ {
        self.households
            .iter()
            .enumerate()
            .flat_map(|(household, each)| (0..each.members.len()).map(move |member| RowKey { household, member }))
    }

    /// The member behind a row.
    pub fn member(&self, row: RowKey) -> &Member {
        &self.households[row.household].members[row.member]
    }

    /// For every record its rows, with the line of the file each stands on.
    pub fn rows_by_record(&self) -> Vec<Vec<(RowKey, usize)>> {
        let mut found = vec![Vec::new(); self.records.len()];
        for (index, row) in self.rows().enumerate() {
            found[self.member(row).record.index()].push((row, index + 2));
        }
        found
    }

    /// Households that someone is listed in.
    pub fn listed_households(&self) -> usize {
        self.households.iter().filter(|household| !household.members.is_empty()).count()
    }
}
