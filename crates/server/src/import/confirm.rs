//! Which approved corrections the new edition shows.
//!
//! A text is shown where it is the same but for case, normal form and tone placement, the differences that clear
//! themselves; numbers, codes and dates must be equal.

use std::collections::HashMap;

use domain::field::{Field, Subject};
use domain::id::{CorrectionId, EntityId, PersonId};
use domain::register::{RegisterDwelling, ResidenceKind};
use domain::text::{compare_names, nfc};

use super::census::Census;
use super::identity::{Identities, PersonLink};
use super::known::OpenCorrection;
use super::packed::PackedPerson;

/// The corrections whose proposed value stands in the edition, in the order in which they were given.
pub(super) fn find_confirmed(
    corrections: &[OpenCorrection],
    census: &Census,
    identities: &Identities,
    dwellings: &[RegisterDwelling],
) -> Vec<CorrectionId> {
    if corrections.is_empty() {
        return Vec::new();
    }
    let linked: HashMap<PersonId, PersonId> =
        identities.links.iter().map(|PersonLink { added, register_person }| (*added, *register_person)).collect();
    let persons = place_of(identities.persons.iter().map(|id| EntityId(id.0)));
    let households = place_of(identities.households.iter().map(|id| EntityId(id.0)));
    let dwelling_places = place_of(dwellings.iter().map(|dwelling| EntityId(dwelling.id.0)));
    let is_shown = |correction: &&OpenCorrection| match correction.subject {
        Subject::Person => {
            let id = PersonId(correction.subject_id.0);
            let id = linked.get(&id).copied().unwrap_or(id);
            persons.get(&EntityId(id.0)).is_some_and(|place| person_shows(census, *place, correction))
        }
        Subject::Household => households.get(&correction.subject_id).is_some_and(|place| {
            let number = census.households[*place].household_no.as_str();
            correction.field == Field::HouseholdNo && says(Field::HouseholdNo, Some(number), correction)
        }),
        Subject::Dwelling => dwelling_places
            .get(&correction.subject_id)
            .is_some_and(|place| dwelling_shows(&dwellings[*place], correction)),
    };
    corrections.iter().filter(is_shown).map(|correction| correction.id).collect()
}

fn place_of(ids: impl Iterator<Item = EntityId>) -> HashMap<EntityId, usize> {
    ids.enumerate().map(|(place, id)| (id, place)).collect()
}

fn person_shows(census: &Census, place: usize, correction: &OpenCorrection) -> bool {
    let person = PackedPerson::unpack(&census.persons[place].packed);
    let field = correction.field;
    match field {
        Field::ResidenceKind => person.residences.iter().any(|one| says(field, Some(name_of(one.kind)), correction)),
        Field::ResidenceSince => person.residences.iter().any(|one| says(field, one.since.as_deref(), correction)),
        Field::ResidenceUntil => person.residences.iter().any(|one| says(field, one.until.as_deref(), correction)),
        _ if field.subject() == Subject::Person => {
            says(field, person.fields.get(&field).map(String::as_str), correction)
        }
        _ => false,
    }
}

fn dwelling_shows(dwelling: &RegisterDwelling, correction: &OpenCorrection) -> bool {
    let field = correction.field;
    let degrees = |shown: Option<i32>| {
        let proposed = correction.proposed_value.as_deref().map(|text| text.replace(',', ".").parse::<f64>());
        match (shown, proposed) {
            (None, None) => true,
            (Some(shown), Some(Ok(proposed))) => shown == (proposed * 1e6).round() as i32,
            _ => false,
        }
    };
    match field {
        Field::Hamlet => says(field, Some(&dwelling.hamlet), correction),
        Field::Alley => says(field, dwelling.alley.as_deref(), correction),
        Field::HouseNo => says(field, dwelling.house_no.as_deref(), correction),
        Field::DwellingKind => says(field, dwelling.kind.as_deref(), correction),
        Field::Latitude => degrees(dwelling.lat_e6),
        Field::Longitude => degrees(dwelling.lon_e6),
        _ => false,
    }
}

/// Whether the edition's value is the proposed one. An empty column is shown by an empty column.
fn says(field: Field, shown: Option<&str>, correction: &OpenCorrection) -> bool {
    match (shown, correction.proposed_value.as_deref().map(str::trim).filter(|text| !text.is_empty())) {
        (None, None) => true,
        (Some(shown), Some(proposed)) if is_exact(field) => shown == nfc(proposed),
        (Some(shown), Some(proposed)) => compare_names(shown, proposed).clears_itself(),
        _ => false,
    }
}

fn is_exact(field: Field) -> bool {
    use Field as F;
    matches!(
        field,
        F::IdNumber
            | F::OldCmnd
            | F::BirthDate
            | F::CardIssued
            | F::CardExpires
            | F::EidLevel
            | F::Phone
            | F::DeathDate
            | F::ResidenceKind
            | F::ResidenceSince
            | F::ResidenceUntil
            | F::HouseholdNo
            | F::HouseNo
            | F::DwellingKind
    )
}

fn name_of(kind: ResidenceKind) -> &'static str {
    match kind {
        ResidenceKind::Permanent => "permanent",
        ResidenceKind::Temporary => "temporary",
        ResidenceKind::Current => "current",
        ResidenceKind::Absent => "absent",
        ResidenceKind::ShortStay => "short_stay",
    }
}
