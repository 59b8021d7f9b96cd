//! Files of the first release, byte for byte. If one of these fails, laptops and servers in use would be locked out:
//! add a new format beside the old one, do not change the bytes here.

use std::fs;

use tempfile::TempDir;

use super::slot_u::{DEVICE, NOW, RIGHT, WEAK};
use crate::{
    DeviceSecretStore, KeyFileSecretStore, MasterKey, RecoveryKeyFile, RecoveryRequest, answer_recovery, open_slot_u,
};

const MASTER: [u8; 32] = *b"the master key of a frozen file!";
const DEVICE_SECRET: [u8; 32] = *b"a device secret, of 32 bytes too";
const SLOT_U: &str = "a3005848a9000101010250646576696365206e756d6265722030310318800401050106500f25a7e8e7fbb27ca4\
    8332e7e71127f0074cd4f58a4ccbafeb1eb22b54c1081b0000019e704488000158306922580e89887d0fd7073e\
    12ea94563838a5bb3a43ce3eb9f33df41f29a4aeb5b67d311b9c3ec58e0dc36b9240b5dc05025820e4c48934f3\
    8381cab39ff7a57d885234c2d0930a5aba683b22217523646b6962";
const RECOVERY_KEY: &str = "a300586baa00010103021880030104010550c0760aa9a1ae127b3dd88cfb5f133e4c0650682463ebe999622f96\
    cfd78995f41dab074c0b5aa34c5c119dae5e56986d08582007122be74792c4cba35e7657369d04f1a5a2e37771\
    5d893633215b9a0a23d47b091b0000019e704488000158307d27ea410c13db6bd693d8bad985efb618d083b799\
    fbee4d0e6772fea92a8bf071c45f8f1257924a2b6120b01ada5eb9025820304006f9ebdf341bb1624aec6388d1\
    9cb60bb7d70101344c8d4968778e76e275";
const RECOVERY_REQUEST: &str = "a30059010da5000101040250646576696365206e756d6265722030310358202fdd8c3ca9583f5927831c32763a\
    ab3e509b6506a417664e2a1d1ac8b136496a0458d0a3005856a6000101020250646576696365206e756d626572\
    20303103582007122be74792c4cba35e7657369d04f1a5a2e377715d893633215b9a0a23d47b0450f775a955c8\
    0f50f4e9a714b9665346d8051b0000019e704488000158507167ce5d8ccd097c4d4a8aafa42e6a5f938d354302\
    9e0b8478bfff56ff37c1128e3c040c958336ab8102958b17350685a3a43153251111d07dd72138082a3dbccc1b\
    39685482966cd7cb97c8ce153863025820cf2e8982756adcdfaf7d684e034bb6d335fdc4486b71d852e497d54a\
    de64706001400258203848130854bd2976a27c41013f4471ab37abdb15eba55072fd123e8044bdd066";

fn master() -> MasterKey {
    let mut secret = crate::key::empty_secret();
    secret.copy_from_slice(&MASTER);
    MasterKey::from_secret(secret)
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_same_master_key_gives_the_same_database_key() {
    assert_eq!(
        to_hex(master().database_key("work").bytes()),
        "f44af5bf32ac2d2f2c9cdadb533024a34212668575337a312516f0028052d801"
    );
    assert_eq!(to_hex(&master().fingerprint()), "f775a955c80f50f4e9a714b9665346d8");
}

#[test]
fn a_wrapped_seed_of_the_first_release_is_unwrapped() {
    let sealed = from_hex("01ce78d9e265d661a709c82ae54e3764edef9990cb8fecf7d0663e2dfe1b1e5846");

    assert_eq!(&**master().unwrap("signing seed", &sealed).unwrap(), b"seed");
}

#[test]
fn a_slot_u_of_the_first_release_opens() {
    let folder = TempDir::new().unwrap();
    let secrets = KeyFileSecretStore::new(folder.path());
    secrets.set(&crate::secret_store::profile_of(&DEVICE), &DEVICE_SECRET).unwrap();
    fs::write(folder.path().join("slot-u"), from_hex(SLOT_U)).unwrap();

    let opened = open_slot_u(folder.path(), &DEVICE, RIGHT, &secrets, WEAK, NOW).unwrap();

    assert_eq!(opened.bytes(), &MASTER);
}

#[test]
fn a_recovery_key_of_the_first_release_answers_a_request_of_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("recovery-key");
    fs::write(&file, from_hex(RECOVERY_KEY)).unwrap();
    let request = RecoveryRequest::from_bytes(&from_hex(RECOVERY_REQUEST)).unwrap();

    let operators = RecoveryKeyFile::open(&file, "first operator", "second operator", WEAK).unwrap();

    assert_eq!(request.device_id(), &DEVICE);
    answer_recovery(&request, &operators).unwrap();
}
