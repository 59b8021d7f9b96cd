//! The exchange with the server, as a person starts, watches, pauses and stops it.

use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::Result;
use crate::syncing::{self, LastSync, Reach, SyncPhase, SyncProgress, SyncSummary, Wish};

/// Everything up and down; answers when it is done. Watch it with `sync_status` meanwhile.
pub async fn sync(app: &App, (): ()) -> Result<SyncSummary> {
    syncing::run(app, Reach::Everything).await
}

/// The log and the register alone, so that work can begin.
pub async fn download(app: &App, (): ()) -> Result<SyncSummary> {
    syncing::run(app, Reach::Down).await
}

/// Where the exchange stands, and what waits.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct SyncStatus {
    pub is_running: bool,
    pub progress: SyncProgress,
    /// The last one since the program was started.
    pub last: Option<LastSync>,
    /// What waits, and when the server last signed something.
    pub queue: store::QueueStatus,
}

pub async fn sync_status(app: &App, (): ()) -> Result<SyncStatus> {
    let control = app.sync_control();
    let progress = control.progress.borrow().clone();
    let last = control.last.borrow().clone();
    let queue = app.with_desk(|desk| Ok(desk.store.queue_status()?)).await?;
    Ok(SyncStatus { is_running: progress.phase != SyncPhase::Idle, progress, last, queue })
}

/// Whether the exchange that runs is to wait.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PauseSync {
    pub paused: bool,
}

pub async fn pause_sync(app: &App, params: PauseSync) -> Result<()> {
    wish(app, if params.paused { Wish::Pause } else { Wish::Run });
    Ok(())
}

/// Ends the exchange that runs. What the server has it keeps; what waits goes with the next.
pub async fn stop_sync(app: &App, (): ()) -> Result<()> {
    wish(app, Wish::Stop);
    Ok(())
}

/// A stop is not taken back by a pause.
fn wish(app: &App, wanted: Wish) {
    app.sync_control().wish.send_if_modified(|wish| {
        let changes = *wish != Wish::Stop && *wish != wanted;
        if changes {
            *wish = wanted;
        }
        changes
    });
}
