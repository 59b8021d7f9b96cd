//! From a laptop that nobody has to an answered correction: everything that a person does is done with the page's own
//! fields, keys and buttons.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tungnha_tests::window::Driver;
use tungnha_tests::window::driver::{ALT, CONTROL, ENTER};

use crate::town::{
    NEWCOMER, PASSPHRASE_FIELD, Town, houses, picture, unlock_with, wait_until_all_is_sent, wait_until_locked_is,
};

const PASSPHRASE: &str = "con trau trang di qua cau tre";
const VALUE: &str = "0912345678";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn an_officer_enrols_visits_corrects_locks_sends_and_sees_the_answer() {
    let outcome = async {
        let town = Town::make().await?;
        let mut station = town.serve()?;
        let window = town.open(NEWCOMER).await?;
        enrol(&window, &town.paper()?).await?;
        window.wait_for_text("Chưa có nhà nào được giao cho bạn").await?;
        window.keep_screenshot("window-3-enrolled").await?;
        let (_, name) = houses(&window).await?.into_iter().next().context("a house where someone lives")?;

        // A day without a line.
        station.stop()?;
        find(&window, &name).await?;
        visit_and_correct(&window).await?;
        let waiting = window.call("sync_status", Value::Null).await?["queue"].clone();
        ensure!(waiting["photos_waiting"] == 1, "the photo waits: {waiting}");
        lock_leaves_nothing(&window, &name).await?;
        unlock_with(&window, PASSPHRASE).await?;
        window.wait_for_text("Chưa có nhà nào được giao cho bạn").await?;

        // The line is back.
        let _station = town.serve()?;
        send(&window).await?;
        window.keep_screenshot("window-8-sent").await?;
        ensure!(town.approve_all().await? == 1, "one correction waited");
        send(&window).await?;
        window.click_named("nav button", "Đề nghị của tôi").await?;
        window.wait_for_text("đã duyệt").await?;
        window.wait_for_text(VALUE).await?;
        window.keep_screenshot("window-9-approved").await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

/// Types what stands on the paper, holds the fingerprints together, sets a passphrase, and waits for the commune.
async fn enrol(window: &Driver, paper: &Value) -> Result<()> {
    window.wait_for_text("Ghi danh máy này").await?;
    for (label, key) in
        [("Địa chỉ máy chủ", "server"), ("Dấu vân tay của máy chủ", "fingerprint"), ("Mã ghi danh", "code")]
    {
        window.fill(label, paper[key].as_str().context("a paper has three lines")?).await?;
    }
    window.keep_screenshot("window-1-paper").await?;
    window.press(ENTER).await?;
    window.wait_for_text("Có đúng là máy chủ này không?").await?;
    window.keep_screenshot("window-2-server").await?;
    window.press("g").await?;
    window.wait_for_text("Đặt mật khẩu mở máy").await?;
    window.fill("Mật khẩu", PASSPHRASE).await?;
    window.fill("Nhập lại", PASSPHRASE).await?;
    window
        .wait_until_true(
            "a passphrase that is taken",
            "document.querySelector('button.primary').ariaDisabled === 'false'",
        )
        .await?;
    window.press(ENTER).await?;
    wait_until_locked_is(window, false).await
}

/// Finds someone as one types who has no Vietnamese keyboard, and opens the house.
async fn find(window: &Driver, name: &str) -> Result<()> {
    window.press("/").await?;
    let search = window.wait_for("[role=combobox]").await?;
    window.type_into(&search, &domain::text::fold_search(name)).await?;
    window.wait_for_named("[role=option]", name).await?;
    window.keep_screenshot("window-4-found").await?;
    window.press(ENTER).await?;
    window.wait_for_text("Bắt đầu lượt đến").await
}

/// A visit by its keys, with a telephone number that the paper shows, and the paper's photo.
async fn visit_and_correct(window: &Driver) -> Result<()> {
    window.press(ENTER).await?;
    window.wait_for("section.visit").await?;
    window.press("1a").await?;
    window.wait_until_true("somebody is met", "/Đã gặp [1-9]/.test(document.body.innerText)").await?;
    window.press("m").await?;
    for _ in 0..2 {
        window.click_named("tbody th button", "Số điện thoại").await?;
    }
    window.wait_for_text("Đề nghị sửa: Số điện thoại").await?;
    window.fill("Giấy tờ ghi", VALUE).await?;
    window.choose("Loại giấy tờ", "Giấy tờ khác").await?;
    window.click_named("button", "Thêm ảnh").await?;
    window.wait_for(".drop").await?;
    window.click_named("label", "Sai lệch với CSDL quốc gia").await?;
    window.drop_file(".drop", "giay-to.png", "image/png", &picture(200)?).await?;
    window.wait_for_text("giay-to.png").await?;
    window.keep_screenshot("window-5-photo").await?;
    window.press_together(&[ALT, "s"]).await?;
    window.wait_for_text("Đã lưu ảnh").await?;
    window.press_together(&[CONTROL, ENTER]).await?;
    window.wait_for_text("1 mục sửa sẽ lưu cùng lượt đến").await?;
    window.keep_screenshot("window-6-visit").await?;
    window.press_together(&[CONTROL, ENTER]).await?;
    window.wait_for_text("Đã ghi lượt đến").await
}

/// Ctrl L: the page that comes holds nothing of anyone, and nothing answers any more.
async fn lock_leaves_nothing(window: &Driver, name: &str) -> Result<()> {
    window.press_together(&[CONTROL, "l"]).await?;
    window.wait_for(PASSPHRASE_FIELD).await?;
    wait_until_locked_is(window, true).await?;
    let page = window.source().await?;
    ensure!(!page.contains(name) && !page.contains(VALUE), "something of a household is left on the page");
    let asked = window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 1 })).await;
    ensure!(asked.is_err(), "a locked profile answered");
    window.keep_screenshot("window-7-locked").await
}

async fn send(window: &Driver) -> Result<()> {
    window.click_named("nav button", "Hàng đợi").await?;
    window.click_named("main button", "Gửi ngay").await?;
    wait_until_all_is_sent(window).await?;
    window.wait_for_text("Đồng bộ xong").await?;
    window.wait_for_text("Không có gì chờ gửi").await
}
