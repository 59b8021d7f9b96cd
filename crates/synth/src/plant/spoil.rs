//! Spoils one row of the register in one way, where the row gives occasion for it.

use std::collections::BTreeSet;

use super::{Kind, Planted, text};
use crate::commune::{Commune, Member, RecordKey, ResidenceKind, RowKey};
use crate::date::{Date, Precision, days_in_month};
use crate::extract::Column;
use crate::names;
use crate::person::{self, Person, PersonKey};
use crate::rng::Rng;

pub(super) struct Spoiler<'a> {
    commune: &'a mut Commune,
    /// People who bear an error or are touched by one.
    taken: Vec<bool>,
    /// Rows of each record; a value of a person stands on all of them.
    rows: Vec<u8>,
    numbers: BTreeSet<String>,
}

/// What an attempt did to the register.
struct Spoilt {
    field: Option<Column>,
    register_value: String,
    true_value: String,
    involves: Vec<PersonKey>,
    /// Record and household, where they are not the row's own.
    at: Option<(RecordKey, usize)>,
}

impl Spoilt {
    fn value(field: Column, register_value: String, true_value: String) -> Self {
        Self { field: Some(field), register_value, true_value, involves: Vec::new(), at: None }
    }
}

impl<'a> Spoiler<'a> {
    pub fn new(commune: &'a mut Commune) -> Self {
        let mut rows = vec![0u8; commune.records.len()];
        for row in commune.rows() {
            let count = &mut rows[commune.member(row).record.index()];
            *count = count.saturating_add(1);
        }
        let numbers = commune.people.iter().map(|person| person.id_number.clone()).collect();
        Self { taken: vec![false; commune.people.len()], rows, numbers, commune }
    }

    /// For each person, whether no error touches them.
    pub fn untouched(self) -> Vec<bool> {
        self.taken.iter().map(|taken| !taken).collect()
    }

    /// Plants the error at this row if the row allows it.
    pub fn try_plant(&mut self, rng: &mut Rng, kind: Kind, row: RowKey) -> bool {
        let record = self.commune.member(row).record;
        let person = self.commune.records[record.index()].person;
        let dead = self.commune.people[person.index()].death.is_some();
        if self.taken[person.index()] || dead {
            return false;
        }
        let Some(spoilt) = self.spoil(rng, kind, row) else { return false };
        self.taken[person.index()] = true;
        for other in &spoilt.involves {
            self.taken[other.index()] = true;
        }
        let (record, household) = spoilt.at.unwrap_or((record, row.household));
        let planted = Planted {
            kind,
            record,
            household: kind.is_of_row().then_some(household),
            field: spoilt.field,
            register_value: spoilt.register_value,
            true_value: spoilt.true_value,
            involves: spoilt.involves,
            since_edition: self.commune.edition.clone(),
        };
        if kind == Kind::ExpiredCard {
            let renewed = Planted { field: Some(Column::CardIssued), ..planted.clone() };
            self.commune.planted.push(self.with_values(renewed, row));
        }
        self.commune.planted.push(planted);
        true
    }

