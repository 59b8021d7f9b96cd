//! Everyday events of people: found at the door, gone, moved, away for a while.

use std::collections::BTreeMap;

use domain::change::{
    AbsenceBegun, AbsenceEnded, Body, EntityKind, EntityRef, PersonAdded, PersonMoved, PersonRemoved, RemovalCause,
    TemporaryResidenceBegun, TemporaryResidenceEnded,
};
use domain::field::{Field, Subject};
use domain::fold::Presence;
use domain::id::{ChangeId, HouseholdId, PersonId};
use domain::register::ResidenceKind;
use serde::{Deserialize, Serialize};

use super::{Desk, Fact, Saved};
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::input;
use crate::once::Once;

fn on_person(person: PersonId, body: Body) -> Fact {
    Fact::new(EntityRef::new(EntityKind::Person, person), body)
}

/// Someone found at the door who is in no list. The full name is needed, everything else as far as it is known.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AddPerson {
    pub household: HouseholdId,
    #[ts(type = "Partial<Record<Field, string>>")]
    pub fields: BTreeMap<Field, String>,
    pub residence: ResidenceKind,
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// The person's id: random, until the register knows the person.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct PersonSaved {
    pub person: PersonId,
    pub change: ChangeId,
}

pub async fn add_person(app: &App, Once { params, once }: Once<AddPerson>) -> Result<PersonSaved> {
    app.write(move |desk| {
        desk.once(once, |change| {
            desk.require_household(params.household)?;
            let mut fields = BTreeMap::new();
            for (field, text) in params.fields {
                // Residence and the fields of places have their own parameters.
                if field.subject() != Subject::Person || field.number() >= Field::ResidenceKind.number() {
                    return Err(AppError::new(Code::ValueNotAllowed).with("field", field.column()));
                }
                if let Some(value) = input::register_value(field, Some(text), desk.today())? {
                    fields.insert(field, value);
                }
            }
            if !fields.contains_key(&Field::FullName) {
                return Err(AppError::new(Code::FieldRequired).with("field", Field::FullName.column()));
            }
            let person = PersonId(desk.fresh_id());
            let body = PersonAdded {
                household: params.household,
                fields,
                residence: params.residence,
                since: input::past_date("since", params.since, desk.today())?,
                reason: input::line("reason", params.reason)?,
            };
            let fact = on_person(person, Body::PersonAdded(body));
            Ok((PersonSaved { person, change }, vec![fact.named(change)]))
        })
    })
    .await
}

/// Someone who is no longer of the household: died, moved away, listed twice, or never lived here.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RemovePerson {
    pub person: PersonId,
    pub cause: RemovalCause,
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub destination: Option<String>,
    /// Needed for a duplicate: the person who stays.
    #[serde(default)]
    pub duplicate_of: Option<PersonId>,
    #[serde(default)]
    pub note: Option<String>,
}

pub async fn remove_person(app: &App, Once { params, once }: Once<RemovePerson>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            require_here(desk, params.person)?;
            match (params.cause, params.duplicate_of) {
                (RemovalCause::Duplicate, None) => {
                    return Err(AppError::new(Code::FieldRequired).with("field", "duplicate_of"));
                }
                (_, Some(other)) if other == params.person => {
                    return Err(AppError::new(Code::ValueNotAllowed).with("field", "duplicate_of"));
                }
                (_, Some(other)) => desk.require_person(other)?,
                (_, None) => {}
            }
            let body = PersonRemoved {
                cause: params.cause,
                date: input::past_date("date", params.date, desk.today())?,
                destination: input::line("destination", params.destination)?,
                duplicate_of: params.duplicate_of.filter(|_| params.cause == RemovalCause::Duplicate),
                note: input::note("note", params.note)?,
            };
            Ok(on_person(params.person, Body::PersonRemoved(body)))
        })
    })
    .await
}

/// Someone who moved from one household of the unit to another.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MovePerson {
    pub person: PersonId,
    pub to: HouseholdId,
    #[serde(default)]
    pub date: Option<String>,
}

