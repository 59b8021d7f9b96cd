//! Which dwellings and households of the edition are ones that are known.
//!
//! A household is its number; with a new number it is the same only where its people, all from one household whose
//! number is gone, still live in the same dwelling. A dwelling is its address; with another address it is the same only
//! where an approved correction, its kind alone, its own coordinates, or a house number given for the first time says
//! so.

use std::collections::{HashMap, HashSet};

use domain::field::{Field, Subject};
use domain::register::RegisterDwelling;
use domain::text::collation_key;

use super::super::census::{Census, CensusDwelling};
use super::super::keys::DwellingKey;
use super::Known;
use super::persons::Matching;

/// For each of the edition's, the place of the known one.
pub(super) type Matches = Vec<Option<usize>>;

/// Households with the number of a known one; one in force goes before one that is not.
pub(super) fn match_households(census: &Census, known: &Known) -> Matches {
    let mut of_number: HashMap<&str, usize> = HashMap::new();
    for (at, one) in known.households.iter().enumerate() {
        let found = of_number.entry(one.household.household_no.as_str()).or_insert(at);
        if one.held && !known.households[*found].held {
            *found = at;
        }
    }
    census.households.iter().map(|household| of_number.get(household.household_no.as_str()).copied()).collect()
}

/// Dwellings with a known address, then those that another sign recognises.
pub(super) fn match_dwellings(census: &Census, known: &Known) -> Matches {
    let mut matching = DwellingMatching {
        census,
        known,
        of_census: vec![None; census.dwellings.len()],
        taken: vec![false; known.dwellings.len()],
    };
    let keys = matching.known_keys();
    matching.match_by_address(&keys);
    matching.match_by_place(&keys);
    matching.match_by_coordinates();
    matching.match_first_house_number();
    matching.of_census
}

struct DwellingMatching<'a> {
    census: &'a Census,
    known: &'a Known,
    of_census: Matches,
    taken: Vec<bool>,
}

impl DwellingMatching<'_> {
    /// The keys of every known dwelling, corrected addresses included.
    fn known_keys(&self) -> Vec<(DwellingKey, usize)> {
        let mut numbers_of: HashMap<_, Vec<&str>> = HashMap::new();
        for one in &self.known.households {
            numbers_of.entry(one.household.dwelling).or_default().push(&one.household.household_no);
        }
        let proposed = self.known.proposed_values(Subject::Dwelling);
        let mut keys = Vec::new();
        for (at, one) in self.known.dwellings.iter().enumerate() {
            let dwelling = &one.dwelling;
            let proposed_of = |field| proposed.of(dwelling.id, field).last();
            let corrected = RegisterDwelling {
                hamlet: proposed_of(Field::Hamlet).unwrap_or(&dwelling.hamlet).to_owned(),
                alley: proposed_of(Field::Alley).or(dwelling.alley.as_deref()).map(str::to_owned),
                house_no: proposed_of(Field::HouseNo).or(dwelling.house_no.as_deref()).map(str::to_owned),
                kind: proposed_of(Field::DwellingKind).or(dwelling.kind.as_deref()).map(str::to_owned),
                ..dwelling.clone()
            };
            let no_number = [""];
            let numbers = numbers_of.get(&dwelling.id).map_or(&no_number[..], Vec::as_slice);
            for number in numbers {
                keys.push((key_of(dwelling, number), at));
                if corrected != *dwelling {
                    keys.push((key_of(&corrected, number), at));
                }
            }
        }
        keys
    }

    fn match_by_address(&mut self, keys: &[(DwellingKey, usize)]) {
        let mut of_key: HashMap<&DwellingKey, usize> = HashMap::new();
        for (key, at) in keys {
            let found = of_key.entry(key).or_insert(*at);
            if self.known.dwellings[*at].held && !self.known.dwellings[*found].held {
                *found = *at;
            }
        }
        for (place, dwelling) in self.census.dwellings.iter().enumerate() {
            if let Some(&at) = of_key.get(&dwelling.key) {
                self.take(place, at);
            }
        }
    }

    /// The same address with another kind.
    fn match_by_place(&mut self, keys: &[(DwellingKey, usize)]) {
        let known = keys.iter().filter(|(_, at)| !self.taken[*at]).map(|(key, at)| (key.place(), *at)).collect();
        let ours = self.unmatched().map(|(place, dwelling)| (dwelling.key.place(), place)).collect();
        self.take_pairs(pair_unique(known, ours));
    }

    /// Coordinates that one dwelling has, before and after: the address was written differently. A centre that many
    /// dwellings share says nothing.
    fn match_by_coordinates(&mut self) {
        let known: Vec<_> = self.known.dwellings.iter().enumerate().map(|(at, one)| (&one.dwelling, at)).collect();
        let known = known.into_iter().filter_map(|(one, at)| Some(((one.lat_e6?, one.lon_e6?), at))).collect();
        let ours = self.census.dwellings.iter().enumerate();
        let ours = ours.filter_map(|(place, one)| Some(((one.lat_e6?, one.lon_e6?), place))).collect();
        self.take_pairs(pair_unique(known, ours));
    }

    /// A dwelling whose every household lived in one dwelling of the same hamlet that had no house number.
    fn match_first_house_number(&mut self) {
        let households = match_households(self.census, self.known);
        let at_of: HashMap<_, _> =
            self.known.dwellings.iter().enumerate().map(|(at, one)| (one.dwelling.id, at)).collect();
        let mut homes: HashMap<usize, HashSet<Option<usize>>> = HashMap::new();
        for (household, known_at) in self.census.households.iter().zip(households) {
            let home = known_at.and_then(|at| at_of.get(&self.known.households[at].household.dwelling)).copied();
            homes.entry(household.dwelling).or_default().insert(home);
        }
        let mut pairs = Vec::new();
        for (place, dwelling) in self.unmatched() {
            let [Some(home)] = homes[&place].iter().copied().collect::<Vec<_>>()[..] else { continue };
            let former = &self.known.dwellings[home].dwelling;
            let had_none = !key_of(former, "").is_numbered;
            let same_hamlet = collation_key(&former.hamlet) == collation_key(&dwelling.hamlet);
            if had_none && dwelling.key.is_numbered && same_hamlet {
                pairs.push((home, place));
            }
        }
        self.take_pairs(pairs);
    }

    fn unmatched(&self) -> impl Iterator<Item = (usize, &CensusDwelling)> {
        self.census.dwellings.iter().enumerate().filter(|(place, _)| self.of_census[*place].is_none())
    }

    fn take_pairs(&mut self, pairs: Vec<(usize, usize)>) {
        for (at, place) in pairs {
            self.take(place, at);
        }
    }

    fn take(&mut self, place: usize, at: usize) {
        if !self.taken[at] && self.of_census[place].is_none() {
            self.taken[at] = true;
            self.of_census[place] = Some(at);
        }
    }
}