    fn spoil(&mut self, rng: &mut Rng, kind: Kind, row: RowKey) -> Option<Spoilt> {
        match kind {
            Kind::NameMarkLost => self.spoil_name(rng, row, text::lose_mark),
            Kind::NameMisspelt => self.spoil_name(rng, row, text::misspell),
            Kind::NameCase => self.spoil_name(rng, row, text::change_case),
            Kind::NameEncoding => self.spoil_name(rng, row, |_, name| text::decompose(name)),
            Kind::NameTonePlacement => self.spoil_name(rng, row, text::move_tone),
            Kind::DigitInName => self.spoil_name(rng, row, text::slip_in_digit),
            Kind::DayMonthSwapped => self.swap_day_and_month(row),
            Kind::BirthYearOff => self.move_birth_year(rng, row),
            Kind::ImpossibleDate => self.make_date_impossible(rng, row),
            Kind::ParentTooYoung => self.make_parent_too_young(rng, row),
            Kind::NumberSexDigit | Kind::NumberBirthYear | Kind::NumberMistyped => self.spoil_number(rng, kind, row),
            Kind::NumberOfAnother => self.take_number_of_another(rng, row),
            Kind::WrongSex => self.change_sex(row),
            Kind::WrongEthnicGroup => self.change_ethnic_group(rng, row),
            Kind::MissingValue => self.empty_a_column(rng, row),
            Kind::OldAddress => self.make_address_old(rng, row),
            Kind::PhoneOutOfDate => self.change_phone(rng, row),
            Kind::ExpiredCard => self.make_card_expired(rng, row),
            Kind::DiedStillListed => self.let_die(rng, row),
            Kind::MovedAwayStillListed => self.let_move_away(rng, row),
            Kind::TwoHeads => self.add_head(row),
            Kind::NoHead => self.take_head_away(row),
            Kind::TwoPermanentResidences => self.make_second_home_permanent(row),
            Kind::DuplicateSameNumber | Kind::DuplicateWithoutNumber => self.list_twice(rng, kind, row),
        }
    }

    fn person(&self, row: RowKey) -> &Person {
        self.commune.person_of(self.commune.member(row).record)
    }

    fn age(&self, row: RowKey) -> i32 {
        self.person(row).age(self.commune.as_of)
    }

    /// Makes the register say something else of the person.
    fn say(&mut self, row: RowKey, column: Column, value: String) -> Spoilt {
        let truth = self.commune.true_value(row, column).into_owned();
        let record = self.commune.member(row).record;
        self.commune.records[record.index()].set_override(column, value.clone());
        Spoilt::value(column, value, truth)
    }

    fn with_values(&self, planted: Planted, row: RowKey) -> Planted {
        let column = planted.field.unwrap_or(Column::FullName);
        Planted {
            register_value: self.commune.value(row, column).into_owned(),
            true_value: self.commune.true_value(row, column).into_owned(),
            ..planted
        }
    }

    fn spoil_name(
        &mut self,
        rng: &mut Rng,
        row: RowKey,
        spoil: impl Fn(&mut Rng, &str) -> Option<String>,
    ) -> Option<Spoilt> {
        let spoilt = spoil(rng, &self.person(row).full_name)?;
        Some(self.say(row, Column::FullName, spoilt))
    }

    fn swap_day_and_month(&mut self, row: RowKey) -> Option<Spoilt> {
        let birth = self.person(row).birth;
        let Date { year, month, day } = birth.date;
        let swapped = Date { year, month: day, day: month };
        let can = birth.precision == Precision::Day && day <= 12 && day != month && swapped <= self.commune.as_of;
        can.then(|| self.say(row, Column::BirthDate, swapped.to_string()))
    }

    fn move_birth_year(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let mut birth = self.person(row).birth;
        if self.person(row).id_number.is_empty() || (birth.date.month, birth.date.day) == (2, 29) {
            return None;
        }
        let years = rng.range(1, 9);
        birth.date.year += if rng.chance(5_000) { years } else { -years };
        if birth.date >= self.commune.as_of {
            birth.date.year -= 10;
        }
        Some(self.say(row, Column::BirthDate, birth.to_string()))
    }

    fn make_date_impossible(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let birth = self.person(row).birth;
        if birth.precision != Precision::Day {
            return None;
        }
        let year = birth.date.year;
        let (day, month) = match rng.below(4) {
            0 | 1 => (30, 2),
            2 if days_in_month(year, 2) == 28 => (29, 2),
            _ => (31, rng.pick(&[4, 6, 9, 11])),
        };
        Some(self.say(row, Column::BirthDate, format!("{day:02}/{month:02}/{year}")))
    }

