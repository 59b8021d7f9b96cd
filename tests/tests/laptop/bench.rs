//! A server with a small commune, and laptops that enrol at it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::case::profile::Enrol;
use app::{App, AppConfig, Pace, command};
use domain::id::{HouseholdId, OfficerId, PersonId};
use domain::role::Role;
use domain::unit::Unit;
use serde_json::{Value, json};
use server::deployment::{Deployment, InitRequest};
use server::register::{ImportRequest, import_register};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vault::{Argon2Params, KeyFileSecretStore};

pub const UNIT: &str = "25390";
pub const PASSPHRASE: &str = "con trâu vàng ăn mía ngọt";
pub const OPERATORS: [&str; 2] = ["người thứ nhất biết câu này", "người thứ hai biết câu khác"];

const COLUMNS: &str = "edition,unit_code,household_no,hamlet,alley,house_no,id_number,full_name,birth_date,sex,\
                       relationship_to_head,residence_kind,dwelling_kind,lat,lon,old_cmnd,other_name,ethnic_group,\
                       religion,nationality,blood_group,marital_status,birth_place,birth_registration_place,hometown,\
                       father_name,mother_name,spouse_name,residence_since,residence_until,permanent_address,\
                       card_issued,card_expires,eid_level,phone,death_date";

/// A commune of two hamlets.
pub fn extract(edition: &str) -> String {
    let rows = [
        "HK001,Thôn 1,Ngõ 2,12/5,070070000011,Nguyễn Văn An,15/03/1970,Nam,Chủ hộ,permanent",
        "HK001,Thôn 1,Ngõ 2,12/5,070172000012,Lê Thị Hoa,1972,Nữ,Vợ,permanent",
        "HK001,Thôn 1,Ngõ 2,12/5,070098000013,Nguyễn Văn Bình,30/02/1998,Nam,Con,permanent",
        "HK002,Thôn 1,Ngõ 2,12/10,070060000021,Y Đăm Byă,1960,Nam,Chủ hộ,permanent",
        "HK003,Thôn 2,,7,070180000031,Trần Thị Hòa,02/09/1980,Nữ,Chủ hộ,permanent",
        "HK003,Thôn 2,,7,,Trần Văn Tí,01/06/2020,Nam,Con,permanent",
    ];
    let empty = ",".repeat(COLUMNS.matches(',').count() - 11);
    let rows = rows.map(|row| format!("{edition},{UNIT},{row}{empty}\n"));
    format!("{COLUMNS}\n{}", rows.concat())
}

pub struct Server {
    pub deployment: Deployment,
    pub address: SocketAddr,
    pub folder: TempDir,
    serving: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
}

