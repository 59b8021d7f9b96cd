//! A person: of the register, or found at the door.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::change::{Body, EntityKind, EntityRef, RemovalCause, VisitKind, VisitOutcome};
use crate::field::Field;
use crate::id::{ChangeId, HouseholdId, OfficerId, PersonId};
use crate::register::{RegisterPerson, RegisterResidence, ResidenceKind};

use super::visit::visits_among;
use super::{ChangeOutcome, Counting, FoldChange, NoteState, Outcome, PhotoState, remarks::take_remark};

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the edition.
    Listed,
    /// Found at the door, not yet in the register.
    AddedAtDoor,
    /// Found at the door; the register now holds him under another id.
    Linked,
    /// Died, moved away, duplicate or never lived here.
    Removed,
    /// Once here; neither the edition nor a readable change lists him now.
    Gone,
}

/// Why and how a person left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RemovalState {
    pub change: ChangeId,
    pub author: OfficerId,
    pub cause: RemovalCause,
    pub date: Option<String>,
    pub destination: Option<String>,
    pub duplicate_of: Option<PersonId>,
    pub note: Option<String>,
}

/// One dated tie to a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ResidenceState {
    /// The change that tells of it; absent where the register does.
    pub change: Option<ChangeId>,
    pub kind: ResidenceKind,
    pub household: HouseholdId,
    pub since: Option<String>,
    pub until: Option<String>,
    pub relationship_to_head: Option<String>,
    /// Whether it is registered, where an officer said so.
    pub registered: Option<bool>,
    pub note: Option<String>,
    /// The change that ended it.
    pub ended: Option<ChangeId>,
}

/// A time away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AbsenceState {
    pub change: ChangeId,
    pub author: OfficerId,
    pub since: Option<String>,
    pub expected_return: Option<String>,
    pub destination: Option<String>,
    pub reason: Option<String>,
    pub told_by: Option<String>,
    pub phone: Option<String>,
    /// Set once it ended.
    pub ended: Option<ChangeId>,
    pub ended_on: Option<String>,
}

/// The latest meeting or call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ContactState {
    #[ts(type = "number")]
    pub at_ms: u64,
    pub by: OfficerId,
    pub kind: VisitKind,
}

/// A person as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PersonState {
    pub presence: Presence,
    pub in_register: bool,
    /// Where the person lives now; `None` for one who is gone.
    pub household: Option<HouseholdId>,
    #[ts(type = "Partial<Record<Field, string>>")]
    pub fields: BTreeMap<Field, String>,
    pub residences: Vec<ResidenceState>,
    pub removal: Option<RemovalState>,
    /// The id the register gave him.
    pub linked_to: Option<PersonId>,
    /// Oldest first; the last one is open where `ended` is `None`.
    pub absences: Vec<AbsenceState>,
    pub last_contact: Option<ContactState>,
    /// When the core fields were last said to be right, in a meeting.
    #[ts(type = "number | null")]
    pub confirmed_ms: Option<u64>,
    pub notes: Vec<NoteState>,
    pub photos: Vec<PhotoState>,
    pub outcomes: Vec<ChangeOutcome>,
}