    /// The head's child seems born when the head was a child.
    fn make_parent_too_young(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let head = self.head_of(row)?;
        let is_child = self.commune.member(row).relationship == "Con" && !self.person(row).id_number.is_empty();
        let parent = self.commune.person_of(head).birth.date.year;
        let mut birth = self.person(row).birth;
        let possible = birth.precision == Precision::Day && (birth.date.month, birth.date.day) != (2, 29);
        let head = self.untaken(head)?;
        if !is_child || !possible {
            return None;
        }
        birth.date.year = parent + rng.range(3, 10);
        let mut spoilt = self.say(row, Column::BirthDate, birth.to_string());
        spoilt.involves.push(head);
        Some(spoilt)
    }

    fn spoil_number(&mut self, rng: &mut Rng, kind: Kind, row: RowKey) -> Option<Spoilt> {
        let number = self.person(row).id_number.clone();
        let mut digits: Vec<u8> = number.clone().into_bytes();
        if digits.len() != 12 {
            return None;
        }
        let spoilt = match kind {
            Kind::NumberSexDigit => {
                digits[3] = b'0' + ((digits[3] - b'0') ^ 1);
                String::from_utf8(digits).ok()?
            }
            Kind::NumberBirthYear => {
                let year: i32 = number[4..6].parse().ok()?;
                let moved = (year + rng.range(1, 9) * if rng.chance(5_000) { 1 } else { -1 }).rem_euclid(100);
                format!("{}{moved:02}{}", &number[..4], &number[6..])
            }
            _ => text::mistype_digits(rng, &number)?,
        };
        let is_new = self.numbers.insert(spoilt.clone());
        is_new.then(|| self.say(row, Column::IdNumber, spoilt))
    }

    fn take_number_of_another(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        if self.person(row).id_number.is_empty() {
            return None;
        }
        let other = self.another_household(rng, row, 1)?;
        let victim = self.commune.households[other].members.first()?.record;
        let key = self.untaken(victim)?;
        let number = self.commune.people[key.index()].id_number.clone();
        if number.is_empty() || key == self.person(row).key {
            return None;
        }
        let mut spoilt = self.say(row, Column::IdNumber, number);
        spoilt.involves.push(key);
        Some(spoilt)
    }

    fn change_sex(&mut self, row: RowKey) -> Option<Spoilt> {
        let person = self.person(row);
        let other = person.sex.other().text().to_owned();
        (!person.id_number.is_empty()).then(|| self.say(row, Column::Sex, other))
    }

    fn change_ethnic_group(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let truth = self.person(row).ethnic_group;
        let other = rng.weighted(names::of_province(&self.commune.unit.province_code));
        let name = crate::tables::Tables::get().ethnic_name(other).to_owned();
        (other != truth).then(|| self.say(row, Column::EthnicGroup, name))
    }

    fn empty_a_column(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let mut choices = vec![
            Column::EthnicGroup,
            Column::Religion,
            Column::BirthPlace,
            Column::BirthRegistrationPlace,
            Column::Hometown,
            Column::FatherName,
            Column::MotherName,
            Column::Nationality,
        ];
        let record = self.commune.member(row).record;
        let age = self.age(row);
        if age >= 14 {
            choices.extend([Column::EidLevel, Column::CardIssued]);
            // Without a number two rows in two households would be two people.
            if self.rows[record.index()] == 1 {
                choices.push(Column::IdNumber);
            }
        }
        if age >= 18 {
            choices.push(Column::MaritalStatus);
        }
        if self.person(row).marital_status == "Đã kết hôn" {
            choices.push(Column::SpouseName);
        }
        if self.commune.member(row).relationship == "Chủ hộ" {
            choices.push(Column::Phone);
        }
        let column = rng.pick(&choices);
        let is_filled = !self.commune.true_value(row, column).is_empty();
        is_filled.then(|| self.say(row, column, String::new()))
    }

