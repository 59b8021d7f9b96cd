//! Changes as they are kept: header and body beside each other, and the entities that they touch.

use domain::change::{Body, ChangeHeader, EntityKind, EntityRef};
use domain::field::Subject;
use domain::fold::{FoldChange, Position};
use domain::id::{ChangeId, DeviceId};
use domain::role::Role;
use rusqlite::{Connection, Row, params};
use sync::batch::{SALT_BYTES, SealedChange};
use sync::message::Verdict;

use crate::error::Result;
use crate::photo;
use crate::row::{from_cbor, id, kind_number, of_wire_number, signed, unsigned, unsigned_or_null, wire_number};

/// Whether and why a change takes part in the fold. The numbers stand in `change.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Counts = 1,
    /// Of a type or version that this build does not know.
    Inbox = 2,
    Refused = 3,
    /// The same change stands elsewhere in the log.
    Doubled = 4,
    /// Of a batch that the log did not take.
    Displaced = 5,
}

/// Which types and versions this build knows. A parameter, so that an older build can be stood for in a test.
pub(crate) type Understands = fn(kind: u16, version: u16) -> bool;

/// What this build knows.
pub(crate) fn understands(kind: u16, version: u16) -> bool {
    domain::change::kind::is_known(kind) && version == 1
}

/// A change about to be kept.
pub(crate) struct NewChange<'a> {
    pub chain: i64,
    pub log_index: Option<u64>,
    /// By the server's clock, for one that is in the log.
    pub received_ms: Option<u64>,
    pub verdict: Option<Verdict>,
    pub role: Role,
    pub device: DeviceId,
    pub header: &'a ChangeHeader,
    pub header_bytes: &'a [u8],
    /// Empty where it was erased.
    pub salted_body: &'a [u8],
}

/// Keeps a change with its touches and the photos it names. Returns its entities, which are to be folded again.
pub(crate) fn insert(connection: &Connection, new: &NewChange<'_>, understands: Understands) -> Result<Vec<EntityRef>> {
    let header = new.header;
    let body = read_body(header, Some(new.salted_body), understands)?;
    let standing = match (new.verdict, &body) {
        (Some(Verdict::DuplicateOfEarlier), _) => Standing::Doubled,
        (None | Some(Verdict::NotErased), ReadBody::Unknown) => Standing::Inbox,
        (None | Some(Verdict::NotErased), _) => Standing::Counts,
        (Some(_), _) => Standing::Refused,
    };
    connection
        .prepare_cached(
            "INSERT INTO change (id, chain, sequence, log_index, state, verdict, kind, version, entity_kind, entity,
                                 role, device, header, body, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            header.id.as_bytes(),
            new.chain,
            signed(header.sequence),
            new.log_index.map(signed),
            standing as i64,
            new.verdict.map(wire_number),
            header.kind,
            header.version,
            kind_number(header.entity.kind),
            header.entity.id.as_bytes(),
            wire_number(new.role),
            new.device.as_bytes(),
            new.header_bytes,
            (!new.salted_body.is_empty()).then_some(new.salted_body),
            new.received_ms.map(signed),
        ])?;
    let n = connection.last_insert_rowid();
    let touched = match &body {
        ReadBody::Known(body) => body.touches(header.entity),
        ReadBody::Unknown | ReadBody::Erased => vec![header.entity],
    };
    insert_touches(connection, n, &touched)?;
    let readable = match &body {
        ReadBody::Known(body) => Some(&**body),
        ReadBody::Unknown | ReadBody::Erased => None,
    };
    photo::insert_uses(connection, n, header, readable)?;
    Ok(touched)
}

pub(crate) fn insert_touches(connection: &Connection, n: i64, touched: &[EntityRef]) -> Result<()> {
    let mut statement =
        connection.prepare_cached("INSERT OR IGNORE INTO touch (entity_kind, entity, change) VALUES (?1, ?2, ?3)")?;
    for entity in touched {
        statement.execute(params![kind_number(entity.kind), entity.id.as_bytes(), n])?;
    }
    Ok(())
}

/// The entities that a kept change touches: what its body names, or its own alone where nothing of it can be read.
pub(crate) fn touches(connection: &Connection, n: i64) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare_cached("SELECT header, body FROM change WHERE n = ?1")?;
    let mut rows = statement.query([n])?;
    let Some(row) = rows.next()? else { return Ok(Vec::new()) };
    let change = sealed_change(row, 0)?;
    Ok(match read_body(&change.header, Some(&change.salted_body), understands)? {
        ReadBody::Known(body) => body.touches(change.header.entity),
        ReadBody::Unknown | ReadBody::Erased => vec![change.header.entity],
    })
}

