//! Exchanges over a line that breaks.

use std::sync::Arc;

use anyhow::Result;
use app::command;

use super::{Day, Worker};
use crate::account::counted;
use crate::bad_line::{Cut, CutPlan, Direction, mix};

/// An exchange is begun anew at most so often.
const MOST_EXCHANGES: u32 = 200;

impl Day<'_> {
    /// The officers send their day over a line that breaks.
    pub(super) async fn exchange(&mut self) -> Result<()> {
        self.account.phase("sync", "The officers sync over a line that breaks");
        let before: Vec<u64> = self.workers.iter().map(|worker| worker.laptop.line.connections()).collect();
        for (number, worker) in (0..).zip(&self.workers) {
            worker.laptop.line.unplug(false);
            worker.laptop.line.cut_by(bad_day(self.options.seed + number, worker.laptop.line.connections()));
        }
        let [a, b, _] = &self.workers[..] else { anyhow::bail!("two officers and a supervisor") };
        let (first, second) = tokio::join!(sync_until_nothing_waits(a), sync_until_nothing_waits(b));
        for (at, (worker, exchanged)) in [(a, first?), (b, second?)].into_iter().enumerate() {
            self.account.say(&format!(
                "{}: {} (lô), {} sent, {} KB, {}; {} until nothing waited.",
                worker.name,
                counted(exchanged.batches.into(), "batch", "batches"),
                counted(exchanged.photos.into(), "photo or crop of one", "photos and crops of them"),
                exchanged.bytes / 1024,
                counted(exchanged.interruptions.into(), "interruption", "interruptions"),
                counted(exchanged.exchanges.into(), "exchange", "exchanges")
            ));
            let line = &worker.laptop.line;
            let connections = line.connections() - before[at];
            self.account.say(&format!(
                "   of {} {} cut in the middle.",
                counted(connections, "connection", "connections"),
                counted(line.cuts(), "was", "were")
            ));
        }
        Ok(())
    }
}

/// What exchanges did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exchanged {
    exchanges: u32,
    batches: u32,
    photos: u32,
    bytes: u64,
    pub(super) received: u64,
    interruptions: u32,
}

/// Exchanges until nothing waits and everything is read, as an officer does who sees that something waits.
pub(super) async fn sync_until_nothing_waits(worker: &Worker) -> Result<Exchanged> {
    let mut sum = Exchanged::default();
    let mut last = None;
    while sum.exchanges < MOST_EXCHANGES {
        sum.exchanges += 1;
        match worker.laptop.sync().await {
            Ok(summary) => {
                sum.batches += summary.batches_sent;
                sum.photos += summary.photos_sent;
                sum.bytes += summary.bytes_sent;
                sum.received += summary.bytes_received;
                sum.interruptions += summary.interruptions;
            }
            Err(error) => last = Some(error),
        }
        let queue = worker.laptop.app.run::<command::SyncStatus>(()).await?.queue;
        let waits = queue.changes_waiting + queue.batches_waiting + queue.photos_waiting + queue.access_waiting;
        let behind = queue.feed_index < queue.log_head || queue.edition != queue.edition_in_force;
        if waits == 0 && !behind && last.take().is_none() {
            return Ok(sum);
        }
    }
    let last = last.map(|error| error.to_string()).unwrap_or_default();
    anyhow::bail!("{}: after {MOST_EXCHANGES} exchanges something still waits {last}", worker.name)
}

/// From connection number `from` on: three in ten are cut within their first 20 KB, often in the middle of a handshake,
/// and the first always; no other passes more than 300 KB.
fn bad_day(seed: u64, from: u64) -> Arc<CutPlan> {
    Arc::new(move |number| {
        let roll = mix(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let direction = if mix(roll) & 1 == 0 { Direction::Up } else { Direction::Down };
        let early = number == from || roll % 10 < 3;
        let after_bytes = if early { 1 + mix(roll ^ 1) % 20_000 } else { 60_000 + mix(roll ^ 2) % 240_000 };
        Some(Cut { direction, after_bytes })
    })
}
