//! Where the server keeps everything: the units' logs, chains, photos, editions, audit, and the small reference tables.
//!
//! `Ledger` gives transactions; `Records` are the operations inside one, over plain data. What the data mean (verdicts,
//! receipts, authorisation) is decided above, once, for every implementation. Every table of unit data has a key that
//! begins with the unit, and a transaction that writes names its unit: an implementation for many machines takes that
//! unit's row lock and nothing wider.

mod embedded;
mod records;
mod rows;

pub use embedded::EmbeddedLedger;
pub use records::{
    AuditRecords, ChangeRecords, EditionRecords, ExportRecords, LogRecords, PhotoRecords, Records, ReferenceRecords,
    UploadRecords,
};
pub use rows::*;

use crate::error::{Result, ServerError};
use domain::unit::Unit;

/// What a transaction may write.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// One unit's data, under its lock, and reference tables.
    Unit(&'a Unit),
    /// Reference tables only.
    Reference,
}

/// Transactions over the ledger. A closure that gives an error leaves no trace.
pub trait Ledger: Send + Sync {
    /// A consistent view; writing inside it is a defect.
    fn read_with(&self, work: &mut dyn FnMut(&mut dyn Records) -> Result<()>) -> Result<()>;
    /// All or nothing, durable when it returns.
    fn write_with(&self, scope: Scope<'_>, work: &mut dyn FnMut(&mut dyn Records) -> Result<()>) -> Result<()>;
    /// After an erasure: what was deleted is overwritten in every file of the ledger before this returns.
    fn forget_deleted(&self) -> Result<()>;
    /// Copies the ledger as it stands at one moment, encrypted under the same key, while others go on. The file is new.
    fn back_up(&self, to: &std::path::Path) -> Result<()>;
    /// Reads every page and its authentication code.
    fn check_integrity(&self) -> Result<()>;
}

impl dyn Ledger + '_ {
    /// `read_with`, giving a value.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Records) -> Result<T>) -> Result<T> {
        let mut slot = Slot::new(work);
        self.read_with(&mut |records| slot.run(records))?;
        slot.take()
    }

    /// `write_with`, giving a value.
    pub fn write<T>(&self, scope: Scope<'_>, work: impl FnOnce(&mut dyn Records) -> Result<T>) -> Result<T> {
        let mut slot = Slot::new(work);
        self.write_with(scope, &mut |records| slot.run(records))?;
        slot.take()
    }
}

/// Carries a closure that runs once, and its value, through the object-safe trait.
struct Slot<F, T> {
    work: Option<F>,
    value: Option<T>,
}

impl<T, F: FnOnce(&mut dyn Records) -> Result<T>> Slot<F, T> {
    fn new(work: F) -> Self {
        Self { work: Some(work), value: None }
    }

    fn run(&mut self, records: &mut dyn Records) -> Result<()> {
        let work = self.work.take().ok_or(ServerError::Worker)?;
        self.value = Some(work(records)?);
        Ok(())
    }

    fn take(self) -> Result<T> {
        self.value.ok_or(ServerError::Worker)
    }
}
