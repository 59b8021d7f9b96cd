//! The officers' day at the doors, told.

use anyhow::{Context, Result};

use super::Day;
use super::field::{self, FieldDay};
use crate::account::{counted, thousands};

impl Day<'_> {
    /// The officers' day, with the cable pulled.
    pub(super) async fn work_offline(&mut self) -> Result<()> {
        self.account.phase("day", "The day at the doors, with no line");
        for worker in &self.workers {
            worker.laptop.line.unplug(true);
        }
        let [a, b, _] = &self.workers[..] else { anyhow::bail!("two officers and a supervisor") };
        let ours = field::houses_of(&a.laptop, a.officer).await?.len();
        let theirs = field::houses_of(&b.laptop, b.officer).await?.len();
        let progress = self.account.progress("households", (ours + theirs) as u64);
        let mut first = FieldDay::begin(&a.laptop, a.officer, &self.findings, self.options.seed);
        first.to_forget = Some(self.forgettable.clone());
        let mut second = FieldDay::begin(&b.laptop, b.officer, &self.findings, self.options.seed + 1);
        let (walked, contradicted) = tokio::join!(first.walk(&progress), async {
            second.walk(&progress).await?;
            second.contradict(a.officer).await
        });
        walked.context("the first officer's day")?;
        contradicted.context("the second officer's day")?;
        for finished in [&first, &second] {
            self.tally.join(&finished.tally);
            self.done.join(&finished.done);
        }
        self.forgotten = first.forgotten;
        self.closing.visits = self.done.times("visits");
        self.closing.corrections = self.done.times("corrections");
        self.closing.photos = self.done.times("photos");
        let (visits, as_listed) = (self.closing.visits, self.done.times("as listed"));
        self.account.say(&format!(
            "{} (lượt đến nhà), {} of them with everyone as listed; {} (đề nghị chỉnh sửa), {} (one paper in ten, each with \
             its legal reason; of each goes a crop as well).",
            counted(visits, "visit", "visits"),
            thousands(as_listed),
            counted(self.closing.corrections, "correction", "corrections"),
            counted(self.closing.photos, "photo", "photos")
        ));
        let told = ["visits", "as listed", "corrections", "photos", "contradicted"];
        let others = self.done.0.iter().filter(|(what, _)| !told.contains(what));
        let others: Vec<String> = others.map(|(what, times)| format!("{times} {what}")).collect();
        self.account.say(&format!("Everyday events: {}.", others.join(", ")));
        self.account.say(&format!(
            "On purpose, {} the second officer heard on the telephone something else than the first saw.",
            counted(self.done.times("contradicted"), "time", "times")
        ));
        self.account
            .say(&format!("{} facts were acknowledged and are remembered apart.", thousands(self.tally.len() as u64)));
        Ok(())
    }
}
