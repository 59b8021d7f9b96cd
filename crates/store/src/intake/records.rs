//! The records of an edition, written into the tables.
//!
//! The first edition is written straight through, since nothing stands on it yet; a later one writes only what differs.
//! Either way what changes touch is folded again. Nothing here holds more than one piece and the names in memory.

use std::collections::HashSet;

use domain::change::{EntityKind, EntityRef};
use domain::fold::{fold_dwelling, fold_household};
use domain::id::{EntityId, PersonId};
use domain::register::{EditionRecord, PersonPatch, RegisterDwelling, RegisterHousehold, RegisterPerson, apply_patch};
use rusqlite::{Connection, OptionalExtension, params};
use sync::codec;
use sync::edition::{RecordOrder, open_piece, records};
use sync::message::{Manifest, PieceRef};

use crate::error::{Result, StoreError};
use crate::fold::{self, household, load, person, place};
use crate::row::{id, kind_number};
use crate::search::index::{Index, Names};

/// The three tables that hold register records.
#[derive(Clone, Copy)]
enum Table {
    Dwelling,
    Household,
    Person,
}

impl Table {
    const ALL: [Table; 3] = [Table::Dwelling, Table::Household, Table::Person];

    fn kind(self) -> EntityKind {
        match self {
            Table::Dwelling => EntityKind::Dwelling,
            Table::Household => EntityKind::Household,
            Table::Person => EntityKind::Person,
        }
    }

    fn base_of(self) -> &'static str {
        match self {
            Table::Dwelling => "SELECT n, base FROM dwelling WHERE id = ?1",
            Table::Household => "SELECT n, base FROM household WHERE id = ?1",
            Table::Person => "SELECT n, base FROM person WHERE id = ?1",
        }
    }

    fn set_base(self) -> &'static str {
        match self {
            Table::Dwelling => "UPDATE dwelling SET base = ?2 WHERE id = ?1",
            Table::Household => "UPDATE household SET base = ?2 WHERE id = ?1",
            Table::Person => "UPDATE person SET base = ?2 WHERE id = ?1",
        }
    }

    /// A row with its register record alone: the fold that follows fills the rest.
    fn insert_base(self) -> &'static str {
        match self {
            Table::Dwelling => "INSERT INTO dwelling (id, base) VALUES (?1, ?2)",
            Table::Household => "INSERT INTO household (id, base) VALUES (?1, ?2)",
            Table::Person => "INSERT INTO person (id, presence, is_head, base) VALUES (?1, 1, 0, ?2)",
        }
    }

    fn listed(self) -> &'static str {
        match self {
            Table::Dwelling => "SELECT n, id FROM dwelling WHERE base IS NOT NULL",
            Table::Household => "SELECT n, id FROM household WHERE base IS NOT NULL",
            Table::Person => "SELECT n, id FROM person WHERE base IS NOT NULL",
        }
    }

    fn count(self) -> &'static str {
        match self {
            Table::Dwelling => "SELECT count(*) FROM dwelling WHERE base IS NOT NULL",
            Table::Household => "SELECT count(*) FROM household WHERE base IS NOT NULL",
            Table::Person => "SELECT count(*) FROM person WHERE base IS NOT NULL",
        }
    }
}

pub(super) struct Applier<'a> {
    connection: &'a Connection,
    edition: u32,
    /// Nothing of a register is here yet.
    is_first: bool,
    is_delta: bool,
    has_touches: bool,
    has_erased: bool,
    /// Erased people whom the pieces still hold.
    skipped: u32,
    /// Rows that a full edition named, by table.
    seen: [HashSet<i64>; 3],
    dirty: Vec<EntityRef>,
    names: Names,
}

