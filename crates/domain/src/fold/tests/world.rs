//! A small commune and everything that can be said of it, by anyone, in any order: the logs of the fold's properties.
//!
//! People 10 and 11 and households 20 and 21 are the register's, in dwelling 30; people 12 and 13, household 22 and
//! dwelling 31 come up at the door, visits are 40 and 41, corrections 50 and 51, officers 1 to 3.

use proptest::prelude::*;

use super::build::*;
use crate::change::*;
use crate::field::{Field, Subject};
use crate::fold::*;
use crate::id::{ChangeId, EntityId};
use crate::register::{RegisterDwelling, RegisterHousehold, RegisterPerson, ResidenceKind};
use crate::role::Role;

/// What to say: `what` chooses the event, `which` and `other` whom it is about.
#[derive(Clone, Debug)]
struct Seed {
    what: u8,
    which: u128,
    other: u128,
    author: u128,
    role: Role,
    /// Said by someone who may say it, whatever `role` is.
    by_right: bool,
    erased: bool,
}

fn seed() -> impl Strategy<Value = Seed> {
    let role = prop_oneof![Just(Role::Officer), Just(Role::Supervisor), Just(Role::Server)];
    let rare = || prop::bool::weighted(0.1);
    (0..28u8, 0..4u128, 0..4u128, 1..4u128, role, prop::bool::weighted(0.8), rare()).prop_map(
        |(what, which, other, author, role, by_right, erased)| Seed {
            what,
            which,
            other,
            author,
            role,
            by_right,
            erased,
        },
    )
}

/// A log, some of it erased or pending, and the order in which another laptop received it.
#[derive(Clone)]
pub struct Told {
    pub log: Vec<FoldChange>,
    pub shuffled: Vec<FoldChange>,
}

/// A line for each change, for reading what a property failed on.
impl std::fmt::Debug for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for change in &self.log {
            let (position, header) = (change.position, &change.header);
            let (entity, number) = (header.entity.kind, header.entity.id.0.as_u128());
            let (change_number, author) = (header.id.0.as_u128(), header.author.0.as_u128());
            writeln!(
                out,
                "{position:?} #{change_number} {:?} {author} on {entity:?} {number}: {:?}",
                change.role, change.body
            )?;
        }
        Ok(())
    }
}

pub fn logs() -> impl Strategy<Value = Told> {
    prop::collection::vec(seed(), 0..48)
        .prop_map(|seeds| write_log(&seeds))
        .prop_flat_map(|log| (Just(log.clone()), Just(log).prop_shuffle()))
        .prop_map(|(log, shuffled)| Told { log, shuffled })
}

/// Those of every kind of entity that a log can be about.
pub fn entities() -> Vec<EntityRef> {
    let of = |kind, numbers: &[u128]| numbers.iter().map(|number| at(kind, *number)).collect::<Vec<_>>();
    [
        of(EntityKind::Person, &[10, 11, 12, 13]),
        of(EntityKind::Household, &[20, 21, 22]),
        of(EntityKind::Dwelling, &[30, 31]),
        of(EntityKind::Visit, &[40, 41]),
        of(EntityKind::Correction, &[50, 51]),
        of(EntityKind::Officer, &[1, 2, 3]),
    ]
    .concat()
}

/// The state of any entity.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Person(Option<PersonState>),
    Household(Option<HouseholdState>),
    Dwelling(Option<DwellingState>),
    Visit(Option<VisitState>),
    Correction(Option<CorrectionState>),
    Officer(Option<OfficerState>),
}

impl State {
    /// The outcomes of its changes; an officer's has none.
    pub fn outcomes(&mut self) -> Option<&mut Vec<ChangeOutcome>> {
        match self {
            State::Person(state) => state.as_mut().map(|state| &mut state.outcomes),
            State::Household(state) => state.as_mut().map(|state| &mut state.outcomes),
            State::Dwelling(state) => state.as_mut().map(|state| &mut state.outcomes),
            State::Visit(state) => state.as_mut().map(|state| &mut state.outcomes),
            State::Correction(state) => state.as_mut().map(|state| &mut state.outcomes),
            State::Officer(_) => None,
        }
    }
}

/// Folds one entity from all that is given, picking out what its fold takes as a laptop does.
pub fn fold(entity: EntityRef, log: &[FoldChange]) -> State {
    fold_given(entity, &given(entity, log), log)
}

