//! The next edition of a commune: what was corrected, who came, left, was born or died in a month.
//!
//! Owns the order of things: approved corrections first, then what the state put right by itself,
//! then life. Keys of people and records stay the same.

mod approved;
mod life;

use std::collections::BTreeSet;

use crate::commune::{Commune, RecordKey, RowKey};
use crate::date::Date;
use crate::extract::Column;
use crate::person::PersonKey;
use crate::plant::{Kind, Planted};
use crate::rng::Rng;
use crate::truth::{Event, EventKind};

pub use approved::Approved;

/// Errors that the state puts right by itself within a month, of 10,000 planted.
const CORRECTED_PER_10_000: u32 = 900;

/// An edition in the making.
struct Month<'a> {
    commune: &'a mut Commune,
    rng: Rng,
    /// Rows of each record in the edition before; new rows are not in it.
    rows: Vec<Vec<RowKey>>,
    /// Rows to take out at the end, so that the keys of the others hold until then.
    gone: BTreeSet<RowKey>,
    /// People that an error touches; life leaves them alone.
    touched: BTreeSet<PersonKey>,
}

impl Commune {
    /// The next month's edition. One to two rows in a hundred change, the edition's label aside.
    /// `approved` corrections are in it, so that it confirms them; those that name nobody are in
    /// `unmatched`.
    pub fn next(&self, seed: u64, approved: &[Approved]) -> Self {
        let mut commune = self.clone();
        commune.seed = seed;
        commune.as_of = month_later(self.as_of);
        commune.edition = format!("{:04}-{:02}", commune.as_of.year, commune.as_of.month);
        commune.events.clear();
        commune.unmatched.clear();
        let rows = self.rows_by_record().into_iter().map(|rows| rows.into_iter().map(|(row, _)| row).collect());
        let mut month = Month {
            rows: rows.collect(),
            commune: &mut commune,
            rng: Rng::new(seed, "next"),
            gone: BTreeSet::new(),
            touched: BTreeSet::new(),
        };
        month.apply_approved(approved);
        month.correct_some();
        month.touched = month
            .commune
            .planted
            .iter()
            .flat_map(|planted| {
                let own = month.commune.records[planted.record.index()].person;
                planted.involves.iter().copied().chain([own])
            })
            .collect();
        month.live();
        month.finish();
        commune
    }
}

impl Month<'_> {
    fn correct_some(&mut self) {
        let chosen: BTreeSet<RecordKey> = {
            let rng = &mut self.rng;
            let planted = self.commune.planted.iter();
            let mut records: Vec<_> = planted.map(|planted| planted.record).collect();
            records.dedup();
            records.into_iter().filter(|_| rng.chance(CORRECTED_PER_10_000)).collect()
        };
        let all = std::mem::take(&mut self.commune.planted);
        let (right, still): (Vec<_>, Vec<_>) = all.into_iter().partition(|planted| chosen.contains(&planted.record));
        self.commune.planted = still;
        for planted in right {
            self.put_right(&planted);
        }
    }

    fn put_right(&mut self, planted: &Planted) {
        let Some(row) = self.row_of(planted) else { return };
        let drops = planted.kind.is_duplicate() || planted.kind == Kind::MovedAwayStillListed;
        let value = planted
            .field
            .filter(|_| !drops)
            .map(|field| (field, planted.register_value.clone(), planted.true_value.clone()));
        let what = if drops { EventKind::Removed } else { EventKind::Corrected };
        self.note(what, row, value);
        match planted.field {
            _ if drops => self.take_out(planted.record),
            Some(field) if planted.kind.is_of_row() => self.set_in_row(row, field, &planted.true_value),
            Some(field) => self.commune.records[planted.record.index()].clear_override(field),
            None => {}
        }
    }

    /// The row of the edition before that a planted error stands in.
    fn row_of(&self, planted: &Planted) -> Option<RowKey> {
        let mut rows = self.rows[planted.record.index()].iter().copied();
        rows.find(|row| planted.household.is_none_or(|household| row.household == household))
    }

    fn take_out(&mut self, record: RecordKey) {
        self.gone.extend(self.rows[record.index()].iter().copied());
    }

    /// Writes a value that belongs to the row itself; false if the text does not fit the column.
    fn set_in_row(&mut self, row: RowKey, field: Column, value: &str) {
        approved::set_in_row(self.commune, row, field, value);
    }

    fn note(&mut self, what: EventKind, row: RowKey, value: Option<(Column, String, String)>) {
        let event = Event {
            what,
            record: self.commune.member(row).record,
            household_no: self.commune.households[row.household].number.clone(),
            id_number: self.commune.value(row, Column::IdNumber).into_owned(),
            name: self.commune.value(row, Column::FullName).into_owned(),
            value,
        };
        self.commune.events.push(event);
    }

    /// Takes the gone rows out and makes the planted errors' words true for the new edition.
    fn finish(self) {
        let Self { commune, gone, .. } = self;
        for (household, each) in commune.households.iter_mut().enumerate() {
            let mut member = 0..;
            each.members.retain(|_| !gone.contains(&RowKey { household, member: member.next().unwrap_or_default() }));
        }
        let rows = commune.rows_by_record();
        let mut planted = std::mem::take(&mut commune.planted);
        planted.retain(|planted| {
            let of_household = |row: &RowKey| planted.household.is_none_or(|household| row.household == household);
            rows[planted.record.index()].iter().any(|(row, _)| of_household(row))
        });
        for each in &mut planted {
            let first = rows[each.record.index()].first();
            if let (Some(field), Some((row, _))) = (each.field.filter(|field| field.is_of_person()), first) {
                each.true_value = commune.true_value(*row, field).into_owned();
            }
        }
        commune.planted = planted;
    }
}

fn month_later(date: Date) -> Date {
    if date.month == 12 {
        Date::new(date.year + 1, 1, date.day)
    } else {
        Date::new(date.year, date.month + 1, date.day)
    }
}