impl<'a> Applier<'a> {
    pub fn begin(connection: &'a Connection, manifest: &Manifest) -> Result<Self> {
        let exists = |sql: &str| -> Result<bool> { Ok(connection.query_row(sql, [], |row| row.get(0))?) };
        let is_first = !exists("SELECT EXISTS (SELECT 1 FROM person WHERE base IS NOT NULL)")?
            && !exists("SELECT EXISTS (SELECT 1 FROM dwelling WHERE base IS NOT NULL)")?;
        Ok(Self {
            connection,
            edition: manifest.edition,
            is_first,
            is_delta: manifest.base.is_some(),
            has_touches: exists("SELECT EXISTS (SELECT 1 FROM touch)")?,
            has_erased: exists("SELECT EXISTS (SELECT 1 FROM erased_person)")?,
            skipped: 0,
            seen: Default::default(),
            dirty: Vec::new(),
            names: if is_first { Names::collected() } else { Names::Each },
        })
    }

    pub fn take_piece(&mut self, piece: &PieceRef, compressed: &[u8], order: &mut RecordOrder) -> Result<()> {
        let raw = open_piece(piece, compressed)?;
        let mut count = 0;
        for record in records(&raw) {
            let record = record?;
            order.accept(&record).map_err(|what| sync::WireError::Record { record: count, offset: 0, what })?;
            self.take_record(record)?;
            count += 1;
        }
        match count == piece.records {
            true => Ok(()),
            false => Err(StoreError::EditionCounts),
        }
    }

    fn take_record(&mut self, record: EditionRecord) -> Result<()> {
        match record {
            EditionRecord::Dwelling(record) => self.take_dwelling(&record),
            EditionRecord::Household(record) => self.take_household(&record),
            EditionRecord::Person(record) => self.take_person(&record),
            EditionRecord::PersonPatch(patch) => self.take_patch(patch),
            EditionRecord::DwellingGone(id) => self.set_base(Table::Dwelling, id.into(), None),
            EditionRecord::HouseholdGone(id) => self.set_base(Table::Household, id.into(), None),
            EditionRecord::PersonGone(id) => self.set_base(Table::Person, id.into(), None),
        }
    }

    fn take_dwelling(&mut self, record: &RegisterDwelling) -> Result<()> {
        let bytes = codec::encode(record);
        if !self.is_new(Table::Dwelling, record.id.into())? {
            return self.set_base(Table::Dwelling, record.id.into(), Some(&bytes));
        }
        let state = fold_dwelling(record.id, Some(record), &[]).expect("a dwelling of the register has a state");
        place::insert(self.connection, record.id, &state, Some(&bytes))
    }

    fn take_household(&mut self, record: &RegisterHousehold) -> Result<()> {
        let bytes = codec::encode(record);
        if !self.is_new(Table::Household, record.id.into())? {
            return self.set_base(Table::Household, record.id.into(), Some(&bytes));
        }
        let state = fold_household(record.id, Some(record), &[]).expect("a household of the register has a state");
        let n = household::insert(self.connection, record.id, &state, Some(&bytes))?;
        place::put_name(
            self.connection,
            n,
            record.id,
            Some(record.dwelling),
            Some(&record.household_no),
            &mut self.names,
        )
    }

    fn take_person(&mut self, record: &RegisterPerson) -> Result<()> {
        if self.has_erased && is_erased(self.connection, record.id, self.edition)? {
            self.skipped += 1;
            return Ok(());
        }
        let bytes = codec::encode(record);
        if !self.is_new(Table::Person, record.id.into())? {
            return self.set_base(Table::Person, record.id.into(), Some(&bytes));
        }
        let columns = person::Columns::of_base(record);
        let n = columns.insert(self.connection, record.id, Some(&bytes))?;
        self.names.put(self.connection, Index::People, n, columns.name(record.id))
    }

