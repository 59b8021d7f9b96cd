//! The supervisor's desk: the queue of corrections, each with its evidence in view, and a decision on each.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use app::case::read::{GetPhoto, ListCorrections, OpenCorrection, OpenedCorrection};
use app::case::review::ReviewCorrection;
use app::command;
use domain::change::{CorrectionProposed, Decision};
use domain::fold::Stage;
use domain::id::OfficerId;
use store::{CorrectionFilter, CorrectionQuery, CorrectionRow};

use crate::account::Progress;
use crate::laptop::Laptop;
use crate::tally::Tally;

/// Rows to a page.
const PAGE: u32 = 500;

/// What a supervisor decided, by word.
pub type Decisions = BTreeMap<&'static str, u64>;

/// Every correction that a query names.
///
/// # Errors
/// What a command answers.
pub async fn corrections(laptop: &Laptop, query: &CorrectionQuery) -> Result<Vec<CorrectionRow>> {
    let mut rows = Vec::new();
    loop {
        let (query, offset) = (query.clone(), u32::try_from(rows.len())?);
        let params = ListCorrections { query, offset, limit: PAGE };
        let page = laptop.app.run::<command::ListCorrections>(params).await?.corrections;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}

/// The corrections that wait for a decision.
///
/// # Errors
/// What a command answers.
pub async fn queue(laptop: &Laptop) -> Result<Vec<CorrectionRow>> {
    corrections(laptop, &CorrectionQuery { only: Some(CorrectionFilter::Open), ..CorrectionQuery::default() }).await
}

/// Decides on the whole queue. Of two that contradict each other the one without a paper is rejected. Of the others the
/// third is returned, the fifth referred and the seventh held, so that the smallest day has one of each; then every
/// twelfth, fifteenth and twentieth. The rest are approved.
///
/// # Errors
/// What a command answers.
pub async fn review_all(
    laptop: &Laptop,
    queue: &[CorrectionRow],
    tally: &mut Tally,
    progress: &Progress,
) -> Result<Decisions> {
    let mut decisions = Decisions::new();
    let mut number = 0;
    for row in queue {
        let open = OpenCorrection { correction: row.correction };
        let opened = laptop.app.run::<command::OpenCorrection>(open).await?;
        look_at_evidence(laptop, &opened).await?;
        let (word, params) = decide(&mut number, &opened)?;
        let saved = laptop.app.run::<command::ReviewCorrection>(params).await?;
        tally.note(saved.change);
        *decisions.entry(word).or_default() += 1;
        progress.step();
    }
    Ok(decisions)
}

/// `number` counts those that no other contradicts.
fn decide(number: &mut u64, opened: &OpenedCorrection) -> Result<(&'static str, ReviewCorrection)> {
    let correction = opened.correction.correction;
    let proposal = opened.correction.state.proposal.as_ref().context("a correction in the queue has a proposal")?;
    let decision = |decision, reason: Option<&str>| ReviewCorrection {
        correction,
        decision,
        reason: reason.map(str::to_owned),
        office: None,
        answer_by: None,
    };
    if is_contradicted(proposal, opened) {
        return Ok(("rejected", decision(Decision::Reject, Some("Giấy tờ của đề nghị kia rõ hơn"))));
    }
    *number += 1;
    let is_turn = |first: u64, every: u64| *number == first || number.is_multiple_of(every);
    Ok(match () {
        () if is_turn(3, 12) => ("returned", decision(Decision::Return, Some("Đề nghị chụp lại giấy tờ cho rõ"))),
        () if is_turn(5, 15) => {
            let office = Some("Tư pháp – Hộ tịch xã".to_owned());
            ("referred", ReviewCorrection { office, ..decision(Decision::Refer, None) })
        }
        () if is_turn(7, 20) => ("held", decision(Decision::Hold, None)),
        () => ("approved", decision(Decision::Approve, None)),
    })
}

/// Whether a rival for the same field has a paper, or came first, and this one has none.
fn is_contradicted(proposal: &CorrectionProposed, opened: &OpenedCorrection) -> bool {
    let is_weaker = |rival: &CorrectionRow| {
        let other = rival.state.proposal.as_ref();
        let says_otherwise = other.is_some_and(|other| other.proposed_value != proposal.proposed_value);
        let stands = rival.state.stage.is_open() || matches!(rival.state.stage, Stage::Approved);
        let has_paper = other.is_some_and(|other| !other.evidence.is_empty());
        says_otherwise && stands && (has_paper || rival.state.proposed_at < opened.correction.state.proposed_at)
    };
    proposal.evidence.is_empty() && opened.rivals.iter().any(is_weaker)
}

async fn look_at_evidence(laptop: &Laptop, opened: &OpenedCorrection) -> Result<()> {
    let evidence = opened.correction.state.proposal.iter().flat_map(|proposal| &proposal.evidence);
    for photo in evidence.filter_map(|evidence| evidence.photo) {
        laptop.app.run::<command::GetPhoto>(GetPhoto { photo }).await?;
    }
    Ok(())
}

/// What became of an officer's own corrections, by stage.
///
/// # Errors
/// What a command answers.
pub async fn answers(laptop: &Laptop, officer: OfficerId) -> Result<BTreeMap<Stage, u64>> {
    let query = CorrectionQuery { proposed_by: Some(officer), ..CorrectionQuery::default() };
    let mut stages = BTreeMap::new();
    for row in corrections(laptop, &query).await? {
        *stages.entry(row.state.stage).or_default() += 1;
    }
    Ok(stages)
}
