//! Corrections on their way to the register: the approved ones go out in a file once, are typed in by someone, and are
//! marked as entered. A later edition confirms them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Seek, Write};

use domain::change::{Body, CorrectionEntered, Decision, EntityKind, EntityRef};
use domain::field::{Field, Subject};
use domain::fold::{CorrectionState, Outcome, Stage, fold_household, fold_person};
use domain::id::{CorrectionId, HouseholdId, OfficerId, PersonId};
use domain::register::EditionRecord;
use domain::unit::Unit;
use domain::vietnam;
use uuid::Uuid;

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result, ServerError};
use crate::import::corrections_out::{CorrectionRow, write_csv, write_xlsx};
use crate::ingest::own;
use crate::input;
use crate::ledger::{Records, Scope};
use crate::state;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Xlsx,
}

/// An export whose rows are reserved.
#[derive(Clone, Debug)]
pub struct Export {
    /// Releases its rows, should the file be lost.
    pub id: Uuid,
    pub rows: Vec<CorrectionRow>,
    /// Went out before, and their approval was taken back since: whoever has the older file must not type them in.
    pub no_longer_approved: Vec<CorrectionId>,
}

/// What went out and is not marked as typed in yet.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    pub approved: Vec<CorrectionId>,
    pub no_longer_approved: Vec<CorrectionId>,
}

/// Reserves every approved correction that no earlier export holds, and gives their rows. A reservation stays when an
/// edition confirms the correction, for the import may be taken back; one whose approval was taken back goes.
///
/// # Errors
/// The ledger's.
pub fn export_corrections(deployment: &Deployment, unit: &Unit, by: Option<OfficerId>) -> Result<Export> {
    let now_ms = deployment.now_ms();
    let id = Uuid::now_v7();
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let mut approved = state::corrections(records, unit)?;
        let (reserved, no_longer_approved) = sort_reserved(records, unit, &approved)?;
        for correction in &no_longer_approved {
            records.drop_reservation(unit, *correction)?;
        }
        approved.retain(|(id, state)| state.stage == Stage::Approved && !reserved.contains(id));
        let rows = Rows::gather(records, unit, &approved)?.make(unit, &approved);
        let ids: Vec<CorrectionId> = rows.iter().map(|row| row.correction_id).collect();
        records.reserve(unit, id, &ids, now_ms)?;
        if !rows.is_empty() {
            let note = Note::new(actor, "corrections_exported").subject(id).detail(rows.len());
            note.write(records, Some(unit), now_ms)?;
        }
        Ok(Export { id, rows, no_longer_approved })
    })
}

/// An export of which something waits to be typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenExport {
    /// Names it for `--release`.
    pub export: Uuid,
    pub exported_ms: u64,
    /// Not marked as entered yet.
    pub rows: usize,
}

/// The exports that are open, oldest first.
///
/// # Errors
/// The ledger's.
pub fn open_exports(
    records: &mut dyn Records,
    unit: &Unit,
    states: &[(CorrectionId, CorrectionState)],
) -> Result<Vec<OpenExport>> {
    let approved: BTreeSet<CorrectionId> =
        states.iter().filter(|(_, state)| state.stage == Stage::Approved).map(|(id, _)| *id).collect();
    let mut open: Vec<OpenExport> = Vec::new();
    for row in records.reservations(unit)?.into_iter().filter(|row| approved.contains(&row.correction)) {
        match open.iter_mut().find(|export| export.export == row.export) {
            Some(export) => export.rows += 1,
            None => open.push(OpenExport { export: row.export, exported_ms: row.reserved_ms, rows: 1 }),
        }
    }
    Ok(open)
}

/// What went out in files and waits to be typed in.
///
/// # Errors
/// The ledger's.
pub fn exported(deployment: &Deployment, unit: &Unit) -> Result<Exported> {
    deployment.ledger.read(|records| {
        let states = state::corrections(records, unit)?;
        let (reserved, no_longer_approved) = sort_reserved(records, unit, &states)?;
        let is_approved =
            |(id, state): &&(CorrectionId, CorrectionState)| state.stage == Stage::Approved && reserved.contains(id);
        let approved = states.iter().filter(is_approved).map(|(id, _)| *id).collect();
        Ok(Exported { approved, no_longer_approved })
    })
}

