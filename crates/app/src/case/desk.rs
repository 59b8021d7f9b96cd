//! What a use case has before it: the open profile, the time, and the few questions that many of them ask.

use std::sync::Arc;

use domain::change::{Body, EntityKind, EntityRef, PhotoRef};
use domain::field::{Field, Subject};
use domain::fold::{CorrectionState, OfficerState, PersonState, VisitState};
use domain::id::{ChangeId, CorrectionId, DwellingId, EntityId, HouseholdId, OfficerId, PersonId, PhotoHash, VisitId};
use domain::role::Role;
use jiff::civil::Date;
use store::{CorrectionRow, Draft, HouseholdView, Profile, Store};
use sync::message::{AccessAction, AccessDetail};
use uuid::Uuid;

use super::Saved;
use crate::error::{AppError, Result};
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
    pub entity: EntityRef,
    pub body: Body,
    /// Kept before.
    pub photos: Vec<PhotoRef>,
}

impl Fact {
    /// Without photos.
    pub fn new(entity: EntityRef, body: Body) -> Self {
        Self { entity, body, photos: Vec::new() }
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

    /// Makes changes, all or none; durable when this returns.
    pub fn transact(&self, facts: Vec<Fact>) -> Result<Vec<ChangeId>> {
        let drafts = facts
            .into_iter()
            .map(|fact| Draft { photos: fact.photos, ..Draft::new(self.now_ms, fact.entity, fact.body) })
            .collect();
        Ok(self.store.transact(self.now_ms, drafts)?)
    }

    /// Makes one change.
    pub fn save(&self, fact: Fact) -> Result<Saved> {
        let change = *self.transact(vec![fact])?.first().expect("one change is made of one fact");
        Ok(Saved { change })
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
