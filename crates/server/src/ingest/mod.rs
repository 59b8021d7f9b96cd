//! From transfer bytes to a signed receipt. Verdicts, the entry, its index, the heads, the audit and the receipt are one
//! transaction under the unit's lock; the receipt's bytes are stored, so that asked again the answer is the same.
//!
//! Whoever brings a batch is of no account: its author's signature proves it. What is refused here is refused whole and
//! leaves nothing; everything else gets a receipt, so that no laptop's queue is ever stuck.

mod heal;
mod heed;
pub mod own;
pub mod restored;
mod touches;

pub use touches::{body_of, touches_of};

use std::collections::BTreeSet;

use domain::change::EntityKind;
use domain::id::{ChainId, ChangeId, DeviceId, PersonId};
use domain::unit::Unit;
use sync::WireError;
use sync::batch::{OpenedBatch, VerdictContext};
use sync::chain::{ChainHead, Placement, place};
use sync::message::{FORMAT, ForkHead, Hash, Receipt, ReceiptStatus, SealedBatch, Verdict, VerdictEntry};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::{Code, Refusal, Result, ServerError};
use crate::keys::{ServerKeys, certificate_of};
use crate::ledger::{Aside, AsideRow, DeviceRow, NewChange, NewEntry, Records, Scope, UnitRow};

/// A clock that is off by more is flagged.
const SKEW_MS: i64 = 5 * 60 * 1000;
/// How long after its beginning a log may still be on its way to being filled again.
const REFILL_MS: u64 = 3600 * 1000;

/// A batch whose signature, shape and hashes hold.
pub struct Verified {
    opened: OpenedBatch,
    /// The sealed bytes as received.
    sealed: Vec<u8>,
}

impl Verified {
    pub fn unit(&self) -> &Unit {
        &self.opened.batch.unit
    }

    /// Whose, and of which chain.
    pub fn chain(&self) -> (DeviceId, ChainId) {
        (self.opened.batch.device, self.opened.batch.chain)
    }
}

/// What became of a batch.
#[derive(Clone, Debug)]
pub struct Taken {
    pub status: ReceiptStatus,
    /// Signed; for a batch that came before, the stored bytes.
    pub receipt: Vec<u8>,
    pub index: Option<u64>,
    pub again: bool,
}

/// Opens transfer bytes: signature, shape and hashes, outside any transaction.
///
/// # Errors
/// `BatchTooLarge`, `DeviceUnknown`, `BatchRefused` with the wire's own code.
pub fn verify_transfer(deployment: &Deployment, transfer: &[u8]) -> Result<Verified> {
    let sealed = sync::batch::from_transfer(transfer).map_err(refuse)?;
    verify_sealed(deployment, sealed)
}

/// As `verify_transfer`, for the sealed bytes themselves (a stick).
pub fn verify_sealed(deployment: &Deployment, sealed: Vec<u8>) -> Result<Verified> {
    let envelope: SealedBatch = sync::codec::decode(&sealed).map_err(|error| refuse(error.into()))?;
    let kid = sync::cose::kid_of_envelope(envelope.envelope.as_bytes()).map_err(refuse)?;
    let device = deployment.ledger.read(|records| records.device_by_kid(&kid))?.ok_or(Code::DeviceUnknown)?;
    let opened =
        sync::batch::open(&sealed, |_| Some(certificate_of(&device)), deployment.keys.deployment).map_err(refuse)?;
    Ok(Verified { opened, sealed })
}

fn refuse(error: WireError) -> Refusal {
    match error {
        WireError::TooLarge { limit_bytes } => Refusal::with(Code::BatchTooLarge, "limit_bytes", limit_bytes),
        WireError::UnknownKey { .. } => Code::DeviceUnknown.into(),
        error => Refusal::with(Code::BatchRefused, "wire", error.code()),
    }
}