/// The reserved corrections that hold, and those whose approval was taken back after they went out.
fn sort_reserved(
    records: &mut dyn Records,
    unit: &Unit,
    states: &[(CorrectionId, CorrectionState)],
) -> Result<(BTreeSet<CorrectionId>, Vec<CorrectionId>)> {
    let holds: BTreeSet<CorrectionId> = states
        .iter()
        .filter(|(_, state)| matches!(state.stage, Stage::Approved | Stage::Entered | Stage::Confirmed))
        .map(|(id, _)| *id)
        .collect();
    let reserved = records.reservations(unit)?.into_iter().map(|row| row.correction);
    let (standing, gone): (Vec<_>, Vec<_>) = reserved.partition(|id| holds.contains(id));
    Ok((standing.into_iter().collect(), gone))
}

/// Writes the rows of an export.
///
/// # Errors
/// What the writer answers.
pub fn write_export(writer: impl Write + Seek + Send, format: ExportFormat, rows: &[CorrectionRow]) -> Result<()> {
    match format {
        ExportFormat::Csv => write_csv(writer, rows).map_err(ServerError::io("writing the export")),
        ExportFormat::Xlsx => write_xlsx(writer, rows)
            .map_err(|error| ServerError::Io { step: "writing the export", source: std::io::Error::other(error) }),
    }
}

/// Lets the rows of an export go out again.
///
/// # Errors
/// The ledger's.
pub fn release_export(deployment: &Deployment, unit: &Unit, export: Uuid, by: Option<OfficerId>) -> Result<u64> {
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let released = records.release(unit, export)?;
        Note::new(actor, "export_released").subject(export).detail(released).write(records, Some(unit), now_ms)?;
        Ok(released)
    })
}

/// Marks approved corrections as typed into the register.
///
/// # Errors
/// `CorrectionUnknown` with the first id that is no approved correction; nothing is marked then. `DateWrong`,
/// `DateInFuture` for the day; `OfficerUnknown` for whoever it is done for.
pub fn mark_entered(
    deployment: &Deployment,
    unit: &Unit,
    corrections: &[CorrectionId],
    entered_on: Option<String>,
    by: Option<OfficerId>,
) -> Result<usize> {
    let (keys, now_ms) = (&deployment.keys, deployment.now_ms());
    let entered_on = entered_on.map(|on| input::past_day(&on, vietnam::day_of(now_ms))).transpose()?;
    deployment.ledger.write(Scope::Unit(unit), |records| {
        let actor = Actor::operator(records, unit, by)?;
        let policies = state::policies(records, unit)?;
        let mut changes = Vec::with_capacity(corrections.len());
        for id in corrections {
            let state = state::correction(records, unit, *id, &policies)?;
            match state.map(|state| state.stage) {
                Some(Stage::Approved) => {}
                // Marked before: once is enough.
                Some(Stage::Entered | Stage::Confirmed) => continue,
                _ => return Err(crate::error::Refusal::with(Code::CorrectionUnknown, "correction", id).into()),
            }
            let body = Body::CorrectionEntered(CorrectionEntered { entered_on: entered_on.clone(), note: None });
            changes.push((EntityRef::new(EntityKind::Correction, *id), body));
            records.drop_reservation(unit, *id)?;
        }
        let marked = changes.len();
        own::append(records, keys, unit, changes, by, now_ms)?;
        Note::new(actor, "corrections_entered").detail(marked).write(records, Some(unit), now_ms)?;
        Ok(marked)
    })
}

/// What the rows say beside the corrections themselves.
#[derive(Default)]
struct Rows {
    household_numbers: HashMap<HouseholdId, String>,
    people: HashMap<PersonId, RowPerson>,
    /// From the id given at a door to the register's.
    links: BTreeMap<PersonId, PersonId>,
    /// One household of each dwelling that is corrected.
    of_dwelling: HashMap<domain::id::DwellingId, HouseholdId>,
    officers: HashMap<OfficerId, String>,
}

struct RowPerson {
    household: HouseholdId,
    id_number: Option<String>,
    full_name: Option<String>,
}

