//! The supervisor decides, and the officers see the answers.

use anyhow::Result;
use domain::fold::Stage;

use super::Day;
use super::desk::{self, Decisions};
use super::exchange::sync_until_nothing_waits;
use crate::account::{counted, thousands};

impl Day<'_> {
    /// The supervisor's work.
    pub(super) async fn review(&mut self) -> Result<()> {
        self.account.phase("review", "The supervisor decides");
        let chief = &self.workers[2];
        sync_until_nothing_waits(chief).await?;
        let queue = desk::queue(&chief.laptop).await?;
        let conflicts = queue.iter().filter(|row| row.conflicts > 0).count();
        self.account.say(&format!(
            "{}, {conflicts} of them against another that was proposed; nothing was overwritten.",
            counted(queue.len() as u64, "correction waits", "corrections wait")
        ));
        let progress = self.account.progress("corrections", queue.len() as u64);
        let decisions = desk::review_all(&chief.laptop, &queue, &mut self.tally, &progress).await?;
        self.account.say(&format!("Decided: {}.", tell(&decisions)));
        self.closing.decided = decisions;
        let first = desk::queue(&chief.laptop).await?;
        let first = first.iter().filter(|row| row.state.stage == Stage::FirstApproval).count();
        self.account.say(&format!(
            "Of what was approved {} of a field that needs two people (ID number, birth date, sex, death): a first \
             approval, no more, since there is one supervisor.",
            counted(first as u64, "is", "are")
        ));
        sync_until_nothing_waits(chief).await?;
        Ok(())
    }

    /// The officers see what was decided.
    pub(super) async fn answer(&mut self) -> Result<()> {
        self.account.phase("answers", "The officers see the answers");
        for worker in &self.workers[..2] {
            sync_until_nothing_waits(worker).await?;
            let stages = desk::answers(&worker.laptop, worker.officer).await?;
            let stages: Vec<String> = stages.iter().map(|(stage, count)| format!("{count} {}", word(stage))).collect();
            self.account.say(&format!("{}: {}.", worker.name, stages.join(", ")));
        }
        Ok(())
    }
}

fn tell(decisions: &Decisions) -> String {
    let words: Vec<String> = decisions.iter().map(|(word, count)| format!("{} {word}", thousands(*count))).collect();
    words.join(", ")
}

/// `FirstApproval` → `first approval`.
fn word(stage: &Stage) -> String {
    let text = serde_json::to_value(stage).ok().and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default().replace('_', " ")
}
