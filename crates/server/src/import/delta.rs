//! What turns the edition that laptops hold into the next: only what differs.

use std::collections::{HashMap, VecDeque};

use domain::id::{DwellingId, HouseholdId, PersonId};
use domain::register::{EditionRecord, PersonPatch, RegisterDwelling, RegisterHousehold, RegisterPerson};

/// The edition that laptops hold, packed in memory.
#[derive(Default)]
pub struct HeldEdition {
    dwellings: HashMap<DwellingId, RegisterDwelling>,
    households: HashMap<HouseholdId, RegisterHousehold>,
    persons: HashMap<PersonId, Box<[u8]>>,
}

impl HeldEdition {
    /// Takes in one record of a full edition; those of a delta are not followed.
    pub fn insert(&mut self, record: EditionRecord) {
        match record {
            EditionRecord::Dwelling(dwelling) => {
                self.dwellings.insert(dwelling.id, dwelling);
            }
            EditionRecord::Household(household) => {
                self.households.insert(household.id, household);
            }
            EditionRecord::Person(person) => {
                let bytes = minicbor::to_vec(&person).expect("writing to a Vec cannot fail");
                self.persons.insert(person.id, bytes.into());
            }
            EditionRecord::PersonPatch(_)
            | EditionRecord::DwellingGone(_)
            | EditionRecord::HouseholdGone(_)
            | EditionRecord::PersonGone(_) => {}
        }
    }

    /// The records that turn this edition into `next`, a full edition, one by one: dwellings, households, people, of
    /// each kind first what is new or changed, in the order of `next`, then what is gone.
    pub fn delta<I: IntoIterator<Item = EditionRecord>>(self, next: I) -> Delta<I::IntoIter> {
        Delta { held: self, next: next.into_iter(), reached: 0, waiting: VecDeque::new() }
    }

    fn compare(&mut self, record: EditionRecord) -> Option<EditionRecord> {
        match record {
            EditionRecord::Dwelling(dwelling) => {
                let held = self.dwellings.remove(&dwelling.id);
                (held.as_ref() != Some(&dwelling)).then_some(EditionRecord::Dwelling(dwelling))
            }
            EditionRecord::Household(household) => {
                let held = self.households.remove(&household.id);
                (held.as_ref() != Some(&household)).then_some(EditionRecord::Household(household))
            }
            EditionRecord::Person(person) => {
                let Some(held) = self.persons.remove(&person.id) else { return Some(EditionRecord::Person(person)) };
                let held: RegisterPerson = minicbor::decode(&held).expect("what was packed here decodes");
                PersonPatch::between(&held, &person).map(EditionRecord::PersonPatch)
            }
            of_a_delta => Some(of_a_delta),
        }
    }

    /// Whatever of one kind the next edition did not name.
    fn gone(&mut self, kind: u8) -> Vec<EditionRecord> {
        let mut gone: Vec<EditionRecord> = match kind {
            0 => self.dwellings.drain().map(|(id, _)| EditionRecord::DwellingGone(id)).collect(),
            1 => self.households.drain().map(|(id, _)| EditionRecord::HouseholdGone(id)).collect(),
            _ => self.persons.drain().map(|(id, _)| EditionRecord::PersonGone(id)).collect(),
        };
        gone.sort_unstable_by_key(|record| match record {
            EditionRecord::DwellingGone(DwellingId(id))
            | EditionRecord::HouseholdGone(HouseholdId(id))
            | EditionRecord::PersonGone(PersonId(id)) => Some(*id),
            _ => None,
        });
        gone
    }
}

/// Dwellings, households, people, the end.
const END: u8 = 3;

fn kind_of(record: &EditionRecord) -> u8 {
    match record {
        EditionRecord::Dwelling(_) | EditionRecord::DwellingGone(_) => 0,
        EditionRecord::Household(_) | EditionRecord::HouseholdGone(_) => 1,
        EditionRecord::Person(_) | EditionRecord::PersonPatch(_) | EditionRecord::PersonGone(_) => 2,
    }
}

/// The records of a delta.
pub struct Delta<I> {
    held: HeldEdition,
    next: I,
    reached: u8,
    waiting: VecDeque<EditionRecord>,
}

impl<I: Iterator<Item = EditionRecord>> Iterator for Delta<I> {
    type Item = EditionRecord;

    fn next(&mut self) -> Option<EditionRecord> {
        while self.waiting.is_empty() && self.reached < END {
            let record = self.next.next();
            let kind = record.as_ref().map_or(END, kind_of);
            while self.reached < kind {
                let gone = self.held.gone(self.reached);
                self.waiting.extend(gone);
                self.reached += 1;
            }
            self.waiting.extend(record.and_then(|record| self.held.compare(record)));
        }
        self.waiting.pop_front()
    }
}

/// The records that turn the full edition `held` into the full edition `next`.
pub fn diff_editions(
    held: impl IntoIterator<Item = EditionRecord>,
    next: impl IntoIterator<Item = EditionRecord>,
) -> impl Iterator<Item = EditionRecord> {
    let mut edition = HeldEdition::default();
    held.into_iter().for_each(|record| edition.insert(record));
    edition.delta(next)
}
