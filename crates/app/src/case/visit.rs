//! Visits: recorded, amended, and the ordinary one at which everything was as listed.

use domain::change::{
    Body, EntityKind, EntityRef, EveryoneAsListed, VisitAmended, VisitKind, VisitOutcome, VisitRecord, VisitRecorded,
};
use domain::id::{ChangeId, HouseholdId, PersonId, VisitId};
use serde::{Deserialize, Serialize};

use super::correction::{ProposeCorrection, Proposed};
use super::{Desk, Fact, Saved};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;

/// More people than that are met in no household, and a change has to fit its batch.
const MOST_PEOPLE: usize = 1000;
/// More corrections than that are no single visit's work.
const MOST_CORRECTIONS: usize = 100;

/// What was seen and heard at one door. Times are Unix milliseconds.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct VisitInput {
    pub household: HouseholdId,
    pub kind: VisitKind,
    pub outcome: VisitOutcome,
    /// Members who were met; someone has to be, or `met_other`, where the outcome says met or partial.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub met: Vec<PersonId>,
    /// Someone met who is in no list.
    #[serde(default)]
    pub met_other: Option<String>,
    pub started_ms: u64,
    pub ended_ms: u64,
    /// `dd/mm/yyyy`, today or later.
    #[serde(default)]
    pub next_visit: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// Who interpreted, where someone did.
    #[serde(default)]
    pub interpreter: Option<String>,
}

/// A visit with what was found at it, saved together or not at all.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RecordVisit {
    pub visit: VisitInput,
    /// People who are present and whose core fields were said to be right, in this meeting.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub as_listed: Vec<PersonId>,
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub corrections: Vec<ProposeCorrection>,
}

/// The visit that was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct VisitSaved {
    pub visit: VisitId,
    pub change: ChangeId,
    /// In the order in which they were given.
    pub corrections: Vec<Proposed>,
}

pub async fn record_visit(app: &App, Once { params, once }: Once<RecordVisit>) -> Result<VisitSaved> {
    app.write(move |desk| desk.once(once, |change| record(desk, params, change))).await
}

fn record(desk: &Desk, params: RecordVisit, change: ChangeId) -> Result<(VisitSaved, Vec<Fact>)> {
    if params.corrections.len() > MOST_CORRECTIONS {
        return Err(AppError::new(Code::TooMany).with("limit", MOST_CORRECTIONS));
    }
    let visit = VisitId(desk.fresh_id());
    let household = params.visit.household;
    desk.require_household(household)?;
    let record = check_visit(desk, params.visit)?;
    let mut facts = vec![
        Fact::new(EntityRef::new(EntityKind::Visit, visit), Body::VisitRecorded(VisitRecorded { visit: record }))
            .named(change),
    ];
    if !params.as_listed.is_empty() {
        facts.push(as_listed(desk, household, visit, params.as_listed)?);
    }
    let mut corrections = Vec::new();
    for proposal in params.corrections {
        let (proposed, fact) = super::correction::propose(desk, proposal, Some((visit, household)))?;
        corrections.push(proposed);
        facts.push(fact);
    }
    Ok((VisitSaved { visit, change, corrections }, facts))
}

/// The ordinary visit in one key: met at the door, everyone who lives here is as listed.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RecordOrdinaryVisit {
    pub household: HouseholdId,
    pub started_ms: u64,
}

pub async fn record_ordinary_visit(app: &App, Once { params, once }: Once<RecordOrdinaryVisit>) -> Result<VisitSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let household = params.household;
            let members = desk.members_present(household)?;
            if members.is_empty() {
                return Err(Code::NobodyMet.into());
            }
            let visit = VisitId(desk.fresh_id());
            let now_ms = desk.now_ms();
            let record = VisitRecord {
                household,
                kind: VisitKind::AtTheDoor,
                outcome: VisitOutcome::Met,
                met: members.clone(),
                met_other: None,
                started_ms: params.started_ms.min(now_ms),
                ended_ms: now_ms,
                next_visit: None,
                note: None,
                interpreter: None,
            };
            let recorded = Fact::new(
                EntityRef::new(EntityKind::Visit, visit),
                Body::VisitRecorded(VisitRecorded { visit: record }),
            );
            let listed = as_listed(desk, household, visit, members)?;
            let saved = VisitSaved { visit, change, corrections: Vec::new() };
            Ok((saved, vec![recorded.named(change), listed]))
        })
    })
    .await
}

/// A visit as it should have been recorded, whole.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AmendVisit {
    pub id: VisitId,
    pub visit: VisitInput,
    #[serde(default)]
    pub reason: Option<String>,
}

pub async fn amend_visit(app: &App, Once { params, once }: Once<AmendVisit>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let before = desk.visit(params.id)?;
            if before.author != desk.officer() && !desk.is_supervisor() {
                return Err(Code::NotYourOwn.into());
            }
            desk.require_household(params.visit.household)?;
            // A next visit that was set then may be past by now.
            let mut visit = params.visit;
            let kept_next = visit.next_visit.take_if(|next| before.visit.next_visit.as_ref() == Some(next));
            let mut record = check_visit(desk, visit)?;
            record.next_visit = record.next_visit.or(kept_next);
            let body = VisitAmended { visit: record, reason: input::line("reason", params.reason)? };
            Ok(Fact::new(EntityRef::new(EntityKind::Visit, params.id), Body::VisitAmended(body)))
        })
    })
    .await
}

fn check_visit(desk: &Desk, visit: VisitInput) -> Result<VisitRecord> {
    let met_other = input::line("met_other", visit.met_other)?;
    let mut met = visit.met;
    met.sort_unstable();
    met.dedup();
    if met.len() > MOST_PEOPLE {
        return Err(AppError::new(Code::TooMany).with("limit", MOST_PEOPLE));
    }
    for person in &met {
        desk.require_person(*person)?;
    }
    let meets_someone = matches!(visit.outcome, VisitOutcome::Met | VisitOutcome::Partial);
    if meets_someone && met.is_empty() && met_other.is_none() {
        return Err(Code::NobodyMet.into());
    }
    if visit.ended_ms < visit.started_ms {
        return Err(Code::VisitEndsBeforeItStarts.into());
    }
    Ok(VisitRecord {
        household: visit.household,
        kind: visit.kind,
        outcome: visit.outcome,
        met,
        met_other,
        started_ms: visit.started_ms,
        ended_ms: visit.ended_ms,
        next_visit: input::coming_day("next_visit", visit.next_visit, desk.today())?,
        note: input::note("note", visit.note)?,
        interpreter: input::line("interpreter", visit.interpreter)?,
    })
}

fn as_listed(desk: &Desk, household: HouseholdId, visit: VisitId, mut persons: Vec<PersonId>) -> Result<Fact> {
    persons.sort_unstable();
    persons.dedup();
    let members = desk.members(household)?;
    if persons.iter().any(|person| !members.contains(person)) {
        return Err(Code::NotOfThisHousehold.into());
    }
    let body = Body::EveryoneAsListed(EveryoneAsListed { visit, persons });
    Ok(Fact::new(EntityRef::new(EntityKind::Household, household), body))
}
