//! The four marks, case by case, on one whole record that each test spoils in one place.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::sex::Sex as SexValue;

const TODAY: Date = date(2026, 11, 21);

struct Record {
    fields: BTreeMap<Field, String>,
    residences: Vec<RegisterResidence>,
    has_died: bool,
    discrepancies: Vec<Field>,
    confirmed: Vec<Field>,
    same_number: u32,
    last_met: Option<Date>,
}

fn residence(kind: ResidenceKind, since: Option<&str>, until: Option<&str>) -> RegisterResidence {
    RegisterResidence {
        kind,
        household: crate::id::HouseholdId::from_bytes([7; 16]),
        since: since.map(str::to_owned),
        until: until.map(str::to_owned),
        relationship_to_head: None,
    }
}

/// A married head of a household of 36 years, everything in order.
fn whole_record() -> Record {
    let fields = [
        (Field::IdNumber, "070190012345"),
        (Field::FullName, "Nguyễn Thị Hòa"),
        (Field::BirthDate, "15/03/1990"),
        (Field::Sex, "Nữ"),
        (Field::EthnicGroup, "Kinh"),
        (Field::Religion, "Không"),
        (Field::Nationality, "Việt Nam"),
        (Field::MaritalStatus, "Đã kết hôn"),
        (Field::BirthPlace, "Bù Nho, Phú Riềng, Bình Phước"),
        (Field::BirthRegistrationPlace, "Bù Nho, Phú Riềng, Bình Phước"),
        (Field::Hometown, "Nam Định"),
        (Field::FatherName, "Nguyễn Văn Nam"),
        (Field::MotherName, "H'Mai Niê"),
        (Field::SpouseName, "Y Đăm Byă"),
        (Field::RelationshipToHead, "Chủ hộ"),
        (Field::CardIssued, "20/08/2021"),
        (Field::CardExpires, "15/03/2030"),
        (Field::EidLevel, "2"),
        (Field::Phone, "0912 345 678"),
    ];
    Record {
        fields: fields.into_iter().map(|(field, text)| (field, text.to_owned())).collect(),
        residences: vec![residence(ResidenceKind::Permanent, None, None)],
        has_died: false,
        discrepancies: vec![],
        confirmed: CORE_FIELDS.to_vec(),
        same_number: 0,
        last_met: Some(date(2026, 10, 1)),
    }
}

impl Record {
    fn with(mut self, field: Field, text: &str) -> Self {
        self.fields.insert(field, text.to_owned());
        self
    }

    fn without(mut self, field: Field) -> Self {
        self.fields.remove(&field);
        self
    }

    fn marks(&self) -> Marks {
        let residences: Vec<ResidenceView> = self.residences.iter().map(ResidenceView::from).collect();
        marks(&MarkInput {
            field: &|field| self.fields.get(&field).map(String::as_str),
            residences: &residences,
            has_died: self.has_died,
            open_discrepancies: &self.discrepancies,
            is_confirmed: &|field| self.confirmed.contains(&field),
            others_with_same_id_number: self.same_number,
            last_met: self.last_met,
            today: TODAY,
            alive_days: DEFAULT_ALIVE_DAYS,
        })
    }

    fn clean_findings(&self) -> Vec<Finding> {
        findings_of(self.marks().clean)
    }

    fn missing(&self) -> Vec<Field> {
        let field = |finding| match finding {
            Finding::FieldMissing { field } => field,
            other => panic!("{other:?} is not about completeness"),
        };
        findings_of(self.marks().complete).into_iter().map(field).collect()
    }
}

fn findings_of(mark: Mark) -> Vec<Finding> {
    assert_eq!(mark.state == MarkState::Lit, mark.reasons.is_empty());
    mark.reasons.into_iter().map(|reason| reason.finding).collect()
}

#[test]
fn a_whole_record_has_all_four_marks_lit() {
    let marks = whole_record().marks();
    for mark in [marks.correct, marks.complete, marks.clean, marks.alive] {
        assert_eq!(mark, Mark { state: MarkState::Lit, reasons: vec![] });
    }
}

#[test]
fn an_unconfirmed_core_field_leaves_correct_incomplete() {
    let mut record = whole_record();
    record.confirmed.retain(|&field| field != Field::Sex);
    let correct = record.marks().correct;
    assert_eq!(correct.state, MarkState::Incomplete);
    assert_eq!(findings_of(correct), [Finding::CoreFieldUnconfirmed { field: Field::Sex }]);
}

#[test]
fn an_open_discrepancy_makes_correct_wrong() {
    let mut record = whole_record();
    record.discrepancies.push(Field::Hometown);
    let correct = record.marks().correct;
    assert_eq!(correct.state, MarkState::Wrong);
    assert_eq!(findings_of(correct), [Finding::DiscrepancyOpen { field: Field::Hometown }]);
}

