//! A laptop's folder: made and enrolled once, then copied for each run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use store::Store;
use sync::message::Manifest;
use vault::MasterKey;

use crate::central::Central;
use crate::clock::MORNING_MS;

pub const WORK_FILE: &str = "work.db";
pub const WORK_PURPOSE: &str = "work";

/// The bench holds no secret: one key for all its laptops, so that a child process can open them.
pub fn master_key() -> MasterKey {
    MasterKey::from_key_file(&[0x5a; 32])
}

/// A laptop that is enrolled and holds nothing yet.
pub fn enrol(central: &Central, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let enrolled = central.enrol()?;
    let store = Store::create(folder, &master_key(), &enrolled.profile)?;
    store.enrol(&enrolled.identity, &enrolled.answer, MORNING_MS)?;
    Ok(store.close()?)
}

/// The folder of another laptop, as it is on disk while nobody has it open.
pub fn copy(from: &Path, to: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(to)
}

/// What a laptop has downloaded of an edition: the signed manifest, and its pieces in order, each a file.
pub struct Download {
    folder: PathBuf,
}

impl Download {
    /// Downloads an edition into a folder.
    pub fn of(central: &Central, manifest: &Manifest, folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("manifest"), central.sign(manifest))?;
        for (place, piece) in manifest.pieces.iter().enumerate() {
            fs::write(folder.join(format!("{place:05}.piece")), central.piece(&piece.hash)?)?;
        }
        Ok(Self { folder })
    }

    /// One that is there.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hands manifest and pieces to the store, one piece at a time.
    pub fn hand_over(&self, store: &Store) -> Result<()> {
        let wanted = store.begin_edition(&fs::read(self.folder.join("manifest"))?)?;
        for (place, piece) in wanted.pieces.iter().enumerate() {
            let bytes = fs::read(self.folder.join(format!("{place:05}.piece")))?;
            store.take_edition_piece(&piece.hash, 0, &bytes)?;
        }
        Ok(())
    }
}