impl Server {
    /// Serves HTTPS on loopback, with the first edition imported.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = server::clock::system_clock();
        let request =
            InitRequest {
                name: "Xã thử", hosts: &[], operator_passphrases: OPERATORS, argon2: Argon2Params::STANDARD
            };
        let deployment = Deployment::init(&folder.path().join("server"), &request, clock).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Some(serve(deployment.clone(), listener));
        let server = Self { deployment, address, folder, serving };
        server.import("2026-10");
        server
    }

    /// Lets open requests finish and closes the ledger.
    pub async fn stop(&mut self) {
        let (serving, stop) = self.serving.take().unwrap();
        stop.send(()).unwrap();
        serving.await.unwrap();
    }

    /// Serves what lies in that folder, at the same address.
    pub async fn restart(&mut self, folder: &Path) {
        self.deployment = Deployment::open(folder, server::clock::system_clock()).unwrap();
        let listener = loop {
            // The address is free once the last connection of before is gone.
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        self.serving = Some(serve(self.deployment.clone(), listener));
    }

    /// What an operator does after a restore.
    pub fn begin_new_log(&self) {
        let (unit, now_ms) = (self.unit(), self.deployment.now_ms());
        let begin = |records: &mut dyn server::ledger::Records| {
            server::ingest::restored::start_new_log(records, &unit, "restored", now_ms)
        };
        self.deployment.ledger.write(server::ledger::Scope::Unit(&unit), begin).unwrap();
    }

    pub fn unit(&self) -> Unit {
        UNIT.parse().unwrap()
    }

    pub fn import(&self, edition: &str) {
        let file = self.folder.path().join(format!("{edition}.csv"));
        std::fs::write(&file, extract(edition)).unwrap();
        let reject_file = self.folder.path().join("rejected.csv");
        let request =
            ImportRequest { file: &file, unit: &self.unit(), confirm_loss: false, reject_file: &reject_file, by: None };
        import_register(&self.deployment, &request).unwrap();
        assert!(!reject_file.exists());
    }

    /// What stands on the paper for a new officer.
    pub fn paper(&self, name: &str, role: Role) -> Enrol {
        let officer = server::work::add_officer(&self.deployment, &self.unit(), name, role, None).unwrap();
        self.paper_for(officer.officer)
    }

    pub fn paper_for(&self, officer: OfficerId) -> Enrol {
        let code = server::enrol::issue_code(&self.deployment, officer, None).unwrap().code;
        Enrol {
            server: format!("https://{}", self.address),
            fingerprint: self.deployment.keys.fingerprint(false),
            code,
            passphrase: PASSPHRASE.into(),
        }
    }

    /// A laptop, enrolled and with the commune on it.
    pub async fn laptop(&self, name: &str, role: Role) -> Laptop {
        let laptop = Laptop::new();
        laptop.app.run::<command::Enrol>(self.paper(name, role)).await.unwrap();
        laptop.app.run::<command::Download>(()).await.unwrap();
        laptop
    }
}

fn serve(deployment: Deployment, listener: TcpListener) -> (JoinHandle<()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let config = server::ServeConfig::default();
        let stopped = async { drop(stopped.await) };
        server::serve(deployment, listener, config, stopped).await.unwrap();
    });
    (serving, stop)
}

pub struct Laptop {
    pub app: App,
    pub folder: TempDir,
    /// Added to the true time, milliseconds; wraps for a clock that is behind.
    pub skew: Arc<AtomicU64>,
}

impl Laptop {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let skew = Arc::new(AtomicU64::new(0));
        let app = App::new(config(folder.path().into(), skew.clone()));
        Self { app, folder, skew }
    }

    pub async fn call(&self, command: &str, params: Value) -> Value {
        self.app.call(command, params).await.unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    pub async fn refused(&self, command: &str, params: Value) -> app::error::AppError {
        self.app.call(command, params).await.unwrap_err()
    }

    /// The household of a dossier number.
    pub async fn household(&self, number: &str) -> HouseholdId {
        let list = self.call("list_today", json!({"query": {}, "offset": 0, "limit": 100})).await;
        let houses = list["houses"].as_array().unwrap();
        let house = houses.iter().find(|house| house["household_no"] == number).unwrap();
        serde_json::from_value(house["household"].clone()).unwrap()
    }

    /// The person of a name, found as people type it.
    pub async fn person(&self, text: &str) -> PersonId {
        let found = self.call("find", json!({"text": text, "limit": 10})).await;
        serde_json::from_value(found["people"][0]["person"].clone()).unwrap()
    }

    pub async fn sync(&self) -> app::syncing::SyncSummary {
        self.app.run::<command::Sync>(()).await.unwrap()
    }
}

fn config(folder: PathBuf, skew: Arc<AtomicU64>) -> AppConfig {
    let secrets = KeyFileSecretStore::new(folder.join("secrets"));
    let clock = move || true_ms().wrapping_add(skew.load(Ordering::Relaxed));
    let config = AppConfig::new(folder.join("profile"), Arc::new(secrets), Arc::new(clock));
    AppConfig { pace: Pace { failures_in_a_row: 40, wait_percent: 1 }, ..config }
}

pub fn true_ms() -> u64 {
    app::clock::Clock::now_ms(&app::clock::SystemClock)
}

/// The smallest PNG there is.
pub fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
