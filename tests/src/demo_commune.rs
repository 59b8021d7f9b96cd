//! A made-up commune to try the window on: a server's data folder, an officer and a supervisor whose laptops are
//! enrolled and hold the commune, and the paper of a third who has no laptop yet. Made once, by the operator's own
//! commands and the product's own; then it stays, with everything that is done in it.
//!
//! ```text
//! DIR/server/data          the ledger and its keys
//! DIR/officer, supervisor  profile/ and secrets/, as the window and the loopback host read them
//! DIR/newcomer.json        an enrolment file for a laptop that is not enrolled
//! DIR/extract.csv          the register extract that was imported; DIR/truth.json what is wrong in it
//! ```

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use app::case::profile::Enrol;
use app::clock::{Clock, SystemClock};
use app::{App, AppConfig, command};
use jiff::ToSpan;
use synth::Commune;
use vault::KeyFileSecretStore;

use crate::account::{Account, thousands};
use crate::day::station::Station;
use crate::day::{path, text};

/// Someone of the commune's police whose laptop is made ready.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Also the name of the folder.
    pub role: &'static str,
    pub name: &'static str,
    /// Plain letters, so that it can be typed on any keyboard.
    pub passphrase: &'static str,
}

pub const OFFICER: Person =
    Person { role: "officer", name: "Nguyễn Văn Bình", passphrase: "hai con trau qua suoi can" };
pub const SUPERVISOR: Person =
    Person { role: "supervisor", name: "Lê Quốc Dũng", passphrase: "mot canh buom nau xa khoi" };
/// Enrols by hand, whoever tries it.
pub const NEWCOMER: &str = "Trần Thị Hạnh";

/// The enrolment file of the newcomer.
pub const NEWCOMER_FILE: &str = "newcomer.json";

/// Houses are due in so many days.
const DUE_DAYS: i32 = 14;

/// Which commune, and where.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    pub folder: PathBuf,
    pub people: usize,
    pub seed: u64,
    /// Where the server will serve, now and later: laptops keep the address.
    pub port: u16,
}

/// Whether the folder holds a commune that was made to its end.
pub fn is_there(folder: &Path) -> bool {
    folder.join(NEWCOMER_FILE).is_file()
}

/// Makes the commune. What an earlier try left unfinished is removed.
///
/// # Errors
/// Any part's; the port is taken.
pub async fn prepare(options: &DemoOptions, account: &Account) -> Result<()> {
    let making = options.folder.with_extension("making");
    if making.exists() {
        fs::remove_dir_all(&making).context("removing what an earlier try left")?;
    }
    fs::create_dir_all(&making)?;
    account.phase("commune", &format!("A made-up commune of {} people", thousands(options.people as u64)));
    let commune = synth::commune(options.seed, options.people, synth::DEFAULT_UNIT)?;
    let extract = making.join("extract.csv");
    synth::write_extract(&commune, BufWriter::new(File::create(&extract)?))?;
    synth::write_truth(&commune, BufWriter::new(File::create(making.join("truth.json"))?))?;
    account.phase("server", "Its server takes the register in");
    let server = making.join("server");
    fs::create_dir(&server)?;
    let mut station = Station::new(&server)?;
    station.run(&["init", "--name", "Công an tỉnh Đồng Nai"])?;
    station.run(&["import-register", path(&extract)?, "--unit", &commune.unit.code])?;
    let officers = [
        add_officer(&station, &commune, OFFICER.name, "officer")?,
        add_officer(&station, &commune, SUPERVISOR.name, "supervisor")?,
    ];
    let newcomer = add_officer(&station, &commune, NEWCOMER, "officer")?;
    hand_out_hamlet(&station, &commune, &officers[0])?;
    let address = station.serve_at(&format!("127.0.0.1:{}", options.port))?;
    let server_url = format!("https://{address}");
    account.phase("laptops", "An officer's and a supervisor's laptop enrol and download the commune");
    for (person, officer) in [OFFICER, SUPERVISOR].iter().zip(&officers) {
        let paper = station.run(&["enrol-code", "--officer", officer, "--server-url", &server_url])?;
        let app = open_app(&making.join(person.role));
        app.run::<command::Enrol>(Enrol {
            server: server_url.clone(),
            fingerprint: text(&paper, "fingerprint")?,
            code: text(&paper, "code")?,
            passphrase: person.passphrase.into(),
        })
        .await?;
        app.run::<command::Download>(()).await?;
        app.close().await;
    }
    let paper = making.join(NEWCOMER_FILE);
    station.run(&["enrol-code", "--officer", &newcomer, "--server-url", &server_url, "--out", path(&paper)?])?;
    station.stop()?;
    fs::rename(&making, &options.folder).context("the commune is made and its folder cannot be put in its place")
}

/// The application over a laptop's folder, as the loopback host opens it.
pub fn open_app(folder: &Path) -> App {
    let secrets = KeyFileSecretStore::new(folder.join("secrets"));
    App::new(AppConfig::new(folder.join("profile"), Arc::new(secrets), Arc::new(SystemClock)))
}

fn add_officer(station: &Station, commune: &Commune, name: &str, role: &str) -> Result<String> {
    let unit = commune.unit.code.as_str();
    text(&station.run(&["officer", "add", "--unit", unit, "--name", name, "--role", role])?, "officer")
}

/// The officer answers for the first hamlet, and all of its houses are his to visit.
fn hand_out_hamlet(station: &Station, commune: &Commune, officer: &str) -> Result<()> {
    let hamlet = commune.hamlets.first().context("a commune has hamlets")?.name.as_str();
    let due = SystemClock.today().checked_add(DUE_DAYS.days())?.strftime("%d/%m/%Y").to_string();
    station.run(&["area", "set", "--officer", officer, "--part", hamlet])?;
    let unit = commune.unit.code.as_str();
    station.run(&["assign", "--unit", unit, "--officer", officer, "--hamlet", hamlet, "--due", &due])?;
    Ok(())
}
