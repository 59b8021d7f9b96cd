//! What a use case has before it: the open profile, the time, and the few questions that many of them ask.

use std::sync::Arc;

use domain::change::{Body, EntityKind, EntityRef, PhotoRef};
use domain::field::{Field, Subject};
use domain::fold::{CorrectionState, OfficerState, PersonState, VisitState};
use domain::id::{ChangeId, CorrectionId, DwellingId, EntityId, HouseholdId, OfficerId, PersonId, PhotoHash, VisitId};
use domain::role::Role;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{CorrectionRow, Draft, HouseholdView, Profile, Store, StoreError};
use sync::message::{AccessAction, AccessDetail};
use uuid::Uuid;

use super::Saved;
use crate::error::{AppError, Code, Result};
use crate::picture::Picture;
use crate::session::Session;

/// The open profile and the time of one command.
pub struct Desk {
    pub store: Arc<Store>,
    pub profile: Arc<Profile>,
    now_ms: u64,
    today: Date,
}

/// A change about to be made.
pub struct Fact {
    /// The id of the change; a fresh one where there is none.
    pub id: Option<ChangeId>,
    pub entity: EntityRef,
    pub body: Body,
    /// Kept before.
    pub photos: Vec<PhotoRef>,
}

impl Fact {
    /// Without photos.
    pub fn new(entity: EntityRef, body: Body) -> Self {
        Self { id: None, entity, body, photos: Vec::new() }
    }

    /// Of several facts the one that has the command's id.
    pub fn named(self, id: ChangeId) -> Self {
        Self { id: Some(id), ..self }
    }
}

impl Desk {
    pub fn new(session: &Session, now_ms: u64, today: Date) -> Self {
        Self { store: session.store.clone(), profile: session.profile.clone(), now_ms, today }
    }

    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub fn today(&self) -> Date {
        self.today
    }

    pub fn officer(&self) -> OfficerId {
        self.profile.officer
    }

    pub fn is_supervisor(&self) -> bool {
        self.profile.role == Role::Supervisor
    }

    /// For something that is new.
    pub fn fresh_id(&self) -> Uuid {
        store::uuid(self.now_ms)
    }

    /// Makes changes, all or none; durable when this returns. `make` is given the id of the change that its answer names,
    /// and gives the answer with the facts, one of them [`Fact::named`] so: after the saving nothing can fail any more.
    /// Asked again with the same `once`, nothing is made and the answer is the one of before.
    ///
    /// # Errors
    /// Those of `make`; `already_saved` where the id was used and its answer is no longer kept.
    pub fn once<T: Serialize + DeserializeOwned>(
        &self,
        once: Option<ChangeId>,
        make: impl FnOnce(ChangeId) -> Result<(T, Vec<Fact>)>,
    ) -> Result<T> {
        let Some(id) = once else {
            let (answer, facts) = make(ChangeId(self.fresh_id()))?;
            self.store.transact(self.now_ms, self.drafts(facts)).map_err(unsaved)?;
            return Ok(answer);
        };
        if let Some(answer) = self.store.answer(id)? {
            return read_answer(&answer);
        }
        let (answer, facts) = make(id)?;
        let json = serde_json::to_string(&answer).map_err(|_| AppError::new(Code::Internal).with("cause", "answer"))?;
        match self.store.transact_once(self.now_ms, id, self.drafts(facts), &json).map_err(unsaved)? {
            Some(earlier) => read_answer(&earlier),
            None => Ok(answer),
        }
    }

    /// Makes one change.
    pub fn save_once(&self, once: Option<ChangeId>, make: impl FnOnce() -> Result<Fact>) -> Result<Saved> {
        self.once(once, |change| Ok((Saved { change }, vec![make()?.named(change)])))
    }

    fn drafts(&self, facts: Vec<Fact>) -> Vec<Draft> {
        let draft = |fact: Fact| {
            let new = Draft::new(self.now_ms, fact.entity, fact.body);
            Draft { id: fact.id.unwrap_or(new.id), photos: fact.photos, ..new }
        };
        facts.into_iter().map(draft).collect()
    }

    /// Keeps a photo before the change that names it.
    pub fn keep_photo(&self, picture: Picture) -> Result<PhotoRef> {
        Ok(self.store.keep_photo(&picture.bytes, picture.media_type, self.now_ms)?)
    }

