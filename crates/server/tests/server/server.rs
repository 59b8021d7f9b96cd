//! A server under test, on port 0 of loopback, with a clock that the test sets.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::OfficerId;
use domain::role::Role;
use domain::unit::Unit;
use reqwest::{Client, Method, StatusCode};
use sync::message::Problem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tungnha_server::ServeConfig;
use tungnha_server::clock::Clock;
use tungnha_server::deployment::{Deployment, InitRequest};
use tungnha_server::enrol::issue_code;
use tungnha_server::work::add_officer;

use crate::device::TestDevice;

pub const NOW_MS: u64 = 1_795_000_000_000;
pub const OPERATORS: [&str; 2] = ["passphrase of the first", "passphrase of the second"];

pub fn unit() -> Unit {
    Unit::of_2025("25390")
}

pub struct TestServer {
    pub folder: TempDir,
    pub deployment: Deployment,
    pub url: String,
    pub client: Client,
    pub now_ms: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn problem(&self) -> Problem {
        sync::codec::decode(&self.body).unwrap_or_else(|_| panic!("{} is no problem", self.status))
    }

    /// `403 device_revoked`, or `200` alone.
    pub fn short(&self) -> String {
        let status = self.status.as_u16();
        if self.status.is_success() { status.to_string() } else { format!("{status} {}", self.problem().code) }
    }
}

impl TestServer {
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let argon2 = vault::Argon2Floor::weak().params();
        let request =
            InitRequest { name: "Thử", hosts: &["xa.example".into()], operator_passphrases: OPERATORS, argon2 };
        let deployment = Deployment::init(folder.path(), &request, clock(&now_ms)).unwrap();
        let mut server =
            Self { folder, deployment, url: String::new(), client: plain_client(), now_ms, stop: None, serving: None };
        server.serve().await;
        server
    }

    async fn serve(&mut self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let config = ServeConfig { plain_http: true, ..ServeConfig::default() };
        let deployment = self.deployment.clone();
        self.stop = Some(stop);
        self.serving = Some(tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            tungnha_server::serve(deployment, listener, config, stopped).await.unwrap();
        }));
    }

    /// Stops as at SIGTERM and waits until it has.
    pub async fn stop(&mut self) {
        // Idle connections of ours would be waited for.
        self.client = plain_client();
        drop(self.stop.take());
        self.serving.take().unwrap().await.unwrap();
    }

    /// Stops, opens the ledger anew from its files, and serves again on another port.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.reopen();
        self.serve().await;
    }

    fn reopen(&mut self) {
        self.deployment = Deployment::open(self.folder.path(), clock(&self.now_ms)).unwrap();
    }

    /// Copies the data folder, as a backup at rest.
    pub async fn back_up(&mut self) -> TempDir {
        self.stop().await;
        self.deployment.ledger.forget_deleted().unwrap();
        let backup = TempDir::new().unwrap();
        copy_files(self.folder.path(), backup.path());
        self.reopen();
        self.serve().await;
        backup
    }

    /// Puts a backup in the place of the data folder.
    pub async fn restore(&mut self, backup: &TempDir) {
        self.stop().await;
        let fresh = TempDir::new().unwrap();
        copy_files(backup.path(), fresh.path());
        self.folder = fresh;
        self.reopen();
        self.serve().await;
    }

    pub fn set_now(&self, now_ms: u64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }

    pub fn officer(&self, unit: &Unit, role: Role) -> OfficerId {
        add_officer(&self.deployment, unit, "Nguyễn Văn Minh", role, None).unwrap().officer
    }

    pub fn code(&self, officer: OfficerId) -> String {
        issue_code(&self.deployment, officer, None).unwrap().code
    }

    /// An enrolled device of a new officer.
    pub async fn device(&self, role: Role) -> TestDevice {
        self.device_in(&unit(), role).await
    }

    pub async fn device_in(&self, unit: &Unit, role: Role) -> TestDevice {
        let code = self.code(self.officer(unit, role));
        let mut device = TestDevice::new(unit);
        assert_eq!(device.enrol(self, &code).await.short(), "200");
        device
    }

    pub async fn send(&self, method: Method, path: &str, token: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        self.send(Method::POST, path, None, body).await
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.send(Method::GET, path, token, Vec::new()).await
    }
}

pub async fn read(response: reqwest::Response) -> Answer {
    let status = response.status();
    let header = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    Answer { status, content_type: header.unwrap_or_default(), body: response.bytes().await.unwrap().into() }
}

pub fn clock(now_ms: &Arc<AtomicU64>) -> Clock {
    let now_ms = now_ms.clone();
    Arc::new(move || now_ms.load(Ordering::Relaxed))
}

fn plain_client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_backend_preconfigured(no_roots()).build().unwrap()
}

fn no_roots() -> rustls::ClientConfig {
    rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
