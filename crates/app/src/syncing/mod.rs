//! One exchange with the server: the plan's steps (`sync::plan`), done one after the other until nothing is left.
//!
//! Owns what a person sees of it and how it is paused and stopped. A cut at any point is only another set of facts: what
//! arrived is kept, what was not receipted is sent again from where the server stands.

mod cycle;
mod facts;
mod steps;

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;

use crate::error::AppError;

pub(crate) use cycle::{Reach, run};

/// What the exchange is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    #[default]
    Idle,
    Connecting,
    SendingChanges,
    SendingPhotos,
    /// The server was restored from a backup: everything held here is offered to it.
    RefillingServer,
    ReadingLog,
    FetchingRegister,
    /// The register edition is here and is being taken in.
    TakingRegister,
    FetchingPhotos,
    SendingAccessLog,
    /// After a failure, until the next try.
    Waiting,
    Paused,
}

/// How far an exchange is. Bytes are as they travel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct SyncProgress {
    pub phase: SyncPhase,
    pub batches_sent: u32,
    pub batches_left: u32,
    pub photos_sent: u32,
    pub photos_left: u32,
    pub bytes_sent: u64,
    pub bytes_received: u64,
    /// Of what is being sent or fetched now, without what is not known yet.
    pub bytes_left: u64,
    /// Bytes of the register edition that are here, and in all.
    pub register_bytes: u64,
    pub register_bytes_total: u64,
    /// Records of the register that are taken in, and in all.
    pub records_taken: u64,
    pub records_total: u64,
    /// By the pace so far.
    pub remaining_ms: Option<u64>,
    /// When the next try begins, while waiting.
    pub retry_at_ms: Option<u64>,
    /// Failures that were gone over, with no person's help.
    pub interruptions: u32,
}

/// What an exchange did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct SyncSummary {
    pub batches_sent: u32,
    pub photos_sent: u32,
    pub photos_fetched: u32,
    pub log_entries_read: u32,
    /// The register edition that was taken in.
    pub edition: Option<u32>,
    pub erased: u32,
    /// Changes that stand in the log and are refused.
    pub changes_refused: u32,
    /// Batches that wait at the server for a supervisor.
    pub batches_quarantined: u32,
    /// This laptop's chain was continued in a new one.
    pub chain_renewed: bool,
    /// The server had been restored and was offered everything held here.
    pub server_refilled: bool,
    pub access_entries_sent: u32,
    pub bytes_sent: u64,
    pub bytes_received: u64,
    pub interruptions: u32,
    /// Photos that the server has no use for yet.
    pub photos_not_wanted: u32,
}

/// What a person asked of the exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wish {
    #[default]
    Run,
    Pause,
    Stop,
}

/// How the exchange is watched and steered.
#[derive(Clone)]
pub(crate) struct SyncControl {
    pub progress: watch::Sender<SyncProgress>,
    pub wish: watch::Sender<Wish>,
    pub last: watch::Sender<Option<LastSync>>,
    /// One exchange at a time.
    pub running: Arc<tokio::sync::Mutex<()>>,
}

/// How the last exchange ended.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct LastSync {
    pub ended_ms: u64,
    pub summary: Option<SyncSummary>,
    pub error: Option<AppError>,
}

impl Default for SyncControl {
    fn default() -> Self {
        Self {
            progress: watch::Sender::new(SyncProgress::default()),
            wish: watch::Sender::new(Wish::Run),
            last: watch::Sender::new(None),
            running: Arc::default(),
        }
    }
}
