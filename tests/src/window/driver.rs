//! The few words of WebDriver that are said, through tauri-driver, to the window.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use serde_json::{Value, json};
/// How long anything may take to appear.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// WebDriver's name for an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys without a letter, as WebDriver writes them.
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const CONTROL: &str = "\u{e009}";
pub const ALT: &str = "\u{e00a}";

/// Which window is opened, where, and on what.
#[derive(Clone, Copy)]
pub struct Opening<'a> {
    /// `tungnha-desk`.
    pub program: &'a Path,
    pub display: &'a str,
    /// The session's message bus; without one there is no keystore, and no instance knows of another.
    pub bus: Option<&'a str>,
    pub profile: &'a Path,
    /// What the window and the driver say goes there.
    pub log: &'a Path,
}

impl Opening<'_> {
    /// The environment of a window that nobody sees.
    pub fn prepare(&self, command: &mut Command) -> Result<()> {
        let file = std::fs::File::create(self.log)?;
        command
            .env("DISPLAY", self.display)
            // No graphics card to draw with.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("NO_AT_BRIDGE", "1")
            .envs(self.bus.map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        Ok(())
    }
}

/// A window under control. It is closed with this value.
pub struct Driver {
    process: Child,
    http: reqwest::Client,
    session: String,
}

/// Something on the page.
pub struct Element(String);

impl Driver {
    /// Opens the window.
    ///
    /// # Errors
    /// A program is not there, or the window does not open.
    pub async fn open(opening: Opening<'_>) -> Result<Self> {
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = Command::new(tauri_driver()?);
        // With all that it starts, so that all of it can be ended.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        // Plain HTTP to loopback; a client is not made without a provider all the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let no_roots = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let http = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(no_roots).build()?;
        opening.prepare(&mut command)?;
        let process = command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .spawn()
            .context("starting tauri-driver")?;
        let mut driver = Self { process, http, session: format!("http://127.0.0.1:{port}/session") };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "wry",
            "tauri:options": { "application": opening.program, "args": ["--profile", opening.profile] },
        }}});
        let opened = driver.open_session(&wanted).await.with_context(|| format!("see {}", opening.log.display()))?;
        let id = opened["sessionId"].as_str().context("a session has an id")?;
        driver.session = format!("{}/{id}", driver.session);
        Ok(driver)
    }

    async fn open_session(&self, wanted: &Value) -> Result<Value> {
        let since = Instant::now();
        loop {
            match self.post("", wanted).await {
                Err(error) if since.elapsed() > PATIENCE => return Err(error),
                // The driver is only just starting.
                Err(error) if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                answered => return answered,
            }
        }
    }

    /// Everything that the selector finds.
    ///
    /// # Errors
    /// The driver's.
    pub async fn find_all(&self, css: &str) -> Result<Vec<Element>> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": css })).await?;
        let ids = found.as_array().into_iter().flatten().filter_map(|element| element[ELEMENT].as_str());
        Ok(ids.map(|id| Element(id.to_owned())).collect())
    }

    /// Types into an element, after what stands there.
    ///
    /// # Errors
    /// The driver's; the element is gone.
    pub async fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text })).await.map(drop)
    }

    /// # Errors
    /// The driver's; something covers the element.
    pub async fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("/element/{}/click", element.0), &json!({})).await.map(drop)
    }

    /// Presses keys wherever the focus is, one after the other.
    ///
    /// # Errors
    /// The driver's.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("/actions", &actions).await.map(drop)
    }

    /// Presses keys together, as Ctrl and a letter.
    ///
    /// # Errors
    /// The driver's.
    pub async fn press_together(&self, keys: &[&str]) -> Result<()> {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let strokes: Vec<Value> = down.chain(up).collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("/actions", &actions).await.map(drop)
    }

    /// Waits so long for a script at most. Until then 30 s.
    ///
    /// # Errors
    /// The driver's.
    pub async fn allow_scripts(&self, longest: Duration) -> Result<()> {
        self.post("/timeouts", &json!({ "script": u64::try_from(longest.as_millis())? })).await.map(drop)
    }

    /// Runs a function body in the page and gives what it returns.
    ///
    /// # Errors
    /// The driver's; the script's.
    pub async fn run_script(&self, body: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": body, "args": arguments })).await
    }

    /// As [`Self::run_script`], for a script that calls its last argument when it is done.
    ///
    /// # Errors
    /// The driver's; the script's.
    pub async fn run_script_until_called(&self, body: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/async", &json!({ "script": body, "args": arguments })).await
    }

    /// The whole document as it stands.
    ///
    /// # Errors
    /// The driver's.
    pub async fn source(&self) -> Result<String> {
        Ok(self.get("/source").await?.as_str().unwrap_or_default().to_owned())
    }

    /// Writes what is seen to `target/screenshots`.
    ///
    /// # Errors
    /// The driver's; the disk's.
    pub async fn keep_screenshot(&self, name: &str) -> Result<()> {
        let picture = self.get("/screenshot").await?;
        let picture = BASE64.decode(picture.as_str().unwrap_or_default().as_bytes())?;
        let folder = target_folder().join("screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), picture)?)
    }

    /// Closes the window and waits until it has.
    ///
    /// # Errors
    /// The driver's.
    pub async fn close(self) -> Result<()> {
        answer_of(self.http.delete(&self.session).send().await?).await.map(drop)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        answer_of(self.http.get(format!("{}{path}", self.session)).send().await?).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.session)).header("content-type", "application/json");
        answer_of(request.body(body.to_string()).send().await?).await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Where the session was not closed in order, the native driver and the window are still there.
        #[cfg(unix)]
        let _ = Command::new("kill").args(["-s", "KILL", "--", &format!("-{}", self.process.id())]).status();
        #[cfg(not(unix))]
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn answer_of(response: reqwest::Response) -> Result<Value> {
    let mut answer: Value = serde_json::from_slice(&response.bytes().await?)?;
    let value = answer["value"].take();
    if let Some(error) = value["error"].as_str() {
        bail!("{error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn tauri_driver() -> Result<PathBuf> {
    let ours = target_folder().join("tools/bin").join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if ours.is_file() { Ok(ours) } else { bail!("{} is not there: cargo xtask test installs it", ours.display()) }
}

/// `target/`, from where the tests' own program lies.
fn target_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join("target")
}
