//! A station without a line: the queue goes by stick, and the answer comes back by stick.

use std::fs::File;
use std::path::Path;

use app::PhotoSource;
use app::case::remark::AttachPhoto;
use app::case::stick::{QueueFileTaken, TakeQueueFile, WriteQueueFile};
use app::command;
use app::error::{AppError, Code};
use data_encoding::BASE64;
use domain::change::{EntityKind, EntityRef, PhotoReason};
use server::stick::{StickReport, give_queue_file, take_queue_file};
use sync::queue_file::{PartKind, QueueWriter, read_queue};
use tungnha_tests::world::{Desk, World};

async fn write(desk: &Desk, path: &Path) -> Result<(), AppError> {
    let params = WriteQueueFile { path: path.display().to_string(), with_photos: true };
    desk.laptop.app.run::<command::WriteQueueFile>(params).await.map(drop)
}

async fn take(desk: &Desk, path: &Path) -> Result<QueueFileTaken, AppError> {
    let params = TakeQueueFile { path: path.display().to_string() };
    desk.laptop.app.run::<command::TakeQueueFile>(params).await
}

fn hand_in(world: &World, path: &Path) -> StickReport {
    take_queue_file(world.server.deployment(), File::open(path).unwrap()).unwrap()
}

fn give(world: &World, path: &Path) {
    give_queue_file(world.server.deployment(), &world.server.unit, File::create(path).unwrap()).unwrap();
}

async fn work_with_a_photo(desk: &Desk) {
    let house = desk.house(0).await.unwrap().household;
    desk.visit(house).await.unwrap();
    let params = AttachPhoto {
        entity: EntityRef::new(EntityKind::Household, house),
        photos: vec![PhotoSource::Base64(BASE64.encode(&synth::sample_photo(5, &["STICK"], 320, 240)))],
        document_kind: "household_book".into(),
        document_number: None,
        document_date: None,
        reason: Some(PhotoReason::ResidentRequest),
        reason_text: None,
        visit: None,
    };
    let saved = desk.laptop.app.run::<command::AttachPhoto>(params).await.unwrap();
    desk.tally.lock().unwrap().note(saved.change);
}

