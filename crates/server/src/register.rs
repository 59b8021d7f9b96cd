//! Register editions: an extract becomes an edition of the unit, and can be taken back.
//!
//! An edition is kept as the pieces that laptops download. The last twelve are kept: they are the history by which
//! people keep their ids.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use domain::change::{
    Body, CorrectionConfirmed, EditionPublished, EditionUndone, EntityKind, EntityRef, EventWithdrawn, PersonLinked,
    kind,
};
use domain::field::{Field, Subject};
use domain::fold::{Presence, Stage, fold_dwelling, fold_household, fold_person};
use domain::id::{DwellingId, HouseholdId, OfficerId, PersonId};
use domain::register::{EditionRecord, RegisterDwelling, RegisterHousehold};
use domain::role::Role;
use domain::unit::Unit;
use sync::edition::Piece;

use crate::audit::{Actor, Note};
use crate::deployment::{Deployment, ensure_unit, listed};
use crate::erase::read_piece;
use crate::error::{Code, Result, ServerError};
use crate::import::extract::{Expectation, RejectFile, open_extract};
use crate::import::{
    AddedPerson, ExtractNote, HeldEdition, IdentityNote, ImportOptions, ImportOutcome, ImportPlan, ImportStats,
    KnownDwelling, KnownHousehold, KnownInMemory, KnownPerson, OpenCorrection, cut_pieces, plan_import, take_census,
};
use crate::ingest::own;
use crate::ledger::{EditionRow, PieceRow, PieceSet, Records, Scope};
use crate::state::{self, header_of, logged_body};

/// Editions whose pieces are kept.
const KEPT_EDITIONS: usize = 12;

/// What an import needs.
pub struct ImportRequest<'a> {
    pub file: &'a Path,
    pub unit: &'a Unit,
    /// Goes on although more than five in a hundred people would be lost.
    pub confirm_loss: bool,
    /// Where rejected rows go; it is made only where there are any.
    pub reject_file: &'a Path,
    /// At whose word.
    pub by: Option<OfficerId>,
}

/// What became of an import.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ImportReport {
    Published {
        edition: u32,
        label: String,
        stats: ImportStats,
        extract_notes: Vec<ExtractNote>,
        identity_notes: Vec<IdentityNote>,
    },
    /// Nothing was done: many would be lost.
    NeedsConfirmation { lost: usize, lost_in_rejected_rows: usize, of: usize },
}

/// Imports an extract. All of it is published in one transaction, or nothing.
///
/// # Errors
/// `UnitNotListed`; what refuses the file whole; the ledger's.
pub fn import_register(deployment: &Deployment, request: &ImportRequest<'_>) -> Result<ImportReport> {
    let unit = request.unit;
    listed(unit)?;
    let held = deployment.ledger.read(|records| Ok(edition_in_force(records, unit)?.map(|row| row.label)))?;
    let expectation = Expectation { unit: unit.clone(), held_edition_label: held };
    let mut extract = open_extract(request.file, expectation)?;
    let mut rejects = Rejects::new(request.reject_file);
    let census = take_census(&mut extract, &mut |row| rejects.write(row));
    // Where not one row could be read, the rejected ones say why.
    rejects.finish()?;
    let census = census?;

    let (known, base) = deployment.ledger.read(|records| {
        if records.unit(unit)?.is_none() {
            return Ok((KnownInMemory::default(), 0));
        }
        Ok((gather_known(records, unit)?, records.unit(unit)?.map_or(0, |row| row.edition)))
    })?;
    let options = ImportOptions { confirm_loss: request.confirm_loss };
    let Ok(outcome) =
        plan_import(unit, census, &known, options, &mut |kind, key| deployment.keys.register_id(unit, kind, key));
    let plan = match outcome {
        ImportOutcome::NeedsConfirmation { lost, lost_in_rejected_rows, of } => {
            return Ok(ImportReport::NeedsConfirmation { lost, lost_in_rejected_rows, of });
        }
        ImportOutcome::Ready(plan) => plan,
    };
    let erased = known.erased_persons;
    let full = collect_pieces(plan.records(), false)?;
    let delta = match base {
        0 => Vec::new(),
        base => {
            let mut held = HeldEdition::default();
            deployment.ledger.read(|records| each_record(records, unit, base, &mut |record| held.insert(record)))?;
            collect_pieces(held.delta(plan.records()), true)?
        }
    };
    let edition = publish(deployment, &plan, base, &erased, &full, &delta, request.by)?;
    Ok(ImportReport::Published {
        edition,
        label: plan.edition_label,
        stats: plan.stats,
        extract_notes: plan.extract_notes,
        identity_notes: plan.identity_notes,
    })
}

