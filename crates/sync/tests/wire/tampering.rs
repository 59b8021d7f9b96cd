//! Nothing in a signed batch can be changed, cut, swapped or moved without being refused.

use domain::id::{ChainId, DeviceId};
use sync::batch::{OpenedBatch, open, seal};
use sync::keys::SigningKey;
use sync::message::{Batch, Blob, Certificate, SealedBatch};
use sync::{WireError, codec, cose};

use crate::fixed::*;

fn open_bytes(bytes: &[u8]) -> Result<OpenedBatch, WireError> {
    open(bytes, author, deployment())
}

/// Ten different batches: one to ten notes, later ones in the middle of a chain.
fn ten_batches() -> Vec<Vec<u8>> {
    (1..=10)
        .map(|count: u8| {
            let first = if count > 5 { 100 } else { 1 };
            let changes: Vec<_> = (0..count).map(|at| note(at + 1, first + u64::from(at))).collect();
            seal_request(request(&changes)).0
        })
        .collect()
}

#[test]
fn every_single_bit_flipped_in_a_signed_batch_is_refused() {
    for (number, batch) in ten_batches().iter().enumerate() {
        assert!(open_bytes(batch).is_ok());
        for bit in 0..batch.len() * 8 {
            let mut flipped = batch.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(open_bytes(&flipped).is_err(), "bit {bit} of batch {number} did not count");
        }
    }
}

#[test]
fn every_prefix_and_every_appended_byte_is_refused() {
    let (bytes, ..) = two_notes();
    for length in 0..bytes.len() {
        assert!(open_bytes(&bytes[..length]).is_err(), "cut at {length}");
    }
    for byte in 0..=255 {
        assert!(open_bytes(&[bytes.as_slice(), &[byte]].concat()).is_err());
    }
}

#[test]
fn swapped_bodies_are_refused_as_another_body_than_signed() {
    let (_, mut sealed, _) = two_notes();
    sealed.bodies.swap(0, 1);
    assert_eq!(open_bytes(&codec::encode(&sealed)), Err(WireError::BodyHash { sequence: 1 }));
}

#[test]
fn body_of_another_salt_is_refused() {
    let (_, mut sealed, _) = two_notes();
    sealed.bodies[1].0[0] ^= 1;
    assert_eq!(open_bytes(&codec::encode(&sealed)), Err(WireError::BodyHash { sequence: 2 }));
}

#[test]
fn missing_and_added_bodies_are_refused() {
    let (_, sealed, _) = two_notes();
    let fewer = SealedBatch { bodies: sealed.bodies[..1].to_vec(), ..sealed.clone() };
    let mut more = sealed;
    more.bodies.push(Blob(Vec::new()));
    for batch in [fewer, more] {
        assert_eq!(open_bytes(&codec::encode(&batch)).unwrap_err().code(), "wire_batch_shape");
    }
}

#[test]
fn batch_signed_by_a_key_without_certificate_is_refused() {
    let (sealed, _) = seal(request(&[note(1, 1)]), &SigningKey::from_seed(&[0x66; 32]), deployment()).unwrap();
    let result = open_bytes(&codec::encode(&sealed));
    assert_eq!(result, Err(WireError::UnknownKey { kid: SigningKey::from_seed(&[0x66; 32]).kid() }));
}

#[test]
fn certificate_of_another_key_is_no_certificate_for_it() {
    let (bytes, ..) = two_notes();
    let other = Certificate { public_key: server_key().public_key(), ..certificate() };
    assert_eq!(open(&bytes, |_| Some(other), deployment()), Err(WireError::WrongKey));
}

#[test]
fn batch_in_the_name_of_another_device_or_key_epoch_is_refused() {
    let (bytes, ..) = two_notes();
    let of_other_device = Certificate { device: id(0xd2, DeviceId::from_bytes), ..certificate() };
    let of_other_epoch = Certificate { key_epoch: 2, ..certificate() };
    for certificate in [of_other_device, of_other_epoch] {
        assert_eq!(open(&bytes, |_| Some(certificate), deployment()), Err(WireError::WrongDevice));
    }
}

/// Signs whatever it is given, with the right key: the author himself is at fault here.
fn sign_anyway(change: impl FnOnce(&mut Batch)) -> Result<OpenedBatch, WireError> {
    let (_, sealed, mut batch) = two_notes();
    change(&mut batch);
    let envelope = cose::sign(&batch, &device_key(), deployment());
    open_bytes(&codec::encode(&SealedBatch { envelope, bodies: sealed.bodies }))
}

#[test]
fn author_himself_cannot_sign_a_batch_that_contradicts_itself() {
    assert!(sign_anyway(|_| {}).is_ok());
    let shape = |change: fn(&mut Batch)| sign_anyway(change).unwrap_err().code();
    assert_eq!(shape(|batch| batch.hash_after = [0; 32]), "wire_chain_hash");
    assert_eq!(shape(|batch| batch.hash_before = [0; 32]), "wire_batch_shape");
    assert_eq!(shape(|batch| batch.chain = id(0xc9, ChainId::from_bytes)), "wire_batch_shape");
    assert_eq!(shape(|batch| batch.last_sequence = 3), "wire_batch_shape");
    assert_eq!(shape(|batch| batch.last_sequence = 0), "wire_batch_shape");
    assert_eq!(shape(|batch| (batch.first_sequence, batch.last_sequence) = (0, 1)), "wire_batch_shape");
    assert_eq!(shape(|batch| (batch.first_sequence, batch.last_sequence) = (2, 3)), "wire_batch_shape");
    let far = |batch: &mut Batch| (batch.first_sequence, batch.last_sequence) = (u64::MAX, u64::MAX);
    assert_eq!(shape(far), "wire_not_canonical");
    assert_eq!(shape(|batch| batch.headers.swap(0, 1)), "wire_batch_shape");
    assert_eq!(shape(|batch| batch.headers.clear()), "wire_batch_shape");
    assert_eq!(shape(|batch| batch.headers[0].0.push(0)), "wire_not_canonical");
    assert_eq!(shape(|batch| batch.headers[1] = Blob(vec![0xa0])), "wire_malformed");
    assert_eq!(shape(|batch| batch.format = 2), "wire_unknown_format");
}

#[test]
fn batch_beyond_256_kib_is_refused_unread() {
    assert_eq!(open_bytes(&vec![0; 256 * 1024 + 1]), Err(WireError::TooLarge { limit_bytes: 256 * 1024 }));
}
