//! The program started twice.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tungnha_tests::demo_commune::{OFFICER, SUPERVISOR};
use tungnha_tests::window::driver::ENTER;
use tungnha_tests::window::process::windows_on;

use crate::town::{NEWCOMER, PASSPHRASE_FIELD, Town, unlock};

/// Waits until so many windows run on a laptop.
async fn wait_for_windows(town: &Town, laptop: &str, many: usize) -> Result<()> {
    for _ in 0..300 {
        if windows_on(&town.profile(laptop))?.len() == many {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("{} windows run on the {laptop}'s laptop, not {many}", windows_on(&town.profile(laptop))?.len())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn a_second_start_on_the_same_profile_ends_and_another_profile_has_a_window_of_its_own() {
    let outcome = async {
        let town = Town::make().await?.with_bus()?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;

        let start_again = async |laptop| {
            let start = async |opening: tungnha_tests::window::Opening<'_>| {
                let log = town.path("second.log");
                let mut command = Command::new(opening.program);
                tungnha_tests::window::Opening { log: &log, ..opening }.prepare(&mut command)?;
                Ok(command.arg("--profile").arg(opening.profile).spawn()?)
            };
            town.opened(laptop, start).await
        };
        let mut second = start_again(OFFICER.role).await?;
        let since = Instant::now();
        let ended = loop {
            if let Some(status) = second.try_wait()? {
                break status;
            }
            if since.elapsed() > Duration::from_secs(30) {
                second.kill()?;
                anyhow::bail!("the second start still runs");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        ensure!(ended.success(), "the second start ended with {ended}");
        wait_for_windows(&town, OFFICER.role, 1).await?;
        let status = window.call("profile_status", Value::Null).await?;
        ensure!(status["state"] == "unlocked", "the first window goes on as it was: {status}");

        let mut other = start_again(SUPERVISOR.role).await?;
        wait_for_windows(&town, SUPERVISOR.role, 1).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let still_runs = other.try_wait()?.is_none();
        other.kill()?;
        other.wait()?;
        ensure!(still_runs, "another profile has its own window");
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

/// Where no message bus tells one start from another, the files do.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn without_a_message_bus_a_second_window_is_told_that_the_profile_is_open() {
    let outcome = async {
        let town = Town::make().await?;
        let first = town.open(OFFICER.role).await?;
        unlock(&first).await?;
        let second = town.open(OFFICER.role).await?;
        let field = second.wait_for(PASSPHRASE_FIELD).await?;
        second.type_into(&field, OFFICER.passphrase).await?;
        second.press(ENTER).await?;
        second.wait_for_text("Dữ liệu này đang được mở ở một cửa sổ hoặc chương trình khác").await?;
        second.keep_screenshot("window-in-use").await?;
        ensure!(first.call("profile_status", Value::Null).await?["state"] == "unlocked");
        second.close().await?;
        let newcomer = town.open(NEWCOMER).await?;
        newcomer.wait_for_text("Ghi danh máy này").await?;
        newcomer.close().await?;
        first.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}
