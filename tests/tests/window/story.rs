//! One officer's day in the window.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tungnha_tests::account::Account;
use tungnha_tests::day::station::Station;
use tungnha_tests::demo_commune::{self, DemoOptions, OFFICER, SUPERVISOR};

use crate::display::Display;
use crate::driver::{Driver, ENTER, ESCAPE};
use crate::page::PASSPHRASE_FIELD;

/// A commune of its own in a temporary folder.
struct Town {
    folder: tempfile::TempDir,
    port: u16,
}

impl Town {
    async fn make() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("tungnha-window-").tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let options = DemoOptions { folder: folder.path().join("commune"), people: 300, seed: 3, port };
        demo_commune::prepare(&options, &Account::silent()).await?;
        Ok(Self { folder, port })
    }

    fn profile(&self, of: &str) -> PathBuf {
        self.folder.path().join("commune").join(of)
    }

    /// Its server, where laptops look for it.
    fn serve(&self) -> Result<Station> {
        let mut station = Station::new(&self.profile("server"))?;
        station.serve_at(&format!("127.0.0.1:{}", self.port))?;
        Ok(station)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }
}

async fn unlock(window: &Driver) -> Result<()> {
    let field = window.wait_for(PASSPHRASE_FIELD).await?;
    window.type_into(&field, OFFICER.passphrase).await?;
    window.press(ENTER).await?;
    wait_until_locked_is(window, false).await
}

