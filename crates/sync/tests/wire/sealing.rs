//! From drafts to a sealed batch and back.

use sync::batch::{from_transfer, open, to_transfer};
use sync::keys::SigningKey;
use sync::message::Certificate;
use sync::{WireError, cose};

use crate::fixed::*;

#[test]
fn sealed_batch_opens_to_what_was_sealed() {
    let (bytes, sealed, batch) = two_notes();
    let received = from_transfer(&to_transfer(&sealed)).unwrap();
    assert_eq!(received, bytes);
    let opened = open(&received, |kid| (*kid == device_key().kid()).then(certificate), deployment()).unwrap();
    assert_eq!(opened.batch, batch);
    assert_eq!(opened.headers.len(), 2);
}

#[test]
fn certificate_is_verified_with_the_enrolment_key_only() {
    let envelope = cose::sign(&certificate(), &enrolment_key(), deployment());
    let read = |key: &SigningKey| cose::verify::<Certificate>(envelope.as_bytes(), &key.public_key(), deployment());
    assert_eq!(read(&enrolment_key()), Ok(certificate()));
    assert_eq!(read(&server_key()), Err(WireError::WrongKey));
}
