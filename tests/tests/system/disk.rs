//! A disk with no room left. The test starts itself again where a small disk can be mounted: in a namespace of its own,
//! which goes with it.

#![cfg(target_os = "linux")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use app::case::stick::WriteQueueFile;
use app::command;
use app::error::Code;
use domain::role::Role;
use tungnha_tests::laptop::{Laptop, Slots};
use tungnha_tests::world::{Desk, World};

const SMALL_DISK: &str = "TUNGNHA_TEST_SMALL_DISK";
const TEST: &str = "disk::on_a_full_disk_nothing_is_said_to_be_saved_that_is_not";

#[test]
fn on_a_full_disk_nothing_is_said_to_be_saved_that_is_not() {
    if let Some(disk) = std::env::var_os(SMALL_DISK) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(work_on(Path::new(&disk)));
    }
    let namespaces = Command::new("unshare").args(["-Urm", "true"]).stderr(Stdio::null()).status();
    if !namespaces.is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "NOT RUN: this machine lets nobody mount a small disk (unshare -Urm)");
        return;
    }
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=8m tmpfs \"$1\" && exec \"$2\" --exact \"$3\" --nocapture";
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", script, "sh"])
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .arg(TEST)
        .env(SMALL_DISK, disk.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
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

/// Takes all the room there is.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut file = std::fs::File::create(&path).unwrap();
    for size in [1 << 16, 1 << 10, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}