fn collect_pieces(records: impl Iterator<Item = EditionRecord>, is_delta: bool) -> Result<Vec<Piece>> {
    let pieces: std::result::Result<_, sync::WireError> = cut_pieces(records, is_delta).collect();
    pieces.map_err(|_| ServerError::Broken("a record that cannot be sent"))
}

/// Publishes what was planned, unless the unit moved since: another import, or someone erased.
fn publish(
    deployment: &Deployment,
    plan: &ImportPlan,
    base: u32,
    erased: &BTreeSet<PersonId>,
    full: &[Piece],
    delta: &[Piece],
    by: Option<OfficerId>,
) -> Result<u32> {
    let (keys, now_ms, unit) = (&deployment.keys, deployment.now_ms(), &plan.unit);
    if deployment.ledger.read(|records| records.unit(unit))?.is_none() {
        deployment.ledger.write(Scope::Reference, |records| ensure_unit(records, unit, now_ms))?;
    }
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
        if row.edition != base || records.erased_people(unit)? != *erased {
            return Err(Code::TooBusy.into());
        }
        let edition = next_number(records, unit)?;
        records.add_edition(
            unit,
            &EditionRow {
                edition,
                label: plan.edition_label.clone(),
                base: (base != 0).then_some(base),
                people: count(plan.stats.people),
                households: count(plan.stats.households),
                dwellings: count(plan.stats.dwellings),
                imported_ms: now_ms,
                undone: false,
            },
        )?;
        for (set, pieces) in [(PieceSet::Full, full), (PieceSet::Delta, delta)] {
            for (position, piece) in (0..).zip(pieces) {
                records.put_piece(unit, edition, set, &PieceRow::of(position, &piece.reference), &piece.bytes)?;
            }
        }
        records.set_edition_in_force(unit, edition)?;
        own::append(records, keys, unit, changes_of_import(plan, edition), by, now_ms)?;
        drop_old_pieces(records, unit)?;
        let note = Note::new(actor, "edition_published").subject(edition).with("people", plan.stats.people);
        note.with("lost", plan.stats.people_lost).write(records, Some(unit), now_ms)?;
        Ok(edition)
    })
}

fn changes_of_import(plan: &ImportPlan, edition: u32) -> Vec<(EntityRef, Body)> {
    let published = EditionPublished { edition, label: plan.edition_label.clone(), people: count(plan.stats.people) };
    let mut changes = vec![(EntityRef::UNIT, Body::EditionPublished(published))];
    changes.extend(plan.links.iter().map(|link| {
        let body = PersonLinked { register_person: link.register_person };
        (EntityRef::new(EntityKind::Person, link.added), Body::PersonLinked(body))
    }));
    changes.extend(plan.confirmed.iter().map(|correction| {
        let body = CorrectionConfirmed { edition };
        (EntityRef::new(EntityKind::Correction, *correction), Body::CorrectionConfirmed(body))
    }));
    changes
}

/// What this edition confirmed and joined, taken back: an undone import leaves no trace.
fn withdrawals(records: &mut dyn Records, unit: &Unit, edition: u32) -> Result<Vec<(EntityRef, Body)>> {
    let mut withdrawn = Vec::new();
    for change_kind in [kind::CORRECTION_CONFIRMED, kind::PERSON_LINKED] {
        for change in records.changes_of_kind(unit, change_kind)? {
            let header = header_of(&change)?;
            let Some(body) = logged_body(&change)? else { continue };
            if change.role == Role::Server && header.edition == edition {
                let body = EventWithdrawn { change: header.id, reason: None, touched: body.touches(header.entity) };
                withdrawn.push((header.entity, Body::EventWithdrawn(body)));
            }
        }
    }
    Ok(withdrawn)
}

