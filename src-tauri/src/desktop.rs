//! What is shared behind the window: the application, when someone was last there, and the last lock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::case::profile::LockResult;
use app::clock::{Clock, SystemClock};
use app::error::AppError;
use app::window::{LockCause, Locked};
use app::{App, command};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::idle::{Moment, TICK, Watch};
use crate::window;

/// A page that does not say that it has kept what is being typed is not waited for any longer.
const LONGEST_KEEPING: Duration = Duration::from_millis(1500);

/// An end that hangs, on a stick that does not answer for example, is not waited for any longer.
const LONGEST_CLOSE: Duration = Duration::from_secs(20);

pub struct Desktop {
    pub app: App,
    watch: Mutex<Watch>,
    locked: Mutex<Option<Locked>>,
    /// One lock at a time: the second would empty a page that someone has just opened again.
    locking: tokio::sync::Mutex<()>,
    /// The page has kept what was being typed.
    kept: tokio::sync::Notify,
}

impl Desktop {
    pub fn new(app: App) -> Self {
        let watch = Mutex::new(Watch::beginning(Moment::now()));
        Self {
            app,
            watch,
            locked: Mutex::default(),
            locking: tokio::sync::Mutex::default(),
            kept: tokio::sync::Notify::new(),
        }
    }

    /// Someone is there.
    pub fn note_activity(&self) {
        held(&self.watch).note_activity(Moment::now());
    }

    /// The page answers [`window::ask_to_keep`].
    pub fn note_drafts_kept(&self) {
        self.kept.notify_waiters();
    }

    /// The last lock since the window opened.
    pub fn last_lock(&self) -> Option<Locked> {
        held(&self.locked).clone()
    }

    /// Covers the page and lets it keep what is being typed; then empties it, locks the profile, and loads the page
    /// anew: nothing of what it showed or held is left.
    ///
    /// # Errors
    /// Those of the command `lock`; the profile is locked and the page empty all the same.
    pub async fn lock(&self, window: &WebviewWindow, cause: LockCause) -> Result<LockResult, AppError> {
        let _one_at_a_time = self.locking.lock().await;
        self.let_page_keep(window).await;
        window::empty(window, cause);
        let outcome = self.app.run::<command::Lock>(()).await;
        let at_ms = SystemClock.now_ms();
        *held(&self.locked) = Some(Locked { cause, at_ms, result: outcome.as_ref().ok().cloned() });
        window::load_anew(window);
        outcome
    }

    /// What was typed in the last half second is in the page alone. It is asked to keep it and not trusted to: nothing of
    /// it is seen any more, and it has a moment.
    async fn let_page_keep(&self, window: &WebviewWindow) {
        if !self.app.is_unlocked().await {
            return;
        }
        let kept = self.kept.notified();
        tokio::pin!(kept);
        kept.as_mut().enable();
        window::ask_to_keep(window);
        if tokio::time::timeout(LONGEST_KEEPING, kept).await.is_err() {
            tracing::warn!("the page did not say that it has kept what was being typed");
        }
    }

    fn why_lock_now(&self, idle_limit: Duration) -> Option<LockCause> {
        held(&self.watch).tick(Moment::now(), idle_limit)
    }

    async fn idle_limit(&self) -> Duration {
        let settings = self.app.run::<command::GetSettings>(()).await;
        let minutes = settings.map_or(1, |settings| settings.idle_minutes);
        Duration::from_secs(u64::from(minutes) * 60)
    }
}

/// Looks every few seconds whether the profile is to be locked.
pub fn watch(handle: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let desktop = handle.state::<Desktop>();
        loop {
            tokio::time::sleep(TICK).await;
            // Before anything is waited for: what follows may take its time and is no sleep.
            let slept = desktop.why_lock_now(Duration::MAX);
            if desktop.app.is_unlocked().await {
                let idle_limit = desktop.idle_limit().await;
                let idle = desktop.why_lock_now(idle_limit).filter(|cause| *cause == LockCause::Idle);
                if let (Some(cause), Some(window)) = (slept.or(idle), handle.get_webview_window(window::LABEL)) {
                    // Already written down where it failed; the page is empty and the profile locked.
                    let _ = desktop.lock(&window, cause).await;
                }
            }
            held(&desktop.watch).begin_tick(Moment::now());
        }
    });
}

/// Locks and ends the program: files closed, unsent work on the stick.
pub fn close(handle: AppHandle) {
    let window = handle.get_webview_window(window::LABEL);
    if let Some(window) = &window {
        window::hide(window);
    }
    tauri::async_runtime::spawn(async move {
        let desktop = handle.state::<Desktop>();
        if let Some(window) = &window {
            desktop.let_page_keep(window).await;
        }
        let _ = tokio::time::timeout(LONGEST_CLOSE, desktop.app.close()).await;
        handle.exit(0);
    });
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
