use domain::field::Subject;
use domain::id::{CorrectionId, EntityId, PersonId};
use uuid::Uuid;

use super::*;
use crate::import::{AddedPerson, OpenCorrection};

fn open(subject: Subject, subject_id: EntityId, field: Field, proposed: Option<&str>) -> OpenCorrection {
    let proposed_value = proposed.map(str::to_owned);
    OpenCorrection { id: CorrectionId(Uuid::from_u128(77)), subject, subject_id, field, proposed_value }
}

#[test]
fn a_correction_is_confirmed_where_the_edition_shows_its_value() {
    let next: Cells = &[
        ("id_number", "001080001234"),
        ("full_name", "NGUYỄN VĂN HOÀ"),
        ("birth_date", "15/03/1980"),
        ("permanent_address", "Thôn Đông, xã A"),
        ("residence_kind", "temporary"),
        ("residence_since", "01/02/2020"),
        ("lat", "10.5"),
        ("lon", "106.5"),
    ];
    let first: Cells = &[("id_number", "001080001234"), ("full_name", "Nguyễn Văn Hoa"), ("phone", "0912345678")];
    let cases: &[(Subject, Field, Option<&str>, bool)] = &[
        (Subject::Person, Field::FullName, Some("Nguyễn Văn Hòa"), true),
        (Subject::Person, Field::FullName, Some("Nguyễn Văn Hoa"), false),
        (Subject::Person, Field::IdNumber, Some("001080001234"), true),
        (Subject::Person, Field::IdNumber, Some("001080001235"), false),
        (Subject::Person, Field::BirthDate, Some("15/03/1980"), true),
        (Subject::Person, Field::BirthDate, Some("1980"), false),
        (Subject::Person, Field::Phone, None, true),
        (Subject::Person, Field::BirthDate, None, false),
        (Subject::Person, Field::Religion, Some("Không"), false),
        (Subject::Person, Field::PermanentAddress, Some("thôn đông, Xã A"), true),
        (Subject::Person, Field::ResidenceKind, Some("temporary"), true),
        (Subject::Person, Field::ResidenceKind, Some("permanent"), false),
        (Subject::Person, Field::ResidenceSince, Some("01/02/2020"), true),
        (Subject::Household, Field::HouseholdNo, Some("H1"), true),
        (Subject::Household, Field::HouseholdNo, Some("H2"), false),
        (Subject::Dwelling, Field::HouseNo, Some("12/5"), true),
        (Subject::Dwelling, Field::HouseNo, Some("125"), false),
        (Subject::Dwelling, Field::Hamlet, Some("thôn Đông"), true),
        (Subject::Dwelling, Field::Latitude, Some("10.50"), true),
        (Subject::Dwelling, Field::Latitude, Some("10.51"), false),
    ];
    let (before, mut known) = first_edition(&[first]);
    for (subject, field, proposed, confirmed) in cases {
        let id = match subject {
            Subject::Person => before.persons().next().unwrap().id.into(),
            Subject::Household => before.households[0].id.into(),
            Subject::Dwelling => before.dwellings[0].id.into(),
        };
        known.open_corrections = vec![open(*subject, id, *field, *proposed)];
        let plan = plan(&[next], &known, 1000);
        assert_eq!(plan.confirmed.len(), usize::from(*confirmed), "{field:?} {proposed:?}");
    }
}

#[test]
fn a_correction_of_someone_lost_is_not_confirmed() {
    let (before, mut known) = first_edition(&[&[("id_number", "001080001234")]]);
    let person = before.persons().next().unwrap().id;
    known.open_corrections = vec![open(Subject::Person, person.into(), Field::Phone, None)];
    assert!(plan(&[&[("full_name", "Trần Thị Bình")]], &known, 1000).confirmed.is_empty());
}

#[test]
fn a_correction_of_someone_added_at_the_door_is_confirmed_through_the_link() {
    let (before, mut known) = first_edition(&[&[]]);
    let added = PersonId(Uuid::from_u128(501));
    let fields = [(Field::FullName, "Bé Lan".to_owned()), (Field::BirthDate, "02/09/2026".to_owned())];
    known.added_persons =
        vec![AddedPerson { id: added, household: before.households[0].id, fields: fields.into_iter().collect() }];
    known.open_corrections = vec![open(Subject::Person, added.into(), Field::Sex, Some("Nữ"))];
    let brought: Cells = &[("full_name", "Bé Lan"), ("birth_date", "02/09/2026"), ("sex", "Nữ")];
    assert_eq!(plan(&[&[], brought], &known, 1000).confirmed, [CorrectionId(Uuid::from_u128(77))]);
}