fn key_of(dwelling: &RegisterDwelling, household_no: &str) -> DwellingKey {
    DwellingKey::new(
        &dwelling.hamlet,
        dwelling.alley.as_deref(),
        dwelling.house_no.as_deref(),
        dwelling.kind.as_deref(),
        household_no,
    )
}

/// Pairs what has the same key, where exactly one on each side has it.
fn pair_unique<K: std::hash::Hash + Eq>(known: Vec<(K, usize)>, ours: Vec<(K, usize)>) -> Vec<(usize, usize)> {
    let mut of_key: HashMap<K, (HashSet<usize>, HashSet<usize>)> = HashMap::new();
    for (key, at) in known {
        of_key.entry(key).or_default().0.insert(at);
    }
    for (key, place) in ours {
        of_key.entry(key).or_default().1.insert(place);
    }
    let alone = |places: &HashSet<usize>| (places.len() == 1).then(|| places.iter().next().copied()).flatten();
    of_key.values().filter_map(|(known, ours)| Some((alone(known)?, alone(ours)?))).collect()
}

/// Households whose number is new, but whose people came, as one, from a household whose number is gone, and live where
/// it lived.
pub(super) fn match_renumbered_households(
    census: &Census,
    known: &Known,
    dwellings: &Matches,
    people: &Matching<'_>,
    households: &mut Matches,
) {
    let at_of: HashMap<_, _> = known.households.iter().enumerate().map(|(at, one)| (one.household.id, at)).collect();
    let mut origins: HashMap<usize, HashSet<usize>> = HashMap::new();
    for (person, known_at) in census.persons.iter().zip(people.of_census()) {
        let origin = known_at.and_then(|at| at_of.get(&known.persons[at].household));
        if let Some(&origin) = origin.filter(|_| households[person.household].is_none()) {
            origins.entry(person.household).or_default().insert(origin);
        }
    }
    let gone: HashSet<usize> = {
        let present: HashSet<usize> = households.iter().flatten().copied().collect();
        (0..known.households.len()).filter(|at| !present.contains(at)).collect()
    };
    let pairs = origins
        .iter()
        .filter(|(_, from)| from.len() == 1)
        .flat_map(|(place, from)| from.iter().map(|at| (*at, *place)));
    let (known_side, our_side) =
        pairs.filter(|(at, _)| gone.contains(at)).map(|(at, place)| ((at, at), (at, place))).unzip();
    for (at, place) in pair_unique(known_side, our_side) {
        let lives_there = dwellings[census.households[place].dwelling]
            .is_some_and(|dwelling| known.dwellings[dwelling].dwelling.id == known.households[at].household.dwelling);
        if lives_there {
            households[place] = Some(at);
        }
    }
}
