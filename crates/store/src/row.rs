//! Ids and wire numbers as SQLite holds them.

use domain::change::{EntityKind, EntityRef};
use domain::id::{
    ChainId, ChangeId, CorrectionId, DeploymentId, DeviceId, DwellingId, EntityId, HouseholdId, LogId, OfficerId,
    PersonId, PhotoHash, VisitId,
};
use rusqlite::Row;
use rusqlite::types::Type;

use crate::error::{Result, StoreError};

/// Something that stands in a BLOB column.
pub(crate) trait BlobId: Sized {
    fn from_blob(blob: &[u8]) -> Option<Self>;
}

macro_rules! blob_ids {
    ($($name:ident),*) => {$(
        impl BlobId for $name {
            fn from_blob(blob: &[u8]) -> Option<Self> {
                $name::from_slice(blob)
            }
        }
    )*};
}
blob_ids!(
    ChainId,
    ChangeId,
    CorrectionId,
    DeploymentId,
    DeviceId,
    DwellingId,
    EntityId,
    HouseholdId,
    LogId,
    OfficerId,
    PersonId,
    VisitId
);

impl BlobId for PhotoHash {
    fn from_blob(blob: &[u8]) -> Option<Self> {
        blob.try_into().ok().map(PhotoHash)
    }
}

impl BlobId for [u8; 32] {
    fn from_blob(blob: &[u8]) -> Option<Self> {
        blob.try_into().ok()
    }
}

/// The id in a column.
pub(crate) fn id<T: BlobId>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let blob = row.get_ref(column)?.as_blob().map_err(|error| unreadable(column, error))?;
    T::from_blob(blob).ok_or_else(|| unreadable(column, BadColumn))
}

/// The id in a column that may be NULL.
pub(crate) fn id_or_null<T: BlobId>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)?.as_blob_or_null().map_err(|error| unreadable(column, error))? {
        Some(blob) => T::from_blob(blob).map(Some).ok_or_else(|| unreadable(column, BadColumn)),
        None => Ok(None),
    }
}

/// A count, sequence or time. SQLite's integers are signed; ours never reach the sign.
pub(crate) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|error| unreadable(column, error))
}

/// As [`unsigned`], for a column that may be NULL.
pub(crate) fn unsigned_or_null(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    match row.get::<_, Option<i64>>(column)? {
        Some(number) => u64::try_from(number).map(Some).map_err(|error| unreadable(column, error)),
        None => Ok(None),
    }
}

/// The number as SQLite stores it. What is beyond an i64 (a clock of the year 292 million) is stored as its maximum.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The wire number of a value that is one on the wire (kinds, roles, fields, verdicts, outcomes).
pub(crate) fn wire_number<T: minicbor::Encode<()>>(value: T) -> i64 {
    let bytes = minicbor::to_vec(value).expect("writing to a Vec cannot fail");
    minicbor::decode::<u32>(&bytes).map(i64::from).expect("the value is an integer on the wire")
}

/// The value of a wire number in a column.
pub(crate) fn of_wire_number<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let number: u32 = row.get(column)?;
    let bytes = minicbor::to_vec(number).expect("writing to a Vec cannot fail");
    minicbor::decode(&bytes).map_err(|_| unreadable(column, BadColumn))
}

/// As [`of_wire_number`], for a column that may be NULL.
pub(crate) fn of_wire_number_or_null<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => of_wire_number(row, column).map(Some),
    }
}

/// The entity in two neighbouring columns, kind and id.
pub(crate) fn entity(row: &Row<'_>, column: usize) -> rusqlite::Result<EntityRef> {
    Ok(EntityRef { kind: of_wire_number(row, column)?, id: id(row, column + 1)? })
}

/// The number of an entity's kind.
pub(crate) fn kind_number(kind: EntityKind) -> i64 {
    kind.number().into()
}

/// A state as it is hashed.
pub(crate) fn to_json<T: serde::Serialize>(state: &T) -> String {
    serde_json::to_string(state).expect("a state has text keys and no failing parts")
}

/// CBOR that this store keeps: it was checked when it came.
pub(crate) fn from_cbor<T: for<'b> minicbor::Decode<'b, ()>>(bytes: &[u8], what: &'static str) -> Result<T> {
    minicbor::decode(bytes).map_err(|_| StoreError::BadRow { what })
}

/// `dd/mm/yyyy` as a number that sorts: yyyymmdd. `None` for any other form.
pub(crate) fn day_number(date: &str) -> Option<i64> {
    let (day, rest) = date.split_once('/')?;
    let (month, year) = rest.split_once('/')?;
    let [day, month, year] = [day, month, year].map(|part| part.parse::<u16>().ok().map(i64::from));
    Some(year? * 10_000 + month? * 100 + day?)
}

#[derive(Debug, thiserror::Error)]
#[error("a column does not hold what it should")]
struct BadColumn;

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
}
