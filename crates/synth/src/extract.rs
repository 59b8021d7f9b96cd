//! The register extract: its columns and how a row is written.
//!
//! The only place that knows the file's form (UTF-8 CSV with a header, one row per person and
//! residence). It writes; it never reads.

use std::borrow::Cow;
use std::io;

use crate::commune::{Commune, ResidenceKind, RowKey};
use crate::tables::Tables;

macro_rules! columns {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// A column of the extract, in the order of the file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($variant),+ }

        impl Column {
            /// All columns in the order of the file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the header.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

columns! {
    Edition = "edition",
    UnitCode = "unit_code",
    HouseholdNo = "household_no",
    Hamlet = "hamlet",
    Alley = "alley",
    HouseNo = "house_no",
    DwellingKind = "dwelling_kind",
    Lat = "lat",
    Lon = "lon",
    IdNumber = "id_number",
    OldCmnd = "old_cmnd",
    FullName = "full_name",
    OtherName = "other_name",
    BirthDate = "birth_date",
    Sex = "sex",
    EthnicGroup = "ethnic_group",
    Religion = "religion",
    Nationality = "nationality",
    BloodGroup = "blood_group",
    MaritalStatus = "marital_status",
    BirthPlace = "birth_place",
    BirthRegistrationPlace = "birth_registration_place",
    Hometown = "hometown",
    FatherName = "father_name",
    MotherName = "mother_name",
    SpouseName = "spouse_name",
    RelationshipToHead = "relationship_to_head",
    ResidenceKind = "residence_kind",
    ResidenceSince = "residence_since",
    ResidenceUntil = "residence_until",
    PermanentAddress = "permanent_address",
    CardIssued = "card_issued",
    CardExpires = "card_expires",
    EidLevel = "eid_level",
    Phone = "phone",
    DeathDate = "death_date",
}

impl Column {
    /// The column with this name in the header, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }

    /// True for what belongs to the person wherever they live; the rest is said by the row.
    pub fn is_of_person(self) -> bool {
        !matches!(
            self,
            Self::Edition
                | Self::UnitCode
                | Self::HouseholdNo
                | Self::Hamlet
                | Self::Alley
                | Self::HouseNo
                | Self::DwellingKind
                | Self::Lat
                | Self::Lon
                | Self::RelationshipToHead
                | Self::ResidenceKind
                | Self::ResidenceSince
                | Self::ResidenceUntil
        )
    }
}

impl Commune {
    /// What the register says in one cell.
    pub fn value(&self, row: RowKey, column: Column) -> Cow<'_, str> {
        let record = &self.records[self.member(row).record.index()];
        match record.override_of(column) {
            Some(value) => Cow::Borrowed(value),
            None => self.true_value(row, column),
        }
    }

    /// What would stand there if nothing of the person's were mistaken. What a row says itself
    /// (relationship, residence) is given as the register has it.
    pub fn true_value(&self, row: RowKey, column: Column) -> Cow<'_, str> {
        let household = &self.households[row.household];
        let member = &household.members[row.member];
        let dwelling = &self.dwellings[household.dwelling];
        let person = self.person_of(member.record);
        let card = person.card;
        match column {
            Column::Edition => Cow::Borrowed(&self.edition),
            Column::UnitCode => Cow::Borrowed(&self.unit.code),
            Column::HouseholdNo => Cow::Borrowed(&household.number),
            Column::Hamlet => Cow::Borrowed(&self.hamlets[dwelling.hamlet].name),
            Column::Alley => Cow::Borrowed(&dwelling.alley),
            Column::HouseNo => Cow::Borrowed(&dwelling.house_no),
            Column::DwellingKind => Cow::Borrowed(dwelling.kind.text()),
            Column::Lat => Cow::Owned(degrees(dwelling.lat_microdeg)),
            Column::Lon => Cow::Owned(degrees(dwelling.lon_microdeg)),
            Column::IdNumber => Cow::Borrowed(&person.id_number),
            Column::OldCmnd => Cow::Borrowed(&person.old_cmnd),
            Column::FullName => Cow::Borrowed(&person.full_name),
            Column::OtherName => Cow::Borrowed(person.other_name),
            Column::BirthDate => Cow::Owned(person.birth.to_string()),
            Column::Sex => Cow::Borrowed(person.sex.text()),
            Column::EthnicGroup => Cow::Borrowed(Tables::get().ethnic_name(person.ethnic_group)),
            Column::Religion => Cow::Borrowed(person.religion),
            Column::Nationality => Cow::Borrowed("Việt Nam"),
            Column::BloodGroup => Cow::Borrowed(person.blood_group),
            Column::MaritalStatus => Cow::Borrowed(person.marital_status),
            Column::BirthPlace => Cow::Borrowed(&person.birth_place),
            Column::BirthRegistrationPlace => Cow::Borrowed(&person.birth_registration_place),
            Column::Hometown => Cow::Borrowed(&person.hometown),
            Column::FatherName => Cow::Borrowed(&person.father_name),
            Column::MotherName => Cow::Borrowed(&person.mother_name),
            Column::SpouseName => Cow::Borrowed(&person.spouse_name),
            Column::RelationshipToHead => Cow::Borrowed(&member.relationship),
            Column::ResidenceKind => Cow::Borrowed(member.kind.text()),
            Column::ResidenceSince => Cow::Owned(member.since.to_string()),
            Column::ResidenceUntil => optional(member.until),
            Column::PermanentAddress => Cow::Borrowed(&person.permanent_address),
            Column::CardIssued => optional(card.map(|card| card.issued)),
            Column::CardExpires => optional(card.and_then(|card| card.expires)),
            Column::EidLevel => optional(person.eid_level),
            Column::Phone => Cow::Borrowed(&person.phone),
            Column::DeathDate => optional(person.death),
        }
    }

    /// Persons that have a permanent home here; the others only stay.
    pub fn is_permanent(&self, row: RowKey) -> bool {
        matches!(self.member(row).kind, ResidenceKind::Permanent)
    }
}

/// Writes the extract of a commune: comma, UTF-8 without BOM, LF.
pub fn write_extract(commune: &Commune, out: impl io::Write) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
    csv.write_record(Column::ALL.iter().map(|column| column.name()))?;
    for row in commune.rows() {
        for column in Column::ALL {
            csv.write_field(commune.value(row, *column).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn degrees(microdeg: i32) -> String {
    format!("{}.{:06}", microdeg / 1_000_000, microdeg % 1_000_000)
}

fn optional(value: Option<impl ToString>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Owned(value.to_string()))
}
