//! The loop: facts, plan, step. Failures that pass are waited out; others end it, with everything so far kept. What cannot
//! be taken in on its way down ends it last: an edition for which the disk has no room must not keep work from being sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sync::plan::{self, EditionDownload, PieceSize, Step};

use super::facts::Known;
use super::{SyncPhase, SyncProgress, SyncSummary, Wish};
use crate::App;
use crate::app::{Held, SharedStore, blocking};
use crate::error::{AppError, Code, Result};
use crate::session::asks_for_token;
use crate::transport::TransportError;

/// Steps in a row that moved nothing, after which the two sides talk past each other.
const MOST_IDLE_STEPS: u32 = 24;

/// How much of the exchange is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Up and down.
    Everything,
    /// The log and the register, so that work can begin.
    Down,
}

/// One exchange while it runs.
pub(super) struct Cycle {
    pub app: App,
    pub session: Arc<Held>,
    pub reach: Reach,
    pub known: Known,
    pub piece: PieceSize,
    pub progress: SyncProgress,
    pub summary: SyncSummary,
    pub failures: u32,
    idle_steps: u32,
    began: Instant,
}

/// Why a step did not come to its end.
pub(super) enum Trouble {
    /// The line: perhaps it passes.
    Line(TransportError),
    /// Anything else ends the exchange.
    Other(AppError),
}

