use std::collections::BTreeMap;

use domain::field::Subject;
use domain::id::{CorrectionId, EntityId, HouseholdId, PersonId};
use uuid::Uuid;

use super::*;
use crate::import::{AddedPerson, IdentityNote, KnownDwelling, KnownHousehold, OpenCorrection, PersonLink};

const AN: (&str, &str) = ("id_number", "001080001234");
const BINH: Cells = &[("id_number", "001082005678"), ("full_name", "Trần Thị Bình"), ("birth_date", "20/05/1982")];

/// The id that the one person of `first` has, and the one that the one person of `next` gets.
fn ids_of(first: Cells, next: Cells) -> (PersonId, PersonId, ImportPlan) {
    let (before, known) = first_edition(&[first]);
    let after = plan(&[next], &known, 1000);
    let id = |plan: &ImportPlan| plan.persons().next().unwrap().id;
    (id(&before), id(&after), after)
}

fn correction(subject: Subject, id: impl Into<EntityId>, field: Field, proposed: &str) -> OpenCorrection {
    OpenCorrection {
        id: CorrectionId(Uuid::from_u128(77)),
        subject,
        subject_id: id.into(),
        field,
        proposed_value: Some(proposed.to_owned()),
    }
}

#[test]
fn a_person_stays_the_same() {
    let cases: &[(&str, Cells, Cells)] = &[
        ("nothing changed", &[AN], &[AN]),
        ("name corrected", &[AN], &[AN, ("full_name", "Nguyễn Văn Ân")]),
        ("name changed", &[AN], &[AN, ("full_name", "Phạm Quốc Toàn")]),
        ("birth date corrected", &[AN], &[AN, ("birth_date", "15/08/1980")]),
        ("birth date made precise", &[AN, ("birth_date", "1980")], &[AN, ("full_name", "Nguyễn An")]),
        ("both mended in the same household", &[AN], &[AN, ("full_name", "Nguyễn Văn Am"), ("birth_date", "1970")]),
        ("household changed", &[AN], &[AN, ("household_no", "H9"), ("house_no", "99")]),
        ("number replaced", &[AN], &[("id_number", "001280009999")]),
        ("number given", &[], &[AN]),
        ("number taken away", &[AN], &[]),
        ("never a number", &[], &[("phone", "0912345678")]),
        ("case of the name", &[], &[("full_name", "NGUYỄN VĂN AN")]),
        ("no birth date either", &[("birth_date", "")], &[("birth_date", "")]),
        (
            "moved without a number, the mother the same",
            &[("mother_name", "Lê Thị Hoa")],
            &[("mother_name", "LÊ THỊ HOA"), ("household_no", "H9"), ("house_no", "99")],
        ),
        (
            "moved with another number, the CMND the same",
            &[AN, ("old_cmnd", "012345678")],
            &[("id_number", "001280009999"), ("old_cmnd", "012345678"), ("household_no", "H9")],
        ),
    ];
    for (case, first, next) in cases {
        let (before, after, plan) = ids_of(first, next);
        assert_eq!(before, after, "{case}");
        assert_eq!((plan.lost.len(), plan.stats.people_kept), (0, 1), "{case}");
    }
}

#[test]
fn who_may_be_another_gets_a_new_id() {
    let cases: &[(&str, Cells, Cells)] = &[
        ("another number, name and birth date", &[AN], BINH),
        ("number passed on", &[AN], &[AN, ("full_name", "Trần Thị Bình"), ("birth_date", "1999")]),
        ("no number, diacritics differ", &[("full_name", "Nguyễn Văn Tú")], &[("full_name", "Nguyễn Văn Tư")]),
        ("no number, moved", &[], &[("household_no", "H9"), ("house_no", "99")]),
        (
            "no number, moved, birth not known to the day",
            &[("mother_name", "Lê Thị Hoa"), ("birth_date", "1980")],
            &[("mother_name", "Lê Thị Hoa"), ("birth_date", "1980"), ("household_no", "H9")],
        ),
        ("no number, another birth date", &[], &[("birth_date", "16/03/1980")]),
    ];
    for (case, first, next) in cases {
        let (before, after, plan) = ids_of(first, next);
        assert_ne!(before, after, "{case}");
        assert_eq!(plan.lost, [before], "{case}");
    }
}

#[test]
fn a_number_passed_on_is_told() {
    let (before, _, plan) = ids_of(&[AN], &[AN, ("full_name", "Trần Thị Bình"), ("birth_date", "1999")]);
    assert_eq!(plan.identity_notes, [IdentityNote::NumberHeldByAnother { line: 2, holder: before }]);
}

