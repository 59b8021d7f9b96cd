use domain::register::ResidenceKind;

use super::*;
use crate::import::ExtractNote;

fn first(rows: &[Cells]) -> ImportPlan {
    plan(rows, &KnownInMemory::default(), 1)
}

fn names(plan: &ImportPlan) -> Vec<String> {
    plan.persons().map(|person| person.field(Field::FullName).unwrap().to_owned()).collect()
}

#[test]
fn the_same_number_name_and_birth_are_one_person_with_several_residences() {
    let plan = first(&[
        &[("id_number", "001080001234"), ("residence_kind", "temporary"), ("household_no", "H2"), ("house_no", "7")],
        &[("id_number", "001080001234"), ("full_name", "NGUYỄN VĂN AN"), ("phone", "0912345678")],
        &[("id_number", "001080001234"), ("residence_kind", "absent"), ("residence_since", "01/02/2026")],
    ]);
    let people: Vec<RegisterPerson> = plan.persons().collect();
    assert_eq!(people.len(), 1);
    let person = &people[0];
    let kinds: Vec<ResidenceKind> = person.residences.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [ResidenceKind::Permanent, ResidenceKind::Temporary, ResidenceKind::Absent]);
    let permanent = plan.households.iter().find(|household| household.household_no == "H1").unwrap();
    let temporary = plan.households.iter().find(|household| household.household_no == "H2").unwrap();
    assert_eq!(person.household, permanent.id);
    assert_eq!((person.residences[1].household, person.residences[2].household), (temporary.id, permanent.id));
    assert_eq!(person.field(Field::FullName), Some("NGUYỄN VĂN AN"), "of the permanent residence");
    assert_eq!(person.field(Field::Phone), Some("0912345678"));
    assert!(plan.extract_notes.contains(&ExtractNote::RowsDisagree { line: 3, earlier: 2, field: Field::FullName }));
    assert!(plan.duplicate_numbers.is_empty());
}

#[test]
fn what_the_main_row_leaves_empty_comes_from_the_others_and_the_rest_is_told() {
    let plan = first(&[
        &[("id_number", "001080001234"), ("phone", "0912345678")],
        &[
            ("id_number", "001080001234"),
            ("residence_kind", "absent"),
            ("phone", "0987654321"),
            ("religion", "Phật giáo"),
            ("relationship_to_head", "Con"),
        ],
    ]);
    let person = plan.persons().next().unwrap();
    assert_eq!(person.field(Field::Phone), Some("0912345678"));
    assert_eq!(person.field(Field::Religion), Some("Phật giáo"));
    assert_eq!(person.field(Field::RelationshipToHead), Some("Chủ hộ"));
    assert_eq!(person.residences[1].relationship_to_head.as_deref(), Some("Con"));
    assert_eq!(plan.extract_notes, [ExtractNote::RowsDisagree { line: 3, earlier: 2, field: Field::Phone }]);
}

#[test]
fn the_same_number_with_another_name_or_birth_is_two_people_told_as_a_duplicate() {
    let plan = first(&[
        &[("id_number", "001080001234")],
        &[("id_number", "001080001234"), ("full_name", "Trần Văn Bình")],
        &[("id_number", "001080001234"), ("birth_date", "15/03/1981")],
    ]);
    let people: Vec<RegisterPerson> = plan.persons().collect();
    assert_eq!(people.len(), 3);
    assert_eq!(plan.duplicate_numbers, [people.iter().map(|person| person.id).collect::<Vec<_>>()]);
}

#[test]
fn without_a_number_a_person_is_household_name_and_birth() {
    let plan = first(&[
        &[("full_name", "Lê Thị Hoà")],
        &[("full_name", "LÊ THỊ HÒA"), ("residence_kind", "absent")],
        &[("full_name", "Lê Thị Hoà"), ("household_no", "H2")],
        &[("full_name", "Lê Thị Hoà"), ("birth_date", "1980")],
        &[("full_name", "Lê Thị Hoà"), ("id_number", "001080001234")],
    ]);
    assert_eq!(names(&plan).len(), 4);
    assert_eq!(plan.persons().filter(|person| person.residences.len() == 2).count(), 1);
}

