//! A server as a test has it: its data folder, the operator's work on it, and the real HTTPS service in this process, on
//! a free port. It can be stopped, started, copied and set back to an older copy.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::id::{OfficerId, PersonId};
use domain::role::Role;
use domain::unit::Unit;
use server::deployment::{Deployment, InitRequest};
use server::ledger::EmbeddedLedger;
use server::register::{ImportReport, ImportRequest};
use server::{ServeConfig, enrol, erase, register, work};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vault::{DeviceSecretStore, KeyFileSecretStore, MasterKey};

use crate::laptop::{Paper, TestClock};
use crate::replica::{Replica, copy_folder};

/// The two operators' passphrases.
pub const OPERATORS: [&str; 2] = ["mười hai bến nước trong 1954", "một cánh buồm nâu xa khơi 1960"];

/// One server and its operator.
pub struct ServerRoom {
    pub clock: TestClock,
    pub unit: Unit,
    folder: PathBuf,
    plain_http: bool,
    /// `None` while the data folder is being copied or set back.
    deployment: Option<Deployment>,
    serving: Option<Serving>,
}

struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<server::error::Result<()>>,
}

impl ServerRoom {
    /// A new server with its data below `folder`, for one unit; it does not serve yet.
    ///
    /// # Errors
    /// What `init` answers.
    pub fn init(folder: &Path, unit: &str, plain_http: bool) -> Result<Self> {
        let clock = TestClock::default();
        let request = InitRequest {
            name: "Công an tỉnh",
            hosts: &[],
            operator_passphrases: OPERATORS,
            argon2: vault::Argon2Floor::weak().params(),
        };
        let deployment = Deployment::init(folder, &request, server_clock(&clock))?;
        let unit = Unit::of_2025(unit);
        Ok(Self { clock, unit, folder: folder.to_owned(), plain_http, deployment: Some(deployment), serving: None })
    }

    /// The opened installation.
    ///
    /// # Panics
    /// While the folder is being copied: the test's own fault.
    pub fn deployment(&self) -> &Deployment {
        self.deployment.as_ref().expect("the server is not being copied")
    }

