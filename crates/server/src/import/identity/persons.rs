//! Which people of the edition are ones that are known.
//!
//! First by ID number with name and birth date; then by an approved correction of the number; then by everything else
//! at once: the number with one of the two, or household, name and birth date, or, where the household changed, name,
//! birth date and a parent's name or the old CMND. A pair is taken only where neither fits anyone else.

use std::collections::{HashMap, HashSet};

use domain::date::{DateDifference, DatePrecision, PartialDate, compare as compare_dates};
use domain::field::{Field, Subject};
use domain::id::HouseholdId;
use domain::text::{NameDifference, compare_names, fold_search};

use super::super::census::{Census, CensusPerson};
use super::super::keys::parse_id_number;
use super::super::known::KnownPerson;
use super::super::packed::PackedPerson;
use super::places::Matches;
use super::{IdentityNote, Known, ProposedValues};

/// The result: for each person of the census, the place of the known one.
pub(super) struct Matched {
    pub(super) of_census: Matches,
    pub(super) notes: Vec<IdentityNote>,
    /// Known people of the edition in force whom nobody is.
    pub(super) lost: Vec<usize>,
}

/// The matching while it goes on.
pub(super) struct Matching<'a> {
    census: &'a Census,
    known: &'a Known,
    proposed: ProposedValues<'a>,
    of_census: Matches,
    taken: Vec<bool>,
    /// Present and former numbers.
    of_number: HashMap<u64, Vec<usize>>,
    of_proposed_number: HashMap<u64, Vec<usize>>,
    census_numbers: HashSet<u64>,
    notes: Vec<IdentityNote>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(census: &'a Census, known: &'a Known) -> Self {
        let proposed = known.proposed_values(Subject::Person);
        let (mut of_number, mut of_proposed_number) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (at, person) in known.persons.iter().enumerate() {
            let numbers: HashSet<u64> = person
                .id_number
                .iter()
                .chain(&person.former_id_numbers)
                .filter_map(|text| parse_id_number(text))
                .collect();
            for number in numbers {
                of_number.entry(number).or_default().push(at);
            }
            for number in proposed.of(person.id, Field::IdNumber).filter_map(parse_id_number) {
                of_proposed_number.entry(number).or_default().push(at);
            }
        }
        Self {
            census,
            known,
            proposed,
            of_census: vec![None; census.persons.len()],
            taken: vec![false; known.persons.len()],
            of_number,
            of_proposed_number,
            census_numbers: census.persons.iter().filter_map(|person| person.id_number).collect(),
            notes: Vec::new(),
        }
    }

    /// For each person of the census, the place of the known one, as far as it was found.
    pub(super) fn of_census(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.of_census.iter().copied()
    }

    /// The number stayed, or an approved correction says what it became.
    pub(super) fn match_by_number(&mut self) {
        self.match_round(|matching, person| {
            let same_number = person.id_number.and_then(|number| matching.of_number.get(&number));
            let fits = |known: &KnownPerson| {
                person.birth_date.as_deref() == known.birth_date.as_deref()
                    && compare_names(&person.full_name, &known.full_name).clears_itself()
            };
            matching.those(same_number, fits)
        });
        self.match_round(|matching, person| {
            let proposed_number = person.id_number.and_then(|number| matching.of_proposed_number.get(&number));
            matching
                .those(proposed_number, |known| matching.name_fits(person, known) && matching.birth_fits(person, known))
        });
    }

    /// Everything else that may tell, at once: what fits two is ambiguous.
    pub(super) fn match_by_other_evidence(&mut self, households: &Matches) {
        let household_ids: Vec<Option<HouseholdId>> =
            households.iter().map(|at| at.map(|at| self.known.households[at].household.id)).collect();
        let index = EvidenceIndex::new(self);
        let ambiguous = self.match_round(|matching, person| {
            let household = household_ids[person.household];
            let mut candidates = matching.candidates_by_number(person, household);
            candidates.extend(matching.candidates_by_household(person, household, &index));
            candidates.extend(matching.candidates_elsewhere(person, &index));
            candidates.sort_unstable();
            candidates.dedup();
            candidates
        });
        for (place, candidates) in ambiguous {
            let candidates = candidates.iter().map(|at| self.known.persons[*at].id).collect();
            let line = self.census.persons[place].line;
            self.notes.push(IdentityNote::PersonAmbiguous { line, candidates });
        }
        self.note_numbers_of_others();
    }

    pub(super) fn finish(self) -> Matched {
        let is_lost = |at: &usize| self.known.persons[*at].held && !self.taken[*at];
        let lost = (0..self.known.persons.len()).filter(is_lost).collect();
        Matched { of_census: self.of_census, notes: self.notes, lost }
    }

    /// One round: gathers the candidates of everyone without an id and takes the pairs that fit nobody else. Gives the
    /// rest with their candidates.
    fn match_round(&mut self, candidates_of: impl Fn(&Self, &CensusPerson) -> Vec<usize>) -> Vec<(usize, Vec<usize>)> {
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut claims: HashMap<usize, usize> = HashMap::new();
        for (place, person) in
            self.census.persons.iter().enumerate().filter(|(place, _)| self.of_census[*place].is_none())
        {
            let candidates = candidates_of(self, person);
            if !candidates.is_empty() {
                candidates.iter().for_each(|at| *claims.entry(*at).or_default() += 1);
                open.push((place, candidates));
            }
        }
        open.retain(|(place, candidates)| {
            let [at] = candidates[..] else { return true };
            if claims[&at] > 1 {
                return true;
            }
            self.of_census[*place] = Some(at);
            self.taken[at] = true;
            false
        });
        open
    }

    /// Those of the list that nobody has taken and that fit.
    fn those(&self, list: Option<&Vec<usize>>, fits: impl Fn(&KnownPerson) -> bool) -> Vec<usize> {
        let open = list.into_iter().flatten().copied().filter(|at| !self.taken[*at]);
        open.filter(|at| fits(&self.known.persons[*at])).collect()
    }

    fn candidates_by_number(&self, person: &CensusPerson, household: Option<HouseholdId>) -> Vec<usize> {
        let Some(number) = person.id_number else { return Vec::new() };
        let fits = |known: &KnownPerson| {
            let misspelt = || compare_names(&person.full_name, &known.full_name) <= NameDifference::Spelling;
            self.name_fits(person, known)
                || self.birth_fits(person, known)
                || (household == Some(known.household) && misspelt())
        };
        let mut candidates = self.those(self.of_number.get(&number), fits);
        candidates.extend(self.those(self.of_proposed_number.get(&number), fits));
        candidates
    }

    fn candidates_by_household(
        &self,
        person: &CensusPerson,
        household: Option<HouseholdId>,
        index: &EvidenceIndex,
    ) -> Vec<usize> {
        let Some(household) = household else { return Vec::new() };
        let key = (household, person.birth_date.clone());
        self.those(index.by_household_and_birth.get(&key), |known| self.is_same_name(person, known))
    }

    fn candidates_elsewhere(&self, person: &CensusPerson, index: &EvidenceIndex) -> Vec<usize> {
        let Some(birth) = person.birth_date.as_deref().filter(|birth| is_exact(birth)) else { return Vec::new() };
        let list = index.by_name_and_birth.get(&(fold_search(&person.full_name), birth.into()));
        if list.is_none() {
            return Vec::new();
        }
        let own = PackedPerson::unpack(&person.packed);
        let has_same = |field: Field, theirs: &Option<String>| match (own.fields.get(&field), theirs) {
            (Some(ours), Some(theirs)) => fold_search(ours) == fold_search(theirs),
            _ => false,
        };
        self.those(list, |known| {
            self.is_same_name(person, known)
                && self.numbers_allow(person, known)
                && (has_same(Field::MotherName, &known.mother_name)
                    || has_same(Field::FatherName, &known.father_name)
                    || has_same(Field::OldCmnd, &known.old_cmnd))
        })
    }

    /// The known name, or one that an approved correction proposes; marks do not count.
    fn name_fits(&self, person: &CensusPerson, known: &KnownPerson) -> bool {
        let names = std::iter::once(known.full_name.as_str()).chain(self.proposed.of(known.id, Field::FullName));
        let folded = fold_search(&person.full_name);
        names.into_iter().any(|name| fold_search(name) == folded)
    }

    /// The same, where marks count.
    fn is_same_name(&self, person: &CensusPerson, known: &KnownPerson) -> bool {
        let mut names = std::iter::once(known.full_name.as_str()).chain(self.proposed.of(known.id, Field::FullName));
        names.any(|name| compare_names(&person.full_name, name).clears_itself())
    }

    /// The known birth date, one that says less or more of the same day, or one that an approved correction proposes.
    fn birth_fits(&self, person: &CensusPerson, known: &KnownPerson) -> bool {
        let Some(birth) = person.birth_date.as_deref() else { return known.birth_date.is_none() };
        let fits = |date: &str| match (birth.parse::<PartialDate>(), date.parse::<PartialDate>()) {
            (Ok(ours), Ok(theirs)) => compare_dates(ours, theirs) != DateDifference::Different,
            _ => birth == date,
        };
        known.birth_date.as_deref().is_some_and(fits) || self.proposed.of(known.id, Field::BirthDate).any(fits)
    }

    /// Two numbers that differ speak for two people, unless the one is gone from the register and the other never seen.
    fn numbers_allow(&self, person: &CensusPerson, known: &KnownPerson) -> bool {
        let theirs = known.id_number.as_deref().and_then(parse_id_number);
        if person.id_number == theirs {
            return true;
        }
        let is_gone = theirs.is_none_or(|number| !self.census_numbers.contains(&number));
        let is_unseen = person.id_number.is_none_or(|number| !self.of_number.contains_key(&number));
        is_gone && is_unseen
    }

    fn note_numbers_of_others(&mut self) {
        let ambiguous: HashSet<u64> = self
            .notes
            .iter()
            .filter_map(|note| if let IdentityNote::PersonAmbiguous { line, .. } = note { Some(*line) } else { None })
            .collect();
        for (place, person) in self.census.persons.iter().enumerate() {
            let holders = person.id_number.and_then(|number| self.of_number.get(&number));
            let holder = holders.into_iter().flatten().find(|at| !self.taken[**at]);
            let is_new = self.of_census[place].is_none() && !ambiguous.contains(&person.line);
            if let Some(holder) = holder.filter(|_| is_new) {
                let holder = self.known.persons[*holder].id;
                self.notes.push(IdentityNote::NumberHeldByAnother { line: person.line, holder });
            }
        }
    }
}

fn is_exact(date: &str) -> bool {
    date.parse::<PartialDate>().is_ok_and(|date| date.precision() == DatePrecision::Day)
}

/// The known people whom nobody has taken, by what is not a number.
struct EvidenceIndex {
    by_household_and_birth: HashMap<(HouseholdId, Option<Box<str>>), Vec<usize>>,
    by_name_and_birth: HashMap<(String, Box<str>), Vec<usize>>,
}

impl EvidenceIndex {
    fn new(matching: &Matching<'_>) -> Self {
        let mut index = Self { by_household_and_birth: HashMap::new(), by_name_and_birth: HashMap::new() };
        for (at, person) in matching.known.persons.iter().enumerate().filter(|(at, _)| !matching.taken[*at]) {
            let proposed = matching.proposed.of(person.id, Field::BirthDate);
            for birth in person.birth_date.as_deref().into_iter().chain(proposed) {
                index.by_household_and_birth.entry((person.household, Some(birth.into()))).or_default().push(at);
                index.by_name_and_birth.entry((fold_search(&person.full_name), birth.into())).or_default().push(at);
            }
            if person.birth_date.is_none() {
                index.by_household_and_birth.entry((person.household, None)).or_default().push(at);
            }
        }
        index
    }
}
