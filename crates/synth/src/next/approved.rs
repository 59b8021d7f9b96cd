//! Approved corrections, typed into the register between two editions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Month;
use crate::commune::{Commune, RecordKey, ResidenceKind, RowKey};
use crate::date::{Date, days_in_month};
use crate::extract::Column;
use crate::truth::EventKind;

/// One approved correction. The record is named by its ID number as the extract has it, or by
/// household number and full name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    #[serde(default)]
    pub id_number: String,
    #[serde(default)]
    pub household_no: String,
    #[serde(default)]
    pub name: String,
    /// A column of the extract, or `removed`: the record is taken out.
    pub field: String,
    #[serde(default)]
    pub new_value: String,
}

/// Who is listed how, in the edition before.
struct Listed {
    by_number: BTreeMap<String, Vec<RowKey>>,
    by_name: BTreeMap<(String, String), Vec<RowKey>>,
}

impl Listed {
    fn of(commune: &Commune) -> Self {
        let mut listed = Self { by_number: BTreeMap::new(), by_name: BTreeMap::new() };
        for row in commune.rows() {
            let number = commune.value(row, Column::IdNumber);
            if !number.is_empty() {
                listed.by_number.entry(number.into_owned()).or_default().push(row);
            }
            let name = composed(&commune.value(row, Column::FullName));
            let household = commune.households[row.household].number.clone();
            listed.by_name.entry((household, name)).or_default().push(row);
        }
        listed
    }

    /// The row meant. Where two people carry one number, household or name tells them apart.
    fn find(&self, commune: &Commune, approved: &Approved) -> Option<RowKey> {
        let name = composed(&approved.name);
        let fits = |row: &&RowKey| {
            let household = &commune.households[row.household].number;
            let household_fits = approved.household_no.is_empty() || *household == approved.household_no;
            household_fits && (name.is_empty() || composed(&commune.value(**row, Column::FullName)) == name)
        };
        let by_number = self.by_number.get(&approved.id_number);
        by_number
            .and_then(|rows| rows.iter().find(fits).or_else(|| rows.first()))
            .or_else(|| self.by_name.get(&(approved.household_no.clone(), name.clone()))?.first())
            .copied()
    }
}

impl Month<'_> {
    pub(super) fn apply_approved(&mut self, approved: &[Approved]) {
        if approved.is_empty() {
            return;
        }
        let listed = Listed::of(self.commune);
        for each in approved {
            let found = listed.find(self.commune, each);
            if !found.is_some_and(|row| self.apply(row, each)) {
                self.commune.unmatched.push(each.clone());
            }
        }
    }

    fn apply(&mut self, row: RowKey, approved: &Approved) -> bool {
        let record = self.commune.member(row).record;
        if approved.field == "removed" {
            self.note(EventKind::Removed, row, None);
            self.take_out(record);
            return true;
        }
        let Some(field) = Column::parse(&approved.field) else { return false };
        let new_value = composed(&approved.new_value);
        let from = self.commune.value(row, field).into_owned();
        if field.is_of_person() {
            self.note(EventKind::Approved, row, Some((field, from, new_value.clone())));
            let right = self.commune.true_value(row, field) == new_value;
            let entry = &mut self.commune.records[record.index()];
            if right {
                entry.clear_override(field);
            } else {
                entry.set_override(field, new_value.clone());
            }
        } else if set_in_row(self.commune, row, field, &new_value) {
            self.note(EventKind::Approved, row, Some((field, from, new_value.clone())));
        } else {
            return false;
        }
        self.settle(record, row, field, &new_value);
        true
    }

    /// Strikes out the planted errors that the new value puts right; the others say what the
    /// register says now.
    fn settle(&mut self, record: RecordKey, row: RowKey, field: Column, new_value: &str) {
        self.commune.planted.retain_mut(|planted| {
            let same_row = planted.household.is_none_or(|household| household == row.household);
            if planted.record != record || planted.field != Some(field) || !same_row {
                return true;
            }
            new_value.clone_into(&mut planted.register_value);
            planted.true_value != new_value
        });
    }
}

/// Writes a value that belongs to the row or its dwelling; false where the extract's row cannot
/// take it.
pub(super) fn set_in_row(commune: &mut Commune, row: RowKey, field: Column, value: &str) -> bool {
    let household = &mut commune.households[row.household];
    let dwelling = &mut commune.dwellings[household.dwelling];
    let member = &mut household.members[row.member];
    match field {
        Column::RelationshipToHead => value.clone_into(&mut member.relationship),
        Column::ResidenceKind => match ResidenceKind::parse(value) {
            Some(kind) => member.kind = kind,
            None => return false,
        },
        Column::ResidenceSince => match parse_date(value) {
            Some(since) => member.since = since,
            None => return false,
        },
        Column::ResidenceUntil => match parse_date(value) {
            Some(until) => member.until = Some(until),
            None => return false,
        },
        Column::Alley => value.clone_into(&mut dwelling.alley),
        Column::HouseNo => value.clone_into(&mut dwelling.house_no),
        _ => return false,
    }
    true
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('/').map(str::parse::<i32>);
    let (day, month, year) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let real = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    real.then_some(Date { year, month, day })
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}
