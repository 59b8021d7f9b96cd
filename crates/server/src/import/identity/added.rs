//! Which people added at the doors the register now holds.

use std::collections::HashMap;

use domain::date::{DateDifference, PartialDate, compare as compare_dates};
use domain::field::Field;
use domain::id::{HouseholdId, PersonId};
use domain::text::fold_search;

use super::super::census::{Census, CensusPerson};
use super::super::keys::parse_id_number;
use super::super::known::AddedPerson;
use super::{IdentityNote, Known, PersonLink};

/// A link needs the ID number with name or birth date, or the household with both, the officer's spelling folded.
pub(super) fn link_added_persons(
    census: &Census,
    known: &Known,
    households: &[HouseholdId],
    persons: &[PersonId],
    notes: &mut Vec<IdentityNote>,
) -> Vec<PersonLink> {
    if known.added.is_empty() {
        return Vec::new();
    }
    let mut of_number: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut of_household: HashMap<HouseholdId, Vec<usize>> = HashMap::new();
    for (place, person) in census.persons.iter().enumerate() {
        of_household.entry(households[person.household]).or_default().push(place);
        if let Some(number) = person.id_number {
            of_number.entry(number).or_default().push(place);
        }
    }
    let mut links = Vec::new();
    for added in &known.added {
        let number = added.fields.get(&Field::IdNumber).and_then(|text| parse_id_number(text));
        let by_number = number.and_then(|number| of_number.get(&number)).into_iter().flatten().filter(|place| {
            let person = &census.persons[**place];
            name_fits(added, person) || birth_fits(added, person)
        });
        let by_household = of_household.get(&added.household).into_iter().flatten().filter(|place| {
            let person = &census.persons[**place];
            let numbers_allow = number.is_none() || person.id_number.is_none();
            numbers_allow && name_fits(added, person) && birth_fits(added, person)
        });
        let mut candidates: Vec<PersonId> = by_number.chain(by_household).map(|place| persons[*place]).collect();
        candidates.sort_unstable();
        candidates.dedup();
        match candidates[..] {
            [] => {}
            [register_person] => links.push(PersonLink { added: added.id, register_person }),
            _ => notes.push(IdentityNote::AddedAmbiguous { person: added.id, candidates }),
        }
    }
    links
}

fn name_fits(added: &AddedPerson, person: &CensusPerson) -> bool {
    let name = added.fields.get(&Field::FullName);
    name.is_some_and(|name| fold_search(name) == fold_search(&person.full_name))
}

fn birth_fits(added: &AddedPerson, person: &CensusPerson) -> bool {
    let date = |text: Option<&str>| text.and_then(|text| text.parse::<PartialDate>().ok());
    let ours = date(added.fields.get(&Field::BirthDate).map(String::as_str));
    match (ours, date(person.birth_date.as_deref())) {
        (Some(ours), Some(theirs)) => compare_dates(ours, theirs) != DateDifference::Different,
        _ => false,
    }
}
