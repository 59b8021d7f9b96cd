//! Corrections as an officer makes them: a value of the register, the paper, what the resident says, and what it should
//! be. The class of a difference is the domain's; nothing is decided here.

use domain::change::{
    Body, CorrectionProposed, CorrectionWithdrawn, EntityKind, EntityRef, Evidence, PaperRef, PhotoRef,
};
use domain::field::{Field, Subject};
use domain::id::{ChangeId, CorrectionId, EntityId, HouseholdId, PhotoHash, VisitId};
use serde::{Deserialize, Serialize};
use store::{Difference, compare};

use super::{Desk, Fact, Saved};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;
use crate::picture::PhotoSource;

const MOST_EVIDENCE: usize = 20;

/// A paper that was seen.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PaperInput {
    /// `id_card`, `birth_certificate`, … an editable list.
    pub kind: String,
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub date: Option<String>,
}

/// A paper that proves the value, and where it was photographed the photo and the rectangle of it.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct EvidenceInput {
    pub paper: PaperInput,
    /// Attached before, with its legal reason.
    #[serde(default)]
    pub photo: Option<PhotoHash>,
    /// `[left, top, width, height]` in ten-thousandths of the photo's sides.
    #[serde(default)]
    pub rectangle: Option<[u16; 4]>,
    /// The crop, a picture of its own: it travels before the whole photo.
    #[serde(default)]
    pub crop: Option<PhotoSource>,
}

/// A proposal to change one field. What the register says is read here, not taken from the screen.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ProposeCorrection {
    pub subject: Subject,
    pub subject_id: EntityId,
    pub field: Field,
    #[serde(default)]
    pub paper_value: Option<String>,
    #[serde(default)]
    pub statement_value: Option<String>,
    /// Empty or absent proposes an empty column.
    #[serde(default)]
    pub proposed_value: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub evidence: Vec<EvidenceInput>,
    #[serde(default)]
    pub household: Option<HouseholdId>,
    #[serde(default)]
    pub visit: Option<VisitId>,
}

/// The proposal that was saved.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct Proposed {
    pub correction: CorrectionId,
    pub register_value: Option<String>,
    pub difference: Difference,
    /// The unit's policy asks for two approvals.
    pub needs_two_people: bool,
}

/// A proposal with its change.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct CorrectionSaved {
    pub change: ChangeId,
    pub proposed: Proposed,
}

pub async fn propose_correction(app: &App, Once { params, once }: Once<ProposeCorrection>) -> Result<CorrectionSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            let (proposed, fact) = propose(desk, params, None)?;
            Ok((CorrectionSaved { change, proposed }, vec![fact.named(change)]))
        })
    })
    .await
}

/// Checks a proposal and makes it a fact, of a visit that is saved with it or of the one it names.
pub(super) fn propose(
    desk: &Desk,
    input: ProposeCorrection,
    at: Option<(VisitId, HouseholdId)>,
) -> Result<(Proposed, Fact)> {
    let field = input.field;
    if field.subject() != input.subject {
        return Err(AppError::new(Code::ValueNotAllowed).with("field", field.column()));
    }
    if input.evidence.len() > MOST_EVIDENCE {
        return Err(AppError::new(Code::TooMany).with("limit", MOST_EVIDENCE));
    }
    let register_value = desk.register_value(input.subject, input.subject_id, field)?;
    let proposed_value = input::register_value(field, input.proposed_value, desk.today())?;
    if proposed_value == register_value {
        return Err(AppError::new(Code::CorrectionChangesNothing).with("field", field.column()));
    }
    let (evidence, photos) = check_evidence(desk, input.evidence)?;
    let difference = compare(field, register_value.as_deref(), proposed_value.as_deref());
    let correction = CorrectionId(desk.fresh_id());
    let body = CorrectionProposed {
        subject: input.subject,
        subject_id: input.subject_id,
        household: at.map(|(_, household)| household).or(input.household),
        field,
        register_value: register_value.clone(),
        paper_value: input::line("paper_value", input.paper_value)?,
        statement_value: input::line("statement_value", input.statement_value)?,
        proposed_value,
        reason: input::note("reason", input.reason)?,
        evidence,
        visit: at.map(|(visit, _)| visit).or(input.visit),
    };
    let entity = EntityRef::new(EntityKind::Correction, correction);
    let fact = Fact { photos, ..Fact::new(entity, Body::CorrectionProposed(body)) };
    let needs_two_people = desk.store.needs_two_people(field)?;
    Ok((Proposed { correction, register_value, difference, needs_two_people }, fact))
}

