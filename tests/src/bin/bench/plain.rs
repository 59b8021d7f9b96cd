//! The bare limit: rows written with SQLCipher and nothing else, through the same open function.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use vault::{OpenOptions, open_database};

use crate::laptop::{WORK_FILE, WORK_PURPOSE, master_key};

/// What the product's working file holds: its schema, and its rows as they stand.
pub struct Rows {
    /// `CREATE …` of tables, indexes and full-text tables, and the settings of the latter.
    schema: Vec<String>,
    tables: Vec<Table>,
    /// Rows in all tables, those of the full-text indexes counted too.
    pub count: usize,
}

struct Table {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// The full-text indexes, and the tables whose text they index.
const SEARCHES: [(&str, &str); 2] = [("person_search", "person_name"), ("house_search", "house_name")];

impl Rows {
    /// Reads a whole working file into memory.
    pub fn read(laptop: &Path) -> Result<Self> {
        let options = OpenOptions { read_only: true, ..OpenOptions::default() };
        let connection = open_database(&laptop.join(WORK_FILE), &master_key().database_key(WORK_PURPOSE), options)?;
        let mut schema = strings(
            &connection,
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB '*_search_*'
             ORDER BY type <> 'table', rowid",
        )?;
        for (search, _) in SEARCHES {
            schema.extend(strings(
                &connection,
                &format!(
                    "SELECT format('INSERT INTO {search} ({search}, rank) VALUES (%Q, %Q)', k, v)
                     FROM {search}_config WHERE k <> 'version'"
                ),
            )?);
        }
        let names = strings(
            &connection,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*_search*'
             AND name NOT GLOB 'sqlite_*' ORDER BY rowid",
        )?;
        let mut tables = Vec::new();
        for name in names {
            tables.push(read_table(&connection, &name, "*", &name)?);
        }
        for (search, name) in SEARCHES {
            tables.push(read_table(&connection, name, "rank, folded", &format!("{search} (rowid, folded)"))?);
        }
        tables.retain(|table| !table.rows.is_empty());
        let count = tables.iter().map(|table| table.rows.len()).sum();
        Ok(Self { schema, tables, count })
    }

    /// Makes an empty file with the same tables and indexes; the connection has the cache that the product gives itself
    /// for an intake.
    pub fn prepare(&self, folder: &Path, cache_kib: u32) -> Result<Connection> {
        let options = OpenOptions { create: true, cache_kib, ..OpenOptions::default() };
        let key = master_key().database_key(WORK_PURPOSE);
        let connection = open_database(&folder.join("bare.db"), &key, options)?;
        for statement in &self.schema {
            connection.execute_batch(statement).context("the schema did not carry over")?;
        }
        Ok(connection)
    }

    /// Inserts every row in one transaction.
    pub fn insert(&self, connection: &mut Connection) -> Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in &self.tables {
            let mut insert = transaction.prepare(&table.insert)?;
            for row in &table.rows {
                insert.execute(params_from_iter(row))?;
            }
        }
        Ok(transaction.commit()?)
    }
}

fn read_table(connection: &Connection, name: &str, columns: &str, target: &str) -> Result<Table> {
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM {name}"))?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        held.push((0..width).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?);
    }
    let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
    Ok(Table { insert: format!("INSERT INTO {target} VALUES ({})", places.join(", ")), rows: held })
}

fn strings(connection: &Connection, query: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A file with one plain table, for commits of bare bytes.
pub struct Commits(Connection);

impl Commits {
    pub fn prepare(folder: &Path) -> Result<Self> {
        let options = OpenOptions { create: true, ..OpenOptions::default() };
        let key = master_key().database_key(WORK_PURPOSE);
        let connection = open_database(&folder.join("bare-commits.db"), &key, options)?;
        connection.execute_batch("CREATE TABLE held (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
        let mut commits = Self(connection);
        // A WAL that still grows costs the disk more than one that is written over, as it is for most of a day.
        commits.commit(&vec![vec![0x5a; 4096]; 1200])?;
        Ok(commits)
    }

    /// Inserts these bytes, each as a row, in one durable commit.
    pub fn commit(&mut self, rows: &[Vec<u8>]) -> Result<()> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached("INSERT INTO held (bytes) VALUES (?1)")?;
            for row in rows {
                insert.execute([row])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// The length of the WAL beside a database.
pub fn wal_bytes(database: &Path) -> Result<u64> {
    let mut wal = database.as_os_str().to_owned();
    wal.push("-wal");
    Ok(std::fs::metadata(wal)?.len())
}
