//! The server is gone while a photo is on its way.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tungnha_tests::bad_line::BadLine;
use tungnha_tests::demo_commune::OFFICER;
use tungnha_tests::window::Driver;

use crate::town::{Town, houses, picture, unlock, wait_until_all_is_sent};

/// A photo of that many bytes or more waits on the officer's laptop.
pub const PHOTO_BYTES: u64 = 1_000_000;

/// So slow that a photo takes some seconds.
const BYTES_PER_S: u64 = 150_000;

/// A line that stands where the laptops look for the server, slow, with the server behind it.
pub async fn slow_line(town: &Town, server: SocketAddr) -> Result<BadLine> {
    let line = BadLine::start_at(town.address, server, Arc::new(|_| None)).await?;
    line.slow_down(Some(BYTES_PER_S));
    Ok(line)
}

/// A large photo of a paper, chosen as from a dialog.
pub async fn attach_large_photo(town: &Town, window: &Driver) -> Result<()> {
    let file = town.path("giay-to.png");
    std::fs::write(&file, picture(620)?)?;
    ensure!(std::fs::metadata(&file)?.len() > PHOTO_BYTES);
    let (household, _) = houses(window).await?.into_iter().next().context("a house where someone lives")?;
    let entity = json!({ "kind": "household", "id": household });
    let attached =
        json!({ "entity": entity, "photos": [{ "path": file }], "document_kind": "id_card", "reason": "discrepancy" });
    window.call("attach_photo", attached).await.map(drop)
}

/// Waits until so much of the photo has passed.
pub async fn wait_until_passed(line: &BadLine, bytes: u64) -> Result<()> {
    for _ in 0..600 {
        if line.bytes().0 > bytes {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("only {} bytes passed", line.bytes().0)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn a_server_that_goes_in_mid_sync_is_told_of_and_what_it_has_is_not_sent_again() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;
        attach_large_photo(&town, &window).await?;

        let (station, address) = town.serve_elsewhere()?;
        let line = slow_line(&town, address).await?;
        window.click_named("nav button", "Hàng đợi").await?;
        window.click_named("main button", "Gửi ngay").await?;
        wait_until_passed(&line, PHOTO_BYTES / 2).await?;
        drop(station);
        let told = "/Đường truyền trục trặc|Không có đường tới máy chủ/.test(document.body.innerText)";
        window.wait_until_true("the screen says that the line broke", told).await?;
        window.keep_screenshot("window-server-gone").await?;
        ensure!(
            window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 1 })).await.is_ok(),
            "work goes on"
        );
        let queue = window.call("sync_status", Value::Null).await?["queue"].clone();
        ensure!(queue["photos_waiting"] == 1, "{queue}");

        let before = line.bytes().0;
        let (_station, address) = town.serve_elsewhere()?;
        line.redirect(address);
        line.slow_down(None);
        wait_until_all_is_sent(&window).await?;
        let again = line.bytes().0 - before;
        ensure!(again < PHOTO_BYTES, "{again} bytes were sent once more");
        window.wait_for_text("Không có gì chờ gửi").await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}
