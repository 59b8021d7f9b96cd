//! What turns the edition that laptops hold into the next: only what differs.

use std::collections::HashMap;

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

    /// The records that turn this edition into `next`, a full edition, one by one: what is new or changed in the order
    /// of `next`, then people, households and dwellings that are gone.
    pub fn delta<I: IntoIterator<Item = EditionRecord>>(self, next: I) -> Delta<I::IntoIter> {
        Delta { held: self, next: next.into_iter(), gone: None }
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

    /// Whatever the next edition did not name.
    fn gone(&mut self) -> Vec<EditionRecord> {
        let mut persons: Vec<PersonId> = self.persons.drain().map(|(id, _)| id).collect();
        let mut households: Vec<HouseholdId> = self.households.drain().map(|(id, _)| id).collect();
        let mut dwellings: Vec<DwellingId> = self.dwellings.drain().map(|(id, _)| id).collect();
        persons.sort_unstable();
        households.sort_unstable();
        dwellings.sort_unstable();
        let persons = persons.into_iter().map(EditionRecord::PersonGone);
        let households = households.into_iter().map(EditionRecord::HouseholdGone);
        persons.chain(households).chain(dwellings.into_iter().map(EditionRecord::DwellingGone)).collect()
    }
}

/// The records of a delta.
pub struct Delta<I> {
    held: HeldEdition,
    next: I,
    gone: Option<std::vec::IntoIter<EditionRecord>>,
}

impl<I: Iterator<Item = EditionRecord>> Iterator for Delta<I> {
    type Item = EditionRecord;

    fn next(&mut self) -> Option<EditionRecord> {
        for record in self.next.by_ref() {
            if let Some(changed) = self.held.compare(record) {
                return Some(changed);
            }
        }
        let held = &mut self.held;
        self.gone.get_or_insert_with(|| held.gone().into_iter()).next()
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
