//! What is known before an edition comes: whom and what the editions so far named, what was found at the doors, and
//! which corrections were approved. A ledger gives it row by row; the import keeps what it needs in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use domain::field::{Field, Subject};
use domain::id::{CorrectionId, EntityId, HouseholdId, PersonId};
use domain::register::{EditionRecord, RegisterDwelling, RegisterHousehold, RegisterPerson};

/// A dwelling of the edition in force, of an earlier one, or added at the door.
#[derive(Clone, Debug)]
pub struct KnownDwelling {
    pub dwelling: RegisterDwelling,
    /// Whether the edition in force holds it.
    pub held: bool,
}

/// A household of the edition in force, of an earlier one, or added at the door with a number: it keeps its id when
/// the register brings it.
#[derive(Clone, Debug)]
pub struct KnownHousehold {
    pub household: RegisterHousehold,
    pub held: bool,
}

/// A person of the edition in force or of an earlier one.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    pub id: PersonId,
    pub household: HouseholdId,
    /// The ID number that the last edition gave.
    pub id_number: Option<String>,
    /// Every other ID number the person ever had (NĐ 70/2024: one can be cancelled and replaced).
    pub former_id_numbers: Vec<String>,
    pub full_name: String,
    pub birth_date: Option<String>,
    pub old_cmnd: Option<String>,
    pub father_name: Option<String>,
    pub mother_name: Option<String>,
    pub held: bool,
}

impl KnownPerson {
    /// As the register holds the person, with the ID numbers of earlier editions.
    pub fn from_register(person: &RegisterPerson, former_id_numbers: Vec<String>, held: bool) -> Self {
        let text = |field| person.field(field).map(str::to_owned);
        Self {
            id: person.id,
            household: person.household,
            id_number: text(Field::IdNumber),
            former_id_numbers,
            full_name: text(Field::FullName).unwrap_or_default(),
            birth_date: text(Field::BirthDate),
            old_cmnd: text(Field::OldCmnd),
            father_name: text(Field::FatherName),
            mother_name: text(Field::MotherName),
            held,
        }
    }
}

/// Someone added at a door (`PersonAdded`) whom no edition has brought yet: not removed, not withdrawn, not linked.
#[derive(Clone, Debug)]
pub struct AddedPerson {
    pub id: PersonId,
    pub household: HouseholdId,
    pub fields: BTreeMap<Field, String>,
}

/// A correction that was approved or entered, and that no edition has confirmed.
#[derive(Clone, Debug)]
pub struct OpenCorrection {
    pub id: CorrectionId,
    pub subject: Subject,
    pub subject_id: EntityId,
    pub field: Field,
    /// `None` proposes an empty column.
    pub proposed_value: Option<String>,
}

/// Where what is known comes from. Each function hands over every row of its kind, of one unit, in any order, and fails
/// as its source does.
pub trait KnownIdentities {
    type Error: std::error::Error + Send + Sync + 'static;

    fn dwellings(&self, take: &mut dyn FnMut(KnownDwelling)) -> Result<(), Self::Error>;
    fn households(&self, take: &mut dyn FnMut(KnownHousehold)) -> Result<(), Self::Error>;
    fn persons(&self, take: &mut dyn FnMut(KnownPerson)) -> Result<(), Self::Error>;
    fn added_persons(&self, take: &mut dyn FnMut(AddedPerson)) -> Result<(), Self::Error>;
    fn open_corrections(&self, take: &mut dyn FnMut(OpenCorrection)) -> Result<(), Self::Error>;
    /// People whose rows were erased.
    fn erased_persons(&self, take: &mut dyn FnMut(PersonId)) -> Result<(), Self::Error>;
}

/// Everything known, in memory. Empty before a unit's first edition.
#[derive(Clone, Debug, Default)]
pub struct KnownInMemory {
    pub dwellings: Vec<KnownDwelling>,
    pub households: Vec<KnownHousehold>,
    pub persons: Vec<KnownPerson>,
    pub added_persons: Vec<AddedPerson>,
    pub open_corrections: Vec<OpenCorrection>,
    pub erased_persons: BTreeSet<PersonId>,
}

impl KnownInMemory {
    /// The edition in force, from its records; deltas are not followed.
    pub fn from_records(records: impl IntoIterator<Item = EditionRecord>) -> Self {
        let mut known = Self::default();
        for record in records {
            match record {
                EditionRecord::Dwelling(dwelling) => known.dwellings.push(KnownDwelling { dwelling, held: true }),
                EditionRecord::Household(household) => known.households.push(KnownHousehold { household, held: true }),
                EditionRecord::Person(person) => {
                    known.persons.push(KnownPerson::from_register(&person, Vec::new(), true));
                }
                EditionRecord::PersonPatch(_)
                | EditionRecord::DwellingGone(_)
                | EditionRecord::HouseholdGone(_)
                | EditionRecord::PersonGone(_) => {}
            }
        }
        known
    }
}

impl KnownIdentities for KnownInMemory {
    type Error = Infallible;

    fn dwellings(&self, take: &mut dyn FnMut(KnownDwelling)) -> Result<(), Infallible> {
        self.dwellings.iter().cloned().for_each(take);
        Ok(())
    }

    fn households(&self, take: &mut dyn FnMut(KnownHousehold)) -> Result<(), Infallible> {
        self.households.iter().cloned().for_each(take);
        Ok(())
    }

    fn persons(&self, take: &mut dyn FnMut(KnownPerson)) -> Result<(), Infallible> {
        self.persons.iter().cloned().for_each(take);
        Ok(())
    }

    fn added_persons(&self, take: &mut dyn FnMut(AddedPerson)) -> Result<(), Infallible> {
        self.added_persons.iter().cloned().for_each(take);
        Ok(())
    }

    fn open_corrections(&self, take: &mut dyn FnMut(OpenCorrection)) -> Result<(), Infallible> {
        self.open_corrections.iter().cloned().for_each(take);
        Ok(())
    }

    fn erased_persons(&self, take: &mut dyn FnMut(PersonId)) -> Result<(), Infallible> {
        self.erased_persons.iter().copied().for_each(take);
        Ok(())
    }
}
