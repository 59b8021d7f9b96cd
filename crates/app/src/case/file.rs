//! Files that people choose: read whole where they are small, written whole or not at all.

use std::fs::File;
use std::io::Read;
use std::path::Path;

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

/// Writes a file whole or not at all; one that is there is replaced.
///
/// # Errors
/// `disk_full`, `file_not_writable`.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    vault::atomic_write(path, bytes).map_err(|error| match AppError::from(error) {
        error if error.code == Code::DiskFull => error,
        _ => Code::FileNotWritable.into(),
    })
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
