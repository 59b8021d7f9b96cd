//! The laptops' access logs: who looked at whom.
//!
//! Who looked is whoever's laptop it was: a profile is one officer's with one device id, so the officer of the device's
//! certificate. A line that names another one was not made by the product. It is kept, for someone did look, as his whose
//! device signed it, and an alarm says so; refused, it would be a way to look unseen, and hold up the lines behind it.

use domain::id::OfficerId;
use sync::hash::{access_after, chain_start};
use sync::message::{AccessAnswer, AccessDetail, AccessLog};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Result};
use crate::ledger::{AccessRow, Records, Scope};
use crate::tokens::sender_of;

/// An upload with more lines is refused.
const MAX_ENTRIES: usize = 10_000;

/// Takes a signed access log: what continues its chain here is stored, what is here already is passed over. Answers how
/// far the chain is held and its hash there, by which a laptop that was copied or set back finds out.
///
/// # Errors
/// `DeviceUnknown`, `SignatureWrong`, `UnitForbidden`; `EntriesOutOfOrder` for no lines, too many, or a gap between them.
pub fn take_access_log(deployment: &Deployment, envelope: &[u8]) -> Result<AccessAnswer> {
    let device = sender_of(deployment, envelope)?;
    let log: AccessLog = sync::cose::verify(envelope, &device.public_key, deployment.keys.deployment)
        .map_err(|_| Code::SignatureWrong)?;
    if log.device != device.device {
        return Err(Code::SignatureWrong.into());
    }
    if device.unit.as_ref() != Some(&log.unit) {
        return Err(Code::UnitForbidden.into());
    }
    let first = log.entries.first().map_or(0, |entry| entry.sequence);
    let dense = log.entries.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1);
    if first == 0 || !dense || log.entries.len() > MAX_ENTRIES {
        return Err(Code::EntriesOutOfOrder.into());
    }
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&log.unit), |records| store_lines(records, &log, device.officer, now_ms))
}

fn store_lines(records: &mut dyn Records, log: &AccessLog, officer: OfficerId, now_ms: u64) -> Result<AccessAnswer> {
    let (unit, device, chain) = (&log.unit, log.device, log.chain);
    let held = records.access_head(unit, device, chain)?;
    let (through, hash) = held.map_or_else(|| (0, chain_start(chain)), |held| (held.through, held.hash));
    // The hash after each line that is sent.
    let mut lines = Vec::with_capacity(log.entries.len());
    let mut after = log.hash_before;
    for entry in &log.entries {
        after = access_after(&after, entry);
        lines.push((entry, after));
    }
    let (Some(&(first, _)), Some(&(last, head))) = (lines.first(), lines.last()) else {
        return Ok(AccessAnswer { stored_through: through, hash });
    };
    if first.sequence > through + 1 {
        return Ok(AccessAnswer { stored_through: through, hash });
    }
    let stored = last.sequence;
    // Where what is sent and what is held meet, they have to agree.
    let meeting = through.min(last.sequence);
    let sent = lines.iter().find(|(line, _)| line.sequence == meeting).map_or(log.hash_before, |(_, hash)| *hash);
    let here = match meeting == through {
        true => Some(hash),
        false => records.access_hash(unit, device, chain, meeting)?,
    };
    if here != Some(sent) {
        let note = Note::new(Actor::Device(device), "access_log_forked").subject(chain).with("through", through);
        let note = note.with("first", first.sequence).with("last", last.sequence).alarm();
        note.write(records, Some(unit), now_ms)?;
        return Ok(AccessAnswer { stored_through: through, hash });
    }
    lines.retain(|(line, _)| line.sequence > through);
    let fresh: Vec<AccessRow> = lines
        .iter()
        .map(|(line, hash)| AccessRow {
            sequence: line.sequence,
            at_ms: line.at_ms,
            officer,
            action: line.action,
            entity: line.entity,
            // Anything else is not kept, for it could not be erased.
            detail: line.detail.as_deref().and_then(AccessDetail::parse),
            hash: *hash,
        })
        .collect();
    if !fresh.is_empty() {
        records.add_access(unit, device, chain, &fresh)?;
        let note = Note::new(Actor::Device(device), "access_log_stored").detail(fresh.len());
        note.write(records, Some(unit), now_ms)?;
    }
    let mut forged = lines.iter().map(|(line, _)| line).filter(|line| line.officer != officer);
    if let Some(first) = forged.next() {
        let note = Note::new(Actor::Device(device), "access_log_of_other_officer").subject(first.officer);
        let note = note.with("chain", chain).with("first", first.sequence).with("lines", 1 + forged.count());
        note.alarm().write(records, Some(unit), now_ms)?;
    }
    Ok(AccessAnswer { stored_through: stored, hash: head })
}
