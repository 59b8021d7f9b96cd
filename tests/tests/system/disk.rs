//! A disk with no room left, at a laptop and at the server. What stands for it everywhere is a ledger that may not grow;
//! where a small disk can be mounted (`tests/build.rs` finds out) the same happens on a real one, in a namespace that goes
//! with the test.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::case::stick::WriteQueueFile;
use app::command;
use app::error::Code;
use domain::role::Role;
use server::stick::take_queue_file;
use tungnha_tests::laptop::{Laptop, Slots};
use tungnha_tests::world::{Desk, World, write_extract};

const SMALL_DISK: &str = "TUNGNHA_TEST_SMALL_DISK";

/// Runs the test of that name again on a disk of so many mebibytes: there the variable names it.
fn on_a_small_disk(test: &str, mebibytes: u32, work: impl AsyncFnOnce(&Path)) {
    if let Some(disk) = std::env::var_os(SMALL_DISK) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(work(Path::new(&disk)));
    }
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=\"$1\" tmpfs \"$2\" && exec \"$3\" --exact \"$4\" --nocapture";
    let output = Command::new("unshare")
        .args([option_env!("TUNGNHA_UNSHARE").unwrap_or("-Urm"), "sh", "-c", script, "sh"])
        .arg(format!("{mebibytes}m"))
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .arg(format!("disk::{test}"))
        .env(SMALL_DISK, disk.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "the test of that name ran");
}

#[test]
#[cfg_attr(not(small_disk), ignore = "this machine lets nobody mount a small disk (unshare)")]
fn on_a_full_disk_nothing_is_said_to_be_saved_that_is_not() {
    on_a_small_disk("on_a_full_disk_nothing_is_said_to_be_saved_that_is_not", 8, work_on);
}

#[test]
#[cfg_attr(not(small_disk), ignore = "this machine lets nobody mount a small disk (unshare)")]
fn a_server_whose_disk_is_full_takes_nothing_by_halves() {
    on_a_small_disk("a_server_whose_disk_is_full_takes_nothing_by_halves", 8, serve_on);
}

async fn waiting(desk: &Desk) -> u64 {
    desk.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue.changes_waiting
}