impl Rows {
    fn gather(records: &mut dyn Records, unit: &Unit, corrections: &[(CorrectionId, CorrectionState)]) -> Result<Self> {
        let mut rows = Self::default();
        if corrections.is_empty() {
            return Ok(rows);
        }
        rows.links = state::person_links(records, unit)?;
        let subjects: BTreeSet<_> = corrections
            .iter()
            .filter_map(|(_, state)| Some(rows.person_of(state.proposal.as_ref()?.subject_id.into())))
            .collect();
        let edition = records.unit(unit)?.map_or(0, |row| row.edition);
        crate::register::each_record(records, unit, edition, &mut |record| match record {
            EditionRecord::Household(household) => {
                rows.of_dwelling.entry(household.dwelling).or_insert(household.id);
                rows.household_numbers.insert(household.id, household.household_no);
            }
            EditionRecord::Person(person) if subjects.contains(&person.id) => {
                let text = |field| person.field(field).map(str::to_owned);
                let row = RowPerson {
                    household: person.household,
                    id_number: text(Field::IdNumber),
                    full_name: text(Field::FullName),
                };
                rows.people.insert(person.id, row);
            }
            _ => {}
        })?;
        rows.gather_doors(records, unit, corrections)?;
        for officer in records.officers(Some(unit))? {
            rows.officers.insert(officer.officer, officer.name);
        }
        Ok(rows)
    }

    /// Whom the register does not hold: people added at a door stand under the register's id where a later edition
    /// brought them, else as the log knows them.
    fn gather_doors(
        &mut self,
        records: &mut dyn Records,
        unit: &Unit,
        corrections: &[(CorrectionId, CorrectionState)],
    ) -> Result<()> {
        let proposals = corrections.iter().filter_map(|(_, state)| state.proposal.as_ref());
        for proposal in proposals.filter(|proposal| proposal.subject == Subject::Person) {
            let id = self.person_of(proposal.subject_id.into());
            if self.people.contains_key(&id) {
                continue;
            }
            let changes = state::changes_of(records, unit, EntityRef::new(EntityKind::Person, id))?;
            let Some(door) = fold_person(id, None, &changes) else { continue };
            let Some(household) = door.household.or(proposal.household) else { continue };
            let text = |field| door.field(field).map(str::to_owned);
            let row = RowPerson { household, id_number: text(Field::IdNumber), full_name: text(Field::FullName) };
            self.people.insert(id, row);
            if let Entry::Vacant(number) = self.household_numbers.entry(household) {
                let changes = state::changes_of(records, unit, EntityRef::new(EntityKind::Household, household))?;
                if let Some(known) = fold_household(household, None, &changes).and_then(|state| state.household_no) {
                    number.insert(known);
                }
            }
        }
        Ok(())
    }

    fn make(&self, unit: &Unit, corrections: &[(CorrectionId, CorrectionState)]) -> Vec<CorrectionRow> {
        corrections.iter().filter_map(|(id, state)| self.row(unit, *id, state)).collect()
    }

    fn person_of(&self, id: PersonId) -> PersonId {
        self.links.get(&id).copied().unwrap_or(id)
    }

    fn row(&self, unit: &Unit, correction_id: CorrectionId, state: &CorrectionState) -> Option<CorrectionRow> {
        let proposal = state.proposal.as_ref()?;
        let person = match proposal.subject {
            Subject::Person => self.people.get(&self.person_of(proposal.subject_id.into())),
            Subject::Household | Subject::Dwelling => None,
        };
        let household = match proposal.subject {
            Subject::Person => person.map(|person| person.household).or(proposal.household),
            Subject::Household => Some(proposal.subject_id.into()),
            Subject::Dwelling => proposal.household.or(self.of_dwelling.get(&proposal.subject_id.into()).copied()),
        };
        let approvals = || {
            state
                .reviews
                .iter()
                .filter(|review| review.review.decision == Decision::Approve && review.outcome == Outcome::Counted)
        };
        let name = |officer: &OfficerId| self.officers.get(officer).cloned().unwrap_or_else(|| officer.to_string());
        let approved_by: Vec<String> = approvals().map(|review| name(&review.author)).collect();
        let paper = proposal.evidence.first().map(|evidence| &evidence.paper);
        Some(CorrectionRow {
            unit_code: unit.code.clone(),
            household_no: household.and_then(|household| self.household_numbers.get(&household).cloned()),
            id_number: person.and_then(|person| person.id_number.clone()),
            full_name: person.and_then(|person| person.full_name.clone()),
            field: proposal.field,
            register_value: proposal.register_value.clone(),
            new_value: proposal.proposed_value.clone(),
            document_kind: paper.map(|paper| paper.kind.clone()),
            document_number: paper.and_then(|paper| paper.number.clone()),
            document_date: paper.and_then(|paper| paper.date.clone()),
            reason: proposal.reason.clone(),
            approved_by: approved_by.join(", "),
            approved_at_ms: approvals().next_back().map_or(0, |review| review.decided_ms),
            correction_id,
        })
    }
}
