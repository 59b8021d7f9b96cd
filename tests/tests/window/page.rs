//! The page as a person finds their way on it: by the words on buttons and fields, never by how it is built.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::driver::{Driver, Element, PATIENCE};

/// One passphrase field and nothing to type but it: the unlock screen.
pub const PASSPHRASE_FIELD: &str = "input[type=password]";

/// Tells elements by the name a screen reader says: label, aria-label or text. Marks the first that can be used.
const MARK_BY_NAME: &str = r#"
    const [css, name] = arguments;
    const nameOf = (element) => (element.getAttribute("aria-label")
        || [...(element.labels ?? [])].map((label) => label.innerText).join(" ")
        || element.innerText || element.title || "").replace(/\s+/g, " ").trim();
    const found = [...document.querySelectorAll(css)].find((element) =>
        nameOf(element).startsWith(name) && element.getClientRects().length > 0 && !element.disabled);
    document.querySelectorAll("[data-driven]").forEach((element) => element.removeAttribute("data-driven"));
    found?.setAttribute("data-driven", "");
    return Boolean(found);
"#;

impl Driver {
    /// Waits for what the selector finds.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn wait_for(&self, css: &str) -> Result<Element> {
        self.wait_until(css, async || Ok(self.find_all(css).await?.into_iter().next())).await
    }

    /// Waits for a button, link or field of that name, or of a name that begins so.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn wait_for_named(&self, css: &str, name: &str) -> Result<Element> {
        let marked = async || {
            let is_there = self.run_script(MARK_BY_NAME, json!([css, name])).await? == Value::Bool(true);
            Ok(if is_there { self.find_all("[data-driven]").await?.into_iter().next() } else { None })
        };
        self.wait_until(name, marked).await
    }

    /// Waits until the page shows that text.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        let shown = async || {
            let shown = self.run_script("return document.body?.innerText ?? '';", json!([])).await?;
            Ok(shown.as_str().unwrap_or_default().contains(text).then_some(()))
        };
        self.wait_until(text, shown).await
    }

    async fn wait_until<T>(&self, what: &str, look: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
        let since = Instant::now();
        loop {
            // A page that is just being loaded anew answers with an error of its own.
            let last = look().await;
            match last {
                Ok(Some(found)) => return Ok(found),
                _ if since.elapsed() < PATIENCE => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
                Ok(None) => bail!("{what:?} did not appear: {}", self.source().await.unwrap_or_default()),
                Err(error) => return Err(error).with_context(|| format!("waiting for {what:?}")),
            }
        }
    }

    /// Calls a command as the screens do, through the one way there is.
    ///
    /// # Errors
    /// The driver's; what the command answers.
    pub async fn call(&self, command: &str, params: Value) -> Result<Value> {
        let body = "const [command, params, done] = arguments; \
             window.__TAURI_INTERNALS__.invoke('rpc', { command, params }) \
               .then((result) => done({ result }), (error) => done({ error }));";
        let mut answer = self.run_script_until_called(body, json!([command, params])).await?;
        match answer.get("error") {
            Some(error) => bail!("{command}: {error}"),
            None => Ok(answer["result"].take()),
        }
    }
}