async fn waiting(desk: &Desk) -> (u64, u64) {
    let queue = desk.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue;
    (queue.batches_waiting, queue.changes_waiting)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_goes_to_the_server_and_its_receipts_come_back_by_stick() {
    let mut world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    officer.laptop.line.unplug(true);
    work_with_a_photo(&officer).await;
    let (there, back) = (world.path("there.tungnha"), world.path("back.tungnha"));

    write(&officer, &there).await.unwrap();
    let first = hand_in(&world, &there);
    let again = hand_in(&world, &there);
    give(&world, &back);
    let taken = take(&officer, &back).await.unwrap();
    let taken_again = take(&officer, &back).await.unwrap();

    assert!(first.complete && first.stored == 1 && first.photos == 1, "{first:?}");
    assert_eq!((again.stored, again.again), (0, 1), "twice is harmless: {again:?}");
    assert!(taken.is_complete && taken.receipts >= 1 && taken.log_entries_read >= 1, "{taken:?}");
    assert_eq!(taken_again.log_entries_read, 0, "{taken_again:?}");
    assert_eq!(waiting(&officer).await, (0, 0));
    colleague.sync().await.unwrap();
    assert_eq!(world.server.deployment().ledger.read(|records| records.photos_missing(&world.server.unit)).unwrap(), 0);
    world.assert_converged(&[&officer, &colleague]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_edition_comes_by_stick_too() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.line.unplug(true);
    world.import(&world.commune.next(8, &[])).unwrap();
    let back = world.path("back.tungnha");
    give(&world, &back);

    let taken = take(&officer, &back).await.unwrap();

    assert_eq!(taken.edition, Some(2));
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_stick_gives_what_is_whole_and_the_rest_comes_with_the_next() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.line.unplug(true);
    work_with_a_photo(&officer).await;
    let path = world.path("there.tungnha");
    write(&officer, &path).await.unwrap();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();

    let report = hand_in(&world, &path);
    assert!(!report.complete && report.stored == 1 && report.photos == 0, "{report:?}");

    std::fs::write(&path, &whole).unwrap();
    let report = hand_in(&world, &path);
    assert!(report.complete && report.photos == 1, "{report:?}");
    officer.laptop.line.unplug(false);
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_for_others_is_told_from_a_broken_one() {
    let world = World::of(60).await.unwrap();
    let elsewhere = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let stranger = elsewhere.officer().await.unwrap();
    let path = elsewhere.path("back.tungnha");
    give(&elsewhere, &path);

    assert_eq!(take(&officer, &path).await.unwrap_err().code, Code::QueueFileOtherServer);
    let own = world.path("own.tungnha");
    write(&officer, &own).await.unwrap();
    assert_eq!(take(&officer, &own).await.unwrap_err().code, Code::QueueFileNotForUs, "it goes the other way");
    std::fs::write(&path, b"no queue file at all").unwrap();
    assert_eq!(take(&stranger, &path).await.unwrap_err().code, Code::QueueFileUnreadable);
    std::fs::write(&path, b"").unwrap();
    assert_eq!(take(&stranger, &path).await.unwrap_err().code, Code::FileEmpty);
    assert_eq!(take(&stranger, &world.path("nowhere")).await.unwrap_err().code, Code::FileNotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_with_the_stick_in_writes_the_unsent_queue_to_it() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.line.unplug(true);
    work_with_a_photo(&officer).await;
    let stick = world.path("stick");
    std::fs::create_dir(&stick).unwrap();
    let mut settings = officer.laptop.app.run::<command::GetSettings>(()).await.unwrap();
    settings.stick_folder = Some(stick.display().to_string());
    officer.laptop.app.run::<command::SetSettings>(settings).await.unwrap();

    let locked = officer.laptop.app.run::<command::Lock>(()).await.unwrap();

    // The laptop's disk dies here; the stick has the work.
    let report = hand_in(&world, Path::new(&locked.stick_file.unwrap()));
    assert!(report.complete && report.stored == 1 && report.photos == 1, "{report:?}");
}

/// There and back once.
async fn round(world: &World, desk: &Desk, name: &str) -> (StickReport, QueueFileTaken) {
    let (there, back) = (world.path(&format!("{name}-there.tungnha")), world.path(&format!("{name}-back.tungnha")));
    write(desk, &there).await.unwrap();
    let report = hand_in(world, &there);
    give(world, &back);
    (report, take(desk, &back).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_without_a_line_follows_a_server_that_was_restored() {
    let mut world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let houses = officer.houses().await.unwrap();
    world.server.back_up_to(&world.path("backup")).await.unwrap();
    world.lead(&[&colleague]);
    officer.laptop.line.unplug(true);
    colleague.visit(houses[5].household).await.unwrap();
    colleague.sync().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    round(&world, &officer, "before").await;
    assert_eq!(waiting(&officer).await, (0, 0));

    world.server.restore_from(&world.path("backup")).await.unwrap();
    let (unit, now_ms) = (world.server.unit.clone(), world.server.deployment().now_ms());
    let begin = |records: &mut dyn server::ledger::Records| {
        server::ingest::restored::start_new_log(records, &unit, "restored", now_ms)
    };
    world.server.deployment().ledger.write(server::ledger::Scope::Unit(&unit), begin).unwrap();
    officer.visit(houses[1].household).await.unwrap();

    let (_, told) = round(&world, &officer, "first").await;
    assert!(told.server_restored, "{told:?}");
    let (refilled, read) = round(&world, &officer, "second").await;
    assert!(refilled.stored >= 2 && refilled.gaps == 0, "the colleague's batch is among them: {refilled:?}");
    assert!(!read.server_restored && read.log_entries_read >= 3, "{read:?}");
    assert_eq!(waiting(&officer).await, (0, 0));

    // The stick of before the restore, found again in a drawer, moves nothing.
    let old = take(&officer, &world.path("before-back.tungnha")).await.unwrap();
    assert!(!old.server_restored && old.log_entries_read == 0, "{old:?}");
    assert_eq!(waiting(&officer).await, (0, 0));
    let (again, _) = round(&world, &officer, "third").await;
    assert_eq!((again.stored, again.again), (0, 0), "{again:?}");
    world.lead(&[&colleague]);
    colleague.laptop.sync_up_to(3).await.unwrap();
    round(&world, &officer, "last").await;
    world.assert_converged(&[&officer, &colleague]).await;
}

/// The same file without what proves to the server that it was set back.
fn without_proofs(world: &World, path: &Path) {
    let keys = &world.server.deployment().keys;
    let mut reader = read_queue(File::open(path).unwrap(), &keys.stick, keys.deployment).unwrap();
    let mut writer = QueueWriter::begin(Vec::new(), reader.label(), &[keys.stick.public_key()]).unwrap();
    for part in reader.by_ref() {
        let part = part.unwrap();
        if !matches!(part.kind, PartKind::LogMark | PartKind::Receipt) {
            writer.write_part(part.kind, &part.bytes).unwrap();
        }
    }
    std::fs::write(path, writer.finish().unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_of_a_chain_is_asked_for_by_stick() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    world.server.back_up_to(&world.path("backup")).await.unwrap();
    world.lead(&[&officer]);
    for house in &houses[..2] {
        officer.visit(house.household).await.unwrap();
        officer.sync().await.unwrap();
    }
    world.server.restore_from(&world.path("backup")).await.unwrap();
    officer.laptop.line.unplug(true);
    officer.visit(houses[2].household).await.unwrap();
    let (there, back) = (world.path("there.tungnha"), world.path("back.tungnha"));

    write(&officer, &there).await.unwrap();
    without_proofs(&world, &there);
    for _ in 0..2 {
        let report = hand_in(&world, &there);
        assert_eq!((report.stored, report.gaps), (0, 1), "the first two are gone: {report:?}");
    }
    give(&world, &back);
    let taken = take(&officer, &back).await.unwrap();
    assert!(taken.batches_missing && !taken.server_restored, "{taken:?}");
    assert_eq!(waiting(&officer).await.0, 3);

    write(&officer, &there).await.unwrap();
    without_proofs(&world, &there);
    let report = hand_in(&world, &there);
    assert_eq!((report.stored, report.gaps), (3, 0), "{report:?}");
    give(&world, &back);
    let taken = take(&officer, &back).await.unwrap();
    assert!(!taken.batches_missing, "it is asked for no longer: {taken:?}");
    assert_eq!(waiting(&officer).await, (0, 0));
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_that_old_sticks_tell_of_again_opens_one_chain() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let copy = officer.copied_to(&world.path("copy")).await.unwrap();
    copy.laptop.line.unplug(true);
    officer.visit(houses[1].household).await.unwrap();
    officer.sync().await.unwrap();

    copy.visit(houses[2].household).await.unwrap();
    let (report, taken) = round(&world, &copy, "0").await;
    assert!(report.forked == 1 && taken.chain_renewed, "{report:?} {taken:?}");
    for number in 1..4 {
        let (report, taken) = round(&world, &copy, &number.to_string()).await;
        assert!(report.stored == u64::from(number == 1) && !taken.chain_renewed, "{number}: {report:?} {taken:?}");
    }
    copy.visit(houses[3].household).await.unwrap();
    assert!(!take(&copy, &world.path("0-back.tungnha")).await.unwrap().chain_renewed);
    let (report, _) = round(&world, &copy, "5").await;

    assert_eq!((report.stored, report.again), (1, 0), "{report:?}");
    assert_eq!(waiting(&copy).await, (0, 0));
    let list = app::case::read::ListQueue { offset: 0, limit: 50 };
    let batches = copy.laptop.app.run::<command::ListQueue>(list).await.unwrap().batches;
    let chains: std::collections::BTreeSet<_> = batches.iter().map(|batch| batch.chain).collect();
    assert_eq!(chains.len(), 2, "the forked one and the one that replaced it");
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer, &copy]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_and_every_line_of_the_access_log_go_by_stick() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.line.unplug(true);
    work_with_a_photo(&officer).await;
    for _ in 0..520 {
        officer.house(0).await.unwrap();
    }

    let (report, taken) = round(&world, &officer, "1").await;

    assert!(report.access_logs >= 2 && report.refused == 0, "{report:?}");
    assert!(taken.photos_stored == 1 && taken.access_entries_stored >= 520, "{taken:?}");
    let queue = officer.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue;
    assert_eq!((queue.photos_waiting, queue.access_waiting), (0, 0));
    let (again, _) = round(&world, &officer, "2").await;
    assert_eq!((again.photos, again.photos_not_named), (0, 0), "{again:?}");
}
