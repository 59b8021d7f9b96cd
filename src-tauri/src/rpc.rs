//! The one way from the screens to everything behind them: `invoke("rpc", {command, params})`.
//!
//! What a screen may rely on:
//! - Any command of the list, and the `window_*` names of `app::window`, go through `rpc`. A failure rejects with
//!   `{code, params, trace_id}`, the same as on the loopback host. There is no other command and no plugin's: the
//!   capability file allows `rpc`, and listening to events.
//! - Progress of an exchange is asked for (`sync_status`), not announced.
//! - Whoever touches a key, a button or a line says `window_activity`, at most every 15 seconds. Unlocking counts too;
//!   other commands do not, for screens ask by themselves.
//! - What is not saved yet belongs into `save_draft` while it is typed. After `settings.idle_minutes` without activity,
//!   after sleep, and after the command `lock`, the window takes the page out of sight and says the event `locking`: the
//!   page keeps what it still holds and calls `window_drafts_kept`, within a second and a half. Whatever it does, the
//!   window then says `locked` (`{cause}`), empties the page, locks and loads it anew. The new page finds in
//!   `window_info().locked` why, when, and what was written to the stick.
//! - Closing the window asks the same and locks.
//! - Dialogs answer `{path: null}` where nothing was chosen. Pictures need no dialog of ours: `<input type="file">`,
//!   dropping and pasting give the page their bytes.

use app::error::AppError;
use app::window::{LockCause, call_window, is_for_window};
use serde_json::Value;
use tauri::{State, WebviewWindow};

use crate::desktop::Desktop;
use crate::dialog::DesktopWindow;

/// After these someone is there, and the profile is open.
const OPENING: [&str; 3] = ["unlock", "enrol", "finish_recovery"];

#[tauri::command]
pub async fn rpc(
    window: WebviewWindow,
    desktop: State<'_, Desktop>,
    command: String,
    params: Option<Value>,
) -> Result<Value, AppError> {
    let params = params.unwrap_or_default();
    if is_for_window(&command) {
        return call_window(&DesktopWindow { desktop: &desktop, window: &window }, &command, params).await;
    }
    if command == "lock" {
        let locked = desktop.lock(&window, LockCause::Asked).await?;
        return Ok(serde_json::to_value(locked).unwrap_or_default());
    }
    if OPENING.contains(&command.as_str()) {
        desktop.note_activity();
    }
    let outcome = desktop.app.call(&command, params).await;
    if outcome.is_ok() && OPENING.contains(&command.as_str()) {
        desktop.note_activity();
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_are_looked_at_are_commands() {
        for name in OPENING.iter().chain(&["lock"]) {
            assert!(app::command::LIST.iter().any(|info| info.name == *name), "{name}");
        }
    }
}
