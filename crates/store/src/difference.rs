//! How two values of one field differ, in the domain's classes.

use domain::date::{DateDifference, PartialDate};
use domain::field::Field;
use domain::text::{NameDifference, compare_names};
use serde::{Deserialize, Serialize};

/// The class of a difference, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Neither has a value.
    BothEmpty,
    Identical,
    Case,
    Encoding,
    TonePlacement,
    /// A date that says less and contradicts nothing.
    LessPrecise,
    /// The register has nothing.
    MissingInRegister,
    /// Only the register has a value.
    OnlyInRegister,
    DiacriticsOnly,
    Spelling,
    Different,
}

/// Compares the register's value with another.
pub fn compare(field: Field, register: Option<&str>, other: Option<&str>) -> Difference {
    let filled = |value: Option<&str>| value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    match (filled(register), filled(other)) {
        (None, None) => Difference::BothEmpty,
        (None, Some(_)) => Difference::MissingInRegister,
        (Some(_), None) => Difference::OnlyInRegister,
        (Some(register), Some(other)) => compare_filled(field, &register, &other),
    }
}

fn compare_filled(field: Field, register: &str, other: &str) -> Difference {
    match field {
        Field::BirthDate
        | Field::DeathDate
        | Field::CardIssued
        | Field::CardExpires
        | Field::ResidenceSince
        | Field::ResidenceUntil => compare_dates(register, other),
        Field::IdNumber | Field::OldCmnd | Field::Phone | Field::HouseholdNo => match register == other {
            true => Difference::Identical,
            false => Difference::Different,
        },
        _ => match compare_names(register, other) {
            NameDifference::Identical => Difference::Identical,
            NameDifference::Case => Difference::Case,
            NameDifference::Encoding => Difference::Encoding,
            NameDifference::TonePlacement => Difference::TonePlacement,
            NameDifference::DiacriticsOnly => Difference::DiacriticsOnly,
            NameDifference::Spelling => Difference::Spelling,
            NameDifference::Different => Difference::Different,
        },
    }
}

/// A date that the calendar lacks agrees with nothing but itself.
fn compare_dates(register: &str, other: &str) -> Difference {
    if register == other {
        return Difference::Identical;
    }
    let (Ok(register), Ok(other)) = (register.parse::<PartialDate>(), other.parse()) else {
        return Difference::Different;
    };
    match domain::date::compare(register, other) {
        DateDifference::Equal => Difference::Identical,
        DateDifference::LessPrecise => Difference::LessPrecise,
        DateDifference::Different => Difference::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_compared_in_its_own_way() {
        use Difference::*;
        let cases = [
            (Field::FullName, "Lê Thị Hòa", "Lê Thị Hoà", TonePlacement),
            (Field::FullName, "LÊ THỊ HÒA", "Lê Thị Hòa", Case),
            (Field::FullName, "Lê Thị Hoa", "Lê Thị Hòa", DiacriticsOnly),
            (Field::FullName, "Lê Thị Hoa", "", OnlyInRegister),
            (Field::FullName, "", "Lê Thị Hoa", MissingInRegister),
            (Field::FullName, " ", "", BothEmpty),
            (Field::BirthDate, "1957", "03/1957", LessPrecise),
            (Field::BirthDate, "30/02/1990", "02/03/1990", Different),
            (Field::BirthDate, "30/02/1990", "30/02/1990", Identical),
            (Field::IdNumber, "001190012345", "001190012346", Different),
        ];
        for (field, register, other, class) in cases {
            assert_eq!(compare(field, Some(register), Some(other)), class, "{register:?} {other:?}");
        }
    }
}
