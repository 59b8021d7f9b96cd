//! Files that people choose: read whole where they are small, written whole or not at all, never among the profile's own,
//! and never over a file that is there. Queue files alone, known by their ending, are written over: a stick does not
//! fill up.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::app::AppConfig;
use crate::error::{AppError, Code, Result};

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// `file_not_found`, `file_unreadable`, `file_empty`, `file_too_large`.
pub fn read_small(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let too_large = |bytes: u64| AppError::new(Code::FileTooLarge).with("limit_bytes", limit).with("bytes", bytes);
    check_is_file(path)?;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    match read as u64 {
        0 => Err(Code::FileEmpty.into()),
        read if read > limit => Err(too_large(read)),
        _ => Ok(bytes),
    }
}

/// Refuses what is no file, before it is opened: opening a pipe would wait for whoever writes to it.
pub fn check_is_file(path: &Path) -> Result<u64> {
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    match metadata.is_file() {
        true => Ok(metadata.len()),
        false => Err(Code::FileUnreadable.into()),
    }
}

/// Refuses a place among the files of the profile or of its device secret, by whichever name it is called.
///
/// # Errors
/// `path_not_allowed`; `file_not_writable` for a folder that is not there.
pub fn check_target(config: &AppConfig, path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = std::fs::canonicalize(folder).map_err(unwritable)?;
    let own = [Some(config.folder.as_path()), config.secrets.folder()];
    let is_own = |own: &Path| std::fs::canonicalize(own).is_ok_and(|own| folder.starts_with(own));
    match own.into_iter().flatten().any(is_own) {
        true => Err(Code::PathNotAllowed.into()),
        false => Ok(()),
    }
}

/// Writes a file that was not there.
///
/// # Errors
/// `path_not_allowed`, `file_exists`, `disk_full`, `file_not_writable`.
pub fn write_fresh(config: &AppConfig, path: &Path, bytes: &[u8]) -> Result<()> {
    check_target(config, path)?;
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Code::FileExists.into(),
        _ => unwritable(error),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written.map_err(unwritable)
}

pub fn unreadable(error: std::io::Error) -> AppError {
    match error.kind() {
        std::io::ErrorKind::NotFound => Code::FileNotFound.into(),
        _ => Code::FileUnreadable.into(),
    }
}

pub fn unwritable(error: std::io::Error) -> AppError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Code::DiskFull.into(),
        _ => Code::FileNotWritable.into(),
    }
}
