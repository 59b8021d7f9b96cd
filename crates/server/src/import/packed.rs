//! A person of the census packed as CBOR: a few hundred bytes instead of a tree of strings. Never leaves memory.

use std::collections::BTreeMap;

use domain::field::Field;
use domain::id::{HouseholdId, PersonId};
use domain::register::{OriginalSpelling, RegisterPerson, RegisterResidence, ResidenceKind};
use minicbor::{Decode, Encode};

use super::extract::ExtractRow;

#[derive(Encode, Decode)]
#[cbor(array)]
pub(super) struct PackedPerson {
    #[n(0)]
    pub(super) fields: BTreeMap<Field, String>,
    /// The main one, which the person is shown in, is first.
    #[n(1)]
    pub(super) residences: Vec<PackedResidence>,
    #[n(2)]
    others: Vec<(String, String)>,
    #[n(3)]
    originals: Vec<OriginalSpelling>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
pub(super) struct PackedResidence {
    #[n(0)]
    pub(super) kind: ResidenceKind,
    /// Place in `Census::households`.
    #[n(1)]
    pub(super) household: u64,
    #[n(2)]
    pub(super) since: Option<String>,
    #[n(3)]
    pub(super) until: Option<String>,
    #[n(4)]
    pub(super) relationship_to_head: Option<String>,
}

impl PackedPerson {
    pub(super) fn of_row(row: ExtractRow, residence: PackedResidence) -> Self {
        Self {
            fields: row.fields.into_iter().collect(),
            residences: vec![residence],
            others: row.others,
            originals: row.originals,
        }
    }

    pub(super) fn pack(&self) -> Box<[u8]> {
        minicbor::to_vec(self).expect("writing to a Vec cannot fail").into_boxed_slice()
    }

    pub(super) fn unpack(bytes: &[u8]) -> Self {
        minicbor::decode(bytes).expect("what this module packed, it unpacks")
    }

    pub(super) fn main_household(&self) -> usize {
        self.residences.first().map_or(0, |residence| residence.household as usize)
    }

    /// Takes in a further row of the same person: its residence, and what the main row leaves empty. Gives the fields
    /// in which the two disagree; the relationship to the head belongs to the residence and may differ.
    pub(super) fn join(&mut self, mut further: PackedPerson, further_is_main: bool, is_repeated: bool) -> Vec<Field> {
        if further_is_main {
            std::mem::swap(self, &mut further);
        }
        if !is_repeated {
            self.residences.append(&mut further.residences);
        }
        let mut disagreeing = Vec::new();
        for (field, value) in further.fields {
            match self.fields.get(&field) {
                None => {
                    let original = further.originals.iter().find(|original| original.field == field);
                    self.originals.extend(original.cloned());
                    self.fields.insert(field, value);
                }
                Some(main) if *main != value && field != Field::RelationshipToHead => disagreeing.push(field),
                Some(_) => {}
            }
        }
        self.originals.sort_by_key(|original| original.field);
        for other in further.others {
            if !self.others.contains(&other) {
                self.others.push(other);
            }
        }
        disagreeing
    }

    pub(super) fn into_register(self, id: PersonId, household_ids: &[HouseholdId]) -> RegisterPerson {
        let id_of = |place: u64| household_ids[place as usize];
        RegisterPerson {
            id,
            household: household_ids[self.main_household()],
            fields: self.fields,
            residences: self
                .residences
                .into_iter()
                .map(|residence| RegisterResidence {
                    kind: residence.kind,
                    household: id_of(residence.household),
                    since: residence.since,
                    until: residence.until,
                    relationship_to_head: residence.relationship_to_head,
                })
                .collect(),
            others: (!self.others.is_empty()).then_some(self.others),
            originals: (!self.originals.is_empty()).then_some(self.originals),
        }
    }
}