/// Works until the server has no room; what was said then.
async fn fill_ledger(desk: &Desk) -> app::error::AppError {
    let houses = desk.houses().await.unwrap();
    let person = desk.person(0).await.unwrap();
    for number in 0..400 {
        desk.visit(houses[number % houses.len()].household).await.unwrap();
        desk.note_on(person, &format!("{number} {}", "đã đến ".repeat(200))).await.unwrap();
        if let Err(error) = desk.sync().await {
            return error;
        }
    }
    panic!("the disk never was full");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_says_so_and_has_everything_once_there_is_room() {
    let mut world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    world.server.restart_with_room_for(12).await.unwrap();
    world.lead(&[&officer, &colleague]);

    let refused = fill_ledger(&officer).await;
    assert_eq!(refused.code, Code::ServerDiskFull, "{refused:?}");
    assert!(waiting(&officer).await > 0, "nothing counts as sent");
    let again = officer.sync().await.unwrap_err();
    assert_eq!(again.code, Code::ServerDiskFull, "{again:?}");

    // What an operator does is whole or not there, and says the same.
    let deployment = world.server.deployment();
    let edition = |world: &World| {
        world.server.deployment().ledger.read(|records| records.unit(&world.server.unit)).unwrap().unwrap().edition
    };
    let next = world.path("next.csv");
    write_extract(&world.commune.next(8, &[]), &next).unwrap();
    assert_eq!(world.server.try_import(&next, false).unwrap_err().code(), "disk_full");
    assert_eq!(edition(&world), 1);
    let stick = world.path("there.tungnha");
    let params = WriteQueueFile { path: stick.display().to_string(), with_photos: true };
    officer.laptop.app.run::<command::WriteQueueFile>(params).await.unwrap();
    assert_eq!(take_queue_file(deployment, File::open(&stick).unwrap()).unwrap_err().code(), "disk_full");
    deployment.ledger.check_integrity().unwrap();

    // There is room again: what waited goes by itself, once, and what was refused can be done.
    world.server.restart().await.unwrap();
    world.lead(&[&officer, &colleague]);
    officer.sync().await.unwrap();
    assert_eq!(waiting(&officer).await, 0);
    let taken = take_queue_file(world.server.deployment(), File::open(&stick).unwrap()).unwrap();
    assert_eq!((taken.stored, taken.refused), (0, 0), "{taken:?}");
    world.server.import(&next).unwrap();
    assert_eq!(edition(&world), 2);
    for desk in [&officer, &colleague] {
        desk.sync().await.unwrap();
    }
    world.assert_converged(&[&officer, &colleague]).await;
}

async fn serve_on(disk: &Path) {
    let mut world = World::with_server_in(60, disk).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    officer.visit(houses[0].household).await.unwrap();
    officer.sync().await.unwrap();
    let filler = fill(disk);

    let refused = fill_ledger(&officer).await;
    assert_eq!(refused.code, Code::ServerDiskFull, "{refused:?}");
    assert!(waiting(&officer).await > 0);
    let deployment = world.server.deployment();
    let backup = disk.join("backup");
    assert_eq!(deployment.back_up(&backup).unwrap_err().code(), "disk_full");
    assert_eq!(names_in(&backup), [""; 0], "no half a backup is left");
    let elsewhere = disk.join("elsewhere");
    let request = server::deployment::InitRequest {
        name: "Công an tỉnh",
        hosts: &[],
        operator_passphrases: ["hai con trâu qua suối cạn 1978", "một bầy cò trắng về đậu 1985"],
        argon2: vault::Argon2Floor::weak().params(),
    };
    let clock: server::clock::Clock = std::sync::Arc::new(|| 1_795_000_000_000);
    let refused = server::deployment::Deployment::init(&elsewhere, &request, clock.clone()).err().unwrap();
    assert_eq!(refused.code(), "disk_full");
    assert_eq!(names_in(&elsewhere), [""; 0], "and no half a server");

    std::fs::remove_file(filler).unwrap();
    server::deployment::Deployment::init(&elsewhere, &request, clock).unwrap();
    deployment.back_up(&backup).unwrap();
    deployment.ledger.check_integrity().unwrap();
    officer.sync().await.unwrap();
    assert_eq!(waiting(&officer).await, 0);
    world.assert_converged(&[&officer]).await;
}

async fn work_on(disk: &Path) {
    let mut world = World::of(60).await.unwrap();
    let officer = world.server.add_officer("Nguyễn Văn Bình", Role::Officer).unwrap();
    let laptop = Laptop::new(&disk.join("laptop"), world.server.address(), true, Slots::Weak).await.unwrap();
    laptop.enrol(&world.server.paper_for(officer).unwrap()).await.unwrap();
    laptop.app.run::<command::Download>(()).await.unwrap();
    let desk = Desk { officer, laptop, tally: Default::default() };
    let houses = desk.houses().await.unwrap();
    desk.visit(houses[0].household).await.unwrap();

    let filler = fill(disk);
    let mut saved = 0;
    let refused = loop {
        match desk.visit(houses[saved % houses.len()].household).await {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 10_000, "the disk never was full");
    };
    assert_eq!(refused.code, Code::DiskFull);
    let stick = disk.join("stick.tungnha");
    let params = WriteQueueFile { path: stick.display().to_string(), with_photos: true };
    let refused = desk.laptop.app.run::<command::WriteQueueFile>(params).await.unwrap_err();
    assert_eq!(refused.code, Code::DiskFull);
    assert!(!stick.exists(), "no half a file is left");
    let _ = desk.sync().await;

    // Someone makes room. Everything that was acknowledged is there, and the work goes on.
    std::fs::remove_file(filler).unwrap();
    desk.laptop.app.run::<command::CheckFiles>(()).await.unwrap();
    desk.laptop.lock().await.unwrap();
    desk.laptop.unlock().await.unwrap();
    desk.visit(houses[1].household).await.unwrap();
    desk.sync().await.unwrap();

    // Locked, and something else takes the room meanwhile, to the last byte: it opens, and the work can be sent.
    desk.visit(houses[2].household).await.unwrap();
    desk.laptop.lock().await.unwrap();
    let filler = fill(disk);
    desk.laptop.unlock().await.unwrap();
    let status = desk.laptop.app.run::<command::SyncStatus>(()).await.unwrap();
    assert_eq!(status.queue.changes_waiting, 2);
    std::fs::remove_file(filler).unwrap();
    desk.sync().await.unwrap();
    world.assert_converged(&[&desk]).await;
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Takes all the room there is.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut file = std::fs::File::create(&path).unwrap();
    for size in [1 << 16, 1 << 10, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}