    fn take_patch(&mut self, patch: PersonPatch) -> Result<()> {
        let Some(mut record) = load::held_person(self.connection, patch.id)?.base else {
            // An erased person whom the server still patches.
            return match is_erased(self.connection, patch.id, self.edition)? {
                true => Ok(()),
                false => Err(StoreError::EditionCounts),
            };
        };
        apply_patch(&mut record, &patch);
        self.set_base(Table::Person, record.id.into(), Some(&codec::encode(&record)))
    }

    /// Whether a record can be written straight through: it is the first edition and no change speaks of it.
    fn is_new(&self, table: Table, id: EntityId) -> Result<bool> {
        if !self.is_first || !self.has_touches {
            return Ok(self.is_first);
        }
        let is_touched: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM touch WHERE entity_kind = ?1 AND entity = ?2)")?
            .query_row(params![kind_number(table.kind()), id.as_bytes()], |row| row.get(0))?;
        Ok(!is_touched)
    }

    /// Sets what the register says and marks the entity to be folded, where it says something else than before.
    fn set_base(&mut self, table: Table, id: EntityId, base: Option<&[u8]>) -> Result<()> {
        let held: Option<(i64, Option<Vec<u8>>)> = self
            .connection
            .prepare_cached(table.base_of())?
            .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match held {
            Some((n, held)) => {
                self.seen[table as usize].insert(n);
                if held.as_deref() == base {
                    return Ok(());
                }
                self.connection.prepare_cached(table.set_base())?.execute(params![id.as_bytes(), base])?;
            }
            None if base.is_some() => {
                self.connection.prepare_cached(table.insert_base())?.execute(params![id.as_bytes(), base])?;
                self.seen[table as usize].insert(self.connection.last_insert_rowid());
            }
            None => return Ok(()),
        }
        self.dirty.push(EntityRef::new(table.kind(), id));
        Ok(())
    }

    /// What a full edition does not name is no longer in the register; then everything that differs is folded.
    pub fn finish(mut self, manifest: &Manifest) -> Result<()> {
        if !self.is_first && !self.is_delta {
            for table in Table::ALL {
                self.drop_unseen(table)?;
            }
        }
        if self.is_first && self.has_touches {
            // The indexes are built anew: whoever is here from changes alone has to be in them too.
            for table in Table::ALL {
                self.dirty.extend(touched(self.connection, table)?);
            }
        }
        fold::refold_into(self.connection, std::mem::take(&mut self.dirty), &mut self.names)?;
        self.names.build(self.connection)?;
        let counted =
            |table: Table| -> Result<u32> { Ok(self.connection.query_row(table.count(), [], |row| row.get(0))?) };
        let is_whole = counted(Table::Dwelling)? == manifest.dwellings
            && counted(Table::Household)? == manifest.households
            && counted(Table::Person)? + self.skipped == manifest.people;
        // After an erasure a delta cannot tell how many of its people were let out.
        match is_whole || (self.has_erased && self.is_delta) {
            true => Ok(()),
            false => Err(StoreError::EditionCounts),
        }
    }

    fn drop_unseen(&mut self, table: Table) -> Result<()> {
        let seen = std::mem::take(&mut self.seen[table as usize]);
        let mut statement = self.connection.prepare_cached(table.listed())?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, id::<EntityId>(row, 1)?)))?;
        for (n, id) in rows.collect::<rusqlite::Result<Vec<_>>>()? {
            if !seen.contains(&n) {
                self.set_base(table, id, None)?;
            }
        }
        Ok(())
    }
}

fn touched(connection: &Connection, table: Table) -> Result<Vec<EntityRef>> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT entity FROM touch WHERE entity_kind = ?1")?;
    let rows = statement
        .query_map([kind_number(table.kind())], |row| Ok(EntityRef { kind: table.kind(), id: id(row, 0)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a person's rows of this edition, or of an older one, were erased.
fn is_erased(connection: &Connection, person: PersonId, edition: u32) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM erased_person WHERE person = ?1 AND edition >= ?2)")?
        .query_row(params![person.as_bytes(), edition], |row| row.get(0))?)
}