/// Whom a kept change is about, for a screen: what it touches, and what it names without touching it.
pub(crate) fn about(connection: &Connection, n: i64) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare_cached("SELECT header, body FROM change WHERE n = ?1")?;
    let mut rows = statement.query([n])?;
    let Some(row) = rows.next()? else { return Ok(Vec::new()) };
    let change = sealed_change(row, 0)?;
    let own = change.header.entity;
    let ReadBody::Known(body) = read_body(&change.header, Some(&change.salted_body), understands)? else {
        return Ok(vec![own]);
    };
    let mut about = body.touches(own);
    match &*body {
        Body::CorrectionProposed(body) => {
            let kind = match body.subject {
                Subject::Person => EntityKind::Person,
                Subject::Household => EntityKind::Household,
                Subject::Dwelling => EntityKind::Dwelling,
            };
            about.push(EntityRef { kind, id: body.subject_id });
            about.extend(body.household.map(|household| EntityRef::new(EntityKind::Household, household)));
        }
        Body::PersonAdded(body) => about.push(EntityRef::new(EntityKind::Household, body.household)),
        _ => {}
    }
    Ok(about)
}

/// Every entity that some change touches.
pub(crate) fn all_touched(connection: &Connection) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare("SELECT DISTINCT entity_kind, entity FROM touch")?;
    let rows = statement.query_map([], |row| crate::row::entity(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The entities that any of the changes on one entity touches.
pub(crate) fn touched_by_all_on(connection: &Connection, entity: EntityRef) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare_cached("SELECT change FROM touch WHERE entity_kind = ?1 AND entity = ?2")?;
    let rows = statement.query_map(params![kind_number(entity.kind), entity.id.as_bytes()], |row| row.get(0))?;
    let mut touched = Vec::new();
    for n in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
        touched.extend(touches(connection, n)?);
    }
    Ok(touched)
}

/// Gives a kept change the body that it lacked. Returns the entities to be folded again; none where it had one.
pub(crate) fn fill_body(
    connection: &Connection,
    n: i64,
    header: &ChangeHeader,
    salted_body: &[u8],
    understands: Understands,
) -> Result<Vec<EntityRef>> {
    let filled = connection
        .prepare_cached("UPDATE change SET body = ?2 WHERE n = ?1 AND body IS NULL")?
        .execute(params![n, salted_body])?;
    if filled == 0 {
        return Ok(Vec::new());
    }
    match read_body(header, Some(salted_body), understands)? {
        ReadBody::Known(body) => {
            let touched = body.touches(header.entity);
            insert_touches(connection, n, &touched)?;
            photo::insert_uses(connection, n, header, Some(&body))?;
            Ok(touched)
        }
        ReadBody::Unknown | ReadBody::Erased => {
            connection.prepare_cached("UPDATE change SET state = 2 WHERE n = ?1 AND state = 1")?.execute([n])?;
            Ok(vec![header.entity])
        }
    }
}

/// A body as far as this build can read it.
pub(crate) enum ReadBody {
    Known(Box<Body>),
    Unknown,
    Erased,
}

/// Reads a salted body. One that is malformed was refused before it came here, or carries a verdict: it is not read.
pub(crate) fn read_body(header: &ChangeHeader, salted: Option<&[u8]>, knows: Understands) -> Result<ReadBody> {
    let Some(salted) = salted.filter(|bytes| !bytes.is_empty()) else { return Ok(ReadBody::Erased) };
    if !knows(header.kind, header.version) {
        return Ok(ReadBody::Unknown);
    }
    let body = salted.get(SALT_BYTES..).unwrap_or_default();
    match Body::decode(header.kind, header.version, body) {
        Ok(Some(body)) => Ok(ReadBody::Known(Box::new(body))),
        Ok(None) | Err(_) => Ok(ReadBody::Unknown),
    }
}

/// Which changes a fold reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The log as far as it is here, and what waits to enter it on top.
    Everything,
    /// The log up to this index and nothing else: what every replica holds alike.
    LogUpTo(u64),
}

impl Reach {
    /// The highest log index that is wanted, and where what waits stands: it has no index, so it is at 0 where it is
    /// wanted and beyond every bound where it is not.
    pub fn bounds(self) -> (i64, i64) {
        match self {
            Reach::Everything => (i64::MAX, 0),
            Reach::LogUpTo(index) => (signed(index), i64::MAX),
        }
    }
}