    fn make_address_old(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        if self.commune.member(row).kind != ResidenceKind::Permanent {
            return None;
        }
        let home = self.commune.dwellings[self.commune.households[row.household].dwelling].hamlet;
        let hamlet =
            (home + 1 + rng.below(self.commune.hamlets.len() as u32 - 1) as usize) % self.commune.hamlets.len();
        let hamlet = &self.commune.hamlets[hamlet];
        let address = format!("{}, {}", hamlet.name, hamlet.old_unit.address());
        (address != self.person(row).permanent_address).then(|| self.say(row, Column::PermanentAddress, address))
    }

    fn change_phone(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let phone = person::phone(rng);
        (!self.person(row).phone.is_empty()).then(|| self.say(row, Column::Phone, phone))
    }

    /// The register still has the card that ended at 25, 40 or 60.
    fn make_card_expired(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let person = self.person(row);
        let birth = person.birth.date;
        let card = person.card?;
        let ended = [25, 40, 60].map(|age| birth.plus_years(age)).into_iter().find(|end| {
            *end > Date::new(2020, 6, 1) && *end < self.commune.as_of.plus_days(-30) && card.issued > end.plus_days(-60)
        })?;
        let issued = ended.plus_years(-2).plus_days(-rng.range(1, 1_400)).max(Date::new(2016, 2, 1));
        if issued.plus_years(2) > ended {
            return None;
        }
        self.say(row, Column::CardIssued, issued.to_string());
        Some(self.say(row, Column::CardExpires, ended.to_string()))
    }

    fn let_die(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let age = self.age(row);
        let likely = age >= 70 || (age >= 45 && rng.chance(600));
        if !likely || self.commune.member(row).kind != ResidenceKind::Permanent {
            return None;
        }
        let death = self.commune.as_of.plus_days(-rng.range(20, 900));
        let key = self.person(row).key;
        self.commune.people[key.index()].death = Some(death);
        Some(self.say(row, Column::DeathDate, String::new()))
    }

    fn let_move_away(&mut self, rng: &mut Rng, row: RowKey) -> Option<Spoilt> {
        let member = self.commune.member(row);
        let free = self.rows[member.record.index()] == 1 && member.relationship != "Chủ hộ" && member.until.is_none();
        if !free || self.age(row) < 17 || member.kind == ResidenceKind::ShortStay {
            return None;
        }
        let left = self.commune.as_of.plus_days(-rng.range(30, 1_200)).max(member.since.plus_days(20));
        if left >= self.commune.as_of {
            return None;
        }
        let key = self.person(row).key;
        self.commune.people[key.index()].left = Some(left);
        Some(Spoilt::value(Column::ResidenceUntil, String::new(), left.to_string()))
    }

    fn add_head(&mut self, row: RowKey) -> Option<Spoilt> {
        let head = self.head_of(row)?;
        let head = self.untaken(head)?;
        let adult = self.age(row) >= 18;
        let member = &mut self.commune.households[row.household].members[row.member];
        let plain = matches!(member.kind, ResidenceKind::Permanent | ResidenceKind::Temporary);
        if !adult || !plain || member.relationship == "Chủ hộ" || self.rows[member.record.index()] != 1 {
            return None;
        }
        let truth = std::mem::replace(&mut member.relationship, "Chủ hộ".to_owned());
        let mut spoilt = Spoilt::value(Column::RelationshipToHead, "Chủ hộ".to_owned(), truth);
        spoilt.involves.push(head);
        Some(spoilt)
    }