/// Takes back the edition in force; the one before it holds again.
///
/// # Errors
/// `NothingToUndo` where there is none; `OfficerUnknown` for whoever it is done for.
pub fn undo_import(deployment: &Deployment, unit: &Unit, by: Option<OfficerId>) -> Result<(u32, u32)> {
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let undone = records.unit(unit)?.ok_or(Code::UnitUnknown)?.edition;
        if undone == 0 {
            return Err(Code::NothingToUndo.into());
        }
        records.undo_edition(unit, undone)?;
        let before =
            records.editions(unit)?.iter().rev().find(|row| !row.undone && row.edition < undone).map(|row| row.edition);
        let before = before.unwrap_or(0);
        records.set_edition_in_force(unit, before)?;
        records.drop_pieces(unit, undone)?;
        let mut changes = vec![(EntityRef::UNIT, Body::EditionUndone(EditionUndone { edition: undone }))];
        changes.extend(withdrawals(records, unit, undone)?);
        own::append(records, keys, unit, changes, by, now_ms)?;
        let note = Note::new(actor, "edition_undone").subject(undone).with("in_force", before);
        note.write(records, Some(unit), now_ms)?;
        Ok((undone, before))
    })
}

/// The edition in force; `None` where the unit has none or is new here.
///
/// # Errors
/// The ledger's.
pub fn edition_in_force(records: &mut dyn Records, unit: &Unit) -> Result<Option<EditionRow>> {
    let Some(row) = records.unit(unit)? else { return Ok(None) };
    Ok(records.editions(unit)?.into_iter().find(|edition| edition.edition == row.edition))
}

/// Hands over every record of a full edition, in its order.
///
/// # Errors
/// The ledger's.
pub fn each_record(
    records: &mut dyn Records,
    unit: &Unit,
    edition: u32,
    take: &mut dyn FnMut(EditionRecord),
) -> Result<()> {
    for piece in records.pieces(unit, edition, PieceSet::Full)? {
        let raw = read_piece(records, unit, edition, PieceSet::Full, &piece)?;
        for record in sync::edition::records(&raw) {
            take(record.map_err(|_| ServerError::Broken("a record of an edition"))?);
        }
    }
    Ok(())
}

/// Whether any edition that is kept holds one of these people.
///
/// # Errors
/// The ledger's.
pub fn holds_any(records: &mut dyn Records, unit: &Unit, people: &BTreeSet<PersonId>) -> Result<bool> {
    let mut found = false;
    for edition in records.editions(unit)? {
        each_record(records, unit, edition.edition, &mut |record| {
            found |= matches!(record, EditionRecord::Person(person) if people.contains(&person.id));
        })?;
    }
    Ok(found)
}

/// Above every edition that is here and every one that the log speaks of: a restored ledger may have forgotten some.
fn next_number(records: &mut dyn Records, unit: &Unit) -> Result<u32> {
    let mut highest = records.editions(unit)?.last().map_or(0, |row| row.edition);
    for change in records.changes_of_kind(unit, kind::EDITION_PUBLISHED)? {
        if let Some(Body::EditionPublished(published)) = state::logged_body(&change)? {
            highest = highest.max(published.edition);
        }
    }
    Ok(highest + 1)
}

fn drop_old_pieces(records: &mut dyn Records, unit: &Unit) -> Result<()> {
    let editions = records.editions(unit)?;
    for old in editions.iter().rev().skip(KEPT_EDITIONS) {
        records.drop_pieces(unit, old.edition)?;
    }
    Ok(())
}

/// What the editions so far, the doors and the corrections tell.
fn gather_known(records: &mut dyn Records, unit: &Unit) -> Result<KnownInMemory> {
    let mut known = KnownInMemory { erased_persons: records.erased_people(unit)?, ..KnownInMemory::default() };
    gather_editions(records, unit, &mut known)?;
    gather_doors(records, unit, &mut known)?;
    let links = state::person_links(records, unit)?;
    for (id, state) in state::corrections(records, unit)? {
        let open = matches!(state.stage, Stage::Approved | Stage::Entered);
        if let Some(proposal) = state.proposal.filter(|_| open) {
            known.open_corrections.push(OpenCorrection {
                id,
                subject: proposal.subject,
                subject_id: match proposal.subject {
                    Subject::Person => {
                        links.get(&proposal.subject_id.into()).map_or(proposal.subject_id, |id| (*id).into())
                    }
                    Subject::Household | Subject::Dwelling => proposal.subject_id,
                },
                field: proposal.field,
                proposed_value: proposal.proposed_value,
            });
        }
    }
    Ok(known)
}

