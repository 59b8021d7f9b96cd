//! One row of the register as an edition brings it: the base that changes are folded on.
//!
//! Values are text exactly as the state holds them, in NFC; a spelling that was not NFC keeps its bytes in
//! `originals`. These records travel inside editions. Do not modify: docs/wire.cddl freezes their keys.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::id::{DwellingId, HouseholdId, PersonId};

/// The kind of a dated tie of a person to a place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ResidenceKind {
    #[n(1)]
    Permanent,
    #[n(2)]
    Temporary,
    #[n(3)]
    Current,
    #[n(4)]
    Absent,
    #[n(5)]
    ShortStay,
}

/// A dwelling of the register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct RegisterDwelling {
    #[n(0)]
    pub id: DwellingId,
    #[n(1)]
    pub hamlet: String,
    #[n(2)]
    pub alley: Option<String>,
    #[n(3)]
    pub house_no: Option<String>,
    /// `house`, `rented_room`, `apartment`, `workplace` or `other`.
    #[n(4)]
    pub kind: Option<String>,
    /// WGS 84, millionths of a degree.
    #[n(5)]
    pub lat_e6: Option<i32>,
    /// WGS 84, millionths of a degree.
    #[n(6)]
    pub lon_e6: Option<i32>,
}

/// A household of the register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct RegisterHousehold {
    #[n(0)]
    pub id: HouseholdId,
    #[n(1)]
    pub dwelling: DwellingId,
    /// Residence dossier number.
    #[n(2)]
    pub household_no: String,
}

/// One dated tie of a person to a household of this unit. Dates are partial dates as text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct RegisterResidence {
    #[n(0)]
    pub kind: ResidenceKind,
    #[n(1)]
    pub household: HouseholdId,
    #[n(2)]
    pub since: Option<String>,
    #[n(3)]
    pub until: Option<String>,
    /// Relationship to the head of that household.
    #[n(4)]
    pub relationship_to_head: Option<String>,
}

/// A field whose spelling in the extract was not NFC: the bytes as they came.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(array)]
pub struct OriginalSpelling {
    #[n(0)]
    pub field: Field,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// A person of the register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct RegisterPerson {
    #[n(0)]
    pub id: PersonId,
    /// The household the person is shown in: of the permanent residence, else of the first.
    #[n(1)]
    pub household: HouseholdId,
    /// Values of the person's own fields (1–24); an absent key is an empty column.
    #[n(2)]
    #[ts(type = "Partial<Record<Field, string>>")]
    pub fields: BTreeMap<Field, String>,
    #[n(3)]
    pub residences: Vec<RegisterResidence>,
    /// Columns of the extract that this format does not name, `[column, value]`.
    #[n(4)]
    pub others: Option<Vec<(String, String)>>,
    #[n(5)]
    pub originals: Option<Vec<OriginalSpelling>>,
}

impl RegisterPerson {
    /// The value of a field, `None` where the column is empty.
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }
}

/// What a later edition changed in one person: only what differs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonPatch {
    #[n(0)]
    pub id: PersonId,
    #[n(1)]
    pub household: Option<HouseholdId>,
    #[n(2)]
    pub set: Option<BTreeMap<Field, String>>,
    #[n(3)]
    pub cleared: Option<Vec<Field>>,
    /// The whole list, where it differs.
    #[n(4)]
    pub residences: Option<Vec<RegisterResidence>>,
    /// The whole list, where it differs; an empty list clears it.
    #[n(5)]
    pub others: Option<Vec<(String, String)>>,
    /// The whole list, where it differs; an empty list clears it.
    #[n(6)]
    pub originals: Option<Vec<OriginalSpelling>>,
}

impl PersonPatch {
    /// What turns `old` into `new`; `None` where nothing differs. Both are the same person: the id is not compared.
    pub fn between(old: &RegisterPerson, new: &RegisterPerson) -> Option<PersonPatch> {
        let set: BTreeMap<Field, String> = new
            .fields
            .iter()
            .filter(|(field, value)| old.fields.get(field) != Some(value))
            .map(|(field, value)| (*field, value.clone()))
            .collect();
        let cleared: Vec<Field> = old.fields.keys().filter(|field| !new.fields.contains_key(field)).copied().collect();
        let patch = PersonPatch {
            id: new.id,
            household: (old.household != new.household).then_some(new.household),
            set: (!set.is_empty()).then_some(set),
            cleared: (!cleared.is_empty()).then_some(cleared),
            residences: (old.residences != new.residences).then(|| new.residences.clone()),
            others: list_patch(&old.others, &new.others),
            originals: list_patch(&old.originals, &new.originals),
        };
        let empty = PersonPatch {
            id: new.id,
            household: None,
            set: None,
            cleared: None,
            residences: None,
            others: None,
            originals: None,
        };
        (patch != empty).then_some(patch)
    }
}

