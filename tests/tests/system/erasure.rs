//! What was erased is gone from every file of every replica, and the chain still holds.

use app::PhotoSource;
use app::case::correction::{EvidenceInput, PaperInput, ProposeCorrection};
use app::case::people::AddPerson;
use app::case::remark::AttachPhoto;
use app::command;
use data_encoding::BASE64;
use domain::change::{EntityKind, EntityRef, PhotoReason};
use domain::field::Field;
use domain::id::PersonId;
use domain::register::ResidenceKind;
use tungnha_tests::replica::Needle;
use tungnha_tests::world::{Desk, World, proposal};

const NAME: &str = "Kh'Đinh Ơ Xuyên Kỳ";

/// Someone found at the door, with a note, a photographed paper, a correction and a visit.
async fn leave_traces(officer: &Desk) -> (PersonId, Vec<Needle>) {
    let household = officer.house(0).await.unwrap().household;
    let fields = [(Field::FullName, NAME), (Field::RelationshipToHead, "Con"), (Field::Phone, "0911222333")];
    let params = AddPerson {
        household,
        fields: fields.map(|(field, value)| (field, value.to_owned())).into(),
        residence: ResidenceKind::Permanent,
        since: None,
        reason: Some("lý do bí mật kqz".into()),
    };
    let person = officer.laptop.app.run::<command::AddPerson>(params).await.unwrap().person;
    officer.visit(household).await.unwrap();
    officer.note_on(person, "ghi chú bí mật wvx").await.unwrap();
    let photo = synth::sample_photo(99, &[NAME], 640, 480);
    let attached = officer
        .laptop
        .app
        .run::<command::AttachPhoto>(AttachPhoto {
            entity: EntityRef::new(EntityKind::Person, person),
            photos: vec![PhotoSource::Base64(BASE64.encode(&photo))],
            document_kind: "birth_certificate".into(),
            document_number: Some("so-jjyyqq-1".into()),
            document_date: None,
            reason: Some(PhotoReason::MissingInRegister),
            reason_text: None,
            visit: None,
        })
        .await
        .unwrap();
    let paper = PaperInput { kind: "birth_certificate".into(), number: Some("so-jjyyqq-1".into()), date: None };
    let evidence = EvidenceInput { paper, photo: Some(attached.photos[0].hash), rectangle: None, crop: None };
    let correction =
        ProposeCorrection { evidence: vec![evidence], ..proposal(person, Field::Hometown, "Làng bí mật zzk") };
    officer.laptop.app.run::<command::ProposeCorrection>(correction).await.unwrap();
    let mut needles = vec![
        Needle::text("name", NAME),
        Needle::text("folded name", &domain::text::fold_search(NAME)),
        Needle::text("telephone", "0911222333"),
        Needle::text("reason", "bí mật kqz"),
        Needle::text("note", "bí mật wvx"),
        Needle::text("paper", "so-jjyyqq-1"),
        Needle::text("hometown", "Làng bí mật zzk"),
    ];
    needles.extend(Needle::stretches("photo", &photo));
    (person, needles)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_in_no_file_of_any_replica_and_the_chain_still_verifies() {
    let mut world = World::of(60).await.unwrap();
    let (officer, chief) = (world.officer().await.unwrap(), world.supervisor().await.unwrap());
    let (person, needles) = leave_traces(&officer).await;
    officer.sync().await.unwrap();
    chief.sync().await.unwrap();
    chief.open(person).await.unwrap();
    chief.laptop.lock().await.unwrap();
    let before = chief.laptop.replica().unwrap().find(&needles).unwrap();
    assert!(before.len() >= 7, "the search finds what is there: {before:?}");
    chief.laptop.unlock().await.unwrap();

    world.server.erase(person).unwrap();
    for desk in [&officer, &chief] {
        desk.sync().await.unwrap();
    }

    // A laptop that enrols only now verifies every envelope from the first on.
    let newcomer = world.officer().await.unwrap();
    for desk in [&newcomer, &officer, &chief] {
        desk.sync().await.unwrap();
    }
    for desk in [&officer, &chief, &newcomer] {
        desk.laptop.app.run::<command::CheckFiles>(()).await.unwrap();
    }
    world.assert_converged(&[&officer, &chief, &newcomer]).await;
    assert_eq!(world.server.replica().unwrap().find(&needles).unwrap(), []);
    for desk in [&officer, &chief, &newcomer] {
        assert_eq!(desk.laptop.replica().unwrap().find(&needles).unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_was_away_when_someone_was_erased_does_not_bring_him_back() {
    let mut world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let (person, needles) = leave_traces(&officer).await;
    officer.sync().await.unwrap();
    colleague.sync().await.unwrap();
    let backup = world.path("backup");
    world.server.back_up_to(&backup).await.unwrap();
    world.lead(&[&officer, &colleague]);
    world.server.erase(person).unwrap();
    officer.sync().await.unwrap();

    // Away: it goes on writing about him, then the server is set back to before the erasure.
    colleague.note_on(person, "ghi chú muộn, bí mật wvx").await.unwrap();
    world.server.restore_from(&backup).await.unwrap();
    world.lead(&[&officer, &colleague]);
    for desk in [&officer, &colleague, &officer, &colleague] {
        desk.laptop.sync_up_to(3).await.unwrap();
    }
    // What was written after the erasure is not part of it: the operator erases again.
    world.server.erase(person).unwrap();
    for desk in [&officer, &colleague] {
        desk.sync().await.unwrap();
    }

    world.assert_converged(&[&officer, &colleague]).await;
    for replica in [world.server.replica(), officer.laptop.replica(), colleague.laptop.replica()] {
        assert_eq!(replica.unwrap().find(&needles).unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_row_that_was_erased_stays_away_from_a_later_edition() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let person = officer.person(2).await.unwrap();
    world.server.erase(person).unwrap();
    officer.sync().await.unwrap();
    let says_nothing = async || match officer.open(person).await {
        Ok(opened) => opened.view.state.fields.is_empty() && opened.view.state.residences.is_empty(),
        Err(error) => error.code == app::error::Code::NotFound,
    };
    assert!(says_nothing().await, "gone from the laptop");

    world.import(&world.commune.next(8, &[])).unwrap();
    officer.sync().await.unwrap();

    assert!(says_nothing().await, "his id does not come again");
}