/// Newest first: what a newer edition says of someone stands, older ones add the numbers he had.
fn gather_editions(records: &mut dyn Records, unit: &Unit, known: &mut KnownInMemory) -> Result<()> {
    let in_force = records.unit(unit)?.map_or(0, |row| row.edition);
    let (mut dwellings, mut households) = (HashSet::<DwellingId>::new(), HashSet::<HouseholdId>::new());
    let mut people: HashMap<PersonId, usize> = HashMap::new();
    let editions = records.editions(unit)?;
    for edition in editions.iter().rev().filter(|edition| !edition.undone) {
        let held = edition.edition == in_force;
        each_record(records, unit, edition.edition, &mut |record| match record {
            EditionRecord::Dwelling(dwelling) if dwellings.insert(dwelling.id) => {
                known.dwellings.push(KnownDwelling { dwelling, held });
            }
            EditionRecord::Household(household) if households.insert(household.id) => {
                known.households.push(KnownHousehold { household, held });
            }
            EditionRecord::Person(person) if !known.erased_persons.contains(&person.id) => match people.get(&person.id)
            {
                None => {
                    people.insert(person.id, known.persons.len());
                    known.persons.push(KnownPerson::from_register(&person, Vec::new(), held));
                }
                Some(at) => {
                    let newer: &mut KnownPerson = &mut known.persons[*at];
                    let number = person.field(Field::IdNumber).map(str::to_owned);
                    if let Some(number) = number.filter(|number| newer.id_number.as_ref() != Some(number))
                        && !newer.former_id_numbers.contains(&number)
                    {
                        newer.former_id_numbers.push(number);
                    }
                }
            },
            _ => {}
        })?;
    }
    Ok(())
}

fn gather_doors(records: &mut dyn Records, unit: &Unit, known: &mut KnownInMemory) -> Result<()> {
    for id in state::entities_with(records, unit, kind::DWELLING_ADDED)? {
        let changes = state::changes_of(records, unit, EntityRef { kind: EntityKind::Dwelling, id })?;
        if let Some(state) = fold_dwelling(id.into(), None, &changes) {
            let dwelling = RegisterDwelling {
                id: id.into(),
                hamlet: state.hamlet,
                alley: state.alley,
                house_no: state.house_no,
                kind: state.kind,
                lat_e6: state.lat_e6,
                lon_e6: state.lon_e6,
            };
            known.dwellings.push(KnownDwelling { dwelling, held: false });
        }
    }
    for added_by in [kind::HOUSEHOLD_ADDED, kind::HOUSEHOLD_SPLIT] {
        for id in state::entities_with(records, unit, added_by)? {
            let changes = state::changes_of(records, unit, EntityRef { kind: EntityKind::Household, id })?;
            let state = fold_household(id.into(), None, &changes);
            if let Some((dwelling, household_no)) = state.and_then(|state| Some((state.dwelling?, state.household_no?)))
            {
                let household = RegisterHousehold { id: id.into(), dwelling, household_no };
                known.households.push(KnownHousehold { household, held: false });
            }
        }
    }
    for id in state::entities_with(records, unit, kind::PERSON_ADDED)? {
        let changes = state::changes_of(records, unit, EntityRef { kind: EntityKind::Person, id })?;
        let state = fold_person(id.into(), None, &changes);
        if let Some(state) = state.filter(|state| state.presence == Presence::AddedAtDoor)
            && let Some(household) = state.household
        {
            known.added_persons.push(AddedPerson { id: id.into(), household, fields: state.fields });
        }
    }
    Ok(())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The reject file, made where a row was rejected: whole, and its owner's alone, for it holds people.
struct Rejects {
    path: PathBuf,
    rows: RejectFile<Vec<u8>>,
}

impl Rejects {
    fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), rows: RejectFile::new(Vec::new()) }
    }

    fn write(&mut self, row: &crate::import::extract::RejectedRow) -> std::io::Result<()> {
        self.rows.write(row)
    }

    fn finish(self) -> Result<()> {
        let bytes = self.rows.finish().map_err(ServerError::io("writing the reject file"))?;
        if bytes.is_empty() { Ok(()) } else { Ok(vault::atomic_write_private(&self.path, &bytes)?) }
    }
}
