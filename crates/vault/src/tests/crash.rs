//! A change of passphrase on a disk that loses power after each step. The disk keeps what was synced and, of what was
//! not, any selection: renames and removals happen or not, contents are whole, torn or empty.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::slot_u::{DEVICE, NOW, RIGHT, WEAK};
use crate::disk::Disk;
use crate::slot::attempts::UnlockAttempts;
use crate::slot::user::{keep_as_old, try_passphrase, write_slot};
use crate::{DeviceSecretStore, MasterKey, SecretStoreKind, VaultError};
use zeroize::Zeroizing;

const NEW: &str = "a new passphrase";

#[derive(Clone, Debug)]
enum Name {
    Points(PathBuf, usize),
    Moves(PathBuf, PathBuf),
    Goes(PathBuf),
}

#[derive(Clone, Default, Debug)]
struct File {
    bytes: Vec<u8>,
    synced: bool,
}

/// Files by number; names by path; the changes of names that no fsync of the folder made durable yet.
#[derive(Clone, Default, Debug)]
struct State {
    files: Vec<File>,
    durable: BTreeMap<PathBuf, usize>,
    pending: Vec<Name>,
}

impl State {
    fn names(&self) -> BTreeMap<PathBuf, usize> {
        self.names_with(&self.pending)
    }

    fn names_with<'a>(&self, changes: impl IntoIterator<Item = &'a Name>) -> BTreeMap<PathBuf, usize> {
        let mut names = self.durable.clone();
        for change in changes {
            match change {
                Name::Points(path, file) => {
                    names.insert(path.clone(), *file);
                }
                Name::Moves(from, to) => {
                    if let Some(file) = names.remove(from) {
                        names.insert(to.clone(), file);
                    }
                }
                Name::Goes(path) => {
                    names.remove(path);
                }
            }
        }
        names
    }

    /// Every disk that a power cut may leave: each prefix of the pending names, each fate of the unsynced contents.
    fn after_power_cut(&self) -> Vec<Self> {
        let mut states = Vec::new();
        for kept in 0..=self.pending.len() {
            for fate in [1.0, 0.5, 0.0] {
                let cut = |file: &File| {
                    let length = if file.synced { file.bytes.len() } else { (file.bytes.len() as f64 * fate) as usize };
                    File { bytes: file.bytes[..length].to_vec(), synced: true }
                };
                let durable = self.names_with(&self.pending[..kept]);
                states.push(Self { files: self.files.iter().map(cut).collect(), durable, pending: Vec::new() });
            }
        }
        states
    }
}

/// A disk in memory that fails for good after a number of steps.
struct FailingDisk {
    state: RefCell<State>,
    steps_left: Cell<usize>,
    /// The protection removed: renaming without having synced the file.
    forgets_to_sync: bool,
}

impl FailingDisk {
    fn new(state: State, steps: usize) -> Self {
        Self { state: RefCell::new(state), steps_left: Cell::new(steps), forgets_to_sync: false }
    }

    fn step(&self) -> io::Result<std::cell::RefMut<'_, State>> {
        let left = self.steps_left.get().checked_sub(1).ok_or_else(|| io::Error::other("no power"))?;
        self.steps_left.set(left);
        Ok(self.state.borrow_mut())
    }
}

impl Disk for FailingDisk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let state = self.state.borrow();
        Ok(state.names().get(path).map(|file| state.files[*file].bytes.clone()))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.step()?;
        let file = state.files.len();
        state.files.push(File { bytes: bytes.to_vec(), synced: false });
        state.pending.push(Name::Points(path.to_owned(), file));
        Ok(())
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        if let Some(file) = state.names().get(path).filter(|_| !self.forgets_to_sync) {
            state.files[*file].synced = true;
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?.pending.push(Name::Moves(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        state.durable = state.names();
        state.pending.clear();
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?.pending.push(Name::Goes(path.to_owned()));
        Ok(())
    }
}

struct FixedSecret;

impl DeviceSecretStore for FixedSecret {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::OsKeystore
    }
    fn get(&self, _: &str) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        Ok(Some(Zeroizing::new([9; 32])))
    }
    fn set(&self, _: &str, _: &[u8; 32]) -> Result<(), VaultError> {
        Ok(())
    }
    fn delete(&self, _: &str) -> Result<(), VaultError> {
        Ok(())
    }
}

fn folder() -> &'static Path {
    Path::new("profile")
}

fn opens(state: &State, passphrase: &str) -> bool {
    let disk = FailingDisk::new(state.clone(), usize::MAX);
    try_passphrase(&disk, folder(), &DEVICE, passphrase, &FixedSecret, WEAK, NOW).is_ok()
}

/// A change of passphrase and the first unlock with the new one, as `change_passphrase` and `open_slot_u` do them.
fn change_and_unlock(disk: &FailingDisk) -> Result<(), VaultError> {
    let opened = try_passphrase(disk, folder(), &DEVICE, RIGHT, &FixedSecret, WEAK, NOW)?;
    keep_as_old(disk, folder(), &opened)?;
    write_slot(disk, folder(), &DEVICE, &opened.master, NEW, &FixedSecret, WEAK.params(), NOW)?;
    crate::slot::user::unlock(disk, folder(), &DEVICE, NEW, &FixedSecret, WEAK, NOW)?;
    Ok(())
}

fn disk_with_slot() -> State {
    let disk = FailingDisk::new(State::default(), usize::MAX);
    let master = MasterKey::generate();
    write_slot(&disk, folder(), &DEVICE, &master, RIGHT, &FixedSecret, WEAK.params(), NOW).unwrap();
    disk.state.into_inner()
}

/// The number of power cuts after which neither passphrase opens, and how many were tried.
fn locked_out(forgets_to_sync: bool) -> (usize, usize) {
    let (mut locked_out, mut tried) = (0, 0);
    for steps in 0.. {
        let mut disk = FailingDisk::new(disk_with_slot(), steps);
        disk.forgets_to_sync = forgets_to_sync;
        let outcome = change_and_unlock(&disk);
        for state in disk.state.borrow().after_power_cut() {
            tried += 1;
            locked_out += usize::from(!opens(&state, RIGHT) && !opens(&state, NEW));
        }
        if outcome.is_ok() {
            break;
        }
    }
    (locked_out, tried)
}

#[test]
fn a_power_cut_at_any_step_of_a_change_of_passphrase_leaves_a_slot_that_opens() {
    let (locked_out, tried) = locked_out(false);

    assert_eq!(locked_out, 0, "of {tried}");
    assert!(tried > 100, "only {tried} states were reached");
}

#[test]
fn the_same_power_cuts_lock_out_when_the_slot_is_not_synced_before_its_rename() {
    assert!(locked_out(true).0 > 0);
}

#[test]
fn a_power_cut_gives_no_try_at_the_passphrase_for_nothing() {
    // The count is durable before the passphrase is tried: cut at any step, a wrong try is counted or was not made.
    for steps in 0..12 {
        let disk = FailingDisk::new(disk_with_slot(), steps);
        let outcome = try_passphrase(&disk, folder(), &DEVICE, "a wild guess", &FixedSecret, WEAK, NOW);
        for state in disk.state.borrow().after_power_cut() {
            let after = FailingDisk::new(state, usize::MAX);
            let counted = UnlockAttempts::load_from(&after, folder()).unwrap().failed;
            assert!(counted == 1 || !matches!(outcome, Err(VaultError::WrongPassphrase)));
        }
    }
}
