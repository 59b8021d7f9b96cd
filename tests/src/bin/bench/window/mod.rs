//! What a person waits for in the real window: a release build on 150,000 people, driven on a display that nobody sees.
//!
//! The page tells the time itself, from the input to the second frame after the result is in the document. Beside it
//! stands a letter that is drawn with nothing behind it, measured the same way in the same window: that much of each
//! figure is the engine's own waiting for frames, without a graphics card.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Value, json};
use tungnha_tests::account::Account;
use tungnha_tests::demo_commune::{self, DemoOptions, OFFICER};
use tungnha_tests::report::{Report, median, percentile};
use tungnha_tests::window::driver::ESCAPE;
use tungnha_tests::window::process::{memory_mb, windows_on, with_children};
use tungnha_tests::window::{Display, Driver, Opening};

/// How many people the commune has for which the goals are.
const PEOPLE: usize = 150_000;

/// Rows of the longest list that a hamlet's officer walks.
const HOUSES: u32 = 8_500;

/// Rows that go by in one frame: a list that is dragged fast.
const ROWS_A_FRAME: u32 = 4;

const PAGE: &str = include_str!("page.js");

#[derive(Args)]
pub struct Measure {
    /// Also write the rows to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// The window's program, a release build
    #[arg(long)]
    window: PathBuf,
    /// The built screens
    #[arg(long)]
    ui: PathBuf,
    /// Where the commune lies; made where it is not there
    #[arg(long)]
    data: PathBuf,
    /// People in the commune; the goals are for 150,000
    #[arg(long, default_value_t = PEOPLE)]
    people: usize,
}

pub fn measure(options: &Measure) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure_window(options))
}

async fn measure_window(options: &Measure) -> Result<()> {
    if !demo_commune::is_there(&options.data) {
        crate::say(&format!("A commune of {} people (some minutes, once)", options.people))?;
        let commune = DemoOptions { folder: options.data.clone(), people: options.people, seed: 1, port: 47_449 };
        demo_commune::prepare(&commune, &Account::silent()).await?;
    }
    let mut report = Report::default();
    report.at_most("screens, gzipped without fonts", bundle_kb(&options.ui)?, "KB", 300.0);

    let display = Display::start(1366, 768)?;
    let profile = options.data.join(OFFICER.role);
    let log = options.data.join("bench-window.log");
    let opening = Opening { program: &options.window, display: &display.name, bus: None, profile: &profile, log: &log };
    let mut starts = Vec::new();
    for _ in 0..3 {
        let window = Driver::open(opening).await?;
        starts.push(start_s(&window, &profile).await?);
        window.close().await?;
    }
    report.tell("start to the unlock screen, median", median(&starts), "s");

    let window = Driver::open(opening).await?;
    window.allow_scripts(Duration::from_secs(600)).await?;
    let result = measure_open(&window, &profile, &mut report).await;
    window.close().await?;
    result?;

    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&report)?).context("the rows could not be written")?;
    }
    crate::tell(&report)
}

async fn measure_open(window: &Driver, profile: &Path, report: &mut Report) -> Result<()> {
    crate::say("Unlocking")?;
    unlocking(window, report).await?;

    crate::say("Typing and opening houses")?;
    let bare = numbers(&in_page(window, "bench.bare(200)").await?)?;
    let names = names(window).await?;
    let typed = in_page(window, &format!("bench.type({})", json!(names[..20.min(names.len())]))).await?;
    let letters = numbers(&typed["took"])?;
    report.ratio("a letter to painted results, median", median(&letters), "ms", median(&bare));
    report.at_most("95 in 100 letters", percentile(&letters, 95.0), "ms", 50.0);
    report.tell("letters typed", letters.len() as f64, "letters");
    report.tell("texts that found nobody", typed["missed"].as_f64().unwrap_or(f64::NAN), "texts");

    let opened = numbers(&in_page(window, &format!("bench.open({})", json!(names))).await?)?;
    report.ratio("a household opened and painted, median", median(&opened), "ms", median(&bare));
    report.at_most("95 in 100 households", percentile(&opened, 95.0), "ms", 60.0);
    report.tell("households opened", opened.len() as f64, "houses");

    crate::say("Scrolling")?;
    window.click_named("nav button", "Hôm nay").await?;
    window.wait_for("main .list .row b").await?;
    window.press("l").await?;
    window.click_named("label", "Cả đơn vị").await?;
    window.press(ESCAPE).await?;
    window.wait_until_true("every house is listed", "!document.querySelector('[role=dialog]')").await?;
    let idle = numbers(&in_page(window, "bench.frames(300)").await?)?;
    let scrolled = in_page(window, &format!("bench.scroll({HOUSES}, {ROWS_A_FRAME})")).await?;
    let frames = numbers(&scrolled["took"])?;
    report.at_most("rows not drawn while scrolling 8,500 houses", number(&scrolled["dropped"])?, "rows", 0.0);
    report.tell("rows drawn", number(&scrolled["drawn"])?, "rows");
    report.tell("rows of the list", number(&scrolled["count"])?, "rows");
    report.ratio("a frame while scrolling, median", median(&frames), "ms", median(&idle));
    report.ratio("95 in 100 frames", percentile(&frames, 95.0), "ms", percentile(&idle, 95.0));

    let running = windows_on(profile)?;
    let [process] = running[..] else { bail!("one window runs: {running:?}") };
    let all = with_children(process)?;
    report.tell("memory of window and web processes together", memory_mb(&all)?, "MB");
    report.tell("of it the window's own process", memory_mb(&[process])?, "MB");
    Ok(())
}

