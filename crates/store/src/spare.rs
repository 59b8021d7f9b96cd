//! A little room kept for the day on which the disk is full: opening an encrypted file asks for some tens of KiB beside
//! it. With the spare given up the profile opens, and its officer can send the work, write it to a stick, and make room.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// For the shared memory beside two files, and a few changes.
const SPARE_BYTES: usize = 256 * 1024;

/// Keeps the spare, where it is not there and the disk has room. It is of random bytes: zeros take no room everywhere.
pub(crate) fn keep(folder: &Path) {
    let path = path(folder);
    if fs::metadata(&path).is_ok_and(|spare| spare.len() == SPARE_BYTES as u64) {
        return;
    }
    let mut bytes = vec![0; SPARE_BYTES];
    sync::keys::fill_random(&mut bytes);
    let written = File::create(&path).and_then(|mut file| file.write_all(&bytes));
    if written.is_err() {
        let _ = fs::remove_file(&path);
    }
}

/// Gives the spare up. Returns whether that made room.
pub(crate) fn give_up(folder: &Path) -> bool {
    fs::remove_file(path(folder)).is_ok()
}

fn path(folder: &Path) -> PathBuf {
    folder.join("spare")
}