/// Takes a batch in, in a transaction of its own; the upload that brought it ends with it.
///
/// # Errors
/// `UnitUnknown` for a unit that this server does not keep; the ledger's.
pub fn take_batch(
    deployment: &Deployment,
    batch: &Verified,
    brought_by: Option<DeviceId>,
    upload: Option<(&Unit, &Hash)>,
) -> Result<Taken> {
    let now_ms = deployment.now_ms();
    let home = home_of(batch);
    let taken = deployment.ledger.write(Scope::Unit(home), |records| {
        let taken = store_batch(records, &deployment.keys, batch, brought_by, now_ms)?;
        if let (Some((unit, hash)), Some(device)) = (upload, brought_by)
            && unit == home
        {
            records.drop_upload(unit, device, hash)?;
        }
        Ok(taken)
    })?;
    if let (Some((unit, hash)), Some(device)) = (upload, brought_by)
        && unit != home
    {
        deployment.ledger.write(Scope::Unit(unit), |records| records.drop_upload(unit, device, hash))?;
    }
    let erases = batch.opened.headers.iter().any(|header| header.kind == domain::change::kind::ERASED);
    if erases && batch.opened.certificate.device == deployment.keys.device {
        deployment.ledger.forget_deleted()?;
    }
    Ok(taken)
}

/// A batch outside its certificate's unit is kept with the unit of the certificate, never with the one it names.
fn home_of(batch: &Verified) -> &Unit {
    batch.opened.certificate.unit.as_ref().unwrap_or(&batch.opened.batch.unit)
}

/// Takes a batch in, inside a transaction on `home_of` it.
///
/// # Errors
/// As `take_batch`.
pub fn store_batch(
    records: &mut dyn Records,
    keys: &ServerKeys,
    verified: &Verified,
    brought_by: Option<DeviceId>,
    now_ms: u64,
) -> Result<Taken> {
    let home = home_of(verified);
    let batch = &verified.opened.batch;
    records.unit(home)?.ok_or(Code::UnitUnknown)?;
    if let Some(known) = records.known_batch(home, batch.chain, batch.first_sequence, &batch.hash_after)? {
        let healed = heal::fill_missing_bodies(records, home, &known, &verified.opened, brought_by, now_ms)?;
        let unit = records.unit(home)?.ok_or(Code::UnitUnknown)?;
        // Within a refill laptops read again from zero as it is.
        if healed && now_ms.saturating_sub(unit.log_started_ms) > REFILL_MS {
            restored::start_new_log(records, home, "bodies_came_back", now_ms)?;
        }
        let status = status_of(&known.receipt, keys).unwrap_or(ReceiptStatus::Stored);
        let receipt = present_receipt(records, keys, home, known.receipt)?;
        return Ok(Taken { status, receipt, index: known.index, again: true });
    }
    let device = records.device(batch.device)?.ok_or(Code::DeviceUnknown)?;
    let late = device.revoked.is_some() && !heed::stood_at_revocation(records, home, batch)?;
    if home != &batch.unit || late {
        return Storing { records, keys, verified, home, device, brought_by, now_ms }.set_aside(Aside::Quarantine);
    }
    let mut storing = Storing { records, keys, verified, home, device, brought_by, now_ms };
    match storing.place()? {
        Placement::Append => storing.append(),
        Placement::Fork => storing.set_aside(Aside::Fork),
        Placement::Gap { wanted } => storing.ask_for(wanted),
        // `known_batch` found nothing with this hash.
        Placement::Same => Err(ServerError::Broken("an entry that its own index does not find")),
    }
}

/// Releases a quarantined batch into the log, as if its device had been in order.
///
/// # Errors
/// `QuarantineUnknown` where the batch does not fit its chain now (what is missing must be released first).
pub fn release_batch(records: &mut dyn Records, keys: &ServerKeys, verified: &Verified, now_ms: u64) -> Result<Taken> {
    let home = home_of(verified);
    let device = records.device(verified.opened.batch.device)?.ok_or(Code::DeviceUnknown)?;
    let mut storing = Storing { records, keys, verified, home, device, brought_by: None, now_ms };
    match storing.place()? {
        Placement::Append => storing.append(),
        Placement::Gap { wanted } => Err(Refusal::with(Code::QuarantineUnknown, "wanted_sequence", wanted).into()),
        Placement::Fork | Placement::Same => Err(Refusal::with(Code::QuarantineUnknown, "fork", "true").into()),
    }
}