impl From<TransportError> for Trouble {
    fn from(error: TransportError) -> Self {
        Self::Line(error)
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

impl From<sync::WireError> for Trouble {
    fn from(error: sync::WireError) -> Self {
        Self::Other(error.into())
    }
}

/// Runs an exchange to its end. It goes on whoever waits for it.
///
/// # Errors
/// `sync_running`, `sync_stopped`, `profile_locked`, and whatever ended it.
pub(crate) async fn run(app: &App, reach: Reach) -> Result<SyncSummary> {
    let app = app.clone();
    let task = tokio::spawn(async move {
        let control = app.sync_control();
        let Ok(_running) = control.running.try_lock() else { return Err(Code::SyncRunning.into()) };
        control.wish.send_replace(Wish::Run);
        let session = Arc::new(app.session().await?);
        let mut cycle = Cycle {
            app: app.clone(),
            session,
            reach,
            known: Known::default(),
            piece: PieceSize::default(),
            progress: SyncProgress { phase: SyncPhase::Connecting, ..SyncProgress::default() },
            summary: SyncSummary::default(),
            failures: 0,
            idle_steps: 0,
            began: Instant::now(),
        };
        cycle.show();
        let outcome = cycle.run().await;
        control.progress.send_replace(SyncProgress::default());
        control.last.send_replace(Some(super::LastSync {
            ended_ms: app.now_ms(),
            summary: outcome.is_ok().then(|| cycle.summary.clone()),
            error: outcome.as_ref().err().cloned(),
        }));
        outcome.map(|()| cycle.summary)
    });
    task.await.map_err(|_| AppError::new(Code::Internal).with("cause", "panic"))?
}

impl Cycle {
    async fn run(&mut self) -> Result<()> {
        if self.reach == Reach::Everything {
            let (now_ms, version) = (self.app.now_ms(), crate::version::APP_VERSION);
            self.on_store(move |store| {
                store.offer_quarantined()?;
                Ok(store.seal_pending(now_ms, version)?)
            })
            .await?;
        }
        loop {
            self.heed_wish().await?;
            let facts = self.facts().await?;
            if facts.edition_download.as_ref().is_some_and(is_whole) {
                // Before the photos: whoever waits for the register should not wait for them.
                if let Err(error) = self.take_edition().await {
                    self.known.put_off_register(error)?;
                }
                continue;
            }
            let step = plan::next_step(&facts);
            let comes_down = comes_down(&step);
            let before = self.known.moved();
            let outcome = match step {
                Step::Idle => match self.finish().await {
                    Ok(()) => return self.known.what_failed(),
                    Err(trouble) => Err(trouble),
                },
                step => self.take(step, &facts).await,
            };
            match outcome {
                Ok(()) => {
                    // What only goes back and forth is no recovery: a server that takes an announcement and has no room
                    // for what was announced has failed all the while.
                    if before != self.known.moved() {
                        self.failures = 0;
                    }
                    self.count_idle(before)?;
                }
                Err(Trouble::Other(error)) => match comes_down {
                    Some(Down::Register) => self.known.put_off_register(error)?,
                    Some(Down::All) => self.known.put_off_down(error)?,
                    None => return Err(error),
                },
                Err(Trouble::Line(error)) => self.wait_out(error, before).await?,
            }
            self.show();
        }
    }

    fn count_idle(&mut self, before: u64) -> Result<()> {
        self.idle_steps = if before == self.known.moved() { self.idle_steps + 1 } else { 0 };
        match self.idle_steps > MOST_IDLE_STEPS {
            true => Err(AppError::new(Code::ServerRefused).with("server_code", "no_progress")),
            false => Ok(()),
        }
    }

    /// Waits, where waiting may help: the longer the more often it failed, and never so long that nothing else counts.
    async fn wait_out(&mut self, error: TransportError, before: u64) -> Result<()> {
        if asks_for_token(error.refusal()) && self.known.may_renew_token() {
            self.session.forget_token().await;
            return Ok(());
        }
        if !error.is_transient() {
            return Err(error.into());
        }
        let moved_on = before != self.known.moved();
        self.piece = self.piece.after_failure();
        self.failures = if moved_on { 1 } else { self.failures + 1 };
        self.progress.interruptions += 1;
        self.summary.interruptions += 1;
        let pace = self.app.config().pace;
        // Where there never was a line there is no use in trying on: a person or a timer asks again.
        let no_line = error == TransportError::Unreachable && self.known.server.is_none();
        if no_line || self.failures > pace.failures_in_a_row {
            return Err(error.into());
        }
        let retry_after_ms = error.retry_after_ms();
        let now_ms = self.app.now_ms();
        let mut random = [0; 8];
        sync::keys::fill_random(&mut random);
        let at_ms = plan::retry_at_ms(now_ms, self.failures, u64::from_le_bytes(random), retry_after_ms);
        let wait_ms = (at_ms - now_ms) * u64::from(pace.wait_percent) / 100;
        self.progress.phase = SyncPhase::Waiting;
        self.progress.retry_at_ms = Some(now_ms.saturating_add(wait_ms));
        self.show();
        // The wait is the timer's, not the clock's: a clock that is set meanwhile changes nothing.
        let wait = async {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            Ok::<(), AppError>(())
        };
        self.unless_stopped(wait).await?;
        self.progress.retry_at_ms = None;
        Ok(())
    }

    async fn heed_wish(&mut self) -> Result<()> {
        let mut wish = self.app.sync_control().wish.subscribe();
        if *wish.borrow_and_update() == Wish::Pause {
            self.progress.phase = SyncPhase::Paused;
            self.show();
            let _ = wish.wait_for(|wish| *wish != Wish::Pause).await;
        }
        match *wish.borrow() {
            Wish::Stop => Err(Code::SyncStopped.into()),
            Wish::Run | Wish::Pause => Ok(()),
        }
    }

    /// Lets go of the line at once when the exchange is to stop: what the server got it keeps.
    pub async fn unless_stopped<T, E: From<AppError>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let mut wish = self.app.sync_control().wish.subscribe();
        let stopped = wish.wait_for(|wish| *wish == Wish::Stop);
        tokio::select! {
            biased;
            _ = stopped => Err(AppError::new(Code::SyncStopped).into()),
            done = work => done,
        }
    }

    /// Work on the store, on a thread that may block. It runs to its end.
    pub async fn on_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SharedStore) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let session = self.session.clone();
        blocking(move || work(&session.store)).await
    }

    pub fn show(&mut self) {
        let done = self.progress.bytes_sent + self.progress.bytes_received;
        let elapsed_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.progress.remaining_ms = (done > 0 && self.progress.bytes_left > 0)
            .then(|| elapsed_ms.saturating_mul(self.progress.bytes_left) / done);
        self.summary.bytes_sent = self.progress.bytes_sent;
        self.summary.bytes_received = self.progress.bytes_received;
        self.app.sync_control().progress.send_replace(self.progress.clone());
    }
}

/// What a step that fails on its way down stops; what goes up is sent all the same.
#[derive(Clone, Copy)]
enum Down {
    /// The register edition: the log is read on.
    Register,
    All,
}

fn comes_down(step: &Step) -> Option<Down> {
    match step {
        Step::FetchManifest { .. } | Step::FetchPiece { .. } => Some(Down::Register),
        Step::FetchFeed { .. } | Step::FetchPhoto { .. } => Some(Down::All),
        _ => None,
    }
}

fn is_whole(edition: &EditionDownload) -> bool {
    edition.pieces.iter().all(|piece| piece.held == piece.bytes)
}
