//! After a lock, no key and no passphrase is left anywhere in the process. Reads a process's own memory through /proc,
//! so it is for Linux, and in a process started for it: other tests have keys of their own.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::{
    Argon2Floor, Argon2Params, DatabaseKey, KeyFileSecretStore, MasterKey, OpenOptions, change_passphrase,
    create_slot_u, open_database, open_slot_u,
};

const DEVICE: [u8; 16] = *b"device number 01";

/// A piece this long is a trace: what is freed loses its first bytes to the allocator and keeps the rest.
const PIECE: usize = 12;

/// A secret that is looked for; kept inverted, so that the search does not find itself.
struct Needle {
    name: &'static str,
    inverted: Vec<u8>,
}

impl Needle {
    fn new(name: &'static str, secret: &[u8]) -> Self {
        Self { name, inverted: secret.iter().map(|byte| !byte).collect() }
    }

    fn count_pieces_in(&self, region: &[u8]) -> usize {
        let pieces = self.inverted.windows(PIECE).step_by(4);
        pieces.map(|piece| region.windows(PIECE).filter(|window| is_inverse(window, piece)).count()).sum()
    }
}

fn is_inverse(window: &[u8], piece: &[u8]) -> bool {
    window.iter().zip(piece).all(|(byte, inverted)| *byte == !inverted)
}

/// How many pieces of each needle are in the writable memory of this process.
fn traces(needles: &[Needle]) -> Vec<(&'static str, usize)> {
    let mut memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut counts: Vec<_> = needles.iter().map(|needle| (needle.name, 0)).collect();
    let mut region = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        region.resize((to - from) as usize, 0);
        memory.seek(SeekFrom::Start(from)).unwrap();
        // Regions may go while they are read.
        if memory.read_exact(&mut region).is_ok() {
            for (needle, (_, count)) in needles.iter().zip(&mut counts) {
                *count += needle.count_pieces_in(&region);
            }
        }
        region.fill(0);
    }
    counts
}

/// Pseudo-random letters that are nowhere in the program.
fn passphrase(seed: u64) -> String {
    let mut state = seed ^ u64::from(std::process::id()) ^ 0x9E37_79B9_7F4A_7C15;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 59) as u8 % 26)
    };
    (0..24).map(|_| letter()).collect()
}

/// A profile's day: made, unlocked, its database written and read, its passphrase changed, locked.
fn live_and_lock(folder: &Path) -> Vec<Needle> {
    let secrets = KeyFileSecretStore::new(folder);
    let (first, second) = (Zeroizing::new(passphrase(1)), Zeroizing::new(passphrase(2)));
    let mut needles =
        vec![Needle::new("first passphrase", first.as_bytes()), Needle::new("second passphrase", second.as_bytes())];
    let params = Argon2Params::STANDARD;
    let floor = Argon2Floor::STANDARD;

    let master = MasterKey::generate();
    create_slot_u(folder, &DEVICE, &master, &first, &secrets, params, 1).unwrap();
    drop(master);
    change_passphrase(folder, &DEVICE, &first, &second, &secrets, params, floor, 2).unwrap();
    let master = open_slot_u(folder, &DEVICE, &second, &secrets, floor, 3).unwrap();
    let seed: Vec<u8> = (0..32_u8).map(|at| at.wrapping_mul(91) ^ 0x5A).collect();
    let wrapped = master.wrap("signing seed", &seed);
    drop(Zeroizing::new(seed));
    let seed = master.unwrap("signing seed", &wrapped).unwrap();
    needles.push(Needle::new("seed", &seed));

    let key = master.database_key("work");
    let options = OpenOptions { create: true, ..OpenOptions::default() };
    let connection = open_database(&folder.join("work.db"), &key, options).unwrap();
    connection.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    needles.extend(key_needles(&master, &key));
    drop((connection, key, master, seed, first, second));
    needles
}

fn key_needles(master: &MasterKey, key: &DatabaseKey) -> Vec<Needle> {
    vec![
        Needle::new("master key", master.bytes()),
        Needle::new("database key", key.bytes()),
        Needle::new("database key in hexadecimal", hexadecimal(key).as_bytes()),
    ]
}

fn hexadecimal(key: &DatabaseKey) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    for byte in key.bytes() {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// Runs one of the two searches below in a process of its own.
fn search_passes(name: &str) -> bool {
    let name = format!("tests::memory::{name}");
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).args(["--exact", &name, "--ignored", "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("running 1 test"), "{said}");
    print!("{said}{}", String::from_utf8_lossy(&output.stderr));
    output.status.success()
}

#[test]
fn no_trace_of_a_secret_is_in_memory_after_a_lock() {
    assert!(search_passes("search_after_a_lock"));
}

#[test]
fn the_usual_way_of_setting_a_key_leaves_it_in_memory() {
    assert!(search_passes("search_after_the_usual_way"));
}

#[test]
#[ignore = "started in a process of its own by no_trace_of_a_secret_is_in_memory_after_a_lock"]
fn search_after_a_lock() {
    let folder = tempfile::TempDir::new().unwrap();
    let needles = live_and_lock(folder.path());

    for (name, count) in traces(&needles) {
        assert_eq!(count, 0, "traces of the {name}");
    }
}

#[test]
#[ignore = "started in a process of its own by the_usual_way_of_setting_a_key_leaves_it_in_memory"]
fn search_after_the_usual_way() {
    let folder = tempfile::TempDir::new().unwrap();
    let key = MasterKey::generate().database_key("work");
    let needle = Needle::new("database key in hexadecimal", hexadecimal(&key).as_bytes());
    let connection = Connection::open(folder.path().join("work.db")).unwrap();
    let value = Zeroizing::new(format!("x'{}'", *hexadecimal(&key)));
    connection.pragma_update(None, "key", &*value).unwrap();
    connection.execute_batch("CREATE TABLE t (x)").unwrap();
    drop((connection, value));

    assert!(traces(&[needle])[0].1 > 0, "the search finds nothing even where there is something");
}
