//! `truth.json`: what is wrong in an extract, what papers say, and what changed since the edition
//! before.
//!
//! Owns the file's form. Lines count from 1, the header being line 1.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use crate::commune::{Commune, Record, RecordKey, RowKey};
use crate::extract::Column;
use crate::next::Approved;
use crate::paper::{self, Paper};
use crate::person::PersonKey;
use crate::plant::{Kind, KnownBy, Planted};

/// The whole file.
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    #[serde(flatten)]
    pub head: Head,
    pub errors: Vec<TrueError>,
    pub papers: Vec<PaperValue>,
    pub changes: Vec<TrueChange>,
    /// Approved corrections that name nobody the register lists.
    pub unmatched: Vec<Approved>,
}

/// What the file is about.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub format: u32,
    pub seed: u64,
    pub unit_code: String,
    pub unit_name: String,
    pub edition: String,
    /// `yyyy-mm-dd`
    pub as_of: String,
    pub summary: Summary,
}

/// Counts over the file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// True persons listed; duplicates count once.
    pub people: usize,
    /// Records in the register; a duplicate is one more.
    pub records: usize,
    pub rows: usize,
    pub households: usize,
    pub errors: usize,
    pub people_with_errors: usize,
    pub by_kind: BTreeMap<String, usize>,
    pub by_known: BTreeMap<String, usize>,
    pub by_field: BTreeMap<String, usize>,
    pub by_residence: BTreeMap<String, usize>,
    pub by_change: BTreeMap<String, usize>,
}

/// Who is meant: the stable key, and how the extract lists them.
#[derive(Clone, Debug, Serialize)]
pub struct Who {
    pub person: String,
    pub household_no: String,
    /// As in the register; empty if there is none.
    pub id_number: String,
    /// As in the register.
    pub name: String,
    /// Lines of the extract that list this record.
    pub lines: Vec<usize>,
}

/// One planted error.
#[derive(Clone, Debug, Serialize)]
pub struct TrueError {
    /// The edition it was first seen in.
    pub edition: String,
    #[serde(flatten)]
    pub who: Who,
    /// A column, or `record` where the whole record should not be there.
    pub field: &'static str,
    pub register_value: String,
    pub true_value: String,
    pub kind: Kind,
    pub known_by: KnownBy,
    /// Register and truth are the same name, written otherwise.
    pub same_name: bool,
    /// A paper that shows the true value, if there is one.
    pub paper: Option<Paper>,
    /// Keys of sound people whom a check of this error may mark as well.
    pub involves: Vec<String>,
}

/// A paper's value that differs from the register's.
#[derive(Clone, Debug, Serialize)]
pub struct PaperValue {
    #[serde(flatten)]
    pub who: Who,
    pub paper: Paper,
    pub field: &'static str,
    pub paper_value: String,
    pub register_value: String,
    /// `paper` or `register`
    pub right: &'static str,
}

/// Something that happened between two editions.
#[derive(Clone, Debug)]
pub struct Event {
    pub what: EventKind,
    pub record: RecordKey,
    /// As the register listed the record before (or lists it now, if it is new).
    pub household_no: String,
    pub id_number: String,
    pub name: String,
    /// Column, value before, value now.
    pub value: Option<(Column, String, String)>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A planted error was put right without anyone's correction.
    Corrected,
    /// An approved correction was entered.
    Approved,
    /// A record was taken out: duplicate, or moved away long ago.
    Removed,
    MovedOut,
    MovedIn,
    /// Founded a household of their own in the commune.
    Split,
    Born,
    Numbered,
    Died,
    CardRenewed,
    PhoneChanged,
    StayExtended,
    /// An absence or a short stay came to its end.
    StayEnded,
}

/// An event as written.
#[derive(Clone, Debug, Serialize)]
pub struct TrueChange {
    pub what: EventKind,
    #[serde(flatten)]
    pub who: Who,
    pub field: Option<&'static str>,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Commune {
    /// Everything `truth.json` says of this edition.
    pub fn truth(&self) -> Truth {
        let rows = self.rows_by_record();
        let errors: Vec<_> = self.planted.iter().filter_map(|planted| self.true_error(planted, &rows)).collect();
        let papers = self.paper_values(&errors, &rows);
        let changes: Vec<_> = self.events.iter().map(|event| self.true_change(event, &rows)).collect();
        let summary = self.summary(&errors, &changes, &rows);
        let head = Head {
            format: 1,
            seed: self.seed,
            unit_code: self.unit.code.clone(),
            unit_name: self.unit.name.clone(),
            edition: self.edition.clone(),
            as_of: format!("{:04}-{:02}-{:02}", self.as_of.year, self.as_of.month, self.as_of.day),
            summary,
        };
        Truth { head, errors, papers, changes, unmatched: self.unmatched.clone() }
    }

