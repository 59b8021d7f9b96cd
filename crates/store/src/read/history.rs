//! What was said of one entity, change by change.

use domain::change::{Body, EntityKind, EntityRef};
use domain::fold::{ChangeOutcome, Outcome, Position};
use domain::id::{ChangeId, DeviceId, OfficerId};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::{Window, household, officer, person};
use crate::change::{Reach, fold_change};
use crate::error::Result;
use crate::fold::{self, load};
use crate::row::{kind_number, signed};
use crate::store::Store;

/// One change in a history.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
pub struct HistoryEntry {
    pub change: ChangeId,
    /// A number of `domain::change::kind`.
    pub kind: u16,
    pub entity: EntityRef,
    pub author: OfficerId,
    pub author_name: Option<String>,
    pub device: DeviceId,
    /// The author's clock.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// The server's, once it was received.
    #[ts(type = "number | null")]
    pub received_ms: Option<u64>,
    pub position: Position,
    /// `None` once erased, or where only a later version can read it.
    pub body: Option<Body>,
    /// Why it does not count, where the fold says so.
    pub outcome: Option<Outcome>,
    /// The number of the verdict by which the server refused it.
    pub verdict: Option<u16>,
}

impl Store {
    /// The changes that touch an entity, the latest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn history(&self, entity: EntityRef, window: Window) -> Result<Vec<HistoryEntry>> {
        self.read(|connection| {
            let outcomes = outcomes_of(connection, entity)?;
            let mut statement = connection.prepare_cached(
                "SELECT change.n, log_index, sequence, device, role, header, body, received_ms, verdict
                 FROM touch JOIN change ON change.n = touch.change
                 WHERE touch.entity_kind = ?1 AND touch.entity = ?2 AND state IN (1, 2, 3)
                 ORDER BY log_index IS NULL DESC, log_index DESC, sequence DESC LIMIT ?3 OFFSET ?4",
            )?;
            let mut rows = statement.query(params![
                kind_number(entity.kind),
                entity.id.as_bytes(),
                signed(window.limit.into()),
                signed(window.offset.into())
            ])?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                let change = fold_change(row)?;
                let header = change.header;
                entries.push(HistoryEntry {
                    change: header.id,
                    kind: header.kind,
                    entity: header.entity,
                    author: header.author,
                    author_name: officer::name_of(connection, header.author)?,
                    device: change.device,
                    at_ms: header.wall_clock_ms,
                    received_ms: change.received_ms,
                    position: change.position,
                    body: change.body,
                    outcome: outcomes.iter().find(|known| known.change == header.id).map(|known| known.outcome),
                    verdict: row.get(8)?,
                });
            }
            Ok(entries)
        })
    }
}

fn outcomes_of(connection: &Connection, entity: EntityRef) -> Result<Vec<ChangeOutcome>> {
    let id = entity.id;
    let outcomes = match entity.kind {
        EntityKind::Person => person::load(connection, id.into())?.map(|person| person.state.outcomes),
        EntityKind::Household => household::load(connection, id.into())?.map(|state| state.outcomes),
        EntityKind::Dwelling => household::load_dwelling(connection, id.into())?.map(|state| state.outcomes),
        EntityKind::Visit => load::visit(connection, id.into(), Reach::Everything)?.map(|state| state.outcomes),
        EntityKind::Correction => {
            let policies = fold::policies(connection, Reach::Everything)?;
            load::correction(connection, id.into(), &policies, Reach::Everything)?.map(|state| state.outcomes)
        }
        EntityKind::Officer | EntityKind::Device | EntityKind::Unit | EntityKind::Other(_) => None,
    };
    Ok(outcomes.unwrap_or_default())
}
