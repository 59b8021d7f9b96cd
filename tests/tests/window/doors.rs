//! What the page may reach, and what is left of it when the profile is locked.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tungnha_tests::demo_commune::OFFICER;

use crate::town::{NEWCOMER, PASSPHRASE_FIELD, Town, houses, unlock, wait_until_locked_is};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn the_window_opens_unlocks_and_leaves_nothing_on_the_page_when_it_locks() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(OFFICER.role).await?;
        window.wait_for(PASSPHRASE_FIELD).await?;
        window.keep_screenshot("window-locked").await?;

        unlock(&window).await?;
        let houses = houses(&window).await?;
        let (_, first) = houses.first().context("the officer has houses")?;
        window.wait_for_text(first).await?;
        window.keep_screenshot("window-today").await?;

        // The answer may be lost with the page that asked.
        let _ = window.call("lock", Value::Null).await;
        window.wait_for(PASSPHRASE_FIELD).await?;
        wait_until_locked_is(&window, true).await?;
        let page = window.source().await?;
        for (_, name) in &houses {
            ensure!(!page.contains(name.as_str()), "a name is left on the page");
        }
        let info = window.call("window_info", Value::Null).await?;
        ensure!(info["locked"]["cause"] == "asked", "the page is told why: {info}");
        ensure!(window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 1 })).await.is_err());

        unlock(&window).await?;
        window.wait_for_text(first).await?;
        window.close().await
    };
    outcome.await.context("the story broke off").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display and its drivers: cargo xtask test"]
async fn the_page_reaches_nothing_but_the_one_command() {
    let outcome = async {
        let town = Town::make().await?;
        let window = town.open(NEWCOMER).await?;
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
