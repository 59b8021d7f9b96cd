//! A ledger that is older than its own receipts was restored from a backup. It then takes a new log id for the unit;
//! laptops see it, offer every batch they hold, others' included, and read again from zero.
//!
//! It is noticed by itself, from what a device says that this ledger had receipted:
//! - an announcement, made with knowledge of the present log, whose next batch of a chain begins above the chain's head;
//! - a batch whose `receipt_seen` is for a sequence above the chain's head;
//! - a feed asked for above the log's head.
//!
//! Each claim counts once: what a device claimed of a chain is remembered (`log_claim`), and no equal or lower claim
//! starts another log; a claim that counts in an earlier log starts none. So a lost batch that
//! nobody holds any more cannot turn the log over and over. `new-log` does the same by hand, after a restore.

use domain::id::{ChainId, DeviceId, LogId};
use domain::unit::Unit;
use sync::message::{Announcement, Batch, ItemKind};

use crate::audit::{Actor, Note};
use crate::error::{Code, Result};
use crate::ledger::{DeviceRow, Records};

/// Claims about the log as a whole are kept under this chain.
const WHOLE_LOG: ChainId = ChainId(uuid::Uuid::nil());

/// Gives the unit's log a new id, and the server a new chain in it: the old chain may hold batches that this ledger has
/// forgotten.
///
/// # Errors
/// The ledger's.
pub fn start_new_log(records: &mut dyn Records, unit: &Unit, cause: &str, now_ms: u64) -> Result<LogId> {
    let log = LogId(uuid::Uuid::now_v7());
    records.start_log(unit, log, ChainId(uuid::Uuid::now_v7()), now_ms)?;
    Note::new(Actor::Server, "log_started").subject(log).detail(cause).alarm().write(records, Some(unit), now_ms)?;
    Ok(log)
}

/// Heeds what an announcement tells of chains.
pub(crate) fn heed_announcement(
    records: &mut dyn Records,
    unit: &Unit,
    announcement: &Announcement,
    now_ms: u64,
) -> Result<()> {
    let mut lowest: std::collections::BTreeMap<ChainId, u64> = std::collections::BTreeMap::new();
    for item in announcement.items.iter().filter(|item| item.kind == ItemKind::Batch) {
        if let (Some(chain), Some(first)) = (item.chain, item.first_sequence) {
            lowest.entry(chain).and_modify(|at| *at = first.min(*at)).or_insert(first);
        }
    }
    for (chain, first) in lowest {
        // Of another's chain, or of one that is wholly forgotten, an announcement tells nothing sure.
        let Some(head) = records.chain(unit, announcement.device, chain)? else { continue };
        let held = head.last_sequence;
        let claim = Claim { device: announcement.device, chain, through: first.saturating_sub(1), held };
        heed(records, unit, &claim, announcement.log, now_ms)?;
    }
    Ok(())
}

/// Heeds the receipt that a batch says its device has seen.
pub(crate) fn heed_receipt_seen(records: &mut dyn Records, unit: &Unit, batch: &Batch, now_ms: u64) -> Result<()> {
    let Some(seen) = &batch.receipt_seen else { return Ok(()) };
    let head = records.chain(unit, batch.device, batch.chain)?.map_or(0, |chain| chain.last_sequence);
    let claim = Claim { device: batch.device, chain: batch.chain, through: seen.last_sequence, held: head };
    heed(records, unit, &claim, batch.log, now_ms)
}

/// Heeds a cursor above the log's head.
pub(crate) fn heed_cursor(
    records: &mut dyn Records,
    unit: &Unit,
    device: &DeviceRow,
    after: u64,
    now_ms: u64,
) -> Result<()> {
    let head = records.unit(unit)?.ok_or(Code::UnitUnknown)?.head;
    let claim = Claim { device: device.device, chain: WHOLE_LOG, through: after, held: head };
    heed(records, unit, &claim, device.contact.log_told, now_ms)
}

/// What a device says that this ledger once held.
struct Claim {
    device: DeviceId,
    chain: ChainId,
    through: u64,
    held: u64,
}

fn heed(records: &mut dyn Records, unit: &Unit, claim: &Claim, log_known: Option<LogId>, now_ms: u64) -> Result<()> {
    if claim.through <= claim.held {
        return Ok(());
    }
    let before = records.log_claim(unit, claim.device, claim.chain)?;
    if before.is_some_and(|before| claim.through <= before) {
        return Ok(());
    }
    records.put_log_claim(unit, claim.device, claim.chain, claim.through)?;
    let log = records.unit(unit)?.ok_or(Code::UnitUnknown)?.log;
    if log_known == Some(log) {
        start_new_log(
            records,
            unit,
            &format!("claim of device:{} through={} held={}", claim.device, claim.through, claim.held),
            now_ms,
        )?;
    }
    Ok(())
}
