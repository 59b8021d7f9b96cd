//! The papers people hold, and what each shows of a person.
//!
//! A paper always says the truth here; the few that do not are listed in the commune's
//! `wrong_papers`.

use serde::Serialize;

use crate::date::Date;
use crate::extract::Column;
use crate::person::Person;

/// A paper, as evidence names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// `citizen_card_2024`, `citizen_card_2021`, `birth_certificate`, `household_book`,
    /// `marriage_certificate`, `health_insurance_card`.
    pub kind: &'static str,
    pub number: String,
    /// `dd/mm/yyyy`, empty if the paper bears none.
    pub issued: String,
}

/// The paper of this person that shows this field, the card first.
pub fn that_shows(person: &Person, field: Column, as_of: Date) -> Option<Paper> {
    let card = person.card.filter(|card| card.issued <= as_of);
    match field {
        Column::FullName | Column::BirthDate | Column::Sex | Column::IdNumber => match card {
            Some(_) => Some(of_kind(person, card_kind(person))),
            None => Some(of_kind(person, "birth_certificate")),
        },
        Column::CardIssued | Column::CardExpires => card.map(|_| of_kind(person, card_kind(person))),
        Column::EthnicGroup
        | Column::Nationality
        | Column::BirthPlace
        | Column::BirthRegistrationPlace
        | Column::Hometown
        | Column::FatherName
        | Column::MotherName => Some(of_kind(person, "birth_certificate")),
        Column::MaritalStatus | Column::SpouseName if !person.spouse_name.is_empty() => {
            Some(of_kind(person, "marriage_certificate"))
        }
        _ => None,
    }
}

/// A paper of this kind with its number and date.
pub fn of_kind(person: &Person, kind: &'static str) -> Paper {
    let is_card = kind.starts_with("citizen_card");
    let number = if is_card {
        person.id_number.clone()
    } else {
        // Civil papers are numbered by year in their book.
        format!("{:03}/{}", person.key.0 % 900 + 1, person.birth.date.year)
    };
    let issued = match person.card {
        Some(card) if is_card => card.issued.to_string(),
        _ if kind == "birth_certificate" => person.birth.date.plus_days(21).to_string(),
        _ => String::new(),
    };
    Paper { kind, number, issued }
}

fn card_kind(person: &Person) -> &'static str {
    // The new card is issued since 1 July 2024 (Luật Căn cước 26/2023, Điều 46).
    match person.card {
        Some(card) if card.issued >= Date::new(2024, 7, 1) => "citizen_card_2024",
        _ => "citizen_card_2021",
    }
}