/// Keeps a gap receipt to be carried back, unless what is missing came meanwhile.
///
/// # Errors
/// The ledger's.
pub fn note_gap(deployment: &Deployment, batch: &Verified, receipt: &[u8]) -> Result<()> {
    let (home, (device, chain)) = (home_of(batch), batch.chain());
    deployment.ledger.write(Scope::Unit(home), |records| {
        let held = records.chain(home, device, chain)?.map_or(0, |chain| chain.last_sequence);
        match batch.opened.batch.first_sequence > held + 1 {
            true => records.put_gap(home, device, chain, receipt),
            false => Ok(()),
        }
    })
}

fn status_of(receipt: &[u8], keys: &ServerKeys) -> Option<ReceiptStatus> {
    let receipt: Receipt = sync::cose::verify(receipt, &keys.device_key.public_key(), keys.deployment).ok()?;
    Some(receipt.status)
}

/// A stored receipt as it is given out: as it was signed or, where the log began anew since, signed again for the present
/// log, with the verdicts that stand there. The same bytes each time within one log.
///
/// # Errors
/// The ledger's.
pub fn present_receipt(records: &mut dyn Records, keys: &ServerKeys, unit: &Unit, stored: Vec<u8>) -> Result<Vec<u8>> {
    let log = records.unit(unit)?.ok_or(Code::UnitUnknown)?.log;
    let Ok(receipt) = sync::cose::verify::<Receipt>(&stored, &keys.device_key.public_key(), keys.deployment) else {
        return Ok(stored);
    };
    if receipt.log == log {
        return Ok(stored);
    }
    let verdicts = match receipt.index {
        Some(index) => {
            let entry = records.entries_after(unit, index.saturating_sub(1), 1)?.into_iter().next();
            entry.map_or(receipt.verdicts, |entry| entry.verdicts)
        }
        None => receipt.verdicts,
    };
    Ok(keys.sign(&Receipt { log, verdicts, ..receipt }))
}

/// One batch on its way in.
struct Storing<'a> {
    records: &'a mut dyn Records,
    keys: &'a ServerKeys,
    verified: &'a Verified,
    home: &'a Unit,
    device: DeviceRow,
    brought_by: Option<DeviceId>,
    now_ms: u64,
}

