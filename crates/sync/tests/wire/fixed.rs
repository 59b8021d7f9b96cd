//! Fixed ids, keys and times, so that every byte in these tests is the same each time.

use domain::change::{Body, EntityKind, EntityRef, NoteWritten};
use domain::id::{ChainId, ChangeId, DeploymentId, DeviceId, OfficerId, PersonId};
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
