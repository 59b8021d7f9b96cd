//! A disk that is full in the middle of a visit. The test starts itself again where a small disk can be mounted: in a
//! namespace of its own, which goes with it. Where nobody may mount one it fails; `cargo xtask test` then leaves it out
//! and says so.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tungnha_tests::demo_commune::OFFICER;
use tungnha_tests::window::driver::{CONTROL, ENTER};
use tungnha_tests::window::{Driver, Opening};

use crate::town::{Town, houses, unlock};

const SMALL_DISK: &str = "TUNGNHA_TEST_SMALL_DISK";
const TEST: &str = "full_disk::a_visit_on_a_full_disk_is_kept_on_the_screen_until_there_is_room";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, its drivers and a small disk (unshare -Urm): cargo xtask test"]
async fn a_visit_on_a_full_disk_is_kept_on_the_screen_until_there_is_room() {
    if let Some(disk) = std::env::var_os(SMALL_DISK) {
        return visit_on(Path::new(&disk)).await.context("the story broke off").unwrap();
    }
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=48m tmpfs \"$1\" && exec \"$2\" --ignored --exact \"$3\" --nocapture";
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

async fn visit_on(disk: &Path) -> Result<()> {
    let town = Town::make().await?;
    let profile = disk.join("laptop");
    let copied = Command::new("cp").arg("-a").arg(town.profile(OFFICER.role)).arg(&profile).status()?;
    ensure!(copied.success(), "the laptop's folder was not copied");
    let open = async |opening: Opening<'_>| Driver::open(Opening { profile: &profile, ..opening }).await;
    let window = town.opened(OFFICER.role, open).await?;
    unlock(&window).await?;
    let (_, name) = houses(&window).await?.into_iter().next().context("a house where someone lives")?;
    window.wait_for_text(&name).await?;
    window.click_named("main .row b, main .row span", &name).await?;
    window.press(ENTER).await?;
    window.wait_for_text("Bắt đầu lượt đến").await?;
    window.press(ENTER).await?;
    window.wait_for("section.visit").await?;
    window.press("1a").await?;

    let filler = fill(disk)?;
    window.fill("Ghi chú", "Ổ đĩa đầy giữa chừng").await?;
    window.press_together(&[CONTROL, ENTER]).await?;
    window.wait_for_text("Ổ đĩa hoặc USB đã đầy").await?;
    window.wait_for_text("Xóa bớt tệp khác rồi lưu lại").await?;
    window.keep_screenshot("window-disk-full").await?;
    ensure!(!window.text().await?.contains("Đã ghi lượt đến"), "it is not said to be saved");

    std::fs::remove_file(filler)?;
    let note = window.run_script("return document.querySelector('[data-note] textarea').value;", serde_json::json!([]));
    ensure!(note.await? == "Ổ đĩa đầy giữa chừng", "what was typed is still there");
    window.press_together(&[CONTROL, ENTER]).await?;
    window.wait_for_text("Đã ghi lượt đến").await?;
    window.close().await
}

/// Takes all the room there is.
fn fill(disk: &Path) -> Result<PathBuf> {
    let path = disk.join("filler");
    let mut file = std::fs::File::create(&path)?;
    for size in [1 << 16, 1 << 10, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    Ok(path)
}
