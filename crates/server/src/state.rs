//! State at the server: folded on demand from the unit's log, never kept. Ingest does not wait for it.

use std::collections::{BTreeMap, BTreeSet};

use domain::change::{Body, ChangeHeader, EntityKind, EntityRef, kind};
use domain::fold::{CorrectionState, FoldChange, Policies, Position, fold_correction, fold_person};
use domain::id::{CorrectionId, EntityId, PersonId};
use domain::unit::Unit;
use sync::message::Verdict;

use crate::error::{Result, ServerError};
use crate::ingest::body_of;
use crate::ledger::{LoggedChange, Records};

/// The header of a stored change.
///
/// # Errors
/// `Broken`.
pub fn header_of(change: &LoggedChange) -> Result<ChangeHeader> {
    sync::codec::decode(&change.header_bytes).map_err(|_| ServerError::Broken("a change's header"))
}

/// The body of a stored change; `None` where it is erased or unknown to this version.
///
/// # Errors
/// `Broken`.
pub fn logged_body(change: &LoggedChange) -> Result<Option<Body>> {
    let header = header_of(change)?;
    Ok(change.salted_body.as_deref().and_then(|salted| body_of(&header, salted)))
}

/// What the fold takes: neither refused changes nor those of a type or version that this build does not know.
///
/// # Errors
/// `Broken`.
pub fn fold_changes(changes: &[LoggedChange]) -> Result<Vec<FoldChange>> {
    let mut folded = Vec::with_capacity(changes.len());
    // A body that came empty without an erasure counts as erased.
    let counts = |change: &&LoggedChange| matches!(change.verdict, None | Some(Verdict::NotErased));
    for change in changes.iter().filter(counts) {
        let header = header_of(change)?;
        let body = match &change.salted_body {
            None => None,
            Some(salted) => match body_of(&header, salted) {
                None => continue,
                body => body,
            },
        };
        let position = Position::Logged { index: change.index, sequence: change.sequence };
        folded.push(FoldChange {
            position,
            device: change.device,
            role: change.role,
            received_ms: Some(change.received_ms),
            header,
            body,
        });
    }
    Ok(folded)
}

/// Everything of the log that one entity is folded from.
///
/// # Errors
/// The ledger's.
pub fn changes_of(records: &mut dyn Records, unit: &Unit, entity: EntityRef) -> Result<Vec<FoldChange>> {
    fold_changes(&records.changes_touching(unit, entity)?)
}

/// The entities on which changes of one type stand.
///
/// # Errors
/// The ledger's.
pub fn entities_with(records: &mut dyn Records, unit: &Unit, change_kind: u16) -> Result<BTreeSet<EntityId>> {
    let changes = records.changes_of_kind(unit, change_kind)?;
    changes.iter().map(|change| Ok(header_of(change)?.entity.id)).collect()
}

/// Whom the register knows of those who were added at a door: the id given there, and the register's.
///
/// # Errors
/// The ledger's.
pub fn person_links(records: &mut dyn Records, unit: &Unit) -> Result<BTreeMap<PersonId, PersonId>> {
    let mut links = BTreeMap::new();
    for id in entities_with(records, unit, kind::PERSON_LINKED)? {
        let changes = changes_of(records, unit, EntityRef { kind: EntityKind::Person, id })?;
        if let Some(linked_to) = fold_person(id.into(), None, &changes).and_then(|state| state.linked_to) {
            links.insert(id.into(), linked_to);
        }
    }
    Ok(links)
}

/// The unit's policies, each with its place in the log.
///
/// # Errors
/// The ledger's.
pub fn policies(records: &mut dyn Records, unit: &Unit) -> Result<Policies> {
    let changes = fold_changes(&records.changes_of_kind(unit, kind::POLICY_SET)?)?;
    let policy = |change: FoldChange| match change.body {
        Some(Body::PolicySet(policy)) => Some((change.position, policy)),
        _ => None,
    };
    Ok(Policies::new(changes.into_iter().filter_map(policy).collect()))
}

/// Every correction of the unit as it stands.
///
/// # Errors
/// The ledger's.
pub fn corrections(records: &mut dyn Records, unit: &Unit) -> Result<Vec<(CorrectionId, CorrectionState)>> {
    let policies = policies(records, unit)?;
    let mut states = Vec::new();
    for id in entities_with(records, unit, kind::CORRECTION_PROPOSED)? {
        if let Some(state) = correction(records, unit, id.into(), &policies)? {
            states.push((id.into(), state));
        }
    }
    Ok(states)
}

/// One correction as it stands.
///
/// # Errors
/// The ledger's.
pub fn correction(
    records: &mut dyn Records,
    unit: &Unit,
    correction: CorrectionId,
    policies: &Policies,
) -> Result<Option<CorrectionState>> {
    let changes = changes_of(records, unit, EntityRef::new(EntityKind::Correction, correction))?;
    Ok(fold_correction(correction, &changes, policies))
}
