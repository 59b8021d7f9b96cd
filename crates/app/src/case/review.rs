//! What a supervisor does: decides on corrections, hands out work, sets areas.

use domain::change::{
    AreaPart, AreaSet, Assigned, Body, CorrectionEntered, CorrectionReviewed, Decision, EntityKind, EntityRef,
    ReviewWithdrawn,
};
use domain::fold::{Outcome, Stage};
use domain::id::{ChangeId, CorrectionId, HouseholdId, OfficerId};
use serde::{Deserialize, Serialize};

use super::{Desk, Fact, Saved};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;

/// At most so many houses are handed out at once.
const MOST_HOUSES: usize = 20_000;

fn on_correction(correction: CorrectionId, body: Body) -> Fact {
    Fact::new(EntityRef::new(EntityKind::Correction, correction), body)
}

/// A decision on a correction. Returning and rejecting need a reason, referring an office.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ReviewCorrection {
    pub correction: CorrectionId,
    pub decision: Decision,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub office: Option<String>,
    /// `dd/mm/yyyy`.
    #[serde(default)]
    pub answer_by: Option<String>,
}

pub async fn review_correction(app: &App, Once { params, once }: Once<ReviewCorrection>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let state = desk.correction(params.correction)?;
            let Some(proposal) = state.proposal.filter(|_| state.stage.is_open()) else {
                return Err(Code::CorrectionNotOpen.into());
            };
            if state.proposed_by == Some(desk.officer()) {
                return Err(Code::OwnProposal.into());
            }
            let reason = input::note("reason", params.reason)?;
            let office = input::line("office", params.office)?;
            let missing = match params.decision {
                Decision::Return | Decision::Reject if reason.is_none() => Some("reason"),
                Decision::Refer if office.is_none() => Some("office"),
                _ => None,
            };
            if let Some(field) = missing {
                return Err(AppError::new(Code::FieldRequired).with("field", field));
            }
            let body = CorrectionReviewed {
                decision: params.decision,
                reason,
                office,
                answer_by: input::coming_day("answer_by", params.answer_by, desk.today())?,
                register_value: desk.register_value(proposal.subject, proposal.subject_id, proposal.field)?,
            };
            Ok(on_correction(params.correction, Body::CorrectionReviewed(body)))
        })
    })
    .await
}

/// Takes back one's own decision while nothing later stands on it.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WithdrawReview {
    pub correction: CorrectionId,
    pub review: ChangeId,
    #[serde(default)]
    pub reason: Option<String>,
}

pub async fn withdraw_review(app: &App, Once { params, once }: Once<WithdrawReview>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let state = desk.correction(params.correction)?;
            let review = state.reviews.iter().find(|review| review.change == params.review);
            let review = review.ok_or_else(|| AppError::not_found("review"))?;
            if review.author != desk.officer() {
                return Err(Code::NotYourOwn.into());
            }
            let last = state.reviews.iter().rfind(|review| review.outcome == Outcome::Counted);
            let settled = matches!(state.stage, Stage::Entered | Stage::Confirmed | Stage::Withdrawn);
            if settled || last.map(|review| review.change) != Some(params.review) {
                return Err(Code::CannotBeWithdrawn.into());
            }
            let reason = input::line("reason", params.reason)?;
            let body = ReviewWithdrawn { review: params.review, reason };
            Ok(on_correction(params.correction, Body::ReviewWithdrawn(body)))
        })
    })
    .await
}

/// Someone typed an approved correction into the register.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MarkEntered {
    pub correction: CorrectionId,
    /// `dd/mm/yyyy`, not later than today.
    #[serde(default)]
    pub entered_on: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

pub async fn mark_entered(app: &App, Once { params, once }: Once<MarkEntered>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            if desk.correction(params.correction)?.stage != Stage::Approved {
                return Err(Code::CorrectionNotOpen.into());
            }
            let entered_on = input::day("entered_on", params.entered_on)?;
            let entered_on = input::past_date("entered_on", entered_on, desk.today())?;
            let body = CorrectionEntered { entered_on, note: input::note("note", params.note)? };
            Ok(on_correction(params.correction, Body::CorrectionEntered(body)))
        })
    })
    .await
}

/// Houses for one officer, or for nobody.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AssignHouseholds {
    pub households: Vec<HouseholdId>,
    #[serde(default)]
    pub officer: Option<OfficerId>,
    /// `dd/mm/yyyy`, today or later.
    #[serde(default)]
    pub due: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

/// How many houses were handed out, in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct AssignedCount {
    pub households: u32,
}

pub async fn assign_households(app: &App, Once { params, once }: Once<AssignHouseholds>) -> Result<AssignedCount> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let mut households = params.households;
            households.sort_unstable();
            households.dedup();
            match households.len() {
                0 => return Err(AppError::new(Code::FieldRequired).with("field", "households")),
                1..=MOST_HOUSES => {}
                _ => return Err(AppError::new(Code::TooMany).with("limit", MOST_HOUSES)),
            }
            if let Some(officer) = params.officer {
                require_active(desk, officer)?;
            }
            let body = Assigned {
                officer: params.officer,
                due: input::coming_day("due", params.due, desk.today())?,
                note: input::line("note", params.note)?,
            };
            let mut facts = Vec::with_capacity(households.len());
            for household in &households {
                desk.require_household(*household)?;
                let entity = EntityRef::new(EntityKind::Household, *household);
                let fact = Fact::new(entity, Body::Assigned(body.clone()));
                facts.push(if facts.is_empty() { fact.named(change) } else { fact });
            }
            Ok((AssignedCount { households: u32::try_from(households.len()).unwrap_or(u32::MAX) }, facts))
        })
    })
    .await
}

/// The hamlets and alleys an officer answers for, whole.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SetArea {
    pub officer: OfficerId,
    pub parts: Vec<AreaPart>,
}

pub async fn set_area(app: &App, Once { params, once }: Once<SetArea>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            require_active(desk, params.officer)?;
            let mut parts = Vec::with_capacity(params.parts.len());
            for part in params.parts {
                parts.push(AreaPart {
                    hamlet: input::required("hamlet", input::line("hamlet", Some(part.hamlet))?)?,
                    alley: input::line("alley", part.alley)?,
                });
            }
            let entity = EntityRef::new(EntityKind::Officer, params.officer);
            Ok(Fact::new(entity, Body::AreaSet(AreaSet { parts })))
        })
    })
    .await
}

fn require_active(desk: &Desk, officer: OfficerId) -> Result<()> {
    match desk.officer_state(officer)? {
        Some(state) if state.active => Ok(()),
        _ => Err(AppError::not_found("officer")),
    }
}
