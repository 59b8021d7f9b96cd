//! Rows become dwellings, households and people: who is one and the same within one edition.
//!
//! Rows with the same ID number, folded name and birth date are one person with several residences; the same ID number
//! with another name or birth date is two people, told as a duplicate and never merged. Without an ID number a person
//! is household number, name and birth date, and there the name's diacritics count: twins are often named by them
//! alone. A household is its number; a dwelling is hamlet, alley, house number and kind.
//!
//! This is the one part of an import that holds a whole unit in memory: about half a kilobyte a person, the fields
//! packed as CBOR.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use domain::field::Field;
use domain::register::ResidenceKind;
use domain::text::{compare_names, fold_search};

use super::extract::{Extract, ExtractError, ExtractLine, ExtractRow, RejectedRow};
use super::keys::{DwellingKey, parse_id_number};
use super::packed::{PackedPerson, PackedResidence};

/// Something in the extract that an operator should look at; it kept nothing out. Lines, no values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum ExtractNote {
    /// The same person, household, kind and dates as an earlier line.
    RepeatedRow { line: u64, earlier: u64 },
    /// One person's rows say different things in this field; the row of the permanent residence, else the first, counts.
    RowsDisagree { line: u64, earlier: u64, field: Field },
    /// A household's rows name different addresses; the first counts.
    AddressesDisagree { line: u64, household_line: u64 },
}

/// Numbers of one reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CensusStats {
    pub rows: u64,
    pub rejected: u64,
    /// Cells of a workbook whose leading zeros had to be put back.
    pub restored_cells: u64,
}

/// One edition, grouped, without identities.
pub struct Census {
    pub edition_label: String,
    pub stats: CensusStats,
    pub notes: Vec<ExtractNote>,
    pub(super) dwellings: Vec<CensusDwelling>,
    pub(super) households: Vec<CensusHousehold>,
    pub(super) persons: Vec<CensusPerson>,
    /// ID numbers of rejected rows.
    pub(super) rejected_numbers: HashSet<u64>,
}

pub(super) struct CensusDwelling {
    pub(super) key: DwellingKey,
    pub(super) hamlet: String,
    pub(super) alley: Option<String>,
    pub(super) house_no: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) lat_e6: Option<i32>,
    pub(super) lon_e6: Option<i32>,
}

pub(super) struct CensusHousehold {
    pub(super) household_no: String,
    /// Place in `Census::dwellings`.
    pub(super) dwelling: usize,
    pub(super) line: u64,
}

pub(super) struct CensusPerson {
    /// Place in `Census::households`: of the permanent residence, else of the first row.
    pub(super) household: usize,
    pub(super) id_number: Option<u64>,
    pub(super) full_name: Box<str>,
    pub(super) birth_date: Option<Box<str>>,
    /// Of the first row.
    pub(super) line: u64,
    pub(super) packed: Box<[u8]>,
}

impl Census {
    /// People in the edition.
    pub fn people(&self) -> usize {
        self.persons.len()
    }
}

/// Reads a whole extract and groups it. Rejected rows go to `reject` one by one.
///
/// # Errors
/// What refuses the file whole, a file without a single readable row, or what `reject` answers.
pub fn take_census<R: Read + Seek>(
    extract: &mut Extract<R>,
    reject: &mut dyn FnMut(&RejectedRow) -> std::io::Result<()>,
) -> Result<Census, ExtractError> {
    let mut rows = extract.rows()?;
    let mut grouping = Grouping::default();
    let mut stats = CensusStats::default();
    let mut rejected_numbers = HashSet::new();
    for line in rows.by_ref() {
        match line? {
            ExtractLine::Row(row) => {
                stats.rows += 1;
                grouping.add_row(*row);
            }
            ExtractLine::Rejected(row) => {
                stats.rejected += 1;
                rejected_numbers.extend(row.id_number.as_deref().and_then(parse_id_number));
                reject(&row)?;
            }
        }
    }
    stats.restored_cells = rows.restored_cells();
    let edition_label = rows.edition().map(str::to_owned);
    let edition_label = edition_label.ok_or(ExtractError::NoRows { rejected: stats.rejected })?;
    Ok(Census {
        edition_label,
        stats,
        notes: grouping.notes,
        dwellings: grouping.dwellings,
        households: grouping.households,
        persons: grouping.persons,
        rejected_numbers,
    })
}

#[derive(Default)]
struct Grouping {
    dwellings: Vec<CensusDwelling>,
    households: Vec<CensusHousehold>,
    persons: Vec<CensusPerson>,
    notes: Vec<ExtractNote>,
    dwelling_of_key: HashMap<DwellingKey, usize>,
    household_of_no: HashMap<String, usize>,
    persons_of_number: HashMap<u64, Vec<usize>>,
    /// By household and folded name.
    persons_without_number: HashMap<(usize, String), Vec<usize>>,
}

