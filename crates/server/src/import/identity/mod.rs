//! Gives every dwelling, household and person of an edition its id: the one it had, where that is sure, else a new one.
//!
//! Identity is given once and only here; laptops never match. What fits two is given to neither: a new id can be
//! joined later, a wrong one cannot be parted.

mod added;
mod fresh;
mod persons;
mod places;

use std::collections::{BTreeSet, HashMap};

use domain::field::{Field, Subject};
use domain::id::{DwellingId, EntityId, HouseholdId, PersonId};
use uuid::Uuid;

use super::census::Census;
use super::known::{AddedPerson, KnownDwelling, KnownHousehold, KnownIdentities, KnownPerson, OpenCorrection};
use fresh::FreshIds;
pub use fresh::MakeId;

/// What could not be decided, for an operator to look at. Lines and ids, no values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum IdentityNote {
    /// The line's person could be any of these, or one of these could be several lines: a new id was given.
    PersonAmbiguous { line: u64, candidates: Vec<PersonId> },
    /// The line's ID number was held by someone of another name and another birth date: a new id was given.
    NumberHeldByAnother { line: u64, holder: PersonId },
    /// The line brings back someone who was erased: under another id, for the erased one stays gone. Whether the
    /// register may hold him again is a person's to decide.
    ErasedReturned { line: u64, erased: PersonId },
    /// Someone added at a door could be any of these people: no link was made.
    AddedAmbiguous { person: PersonId, candidates: Vec<PersonId> },
}

/// Someone added at a door whom the register now holds: becomes `PersonLinked`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonLink {
    pub added: PersonId,
    pub register_person: PersonId,
}

/// Everything known of one unit, gathered.
#[derive(Default)]
pub(super) struct Known {
    dwellings: Vec<KnownDwelling>,
    households: Vec<KnownHousehold>,
    persons: Vec<KnownPerson>,
    added: Vec<AddedPerson>,
    pub(super) corrections: Vec<OpenCorrection>,
    erased: BTreeSet<PersonId>,
}

impl Known {
    pub(super) fn gather<K: KnownIdentities>(source: &K) -> Result<Self, K::Error> {
        let mut known = Self::default();
        source.dwellings(&mut |dwelling| known.dwellings.push(dwelling))?;
        source.households(&mut |household| known.households.push(household))?;
        source.persons(&mut |person| known.persons.push(person))?;
        source.added_persons(&mut |person| known.added.push(person))?;
        source.open_corrections(&mut |correction| known.corrections.push(correction))?;
        source.erased_persons(&mut |person| {
            known.erased.insert(person);
        })?;
        Ok(known)
    }

    /// The values that approved corrections propose for one kind of subject.
    fn proposed_values(&self, subject: Subject) -> ProposedValues<'_> {
        let mut values = ProposedValues::default();
        for correction in self.corrections.iter().filter(|correction| correction.subject == subject) {
            if let Some(value) = &correction.proposed_value {
                values.0.entry(correction.subject_id).or_default().push((correction.field, value));
            }
        }
        values
    }
}

#[derive(Default)]
struct ProposedValues<'a>(HashMap<EntityId, Vec<(Field, &'a str)>>);

impl<'a> ProposedValues<'a> {
    fn of(&self, subject: impl Into<EntityId>, field: Field) -> impl Iterator<Item = &'a str> + '_ {
        let values = self.0.get(&subject.into()).into_iter().flatten();
        values.filter(move |(one, _)| *one == field).map(|(_, value)| *value)
    }
}

/// The ids of one edition, each list in the order of the census.
pub(super) struct Identities {
    pub(super) dwellings: Vec<DwellingId>,
    pub(super) households: Vec<HouseholdId>,
    pub(super) persons: Vec<PersonId>,
    pub(super) links: Vec<PersonLink>,
    pub(super) notes: Vec<IdentityNote>,
    /// People of the edition in force whom this one does not bring.
    pub(super) lost: Vec<PersonId>,
    /// How many of the lost have their ID number in a rejected row.
    pub(super) lost_in_rejected_rows: usize,
    /// People of the edition in force.
    pub(super) held: usize,
    /// People with an id that was known.
    pub(super) kept: usize,
}

/// Finds who is who. `make_id` makes the ids of those who are new.
pub(super) fn assign_identities(census: &Census, known: &Known, make_id: MakeId<'_>) -> Identities {
    let dwellings = places::match_dwellings(census, known);
    let mut households = places::match_households(census, known);
    let mut people = persons::Matching::new(census, known);
    people.match_by_number();
    places::match_renumbered_households(census, known, &dwellings, &people, &mut households);
    people.match_by_other_evidence(&households);

    let mut matched = people.finish();
    let mut fresh = FreshIds::new(census, known, make_id);
    let dwellings = places_of(&dwellings, |at| known.dwellings[at].dwelling.id.0, |place| fresh.dwelling(place));
    let households = places_of(&households, |at| known.households[at].household.id.0, |place| fresh.household(place));
    let persons = places_of(&matched.of_census, |at| known.persons[at].id.0, |place| fresh.person(place));
    let dwellings = dwellings.into_iter().map(DwellingId).collect();
    let households: Vec<HouseholdId> = households.into_iter().map(HouseholdId).collect();
    let persons: Vec<PersonId> = persons.into_iter().map(PersonId).collect();
    matched.notes.append(&mut fresh.notes);
    let mut notes = matched.notes;
    let links = added::link_added_persons(census, known, &households, &persons, &mut notes);
    Identities {
        dwellings,
        households,
        links,
        notes,
        lost_in_rejected_rows: matched.lost.iter().filter(|at| is_rejected(census, &known.persons[**at])).count(),
        lost: matched.lost.iter().map(|at| known.persons[*at].id).collect(),
        held: known.persons.iter().filter(|person| person.held).count(),
        kept: matched.of_census.iter().flatten().count(),
        persons,
    }
}

/// For each place of the census the id of what is known there, else a new one.
fn places_of(
    matches: &places::Matches,
    id_of: impl Fn(usize) -> Uuid,
    mut new: impl FnMut(usize) -> Uuid,
) -> Vec<Uuid> {
    matches.iter().enumerate().map(|(place, at)| at.map_or_else(|| new(place), &id_of)).collect()
}

fn is_rejected(census: &Census, person: &KnownPerson) -> bool {
    let number = person.id_number.as_deref().and_then(super::keys::parse_id_number);
    number.is_some_and(|number| census.rejected_numbers.contains(&number))
}