    /// A photo that is here, as a change names it.
    pub fn photo_ref(&self, hash: PhotoHash) -> Result<PhotoRef> {
        let photo = self.store.photo(hash)?.ok_or(crate::error::Code::PhotoMissing)?;
        Ok(PhotoRef { hash, bytes: photo.bytes.len() as u64, media_type: photo.media_type })
    }

    /// Writes down that someone was looked at.
    pub fn log_access(
        &self,
        action: AccessAction,
        entity: Option<EntityRef>,
        detail: Option<AccessDetail>,
    ) -> Result<()> {
        self.store.log_access(self.now_ms, action, entity, detail)?;
        Ok(())
    }

    pub fn person(&self, person: PersonId) -> Result<PersonState> {
        Ok(self.store.person(person, self.today)?.ok_or_else(|| AppError::not_found("person"))?.state)
    }

    pub fn household(&self, household: HouseholdId) -> Result<HouseholdView> {
        self.store.household(household, self.today)?.ok_or_else(|| AppError::not_found("household"))
    }

    /// Everyone of a household, those who left included.
    pub fn members(&self, household: HouseholdId) -> Result<Vec<PersonId>> {
        Ok(self.household(household)?.members.iter().map(|member| member.person).collect())
    }

    /// Those of a household who live there and are not away.
    pub fn members_present(&self, household: HouseholdId) -> Result<Vec<PersonId>> {
        let members = self.household(household)?.members.into_iter();
        let is_present = |state: &PersonState| state.removal.is_none() && state.open_absence().is_none();
        Ok(members.filter(|member| is_present(&member.state)).map(|member| member.person).collect())
    }

    pub fn visit(&self, visit: VisitId) -> Result<VisitState> {
        self.store.visit(visit)?.ok_or_else(|| AppError::not_found("visit"))
    }

    pub fn correction_row(&self, correction: CorrectionId) -> Result<CorrectionRow> {
        self.store.correction(correction)?.ok_or_else(|| AppError::not_found("correction"))
    }

    pub fn correction(&self, correction: CorrectionId) -> Result<CorrectionState> {
        Ok(self.correction_row(correction)?.state)
    }

    pub fn officer_state(&self, officer: OfficerId) -> Result<Option<OfficerState>> {
        let known = self.store.officers()?.into_iter().find(|known| known.officer == officer);
        Ok(known.map(|known| known.state))
    }

    /// What the register says today; `None` for an empty column.
    ///
    /// # Errors
    /// `not_found` for a subject that is not here.
    pub fn register_value(&self, subject: Subject, id: EntityId, field: Field) -> Result<Option<String>> {
        self.require(match subject {
            Subject::Person => EntityRef::new(EntityKind::Person, id),
            Subject::Household => EntityRef::new(EntityKind::Household, id),
            Subject::Dwelling => EntityRef::new(EntityKind::Dwelling, id),
        })?;
        Ok(self.store.register_value(subject, id, field)?)
    }

    pub fn require_person(&self, person: PersonId) -> Result<()> {
        self.require(EntityRef::new(EntityKind::Person, person))
    }

    pub fn require_household(&self, household: HouseholdId) -> Result<()> {
        self.require(EntityRef::new(EntityKind::Household, household))
    }

    pub fn require_dwelling(&self, dwelling: DwellingId) -> Result<()> {
        self.require(EntityRef::new(EntityKind::Dwelling, dwelling))
    }

    /// Whether it is here at all: a change on what nobody knows would be lost to everyone's eyes.
    fn require(&self, entity: EntityRef) -> Result<()> {
        match self.store.is_known(entity)? {
            true => Ok(()),
            false => Err(AppError::not_found(match entity.kind {
                EntityKind::Person => "person",
                EntityKind::Household => "household",
                _ => "dwelling",
            })),
        }
    }
}

/// The id belongs to another command, or to another kind of thing.
fn read_answer<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| Code::AlreadySaved.into())
}

/// What no batch could carry is told as such: nothing came from a server here.
fn unsaved(error: StoreError) -> AppError {
    match error {
        StoreError::Wire(sync::WireError::TooLarge { limit_bytes }) => {
            AppError::new(Code::ChangeTooLarge).with("limit_bytes", limit_bytes)
        }
        error => error.into(),
    }
}
