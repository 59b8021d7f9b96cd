//! Editions: published, downloaded, changed, taken back.

use std::collections::BTreeSet;

use domain::change::{
    Body, CorrectionProposed, CorrectionReviewed, Decision, EntityKind, EntityRef, PersonAdded, ReviewWithdrawn,
};
use domain::field::{Field, Subject};
use domain::fold::Stage;
use domain::id::{CorrectionId, PersonId};
use domain::register::EditionRecord;
use domain::role::Role;
use sync::edition::{open_piece, records, verify_manifest};
use sync::message::Manifest;
use tungnha_server::export::{export_corrections, mark_entered, release_export};
use tungnha_server::register::{ImportReport, undo_import};
use tungnha_server::work::{Houses, assign};
use uuid::Uuid;

use crate::commands::{error_code, run};
use crate::device::TestDevice;
use crate::extract::people;
use crate::feed::read_page;
use crate::server::{TestServer, unit};

pub async fn manifest(server: &TestServer, device: &TestDevice, have: u32) -> Option<Manifest> {
    let token = device.token(server).await;
    let answer = server.get(&format!("/v1/units/{}/register?have={have}", unit()), Some(&token)).await;
    match answer.status.as_u16() {
        204 => None,
        200 => Some(verify_manifest(&answer.body, &device.server_key, device.deployment, &unit()).unwrap()),
        status => panic!("{status}"),
    }
}

pub async fn download(server: &TestServer, device: &TestDevice, manifest: &Manifest) -> Vec<EditionRecord> {
    let token = device.token(server).await;
    let mut all = Vec::new();
    for piece in &manifest.pieces {
        let hash = domain::id::PhotoHash(piece.hash).to_hex();
        let path = format!("/v1/units/{}/pieces/{hash}", unit());
        let head = server.get(&path, Some(&token)).await.body;
        let tail = server.get(&format!("{path}?offset=7"), Some(&token)).await.body;
        assert_eq!(head[7..], tail);
        let raw = open_piece(piece, &head).unwrap();
        all.extend(records(&raw).map(Result::unwrap));
    }
    all
}