pub async fn move_person(app: &App, Once { params, once }: Once<MovePerson>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let from = require_here(desk, params.person)?;
            desk.require_household(params.to)?;
            if from == params.to {
                return Err(Code::SameHousehold.into());
            }
            let date = input::past_date("date", params.date, desk.today())?;
            let body = Body::PersonMoved(PersonMoved { from, to: params.to, date });
            Ok(on_person(params.person, body))
        })
    })
    .await
}

/// A temporary residence that has begun. Dates are partial dates.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct BeginTemporaryResidence {
    pub person: PersonId,
    pub household: HouseholdId,
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
    /// Whether it is registered with the police.
    pub registered: bool,
    #[serde(default)]
    pub note: Option<String>,
}

pub async fn begin_temporary_residence(
    app: &App,
    Once { params, once }: Once<BeginTemporaryResidence>,
) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            require_here(desk, params.person)?;
            desk.require_household(params.household)?;
            let body = TemporaryResidenceBegun {
                household: params.household,
                since: input::past_date("since", params.since, desk.today())?,
                until: input::partial_date("until", params.until)?,
                registered: params.registered,
                note: input::note("note", params.note)?,
            };
            Ok(on_person(params.person, Body::TemporaryResidenceBegun(body)))
        })
    })
    .await
}

/// The end of a temporary residence: of the one that `begun` began, or of the register's.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct EndTemporaryResidence {
    pub person: PersonId,
    #[serde(default)]
    pub begun: Option<ChangeId>,
    #[serde(default)]
    pub date: Option<String>,
}

pub async fn end_temporary_residence(app: &App, Once { params, once }: Once<EndTemporaryResidence>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let state = desk.person(params.person)?;
            let is_meant = |change: Option<ChangeId>| change == params.begun;
            let known = state
                .residences
                .iter()
                .any(|residence| residence.kind == ResidenceKind::Temporary && is_meant(residence.change));
            if !known {
                return Err(AppError::not_found("temporary_residence"));
            }
            let date = input::past_date("date", params.date, desk.today())?;
            let body = Body::TemporaryResidenceEnded(TemporaryResidenceEnded { begun: params.begun, date });
            Ok(on_person(params.person, body))
        })
    })
    .await
}

/// Someone who is away. Dates are partial dates.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct BeginAbsence {
    pub person: PersonId,
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub expected_return: Option<String>,
    #[serde(default)]
    pub destination: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub told_by: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
}

pub async fn begin_absence(app: &App, Once { params, once }: Once<BeginAbsence>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            require_here(desk, params.person)?;
            if desk.person(params.person)?.open_absence().is_some() {
                return Err(Code::AlreadyAbsent.into());
            }
            let body = AbsenceBegun {
                since: input::past_date("since", params.since, desk.today())?,
                expected_return: input::partial_date("expected_return", params.expected_return)?,
                destination: input::line("destination", params.destination)?,
                reason: input::line("reason", params.reason)?,
                told_by: input::name("told_by", params.told_by)?,
                phone: input::phone("phone", params.phone)?,
            };
            Ok(on_person(params.person, Body::AbsenceBegun(body)))
        })
    })
    .await
}

/// Someone who came back.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct EndAbsence {
    pub person: PersonId,
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

pub async fn end_absence(app: &App, Once { params, once }: Once<EndAbsence>) -> Result<Saved> {
    app.write(move |desk| {
        desk.save_once(once, || {
            let begun = desk.person(params.person)?.open_absence().ok_or(Code::NotAbsent)?.change;
            let body = AbsenceEnded {
                begun: Some(begun),
                date: input::past_date("date", params.date, desk.today())?,
                note: input::note("note", params.note)?,
            };
            Ok(on_person(params.person, Body::AbsenceEnded(body)))
        })
    })
    .await
}

/// The household of someone who is listed or was found at the door.
fn require_here(desk: &Desk, person: PersonId) -> Result<HouseholdId> {
    let state = desk.person(person)?;
    match (state.presence, state.household) {
        (Presence::Listed | Presence::AddedAtDoor, Some(household)) => Ok(household),
        (Presence::Removed, _) => Err(Code::AlreadyRemoved.into()),
        _ => Err(AppError::not_found("person")),
    }
}
