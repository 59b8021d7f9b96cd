//! Photos of papers, notes, and taking back an everyday event.

use domain::change::{
    Body, EntityKind, EntityRef, EventWithdrawn, NoteWritten, PhotoAttached, PhotoReason, PhotoRef, kind,
};
use domain::id::{ChangeId, VisitId};
use serde::{Deserialize, Serialize};
use store::Window;

use super::{Desk, Fact, Saved};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;
use crate::picture::{PhotoSource, Picture};

const MOST_PHOTOS: usize = 20;

/// The photos of one paper of a person, a household or a dwelling. Without a legal reason there is no photo: an officer
/// must reuse what databases hold (Luật Cư trú as amended by Luật 118/2025).
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AttachPhoto {
    pub entity: EntityRef,
    pub photos: Vec<PhotoSource>,
    /// `id_card`, `birth_certificate`, `household_book`, … an editable list.
    pub document_kind: String,
    #[serde(default)]
    pub document_number: Option<String>,
    #[serde(default)]
    pub document_date: Option<String>,
    #[serde(default)]
    pub reason: Option<PhotoReason>,
    /// Needed for `other`.
    #[serde(default)]
    pub reason_text: Option<String>,
    #[serde(default)]
    pub visit: Option<VisitId>,
}

/// The photos that were saved, in the order in which they were given.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct PhotosSaved {
    pub change: ChangeId,
    pub photos: Vec<PhotoRef>,
}

pub async fn attach_photo(app: &App, Once { params, once }: Once<AttachPhoto>) -> Result<PhotosSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            require_remarkable(desk, params.entity)?;
            let paper = check_paper(desk, &params)?;
            match params.photos.len() {
                0 => return Err(AppError::new(Code::FieldRequired).with("field", "photos")),
                1..=MOST_PHOTOS => {}
                _ => return Err(AppError::new(Code::TooMany).with("limit", MOST_PHOTOS)),
            }
            // All are read before the first is kept: one that is refused leaves nothing behind.
            let pictures = params.photos.iter().map(PhotoSource::read).collect::<Result<Vec<Picture>>>()?;
            let photos =
                pictures.into_iter().map(|picture| desk.keep_photo(picture)).collect::<Result<Vec<PhotoRef>>>()?;
            let mut named = photos.clone();
            named.sort_by_key(|photo| photo.hash);
            named.dedup();
            let fact = Fact { photos: named, ..Fact::new(params.entity, Body::PhotoAttached(paper)) };
            Ok((PhotosSaved { change, photos }, vec![fact.named(change)]))
        })
    })
    .await
}

fn check_paper(desk: &Desk, params: &AttachPhoto) -> Result<PhotoAttached> {
    let reason = params.reason.ok_or(Code::PhotoReasonRequired)?;
    let reason_text = input::line("reason_text", params.reason_text.clone())?;
    if reason == PhotoReason::Other && reason_text.is_none() {
        return Err(Code::PhotoReasonRequired.into());
    }
    let document_kind = input::line("document_kind", Some(params.document_kind.clone()))?;
    Ok(PhotoAttached {
        document_kind: input::required("document_kind", document_kind)?,
        document_number: input::line("document_number", params.document_number.clone())?,
        document_date: input::past_date("document_date", params.document_date.clone(), desk.today())?,
        reason,
        reason_text,
        visit: params.visit,
    })
}

/// A note on a person, a household or a dwelling.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WriteNote {
    pub entity: EntityRef,
    pub text: String,
}

pub async fn write_note(app: &App, Once { params, once }: Once<WriteNote>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            require_remarkable(desk, params.entity)?;
            let text = input::required("text", input::note("text", Some(params.text))?)?;
            Ok(Fact::new(params.entity, Body::NoteWritten(NoteWritten { text })))
        })
    })
    .await
}

fn require_remarkable(desk: &Desk, entity: EntityRef) -> Result<()> {
    match entity.kind {
        EntityKind::Person => desk.require_person(entity.id.into()),
        EntityKind::Household => desk.require_household(entity.id.into()),
        EntityKind::Dwelling => desk.require_dwelling(entity.id.into()),
        _ => Err(AppError::new(Code::ValueNotAllowed).with("field", "entity")),
    }
}

/// Takes back an everyday event: a removal, a move, an absence, a note, a photo, an entering into the register …
/// Visits are amended, proposals and decisions have their own. One's own, or as a supervisor anyone's.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct WithdrawEvent {
    /// On what it stands.
    pub entity: EntityRef,
    pub change: ChangeId,
    #[serde(default)]
    pub reason: Option<String>,
}

pub async fn withdraw_event(app: &App, Once { params, once }: Once<WithdrawEvent>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let history = desk.store.history(params.entity, Window::first(u32::MAX))?;
            let event = history.iter().find(|event| event.change == params.change);
            let event = event.ok_or_else(|| AppError::not_found("event"))?;
            let body =
                event.body.as_ref().filter(|body| kind::TAKEN_BACK.contains(&body.kind()) && event.outcome.is_none());
            let body = body.ok_or(Code::CannotBeWithdrawn)?;
            if event.author != desk.officer() && !desk.is_supervisor() {
                return Err(Code::NotYourOwn.into());
            }
            let reason = input::line("reason", params.reason)?;
            let touched = body.touches(event.entity);
            let withdrawn = Body::EventWithdrawn(EventWithdrawn { change: params.change, reason, touched });
            Ok(Fact::new(event.entity, withdrawn))
        })
    })
    .await
}