/// Wrong passphrases cost the key derivation and nothing after it; right ones the same and the opening. Three times, each
/// from a page that was loaded anew.
async fn unlocking(window: &Driver, report: &mut Report) -> Result<()> {
    let (mut derivations, mut openings) = (Vec::new(), Vec::new());
    for round in 0..3 {
        window.wait_for("input[type=password]").await?;
        wait_until_locked(window).await?;
        let wrong = in_page(window, "bench.unlock('mot hai ba bon nam', false)").await?;
        let right = in_page(window, &format!("bench.unlock({}, true)", json!(OFFICER.passphrase))).await?;
        derivations.push(number(&wrong)?);
        openings.push(number(&right)? - number(&wrong)?);
        if round < 2 {
            let _ = window.call("lock", Value::Null).await;
        }
    }
    report.tell("a wrong passphrase: key derivation alone, median", median(&derivations), "ms");
    report.tell("unlock to the list of houses, derivation apart, median", median(&openings), "ms");
    report.at_most("slowest of three", percentile(&openings, 100.0), "ms", 500.0);
    Ok(())
}

async fn wait_until_locked(window: &Driver) -> Result<()> {
    for _ in 0..300 {
        if window.call("profile_status", Value::Null).await.is_ok_and(|status| status["state"] == "locked") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the profile is not locked")
}

/// Runs something of the page's own script, which is put there where it is not.
async fn in_page(window: &Driver, expression: &str) -> Result<Value> {
    if window.run_script("return Boolean(window.bench);", json!([])).await? != Value::Bool(true) {
        window.run_script(PAGE, json!([])).await?;
    }
    let body = format!(
        "const done = arguments[arguments.length - 1]; \
         ({expression}).then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
    );
    let mut answer = window.run_script_until_called(&body, json!([])).await?;
    if let Some(error) = answer.get("error") {
        bail!("{expression:.60}: {error}");
    }
    Ok(answer["value"].take())
}

/// Heads of houses all over the commune, as one types them without a Vietnamese keyboard, each with its number of house,
/// so that few share the words.
async fn names(window: &Driver) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let all = window.call("list_today", json!({ "query": {}, "offset": 0, "limit": 0 })).await?;
    let houses = all["progress"]["houses"].as_u64().context("a commune has houses")?;
    for at in 0..60 {
        let asked = json!({ "query": {}, "offset": houses * at / 60, "limit": 20 });
        let list = window.call("list_today", asked).await?;
        let heads = list["houses"].as_array().into_iter().flatten();
        names.extend(heads.filter_map(|house| house["head_name"].as_str()).take(1).map(domain::text::fold_search));
    }
    ensure!(names.len() > 30, "few houses have a head");
    Ok(names)
}

/// From the start of the process to the first thing painted, which is the unlock screen.
async fn start_s(window: &Driver, profile: &Path) -> Result<f64> {
    window.wait_for("input[type=password]").await?;
    let body = "const paint = performance.getEntriesByName('first-contentful-paint')[0]; \
         return paint ? performance.timeOrigin + paint.startTime : 0;";
    let painted_ms = number(&window.run_script(body, json!([])).await?)?;
    ensure!(painted_ms > 0.0, "the engine does not say when it painted");
    let running = windows_on(profile)?;
    let [process] = running[..] else { bail!("one window runs: {running:?}") };
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // After the name in brackets the start, in hundredths of a second since the machine started, is the 20th word.
    let began = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19)).context("a start")?;
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split_whitespace().next().context("an uptime")?.parse()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    let began = now - uptime + began.parse::<f64>()? / 100.0;
    Ok(painted_ms / 1000.0 - began)
}

/// Page, scripts and styles as they would travel.
fn bundle_kb(ui: &Path) -> Result<f64> {
    let mut files = vec![ui.join("index.html")];
    for entry in std::fs::read_dir(ui.join("assets")).context("the screens are not built")? {
        let path = entry?.path();
        let is_counted = path.extension().is_some_and(|extension| extension == "js" || extension == "css");
        files.extend(is_counted.then_some(path));
    }
    let mut bytes = 0;
    for file in files {
        let output = Command::new("gzip").args(["-9", "-c"]).arg(&file).stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "gzip refused {}", file.display());
        bytes += output.stdout.len();
    }
    Ok(bytes as f64 / 1024.0)
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("no number: {value}"))
}

fn numbers(values: &Value) -> Result<Vec<f64>> {
    values.as_array().context("a list of numbers")?.iter().map(number).collect()
}