/// Folds one entity from exactly these changes; `log` tells the policies.
pub fn fold_given(entity: EntityRef, changes: &[FoldChange], log: &[FoldChange]) -> State {
    let is_register = |number: u128, of: &[u128]| of.contains(&number);
    let number = entity.id.0.as_u128();
    match entity.kind {
        EntityKind::Person => {
            let base = RegisterPerson {
                id: entity.id.into(),
                household: id(20 + number % 2),
                fields: Default::default(),
                residences: Vec::new(),
                others: None,
                originals: None,
            };
            let base = is_register(number, &[10, 11]).then_some(base);
            State::Person(fold_person(entity.id.into(), base.as_ref(), changes))
        }
        EntityKind::Household => {
            let base = RegisterHousehold { id: entity.id.into(), dwelling: id(30), household_no: number.to_string() };
            let base = is_register(number, &[20, 21]).then_some(base);
            State::Household(fold_household(entity.id.into(), base.as_ref(), changes))
        }
        EntityKind::Dwelling => {
            let base = RegisterDwelling {
                id: entity.id.into(),
                hamlet: "Ấp 1".into(),
                alley: None,
                house_no: Some("12/5".into()),
                kind: None,
                lat_e6: None,
                lon_e6: None,
            };
            let base = is_register(number, &[30]).then_some(base);
            State::Dwelling(fold_dwelling(entity.id.into(), base.as_ref(), changes))
        }
        EntityKind::Visit => State::Visit(fold_visit(entity.id.into(), changes)),
        EntityKind::Correction => {
            let set = log.iter().filter_map(|change| match &change.body {
                Some(Body::PolicySet(policy)) => Some((change.position, policy.clone())),
                _ => None,
            });
            State::Correction(fold_correction(entity.id.into(), changes, &Policies::new(set.collect())))
        }
        _ => State::Officer(fold_officer(entity.id.into(), changes)),
    }
}

/// The changes that the fold of one entity takes: those that touch it, whole visits, and for a person of the register
/// those of the ids given at the door that it goes by.
pub fn given(entity: EntityRef, log: &[FoldChange]) -> Vec<FoldChange> {
    let mut named = vec![entity];
    if entity.kind == EntityKind::Person {
        named.extend(entities().into_iter().filter(|door| {
            let joined =
                |state: State| matches!(state, State::Person(Some(state)) if state.linked_to == Some(entity.id.into()));
            door.kind == EntityKind::Person
                && *door != entity
                && joined(fold_given(*door, &touching(&[*door], log), log))
        }));
    }
    touching(&named, log)
}

fn touching(entities: &[EntityRef], log: &[FoldChange]) -> Vec<FoldChange> {
    let touches = |change: &FoldChange| match &change.body {
        Some(body) => body.touches(change.header.entity).iter().any(|touched| entities.contains(touched)),
        None => entities.contains(&change.header.entity),
    };
    let visits: Vec<EntityRef> = log
        .iter()
        .filter(|change| change.header.entity.kind == EntityKind::Visit && touches(change))
        .map(|change| change.header.entity)
        .collect();
    log.iter().filter(|change| touches(change) || visits.contains(&change.header.entity)).cloned().collect()
}

fn at(kind: EntityKind, number: u128) -> EntityRef {
    EntityRef { kind, id: id(number) }
}

fn write_log(seeds: &[Seed]) -> Vec<FoldChange> {
    let mut log: Vec<FoldChange> = Vec::new();
    for (at, seed) in seeds.iter().enumerate() {
        let (entity, body) = say(seed, &log);
        let roles = [seed.role, Role::Officer, Role::Supervisor, Role::Server];
        let by_right = roles.into_iter().find(|role| role.may_author(body.kind())).filter(|_| seed.by_right);
        let mut change = change(at as u64 + 1, seed.author, by_right.unwrap_or(seed.role), entity, body);
        change.body = change.body.filter(|_| !seed.erased);
        log.push(change);
    }
    let logged = log.len() * 3 / 4;
    for (at, change) in log.iter_mut().enumerate().skip(logged) {
        change.position = Position::Pending { sequence: at as u64 };
    }
    // A restored log may hold a taking back before what it takes back.
    let first =
        log.iter().position(|change| matches!(change.body, Some(Body::EventWithdrawn(_) | Body::ReviewWithdrawn(_))));
    if let Some(first) = first.filter(|first| first % 2 == 0 && *first > 0 && *first < logged) {
        let (earlier, later) = (log[0].position, log[first].position);
        log[first].position = earlier;
        log[0].position = later;
    }
    log
}

