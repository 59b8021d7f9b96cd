//! What lies in the files of a laptop or a server, read behind the product's back: every page of every encrypted
//! database, decrypted, the free ones too, and every other file as it is. It owns the search for what should be gone
//! and the count of what should be there; it refuses to write.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use vault::{DatabaseKey, MasterKey, OpenOptions};

/// One encrypted file of a replica, and the purpose its key is derived for.
#[derive(Clone, Debug)]
pub struct Encrypted {
    pub file: PathBuf,
    pub purpose: &'static str,
}

/// The files of a laptop or a server that is closed.
pub struct Replica {
    folder: PathBuf,
    encrypted: Vec<Encrypted>,
    master: MasterKey,
}

impl Replica {
    /// `encrypted` are names in `folder`.
    pub fn new(folder: &Path, encrypted: &[(&str, &'static str)], master: MasterKey) -> Self {
        let encrypted =
            encrypted.iter().map(|(name, purpose)| Encrypted { file: folder.join(name), purpose }).collect();
        Self { folder: folder.to_owned(), encrypted, master }
    }

    /// Reads one of the encrypted databases.
    ///
    /// # Errors
    /// It does not open: still open elsewhere, damaged, or of another key.
    pub fn open(&self, purpose: &str) -> Result<Connection> {
        let encrypted = self.encrypted.iter().find(|each| each.purpose == purpose).context("no such database")?;
        open(encrypted, &self.master)
    }

    /// Opens a locked laptop's files as the product does.
    ///
    /// # Errors
    /// They do not open.
    pub fn open_store(&self) -> Result<store::Store> {
        let work = self.encrypted.iter().find(|each| each.purpose == "work").context("no profile of a laptop")?;
        let folder = work.file.parent().context("a file lies in a folder")?;
        Ok(store::Store::open(folder, &self.master)?)
    }

    /// The names of those `needles` that are found anywhere, each with the file it was found in.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn find(&self, needles: &[Needle]) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for encrypted in &self.encrypted {
            let mut connection = open(encrypted, &self.master)?;
            let pages = connection.serialize("main")?;
            ensure!(pages.starts_with(b"SQLite format 3\0"), "the pages of {} did not decrypt", encrypted.purpose);
            note_found(&pages, needles, &encrypted.file, &mut found);
        }
        for file in files_below(&self.folder)? {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            note_found(&bytes, needles, &file, &mut found);
        }
        Ok(found)
    }
}

/// Something to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// What it is, in words that are no personal data.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Needle {
    /// A text, as it is.
    pub fn text(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// Some stretches of a picture: wherever its file is cut into pages, most of them stay in one piece. Its first
    /// kilobyte is left out: the tables there are the same in every picture.
    pub fn stretches(name: &str, picture: &[u8]) -> Vec<Self> {
        let stretch = |(at, bytes): (usize, &[u8])| Self { name: format!("{name}, part {at}"), bytes: bytes.to_vec() };
        let own = picture.get(1024..).unwrap_or_default();
        own.chunks_exact((own.len() / 16).max(32)).map(|chunk| &chunk[..32]).enumerate().map(stretch).collect()
    }
}

/// A needle that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub needle: String,
    pub file: PathBuf,
    /// Bytes from the start, of the decrypted file where it is encrypted.
    pub offset: usize,
}

fn note_found(haystack: &[u8], needles: &[Needle], file: &Path, found: &mut Vec<Found>) {
    for needle in needles {
        if let Some(offset) = find_bytes(haystack, &needle.bytes) {
            found.push(Found { needle: needle.name.clone(), file: file.to_owned(), offset });
        }
    }
}

/// The first place of `needle`; by its first byte, which is quick enough for a file of some hundred megabytes.
fn find_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(step) = haystack[from..].iter().position(|byte| *byte == first) {
        let at = from + step;
        if haystack[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn open(encrypted: &Encrypted, master: &MasterKey) -> Result<Connection> {
    let key: DatabaseKey = master.database_key(encrypted.purpose);
    let options = OpenOptions { read_only: true, ..OpenOptions::default() };
    vault::open_database(&encrypted.file, &key, options)
        .with_context(|| format!("opening {}", encrypted.file.display()))
}

/// The batches that a laptop made itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnBatches {
    pub sealed: u64,
    /// With a receipt that says stored.
    pub receipted: u64,
    /// Changes in them that the server refused.
    pub refused: u64,
}

/// Counts a locked laptop's own batches. Those of a chain that was signed again count where they stand now.
///
/// # Errors
/// Files that do not open.
pub fn own_batches(laptop: &Replica) -> Result<OwnBatches> {
    let work = laptop.open("work")?;
    let count = |sql: &str| -> Result<u64> { Ok(work.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs()) };
    let own = "FROM batch JOIN chain ON chain.n = batch.chain WHERE is_own AND batch.state <> 5";
    Ok(OwnBatches {
        sealed: count(&format!("SELECT count(*) {own}"))?,
        receipted: count(&format!("SELECT count(*) {own} AND batch.state = 2 AND receipt IS NOT NULL"))?,
        refused: count("SELECT count(*) FROM change JOIN chain ON chain.n = change.chain WHERE is_own AND state = 3")?,
    })
}

/// Every file below a folder.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

/// Copies a folder and everything below it; what was there before goes.
///
/// # Errors
/// A file that cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for file in files_below(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        fs::copy(&file, &target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(folder: &Path) -> (Connection, MasterKey) {
        let master = MasterKey::generate();
        let options = OpenOptions { create: true, ..OpenOptions::default() };
        let connection = vault::open_database(&folder.join("a.db"), &master.database_key("work"), options).unwrap();
        (connection, master)
    }

    #[test]
    fn what_lies_in_a_row_is_found_and_in_a_freed_page_too() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, master) = database(folder.path());
        connection
            .execute_batch(
                "PRAGMA secure_delete = OFF; CREATE TABLE t (a TEXT);
                 INSERT INTO t VALUES ('canary in a row'), ('canary that went');
                 DELETE FROM t WHERE a = 'canary that went';",
            )
            .unwrap();
        drop(connection);
        let replica = Replica::new(folder.path(), &[("a.db", "work")], master);

        let needles = [Needle::text("row", "canary in a row"), Needle::text("freed", "canary that went")];
        let found = replica.find(&needles).unwrap();

        assert_eq!(found.iter().map(|each| each.needle.as_str()).collect::<Vec<_>>(), ["row", "freed"]);
        assert_eq!(replica.find(&[Needle::text("none", "nobody wrote this")]).unwrap(), []);
    }

    #[test]
    fn plain_files_are_searched_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/a.log"), "… the canary …").unwrap();
        let replica = Replica::new(folder.path(), &[], MasterKey::generate());
        assert_eq!(replica.find(&[Needle::text("log", "canary")]).unwrap().len(), 1);
    }

    #[test]
    fn a_stretch_of_a_file_is_found_wherever_it_was_cut() {
        let photo: Vec<u8> = (0..100_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let needles = Needle::stretches("photo", &photo);
        assert!(needles.len() >= 15);
        let page = &photo[9_000..90_000];
        assert!(needles.iter().any(|needle| find_bytes(page, &needle.bytes).is_some()));
        assert_eq!(Needle::stretches("short", &[1, 2, 3]), []);
    }
}
