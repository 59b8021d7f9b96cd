//! What an officer brings home from a door: a visit with two corrections, each read from a paper that is named.

use domain::change::{
    Body, CorrectionProposed, EntityKind, EntityRef, Evidence, PaperRef, VisitKind, VisitOutcome, VisitRecord,
    VisitRecorded,
};
use domain::field::{Field, Subject};
use domain::id::{CorrectionId, VisitId};
use synth::Rng;
use uuid::{NoContext, Timestamp, Uuid};

use crate::central::House;

/// A change before it has author and place: the entity it stands on, and its body.
pub type Fact = (EntityRef, Body);

/// What of a person is found to differ, and which paper says so.
const FOUND: [(Field, &str); 8] = [
    (Field::FullName, "birth_certificate"),
    (Field::BirthDate, "birth_certificate"),
    (Field::Hometown, "birth_certificate"),
    (Field::FatherName, "birth_certificate"),
    (Field::MotherName, "birth_certificate"),
    (Field::PermanentAddress, "household_book"),
    (Field::CardIssued, "id_card"),
    (Field::Phone, "phone_contract"),
];
/// One visit in four has a note.
const NOTES: [&str; 4] = [
    "Hẹn xem lại giấy khai sinh của cháu út",
    "Chủ hộ đi làm ca, gặp lại sau 17 giờ",
    "Đang làm lại sổ, chờ bản chính",
    "Nhờ gọi trước khi đến, nhà có người ốm",
];
/// From one door to the next, in a day of about twenty.
const VISIT_EVERY_MS: u64 = 24 * 60 * 1000;

/// When the visit of this number is written down, on a day that begins at `morning_ms`.
pub fn at_ms(morning_ms: u64, number: usize) -> u64 {
    morning_ms + number as u64 * VISIT_EVERY_MS
}

/// The visit at the house of this number, and its two corrections. What a paper says is what the register says of
/// somebody else, so that values are as long and as various as real ones.
pub fn visit_with_two_corrections(houses: &[House], number: usize, now_ms: u64) -> Vec<Fact> {
    let mut rng = Rng::new(number as u64, "bench visit");
    let house = &houses[number % houses.len()];
    let visit = VisitId(id_at(now_ms));
    let ended_ms = now_ms - u64::from(rng.below(90_000));
    let record = VisitRecord {
        household: house.household,
        kind: VisitKind::AtTheDoor,
        outcome: VisitOutcome::Met,
        met: house.people.iter().take(1 + rng.below(2) as usize).map(|(person, _)| *person).collect(),
        met_other: None,
        started_ms: ended_ms - 240_000 - u64::from(rng.below(900_000)),
        ended_ms,
        next_visit: None,
        note: rng.chance(2_500).then(|| rng.pick(&NOTES).to_owned()),
        interpreter: None,
    };
    let recorded = Body::VisitRecorded(VisitRecorded { visit: record });
    let mut facts = vec![(EntityRef::new(EntityKind::Visit, visit), recorded)];
    for place in 0..2 {
        let correction = CorrectionId(id_at(now_ms));
        let body = correction_at(houses, house, place, visit, &mut rng);
        facts.push((EntityRef::new(EntityKind::Correction, correction), Body::CorrectionProposed(body)));
    }
    facts
}

fn correction_at(houses: &[House], house: &House, place: usize, visit: VisitId, rng: &mut Rng) -> CorrectionProposed {
    let (person, fields) = &house.people[place.min(house.people.len() - 1)];
    let (field, paper, value) = loop {
        let (field, paper) = rng.pick(&FOUND);
        let other = &houses[rng.next_u64() as usize % houses.len()];
        if let Some(value) = other.people[0].1.get(&field) {
            break (field, paper, value.clone());
        }
    };
    CorrectionProposed {
        subject: Subject::Person,
        subject_id: (*person).into(),
        household: Some(house.household),
        field,
        register_value: fields.get(&field).cloned(),
        paper_value: Some(value.clone()),
        statement_value: None,
        proposed_value: Some(value),
        reason: None,
        evidence: vec![Evidence {
            paper: PaperRef {
                kind: paper.to_owned(),
                number: Some(format!("{}/{}", rng.below(900) + 1, rng.range(1985, 2025))),
                date: Some(format!("{:02}/{:02}/{}", rng.range(1, 28), rng.range(1, 12), rng.range(1985, 2025))),
            },
            photo: None,
            rectangle: None,
            crop: None,
        }],
        visit: Some(visit),
    }
}

/// A fresh id of that time, as the app makes them.
pub fn id_at(now_ms: u64) -> Uuid {
    let nanoseconds = u32::try_from(now_ms % 1000).unwrap_or_default() * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, now_ms / 1000, nanoseconds))
}