#[test]
fn an_approved_correction_of_the_number_carries_the_id_through_a_move() {
    let (before, mut known) = first_edition(&[&[AN], BINH]);
    let an = person_named(&before, "Nguyễn Văn An").id;
    let moved: Cells = &[("id_number", "001280009999"), ("household_no", "H9"), ("birth_date", "03/1980")];

    let unexplained = plan(&[moved, BINH], &known, 1000);
    assert_ne!(person_named(&unexplained, "Nguyễn Văn An").id, an);

    known.open_corrections.push(correction(Subject::Person, an, Field::IdNumber, "001280009999"));
    let explained = plan(&[moved, BINH], &known, 1000);
    assert_eq!(person_named(&explained, "Nguyễn Văn An").id, an);
}

#[test]
fn approved_corrections_of_name_and_birth_carry_the_id() {
    let (before, mut known) = first_edition(&[&[AN]]);
    let an = person_named(&before, "Nguyễn Văn An").id;
    known.open_corrections.push(correction(Subject::Person, an, Field::FullName, "Trần Quốc Toản"));
    known.open_corrections.push(correction(Subject::Person, an, Field::BirthDate, "01/01/1979"));

    let with_number: Cells =
        &[AN, ("full_name", "Trần Quốc Toản"), ("birth_date", "01/01/1979"), ("household_no", "H9")];
    let without: Cells = &[("full_name", "Trần Quốc Toản"), ("birth_date", "01/01/1979")];
    for next in [with_number, without] {
        assert_eq!(plan(&[next], &known, 1000).persons().next().unwrap().id, an);
    }
}

#[test]
fn a_former_number_and_an_earlier_edition_are_remembered() {
    let (before, mut known) = first_edition(&[&[AN], BINH]);
    let an = person_named(&before, "Nguyễn Văn An").id;
    let known_an = known_named(&mut known, "Nguyễn Văn An");
    known_an.id_number = Some("001280009999".to_owned());
    known_an.former_id_numbers = vec!["001080001234".to_owned()];
    known_an.held = false;

    let next = plan(&[&[AN, ("household_no", "H9")], BINH], &known, 1000);

    assert_eq!(person_named(&next, "Nguyễn Văn An").id, an);
    assert_eq!((next.stats.people_lost, next.stats.people_new), (0, 0));
}

#[test]
fn what_fits_two_is_given_to_neither_and_told() {
    let (before, known) = first_edition(&[&[AN]]);
    let an = before.persons().next().unwrap().id;
    // One record became two, each with half of what was known.
    let next = plan(&[&[AN, ("birth_date", "1999")], &[AN, ("full_name", "Trần Thị Bình")]], &known, 1000);

    let ids: Vec<PersonId> = next.persons().map(|person| person.id).collect();
    assert!(!ids.contains(&an) && ids[0] != ids[1]);
    assert_eq!(next.lost, [an]);
    assert_eq!(
        next.identity_notes,
        [
            IdentityNote::PersonAmbiguous { line: 2, candidates: vec![an] },
            IdentityNote::PersonAmbiguous { line: 3, candidates: vec![an] },
        ]
    );
    assert_eq!(next.duplicate_numbers.len(), 1);
}

#[test]
fn after_a_move_a_number_that_went_to_another_forbids_the_match() {
    let mother: (&str, &str) = ("mother_name", "Lê Thị Hoa");
    let (before, known) = first_edition(&[&[AN, mother]]);
    let moved: Cells = &[mother, ("id_number", "001280009999"), ("household_no", "H9"), ("house_no", "99")];
    let other: Cells = &[AN, ("full_name", "Trần Thị Bình"), ("birth_date", "1999")];
    let an = before.persons().next().unwrap().id;
    assert_eq!(plan(&[moved], &known, 1000).persons().next().unwrap().id, an);
    assert_ne!(person_named(&plan(&[moved, other], &known, 1000), "Nguyễn Văn An").id, an);
}

#[test]
fn of_two_with_one_number_each_keeps_his_id() {
    let other: Cells = &[AN, ("full_name", "Trần Thị Bình"), ("birth_date", "20/05/1982")];
    let (before, known) = first_edition(&[&[AN], other]);
    let next = plan(&[other, &[AN, ("phone", "0912345678")]], &known, 1000);
    for name in ["Nguyễn Văn An", "Trần Thị Bình"] {
        assert_eq!(person_named(&before, name).id, person_named(&next, name).id);
    }
}

