//! Erasure: the bodies of every change that touches a person, the photos they name, and what the register said of him.
//!
//! It is itself a change of the server, `Erased`, which names what goes by ids; appending it and carrying it out are one
//! transaction. Headers and chain stay. A laptop that brings an erased body again gets it emptied.

use std::collections::BTreeSet;

use domain::change::{Body, EntityKind, EntityRef, Erased, ErasureBasis, kind};
use domain::field::Field;
use domain::id::{ChangeId, OfficerId, PersonId, PhotoHash};
use domain::register::EditionRecord;
use domain::text::fold_search;
use domain::unit::Unit;
use sync::message::{Blob, SealedBatch};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result, ServerError};
use crate::import::cut_pieces;
use crate::ingest::{own, touches_of};
use crate::keys::{ServerKeys, certificate_of};
use crate::ledger::{AsideRow, LoggedChange, PieceRow, PieceSet, Records, Scope};
use crate::register::each_record;
use crate::state::{header_of, logged_body};

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Erasure {
    /// Nothing was left: he was erased before. The other numbers are 0 then.
    pub already: bool,
    pub changes: usize,
    pub photos: usize,
    /// Visits among the changes: what they say of others of the household went with them.
    pub visits: usize,
    /// Others of his household in whose own register rows his name stands, as a parent's or a spouse's. It stays there.
    pub named_by: Vec<PersonId>,
    /// The person's ids: at the door and in the register they may differ.
    pub people: usize,
}

/// Erases a person from the unit, in every file of the ledger, before it returns. Whoever was erased before, and of whom
/// nothing came since, is left alone.
///
/// # Errors
/// `PersonUnknown` where neither log nor register has the person; `OfficerUnknown` for whoever it is done for; the
/// ledger's.
pub fn erase_person(
    deployment: &Deployment,
    unit: &Unit,
    person: PersonId,
    basis: ErasureBasis,
    by: Option<OfficerId>,
) -> Result<Erasure> {
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    let erasure = deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let people = linked_people(records, unit, person)?;
        let found = Findings::gather(records, keys, unit, &people)?;
        let in_register = crate::register::holds_any(records, unit, &people)?;
        let already = !in_register && !found.anything_left && people.is_subset(&records.erased_people(unit)?);
        if already {
            let (changes, photos, visits) = (0, 0, 0);
            return Ok(Erasure { already, changes, photos, visits, named_by: Vec::new(), people: people.len() });
        }
        if found.changes.is_empty() && !in_register {
            return Err(Code::PersonUnknown.into());
        }
        let counts = Erasure {
            already,
            changes: found.changes.len(),
            photos: found.photos.len(),
            visits: found.visits.len(),
            named_by: named_by(records, unit, &people)?,
            people: people.len(),
        };
        let erased = Erased {
            basis,
            changes: found.changes.into_iter().collect(),
            photos: found.photos.into_iter().collect(),
            register_rows: people.iter().copied().collect(),
        };
        // Taking in the server's own `Erased` carries it out.
        let entity = EntityRef::new(EntityKind::Person, person);
        own::append(records, keys, unit, vec![(entity, Body::Erased(erased))], by, now_ms)?;
        Note::new(actor, "person_erased")
            .subject(person)
            .with("changes", counts.changes)
            .with("photos", counts.photos)
            .with("basis", word_of(basis))
            .write(records, Some(unit), now_ms)?;
        Ok(counts)
    })?;
    deployment.ledger.forget_deleted()?;
    Ok(erasure)
}

/// Others of the same households whose rows in the edition in force name one of these people as a parent or spouse.
fn named_by(records: &mut dyn Records, unit: &Unit, people: &BTreeSet<PersonId>) -> Result<Vec<PersonId>> {
    let edition = records.unit(unit)?.map_or(0, |row| row.edition);
    let mut names = BTreeSet::new();
    each_record(records, unit, edition, &mut |record| {
        if let EditionRecord::Person(person) = record
            && people.contains(&person.id)
            && let Some(name) = person.field(Field::FullName)
        {
            names.insert((person.household, fold_search(name)));
        }
    })?;
    let mut named_by = BTreeSet::new();
    each_record(records, unit, edition, &mut |record| {
        if let EditionRecord::Person(person) = record
            && !people.contains(&person.id)
        {
            let relatives = [Field::FatherName, Field::MotherName, Field::SpouseName];
            let names_one = |name: &str| names.contains(&(person.household, fold_search(name)));
            if relatives.into_iter().filter_map(|field| person.field(field)).any(names_one) {
                named_by.insert(person.id);
            }
        }
    })?;
    Ok(named_by.into_iter().collect())
}

