//! The page as a person finds their way on it: by the words on buttons and fields, never by how it is built.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::driver::{Driver, Element, PATIENCE};

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
        let shown = async || Ok(self.text().await?.contains(text).then_some(()));
        self.wait_until(text, shown).await
    }

    /// Presses the button, choice or line of that name.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn click_named(&self, css: &str, name: &str) -> Result<()> {
        let element = self.wait_for_named(css, name).await?;
        self.click(&element).await
    }

    /// Types into the field of that name, after what stands there.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn fill(&self, name: &str, text: &str) -> Result<()> {
        let field = self.wait_for_named("input, textarea", name).await?;
        self.type_into(&field, text).await
    }

    /// Chooses an entry of the list of that name.
    ///
    /// # Errors
    /// It does not come; the driver's.
    pub async fn choose(&self, list: &str, entry: &str) -> Result<()> {
        self.wait_for_named("select", list).await?;
        let body = "const list = document.querySelector('[data-driven]'); \
             list.value = [...list.options].find((option) => option.text === arguments[0])?.value; \
             for (const kind of ['input', 'change']) list.dispatchEvent(new Event(kind, { bubbles: true })); \
             return list.value;";
        let chosen = self.run_script(body, json!([entry])).await?;
        ensure!(chosen.as_str().is_some_and(|value| !value.is_empty()), "{entry:?} is not in the list");
        Ok(())
    }

    /// What can be read on the page.
    ///
    /// # Errors
    /// The driver's.
    pub async fn text(&self) -> Result<String> {
        let shown = self.run_script("return document.body?.innerText ?? '';", json!([])).await?;
        Ok(shown.as_str().unwrap_or_default().to_owned())
    }

    /// Drops a file on what the selector finds, as from another window.
    ///
    /// # Errors
    /// Nothing is found there; the driver's.
    pub async fn drop_file(&self, css: &str, name: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
        let body = "const [css, name, type, text] = arguments; \
             const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)); \
             const dataTransfer = new DataTransfer(); \
             dataTransfer.items.add(new File([bytes], name, { type })); \
             const place = document.querySelector(css); \
             const say = (kind) => \
               place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer })); \
             return [say('dragenter'), say('dragover'), say('drop')];";
        let said = self.run_script(body, json!([css, name, media_type, BASE64.encode(bytes)])).await?;
        // The page takes it: the engine's own doing, to open the file, is prevented.
        ensure!(said[2] == Value::Bool(false), "nobody took the file: {said}");
        Ok(())
    }

    /// Waits until that can be said of the page.
    ///
    /// # Errors
    /// It never can; the driver's.
    pub async fn wait_until_true(&self, what: &str, expression: &str) -> Result<()> {
        let body = format!("return Boolean({expression});");
        let look = async || Ok((self.run_script(&body, json!([])).await? == Value::Bool(true)).then_some(()));
        self.wait_until(what, look).await
    }

    async fn wait_until<T>(&self, what: &str, look: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
        let since = Instant::now();
        loop {
            // A page that is just being loaded anew answers with an error of its own.
            let last = look().await;
            match last {
                Ok(Some(found)) => return Ok(found),
                _ if since.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(100)).await,
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