/// What a seed says. What takes something back speaks of a change that stands in the log so far.
fn say(seed: &Seed, log: &[FoldChange]) -> (EntityRef, Body) {
    let Seed { which, other, .. } = *seed;
    let (person, household) = (at(EntityKind::Person, 10 + which), at(EntityKind::Household, 20 + other % 3));
    let (visit, correction) = (at(EntityKind::Visit, 40 + which % 2), at(EntityKind::Correction, 50 + which % 2));
    let made = |kinds: &[u16]| {
        let fitting: Vec<&FoldChange> = log.iter().filter(|made| kinds.contains(&made.header.kind)).collect();
        fitting.get((which + 4 * other) as usize % fitting.len().max(1)).copied()
    };
    let change_of = |kinds: &[u16]| made(kinds).map(|made| made.header.id);
    let nowhere = ChangeId(uuid::Uuid::from_u128(900));
    let ended_ms = seed.which as u64 * 1_000 + other as u64 * 10 + 1_000;
    match seed.what {
        0 => {
            let visit_now = visit_record(20 + other % 3, VisitOutcome::Met, &[10 + which, 13], ended_ms);
            (visit, Body::VisitRecorded(VisitRecorded { visit: visit_now }))
        }
        1 => {
            let visit_now = visit_record(20 + other % 3, VisitOutcome::NobodyHome, &[10 + other], ended_ms);
            (visit, Body::VisitAmended(VisitAmended { visit: visit_now, reason: None }))
        }
        2 => {
            let body = EveryoneAsListed { visit: visit.id.into(), persons: vec![person.id.into()] };
            (household, Body::EveryoneAsListed(body))
        }
        3..=5 => (correction, proposed(if which == 0 { Field::Sex } else { Field::Phone })),
        6..=9 => {
            let decisions = [Decision::Approve, Decision::Return, Decision::Hold, Decision::Reject];
            let decision = decisions[if seed.what < 8 { 0 } else { other as usize }];
            (correction, reviewed(decision))
        }
        10 => {
            let taken = made(&[kind::CORRECTION_REVIEWED]);
            let review = taken.map_or(nowhere, |taken| taken.header.id);
            (
                taken.map_or(correction, |taken| taken.header.entity),
                Body::ReviewWithdrawn(ReviewWithdrawn { review, reason: None }),
            )
        }
        11 => (correction, Body::CorrectionWithdrawn(CorrectionWithdrawn { reason: None })),
        12 => (correction, Body::CorrectionEntered(CorrectionEntered { entered_on: None, note: None })),
        13 => (correction, Body::CorrectionConfirmed(CorrectionConfirmed { edition: 2 + other as u32 })),
        14 => {
            let body = PersonAdded {
                household: household.id.into(),
                fields: [(Field::FullName, format!("Người {other}"))].into(),
                residence: ResidenceKind::Temporary,
                since: None,
                reason: None,
            };
            (person, Body::PersonAdded(body))
        }
        15 => {
            let body = PersonRemoved {
                cause: RemovalCause::MovedAway,
                date: None,
                destination: None,
                duplicate_of: None,
                note: None,
            };
            (person, Body::PersonRemoved(body))
        }
        16 => {
            (person, Body::PersonMoved(PersonMoved { from: id(20 + which % 2), to: household.id.into(), date: None }))
        }
        17 => {
            let (door, register) = (at(EntityKind::Person, 12 + which % 2), id(10 + other % 2));
            (door, Body::PersonLinked(PersonLinked { register_person: register }))
        }
        18 => {
            let body = DwellingAdded {
                hamlet: "Ấp 2".into(),
                alley: None,
                house_no: Some(other.to_string()),
                kind: None,
                lat_e6: None,
                lon_e6: None,
            };
            (at(EntityKind::Dwelling, 31), Body::DwellingAdded(body))
        }
        19 => {
            let body = HouseholdSplit {
                from: id(20),
                dwelling: id(30 + other % 2),
                persons: vec![person.id.into()],
                head: Some(person.id.into()),
                household_no: None,
            };
            (at(EntityKind::Household, 22), Body::HouseholdSplit(body))
        }
        20 => {
            let body = TemporaryResidenceBegun {
                household: household.id.into(),
                since: None,
                until: None,
                registered: other == 0,
                note: None,
            };
            (person, Body::TemporaryResidenceBegun(body))
        }
        21 => {
            let begun = made(&[kind::TEMPORARY_RESIDENCE_BEGUN]);
            let body = TemporaryResidenceEnded { begun: begun.map(|begun| begun.header.id), date: None };
            (begun.map_or(person, |begun| begun.header.entity), Body::TemporaryResidenceEnded(body))
        }
        22 => {
            let body = AbsenceBegun {
                since: None,
                expected_return: None,
                destination: None,
                reason: None,
                told_by: None,
                phone: None,
            };
            (person, Body::AbsenceBegun(body))
        }
        23 => {
            let begun = change_of(&[kind::ABSENCE_BEGUN]).filter(|_| other > 1);
            let entity = made(&[kind::ABSENCE_BEGUN]).map_or(person, |begun| begun.header.entity);
            (entity, Body::AbsenceEnded(AbsenceEnded { date: None, note: None, begun }))
        }
        24 => {
            let places = [person, household, at(EntityKind::Dwelling, 30 + which % 2)];
            (places[other as usize % 3], Body::NoteWritten(NoteWritten { text: format!("ghi {which}") }))
        }
        25 => {
            let body = Assigned { officer: (other > 0).then(|| id(other)), due: None, note: None };
            let area = AreaSet { parts: vec![AreaPart { hamlet: format!("Ấp {other}"), alley: None }] };
            match which {
                0 => (at(EntityKind::Officer, 1 + other % 3), Body::AreaSet(area)),
                1 => (EntityRef::UNIT, Body::PolicySet(PolicySet { two_people: vec![Field::Phone], alive_days: 30 })),
                _ => (household, Body::Assigned(body)),
            }
        }
        26 => found(which, other, person),
        _ => take_back(made(kind::ALL), nowhere, household),
    }
}

