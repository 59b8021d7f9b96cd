//! Small files replaced whole or not at all: write beside, fsync, rename, fsync the folder.
//!
//! The steps go through `Disk`, so that a test can stop the world after each of them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::VaultError;

/// Replaces `path` with `bytes`: after a crash at any moment the file holds either all of the old or all of the new.
/// One writer for each path; the temporary file is `<name>.tmp` beside it.
///
/// # Errors
/// `Io`, the old file being untouched unless the last step (making the new name durable) is the one that failed.
pub fn atomic_write(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    replace(&RealDisk { private: false }, path, bytes)
}

/// As `atomic_write`, for files that nobody but their owner may read (mode 0600 where there are such modes).
pub fn atomic_write_private(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    replace(&PRIVATE_DISK, path, bytes)
}

/// The disk as slots use it: every file is its owner's alone.
pub(crate) const PRIVATE_DISK: RealDisk = RealDisk { private: true };

/// The steps of which replacing a file is made.
pub(crate) trait Disk {
    /// The file's bytes, or None where there is no such file.
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Creates or empties the file and writes the bytes; nothing is durable yet.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes renames and removals in the folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Removing what is not there succeeds.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

pub(crate) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let temporary = with_suffix(path, ".tmp");
    disk.write(&temporary, bytes).map_err(VaultError::io("written"))?;
    disk.sync_file(&temporary).map_err(VaultError::io("made durable"))?;
    disk.rename(&temporary, path).map_err(VaultError::io("put in place"))?;
    disk.sync_folder(folder_of(path)).map_err(VaultError::io("made durable"))
}

pub(crate) fn remove(disk: &dyn Disk, path: &Path) -> Result<(), VaultError> {
    disk.remove(path).map_err(VaultError::io("removed"))?;
    disk.sync_folder(folder_of(path)).map_err(VaultError::io("made durable"))
}

pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    disk.read(path).map_err(VaultError::io("read"))
}

/// `path` with a suffix after its whole name: `slot-u` and `.old` give `slot-u.old`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(crate) struct RealDisk {
    private: bool,
}

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        if self.private {
            // A leftover of an interrupted write keeps the mode it had; start from none.
            self.remove(path)?;
            make_private(&mut options);
        }
        options.open(path)?.write_all(bytes)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        sync_folder(folder)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(unix)]
pub(crate) fn make_private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

/// On Windows the folder's own access list protects a profile.
#[cfg(not(unix))]
pub(crate) fn make_private(_: &mut OpenOptions) {}

#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no fsync of a folder; NTFS journals names on its own.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
