//! The server's own changes: built, sealed and taken in like any device's, in the caller's transaction. Their author is
//! the server; at whose word they were made stands in each header.

use domain::change::{Body, EntityRef};
use domain::id::{ChangeId, OfficerId};
use domain::unit::Unit;
use sync::batch::{Draft, SALT_BYTES, SealRequest, SealedChange, build_change, seal, split_for_batches};
use sync::message::Made;

use super::{Verified, store_batch};
use crate::error::{Code, Result, ServerError};
use crate::keys::{ServerKeys, certificate_of};
use crate::ledger::Records;

/// Appends the changes to the unit's log, in order, in as many batches as they need.
///
/// # Errors
/// `UnitUnknown`; text that no body may hold; the ledger's.
pub fn append(
    records: &mut dyn Records,
    keys: &ServerKeys,
    unit: &Unit,
    changes: Vec<(EntityRef, Body)>,
    on_behalf_of: Option<OfficerId>,
    now_ms: u64,
) -> Result<Vec<ChangeId>> {
    let row = records.unit(unit)?.ok_or(Code::UnitUnknown)?;
    let chain = row.own_chain;
    let head = records.chain(unit, keys.device, chain)?;
    let mut hash_before = head.map_or_else(|| sync::hash::chain_start(chain), |head| head.head);
    let first = head.map_or(1, |head| head.last_sequence + 1);
    let device = records.device(keys.device)?.ok_or(ServerError::Broken("the server's own device is missing"))?;

    let mut sealed_changes: Vec<SealedChange> = Vec::with_capacity(changes.len());
    for (sequence, (entity, body)) in (first..).zip(changes) {
        let mut salt = [0; SALT_BYTES];
        sync::keys::fill_random(&mut salt);
        let draft = Draft {
            id: ChangeId(uuid::Uuid::now_v7()),
            entity,
            edition: row.edition,
            seen: row.head,
            author: keys.officer,
            wall_clock_ms: now_ms,
            photos: None,
            clock_set_back_ms: None,
            on_behalf_of,
            body,
        };
        sealed_changes.push(build_change(draft, sequence, salt).map_err(super::refuse)?);
    }
    for group in split_for_batches(&sealed_changes) {
        let request = SealRequest {
            device: keys.device,
            chain,
            key_epoch: device.key_epoch,
            unit: unit.clone(),
            hash_before,
            receipt_seen: None,
            made: Made { created_ms: now_ms, app_version: env!("CARGO_PKG_VERSION").into(), schema_version: 1 },
            replaces: None,
            log: Some(row.log),
            changes: group,
        };
        let (sealed, batch) = seal(request, &keys.device_key, keys.deployment).map_err(super::refuse)?;
        hash_before = batch.hash_after;
        let sealed = sync::codec::encode(&sealed);
        let opened =
            sync::batch::open(&sealed, |_| Some(certificate_of(&device)), keys.deployment).map_err(super::refuse)?;
        store_batch(records, keys, &Verified { opened, sealed }, Some(keys.device), now_ms)?;
    }
    Ok(sealed_changes.iter().map(|change| change.header.id).collect())
}
