//! A month of life: births, deaths, moves, cards that end, stays that run out.
//!
//! The register learns all of it at once; nothing here plants an error.

use super::Month;
use crate::build::{self, Stay};
use crate::commune::{Member, RecordKey, ResidenceKind, RowKey};
use crate::extract::Column;
use crate::family::Families;
use crate::names::{Region, Sex};
use crate::people::{Origin, People, id_code_of_today};
use crate::person::{self, Numbers, PersonKey};
use crate::places::{DwellingKind, Ground};
use crate::truth::EventKind;

impl Month<'_> {
    pub(super) fn live(&mut self) {
        let unit = self.commune.unit.clone();
        let mut makers = People { unit: &unit, as_of: self.commune.as_of, numbers: self.numbers_in_use() };
        let mut ground = Ground::resume(&unit, &self.commune.hamlets, &self.commune.dwellings);
        self.give_numbers(&mut makers);
        self.renew_cards();
        self.end_stays();
        self.change_phones();
        self.let_some_die();
        self.let_households_leave();
        self.let_some_leave_alone();
        self.bear_children(&mut makers);
        self.split_households(&mut ground);
        self.take_in_households(&mut ground, &mut makers);
    }

    /// All numbers ever given, those that the register mistypes included.
    fn numbers_in_use(&self) -> Numbers {
        let mut numbers = Numbers::default();
        for person in &self.commune.people {
            numbers.take(&person.id_number);
            numbers.take(&person.old_cmnd);
        }
        for record in &self.commune.records {
            if let Some(number) = record.override_of(Column::IdNumber) {
                numbers.take(number);
            }
        }
        numbers
    }

    /// Rows of the edition before that still stand, one for each record, of people no error touches.
    fn free_rows(&self) -> Vec<RowKey> {
        let stands = |row: &RowKey| {
            let record = self.commune.member(*row).record;
            let person = self.commune.records[record.index()].person;
            !self.gone.contains(row) && !self.touched.contains(&person)
        };
        self.rows.iter().filter_map(|rows| rows.first().copied()).filter(stands).collect()
    }

    /// So many of 10,000 people out of those that qualify, at least one.
    fn some<T>(&mut self, per_10_000: usize, mut candidates: Vec<T>) -> Vec<T> {
        self.rng.shuffle(&mut candidates);
        candidates.truncate((self.commune.people.len() * per_10_000 / 10_000).max(1));
        candidates
    }

    fn person_key(&self, row: RowKey) -> PersonKey {
        self.commune.records[self.commune.member(row).record.index()].person
    }

    fn age(&self, row: RowKey) -> i32 {
        self.commune.people[self.person_key(row).index()].age(self.commune.as_of)
    }

    fn is_alive(&self, row: RowKey) -> bool {
        self.commune.people[self.person_key(row).index()].death.is_none()
    }

    fn is_head(&self, row: RowKey) -> bool {
        self.commune.member(row).relationship == "Chủ hộ"
    }

    /// Newborns of the edition before get their numbers.
    fn give_numbers(&mut self, makers: &mut People<'_>) {
        for row in self.free_rows() {
            let key = self.person_key(row);
            if !self.commune.people[key.index()].id_number.is_empty() {
                continue;
            }
            let (sex, year) = {
                let person = &self.commune.people[key.index()];
                (person.sex, person.birth.date.year)
            };
            let number = makers.numbers.id_number(&mut self.rng, &id_code_of_today(makers.unit), sex, year);
            self.note(EventKind::Numbered, row, Some((Column::IdNumber, String::new(), number.clone())));
            self.commune.people[key.index()].id_number = number;
        }
    }

    /// Cards that end within the month, and first cards of those who turned 14.
    fn renew_cards(&mut self) {
        let soon = self.commune.as_of.plus_days(30);
        let all: Vec<RowKey> = self.rows.iter().filter_map(|rows| rows.first().copied()).collect();
        for row in all {
            let key = self.person_key(row);
            let person = &self.commune.people[key.index()];
            let ends = person.card.is_some_and(|card| card.expires.is_some_and(|end| end <= soon));
            let first = person.card.is_none() && person.age(self.commune.as_of) >= 14;
            if person.death.is_some() || !(ends || first) {
                continue;
            }
            let Some(card) = person::valid_card(&mut self.rng, person.birth.date, self.commune.as_of) else { continue };
            let before = self.commune.value(row, Column::CardIssued).into_owned();
            self.note(EventKind::CardRenewed, row, Some((Column::CardIssued, before, card.issued.to_string())));
            let person = &mut self.commune.people[key.index()];
            person.card = Some(card);
            if first {
                person.eid_level = Some(0);
                person.phone = person::phone(&mut self.rng);
            }
        }
    }

    fn end_stays(&mut self) {
        let as_of = self.commune.as_of;
        let rows: Vec<RowKey> = self.rows.iter().flatten().copied().collect();
        for row in rows {
            let member = self.commune.member(row).clone();
            let Some(until) = member.until.filter(|until| *until <= as_of.plus_days(10)) else { continue };
            match member.kind {
                ResidenceKind::Temporary => {
                    let extended = until.plus_days(self.rng.range(300, 730));
                    let value = (Column::ResidenceUntil, until.to_string(), extended.to_string());
                    self.note(EventKind::StayExtended, row, Some(value));
                    self.commune.households[row.household].members[row.member].until = Some(extended);
                }
                ResidenceKind::ShortStay => {
                    self.note(EventKind::StayEnded, row, None);
                    self.gone.insert(row);
                }
                // Back home: the absence goes, the permanent residence stays.
                ResidenceKind::Absent => {
                    self.note(EventKind::StayEnded, row, None);
                    self.gone.insert(row);
                }
                ResidenceKind::Permanent | ResidenceKind::Current => {}
            }
        }
    }

    fn change_phones(&mut self) {
        let candidates: Vec<_> = self.free_rows().into_iter().filter(|row| self.age(*row) >= 16).collect();
        for row in self.some(6, candidates) {
            let key = self.person_key(row);
            let phone = person::phone(&mut self.rng);
            let before = std::mem::replace(&mut self.commune.people[key.index()].phone, phone.clone());
            self.note(EventKind::PhoneChanged, row, Some((Column::Phone, before, phone)));
        }
    }

    fn let_some_die(&mut self) {
        let old = |month: &Self, row: &RowKey| month.age(*row) >= 62 && month.is_alive(*row) && !month.is_head(*row);
        let candidates: Vec<_> = self.free_rows().into_iter().filter(|row| old(self, row)).collect();
        for row in self.some(5, candidates) {
            let death = self.commune.as_of.plus_days(-self.rng.range(2, 28));
            let key = self.person_key(row);
            self.commune.people[key.index()].death = Some(death);
            self.note(EventKind::Died, row, Some((Column::DeathDate, String::new(), death.to_string())));
        }
    }

    fn let_households_leave(&mut self) {
        let candidates: Vec<usize> = (0..self.commune.households.len())
            .filter(|index| {
                let members = &self.commune.households[*index].members;
                let free = |member: &Member| {
                    let person = self.commune.records[member.record.index()].person;
                    let rows = &self.rows[member.record.index()];
                    let stays_here = rows.iter().all(|row| row.household == *index && !self.gone.contains(row));
                    stays_here && !self.touched.contains(&person)
                };
                (1..5).contains(&members.len()) && members.iter().all(free)
            })
            .collect();
        for household in self.some(4, candidates) {
            for member in 0..self.commune.households[household].members.len() {
                let row = RowKey { household, member };
                if self.commune.member(row).kind == ResidenceKind::Absent {
                    self.gone.insert(row);
                } else {
                    self.leave(row);
                }
            }
        }
    }

    fn let_some_leave_alone(&mut self) {
        let candidates: Vec<_> = self
            .free_rows()
            .into_iter()
            .filter(|row| {
                let member = self.commune.member(*row);
                let grown_child = member.relationship == "Con" && (18..35).contains(&self.age(*row));
                let single = self.commune.person_of(member.record).spouse_name.is_empty();
                grown_child && single && self.rows[member.record.index()].len() == 1 && self.is_alive(*row)
            })
            .collect();
        for row in self.some(4, candidates) {
            self.leave(row);
        }
    }

    fn leave(&mut self, row: RowKey) {
        self.note(EventKind::MovedOut, row, None);
        let key = self.person_key(row);
        self.commune.people[key.index()].left = Some(self.commune.as_of.plus_days(-self.rng.range(2, 28)));
        self.gone.insert(row);
    }

    fn bear_children(&mut self, makers: &mut People<'_>) {
        let mothers: Vec<_> = self
            .free_rows()
            .into_iter()
            .filter(|row| {
                let key = self.person_key(*row);
                let person = &self.commune.people[key.index()];
                let of_age = (20..39).contains(&self.age(*row)) && person.sex == Sex::Female;
                of_age && matches!(self.commune.member(*row).relationship.as_str(), "Vợ" | "Chủ hộ")
            })
            .filter_map(|row| Some((row, self.spouse_of(row)?)))
            .collect();
        for (mother, father) in self.some(9, mothers) {
            self.bear_child(makers, mother, father);
        }
    }

    /// The spouse listed in the same household.
    fn spouse_of(&self, row: RowKey) -> Option<PersonKey> {
        let own = &self.commune.people[self.person_key(row).index()];
        let household = &self.commune.households[row.household];
        let mut keys = household.members.iter().map(|member| self.commune.records[member.record.index()].person);
        keys.find(|key| {
            let other = &self.commune.people[key.index()];
            other.full_name == own.spouse_name && other.spouse_name == own.full_name && other.death.is_none()
        })
    }

    fn bear_child(&mut self, makers: &mut People<'_>, row: RowKey, father: PersonKey) {
        let mother = self.commune.people[self.person_key(row).index()].clone();
        let father = self.commune.people[father.index()].clone();
        let hamlet = self.commune.dwellings[self.commune.households[row.household].dwelling].hamlet;
        let local = self.commune.hamlets[hamlet].old_unit.clone();
        let origin = Origin {
            group: father.ethnic_group,
            region: Region::of_province(&self.commune.unit.province_code),
            religion: father.religion,
            home: local.clone(),
            settled: 1900,
        };
        let birth = self.commune.as_of.plus_days(-self.rng.range(5, 29));
        let sex = if self.rng.chance(5_200) { Sex::Male } else { Sex::Female };
        let mut families = Families { people: makers, rng: &mut self.rng, origin: &origin, local: &local };
        let mut child = families.child_of(&father, &mother, birth, sex);
        child.hometown = father.hometown;
        child.permanent_address = mother.permanent_address;
        let record = self.add_person(child);
        let Member { kind, until, .. } = self.commune.member(row).clone();
        let head_is_parent = matches!(self.commune.member(row).relationship.as_str(), "Vợ" | "Chủ hộ");
        let relationship = if head_is_parent { "Con" } else { "Cháu" }.to_owned();
        let member = Member { record, relationship, kind, since: self.commune.as_of.plus_days(-1), until };
        self.list(EventKind::Born, row.household, member);
    }

    fn split_households(&mut self, ground: &mut Ground) {
        let candidates: Vec<_> = self
            .free_rows()
            .into_iter()
            .filter(|row| {
                let member = self.commune.member(*row);
                let only = self.rows[member.record.index()].len() == 1;
                let grown = (22..40).contains(&self.age(*row)) && self.is_alive(*row);
                let single = self.commune.person_of(member.record).spouse_name.is_empty();
                only && grown && single && member.relationship == "Con" && member.kind == ResidenceKind::Permanent
            })
            .collect();
        let mut chosen = self.some(3, candidates);
        chosen.sort_by_key(|row| row.household);
        for row in chosen {
            let hamlet = self.commune.dwellings[self.commune.households[row.household].dwelling].hamlet;
            self.commune.dwellings.push(ground.next_dwelling(&mut self.rng, hamlet, DwellingKind::House));
            let dwelling = self.commune.dwellings.len() - 1;
            let address = build::address(&mut self.rng, self.commune, &self.commune.dwellings[dwelling]);
            let household = build::new_household(self.commune, &mut self.rng, dwelling);
            let record = self.commune.member(row).record;
            let key = self.person_key(row);
            self.commune.people[key.index()].permanent_address = address;
            self.gone.insert(row);
            let relationship = "Chủ hộ".to_owned();
            let since = self.commune.as_of.plus_days(-self.rng.range(2, 25));
            let member = Member { record, relationship, kind: ResidenceKind::Permanent, since, until: None };
            self.list(EventKind::Split, household, member);
        }
    }

    fn take_in_households(&mut self, ground: &mut Ground, makers: &mut People<'_>) {
        let count = (self.commune.people.len() * 5 / 10_000).max(1);
        let hamlets = self.commune.hamlets.len() as u32;
        let mut hamlets: Vec<_> = (0..count).map(|_| self.rng.below(hamlets) as usize).collect();
        hamlets.sort_unstable();
        for (index, hamlet) in hamlets.into_iter().enumerate() {
            let stay = if index % 2 == 0 { Stay::Settled } else { Stay::Lodging };
            let household = build::add_household(self.commune, &mut self.rng, ground, makers, hamlet, stay, usize::MAX);
            let since = self.commune.as_of.plus_days(-self.rng.range(2, 25));
            for member in 0..self.commune.households[household].members.len() {
                let row = RowKey { household, member };
                let born = self.commune.person_of(self.commune.member(row).record).birth.date;
                self.commune.households[household].members[member].since = since.max(born.plus_days(1));
                self.note(EventKind::MovedIn, row, None);
            }
        }
        self.rows.resize(self.commune.records.len(), Vec::new());
    }

    fn add_person(&mut self, person: person::Person) -> RecordKey {
        let record = build::add_person(self.commune, person);
        self.rows.push(Vec::new());
        record
    }

    /// Adds a row and notes what it means.
    fn list(&mut self, what: EventKind, household: usize, member: Member) {
        self.commune.households[household].members.push(member);
        let member = self.commune.households[household].members.len() - 1;
        self.note(what, RowKey { household, member }, None);
    }
}