    /// Serves on a free port.
    ///
    /// # Errors
    /// No port; a certificate that cannot be made.
    pub async fn start(&mut self) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let config = ServeConfig { plain_http: self.plain_http, ..ServeConfig::default() };
        let serving = server::serve(self.deployment().clone(), listener, config, async {
            let _ = stopped.await;
        });
        self.serving = Some(Serving { address, stop, task: tokio::spawn(serving) });
        Ok(address)
    }

    /// Where it serves.
    ///
    /// # Panics
    /// While it does not: the test's own fault.
    pub fn address(&self) -> SocketAddr {
        self.serving.as_ref().expect("the server serves").address
    }

    /// Whether laptops speak to it over TLS.
    pub fn is_https(&self) -> bool {
        !self.plain_http
    }

    /// Stops serving, requests that are open end first, and closes the files.
    ///
    /// # Errors
    /// What the service ended with.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(Serving { stop, task, .. }) = self.serving.take() {
            let _ = stop.send(());
            task.await??;
        }
        self.deployment = None;
        Ok(())
    }

    /// Opens the files again and serves, on another port.
    ///
    /// # Errors
    /// As for opening and [`Self::start`].
    pub async fn restart(&mut self) -> Result<SocketAddr> {
        self.stop().await?;
        self.open()?;
        self.start().await
    }

    /// Opens the files again and serves from a ledger that may grow by so many pages and no more: a disk that is almost
    /// full. The next opening lifts it.
    ///
    /// # Errors
    /// As for opening and [`Self::start`].
    pub async fn restart_with_room_for(&mut self, pages: u32) -> Result<SocketAddr> {
        self.stop().await?;
        let mut deployment = Deployment::open(&self.folder, server_clock(&self.clock))?;
        let ledger =
            EmbeddedLedger::open(&deployment.ledger_file(), master_of(&self.folder)?.database_key("ledger"), false)?;
        ledger.limit_pages(pages)?;
        deployment.ledger = std::sync::Arc::new(ledger);
        self.deployment = Some(deployment);
        self.start().await
    }

    /// Opens the files without serving.
    ///
    /// # Errors
    /// What the deployment answers.
    pub fn open(&mut self) -> Result<()> {
        self.deployment = Some(Deployment::open(&self.folder, server_clock(&self.clock))?);
        Ok(())
    }

    /// Stops, copies the data folder, and serves again.
    ///
    /// # Errors
    /// Files that cannot be copied.
    pub async fn back_up_to(&mut self, folder: &Path) -> Result<SocketAddr> {
        self.stop().await?;
        copy_folder(&self.folder, folder)?;
        self.restart().await
    }

    /// Stops, puts an older copy in the place of the data folder, and serves again.
    ///
    /// # Errors
    /// Files that cannot be copied.
    pub async fn restore_from(&mut self, folder: &Path) -> Result<SocketAddr> {
        self.stop().await?;
        copy_folder(folder, &self.folder)?;
        self.restart().await
    }

    /// Takes in an extract, which has to be published.
    ///
    /// # Errors
    /// A file that is refused, or that asks for a confirmation.
    pub fn import(&self, extract: &Path) -> Result<u32> {
        let report = self.try_import(extract, false)?;
        match report {
            ImportReport::Published { edition, .. } => Ok(edition),
            ImportReport::NeedsConfirmation { lost, of, .. } => bail!("{lost} of {of} people would be lost"),
        }
    }

    /// Takes in an extract, whatever becomes of it.
    ///
    /// # Errors
    /// A file that is refused.
    pub fn try_import(&self, extract: &Path, confirm_loss: bool) -> server::error::Result<ImportReport> {
        let reject_file = extract.with_extension("rejects.csv");
        let request =
            ImportRequest { file: extract, unit: &self.unit, confirm_loss, reject_file: &reject_file, by: None };
        register::import_register(self.deployment(), &request)
    }

    /// Lists an officer of the unit.
    ///
    /// # Errors
    /// What the server answers.
    pub fn add_officer(&self, name: &str, role: Role) -> Result<OfficerId> {
        Ok(work::add_officer(self.deployment(), &self.unit, name, role, None)?.officer)
    }

    /// A one-time code and the fingerprint, as they are handed to an officer.
    ///
    /// # Errors
    /// What the server answers.
    pub fn paper_for(&self, officer: OfficerId) -> Result<Paper> {
        let code = enrol::issue_code(self.deployment(), officer, None)?.code;
        Ok(Paper { fingerprint: self.deployment().keys.fingerprint(self.plain_http), code })
    }

    /// Erases a person at a resident's request.
    ///
    /// # Errors
    /// What the server answers.
    pub fn erase(&self, person: PersonId) -> Result<erase::Erasure> {
        let basis = domain::change::ErasureBasis::ResidentRequest;
        Ok(erase::erase_person(self.deployment(), &self.unit, person, basis, None)?)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The stopped server's files, read behind the product's back.
    ///
    /// # Errors
    /// The key file is not there.
    pub fn replica(&self) -> Result<Replica> {
        replica_of(&self.folder)
    }
}

/// The files of a server that nobody has open.
///
/// # Errors
/// The key file is not there.
pub fn replica_of(folder: &Path) -> Result<Replica> {
    Ok(Replica::new(folder, &[("ledger.db", "ledger")], master_of(folder)?))
}

fn master_of(folder: &Path) -> Result<MasterKey> {
    let secret = KeyFileSecretStore::new(folder).get("server")?.context("no key file")?;
    Ok(MasterKey::from_key_file(&secret))
}

fn server_clock(clock: &TestClock) -> server::clock::Clock {
    let clock = clock.clone();
    std::sync::Arc::new(move || clock.now_ms())
}