fn check_evidence(desk: &Desk, evidence: Vec<EvidenceInput>) -> Result<(Vec<Evidence>, Vec<PhotoRef>)> {
    let mut photos: Vec<PhotoRef> = Vec::new();
    let mut checked = Vec::new();
    for EvidenceInput { paper, photo, rectangle, crop } in evidence {
        if let Some(photo) = photo {
            photos.push(desk.photo_ref(photo)?);
        } else if crop.is_some() {
            return Err(AppError::new(Code::FieldRequired).with("field", "photo"));
        }
        let crop = crop.map(|crop| desk.keep_photo(crop.read()?)).transpose()?;
        photos.extend(crop.clone());
        let inside = |[left, top, width, height]: [u16; 4]| {
            let reaches = |from: u16, by: u16| u32::from(from) + u32::from(by) <= 10_000 && by > 0;
            reaches(left, width) && reaches(top, height)
        };
        if rectangle.is_some_and(|rectangle| photo.is_none() || !inside(rectangle)) {
            return Err(AppError::new(Code::ValueNotAllowed).with("field", "rectangle"));
        }
        let crop = crop.map(|crop| crop.hash);
        checked.push(Evidence { paper: check_paper(paper)?, photo, rectangle, crop });
    }
    photos.sort_by_key(|photo| photo.hash);
    photos.dedup();
    Ok((checked, photos))
}

fn check_paper(paper: PaperInput) -> Result<PaperRef> {
    Ok(PaperRef {
        kind: input::required("paper_kind", input::line("paper_kind", Some(paper.kind))?)?,
        number: input::line("paper_number", paper.number)?,
        date: input::partial_date("paper_date", paper.date)?,
    })
}

/// Takes back one's own proposal while nothing has settled it.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WithdrawCorrection {
    pub correction: CorrectionId,
    #[serde(default)]
    pub reason: Option<String>,
}

pub async fn withdraw_correction(app: &App, Once { params, once }: Once<WithdrawCorrection>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let state = desk.correction(params.correction)?;
            if state.proposed_by != Some(desk.officer()) {
                return Err(Code::NotYourOwn.into());
            }
            if !state.stage.is_open() && state.stage != domain::fold::Stage::Returned {
                return Err(Code::CorrectionNotOpen.into());
            }
            let body = CorrectionWithdrawn { reason: input::line("reason", params.reason)? };
            let entity = EntityRef::new(EntityKind::Correction, params.correction);
            Ok(Fact::new(entity, Body::CorrectionWithdrawn(body)))
        })
    })
    .await
}

/// Values of one field from two or three sources.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct CompareValues {
    pub field: Field,
    #[serde(default)]
    pub register_value: Option<String>,
    #[serde(default)]
    pub paper_value: Option<String>,
    #[serde(default)]
    pub statement_value: Option<String>,
    #[serde(default)]
    pub proposed_value: Option<String>,
}

/// How each stands to the register, and what is wrong with the proposed one.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct Comparison {
    pub paper: Difference,
    pub statement: Difference,
    pub proposed: Difference,
    /// Why the proposed value would be refused, if it would.
    pub refusal: Option<AppError>,
}

/// While someone types: never fails for what is half typed.
pub async fn compare_values(app: &App, params: CompareValues) -> Result<Comparison> {
    let CompareValues { field, register_value, paper_value, statement_value, proposed_value } = params;
    let to_register = |value: &Option<String>| compare(field, register_value.as_deref(), value.as_deref());
    Ok(Comparison {
        paper: to_register(&paper_value),
        statement: to_register(&statement_value),
        proposed: to_register(&proposed_value),
        refusal: input::register_value(field, proposed_value, app.today()).err(),
    })
}
