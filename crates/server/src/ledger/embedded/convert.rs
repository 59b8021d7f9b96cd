//! Between SQLite's values and the ledger's plain data.

use domain::change::{EntityKind, EntityRef};
use domain::id::EntityId;
use domain::role::Role;
use domain::unit::Unit;
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use sync::message::{AccessAction, ItemKind, Verdict};

/// An unsigned number as SQLite holds it; the values that come here are counts, sizes and milliseconds.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn number(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(at).map(|number| number.unsigned_abs())
}

pub(super) fn small(row: &Row<'_>, at: usize) -> rusqlite::Result<u32> {
    row.get(at)
}

/// A fixed number of bytes: an id or a hash.
pub(super) fn bytes<const N: usize>(row: &Row<'_>, at: usize) -> rusqlite::Result<[u8; N]> {
    let found = row.get_ref(at)?.as_blob()?;
    found.try_into().map_err(|_| wrong(at, Type::Blob))
}

pub(super) fn maybe_bytes<const N: usize>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<[u8; N]>> {
    if row.get_ref(at)? == rusqlite::types::ValueRef::Null { Ok(None) } else { bytes(row, at).map(Some) }
}

fn wrong(at: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, kind, Box::new(FromSqlError::InvalidType))
}

macro_rules! numbered {
    ($to:ident $from:ident $kind:ty { $($name:ident = $number:literal),* $(,)? }) => {
        pub(super) fn $to(value: $kind) -> i64 {
            match value { $(<$kind>::$name => $number,)* }
        }

        pub(super) fn $from(row: &Row<'_>, at: usize) -> rusqlite::Result<$kind> {
            match row.get::<_, i64>(at)? {
                $($number => Ok(<$kind>::$name),)*
                _ => Err(wrong(at, Type::Integer)),
            }
        }
    };
}

pub(super) fn role_number(role: Role) -> i64 {
    role.number().into()
}

pub(super) fn role(row: &Row<'_>, at: usize) -> rusqlite::Result<Role> {
    row.get(at).map(Role::from_number)
}

numbered!(item_kind_number item_kind ItemKind { Batch = 1, Photo = 2 });
numbered!(action_number action AccessAction { Opened = 1, Searched = 2, ViewedPhoto = 3, Exported = 4, Printed = 5 });
numbered!(aside_number aside crate::ledger::Aside { Fork = 2, Quarantine = 4 });

pub(super) fn verdict(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Verdict>> {
    Ok(row.get::<_, Option<u16>>(at)?.map(Verdict::from_number))
}

/// An entity of two columns; `None` where they are NULL.
pub(super) fn maybe_entity(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<EntityRef>> {
    let Some(id) = maybe_bytes(row, at + 1)? else { return Ok(None) };
    Ok(Some(EntityRef { kind: EntityKind::from_number(row.get(at)?), id: EntityId::from_bytes(id) }))
}

/// A unit of two columns; `None` where they are NULL.
pub(super) fn maybe_unit(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Unit>> {
    let Some(code) = row.get(at)? else { return Ok(None) };
    Ok(Some(Unit { code, list_date: row.get(at + 1)? }))
}

pub(super) fn unit(row: &Row<'_>, at: usize) -> rusqlite::Result<Unit> {
    Ok(Unit { code: row.get(at)?, list_date: row.get(at + 1)? })
}