/// The word for the audit.
fn word_of(basis: ErasureBasis) -> &'static str {
    match basis {
        ErasureBasis::RetentionEnded => "retention-ended",
        ErasureBasis::ResidentRequest => "resident-request",
        ErasureBasis::WrongPerson => "wrong-person",
    }
}

/// The person under every id that `PersonLinked` joins.
fn linked_people(records: &mut dyn Records, unit: &Unit, person: PersonId) -> Result<BTreeSet<PersonId>> {
    let mut links = Vec::new();
    for change in records.changes_of_kind(unit, kind::PERSON_LINKED)? {
        if let Some(Body::PersonLinked(linked)) = logged_body(&change)? {
            links.push((PersonId::from(header_of(&change)?.entity.id), linked.register_person));
        }
    }
    let mut people = BTreeSet::from([person]);
    loop {
        let before = people.len();
        for (added, registered) in &links {
            if people.contains(added) || people.contains(registered) {
                people.extend([*added, *registered]);
            }
        }
        if people.len() == before {
            return Ok(people);
        }
    }
}

/// What there is of some people.
#[derive(Default)]
struct Findings {
    changes: BTreeSet<ChangeId>,
    photos: BTreeSet<PhotoHash>,
    visits: BTreeSet<EntityRef>,
    /// Whether any of it still has a body.
    anything_left: bool,
}

impl Findings {
    fn gather(records: &mut dyn Records, keys: &ServerKeys, unit: &Unit, people: &BTreeSet<PersonId>) -> Result<Self> {
        let mut found = Self::default();
        let mut corrections = BTreeSet::new();
        for person in people {
            for change in records.changes_touching(unit, EntityRef::new(EntityKind::Person, *person))? {
                let entity = header_of(&change)?.entity;
                if entity.kind == EntityKind::Correction {
                    corrections.insert(entity);
                }
                found.take(records, unit, &change)?;
            }
        }
        for correction in &corrections {
            for change in records.changes_touching(unit, *correction)? {
                found.take(records, unit, &change)?;
            }
        }
        // A paper photographed for the household that proves something of the person goes with him.
        for photo in found.photos.clone() {
            for change in records.changes_naming(unit, photo)? {
                found.take(records, unit, &change)?;
            }
        }
        // A decision on what he is about names only the correction, which may lie beside the log as well.
        let mut entities: BTreeSet<EntityRef> =
            people.iter().map(|person| EntityRef::new(EntityKind::Person, *person)).chain(corrections).collect();
        let mut beside = Vec::new();
        for aside in records.asides(unit)? {
            beside.extend(changes_beside(records, keys, &aside)?);
        }
        let is_of =
            |touched: &[EntityRef], entities: &BTreeSet<EntityRef>| touched.iter().any(|one| entities.contains(one));
        let proposals: Vec<EntityRef> = (beside.iter().filter(|(_, touched, _)| is_of(touched, &entities)))
            .flat_map(|(_, touched, _)| touched.iter().filter(|one| one.kind == EntityKind::Correction).copied())
            .collect();
        entities.extend(proposals);
        for (change, _, has_body) in beside.iter().filter(|(_, touched, _)| is_of(touched, &entities)) {
            found.changes.insert(*change);
            found.anything_left |= has_body;
        }
        Ok(found)
    }

    fn take(&mut self, records: &mut dyn Records, unit: &Unit, change: &LoggedChange) -> Result<()> {
        let header = header_of(change)?;
        // Both hold ids alone, and a later erasure must find its way by them.
        if header.kind == kind::ERASED || header.kind == kind::PERSON_LINKED {
            return Ok(());
        }
        self.changes.insert(header.id);
        self.anything_left |= change.salted_body.is_some();
        if header.entity.kind == EntityKind::Visit {
            self.visits.insert(header.entity);
        }
        self.photos.extend(records.photos_named_by(unit, header.id)?);
        if let Some(Body::CorrectionProposed(proposal)) = logged_body(change)? {
            self.photos.extend(proposal.evidence.iter().filter_map(|evidence| evidence.photo));
        }
        Ok(())
    }
}

/// The changes of a batch that lies beside the log, each with what it touches and whether it has a body still.
fn changes_beside(
    records: &mut dyn Records,
    keys: &ServerKeys,
    aside: &AsideRow,
) -> Result<Vec<(ChangeId, Vec<EntityRef>, bool)>> {
    let device = records.device(aside.device)?.ok_or(ServerError::Broken("a batch of no device"))?;
    let opened = sync::batch::open(&aside.sealed, |_| Some(certificate_of(&device)), keys.deployment)
        .map_err(|_| ServerError::Broken("a batch beside the log"))?;
    let touched = opened.headers.iter().zip(&opened.salted_bodies);
    Ok(touched.map(|(header, salted)| (header.id, touches_of(header, salted), !salted.is_empty())).collect())
}