/// An absent list and an empty one say the same.
fn list_patch<T: Clone + PartialEq>(old: &Option<Vec<T>>, new: &Option<Vec<T>>) -> Option<Vec<T>> {
    let old = old.as_deref().unwrap_or_default();
    let new = new.as_deref().unwrap_or_default();
    (old != new).then(|| new.to_vec())
}

/// Makes the person what the later edition says. The caller has found him by the patch's id.
pub fn apply_patch(person: &mut RegisterPerson, patch: &PersonPatch) {
    if let Some(household) = patch.household {
        person.household = household;
    }
    for field in patch.cleared.iter().flatten() {
        person.fields.remove(field);
    }
    for (field, value) in patch.set.iter().flatten() {
        person.fields.insert(*field, value.clone());
    }
    if let Some(residences) = &patch.residences {
        person.residences.clone_from(residences);
    }
    if let Some(others) = &patch.others {
        person.others = (!others.is_empty()).then(|| others.clone());
    }
    if let Some(originals) = &patch.originals {
        person.originals = (!originals.is_empty()).then(|| originals.clone());
    }
}

/// One record of an edition's pieces. A full edition holds the first three only.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum EditionRecord {
    #[n(1)]
    Dwelling(#[n(0)] RegisterDwelling),
    #[n(2)]
    Household(#[n(0)] RegisterHousehold),
    #[n(3)]
    Person(#[n(0)] RegisterPerson),
    #[n(4)]
    PersonPatch(#[n(0)] PersonPatch),
    #[n(5)]
    DwellingGone(#[n(0)] DwellingId),
    #[n(6)]
    HouseholdGone(#[n(0)] HouseholdId),
    #[n(7)]
    PersonGone(#[n(0)] PersonId),
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person() -> RegisterPerson {
        RegisterPerson {
            id: PersonId(Uuid::from_u128(1)),
            household: HouseholdId(Uuid::from_u128(2)),
            fields: BTreeMap::from([(Field::FullName, "Trần Thị Bé".to_owned()), (Field::Phone, "0912".to_owned())]),
            residences: vec![RegisterResidence {
                kind: ResidenceKind::Permanent,
                household: HouseholdId(Uuid::from_u128(2)),
                since: None,
                until: None,
                relationship_to_head: Some("Vợ".to_owned()),
            }],
            others: Some(vec![("ghi chú".to_owned(), "x".to_owned())]),
            originals: None,
        }
    }

    #[test]
    fn a_patch_holds_only_what_differs_and_gives_the_new_person() {
        let old = person();
        let mut new = person();
        new.fields.insert(Field::FullName, "Trần Thị Bê".to_owned());
        new.fields.remove(&Field::Phone);
        new.others = None;

        let patch = PersonPatch::between(&old, &new).unwrap();

        assert_eq!(patch.set.as_ref().map(BTreeMap::len), Some(1));
        assert_eq!(patch.cleared.as_deref(), Some(&[Field::Phone][..]));
        assert_eq!((patch.household, patch.residences.clone()), (None, None));
        assert_eq!(patch.others, Some(vec![]));
        let mut patched = old;
        apply_patch(&mut patched, &patch);
        assert_eq!(patched, new);
    }

    #[test]
    fn every_part_of_a_person_can_be_patched() {
        let mut new = person();
        new.household = HouseholdId(Uuid::from_u128(3));
        new.residences[0].household = new.household;
        new.originals = Some(vec![OriginalSpelling { field: Field::FullName, bytes: vec![0x61] }]);
        let mut patched = person();

        apply_patch(&mut patched, &PersonPatch::between(&person(), &new).unwrap());

        assert_eq!(patched, new);
        assert_eq!(PersonPatch::between(&patched, &new), None);
    }
}
