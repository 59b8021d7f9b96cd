//! Texts that would break a layout or a page, typed, pasted and dropped.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tungnha_tests::demo_commune::OFFICER;
use tungnha_tests::window::Driver;
use tungnha_tests::window::driver::{CONTROL, ENTER};

use crate::town::{NEWCOMER, Town, houses, unlock};

/// What a page that took text for markup would run; and signs that turn or hide what stands beside them.
const HOSTILE: &str = "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>'\"]]>%00${7*7}";

/// Nothing is wider than the window, every button that can be seen is within it, and no text became a script.
const IS_WHOLE: &str = "(() => { \
     const outside = [...document.querySelectorAll('button, input, h1')].filter((element) => { \
       const box = element.getBoundingClientRect(); \
       return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1); }); \
     return document.documentElement.scrollWidth <= innerWidth && document.body.scrollHeight <= innerHeight + 1 \
       && outside.length === 0 && !window.broken && !document.querySelector('img[src=x]'); })()";

/// Puts a text into the focused field as a paste does: at once, and told as input.
async fn paste(window: &Driver, text: &str) -> Result<()> {
    let body = "const field = document.activeElement; field.value = arguments[0]; \
         field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
    window.run_script(body, json!([text])).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn a_strange_paper_is_refused_in_words_and_the_screen_stays_whole() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(NEWCOMER).await?;
        window.wait_for_text("Ghi danh máy này").await?;
        for (label, text) in [
            ("Địa chỉ máy chủ", HOSTILE.to_owned()),
            ("Dấu vân tay của máy chủ", "A".repeat(500)),
            ("Mã ghi danh", "\u{202e}mã\u{200b}".to_owned()),
        ] {
            let field = window.wait_for_named("input", label).await?;
            window.click(&field).await?;
            paste(&window, &text).await?;
        }
        window.press(ENTER).await?;
        window.wait_for("[role=alert]").await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        window.keep_screenshot("window-strange-paper").await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn long_names_and_hostile_texts_leave_the_screen_whole_and_say_what_to_do() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;
        let (household, name) = houses(&window).await?.into_iter().next().context("a house where someone lives")?;
        // As long as a name may be, in one word and in many.
        for full_name in ["Ơ".repeat(200), "Nguyễn ".repeat(28).trim().to_owned()] {
            let person =
                json!({ "household": household, "fields": { "full_name": full_name }, "residence": "current" });
            window.call("add_person", person).await?;
        }
        let note = json!({ "entity": { "kind": "household", "id": household }, "text": HOSTILE });
        window.call("write_note", note).await?;

        window.wait_for_text(&name).await?;
        window.press("/").await?;
        let search = window.wait_for("[role=combobox]").await?;
        window.click(&search).await?;
        paste(&window, &"ơ".repeat(500)).await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        paste(&window, HOSTILE).await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        paste(&window, &"Ơ".repeat(40)).await?;
        window.wait_for_named("[role=option]", "ƠƠƠƠ").await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        window.keep_screenshot("window-long-found").await?;
        window.press(ENTER).await?;
        window.wait_for("main tbody tr").await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        window.keep_screenshot("window-long-name").await?;

        // Beyond what a name may have: refused in words, and what was typed stays.
        window.press("m").await?;
        for _ in 0..2 {
            window.click_named("tbody th button", "Tên gọi khác").await?;
        }
        let statement = window.wait_for_named("input", "Người dân khai").await?;
        window.click(&statement).await?;
        paste(&window, &"Nguyễn ".repeat(100)).await?;
        window.click_named("label", "Lời khai đúng").await?;
        window.wait_for("[role=alert]").await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        window.keep_screenshot("window-long-refused").await?;
        let typed =
            window.run_script("return document.querySelector('[data-statement] input').value.length;", json!([]));
        ensure!(typed.await?.as_u64().is_some_and(|letters| letters > 600), "what was typed stays");
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

/// What is no picture is refused in words; a picture beside its place takes nothing away.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn a_dropped_file_that_is_no_picture_is_refused_and_one_beside_its_place_changes_nothing() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        unlock(&window).await?;
        let (_, name) = houses(&window).await?.into_iter().next().context("a house where someone lives")?;
        window.wait_for_text(&name).await?;
        window.drop_file("main", "thu.html", "text/html", b"<script>window.broken=1</script>").await?;
        window.wait_for_text(&name).await?;

        window.click_named("main .row b, main .row span", &name).await?;
        window.press(ENTER).await?;
        window.wait_for_text("Bắt đầu lượt đến").await?;
        window.press("c").await?;
        window.choose("Loại giấy tờ", "Giấy tờ khác").await?;
        window.click_named("label", "Sai lệch với CSDL quốc gia").await?;
        window.drop_file(".drop", "khong-phai-anh.png", "image/png", b"%PDF-1.7 no picture").await?;
        window.wait_for_text("khong-phai-anh.png").await?;
        window.press_together(&[CONTROL, ENTER]).await?;
        window.wait_for("[role=alert]").await?;
        window.wait_until_true("the screen is whole", IS_WHOLE).await?;
        window.keep_screenshot("window-no-picture").await?;
        let status = window.call("sync_status", Value::Null).await?;
        ensure!(status["queue"]["photos_waiting"] == 0, "no photo was taken: {status}");
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}
