//! What people type and choose, and machines that stand wrong: each gets an error with a code, and nothing is lost or
//! half-written.

use app::PhotoSource;
use app::case::people::AddPerson;
use app::case::read::Find;
use app::case::remark::{AttachPhoto, PhotosSaved};
use app::command;
use app::error::{AppError, Code, Param};
use domain::change::{EntityKind, EntityRef, PhotoReason};
use domain::field::Field;
use domain::id::PersonId;
use domain::register::ResidenceKind;
use tungnha_tests::tally::changes_of_server;
use tungnha_tests::world::{Desk, World, proposal};

async fn propose(desk: &Desk, person: PersonId, field: Field, value: &str) -> Result<Option<String>, AppError> {
    let saved = desk.laptop.app.run::<command::ProposeCorrection>(proposal(person, field, value)).await?;
    let state = desk.correction(saved.proposed.correction).await?;
    Ok(state.proposal.unwrap().proposed_value)
}

async fn attach(desk: &Desk, person: PersonId, photo: PhotoSource) -> Result<PhotosSaved, AppError> {
    let params = AttachPhoto {
        entity: EntityRef::new(EntityKind::Person, person),
        photos: vec![photo],
        document_kind: "id_card".into(),
        document_number: None,
        document_date: None,
        reason: Some(PhotoReason::Discrepancy),
        reason_text: None,
        visit: None,
    };
    desk.laptop.app.run::<command::AttachPhoto>(params).await
}

async fn counts(desk: &Desk) -> u64 {
    desk.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue.changes_waiting
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_typed_is_refused_with_its_code_and_leaves_nothing() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let person = officer.person(0).await.unwrap();
    let cases = [
        (Field::FullName, "Nguyễn\u{200b}Văn Bình".to_owned(), Code::TextInvisibleCharacter),
        (Field::FullName, "Nguyễn \u{202e}hnìB".to_owned(), Code::TextBidiControl),
        (Field::FullName, "Ă".repeat(500), Code::TextTooLong),
        (Field::FullName, "Nguyễn\u{0}Bình".to_owned(), Code::TextControlCharacter),
        (Field::BirthDate, "30/02/1990".to_owned(), Code::DateImpossible),
        (Field::BirthDate, "31/12/2999".to_owned(), Code::DateInFuture),
        (Field::BirthDate, "hôm qua".to_owned(), Code::DateWrongForm),
        (Field::IdNumber, "12345".to_owned(), Code::IdNumberNotTwelveDigits),
        (Field::Sex, "?".to_owned(), Code::ValueNotAllowed),
    ];

    for (field, text, code) in cases {
        let refused = propose(&officer, person, field, &text).await.unwrap_err();
        assert_eq!((refused.code, refused.params.get("field")), (code, Some(&Param::Text(field.column().into()))));
        assert!(!refused.to_string().contains("Nguyễn"), "no error repeats what was typed");
    }

    assert_eq!(counts(&officer).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_any_form_are_one_name_and_sql_is_only_a_name() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let person = officer.person(0).await.unwrap();
    let household = officer.house(0).await.unwrap().household;
    let decomposed = "Ngo\u{302} Thi\u{323} Hoa\u{300}";
    assert_eq!(propose(&officer, person, Field::FullName, decomposed).await.unwrap().as_deref(), Some("Ngô Thị Hoà"));

    let name = "Robert'; DROP TABLE person;--";
    let params = AddPerson {
        household,
        fields: [(Field::FullName, name.to_owned()), (Field::RelationshipToHead, "Con".to_owned())].into(),
        residence: ResidenceKind::Permanent,
        since: None,
        reason: None,
    };
    officer.laptop.app.run::<command::AddPerson>(params).await.unwrap();
    for text in [name, "'; DROP", "\" OR 1", "NEAR(", "*", "robert"] {
        let found = officer.laptop.app.run::<command::Find>(Find { text: text.into(), limit: 10 }).await.unwrap();
        let names: Vec<_> = found.people.iter().filter_map(|hit| hit.full_name.as_deref()).collect();
        assert!(text != "robert" && text != name || names == [name], "{text}: {names:?}");
    }
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_sends_nonsense_gets_a_code() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    for params in ["null", "[]", "{}", "{\"person\":1}", "{\"household\":\"'; DROP\"}", "\"x\"", "1e999"] {
        let Ok(params) = serde_json::from_str::<serde_json::Value>(params) else { continue };
        for name in ["record_visit", "open_person", "review_correction", "assign_households", "attach_photo"] {
            let answer = officer.laptop.call(name, params.clone()).await.unwrap_err();
            assert_eq!(answer.code, Code::ParamsInvalid, "{name} {params}");
        }
    }
    let unknown = officer.laptop.call("drop_everything", serde_json::Value::Null).await.unwrap_err();
    assert_eq!(unknown.code, Code::UnknownCommand);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_none_or_is_four_gigabytes_is_refused_before_it_is_read() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let person = officer.person(0).await.unwrap();
    let path = |name: &str| PhotoSource::Path(world.path(name).display().to_string());
    // Sparse: it takes no room, and reading it would take minutes.
    std::fs::File::create(world.path("huge.jpg")).unwrap().set_len(4 << 30).unwrap();
    std::fs::write(world.path("empty.jpg"), b"").unwrap();
    std::fs::write(world.path("page.jpg"), b"<html></html>").unwrap();

    for (name, code) in [
        ("huge.jpg", Code::PhotoTooLarge),
        ("empty.jpg", Code::PhotoEmpty),
        ("page.jpg", Code::PhotoNotAnImage),
        ("nowhere.jpg", Code::FileNotFound),
    ] {
        assert_eq!(attach(&officer, person, path(name)).await.unwrap_err().code, code, "{name}");
    }

    assert_eq!(counts(&officer).await, 0, "nothing half-written");
    assert_eq!(officer.open(person).await.unwrap().view.state.photos.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_in_1970_or_in_2090_stops_nobody_and_is_flagged() {
    let mut world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = officer.houses().await.unwrap();
    let now_ms = officer.laptop.clock.now_ms();
    let mut skews = Vec::new();

    for (house, clock_ms) in [(0, 1000), (1, now_ms), (2, 3_800_000_000_000), (3, now_ms)] {
        officer.laptop.clock.set_ms(clock_ms);
        officer.visit(houses[house].household).await.unwrap();
        officer.sync().await.unwrap();
        let unit = Some(&world.server.unit);
        let devices = world.server.deployment().ledger.read(|records| records.devices(unit)).unwrap();
        skews.extend(devices.iter().map(|device| device.contact.skew_ms));
    }
    colleague.sync().await.unwrap();

    let skew_ms = skews.iter().map(|skew_ms| skew_ms.unsigned_abs()).max().unwrap();
    assert!(skew_ms > 365 * 24 * 3600 * 1000, "a skew is flagged: {skews:?}");
    world.assert_converged(&[&officer, &colleague]).await;
    let log = changes_of_server(&world.server.replica().unwrap()).unwrap();
    let set_back = log.iter().filter(|change| change.header.clock_set_back_ms.is_some()).count();
    assert!(set_back >= 1, "a clock set back is recorded");
}
