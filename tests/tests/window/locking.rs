//! Locking that nobody asked for: for idleness, and after sleep.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tungnha_tests::demo_commune::OFFICER;
use tungnha_tests::window::driver::ENTER;
use tungnha_tests::window::process::{stand_still, windows_on};

use crate::lines::{PHOTO_BYTES, attach_large_photo, slow_line, wait_until_passed};
use crate::town::{
    PASSPHRASE_FIELD, Town, houses, unlock, wait_until_all_is_sent, wait_until_locked_is, wait_until_locked_within,
};

/// Types on without a pause and without a key, so that nobody seems to be there: a draft, which is written when the
/// typing rests, is not written.
const TYPE_ON: &str = "const [note] = document.querySelectorAll('[data-note] textarea'); let letters = 0; \
     setInterval(() => { letters += 1; note.value = `gõ dở ${letters}`; \
       note.dispatchEvent(new Event('input', { bubbles: true })); }, 100);";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn what_is_being_typed_when_the_window_locks_for_idleness_is_kept() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;
        let mut settings = window.call("get_settings", Value::Null).await?;
        settings["idle_minutes"] = 1.into();
        window.call("set_settings", settings).await?;
        let (_, name) = houses(&window).await?.into_iter().next().context("a house where someone lives")?;
        let begin = async || {
            window.click_named("main .row b, main .row span", &name).await?;
            window.press(ENTER).await?;
            window.wait_for("main tbody tr").await.map(drop)
        };
        window.wait_for_text(&name).await?;
        begin().await?;
        window.press(ENTER).await?;
        window.wait_for("[data-note] textarea").await?;
        window.run_script(TYPE_ON, json!([])).await?;

        wait_until_locked_within(&window, true, Duration::from_secs(90)).await?;
        window.wait_for(PASSPHRASE_FIELD).await?;
        window.wait_for_text("Máy đã tự khóa vì không có ai dùng").await?;
        window.keep_screenshot("window-idle").await?;
        unlock(&window).await?;
        window.wait_for_text(&name).await?;
        begin().await?;
        window.wait_for_text("Lượt đến đang ghi dở được giữ nguyên").await?;
        let kept = window.run_script("return document.querySelector('[data-note] textarea').value;", json!([])).await?;
        ensure!(kept.as_str().is_some_and(|text| text.starts_with("gõ dở ")), "kept: {kept}");
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn a_laptop_that_sleeps_in_mid_upload_locks_and_sends_the_rest_when_it_is_open_again() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;
        attach_large_photo(&town, &window).await?;
        let (_station, address) = town.serve_elsewhere()?;
        let line = slow_line(&town, address).await?;
        window.click_named("nav button", "Hàng đợi").await?;
        window.click_named("main button", "Gửi ngay").await?;
        wait_until_passed(&line, PHOTO_BYTES / 3).await?;

        let running = windows_on(&town.profile(OFFICER.role))?;
        let [process] = running[..] else { anyhow::bail!("one window runs: {running:?}") };
        stand_still(process, true)?;
        tokio::time::sleep(Duration::from_secs(40)).await;
        let slept = line.bytes().0;
        stand_still(process, false)?;

        wait_until_locked_is(&window, true).await?;
        window.wait_for_text("Máy đã khóa khi ngủ").await?;
        window.keep_screenshot("window-slept").await?;
        line.slow_down(None);
        unlock(&window).await?;
        // Nobody asks for it: it goes on by itself.
        wait_until_all_is_sent(&window).await?;
        let again = line.bytes().0 - slept;
        ensure!(again < PHOTO_BYTES, "{again} bytes were sent once more");
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}
