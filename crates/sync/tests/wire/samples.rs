//! One full and one minimal example of every body, with fixed ids: every optional key present, or none.

use std::collections::BTreeMap;

use domain::change::*;
use domain::field::{Field, Subject};
use domain::id::*;
use domain::register::ResidenceKind;
use domain::role::Role;

use crate::fixed::*;

pub fn household(byte: u8) -> HouseholdId {
    id(byte, HouseholdId::from_bytes)
}

pub fn persons(bytes: &[u8]) -> Vec<PersonId> {
    bytes.iter().map(|byte| id(*byte, PersonId::from_bytes)).collect()
}

fn change(byte: u8) -> ChangeId {
    id(byte, ChangeId::from_bytes)
}

fn visit_id() -> VisitId {
    id(0x71, VisitId::from_bytes)
}

fn dwelling() -> DwellingId {
    id(0xe1, DwellingId::from_bytes)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn fields() -> BTreeMap<Field, String> {
    BTreeMap::from([
        (Field::IdNumber, "001090012345".to_owned()),
        (Field::FullName, "NGUYỄN THỊ ÁNH".to_owned()),
        (Field::DeathDate, "1990".to_owned()),
    ])
}

fn full_visit() -> VisitRecord {
    VisitRecord {
        household: household(0xb1),
        kind: VisitKind::AtTheStation,
        outcome: VisitOutcome::Vacant,
        met: persons(&[0xa1, 0xa2]),
        met_other: some("người thuê trọ"),
        started_ms: NOW_MS,
        ended_ms: NOW_MS + 60_000,
        next_visit: some("01/12/2025"),
        note: some("chó dữ"),
        interpreter: some("bà Y Blun"),
    }
}

fn minimal_visit() -> VisitRecord {
    VisitRecord {
        household: household(0xb1),
        kind: VisitKind::AtTheDoor,
        outcome: VisitOutcome::Met,
        met: Vec::new(),
        met_other: None,
        started_ms: 0,
        ended_ms: 0,
        next_visit: None,
        note: None,
        interpreter: None,
    }
}

fn full_evidence() -> Evidence {
    Evidence {
        paper: PaperRef { kind: "id_card".to_owned(), number: some("001090012345"), date: some("05/2021") },
        photo: Some(PhotoHash([0xf0; 32])),
        rectangle: Some([0, 1, 24, 10_000]),
        crop: Some(PhotoHash([0xf2; 32])),
    }
}

/// Every optional key present, in the order of the type numbers.
pub fn full_bodies() -> Vec<Body> {
    vec![
        Body::VisitRecorded(VisitRecorded { visit: full_visit() }),
        Body::VisitAmended(VisitAmended { visit: full_visit(), reason: some("nhầm hộ") }),
        Body::EveryoneAsListed(EveryoneAsListed { visit: visit_id(), persons: persons(&[0xa1, 0xa2]) }),
        Body::CorrectionProposed(CorrectionProposed {
            subject: Subject::Person,
            subject_id: person().into(),
            household: Some(household(0xb1)),
            field: Field::BirthDate,
            register_value: some("01/01/1990"),
            paper_value: some("10/01/1990"),
            statement_value: some("10/1/1990"),
            proposed_value: some("10/01/1990"),
            reason: some("sai khi nhập"),
            evidence: vec![full_evidence()],
            visit: Some(visit_id()),
        }),
        Body::CorrectionWithdrawn(CorrectionWithdrawn { reason: some("nhầm người") }),
        Body::CorrectionReviewed(CorrectionReviewed {
            decision: Decision::Refer,
            reason: some("cần đối chiếu"),
            office: some("Tư pháp - Hộ tịch"),
            answer_by: some("31/12/2025"),
            register_value: some("01/01/1990"),
        }),
        Body::ReviewWithdrawn(ReviewWithdrawn { review: change(0x12), reason: some("bấm nhầm") }),
        Body::CorrectionEntered(CorrectionEntered { entered_on: some("02/11/2025"), note: some("đã nhập") }),
        Body::CorrectionConfirmed(CorrectionConfirmed { edition: 2 }),
        Body::PersonAdded(PersonAdded {
            household: household(0xb1),
            fields: fields(),
            residence: ResidenceKind::ShortStay,
            since: some("2024"),
            reason: some("mới chuyển đến"),
        }),
        Body::PersonRemoved(PersonRemoved {
            cause: RemovalCause::Duplicate,
            date: some("03/2025"),
            destination: some("Đắk Lắk"),
            duplicate_of: Some(id(0xa2, PersonId::from_bytes)),
            note: some("trùng"),
        }),
        Body::PersonMoved(PersonMoved { from: household(0xb1), to: household(0xb2), date: some("04/2025") }),
        Body::PersonLinked(PersonLinked { register_person: id(0xa2, PersonId::from_bytes) }),
        Body::DwellingAdded(DwellingAdded {
            hamlet: "Thôn 3".to_owned(),
            alley: some("Ngõ 12"),
            house_no: some("12/5A"),
            kind: some("rented_room"),
            lat_e6: Some(21_028_511),
            lon_e6: Some(-105_804_817),
        }),
        Body::HouseholdAdded(HouseholdAdded { dwelling: dwelling(), household_no: some("0123") }),
        Body::HouseholdSplit(HouseholdSplit {
            from: household(0xb1),
            dwelling: dwelling(),
            persons: persons(&[0xa1]),
            head: Some(person()),
            household_no: some("0124"),
        }),
        Body::TemporaryResidenceBegun(TemporaryResidenceBegun {
            household: household(0xb1),
            since: some("01/2025"),
            until: some("01/2027"),
            registered: true,
            note: some("có hợp đồng"),
        }),
        Body::TemporaryResidenceEnded(TemporaryResidenceEnded { begun: Some(change(0x40)), date: some("05/2025") }),
        Body::AbsenceBegun(AbsenceBegun {
            since: some("06/2025"),
            expected_return: some("2026"),
            destination: some("Bình Dương"),
            reason: some("đi làm"),
            told_by: some("mẹ"),
            phone: some("0912345678"),
        }),
        Body::AbsenceEnded(AbsenceEnded { date: some("07/2025"), note: some("đã về"), begun: Some(change(0x42)) }),
        Body::PhotoAttached(PhotoAttached {
            document_kind: "birth_certificate".to_owned(),
            document_number: some("12/2001"),
            document_date: some("08/2001"),
            reason: PhotoReason::Other,
            reason_text: some("theo yêu cầu"),
            visit: Some(visit_id()),
        }),
        Body::NoteWritten(NoteWritten { text: "Ghi chú: nhà có hai lối vào".to_owned() }),
        Body::Assigned(Assigned { officer: Some(officer()), due: some("30/11/2025"), note: some("gấp") }),
        Body::AreaSet(AreaSet {
            parts: vec![
                AreaPart { hamlet: "Thôn 3".to_owned(), alley: some("Ngõ 12") },
                AreaPart { hamlet: "Thôn 4".to_owned(), alley: None },
            ],
        }),
        Body::EventWithdrawn(EventWithdrawn {
            change: change(0x60),
            reason: some("ghi nhầm"),
            touched: vec![EntityRef::new(EntityKind::Household, household(0xb1))],
        }),
        Body::EditionPublished(EditionPublished { edition: 300, label: "2025-11".to_owned(), people: 150_000 }),
        Body::EditionUndone(EditionUndone { edition: 300 }),
        Body::Erased(Erased {
            basis: ErasureBasis::WrongPerson,
            changes: vec![change(0x72)],
            photos: vec![PhotoHash([0xf1; 32])],
            register_rows: persons(&[0xa9]),
        }),
        Body::DeviceRevoked(DeviceRevoked {
            cause: "lost".to_owned(),
            chains: Some(vec![RevokedChain { chain: chain(), last_sequence: 9, head: [0xaf; 32] }]),
        }),
        Body::OfficerListed(OfficerListed {
            name: "Trần Văn Đức".to_owned(), role: Role::Supervisor, active: true
        }),
        Body::PolicySet(PolicySet { two_people: vec![Field::IdNumber, Field::Sex], alive_days: 180 }),
    ]
}

/// No optional key, empty lists, in the order of the type numbers.
pub fn minimal_bodies() -> Vec<Body> {
    vec![
        Body::VisitRecorded(VisitRecorded { visit: minimal_visit() }),
        Body::VisitAmended(VisitAmended { visit: minimal_visit(), reason: None }),
        Body::EveryoneAsListed(EveryoneAsListed { visit: visit_id(), persons: Vec::new() }),
        Body::CorrectionProposed(CorrectionProposed {
            subject: Subject::Dwelling,
            subject_id: dwelling().into(),
            household: None,
            field: Field::Longitude,
            register_value: None,
            paper_value: None,
            statement_value: None,
            proposed_value: None,
            reason: None,
            evidence: Vec::new(),
            visit: None,
        }),
        Body::CorrectionWithdrawn(CorrectionWithdrawn { reason: None }),
        Body::CorrectionReviewed(CorrectionReviewed {
            decision: Decision::Approve,
            reason: None,
            office: None,
            answer_by: None,
            register_value: None,
        }),
        Body::ReviewWithdrawn(ReviewWithdrawn { review: change(0x12), reason: None }),
        Body::CorrectionEntered(CorrectionEntered { entered_on: None, note: None }),
        Body::CorrectionConfirmed(CorrectionConfirmed { edition: 0 }),
        Body::PersonAdded(PersonAdded {
            household: household(0xb1),
            fields: BTreeMap::new(),
            residence: ResidenceKind::Permanent,
            since: None,
            reason: None,
        }),
        Body::PersonRemoved(PersonRemoved {
            cause: RemovalCause::Died,
            date: None,
            destination: None,
            duplicate_of: None,
            note: None,
        }),
        Body::PersonMoved(PersonMoved { from: household(0xb1), to: household(0xb2), date: None }),
        Body::PersonLinked(PersonLinked { register_person: person() }),
        Body::DwellingAdded(DwellingAdded {
            hamlet: String::new(),
            alley: None,
            house_no: None,
            kind: None,
            lat_e6: None,
            lon_e6: None,
        }),
        Body::HouseholdAdded(HouseholdAdded { dwelling: dwelling(), household_no: None }),
        Body::HouseholdSplit(HouseholdSplit {
            from: household(0xb1),
            dwelling: dwelling(),
            persons: Vec::new(),
            head: None,
            household_no: None,
        }),
        Body::TemporaryResidenceBegun(TemporaryResidenceBegun {
            household: household(0xb1),
            since: None,
            until: None,
            registered: false,
            note: None,
        }),
        Body::TemporaryResidenceEnded(TemporaryResidenceEnded { begun: None, date: None }),
        Body::AbsenceBegun(AbsenceBegun {
            since: None,
            expected_return: None,
            destination: None,
            reason: None,
            told_by: None,
            phone: None,
        }),
        Body::AbsenceEnded(AbsenceEnded { date: None, note: None, begun: None }),
        Body::PhotoAttached(PhotoAttached {
            document_kind: "id_card".to_owned(),
            document_number: None,
            document_date: None,
            reason: PhotoReason::Discrepancy,
            reason_text: None,
            visit: None,
        }),
        Body::NoteWritten(NoteWritten { text: String::new() }),
        Body::Assigned(Assigned { officer: None, due: None, note: None }),
        Body::AreaSet(AreaSet { parts: Vec::new() }),
        Body::EventWithdrawn(EventWithdrawn { change: change(0x60), reason: None, touched: Vec::new() }),
        Body::EditionPublished(EditionPublished { edition: 1, label: String::new(), people: 0 }),
        Body::EditionUndone(EditionUndone { edition: 1 }),
        Body::Erased(Erased {
            basis: ErasureBasis::RetentionEnded,
            changes: Vec::new(),
            photos: Vec::new(),
            register_rows: Vec::new(),
        }),
        Body::DeviceRevoked(DeviceRevoked { cause: String::new(), chains: None }),
        Body::OfficerListed(OfficerListed { name: String::new(), role: Role::Officer, active: false }),
        Body::PolicySet(PolicySet { two_people: Vec::new(), alive_days: 0 }),
    ]
}

/// An entity on which a change with that body may stand.
pub fn entity_for(body: &Body) -> EntityRef {
    use EntityKind::*;
    if body.stands_on(Unit) {
        return EntityRef::UNIT;
    }
    let kind = [Person, Household, Dwelling, Visit, Correction, Officer, Device]
        .into_iter()
        .find(|kind| body.stands_on(*kind))
        .unwrap();
    EntityRef { kind, id: id(0x99, EntityId::from_bytes) }
}

/// What is written at most doors where something is wrong: the visit, and two corrections from one paper.
pub fn everyday_visit() -> Vec<Body> {
    let visit = VisitRecord { outcome: VisitOutcome::Met, next_visit: None, ..minimal_visit() };
    let correction = |field, register: &str, paper: &str| {
        Body::CorrectionProposed(CorrectionProposed {
            subject: Subject::Person,
            subject_id: person().into(),
            household: Some(household(0xb1)),
            field,
            register_value: some(register),
            paper_value: some(paper),
            statement_value: None,
            proposed_value: some(paper),
            reason: None,
            evidence: vec![Evidence {
                paper: PaperRef { kind: "id_card".to_owned(), number: None, date: None },
                photo: None,
                rectangle: None,
                crop: None,
            }],
            visit: Some(visit_id()),
        })
    };
    vec![
        Body::VisitRecorded(VisitRecorded { visit }),
        correction(Field::BirthDate, "01/01/1990", "10/01/1990"),
        correction(Field::FullName, "NGUYỄN THI ÁNH", "NGUYỄN THỊ ÁNH"),
    ]
}