#[test]
fn each_needed_field_is_missed_when_it_is_gone() {
    let whole = whole_record();
    for field in whole.fields.keys().copied() {
        assert_eq!(whole_record().without(field).missing(), [field], "{field:?} removed");
        assert_eq!(whole_record().with(field, "  ").missing(), [field], "{field:?} blank");
    }
}

#[test]
fn what_nobody_has_to_have_is_not_missed() {
    for field in [Field::OldCmnd, Field::OtherName, Field::BloodGroup, Field::DeathDate, Field::PermanentAddress] {
        assert!(!whole_record().fields.contains_key(&field));
    }
    assert_eq!(whole_record().missing(), []);
}

#[test]
fn a_stated_none_completes_a_field_and_stays_clean() {
    let fields =
        [Field::Phone, Field::FatherName, Field::SpouseName, Field::Religion, Field::CardExpires, Field::OldCmnd];
    for field in fields {
        let text = if field == Field::CardExpires { "Không thời hạn" } else { "Không có" };
        let record = whole_record().with(field, text);
        assert_eq!(record.missing(), [], "{field:?}");
        assert_eq!(record.clean_findings(), [], "{field:?}");
    }
}

#[test]
fn a_child_needs_no_card_and_no_marital_status() {
    let child = |birth: &str| {
        let bare = [Field::CardIssued, Field::CardExpires, Field::EidLevel, Field::MaritalStatus, Field::SpouseName];
        let child = bare.into_iter().fold(whole_record(), Record::without);
        child.with(Field::BirthDate, birth).with(Field::RelationshipToHead, "Con").without(Field::Phone).missing()
    };
    assert_eq!(child("22/11/2012"), []);
    assert_eq!(child("21/11/2012"), [Field::CardIssued, Field::CardExpires, Field::EidLevel]);
    assert_eq!(child("2012"), []);
    assert_eq!(child("21/11/2008").first(), Some(&Field::MaritalStatus));
    assert_eq!(child("31/02/2020").first(), Some(&Field::MaritalStatus), "an unknown age is taken for grown up");
}

#[test]
fn a_newborn_needs_no_number() {
    let born = |birth: &str| whole_record().with(Field::BirthDate, birth).without(Field::IdNumber).missing();
    assert!(!born("23/09/2026").contains(&Field::IdNumber));
    assert!(born("22/09/2026").contains(&Field::IdNumber));
}

#[test]
fn a_card_of_the_old_needs_no_end() {
    let born = |birth: &str| whole_record().with(Field::BirthDate, birth).without(Field::CardExpires).missing();
    assert_eq!(born("21/11/1966"), []);
    assert_eq!(born("22/11/1966"), [Field::CardExpires]);
}

#[test]
fn a_spouse_is_asked_of_the_married_only() {
    let status = |text: &str| whole_record().with(Field::MaritalStatus, text).without(Field::SpouseName).missing();
    for married in ["Đã kết hôn", "Có vợ", "đang có chồng", "Kết hôn", "Có vợ/chồng"] {
        assert_eq!(status(married), [Field::SpouseName], "{married}");
    }
    for unmarried in ["Chưa kết hôn", "Độc thân", "Ly hôn", "Đã ly hôn", "Góa"] {
        assert_eq!(status(unmarried), [], "{unmarried}");
    }
}

#[test]
fn a_phone_is_asked_of_the_head_only() {
    let mut record = whole_record().without(Field::Phone).with(Field::RelationshipToHead, "Vợ");
    assert_eq!(record.missing(), []);
    record.residences[0].relationship_to_head = Some("chủ hộ".into());
    assert_eq!(record.missing(), [Field::Phone]);
}

#[test]
fn a_residence_for_a_time_needs_its_dates_and_the_permanent_address() {
    let missing = |residences: Vec<RegisterResidence>| Record { residences, ..whole_record() }.missing();
    use ResidenceKind::*;
    assert_eq!(missing(vec![]), [Field::PermanentAddress, Field::ResidenceKind]);
    assert_eq!(
        missing(vec![residence(Temporary, None, None)]),
        [Field::PermanentAddress, Field::ResidenceSince, Field::ResidenceUntil]
    );
    assert_eq!(missing(vec![residence(Permanent, None, None), residence(Absent, Some("01/01/2026"), None)]), []);
    assert_eq!(
        missing(vec![residence(Permanent, None, None), residence(ShortStay, Some("01/01/2026"), None)]),
        [Field::ResidenceUntil]
    );
    assert_eq!(missing(vec![residence(Current, Some("2026"), None)]), [Field::PermanentAddress]);
}

