//! Erasure: bodies, photos and register rows that the log says are gone for ever. Headers and chains stay whole.

use domain::change::{ChangeHeader, EntityKind, EntityRef, Erased};
use domain::field::Field;
use domain::id::{ChangeId, PersonId, PhotoHash};
use rusqlite::{Connection, params};

use crate::change::Reach;
use crate::draft::Marks;
use crate::error::Result;
use crate::fold::load;
use crate::row::{entity, kind_number};
use crate::{change, draft, setting};

/// Carries out an erasure that stands in the log, and asks for the files to be scrubbed. Returns how many changes and
/// photos lost their content here.
pub(crate) fn take(
    connection: &Connection,
    header: &ChangeHeader,
    erased: &Erased,
    dirty: &mut Vec<EntityRef>,
) -> Result<u32> {
    let mut count = 0;
    // While the bodies are still here: they tell what a draft would say.
    if draft::drop_marked(connection, &marks_of(connection, header, erased)?)? > 0 {
        setting::put_number(connection, setting::SCRUB_WANTED, 1)?;
    }
    for id in &erased.changes {
        connection.prepare_cached("INSERT OR IGNORE INTO erased_change (id) VALUES (?1)")?.execute([id.as_bytes()])?;
        let mut statement = connection.prepare_cached("SELECT n FROM change WHERE id = ?1")?;
        let rows = statement.query_map([id.as_bytes()], |row| row.get(0))?;
        for n in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
            count += u32::from(erase_body(connection, n, dirty)?);
        }
    }
    for photo in &erased.photos {
        count += u32::from(erase_photo(connection, *photo)?);
    }
    for person in &erased.register_rows {
        connection
            .prepare_cached(
                "INSERT INTO erased_person (person, edition) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET edition = max(edition, ?2)",
            )?
            .execute(params![person.as_bytes(), header.edition])?;
        let removed = connection
            .prepare_cached("UPDATE person SET base = NULL WHERE id = ?1 AND base IS NOT NULL")?
            .execute([person.as_bytes()])?;
        if removed > 0 {
            dirty.push(EntityRef::new(EntityKind::Person, *person));
            setting::put_number(connection, setting::SCRUB_WANTED, 1)?;
        }
    }
    if !erased.register_rows.is_empty() {
        // Pieces on their way may hold these people: they are fetched again.
        connection.execute("DELETE FROM edition_piece", [])?;
        setting::remove(connection, setting::EDITION_BEGUN)?;
        setting::put_number(connection, setting::SCRUB_WANTED, 1)?;
    }
    Ok(count)
}

/// By what drafts about the erased are known: the person, his photos, his visits and corrections, the houses that they
/// were about, and the values that tell who he is.
fn marks_of(connection: &Connection, header: &ChangeHeader, erased: &Erased) -> Result<Marks> {
    let mut marks = Marks::default();
    erased.photos.iter().for_each(|photo| marks.id(photo.to_hex()));
    for change in &erased.changes {
        marks.id(change);
        let mut statement = connection.prepare_cached("SELECT n FROM change WHERE id = ?1")?;
        let rows = statement.query_map([change.as_bytes()], |row| row.get(0))?;
        for n in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
            let is_meant = |kind| matches!(kind, EntityKind::Visit | EntityKind::Correction | EntityKind::Household);
            change::touches(connection, n)?
                .iter()
                .filter(|touched| is_meant(touched.kind))
                .for_each(|it| marks.id(it.id));
        }
    }
    let person = (header.entity.kind == EntityKind::Person).then(|| PersonId::from(header.entity.id));
    for person in erased.register_rows.iter().copied().chain(person) {
        marks.id(person);
        let doors = load::doors_of(connection, person)?;
        doors.iter().for_each(|door| marks.id(door));
        let base = load::held_person(connection, person)?.base;
        let Some(state) = load::person(connection, person, base.as_ref(), &doors, Reach::Everything)? else { continue };
        state.household.iter().for_each(|household| marks.id(household));
        TELLING.iter().filter_map(|field| state.field(*field)).for_each(|value| marks.value(value));
    }
    Ok(marks)
}

/// Fields that tell who someone is.
const TELLING: [Field; 5] = [Field::FullName, Field::OtherName, Field::IdNumber, Field::OldCmnd, Field::Phone];

/// Whether the log holds an erasure of this change.
pub(crate) fn is_erased(connection: &Connection, change: ChangeId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM erased_change WHERE id = ?1)")?
        .query_row([change.as_bytes()], |row| row.get(0))?)
}

/// Takes the body of one kept change. What it touched besides its own entity is folded again and then forgets it, as
/// on a laptop that never held the body.
pub(crate) fn erase_body(connection: &Connection, n: i64, dirty: &mut Vec<EntityRef>) -> Result<bool> {
    let touched = change::touches(connection, n)?;
    let own = connection
        .prepare_cached(
            "UPDATE change SET body = NULL, state = CASE state WHEN 2 THEN 1 ELSE state END
             WHERE n = ?1 AND body IS NOT NULL RETURNING entity_kind, entity",
        )?
        .query_map([n], |row| entity(row, 0))?
        .collect::<rusqlite::Result<Vec<EntityRef>>>()?;
    let Some(own) = own.first() else { return Ok(false) };
    connection.prepare_cached("DELETE FROM answer")?.execute([])?;
    let mut forget =
        connection.prepare_cached("DELETE FROM touch WHERE entity_kind = ?1 AND entity = ?2 AND change = ?3")?;
    for other in touched.iter().filter(|other| *other != own) {
        forget.execute(params![kind_number(other.kind), other.id.as_bytes(), n])?;
    }
    dirty.extend(touched);
    connection
        .prepare_cached(
            "UPDATE batch SET transfer_hash = NULL, transfer_bytes = NULL WHERE n IN (
                 SELECT batch.n FROM batch JOIN change ON change.chain = batch.chain
                 WHERE change.n = ?1 AND change.sequence BETWEEN batch.first_sequence AND batch.last_sequence)",
        )?
        .execute([n])?;
    setting::put_number(connection, setting::SCRUB_WANTED, 1)?;
    Ok(true)
}

/// Its bytes go with the next scrubbing; from now on it is neither sent nor fetched.
fn erase_photo(connection: &Connection, photo: PhotoHash) -> Result<bool> {
    let erased = connection
        .prepare_cached("UPDATE photo SET is_erased = 1, is_here = 0, upload = 0 WHERE hash = ?1 AND NOT is_erased")?
        .execute([photo.0])?;
    if erased > 0 {
        setting::put_number(connection, setting::SCRUB_WANTED, 1)?;
    }
    Ok(erased > 0)
}