/// The changes of one entity that count, in the order that counts.
pub(crate) fn of_entity(connection: &Connection, entity: EntityRef, reach: Reach) -> Result<Vec<FoldChange>> {
    let (bound, pending) = reach.bounds();
    // A visit is read whole: where one change on it touches an entity, all changes on it are given to the fold.
    let mut statement = connection.prepare_cached(
        "WITH direct (n) AS (SELECT change FROM touch WHERE entity_kind = ?1 AND entity = ?2),
              whole (n) AS (
                  SELECT n FROM direct
                  UNION
                  SELECT touch.change FROM direct JOIN change ON change.n = direct.n
                      JOIN touch ON touch.entity_kind = 4 AND touch.entity = change.entity
                  WHERE ?1 <> 4 AND change.entity_kind = 4 AND state = 1 AND body IS NOT NULL
                      AND coalesce(log_index, ?4) <= ?3)
         SELECT change.n, log_index, sequence, device, role, header, body, received_ms
         FROM whole JOIN change ON change.n = whole.n
         WHERE state = 1 AND coalesce(log_index, ?4) <= ?3",
    )?;
    let mut rows = statement.query(params![kind_number(entity.kind), entity.id.as_bytes(), bound, pending])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(fold_change(row)?);
    }
    changes.sort_by_key(|change| change.position);
    Ok(changes)
}

/// From the columns n, log_index, sequence, device, role, header, body, received_ms. Those that wait keep the order in which they
/// were made, whatever chain they stand in.
pub(crate) fn fold_change(row: &Row<'_>) -> Result<FoldChange> {
    let position = match unsigned_or_null(row, 1)? {
        Some(index) => Position::Logged { index, sequence: unsigned(row, 2)? },
        None => Position::Pending { sequence: unsigned(row, 0)? },
    };
    let header: ChangeHeader = from_cbor(row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?, "header")?;
    let salted = row.get_ref(6)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    let body = match read_body(&header, salted, understands)? {
        ReadBody::Known(body) => Some(*body),
        ReadBody::Unknown | ReadBody::Erased => None,
    };
    let received_ms = unsigned_or_null(row, 7)?;
    Ok(FoldChange { position, device: id(row, 3)?, role: of_wire_number(row, 4)?, received_ms, header, body })
}

/// The changes of a chain of this device's own that no receipt answers yet, in the order in which they were made.
pub(crate) fn without_receipt(connection: &Connection, chain: i64) -> Result<Vec<(i64, SealedChange)>> {
    let mut statement = connection.prepare_cached(
        "SELECT n, header, body FROM change
         WHERE chain = ?1 AND log_index IS NULL AND state IN (1, 2) AND NOT EXISTS (
             SELECT 1 FROM batch WHERE batch.chain = change.chain AND batch.state = 4
             AND change.sequence BETWEEN first_sequence AND last_sequence)
         ORDER BY n",
    )?;
    let mut rows = statement.query([chain])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push((row.get(0)?, sealed_change(row, 1)?));
    }
    Ok(changes)
}

/// From the columns header and body.
pub(crate) fn sealed_change(row: &Row<'_>, column: usize) -> Result<SealedChange> {
    let header_bytes: Vec<u8> = row.get(column)?;
    let salted_body: Option<Vec<u8>> = row.get(column + 1)?;
    Ok(SealedChange {
        header: from_cbor(&header_bytes, "header")?,
        header_bytes,
        salted_body: salted_body.unwrap_or_default(),
    })
}

/// The change of this id that counts or waits, with its own place: row, entity, salted body.
pub(crate) fn find(connection: &Connection, change: ChangeId) -> Result<Option<SealedChange>> {
    let mut statement =
        connection.prepare_cached("SELECT header, body FROM change WHERE id = ?1 ORDER BY state LIMIT 1")?;
    let mut rows = statement.query([change.as_bytes()])?;
    match rows.next()? {
        Some(row) => sealed_change(row, 0).map(Some),
        None => Ok(None),
    }
}

/// After an upgrade: what waited in the inbox and is understood now gets its touches and counts. Returns the entities
/// that are to be folded again.
pub(crate) fn empty_inbox(connection: &Connection, knows: Understands) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare("SELECT n, header, body FROM change WHERE state = 2")?;
    let mut rows = statement.query([])?;
    let mut understood = Vec::new();
    while let Some(row) = rows.next()? {
        let change = sealed_change(row, 1)?;
        match read_body(&change.header, Some(&change.salted_body), knows)? {
            ReadBody::Known(body) => {
                understood.push((row.get::<_, i64>(0)?, change.header, *body));
            }
            ReadBody::Unknown | ReadBody::Erased => {}
        }
    }
    let mut dirty = Vec::new();
    for (n, header, body) in understood {
        let touched = body.touches(header.entity);
        photo::insert_uses(connection, n, &header, Some(&body))?;
        connection.prepare_cached("UPDATE change SET state = 1 WHERE n = ?1")?.execute([n])?;
        insert_touches(connection, n, &touched)?;
        dirty.extend(touched);
    }
    Ok(dirty)
}