#[test]
fn the_dead_need_no_card_phone_or_residence() {
    let living = [Field::CardIssued, Field::CardExpires, Field::EidLevel, Field::Phone, Field::RelationshipToHead];
    let mut record = living.into_iter().fold(whole_record(), Record::without).with(Field::DeathDate, "01/02/2026");
    record.residences.clear();
    assert_eq!(record.missing(), []);
    record.last_met = None;
    assert_eq!(record.marks().alive.state, MarkState::Lit);
}

#[test]
fn a_death_that_was_told_asks_for_its_date() {
    let record = Record { has_died: true, last_met: None, ..whole_record() }.without(Field::Phone);
    assert_eq!(record.missing(), [Field::DeathDate]);
    assert_eq!(record.marks().alive.state, MarkState::Lit);
}

#[test]
fn a_meeting_after_the_death_contradicts_it() {
    let record = whole_record().with(Field::DeathDate, "30/09/2026");
    let alive = record.marks().alive;
    assert_eq!(alive.state, MarkState::Wrong);
    assert_eq!(findings_of(alive), [Finding::MetAfterDeath]);
    assert_eq!(whole_record().with(Field::DeathDate, "10/2026").marks().alive.state, MarkState::Lit);
}

#[test]
fn a_person_is_alive_for_as_many_days_as_the_unit_says() {
    let met = |last_met| findings_of(Record { last_met, ..whole_record() }.marks().alive);
    assert_eq!(met(Some(date(2026, 5, 25))), []);
    assert_eq!(met(Some(date(2026, 5, 24))), [Finding::MetTooLongAgo { days: 181, limit: 180 }]);
    assert_eq!(met(Some(date(2020, 1, 1))).len(), 1);
    assert_eq!(met(Some(date(2027, 1, 1))), []);
    assert_eq!(met(None), [Finding::NeverMet]);
}

#[test]
fn each_impossible_value_has_its_finding() {
    use Field::*;
    let cases: &[(Field, &str, Finding)] = &[
        (IdNumber, "07019001234", Finding::IdNumberNotTwelveDigits { length: 11 }),
        (
            IdNumber,
            "070090012345",
            Finding::IdNumberSexMismatch { number_says: SexValue::Male, recorded: SexValue::Female },
        ),
        (IdNumber, "070191012345", Finding::IdNumberBirthYearMismatch { number_says: 1991, recorded: 1990 }),
        (IdNumber, "003190012345", Finding::IdNumberProvinceUnknown { province_code: "003".into() }),
        (
            IdNumber,
            "001190012345",
            Finding::IdNumberProvinceMismatch {
                province_code: "001".into(),
                name_before: "Hà Nội".into(),
                name: "Thành phố Hà Nội".into(),
            },
        ),
        (OldCmnd, "12345678", Finding::OldCmndNotNineDigits { length: 8 }),
        (BirthDate, "1990-03-15", Finding::FieldDateWrongForm { field: BirthDate }),
        (BirthDate, "30/02/1990", Finding::FieldDateImpossible { field: BirthDate }),
        (CardExpires, "31/02/2030", Finding::FieldDateImpossible { field: CardExpires }),
        (DeathDate, "22/11/2026", Finding::DateInFuture { field: DeathDate }),
        (CardIssued, "12/2026", Finding::DateInFuture { field: CardIssued }),
        (DeathDate, "14/03/1990", Finding::DatesOutOfOrder { earlier: BirthDate, later: DeathDate }),
        (CardIssued, "1989", Finding::DatesOutOfOrder { earlier: BirthDate, later: CardIssued }),
        (CardExpires, "19/08/2021", Finding::DatesOutOfOrder { earlier: CardIssued, later: CardExpires }),
        (FullName, "Nguyễn Thị H0a", Finding::DigitInName { field: FullName }),
        (FullName, "Hòa２", Finding::DigitInName { field: FullName }),
        (MotherName, "H'Mai 2", Finding::DigitInName { field: MotherName }),
        (FullName, "Nguyễn_Hòa", Finding::SymbolInName { field: FullName, code_point: "U+005F".into() }),
        (FullName, "Nguyễn\u{200B}Hòa", Finding::SymbolInName { field: FullName, code_point: "U+200B".into() }),
        (FullName, "Nguy\u{FFFD}n", Finding::SymbolInName { field: FullName, code_point: "U+FFFD".into() }),
        (Sex, "Khác", Finding::ValueUnknown { field: Sex }),
        (EthnicGroup, "Kynh", Finding::ValueUnknown { field: EthnicGroup }),
        (EidLevel, "3", Finding::ValueUnknown { field: EidLevel }),
        (Phone, "12345", Finding::PhoneWrongForm),
        (Phone, "0912345678a", Finding::PhoneWrongForm),
        (Phone, "9912345678", Finding::PhoneWrongForm),
        (Phone, "+12", Finding::PhoneWrongForm),
    ];
    for (field, text, finding) in cases {
        let record = whole_record().with(*field, text);
        assert_eq!(record.clean_findings(), std::slice::from_ref(finding), "{field:?} {text}");
        assert_eq!(record.marks().clean.state, MarkState::Wrong);
    }
}

