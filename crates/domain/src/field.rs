//! The register's fields, each with its number on the wire and its column in an extract.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What a field belongs to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    #[n(1)]
    Person,
    #[n(2)]
    Household,
    #[n(3)]
    Dwelling,
}

macro_rules! fields {
    ($($number:literal $name:ident $column:literal $subject:ident),* $(,)?) => {
        /// One field of the register. Numbers are wire: do not modify, only add.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
        )]
        #[cbor(index_only)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $(#[n($number)] $name,)*
        }

        impl Field {
            /// Every field, in wire order.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];

            /// The column of the register extract.
            pub fn column(self) -> &'static str {
                match self { $(Field::$name => $column,)* }
            }

            /// What the field belongs to.
            pub fn subject(self) -> Subject {
                match self { $(Field::$name => Subject::$subject,)* }
            }

            /// The number on the wire.
            pub fn number(self) -> u8 {
                match self { $(Field::$name => $number,)* }
            }
        }
    };
}

fields! {
    1 IdNumber "id_number" Person,
    2 OldCmnd "old_cmnd" Person,
    3 FullName "full_name" Person,
    4 OtherName "other_name" Person,
    5 BirthDate "birth_date" Person,
    6 Sex "sex" Person,
    7 EthnicGroup "ethnic_group" Person,
    8 Religion "religion" Person,
    9 Nationality "nationality" Person,
    10 BloodGroup "blood_group" Person,
    11 MaritalStatus "marital_status" Person,
    12 BirthPlace "birth_place" Person,
    13 BirthRegistrationPlace "birth_registration_place" Person,
    14 Hometown "hometown" Person,
    15 FatherName "father_name" Person,
    16 MotherName "mother_name" Person,
    17 SpouseName "spouse_name" Person,
    18 RelationshipToHead "relationship_to_head" Person,
    19 PermanentAddress "permanent_address" Person,
    20 CardIssued "card_issued" Person,
    21 CardExpires "card_expires" Person,
    22 EidLevel "eid_level" Person,
    23 Phone "phone" Person,
    24 DeathDate "death_date" Person,
    40 ResidenceKind "residence_kind" Person,
    41 ResidenceSince "residence_since" Person,
    42 ResidenceUntil "residence_until" Person,
    60 HouseholdNo "household_no" Household,
    80 Hamlet "hamlet" Dwelling,
    81 Alley "alley" Dwelling,
    82 HouseNo "house_no" Dwelling,
    83 DwellingKind "dwelling_kind" Dwelling,
    84 Latitude "lat" Dwelling,
    85 Longitude "lon" Dwelling,
}

impl Field {
    /// The field of an extract's column.
    pub fn from_column(column: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.column() == column)
    }

    /// ID number, birth date, sex and death ask for two approvals unless the unit's policy says otherwise.
    pub fn two_people_by_default(self) -> bool {
        matches!(self, Field::IdNumber | Field::BirthDate | Field::Sex | Field::DeathDate)
    }
}