/// Carries out an erasure of the log: bodies, photos, register rows, and batches beside the log.
pub(crate) fn carry_out(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    erased: &Erased,
    now_ms: u64,
) -> Result<()> {
    records.erase_changes(unit, &erased.changes)?;
    for photo in &erased.photos {
        records.erase_photo(unit, *photo)?;
    }
    for person in &erased.register_rows {
        records.remember_erased_person(unit, *person, now_ms)?;
    }
    empty_asides(records, keys, unit, &erased.changes)?;
    // What is half here may hold the person too; it is sent again.
    records.drop_uploads_before(unit, u64::MAX)?;
    let people: BTreeSet<PersonId> = erased.register_rows.iter().copied().collect();
    cut_anew(records, unit, &people)
}

fn empty_asides(records: &mut dyn Records, keys: &ServerKeys, unit: &Unit, changes: &[ChangeId]) -> Result<()> {
    for aside in records.asides(unit)? {
        let broken = || ServerError::Broken("a batch beside the log");
        let device = records.device(aside.device)?.ok_or_else(broken)?;
        let opened = sync::batch::open(&aside.sealed, |_| Some(certificate_of(&device)), keys.deployment)
            .map_err(|_| broken())?;
        let mut sealed: SealedBatch = sync::codec::decode(&aside.sealed).map_err(|_| broken())?;
        let mut changed = false;
        for (header, body) in opened.headers.iter().zip(&mut sealed.bodies) {
            if changes.contains(&header.id) && !body.0.is_empty() {
                *body = Blob(Vec::new());
                changed = true;
            }
        }
        if changed {
            records.replace_aside(unit, &aside, &sync::codec::encode(&sealed))?;
        }
    }
    Ok(())
}

/// Takes the people out of every piece of every edition that is kept; other pieces stay as they are.
fn cut_anew(records: &mut dyn Records, unit: &Unit, people: &BTreeSet<PersonId>) -> Result<()> {
    for edition in records.editions(unit)? {
        let mut gone = 0;
        for set in [PieceSet::Full, PieceSet::Delta] {
            for piece in records.pieces(unit, edition.edition, set)? {
                let removed = cut_piece(records, unit, edition.edition, set, &piece, people)?;
                gone += if set == PieceSet::Full { removed } else { 0 };
            }
        }
        if gone > 0 {
            records.set_people(unit, edition.edition, edition.people.saturating_sub(gone))?;
        }
    }
    Ok(())
}

/// How many records went.
fn cut_piece(
    records: &mut dyn Records,
    unit: &Unit,
    edition: u32,
    set: PieceSet,
    piece: &PieceRow,
    people: &BTreeSet<PersonId>,
) -> Result<u32> {
    let raw = read_piece(records, unit, edition, set, piece)?;
    let named = |person: &PersonId| raw.windows(16).any(|window| window == person.as_bytes());
    if !people.iter().any(named) {
        return Ok(0);
    }
    let mut kept = Vec::new();
    let mut removed = 0;
    for record in sync::edition::records(&raw) {
        let record = record.map_err(|_| ServerError::Broken("a record of an edition"))?;
        let of_person = match &record {
            EditionRecord::Person(person) => people.contains(&person.id),
            EditionRecord::PersonPatch(patch) => people.contains(&patch.id),
            _ => false,
        };
        if of_person { removed += 1 } else { kept.push(record) }
    }
    if removed == 0 {
        return Ok(0);
    }
    let broken = |_| ServerError::Broken("a record of an edition");
    match cut_pieces(kept, set == PieceSet::Delta).next().transpose().map_err(broken)? {
        None => records.drop_piece(unit, edition, set, piece.position)?,
        Some(cut) => {
            let row = PieceRow::of(piece.position, &cut.reference);
            records.put_piece(unit, edition, set, &row, &cut.bytes)?;
        }
    }
    Ok(removed)
}

/// A piece, unpacked.
///
/// # Errors
/// `Broken` where it is not what its row says.
pub(crate) fn read_piece(
    records: &mut dyn Records,
    unit: &Unit,
    edition: u32,
    set: PieceSet,
    piece: &PieceRow,
) -> Result<Vec<u8>> {
    let broken = || ServerError::Broken("a piece of an edition");
    let compressed = records.piece(unit, edition, set, piece.position)?.ok_or_else(broken)?;
    sync::edition::open_piece(&piece.reference(), &compressed).map_err(|_| broken())
}