#[test]
fn a_birth_that_cannot_be_has_its_finding() {
    let born = |birth: &str| {
        whole_record()
            .without(Field::IdNumber)
            .without(Field::CardIssued)
            .with(Field::BirthDate, birth)
            .clean_findings()
    };
    assert_eq!(born("22/11/2026"), [Finding::DateInFuture { field: Field::BirthDate }]);
    assert_eq!(born("2027"), [Finding::DateInFuture { field: Field::BirthDate }]);
    assert_eq!(born("2026"), []);
    assert_eq!(born("22/11/1905"), []);
    assert_eq!(born("21/11/1905"), [Finding::BirthTooLongAgo { years: 121 }]);
    let dead = whole_record().with(Field::BirthDate, "01/01/1890").with(Field::DeathDate, "01/01/1970");
    assert!(!dead.clean_findings().iter().any(|finding| matches!(finding, Finding::BirthTooLongAgo { .. })));
}

#[test]
fn good_values_of_other_shapes_stay_clean() {
    let cases = [
        (Field::Phone, "+84 912 345 678"),
        (Field::Phone, "02713.888.999"),
        (Field::FullName, "H’Mai Niê-Kdăm"),
        (Field::FullName, "Ho\u{300}a"),
        (Field::OtherName, "Tí, Tèo (Ba)"),
        (Field::EthnicGroup, "01"),
        (Field::EthnicGroup, "Bahnar"),
        (Field::Sex, "NỮ"),
        (Field::OldCmnd, "012345678"),
        (Field::BirthDate, "1990"),
    ];
    for (field, text) in cases {
        assert_eq!(whole_record().with(field, text).clean_findings(), [], "{field:?} {text}");
    }
}

#[test]
fn a_number_that_others_carry_is_not_clean() {
    let record = Record { same_number: 2, ..whole_record() };
    assert_eq!(record.clean_findings(), [Finding::IdNumberShared { others: 2 }]);
}

#[test]
fn dates_of_a_residence_are_judged_once() {
    let backwards = residence(ResidenceKind::Temporary, Some("02/01/2026"), Some("01/01/2026"));
    let before_birth = residence(ResidenceKind::Temporary, Some("1989"), Some("30/02/2026"));
    let record = Record { residences: vec![backwards.clone(), backwards, before_birth], ..whole_record() };
    assert_eq!(
        record.clean_findings(),
        [
            Finding::DatesOutOfOrder { earlier: Field::ResidenceSince, later: Field::ResidenceUntil },
            Finding::FieldDateImpossible { field: Field::ResidenceUntil },
            Finding::DatesOutOfOrder { earlier: Field::BirthDate, later: Field::ResidenceSince },
        ]
    );
}

#[test]
fn reasons_cross_the_border_as_code_params_and_source() {
    let reasons: Vec<Reason> = [
        Finding::IdNumberSexMismatch { number_says: SexValue::Male, recorded: SexValue::Female },
        Finding::FieldMissing { field: Field::BirthDate },
        Finding::FieldMissing { field: Field::ResidenceUntil },
        Finding::NeverMet,
    ]
    .map(Reason::from)
    .into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&reasons).unwrap(), @r#"
    [
      {
        "code": "id_number_sex_mismatch",
        "params": {
          "number_says": "male",
          "recorded": "female"
        },
        "source": "nd_137_2015"
      },
      {
        "code": "field_missing",
        "params": {
          "field": "birth_date"
        },
        "source": "luat_26_2023"
      },
      {
        "code": "field_missing",
        "params": {
          "field": "residence_until"
        },
        "source": "luat_68_2020"
      },
      {
        "code": "never_met",
        "source": null
      }
    ]
    "#);
    let back: Vec<Reason> = serde_json::from_str(&serde_json::to_string(&reasons).unwrap()).unwrap();
    assert_eq!(back, reasons);
}

proptest! {
    #[test]
    fn any_text_in_any_field_is_judged_without_failing(number in 0..Field::ALL.len(), text in any::<String>()) {
        let record = whole_record().with(Field::ALL[number], &text);
        let marks = record.marks();
        prop_assert_eq!(marks.clean.state == MarkState::Lit, marks.clean.reasons.is_empty());
        prop_assert!(marks.complete.state != MarkState::Wrong);
    }
}