#[test]
fn twins_named_by_their_tones_stay_two_people() {
    let twins: &[Cells] = &[
        &[("full_name", "Nguyễn Văn Tú"), ("birth_date", "02/09/2026")],
        &[("full_name", "Nguyễn Văn Tư"), ("birth_date", "02/09/2026")],
    ];
    assert_eq!(names(&first(twins)), ["Nguyễn Văn Tú", "Nguyễn Văn Tư"]);
}

#[test]
fn a_repeated_row_is_told_and_counts_once() {
    let plan = first(&[&[("id_number", "001080001234")], &[("id_number", "001080001234")]]);
    assert_eq!(plan.persons().next().unwrap().residences.len(), 1);
    assert_eq!(plan.extract_notes, [ExtractNote::RepeatedRow { line: 3, earlier: 2 }]);
}

#[test]
fn a_dwelling_is_hamlet_alley_house_number_and_kind() {
    let plan = first(&[
        &[("lat", "10.5"), ("lon", "106.5")],
        &[("household_no", "H2"), ("hamlet", "thôn  đông"), ("alley", "HẺM 3"), ("house_no", "Số 12/5")],
        &[("household_no", "H3"), ("dwelling_kind", "rented_room")],
        &[("household_no", "H4"), ("house_no", "12/5A")],
        &[("household_no", "H5"), ("alley", "Hẻm 4")],
        &[("household_no", "H6"), ("hamlet", "Thôn Động")],
    ]);
    assert_eq!((plan.dwellings.len(), plan.households.len()), (5, 6));
    let dwelling_of = |no: &str| plan.households.iter().find(|one| one.household_no == no).unwrap().dwelling;
    assert_eq!(dwelling_of("H1"), dwelling_of("H2"));
    let dwelling = plan.dwellings.iter().find(|one| one.id == dwelling_of("H1")).unwrap();
    assert_eq!(
        (dwelling.hamlet.as_str(), dwelling.lat_e6, dwelling.lon_e6),
        ("Thôn Đông", Some(10_500_000), Some(106_500_000))
    );
}

#[test]
fn without_a_house_number_every_household_has_its_own_dwelling() {
    let bare: Cells = &[("house_no", ""), ("alley", "")];
    let other: Cells = &[("house_no", "-"), ("alley", ""), ("household_no", "H2")];
    let plan = first(&[bare, other, &[("house_no", ""), ("alley", ""), ("full_name", "Nguyễn Thị Bé")]]);
    assert_eq!((plan.dwellings.len(), plan.households.len(), plan.people()), (2, 2, 3));
}

#[test]
fn a_household_with_two_addresses_keeps_the_first_and_is_told() {
    let plan = first(&[&[], &[("full_name", "Nguyễn Thị Bé"), ("house_no", "14")]]);
    assert_eq!((plan.dwellings.len(), plan.dwellings[0].house_no.as_deref()), (1, Some("12/5")));
    assert_eq!(plan.extract_notes, [ExtractNote::AddressesDisagree { line: 3, household_line: 2 }]);
}

#[test]
fn the_edition_goes_in_walking_order() {
    let plan = first(&[
        &[("household_no", "H1"), ("house_no", "12/10"), ("full_name", "Năm")],
        &[("household_no", "H2"), ("house_no", "12/5A"), ("full_name", "Tư")],
        &[("household_no", "H3"), ("house_no", "12/5"), ("full_name", "Ba")],
        &[("household_no", "H4"), ("alley", "Hẻm 2"), ("full_name", "Hai")],
        &[("household_no", "H5"), ("hamlet", "Thôn Bắc"), ("full_name", "Một")],
        &[("household_no", "H3"), ("house_no", "12/5"), ("full_name", "Ba Con")],
    ]);
    assert_eq!(names(&plan), ["Một", "Hai", "Ba", "Ba Con", "Tư", "Năm"]);
}