impl Storing<'_> {
    fn place(&mut self) -> Result<Placement> {
        let batch = &self.verified.opened.batch;
        let head = self.records.chain(self.home, batch.device, batch.chain)?;
        let head = head.map(|chain| ChainHead { last_sequence: chain.last_sequence, head: chain.head });
        let there = self.records.entry_at(self.home, batch.device, batch.chain, batch.first_sequence)?;
        Ok(place(head.as_ref(), |_| there.map(|known| known.hash_after), batch))
    }

    fn append(mut self) -> Result<Taken> {
        let batch = &self.verified.opened.batch;
        let verdicts = self.judge()?;
        let unit = self.unit_row()?;
        let index = unit.head + 1;
        let before = self.records.log_hash(self.home, unit.head)?.ok_or(ServerError::Broken("the hash of the log"))?;
        let receipt = Receipt { index: Some(index), ..self.receipt(ReceiptStatus::Stored, &unit, verdicts.clone()) };
        let skew = receipt.skew_ms;
        let receipt = self.keys.sign(&receipt);
        let changes = self.new_changes(&verdicts)?;
        self.note_late_changes(&changes)?;
        let entry = NewEntry {
            index,
            device: batch.device,
            chain: batch.chain,
            first_sequence: batch.first_sequence,
            last_sequence: batch.last_sequence,
            hash_after: batch.hash_after,
            log_hash: sync::hash::log_after(&before, &batch.hash_after),
            envelope: envelope_of(&self.verified.sealed)?,
            receipt: receipt.clone(),
            log: unit.log,
            received_ms: self.now_ms,
            brought_by: self.brought_by,
            changes,
        };
        self.records.append_entry(self.home, &entry)?;
        self.heed_own_changes()?;
        let note = Note::new(Actor::Device(batch.device), "batch_stored").subject(batch.chain).with("index", index);
        let mut note = note.with("changes", entry.changes.len()).with("refused", verdicts.len());
        if let Some(bringer) = self.brought_by.filter(|bringer| *bringer != batch.device) {
            note = note.with("brought_by", bringer);
        }
        if let Some(skew_ms) = skew {
            note = note.with("skew_ms", skew_ms);
        }
        self.note(note)?;
        Ok(Taken { status: ReceiptStatus::Stored, receipt, index: Some(index), again: false })
    }

    fn set_aside(mut self, why: Aside) -> Result<Taken> {
        let batch = &self.verified.opened.batch;
        let unit = self.unit_row()?;
        let (status, action) = match why {
            Aside::Fork => (ReceiptStatus::Fork, "batch_forked"),
            Aside::Quarantine => (ReceiptStatus::Quarantined, "batch_quarantined"),
        };
        let head = self.records.chain(self.home, batch.device, batch.chain)?;
        let fork_head = head
            .filter(|_| why == Aside::Fork)
            .map(|head| ForkHead { last_sequence: head.last_sequence, head: head.head });
        let verdicts = match self.home == &batch.unit {
            true => Vec::new(),
            false => outside_unit(&self.verified.opened),
        };
        let receipt = self.keys.sign(&Receipt { fork_head, ..self.receipt(status, &unit, verdicts) });
        let row = AsideRow {
            device: batch.device,
            chain: batch.chain,
            first_sequence: batch.first_sequence,
            last_sequence: batch.last_sequence,
            hash_after: batch.hash_after,
            why,
            sealed: self.verified.sealed.clone(),
            receipt: receipt.clone(),
            received_ms: self.now_ms,
            decided: None,
        };
        self.records.put_aside(self.home, &row)?;
        let note = Note::new(Actor::Device(batch.device), action).subject(batch.device).with("chain", batch.chain);
        self.note(note.with("first", batch.first_sequence).with("last", batch.last_sequence).alarm())?;
        Ok(Taken { status, receipt, index: None, again: false })
    }

    /// Nothing is stored, and nothing is written down: a gap may be asked for any number of times. (By stick the answer
    /// goes back another day, see `note_gap`.)
    fn ask_for(mut self, wanted: u64) -> Result<Taken> {
        let unit = self.unit_row()?;
        let receipt = self.receipt(ReceiptStatus::Gap, &unit, Vec::new());
        let receipt = self.keys.sign(&Receipt { wanted_sequence: Some(wanted), ..receipt });
        Ok(Taken { status: ReceiptStatus::Gap, receipt, index: None, again: false })
    }

    fn unit_row(&mut self) -> Result<UnitRow> {
        Ok(self.records.unit(self.home)?.ok_or(Code::UnitUnknown)?)
    }

    fn receipt(&self, status: ReceiptStatus, unit: &UnitRow, verdicts: Vec<VerdictEntry>) -> Receipt {
        let batch = &self.verified.opened.batch;
        Receipt {
            format: FORMAT,
            device: batch.device,
            chain: batch.chain,
            first_sequence: batch.first_sequence,
            last_sequence: batch.last_sequence,
            hash_after: batch.hash_after,
            status,
            log: unit.log,
            index: None,
            verdicts,
            received_ms: self.now_ms,
            unit: batch.unit.clone(),
            wanted_sequence: None,
            fork_head: None,
            skew_ms: self.skew(),
        }
    }

    /// A batch may be days old when it comes, so only one from the future tells of a clock; beside it counts what the
    /// device last announced.
    fn skew(&self) -> Option<i64> {
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        let ahead = signed(self.verified.opened.batch.made.created_ms).saturating_sub(signed(self.now_ms));
        let announced = self.device.contact.skew_ms;
        [ahead, announced]
            .into_iter()
            .zip([ahead > SKEW_MS, announced.saturating_abs() > SKEW_MS])
            .find_map(|(skew, over)| over.then_some(skew))
    }

    fn judge(&mut self) -> Result<Vec<VerdictEntry>> {
        let ids: Vec<ChangeId> = self.verified.opened.headers.iter().map(|header| header.id).collect();
        let known = self.records.known_changes(self.home, &ids)?;
        let erased = self.erased_ids(&ids)?;
        let context = VerdictContext { stands_earlier: &|id| known.contains(id), is_erased: &|id| erased.contains(id) };
        Ok(sync::batch::verdicts(&self.verified.opened, context))
    }

    /// Erased by the log, or by an `Erased` of this very batch.
    fn erased_ids(&mut self, ids: &[ChangeId]) -> Result<BTreeSet<ChangeId>> {
        self.records.erased_changes(self.home, ids)
    }

    /// A body that the log has erased is not stored again, whoever brings it.
    fn new_changes(&mut self, verdicts: &[VerdictEntry]) -> Result<Vec<NewChange>> {
        let opened = &self.verified.opened;
        let ids: Vec<ChangeId> = opened.headers.iter().map(|header| header.id).collect();
        let erased = self.erased_ids(&ids)?;
        let mut changes = Vec::with_capacity(ids.len());
        for ((header, header_bytes), salted_body) in
            opened.headers.iter().zip(&opened.header_bytes).zip(&opened.salted_bodies)
        {
            let verdict = verdicts.iter().find(|entry| entry.sequence == header.sequence).map(|entry| entry.verdict);
            let gone = erased.contains(&header.id);
            changes.push(NewChange {
                header: header.clone(),
                header_bytes: header_bytes.clone(),
                touches: touches_of(header, if gone { &[] } else { salted_body }),
                salted_body: if gone { Vec::new() } else { salted_body.clone() },
                verdict,
            });
        }
        Ok(changes)
    }

    /// What a laptop wrote of someone before it heard of his erasure is still to be erased.
    fn note_late_changes(&mut self, changes: &[NewChange]) -> Result<()> {
        let erased = self.records.erased_people(self.home)?;
        if erased.is_empty() {
            return Ok(());
        }
        let of_erased = |change: &&NewChange| {
            !change.salted_body.is_empty()
                && change
                    .touches
                    .iter()
                    .any(|entity| entity.kind == EntityKind::Person && erased.contains(&PersonId::from(entity.id)))
        };
        let late: Vec<&NewChange> = changes.iter().filter(of_erased).collect();
        for change in late.iter().filter(|change| change.header.kind != domain::change::kind::ERASED) {
            let actor = Actor::Device(self.verified.opened.batch.device);
            self.note(Note::new(actor, "change_about_erased_person").subject(change.header.id).alarm())?;
        }
        Ok(())
    }

    fn heed_own_changes(&mut self) -> Result<()> {
        let opened = &self.verified.opened;
        if opened.certificate.device != self.keys.device {
            return Ok(());
        }
        for (header, salted_body) in opened.headers.iter().zip(&opened.salted_bodies) {
            heed::heed_own_change(self.records, self.keys, self.home, header, salted_body, self.now_ms)?;
        }
        Ok(())
    }

    fn note(&mut self, note: Note) -> Result<()> {
        note.write(self.records, Some(self.home), self.now_ms)
    }
}

fn outside_unit(opened: &OpenedBatch) -> Vec<VerdictEntry> {
    let of = |sequence| VerdictEntry { sequence, verdict: Verdict::OutsideUnit };
    opened.headers.iter().map(|header| of(header.sequence)).collect()
}

fn envelope_of(sealed: &[u8]) -> Result<Vec<u8>> {
    let sealed: SealedBatch = sync::codec::decode(sealed).map_err(|error| refuse(error.into()))?;
    Ok(sealed.envelope.0)
}