fn person_ids(records: &[EditionRecord]) -> BTreeSet<PersonId> {
    let id = |record: &EditionRecord| match record {
        EditionRecord::Person(person) => Some(person.id),
        _ => None,
    };
    records.iter().filter_map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_comes_down_whole_and_the_next_as_what_changed() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let mut rows = people(40);
    assert!(matches!(server.import("2026-10", &rows), ImportReport::Published { edition: 1, .. }));
    let first = manifest(&server, &device, 0).await.unwrap();
    assert_eq!((first.edition, first.base, first.people, first.households), (1, None, 40, 20));
    let whole = download(&server, &device, &first).await;
    assert_eq!(person_ids(&whole).len(), 40);
    assert!(manifest(&server, &device, 1).await.is_none());

    rows[3].full_name = "Trần Thị Mới".into();
    rows.remove(7);
    assert!(matches!(server.import("2026-11", &rows), ImportReport::Published { edition: 2, .. }));
    let delta = manifest(&server, &device, 1).await.unwrap();
    assert_eq!((delta.edition, delta.base, delta.people), (2, Some(1), 39));
    let changed = download(&server, &device, &delta).await;
    assert!(matches!(&changed[..], [EditionRecord::PersonPatch(_), EditionRecord::PersonGone(_)]));
    let whole = manifest(&server, &device, 0).await.unwrap();
    assert_eq!((whole.base, person_ids(&download(&server, &device, &whole).await).len()), (None, 39));
    assert_eq!(read_page(&server, &device, 0).await.edition, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_taken_back() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    server.import("2026-10", &people(40));
    let before = person_ids(&download(&server, &device, &manifest(&server, &device, 0).await.unwrap()).await);
    let mut rows = people(40);
    rows[0].full_name = "Sai Hết Rồi".into();
    server.import("2026-11", &rows);
    assert_eq!(undo_import(&server.deployment, &unit(), None).unwrap(), (2, 1));
    let again = manifest(&server, &device, 2).await.unwrap();
    assert_eq!((again.edition, again.base), (1, None));
    assert_eq!(person_ids(&download(&server, &device, &again).await), before);
    let kinds: Vec<u16> = read_page(&server, &device, 1)
        .await
        .entries
        .iter()
        .flat_map(|entry| entry.opened.headers.iter().map(|header| header.kind))
        .collect();
    assert_eq!(kinds, [70, 70, 71]);
    // The number is not given again, the people keep their ids.
    assert!(matches!(server.import("2026-11", &people(40)), ImportReport::Published { edition: 3, .. }));
    let after = manifest(&server, &device, 0).await.unwrap();
    assert_eq!(person_ids(&download(&server, &device, &after).await), before);
    undo_import(&server.deployment, &unit(), None).unwrap();
    undo_import(&server.deployment, &unit(), None).unwrap();
    assert_eq!(undo_import(&server.deployment, &unit(), None).unwrap_err().code(), "nothing_to_undo");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_of_six_in_a_hundred_asks_first() {
    let server = TestServer::start().await;
    server.import("2026-10", &people(100));
    let lost = server.try_import("2026-11", &people(94), false).unwrap();
    assert!(matches!(lost, ImportReport::NeedsConfirmation { lost: 6, of: 100, .. }));
    let published = server.try_import("2026-11", &people(94), true).unwrap();
    assert!(matches!(published, ImportReport::Published { edition: 2, .. }));
    let older = server.try_import("2026-09", &people(94), true).unwrap_err();
    assert_eq!(older.code(), "extract_older_edition");
}

#[tokio::test(flavor = "multi_thread")]
async fn houses_are_assigned_by_hamlet_number_or_all() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    server.import("2026-10", &people(60));
    let officer = Some(device.officer);
    let due = Some("31/12/2026".to_owned());
    let count = |houses| assign(&server.deployment, &unit(), &houses, officer, due.clone(), None, None);
    let hamlet = |hamlet: &str| Houses::In { hamlet: hamlet.into(), alley: None };
    assert_eq!(count(hamlet("thon dong")).unwrap(), 20, "as in a search");
    assert_eq!(count(hamlet("Thôn Tây")).unwrap(), 10);
    assert_eq!(count(Houses::Numbers(vec!["HK0001".into(), "HK0002".into()])).unwrap(), 2);
    assert_eq!(count(Houses::All).unwrap(), 30);
    assert_eq!(count(hamlet("Thôn Bắc")).unwrap_err().code(), "household_unknown");
    assert_eq!(count(Houses::Numbers(vec!["HK9999".into()])).unwrap_err().code(), "household_unknown");
}

/// A correction of a name, proposed by one and approved by another.
pub async fn approved_correction(
    server: &TestServer,
    officer: &mut TestDevice,
    supervisor: &mut TestDevice,
    person: PersonId,
    value: &str,
) -> CorrectionId {
    let id = CorrectionId(Uuid::now_v7());
    let entity = EntityRef::new(EntityKind::Correction, id);
    let proposed = CorrectionProposed {
        subject: Subject::Person,
        subject_id: person.into(),
        household: None,
        field: Field::FullName,
        register_value: Some("Nguyễn Văn An".into()),
        paper_value: Some(value.into()),
        statement_value: None,
        proposed_value: Some(value.into()),
        reason: Some("Sai dấu".into()),
        evidence: Vec::new(),
        visit: None,
    };
    let batch = officer.seal(&[(entity, Body::CorrectionProposed(proposed))]);
    officer.deliver(server, &batch).await;
    let review = CorrectionReviewed {
        decision: Decision::Approve,
        reason: None,
        office: None,
        answer_by: None,
        register_value: Some("Nguyễn Văn An".into()),
    };
    let batch = supervisor.seal(&[(entity, Body::CorrectionReviewed(review))]);
    supervisor.deliver(server, &batch).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_reserves_its_rows_until_they_are_entered_and_confirmed() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let mut rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    let id = approved_correction(&server, &mut officer, &mut supervisor, person, "Nguyễn Vân An").await;
    let (deployment, unit) = (&server.deployment, unit());

    let first = export_corrections(deployment, &unit, None).unwrap();
    assert_eq!(first.rows.len(), 1);
    let row = &first.rows[0];
    assert_eq!((row.correction_id, row.household_no.as_deref()), (id, Some("HK0000")));
    assert_eq!((row.new_value.as_deref(), row.approved_by.as_str()), (Some("Nguyễn Vân An"), "Nguyễn Văn Minh"));
    assert!(export_corrections(deployment, &unit, None).unwrap().rows.is_empty(), "no row goes out twice");
    assert_eq!(release_export(deployment, &unit, first.id, None).unwrap(), 1);
    assert_eq!(export_corrections(deployment, &unit, None).unwrap().rows.len(), 1);

    let tomorrow = mark_entered(deployment, &unit, &[id], Some("31/12/2030".into()), None).unwrap_err();
    assert_eq!(tomorrow.code(), "date_in_future");
    assert_eq!(mark_entered(deployment, &unit, &[id], Some("17/11/2026".into()), None).unwrap(), 1);
    assert_eq!(mark_entered(deployment, &unit, &[id], None, None).unwrap(), 0, "once is enough");
    let unknown = mark_entered(deployment, &unit, &[CorrectionId(Uuid::now_v7())], None, None).unwrap_err();
    assert_eq!(unknown.code(), "correction_unknown");

    rows[0].full_name = "Nguyễn Vân An".into();
    let ImportReport::Published { stats, .. } = server.import("2026-11", &rows) else { panic!() };
    assert_eq!(stats.confirmed, 1);
    let corrections = tungnha_server::status::status(deployment, Some(&unit)).unwrap()[0].corrections.clone();
    assert_eq!(corrections.into_iter().collect::<Vec<_>>(), [(domain::fold::Stage::Confirmed, 1)]);

    // An undone import leaves no trace: the correction waits again for an edition that shows it.
    undo_import(deployment, &unit, None).unwrap();
    let corrections = tungnha_server::status::status(deployment, Some(&unit)).unwrap()[0].corrections.clone();
    assert_eq!(corrections.into_iter().collect::<Vec<_>>(), [(domain::fold::Stage::Entered, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_new_has_the_same_id_when_an_import_is_done_again() {
    let mut server = TestServer::start().await;
    server.import("2026-10", &people(40));
    let backup = server.back_up().await;
    let rows = people(44);
    let newcomers =
        |server: &TestServer| -> Vec<_> { rows[40..].iter().map(|row| server.person(&row.id_number)).collect() };
    server.import("2026-11", &rows);
    let first = newcomers(&server);

    undo_import(&server.deployment, &unit(), None).unwrap();
    server.import("2026-11", &rows);
    assert_eq!(newcomers(&server), first, "after an undone import");

    server.restore(&backup).await;
    server.import("2026-11", &rows);
    assert_eq!(newcomers(&server), first, "after a restore from before the import");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_went_out_does_not_go_out_again_after_an_import_was_taken_back() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let mut rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    approved_correction(&server, &mut officer, &mut supervisor, person, "Nguyễn Vân An").await;
    let (deployment, unit) = (&server.deployment, unit());
    assert_eq!(export_corrections(deployment, &unit, None).unwrap().rows.len(), 1);
    rows[0].full_name = "Nguyễn Vân An".into();
    server.import("2026-11", &rows);

    undo_import(deployment, &unit, None).unwrap();

    assert_eq!(stages(&server), [(Stage::Approved, 1)]);
    assert!(export_corrections(deployment, &unit, None).unwrap().rows.is_empty());
}

fn stages(server: &TestServer) -> Vec<(Stage, usize)> {
    let status = tungnha_server::status::status(&server.deployment, Some(&unit())).unwrap();
    status[0].corrections.clone().into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_taken_back_after_the_export_holds_nothing_up_and_is_told() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let rows = people(40);
    server.import("2026-10", &rows);
    let (deployment, unit) = (&server.deployment, unit());
    let mut ids = Vec::new();
    for row in &rows[..2] {
        let (person, _) = server.person(&row.id_number);
        ids.push(approved_correction(&server, &mut officer, &mut supervisor, person, "Nguyễn Vân An").await);
    }
    assert_eq!(export_corrections(deployment, &unit, None).unwrap().rows.len(), 2);
    let state = deployment.ledger.read(|records| {
        let policies = tungnha_server::state::policies(records, &unit)?;
        tungnha_server::state::correction(records, &unit, ids[0], &policies)
    });
    let review = state.unwrap().unwrap().reviews[0].change;
    let withdrawn = Body::ReviewWithdrawn(ReviewWithdrawn { review, reason: None });
    let batch = supervisor.seal(&[(EntityRef::new(EntityKind::Correction, ids[0]), withdrawn)]);
    supervisor.deliver(&server, &batch).await;

    let exported = tungnha_server::export::exported(deployment, &unit).unwrap();
    assert_eq!((exported.approved.as_slice(), exported.no_longer_approved.as_slice()), (&ids[1..], &ids[..1]));
    assert_eq!(mark_entered(deployment, &unit, &exported.approved, None, None).unwrap(), 1);
    let next = export_corrections(deployment, &unit, None).unwrap();
    assert_eq!((next.rows.len(), next.no_longer_approved), (0, vec![ids[0]]));
    assert!(export_corrections(deployment, &unit, None).unwrap().no_longer_approved.is_empty(), "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_on_someone_added_at_the_door_goes_out_and_is_confirmed_once_the_register_has_him() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let mut rows = people(40);
    server.import("2026-10", &rows);
    let (deployment, unit) = (&server.deployment, unit());
    let (_, household) = server.person(&rows[0].id_number);
    let door = PersonId(Uuid::now_v7());
    let added = PersonAdded {
        household,
        fields: [
            (Field::FullName, "Trần Thị Cửa"),
            (Field::IdNumber, "001190000099"),
            (Field::BirthDate, "01/02/1990"),
        ]
        .map(|(field, value)| (field, value.to_owned()))
        .into(),
        residence: domain::register::ResidenceKind::Permanent,
        since: None,
        reason: None,
    };
    let batch = officer.seal(&[(EntityRef::new(EntityKind::Person, door), Body::PersonAdded(added))]);
    officer.deliver(&server, &batch).await;
    let id = approved_correction(&server, &mut officer, &mut supervisor, door, "Trần Thị Của").await;
    let first = export_corrections(deployment, &unit, None).unwrap();
    let named = |row: &tungnha_server::import::corrections_out::CorrectionRow| {
        (row.household_no.clone().unwrap_or_default(), row.id_number.clone().unwrap_or_default())
    };
    assert_eq!(named(&first.rows[0]), ("HK0000".to_owned(), "001190000099".to_owned()), "as the log knows her");
    release_export(deployment, &unit, first.id, None).unwrap();

    // An edition brings her, a later one the corrected name.
    let mut hers = rows[0].clone();
    (hers.id_number, hers.full_name) = ("001190000099".into(), "Trần Thị Cửa".into());
    rows.push(hers);
    let ImportReport::Published { stats, .. } = server.import("2026-11", &rows) else { panic!() };
    assert_eq!(stats.linked, 1);
    let second = export_corrections(deployment, &unit, None).unwrap();
    assert_eq!(named(&second.rows[0]), ("HK0000".to_owned(), "001190000099".to_owned()), "as the register knows her");
    assert_eq!(second.rows[0].correction_id, id);
    rows[40].full_name = "Trần Thị Của".into();
    let ImportReport::Published { stats, .. } = server.import("2026-12", &rows) else { panic!() };
    assert_eq!(stats.confirmed, 1);
    assert_eq!(stages(&server), [(Stage::Confirmed, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_never_written_over_and_status_names_it_until_it_is_entered() {
    let server = TestServer::start().await;
    let (mut officer, mut supervisor) = (server.device(Role::Officer).await, server.device(Role::Supervisor).await);
    let rows = people(40);
    server.import("2026-10", &rows);
    let (person, _) = server.person(&rows[0].id_number);
    approved_correction(&server, &mut officer, &mut supervisor, person, "Nguyễn Vân An").await;
    let data = server.folder.path();
    let (file, other) = (data.join("out.csv"), data.join("other.csv"));
    let export = |file: &std::path::Path| {
        run(data, &["export-corrections", "--unit", "25390", "--format", "csv", "--out", file.to_str().unwrap()])
    };
    let answer =
        |output: std::process::Output| -> serde_json::Value { serde_json::from_slice(&output.stdout).unwrap() };

    let first = answer(export(&file));
    assert_eq!(first["rows"].as_u64(), Some(1));
    let written = std::fs::read(&file).unwrap();
    assert_eq!(error_code(&export(&file)), "file_exists");
    assert_eq!(std::fs::read(&file).unwrap(), written);

    let second = answer(export(&other));
    assert!(second["rows"].as_u64() == Some(0) && second["export"].is_null() && !other.exists());
    let open = answer(run(data, &["status"]))["units"][0]["exports"].clone();
    assert_eq!((&open[0]["export"], open[0]["rows"].as_u64()), (&first["export"], Some(1)));

    assert!(run(data, &["mark-entered", "--unit", "25390", "--all-exported"]).status.success());
    assert_eq!(answer(run(data, &["status"]))["units"][0]["exports"].as_array().map(Vec::len), Some(0));
}