impl PersonState {
    /// The value of a field, `None` where it is empty.
    pub fn field(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// The absence that has not ended.
    pub fn open_absence(&self) -> Option<&AbsenceState> {
        self.absences.last().filter(|absence| absence.ended.is_none())
    }

    fn of_register(base: Option<&RegisterPerson>) -> Self {
        Self {
            presence: if base.is_some() { Presence::Listed } else { Presence::Gone },
            in_register: base.is_some(),
            household: base.map(|person| person.household),
            fields: base.map(|person| person.fields.clone()).unwrap_or_default(),
            residences: base.into_iter().flat_map(|person| &person.residences).map(of_register).collect(),
            removal: None,
            linked_to: None,
            absences: Vec::new(),
            last_contact: None,
            confirmed_ms: None,
            notes: Vec::new(),
            photos: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    fn overrule(&mut self, change: &FoldChange) {
        self.outcomes.push(ChangeOutcome { change: change.header.id, outcome: Outcome::Overruled });
    }
}

fn of_register(residence: &RegisterResidence) -> ResidenceState {
    ResidenceState {
        change: None,
        kind: residence.kind,
        household: residence.household,
        since: residence.since.clone(),
        until: residence.until.clone(),
        relationship_to_head: residence.relationship_to_head.clone(),
        registered: None,
        note: None,
        ended: None,
    }
}

/// `None` where neither the register nor any change tells of the person. For a person that `PersonLinked` names, the
/// changes include those that touch the id given at the door. `id` is the person folded.
pub fn fold_person(id: PersonId, base: Option<&RegisterPerson>, changes: &[FoldChange]) -> Option<PersonState> {
    let own = EntityRef::new(EntityKind::Person, id);
    let counting = Counting::of(own, changes);
    if base.is_none() && counting.changes.is_empty() && !changes.iter().any(|change| change.header.entity == own) {
        return None;
    }
    let names = Names::of(id, &counting.changes);
    let mut state = PersonState::of_register(base);
    state.outcomes = counting.outcomes.clone();
    take_founding(&names, &mut state, &counting.changes);
    for (change, body) in &counting.changes {
        if !take_remark(change, body, &mut state.notes, &mut state.photos) {
            take_event(&names, &mut state, change, body);
        }
    }
    take_ends(&mut state, &counting.changes);
    take_contacts(&names, &mut state, &counting.changes);
    if state.linked_to.is_some() {
        state.presence = Presence::Linked;
    } else if state.removal.is_some() {
        state.presence = Presence::Removed;
    }
    Some(state)
}

/// The ids by which changes call one person: his own, and those given at the door that the register joined to it.
struct Names {
    own: PersonId,
    at_door: Vec<PersonId>,
}

impl Names {
    fn of(own: PersonId, changes: &[(&FoldChange, &Body)]) -> Self {
        let joined = |(change, body): &(&FoldChange, &Body)| match body {
            Body::PersonLinked(linked) if linked.register_person == own => Some(change.header.entity.id.into()),
            _ => None,
        };
        Self { own, at_door: changes.iter().filter_map(joined).collect() }
    }

    fn any_of(&self, persons: &[PersonId]) -> bool {
        persons.iter().any(|person| *person == self.own || self.at_door.contains(person))
    }
}

/// The addition at the door and the link, wherever a restored log put them.
fn take_founding(names: &Names, state: &mut PersonState, changes: &[(&FoldChange, &Body)]) {
    let mut founded = state.in_register;
    for (change, body) in changes {
        match body {
            Body::PersonAdded(added) if !founded => {
                founded = true;
                state.presence = Presence::AddedAtDoor;
                state.household = Some(added.household);
                state.fields = added.fields.clone();
                state.residences.push(ResidenceState {
                    change: Some(change.header.id),
                    kind: added.residence,
                    household: added.household,
                    since: added.since.clone(),
                    until: None,
                    relationship_to_head: added.fields.get(&Field::RelationshipToHead).cloned(),
                    registered: None,
                    note: added.reason.clone(),
                    ended: None,
                });
            }
            Body::PersonAdded(_) => state.overrule(change),
            Body::PersonLinked(linked) if linked.register_person != names.own => {
                state.linked_to = Some(linked.register_person);
            }
            _ => {}
        }
    }
}

fn take_event(names: &Names, state: &mut PersonState, change: &FoldChange, body: &Body) {
    let header = &change.header;
    match body {
        Body::PersonRemoved(removed) => {
            if state.removal.is_some() {
                return state.overrule(change);
            }
            state.removal = Some(RemovalState {
                change: header.id,
                author: header.author,
                cause: removed.cause,
                date: removed.date.clone(),
                destination: removed.destination.clone(),
                duplicate_of: removed.duplicate_of,
                note: removed.note.clone(),
            });
        }
        Body::PersonMoved(moved) => take_move(state, change, moved.from, moved.to),
        Body::HouseholdSplit(split) if names.any_of(&split.persons) => {
            take_move(state, change, split.from, header.entity.id.into());
        }
        Body::TemporaryResidenceBegun(begun) => state.residences.push(ResidenceState {
            change: Some(header.id),
            kind: ResidenceKind::Temporary,
            household: begun.household,
            since: begun.since.clone(),
            until: begun.until.clone(),
            relationship_to_head: None,
            registered: Some(begun.registered),
            note: begun.note.clone(),
            ended: None,
        }),
        Body::AbsenceBegun(begun) => state.absences.push(AbsenceState {
            change: header.id,
            author: header.author,
            since: begun.since.clone(),
            expected_return: begun.expected_return.clone(),
            destination: begun.destination.clone(),
            reason: begun.reason.clone(),
            told_by: begun.told_by.clone(),
            phone: begun.phone.clone(),
            ended: None,
            ended_on: None,
        }),
        _ => {}
    }
}

/// What ends something is taken after all beginnings, so that a restored log may hold them either way round.
fn take_ends(state: &mut PersonState, changes: &[(&FoldChange, &Body)]) {
    let place = |id: ChangeId| changes.iter().position(|(change, _)| change.header.id == id);
    for (at, (change, body)) in changes.iter().enumerate() {
        let ending = change.header.id;
        let found = match body {
            Body::TemporaryResidenceEnded(ended) => {
                let is_meant = |residence: &&mut ResidenceState| {
                    residence.kind == ResidenceKind::Temporary
                        && residence.ended.is_none()
                        && residence.change == ended.begun
                };
                let residence = state.residences.iter_mut().rev().find(is_meant);
                residence.map(|residence| {
                    residence.ended = Some(ending);
                    residence.until = ended.date.clone().or_else(|| residence.until.clone());
                })
            }
            Body::AbsenceEnded(ended) => {
                let is_meant = |absence: &&mut AbsenceState| {
                    absence.ended.is_none()
                        && match ended.begun {
                            Some(begun) => absence.change == begun,
                            None => place(absence.change).is_some_and(|begun| begun < at),
                        }
                };
                let absence = state.absences.iter_mut().rev().find(is_meant);
                absence.map(|absence| {
                    absence.ended = Some(ending);
                    absence.ended_on = ended.date.clone();
                })
            }
            _ => continue,
        };
        if found.is_none() {
            state.overrule(change);
        }
    }
}

/// A move counts where it starts from the household the person is in; the first of two in the log therefore counts.
fn take_move(state: &mut PersonState, change: &FoldChange, from: HouseholdId, to: HouseholdId) {
    if state.household == Some(from) {
        state.household = Some(to);
    } else if state.household != Some(to) {
        state.overrule(change);
    }
}

fn take_contacts(names: &Names, state: &mut PersonState, changes: &[(&FoldChange, &Body)]) {
    for seen in visits_among(changes) {
        let answered = matches!(seen.visit.outcome, VisitOutcome::Met | VisitOutcome::Partial);
        let later = state.last_contact.as_ref().is_none_or(|known| known.at_ms < seen.ended_ms);
        if answered && later && names.any_of(&seen.visit.met) {
            state.last_contact = Some(ContactState { at_ms: seen.ended_ms, by: seen.author, kind: seen.visit.kind });
        }
    }
    for (change, body) in changes {
        if let Body::EveryoneAsListed(listed) = body
            && names.any_of(&listed.persons)
        {
            let at_ms = change.at_ms(change.header.wall_clock_ms);
            state.confirmed_ms = Some(state.confirmed_ms.map_or(at_ms, |known| known.max(at_ms)));
        }
    }
}
