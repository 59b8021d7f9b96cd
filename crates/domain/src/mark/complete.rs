//! Đủ: which columns a person's record must have filled.
//!
//! One table, [`need_of`], says for each column to whom it applies. A field counts as filled by any text, `không có`
//! included: a resident without a religion or a telephone has a complete record once that is written down.

use super::{Finding, MarkInput};
use crate::field::Field;
use crate::register::ResidenceKind;
use crate::text::fold_search;

/// To whom a column applies. Ages are full years on the day of asking; a person whose age is not known is taken for
/// old enough, and one known only to the year for the youngest it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Everyone, living or dead.
    Always,
    /// Everyone from 60 days on: a newborn may have no number yet, and none is ever invented.
    FromSixtyDays,
    /// The living.
    Living,
    /// The living from 14, the first milestone of the card and the age of an own e-ID account.
    LivingFrom14,
    /// The living from 14 to 59: after the last milestone, at 60, a card has no end.
    LivingFrom14To59,
    /// The living from 18, the lowest lawful age of marriage.
    LivingFrom18,
    /// Who is married, by the marital status.
    Married,
    /// The living without a permanent residence here: for the others it is the dwelling itself.
    LivingElsewhere,
    /// The living head of a household: one number reaches the house.
    LivingHead,
    /// The living with a residence that is not permanent: when it began.
    LivingByTheWay,
    /// The living with a temporary residence or a short stay, which end by law.
    LivingForATime,
    /// The dead.
    Dead,
    /// Nobody has to: not everyone has one, or nobody at the door can know.
    Nobody,
    /// Not a column of the person: household and dwelling answer for it.
    NotOfAPerson,
}

/// The table. Source: Luật Căn cước 26/2023/QH15, Điều 9 (what the register holds), and the columns of the extract.
pub fn need_of(field: Field) -> Need {
    match field {
        Field::FullName | Field::BirthDate | Field::Sex => Need::Always,
        Field::IdNumber => Need::FromSixtyDays,
        Field::EthnicGroup | Field::Religion | Field::Nationality => Need::Always,
        Field::BirthPlace | Field::BirthRegistrationPlace | Field::Hometown => Need::Always,
        Field::FatherName | Field::MotherName => Need::Always,
        Field::MaritalStatus => Need::LivingFrom18,
        Field::SpouseName => Need::Married,
        Field::RelationshipToHead | Field::ResidenceKind => Need::Living,
        Field::PermanentAddress => Need::LivingElsewhere,
        Field::CardIssued | Field::EidLevel => Need::LivingFrom14,
        Field::CardExpires => Need::LivingFrom14To59,
        Field::Phone => Need::LivingHead,
        Field::ResidenceSince => Need::LivingByTheWay,
        Field::ResidenceUntil => Need::LivingForATime,
        Field::DeathDate => Need::Dead,
        // A former paper; a second name; a laboratory's word.
        Field::OldCmnd | Field::OtherName | Field::BloodGroup => Need::Nobody,
        Field::HouseholdNo
        | Field::Hamlet
        | Field::Alley
        | Field::HouseNo
        | Field::DwellingKind
        | Field::Latitude
        | Field::Longitude => Need::NotOfAPerson,
    }
}

pub(super) fn findings(input: &MarkInput<'_>) -> Vec<Finding> {
    let is_missing = |&field: &Field| applies(need_of(field), input) && !is_filled(field, input);
    Field::ALL.iter().copied().filter(is_missing).map(|field| Finding::FieldMissing { field }).collect()
}

fn applies(need: Need, input: &MarkInput<'_>) -> bool {
    let living = !input.is_dead();
    let has_kind = |kinds: &[ResidenceKind]| input.residences.iter().any(|residence| kinds.contains(&residence.kind));
    match need {
        Need::Always => true,
        Need::FromSixtyDays => input.date(Field::BirthDate).is_none_or(|birth| birth.days_until(input.today) >= 60),
        Need::Living => living,
        Need::LivingFrom14 => living && full_years(input).is_none_or(|years| years >= 14),
        Need::LivingFrom14To59 => living && full_years(input).is_none_or(|years| (14..60).contains(&years)),
        Need::LivingFrom18 => living && full_years(input).is_none_or(|years| years >= 18),
        Need::Married => input.filled(Field::MaritalStatus).is_some_and(says_married),
        Need::LivingElsewhere => living && !has_kind(&[ResidenceKind::Permanent]),
        Need::LivingHead => living && is_head(input),
        Need::LivingByTheWay => living && input.residences.iter().any(|r| r.kind != ResidenceKind::Permanent),
        Need::LivingForATime => living && has_kind(&[ResidenceKind::Temporary, ResidenceKind::ShortStay]),
        Need::Dead => !living,
        Need::Nobody | Need::NotOfAPerson => false,
    }
}

/// Full years certainly reached; a birth still to come counts as 0.
fn full_years(input: &MarkInput<'_>) -> Option<u16> {
    let birth = input.date(Field::BirthDate)?;
    Some(birth.age_on(input.today).map_or(0, |age| age.at_least))
}

fn is_filled(field: Field, input: &MarkInput<'_>) -> bool {
    let filled = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    let residences = input.residences;
    match field {
        Field::ResidenceKind => !residences.is_empty(),
        Field::RelationshipToHead => {
            input.filled(field).is_some() || residences.iter().any(|r| filled(r.relationship_to_head))
        }
        Field::ResidenceSince => {
            residences.iter().filter(|r| r.kind != ResidenceKind::Permanent).all(|r| filled(r.since))
        }
        Field::ResidenceUntil => residences
            .iter()
            .filter(|r| matches!(r.kind, ResidenceKind::Temporary | ResidenceKind::ShortStay))
            .all(|r| filled(r.until)),
        _ => input.filled(field).is_some(),
    }
}

fn is_head(input: &MarkInput<'_>) -> bool {
    let of_residences = input.residences.iter().filter_map(|residence| residence.relationship_to_head);
    of_residences.chain(input.filled(Field::RelationshipToHead)).any(|text| fold_search(text) == "chu ho")
}

/// `Đã kết hôn`, `Có vợ`, `Đang có chồng` …; not `Chưa kết hôn`, `Ly hôn`, `Góa`.
fn says_married(status: &str) -> bool {
    let folded = fold_search(status);
    let stem = ["da ", "dang "].iter().find_map(|prefix| folded.strip_prefix(prefix)).unwrap_or(&folded);
    matches!(
        stem,
        "ket hon" | "co vo" | "co chong" | "co vo/chong" | "co vo chong" | "co vo hoac chong" | "co gia dinh"
    )
}