async fn wait_until_locked_is(window: &Driver, locked: bool) -> Result<()> {
    let wanted = if locked { "locked" } else { "unlocked" };
    for _ in 0..300 {
        // While the page is loaded anew nobody answers.
        if window.call("profile_status", Value::Null).await.is_ok_and(|status| status["state"] == wanted) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("the profile is not {wanted}")
}

/// Names that stand in the officer's first houses.
async fn names_in_view(window: &Driver) -> Result<Vec<String>> {
    let officer = window.call("profile_status", Value::Null).await?["profile"]["officer"].clone();
    let query = json!({ "query": { "officer": officer }, "offset": 0, "limit": 20 });
    let list = window.call("list_today", query).await?;
    let heads = list["houses"].as_array().into_iter().flatten().filter_map(|house| house["head_name"].as_str());
    Ok(heads.map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn the_window_opens_unlocks_and_leaves_nothing_on_the_page_when_it_locks() {
    let outcome = async {
        let town = Town::make().await?;
        let display = Display::start(1366, 768)?;
        let window = Driver::open(&display.name, &town.profile(OFFICER.role), &town.log("window")).await?;
        window.wait_for(PASSPHRASE_FIELD).await?;
        window.keep_screenshot("window-locked").await?;

        unlock(&window).await?;
        let names = names_in_view(&window).await?;
        ensure!(!names.is_empty(), "the officer has houses");
        window.wait_for_text(&names[0]).await?;
        window.keep_screenshot("window-today").await?;

        // The answer may be lost with the page that asked.
        let _ = window.call("lock", Value::Null).await;
        window.wait_for(PASSPHRASE_FIELD).await?;
        wait_until_locked_is(&window, true).await?;
        let page = window.source().await?;
        for name in &names {
            ensure!(!page.contains(name.as_str()), "a name is left on the page");
        }
        let info = window.call("window_info", Value::Null).await?;
        ensure!(info["locked"]["cause"] == "asked", "the page is told why: {info}");
        ensure!(window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 1 })).await.is_err());

        unlock(&window).await?;
        window.wait_for_text(&names[0]).await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn the_page_reaches_nothing_but_the_one_command() {
    let outcome = async {
        let town = Town::make().await?;
        let display = Display::start(1366, 768)?;
        let window = Driver::open(&display.name, &town.profile("newcomer"), &town.log("window")).await?;
        window.wait_for("body").await?;
        let info = window.call("window_info", Value::Null).await?;
        ensure!(info["host"] == "desktop" && info["device_secret"] == "key_file", "{info}");

        let refused = "const done = arguments[arguments.length - 1]; \
             window.__TAURI_INTERNALS__.invoke(arguments[0], {}).then(() => done('answered'), () => done('refused'));";
        for command in
            ["plugin:dialog|open", "plugin:window-state|filename", "plugin:window|close", "plugin:fs|read_dir"]
        {
            let outcome = window.run_script_until_called(refused, json!([command])).await?;
            ensure!(outcome == "refused", "{command} {outcome}");
        }
        // Someone who listens: a page that may speak to others would be heard.
        let elsewhere = TcpListener::bind("127.0.0.1:0")?;
        elsewhere.set_nonblocking(true)?;
        let address = format!("http://{}/", elsewhere.local_addr()?);
        let fetched = "const done = arguments[arguments.length - 1]; \
             fetch(arguments[0], { mode: 'no-cors' }).then(() => done('answered'), () => done('refused'));";
        ensure!(window.run_script_until_called(fetched, json!([address])).await? == "refused");
        let before = window.run_script("return location.href;", json!([])).await?;
        window.run_script("new Image().src = arguments[0]; open(arguments[0]);", json!([address])).await?;
        window.run_script("location.href = arguments[0];", json!([address])).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        ensure!(window.run_script("return location.href;", json!([])).await? == before, "the page went elsewhere");
        ensure!(elsewhere.accept().is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "someone was spoken to");
        ensure!(window.run_script("return '__TAURI__' in window;", json!([])).await? == Value::Bool(false));
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

/// Keys and the words of the screens alone, save for the correction with its photo, which the page sends as a form does.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn an_officer_finds_visits_corrects_sends_and_sees_the_answer() {
    let outcome = async {
        let town = Town::make().await?;
        let display = Display::start(1366, 768)?;
        let window = Driver::open(&display.name, &town.profile(OFFICER.role), &town.log("window")).await?;
        unlock(&window).await?;
        let names = names_in_view(&window).await?;
        window.wait_for_text(&names[0]).await?;

        window.press("/").await?;
        let search = window.wait_for("[role=combobox]").await?;
        window.type_into(&search, &without_diacritics(&names[0])).await?;
        window.wait_for("[role=option]").await?;
        window.keep_screenshot("window-found").await?;
        window.press(ESCAPE).await?;

        let row = window.wait_for_named("main *", &names[0]).await?;
        window.click(&row).await?;
        let as_listed = window.wait_for_named("button", "Mọi người đúng như sổ").await?;
        window.click(&as_listed).await?;
        window.wait_for_text("Đã ghi:").await?;
        let correction = propose_with_photo(&window).await?;

        // With no server the work is on the laptop, whatever happens to the window.
        window.call("sync", Value::Null).await.expect_err("nobody serves");
        let lock = window.wait_for("button.lock").await?;
        window.click(&lock).await?;
        window.wait_for(PASSPHRASE_FIELD).await?;
        unlock(&window).await?;
        let waiting = window.call("sync_status", Value::Null).await?;
        ensure!(waiting["queue"]["photos_waiting"] == 1, "the photo waits: {}", waiting["queue"]);

        let _station = town.serve()?;
        let queue = window.wait_for_named("nav button", "Hàng đợi").await?;
        window.click(&queue).await?;
        let send = window.wait_for_named("main button", "Gửi ngay").await?;
        window.click(&send).await?;
        wait_until_all_is_sent(&window).await?;
        window.keep_screenshot("window-sent").await?;
        approve(&town, &correction).await?;
        window.call("sync", Value::Null).await?;
        let mine = window.wait_for_named("nav button", "Đề nghị của tôi").await?;
        window.click(&mine).await?;
        window.wait_for_text("đã duyệt").await?;
        window.keep_screenshot("window-approved").await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

/// What someone types who has no Vietnamese keyboard.
fn without_diacritics(name: &str) -> String {
    domain::text::fold_search(name)
}

/// A correction of the first person of the first house where someone lives, with a photo of the paper that shows it.
async fn propose_with_photo(window: &Driver) -> Result<Value> {
    let list = window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 100 })).await?;
    let lived_in = list["houses"].as_array().into_iter().flatten().find(|house| house["head_name"].is_string());
    let household = lived_in.context("a house where someone lives")?["household"].clone();
    let house = window.call("open_household", json!({ "household": household })).await?;
    let person = house["members"][0]["person"].clone();
    let entity = json!({ "kind": "person", "id": person });
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([13, 91, 64])).write_to(&mut picture, image::ImageFormat::Png)?;
    let photo = json!({ "base64": data_encoding::BASE64.encode(&picture.into_inner()) });
    let attached = json!({ "entity": entity, "photos": [photo], "document_kind": "id_card", "reason": "discrepancy" });
    window.call("attach_photo", attached).await?;
    let proposal = json!({
        "subject": "person", "subject_id": person, "field": "other_name",
        "statement_value": "Mận", "proposed_value": "Mận", "household": household,
    });
    Ok(window.call("propose_correction", proposal).await?["proposed"]["correction"].clone())
}

async fn wait_until_all_is_sent(window: &Driver) -> Result<()> {
    let mut last = Value::Null;
    for _ in 0..300 {
        last = window.call("sync_status", Value::Null).await?["queue"].clone();
        if last["changes_waiting"] == 0 && last["photos_waiting"] == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("not everything was sent: {last}")
}

/// The supervisor's laptop, without a window.
async fn approve(town: &Town, correction: &Value) -> Result<()> {
    let supervisor = demo_commune::open_app(&town.profile(SUPERVISOR.role));
    supervisor.call("unlock", json!({ "passphrase": SUPERVISOR.passphrase })).await?;
    supervisor.call("sync", Value::Null).await?;
    supervisor.call("review_correction", json!({ "correction": correction, "decision": "approve" })).await?;
    supervisor.call("sync", Value::Null).await?;
    supervisor.close().await;
    Ok(())
}
