//! Fixed ids, keys and times, so that every byte in these tests is the same each time.

use domain::change::{Body, EntityKind, EntityRef, NoteWritten};
use domain::id::{ChainId, ChangeId, DeploymentId, DeviceId, LogId, OfficerId, PersonId};
use domain::role::Role;
use domain::unit::Unit;
use sync::batch::{Draft, SealRequest, SealedChange, build_change, seal};
use sync::keys::SigningKey;
use sync::message::{Batch, Certificate, FORMAT, Made, SealedBatch};
use sync::{codec, hash};

pub const NOW_MS: u64 = 1_760_000_000_000;

/// Sixteen times the same byte.
pub fn id<T>(byte: u8, of: impl Fn([u8; 16]) -> T) -> T {
    of([byte; 16])
}

pub fn deployment() -> DeploymentId {
    id(0xd0, DeploymentId::from_bytes)
}

pub fn device() -> DeviceId {
    id(0xd1, DeviceId::from_bytes)
}

pub fn chain() -> ChainId {
    id(0xc1, ChainId::from_bytes)
}

pub fn officer() -> OfficerId {
    id(0x0f, OfficerId::from_bytes)
}

pub fn person() -> PersonId {
    id(0xa1, PersonId::from_bytes)
}

pub fn unit() -> Unit {
    Unit::of_2025("25369")
}

pub fn device_key() -> SigningKey {
    SigningKey::from_seed(&[0x11; 32])
}

pub fn server_key() -> SigningKey {
    SigningKey::from_seed(&[0x22; 32])
}

pub fn enrolment_key() -> SigningKey {
    SigningKey::from_seed(&[0x33; 32])
}

pub fn certificate() -> Certificate {
    Certificate {
        format: FORMAT,
        device: device(),
        public_key: device_key().public_key(),
        unit: Some(unit()),
        role: Role::Officer,
        officer: officer(),
        from_ms: NOW_MS,
        to_ms: NOW_MS + 1000,
        key_epoch: 1,
        stick_key: None,
    }
}

pub fn made() -> Made {
    Made { created_ms: NOW_MS, app_version: "0.1.0".to_owned(), schema_version: 1 }
}

pub fn draft(change: u8, body: Body) -> Draft {
    Draft {
        id: id(change, ChangeId::from_bytes),
        entity: EntityRef::new(EntityKind::Person, person()),
        edition: 1,
        seen: 7,
        author: officer(),
        wall_clock_ms: NOW_MS,
        photos: None,
        clock_set_back_ms: None,
        on_behalf_of: None,
        body,
    }
}

pub fn note(change: u8, sequence: u64) -> SealedChange {
    let body = Body::NoteWritten(NoteWritten { text: format!("ghi chú {sequence}") });
    build_change(draft(change, body), sequence, [change; 16]).unwrap()
}

pub fn request(changes: &[SealedChange]) -> SealRequest<'_> {
    SealRequest {
        device: device(),
        chain: chain(),
        key_epoch: 1,
        unit: unit(),
        hash_before: hash::chain_start(chain()),
        receipt_seen: None,
        made: made(),
        replaces: None,
        log: None,
        changes,
    }
}

pub fn seal_request(request: SealRequest<'_>) -> (Vec<u8>, SealedBatch, Batch) {
    let (sealed, batch) = seal(request, &device_key(), deployment()).unwrap();
    (codec::encode(&sealed), sealed, batch)
}

/// Two notes: sequences 1 and 2.
pub fn two_notes() -> (Vec<u8>, SealedBatch, Batch) {
    seal_request(request(&[note(1, 1), note(2, 2)]))
}

pub fn log() -> LogId {
    id(0x10, LogId::from_bytes)
}

/// An envelope around any payload, made here by hand: what [`sync::cose::sign`] would refuse to encode.
pub fn sign_raw(message_type: u8, payload: &[u8], seed: &[u8; 32]) -> Vec<u8> {
    let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
    let kid = SigningKey::from_seed(seed).kid();
    let protected = [&[0xa2, 0x01, 0x32, 0x04, 0x50], kid.as_slice()].concat();
    let aad = [b"\x84\x67tungnha\x01".as_slice(), &[message_type, 0x50], deployment().as_bytes()].concat();
    let mut to_sign = Vec::new();
    let mut e = minicbor::Encoder::new(&mut to_sign);
    e.array(4).unwrap().str("Signature1").unwrap().bytes(&protected).unwrap().bytes(&aad).unwrap();
    e.bytes(payload).unwrap();
    let mut envelope = Vec::new();
    let mut e = minicbor::Encoder::new(&mut envelope);
    e.array(4).unwrap().bytes(&protected).unwrap().map(0).unwrap().bytes(payload).unwrap();
    e.bytes(pair.sign(&to_sign).as_ref()).unwrap();
    envelope
}

/// The certificate of `device_key`, and no other.
pub fn author(kid: &[u8; 16]) -> Option<Certificate> {
    (*kid == device_key().kid()).then(certificate)
}