    fn true_error(&self, planted: &Planted, rows: &[Vec<(RowKey, usize)>]) -> Option<TrueError> {
        let of_record = &rows[planted.record.index()];
        let (row, _) =
            of_record.iter().find(|(row, _)| planted.household.is_none_or(|household| row.household == household))?;
        let mut who = self.who(planted.record, *row, of_record);
        if let Some(household) = planted.household {
            who.lines = of_record.iter().filter(|(row, _)| row.household == household).map(|(_, line)| *line).collect();
        }
        let person = self.person_of(planted.record);
        let shows = |field| paper::that_shows(person, field, self.as_of);
        Some(TrueError {
            edition: planted.since_edition.clone(),
            who,
            field: planted.field.map_or("record", Column::name),
            register_value: planted.register_value.clone(),
            true_value: planted.true_value.clone(),
            kind: planted.kind,
            known_by: planted.known_by(),
            same_name: planted.kind.is_same_name(),
            paper: planted.field.and_then(shows),
            involves: planted.involves.iter().map(PersonKey::to_string).collect(),
        })
    }

    fn who(&self, record: RecordKey, row: RowKey, of_record: &[(RowKey, usize)]) -> Who {
        Who {
            person: self.records[record.index()].person.to_string(),
            household_no: self.households[row.household].number.clone(),
            id_number: self.value(row, Column::IdNumber).into_owned(),
            name: self.value(row, Column::FullName).into_owned(),
            lines: of_record.iter().map(|(_, line)| *line).collect(),
        }
    }

    fn paper_values(&self, errors: &[TrueError], rows: &[Vec<(RowKey, usize)>]) -> Vec<PaperValue> {
        let from_errors = errors.iter().filter_map(|error| {
            Some(PaperValue {
                who: error.who.clone(),
                paper: error.paper.clone()?,
                field: error.field,
                paper_value: error.true_value.clone(),
                register_value: error.register_value.clone(),
                right: "paper",
            })
        });
        let from_papers = self.wrong_papers.iter().filter_map(|wrong| {
            let is_its = |record: &Record| record.person == wrong.person;
            let index = self.records.iter().position(is_its)?;
            let (row, _) = rows[index].first()?;
            let record = RecordKey(index as u32);
            Some(PaperValue {
                who: self.who(record, *row, &rows[index]),
                paper: paper::of_kind(self.person_of(record), wrong.paper),
                field: wrong.field.name(),
                paper_value: wrong.value.clone(),
                register_value: self.value(*row, wrong.field).into_owned(),
                right: "register",
            })
        });
        from_errors.chain(from_papers).collect()
    }

    fn true_change(&self, event: &Event, rows: &[Vec<(RowKey, usize)>]) -> TrueChange {
        let (field, from, to) = match event.value.clone() {
            Some((column, from, to)) => (Some(column.name()), Some(from), Some(to)),
            None => (None, None, None),
        };
        let who = Who {
            person: self.records[event.record.index()].person.to_string(),
            household_no: event.household_no.clone(),
            id_number: event.id_number.clone(),
            name: event.name.clone(),
            lines: rows[event.record.index()].iter().map(|(_, line)| *line).collect(),
        };
        TrueChange { what: event.what, who, field, from, to }
    }

    fn summary(&self, errors: &[TrueError], changes: &[TrueChange], rows: &[Vec<(RowKey, usize)>]) -> Summary {
        let mut summary = Summary { errors: errors.len(), households: self.listed_households(), ..Summary::default() };
        let mut listed: Vec<_> = self
            .records
            .iter()
            .zip(rows)
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(record, _)| record.person)
            .collect();
        summary.records = listed.len();
        listed.sort();
        listed.dedup();
        summary.people = listed.len();
        for row in self.rows() {
            summary.rows += 1;
            count(&mut summary.by_residence, self.member(row).kind.text());
        }
        let mut wrong: Vec<&str> = Vec::new();
        for error in errors {
            wrong.push(&error.who.person);
            count(&mut summary.by_kind, &word(error.kind));
            count(&mut summary.by_known, &word(error.known_by));
            count(&mut summary.by_field, error.field);
        }
        wrong.sort_unstable();
        wrong.dedup();
        summary.people_with_errors = wrong.len();
        for change in changes {
            count(&mut summary.by_change, &word(change.what));
        }
        summary
    }
}

/// Writes `truth.json`, one record to a line.
pub fn write_truth(commune: &Commune, mut out: impl io::Write) -> io::Result<()> {
    let truth = commune.truth();
    let head = serde_json::to_string_pretty(&truth.head)?;
    write!(out, "{}", head.trim_end().trim_end_matches('}').trim_end())?;
    write_list(&mut out, "errors", &truth.errors)?;
    write_list(&mut out, "papers", &truth.papers)?;
    write_list(&mut out, "changes", &truth.changes)?;
    write_list(&mut out, "unmatched", &truth.unmatched)?;
    writeln!(out, "\n}}")?;
    out.flush()
}

fn write_list<T: Serialize>(out: &mut impl io::Write, name: &str, list: &[T]) -> io::Result<()> {
    write!(out, ",\n  \"{name}\": [")?;
    for (index, item) in list.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(out, "{comma}\n    {}", serde_json::to_string(item)?)?;
    }
    write!(out, "{}]", if list.is_empty() { "" } else { "\n  " })
}

fn count(counts: &mut BTreeMap<String, usize>, key: &str) {
    *counts.entry(key.to_owned()).or_default() += 1;
}

/// The word a value has in JSON.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