#[test]
fn a_twin_does_not_inherit_his_brothers_number_and_id() {
    let born: (&str, &str) = ("birth_date", "02/09/2010");
    let (before, known) = first_edition(&[
        &[born, ("full_name", "Nguyễn Văn Tú"), ("id_number", "001210001111")],
        &[born, ("full_name", "Nguyễn Văn Tư")],
    ]);
    let next = plan(
        &[
            &[born, ("full_name", "Nguyễn Văn Tú"), ("id_number", "001210002222")],
            &[born, ("full_name", "Nguyễn Văn Tư"), ("id_number", "001210001111")],
        ],
        &known,
        1000,
    );
    let (one, other) = ("Nguyễn Văn Tú", "Nguyễn Văn Tư");
    assert_ne!(person_named(&before, one).id, person_named(&next, other).id);
    assert_ne!(person_named(&before, other).id, person_named(&next, one).id);
    assert_eq!(next.identity_notes.len(), 2);
}

#[test]
fn a_household_is_its_number() {
    let (before, known) = first_edition(&[&[AN], BINH]);
    let next = plan(&[&[AN, ("household_no", "H2"), ("house_no", "99")], BINH], &known, 1000);
    let household = |plan: &ImportPlan, no: &str| plan.households.iter().find(|one| one.household_no == no).unwrap().id;
    assert_eq!(household(&before, "H1"), household(&next, "H1"));
    assert_ne!(household(&before, "H1"), household(&next, "H2"));
}

#[test]
fn a_household_renumbered_as_a_whole_in_its_place_keeps_its_id() {
    let (before, known) = first_edition(&[&[AN], BINH]);
    let renumber = |no: &'static str, house: &'static str| {
        let an = [AN, ("household_no", no), ("house_no", house)];
        let binh = [BINH[0], BINH[1], BINH[2], ("household_no", no), ("house_no", house)];
        plan(&[&an, &binh], &known, 1000)
    };
    assert_eq!(renumber("N1", "12/5").households[0].id, before.households[0].id);
    assert_ne!(renumber("N1", "99").households[0].id, before.households[0].id, "moved away");
    let (first, known_two) = first_edition(&[&[AN], &[BINH[0], BINH[1], BINH[2], ("household_no", "H2")]]);
    let joined: Cells = &[BINH[0], BINH[1], BINH[2], ("household_no", "N1")];
    let joined = plan(&[&[AN, ("household_no", "N1")], joined], &known_two, 1000);
    assert!(first.households.iter().all(|one| one.id != joined.households[0].id), "two became one");
    let split = plan(&[&[AN, ("household_no", "N1")], BINH], &known, 1000);
    assert!(split.households.iter().any(|one| one.household_no == "N1" && one.id != before.households[0].id), "split");
}

#[test]
fn a_household_added_at_the_door_with_a_number_keeps_its_id() {
    let (before, mut known) = first_edition(&[&[AN]]);
    let mut at_the_door = before.households[0].clone();
    at_the_door.id = HouseholdId(Uuid::from_u128(500));
    at_the_door.household_no = "H2".to_owned();
    known.households.push(KnownHousehold { household: at_the_door, held: false });
    let next = plan(&[&[AN], &[("household_no", "H2"), ("full_name", "Trần Thị Bình")]], &known, 1000);
    assert!(next.households.iter().any(|one| one.id == HouseholdId(Uuid::from_u128(500))));
}

#[test]
fn a_dwelling_stays_the_same() {
    let at: Cells = &[("lat", "10.5"), ("lon", "106.5")];
    let cases: &[(&str, Cells, Cells)] = &[
        ("nothing changed", &[], &[("phone", "0912345678")]),
        ("spelt otherwise", &[], &[("hamlet", "THÔN ĐÔNG"), ("house_no", "số 12/5")]),
        ("let room by room", &[], &[("dwelling_kind", "rented_room")]),
        ("alley renamed, coordinates the same", at, &[at[0], at[1], ("alley", "Đường Hùng Vương")]),
        ("first house number", &[("house_no", "")], &[("house_no", "30")]),
        ("no house number", &[("house_no", "")], &[("house_no", ""), ("phone", "0912345678")]),
    ];
    for (case, first, next) in cases {
        let (before, known) = first_edition(&[first]);
        let after = plan(&[next], &known, 1000);
        assert_eq!(after.dwellings[0].id, before.dwellings[0].id, "{case}");
    }
}