    fn take_head_away(&mut self, row: RowKey) -> Option<Spoilt> {
        let household = &self.commune.households[row.household];
        let member = &household.members[row.member];
        let others: Vec<_> = household.members.iter().filter(|each| each.record != member.record).collect();
        let is_head = member.relationship == "Chủ hộ" && self.rows[member.record.index()] == 1;
        if !is_head || others.is_empty() || others.iter().any(|each| each.relationship == "Chủ hộ") {
            return None;
        }
        let involves = others.iter().map(|each| self.untaken(each.record)).collect::<Option<Vec<PersonKey>>>()?;
        let spouse = others.iter().find_map(|each| match each.relationship.as_str() {
            "Vợ" => Some("Chồng"),
            "Chồng" => Some("Vợ"),
            _ => None,
        });
        let said = spouse.unwrap_or("Người ở nhờ").to_owned();
        let member = &mut self.commune.households[row.household].members[row.member];
        let truth = std::mem::replace(&mut member.relationship, said.clone());
        let mut spoilt = Spoilt::value(Column::RelationshipToHead, said, truth);
        spoilt.involves = involves;
        Some(spoilt)
    }

    fn make_second_home_permanent(&mut self, row: RowKey) -> Option<Spoilt> {
        let member = self.commune.member(row);
        if member.kind != ResidenceKind::Temporary || self.rows[member.record.index()] != 2 {
            return None;
        }
        self.commune.households[row.household].members[row.member].kind = ResidenceKind::Permanent;
        Some(Spoilt::value(Column::ResidenceKind, "permanent".to_owned(), "temporary".to_owned()))
    }

    /// A second record of the person in another household.
    fn list_twice(&mut self, rng: &mut Rng, kind: Kind, row: RowKey) -> Option<Spoilt> {
        let original = self.commune.member(row).clone();
        let person = self.person(row).clone();
        let suits = self.rows[original.record.index()] == 1 && !person.id_number.is_empty();
        if !suits || person.age(self.commune.as_of) < 16 || original.kind != ResidenceKind::Permanent {
            return None;
        }
        let household = self.another_household(rng, row, 2)?;
        let record = RecordKey(self.commune.records.len() as u32);
        let mut entry = crate::commune::Record::of(person.key);
        if kind == Kind::DuplicateWithoutNumber {
            entry.set_override(Column::IdNumber, String::new());
            entry.set_override(Column::CardIssued, String::new());
            entry.set_override(Column::CardExpires, String::new());
            entry.set_override(Column::EidLevel, String::new());
        } else {
            let family = person.full_name.split(' ').next().unwrap_or("");
            let other = names::full_name(rng, person.ethnic_group, family, "", person.sex, person.birth.date.year);
            if text::plain_letters(&other) == text::plain_letters(&person.full_name) {
                return None;
            }
            entry.set_override(Column::FullName, other);
        }
        self.commune.records.push(entry);
        self.rows.push(1);
        let since = original.since.max(self.commune.as_of.plus_days(-4_000));
        self.commune.households[household].members.push(Member {
            record,
            relationship: "Người ở nhờ".to_owned(),
            since,
            ..original
        });
        Some(Spoilt {
            field: None,
            register_value: "listed".to_owned(),
            true_value: "not listed".to_owned(),
            involves: vec![person.key],
            at: Some((record, household)),
        })
    }

    fn head_of(&self, row: RowKey) -> Option<RecordKey> {
        let household = &self.commune.households[row.household];
        let head = household.members.iter().find(|member| member.relationship == "Chủ hộ")?;
        (head.record != household.members[row.member].record).then_some(head.record)
    }

    /// The person of a record, if no error touches them yet.
    fn untaken(&self, record: RecordKey) -> Option<PersonKey> {
        let key = self.commune.records[record.index()].person;
        (!self.taken[key.index()]).then_some(key)
    }

    /// A random permanent household of at least `least` members that is not the row's own.
    fn another_household(&self, rng: &mut Rng, row: RowKey, least: usize) -> Option<usize> {
        let index = rng.below(self.commune.households.len() as u32) as usize;
        let household = &self.commune.households[index];
        let permanent = household.members.first().is_some_and(|head| head.kind == ResidenceKind::Permanent);
        (index != row.household && household.members.len() >= least && permanent).then_some(index)
    }
}