impl Grouping {
    fn add_row(&mut self, mut row: ExtractRow) {
        let household = self.find_household(&row);
        let residence = PackedResidence {
            kind: row.residence_kind,
            household: household as u64,
            since: row.residence_since.take(),
            until: row.residence_until.take(),
            relationship_to_head: row.field(Field::RelationshipToHead).map(str::to_owned),
        };
        match self.find_person(&row, household) {
            Some(person) => self.add_residence(person, row, residence),
            None => self.add_person(household, row, residence),
        }
    }

    fn find_household(&mut self, row: &ExtractRow) -> usize {
        let key = DwellingKey::new(
            &row.hamlet,
            row.alley.as_deref(),
            row.house_no.as_deref(),
            row.dwelling_kind.as_deref(),
            &row.household_no,
        );
        if let Some(&household) = self.household_of_no.get(&row.household_no) {
            let (dwelling, line) = (self.households[household].dwelling, self.households[household].line);
            if self.dwellings[dwelling].key == key {
                self.fill_coordinates(dwelling, row);
            } else {
                self.notes.push(ExtractNote::AddressesDisagree { line: row.line, household_line: line });
            }
            return household;
        }
        let dwelling = match self.dwelling_of_key.entry(key) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(entry) => {
                self.dwellings.push(CensusDwelling {
                    key: entry.key().clone(),
                    hamlet: row.hamlet.clone(),
                    alley: row.alley.clone(),
                    house_no: row.house_no.clone(),
                    kind: row.dwelling_kind.clone(),
                    lat_e6: None,
                    lon_e6: None,
                });
                *entry.insert(self.dwellings.len() - 1)
            }
        };
        self.fill_coordinates(dwelling, row);
        let household_no = row.household_no.clone();
        self.households.push(CensusHousehold { household_no: household_no.clone(), dwelling, line: row.line });
        self.household_of_no.insert(household_no, self.households.len() - 1);
        self.households.len() - 1
    }

    /// The first row that has both gives a dwelling its coordinates.
    fn fill_coordinates(&mut self, dwelling: usize, row: &ExtractRow) {
        let dwelling = &mut self.dwellings[dwelling];
        if (dwelling.lat_e6.is_none() || dwelling.lon_e6.is_none()) && (row.lat_e6.is_some() || row.lon_e6.is_some()) {
            (dwelling.lat_e6, dwelling.lon_e6) = (row.lat_e6, row.lon_e6);
        }
    }

    fn find_person(&self, row: &ExtractRow, household: usize) -> Option<usize> {
        let (name, birth) = (row.field(Field::FullName).unwrap_or_default(), row.field(Field::BirthDate));
        let born_alike = |person: &&usize| self.persons[**person].birth_date.as_deref() == birth;
        match row.field(Field::IdNumber).and_then(parse_id_number) {
            Some(number) => {
                let folded = fold_search(name);
                let mut same_number = self.persons_of_number.get(&number).into_iter().flatten().filter(born_alike);
                same_number.find(|person| fold_search(&self.persons[**person].full_name) == folded).copied()
            }
            None => {
                let key = (household, fold_search(name));
                let mut same_fold = self.persons_without_number.get(&key).into_iter().flatten().filter(born_alike);
                same_fold.find(|person| compare_names(&self.persons[**person].full_name, name).clears_itself()).copied()
            }
        }
    }

    fn add_person(&mut self, household: usize, row: ExtractRow, residence: PackedResidence) {
        let place = self.persons.len();
        let full_name = row.field(Field::FullName).unwrap_or_default();
        let id_number = row.field(Field::IdNumber).and_then(parse_id_number);
        match id_number {
            Some(number) => self.persons_of_number.entry(number).or_default().push(place),
            None => {
                self.persons_without_number.entry((household, fold_search(full_name))).or_default().push(place);
            }
        }
        self.persons.push(CensusPerson {
            household,
            id_number,
            full_name: full_name.into(),
            birth_date: row.field(Field::BirthDate).map(Box::from),
            line: row.line,
            packed: PackedPerson::of_row(row, residence).pack(),
        });
    }

    /// A further residence of someone already there.
    fn add_residence(&mut self, place: usize, row: ExtractRow, residence: PackedResidence) {
        let person = &mut self.persons[place];
        let mut packed = PackedPerson::unpack(&person.packed);
        let is_repeated = packed.residences.iter().any(|one| {
            (one.kind, one.household, &one.since, &one.until)
                == (residence.kind, residence.household, &residence.since, &residence.until)
        });
        if is_repeated {
            self.notes.push(ExtractNote::RepeatedRow { line: row.line, earlier: person.line });
        }
        let permanent = |one: &PackedResidence| one.kind == ResidenceKind::Permanent;
        let becomes_main = permanent(&residence) && !packed.residences.iter().any(permanent);
        let line = row.line;
        let further = PackedPerson::of_row(row, residence);
        let disagreeing = packed.join(further, becomes_main, is_repeated);
        if becomes_main {
            person.household = packed.main_household();
            person.full_name = packed.fields.get(&Field::FullName).map(String::as_str).unwrap_or_default().into();
        }
        for field in disagreeing {
            self.notes.push(ExtractNote::RowsDisagree { line, earlier: person.line, field });
        }
        person.packed = packed.pack();
    }
}