#[test]
fn another_address_is_another_dwelling() {
    let shared: Cells = &[("lat", "10.5"), ("lon", "106.5")];
    let (before, known) = first_edition(&[shared, &[shared[0], shared[1], ("household_no", "H2"), ("house_no", "1")]]);
    let moved = plan(&[&[shared[0], shared[1], ("house_no", "99")]], &known, 1000);
    assert!(before.dwellings.iter().all(|one| one.id != moved.dwellings[0].id), "the centre of a hamlet is no address");
    let (before, known) = first_edition(&[&[("house_no", "")]]);
    let moved = plan(&[&[("house_no", "30"), ("hamlet", "Thôn Tây")]], &known, 1000);
    assert_ne!(before.dwellings[0].id, moved.dwellings[0].id, "a first house number in another hamlet");
}

#[test]
fn an_approved_correction_of_the_address_carries_the_dwelling() {
    let (before, mut known) = first_edition(&[&[]]);
    let next: Cells = &[("house_no", "14")];
    assert_ne!(plan(&[next], &known, 1000).dwellings[0].id, before.dwellings[0].id);
    known.open_corrections.push(correction(Subject::Dwelling, before.dwellings[0].id, Field::HouseNo, "14"));
    assert_eq!(plan(&[next], &known, 1000).dwellings[0].id, before.dwellings[0].id);
}

#[test]
fn a_dwelling_in_force_goes_before_one_that_is_gone() {
    let (before, mut known) = first_edition(&[&[]]);
    let mut gone = before.dwellings[0].clone();
    gone.id = domain::id::DwellingId(Uuid::from_u128(500));
    known.dwellings.insert(0, KnownDwelling { dwelling: gone, held: false });
    assert_eq!(plan(&[&[]], &known, 1000).dwellings[0].id, before.dwellings[0].id);
}

fn added(id: u128, household: HouseholdId, fields: &[(Field, &str)]) -> AddedPerson {
    let fields: BTreeMap<Field, String> = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    AddedPerson { id: PersonId(Uuid::from_u128(id)), household, fields }
}

#[test]
fn someone_added_at_the_door_is_linked_when_the_register_brings_him() {
    let (before, mut known) = first_edition(&[&[AN]]);
    let household = before.households[0].id;
    let name = (Field::FullName, "Nguyen Van Be");
    known.added_persons = vec![
        added(501, household, &[name, (Field::BirthDate, "02/09/2026")]),
        added(502, HouseholdId(Uuid::from_u128(9)), &[(Field::IdNumber, "001226000001"), name]),
        added(503, HouseholdId(Uuid::from_u128(9)), &[name, (Field::BirthDate, "02/09/2026")]),
        added(504, household, &[name]),
        added(505, household, &[name, (Field::BirthDate, "02/09/2026"), (Field::IdNumber, "001226000009")]),
        added(506, household, &[(Field::IdNumber, "001226000001"), (Field::FullName, "Trần Thị Bình")]),
    ];
    let newborn: Cells = &[("full_name", "Nguyễn Văn Bé"), ("birth_date", "02/09/2026")];

    let without_number = plan(&[&[AN], newborn], &known, 1000);
    let register_person = person_named(&without_number, "Nguyễn Văn Bé").id;
    let link = |added: u128| PersonLink { added: PersonId(Uuid::from_u128(added)), register_person };
    assert_eq!(without_number.links, [link(501), link(505)]);

    let with_number = plan(&[&[AN], &[newborn[0], newborn[1], ("id_number", "001226000001")]], &known, 1000);
    let linked: Vec<u128> = with_number.links.iter().map(|link| link.added.0.as_u128()).collect();
    assert_eq!(linked, [501, 502]);
}

#[test]
fn someone_added_who_fits_two_is_linked_to_neither() {
    let (before, mut known) = first_edition(&[&[AN]]);
    let fields = [(Field::FullName, "Nguyễn Văn Tu"), (Field::BirthDate, "2026")];
    known.added_persons = vec![added(501, before.households[0].id, &fields)];
    let next = plan(
        &[
            &[AN],
            &[("full_name", "Nguyễn Văn Tú"), ("birth_date", "02/09/2026")],
            &[("full_name", "Nguyễn Văn Tư"), ("birth_date", "02/09/2026")],
        ],
        &known,
        1000,
    );
    assert!(next.links.is_empty());
    let twins = ["Nguyễn Văn Tú", "Nguyễn Văn Tư"].map(|name| person_named(&next, name).id);
    let person = PersonId(Uuid::from_u128(501));
    assert_eq!(next.identity_notes, [IdentityNote::AddedAmbiguous { person, candidates: twins.to_vec() }]);
}
