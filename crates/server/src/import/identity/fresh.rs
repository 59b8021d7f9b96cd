//! Ids of those who are new. An id is made from what the register knows them by, under a key of the server: an import
//! that was taken back, or lost with a restored ledger, gives the same ids when it is done again, so that visits and
//! corrections keep whom they are about. Nobody can tell a number from an id, nor an id from a number, without the key.

use std::collections::HashSet;

use domain::id::PersonId;
use domain::text::collation_key;
use uuid::Uuid;

use super::super::census::Census;
use super::super::packed::PackedPerson;
use super::{IdentityNote, Known};

/// Makes an id: the same for the same kind and key, another for another.
pub type MakeId<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Uuid;

/// Gives out ids that nobody has.
pub(super) struct FreshIds<'a> {
    census: &'a Census,
    known: &'a Known,
    make: MakeId<'a>,
    /// Ids that are given, now or before, to the living and to the erased.
    given: HashSet<Uuid>,
    /// ID numbers that two people of the census have.
    shared_numbers: HashSet<u64>,
    pub(super) notes: Vec<IdentityNote>,
}

impl<'a> FreshIds<'a> {
    pub(super) fn new(census: &'a Census, known: &'a Known, make: MakeId<'a>) -> Self {
        let given = (known.persons.iter().map(|person| person.id.0))
            .chain(known.added.iter().map(|person| person.id.0))
            .chain(known.erased.iter().map(|person| person.0))
            .chain(known.households.iter().map(|one| one.household.id.0))
            .chain(known.dwellings.iter().map(|one| one.dwelling.id.0))
            .collect();
        let (mut seen, mut shared_numbers) = (HashSet::new(), HashSet::new());
        for number in census.persons.iter().filter_map(|person| person.id_number) {
            if !seen.insert(number) {
                shared_numbers.insert(number);
            }
        }
        Self { census, known, make, given, shared_numbers, notes: Vec::new() }
    }

    /// By the number alone where it is one person's; the name and the day may be mended, the number hardly ever.
    pub(super) fn person(&mut self, place: usize) -> Uuid {
        let person = &self.census.persons[place];
        let number = person.id_number.filter(|number| !self.shared_numbers.contains(number));
        if let Some(number) = number {
            let id = (self.make)("person", &number.to_be_bytes());
            if self.known.erased.contains(&PersonId(id)) {
                self.notes.push(IdentityNote::ErasedReturned { line: person.line, erased: PersonId(id) });
            } else if self.given.insert(id) {
                return id;
            }
        }
        let whole = PackedPerson::unpack(&person.packed);
        let mut key = Vec::new();
        let household = &self.census.households[person.household].household_no;
        let number = person.id_number.map(|number| number.to_be_bytes().to_vec()).unwrap_or_default();
        let birth = person.birth_date.as_deref().unwrap_or_default().as_bytes().to_vec();
        let cmnd = whole.fields.get(&domain::field::Field::OldCmnd).map(|cmnd| cmnd.as_bytes().to_vec());
        let parts =
            [number, collation_key(&person.full_name), birth, cmnd.unwrap_or_default(), household.clone().into()];
        for part in parts {
            key.extend((part.len() as u32).to_be_bytes());
            key.extend(part);
        }
        self.first_free("person", &key)
    }

    pub(super) fn household(&mut self, place: usize) -> Uuid {
        let census = self.census;
        self.first_free("household", census.households[place].household_no.as_bytes())
    }

    pub(super) fn dwelling(&mut self, place: usize) -> Uuid {
        let census = self.census;
        self.first_free("dwelling", &census.dwellings[place].key.bytes())
    }

    /// Where the first is given already, the second of the same key, and so on.
    fn first_free(&mut self, kind: &str, key: &[u8]) -> Uuid {
        let mut numbered = key.to_vec();
        for number in 0_u32.. {
            numbered.truncate(key.len());
            numbered.extend(number.to_be_bytes());
            let id = (self.make)(kind, &numbered);
            if self.given.insert(id) {
                return id;
            }
        }
        unreachable!("a census has fewer than 2^32 rows")
    }
}
