//! The one window: how it opens, where it may go (nowhere), and how it is emptied.

use app::window::LockCause;
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Emitter, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

use crate::folders::Folders;

pub const LABEL: &str = "main";

const TITLE: &str = "Từng Nhà";

/// The screens' own paper, so that nothing flashes while they load.
const PAPER: Color = Color(0xfa, 0xf9, 0xf6, 0xff);

/// No engine may look up what is typed: neither spelling nor suggestions.
const NO_SPELL_CHECK: &str =
    "addEventListener('DOMContentLoaded', () => { document.documentElement.spellcheck = false; });";

/// The engine's own menu offers reloading and worse. Where something is typed it stays: it pastes.
const NO_MENU: &str = "addEventListener('contextmenu', (event) => { \
     if (!event.target.closest?.('input, textarea')) event.preventDefault(); }, true);";

const COVER: &str = "document.documentElement.style.setProperty('display', 'none', 'important');";

const EMPTY: &str = "document.documentElement.replaceChildren();";

/// Size, place and state are kept from one day to the next.
pub fn remember_places(handle: &AppHandle, folders: &Folders) -> tauri::Result<()> {
    let file = folders.window_state();
    // A folder whose name is no text: the window opens in its first place every day.
    let Some(file) = file.to_str() else { return Ok(()) };
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN;
    let plugin = tauri_plugin_window_state::Builder::default().with_state_flags(flags).with_filename(file);
    handle.plugin(plugin.build())
}

pub fn open(handle: &AppHandle, folders: &Folders) -> tauri::Result<()> {
    let mut window = WebviewWindowBuilder::new(handle, LABEL, WebviewUrl::App("index.html".into()))
        .title(TITLE)
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 700.0)
        .prevent_overflow()
        .background_color(PAPER)
        .devtools(cfg!(debug_assertions))
        .zoom_hotkeys_enabled(false)
        .general_autofill_enabled(false)
        // Pictures that are dropped reach the page as files; the system's paths do not.
        .disable_drag_drop_handler()
        .data_directory(folders.webview())
        // A driven window keeps its engine's data apart in that folder: WebKitGTK drives no private one.
        .incognito(!is_driven())
        .initialization_script(NO_SPELL_CHECK)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(|_, page| {
            if page.event() == PageLoadEvent::Finished {
                tracing::info!("the screens are loaded");
            }
        });
    if !cfg!(debug_assertions) {
        window = window.initialization_script(NO_MENU);
    }
    window.build()?;
    Ok(())
}

/// A second start shows the first.
pub fn bring_to_front(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(LABEL) {
        log_failure("shown", window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus()));
    }
}

/// Takes the page out of sight and tells it to keep what is being typed; it answers with `window_drafts_kept`.
pub fn ask_to_keep(window: &WebviewWindow) {
    log_failure("covered", window.eval(COVER));
    log_failure("asked", window.emit("locking", ()));
}

/// Takes everything off the page, whatever its own scripts are doing; they are told, and need not listen.
pub fn empty(window: &WebviewWindow, cause: LockCause) {
    log_failure("told", window.emit("locked", serde_json::json!({ "cause": cause })));
    log_failure("emptied", window.eval(EMPTY));
}

/// Loads the page anew: its scripts, and all they held, are gone.
pub fn load_anew(window: &WebviewWindow) {
    log_failure("cleared", window.clear_all_browsing_data());
    log_failure("loaded", window.reload());
}

pub fn hide(window: &WebviewWindow) {
    log_failure("hidden", window.hide());
}

/// Whether the page stays ours: the files inside this program, and no other address, be it only asked for in a frame.
fn is_ours(url: &Url) -> bool {
    let custom = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    // On Windows the engine knows no schemes of ours.
    let as_http =
        cfg!(windows) && matches!(url.scheme(), "http" | "https") && url.host_str() == Some("tauri.localhost");
    custom || as_http
}

fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

fn log_failure(step: &'static str, outcome: tauri::Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(step, %error, "the window could not be changed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_goes_nowhere_else() {
        let ours = |url: &str| is_ours(&Url::parse(url).unwrap());
        assert!(ours("tauri://localhost/"));
        assert!(ours("tauri://localhost/index.html#/hom-nay"));
        for foreign in [
            "https://example.org/",
            "http://localhost/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,x",
        ] {
            assert!(!ours(foreign), "{foreign}");
        }
    }
}