/// What comes up at the door or from the server beside the everyday: a household, an officer, a paper.
fn found(which: u128, other: u128, person: EntityRef) -> (EntityRef, Body) {
    match which {
        0 => {
            let body = HouseholdAdded { dwelling: id(30 + other % 2), household_no: None };
            (at(EntityKind::Household, 22), Body::HouseholdAdded(body))
        }
        1 | 2 => {
            let body = OfficerListed { name: format!("Cán bộ {other}"), role: Role::Officer, active: which == 1 };
            (at(EntityKind::Officer, 1 + other % 3), Body::OfficerListed(body))
        }
        _ => {
            let body = PhotoAttached {
                document_kind: "birth_certificate".into(),
                document_number: None,
                document_date: None,
                reason: PhotoReason::Discrepancy,
                reason_text: None,
                visit: None,
            };
            (person, Body::PhotoAttached(body))
        }
    }
}

/// Taking back an everyday event; of a visit it stands on the household.
fn take_back(target: Option<&FoldChange>, nowhere: ChangeId, household: EntityRef) -> (EntityRef, Body) {
    let Some(FoldChange { header, body, .. }) = target else {
        return (
            household,
            Body::EventWithdrawn(EventWithdrawn { change: nowhere, reason: None, touched: Vec::new() }),
        );
    };
    let touched = body.as_ref().map_or_else(Vec::new, |body| body.touches(header.entity));
    let own = match header.entity.kind {
        EntityKind::Person | EntityKind::Household | EntityKind::Dwelling | EntityKind::Correction => header.entity,
        _ => household,
    };
    (own, Body::EventWithdrawn(EventWithdrawn { change: header.id, reason: None, touched }))
}

fn proposed(field: Field) -> Body {
    Body::CorrectionProposed(CorrectionProposed {
        subject: Subject::Person,
        subject_id: id::<EntityId>(10),
        household: None,
        field,
        register_value: None,
        paper_value: None,
        statement_value: None,
        proposed_value: Some("Nữ".into()),
        reason: None,
        evidence: Vec::new(),
        visit: None,
    })
}

fn reviewed(decision: Decision) -> Body {
    Body::CorrectionReviewed(CorrectionReviewed {
        decision,
        reason: None,
        office: None,
        answer_by: None,
        register_value: None,
    })
}
