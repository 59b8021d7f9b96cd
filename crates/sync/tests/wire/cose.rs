//! Signatures: an independent vector, and everything that must not pass for one.

use data_encoding::HEXLOWER;
use domain::id::{DeploymentId, DeviceId};
use sync::WireError;
use sync::cose::{Envelope, kid_of_envelope, sign, verify, verify_enrolment_request};
use sync::keys::SigningKey;
use sync::message::{Certificate, EnrolmentRequest, FORMAT, TokenRequest};

use crate::fixed::*;

fn token_request() -> TokenRequest {
    TokenRequest {
        format: FORMAT,
        device: device(),
        nonce: [0x5a; 32],
        clock_ms: NOW_MS,
        app_version: "0.1.0".to_owned(),
        certificate: None,
    }
}

/// Computed apart from this code, by an encoder of twenty lines of Python and OpenSSL's Ed25519, from the seed of
/// `device_key` and the fields of `token_request`.
const INDEPENDENT: &str = "8455a20132045010ba682c8ad13513971e8b56881aab8ba05849a500010150d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1\
    0258205a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a031b00000199c82cc0000465302e312e30584061b6aa\
    5917c0197fe44b3faceb7539cf844c3f8b86c89029e39c96dd0ab2d95a4706727a323f429a841c8a23f2ba74d6ad2c31fc420299126f30693e\
    1df4a20c";

#[test]
fn envelope_is_the_one_computed_independently() {
    let envelope = sign(&token_request(), &device_key(), deployment());
    assert_eq!(HEXLOWER.encode(envelope.as_bytes()), INDEPENDENT);
    assert_eq!(verify(envelope.as_bytes(), &device_key().public_key(), deployment()), Ok(token_request()));
    assert_eq!(kid_of_envelope(envelope.as_bytes()), Ok(device_key().kid()));
}

#[test]
fn signature_for_another_deployment_does_not_hold() {
    let envelope = sign(&token_request(), &device_key(), id(0xee, DeploymentId::from_bytes));
    let result = verify::<TokenRequest>(envelope.as_bytes(), &device_key().public_key(), deployment());
    assert_eq!(result, Err(WireError::BadSignature));
}

#[test]
fn message_does_not_pass_for_one_of_another_type() {
    let envelope = sign(&token_request(), &device_key(), deployment());
    let result = verify::<Certificate>(envelope.as_bytes(), &device_key().public_key(), deployment());
    assert_eq!(result, Err(WireError::BadSignature));
}

#[test]
fn unknown_format_is_refused_clearly_before_its_layout_is_read() {
    // `{0: 2, 99: "later"}`: nothing of this version.
    let payload = [&[0xa2, 0x00, 0x02, 0x18, 0x63, 0x65], b"later".as_slice()].concat();
    let envelope = sign_raw(6, &payload, &[0x11; 32]);
    let result = verify::<TokenRequest>(&envelope, &device_key().public_key(), deployment());
    assert_eq!(result, Err(WireError::UnknownFormat { found: 2 }));
}

#[test]
fn every_single_bit_flipped_in_an_envelope_is_refused() {
    let envelope = sign(&token_request(), &device_key(), deployment()).0;
    for bit in 0..envelope.len() * 8 {
        let mut flipped = envelope.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(
            verify::<TokenRequest>(&flipped, &device_key().public_key(), deployment()).is_err(),
            "bit {bit} did not count"
        );
    }
}

#[test]
fn other_shapes_of_envelope_are_refused() {
    let good = sign(&token_request(), &device_key(), deployment()).0;
    let tagged = [&[0xd2], good.as_slice()].concat();
    let with_unprotected = [&good[..23], &[0xa1, 0x01, 0x32], &good[24..]].concat();
    let five_items = [&[0x85], &good[1..], &[0x00]].concat();
    let trailing = [good.as_slice(), &[0x00]].concat();
    // Protected header with the older algorithm number -8 (EdDSA), and with the key id alone.
    let other_algorithm = [&good[..4], &[0x27], &good[5..]].concat();
    assert_eq!(good[23], 0xa0);
    assert_eq!(good[4], 0x32);
    for (what, bytes) in [
        ("tagged", tagged),
        ("unprotected", with_unprotected),
        ("five items", five_items),
        ("trailing", trailing),
        ("algorithm", other_algorithm),
        ("empty", Vec::new()),
    ] {
        let error = verify::<TokenRequest>(&bytes, &device_key().public_key(), deployment()).expect_err(what);
        assert!(matches!(error, WireError::BadEnvelope | WireError::NotCanonical(_)), "{what}: {error}");
    }
}

#[test]
fn every_prefix_of_an_envelope_is_refused() {
    let envelope = sign(&token_request(), &device_key(), deployment()).0;
    for length in 0..envelope.len() {
        assert!(verify::<TokenRequest>(&envelope[..length], &device_key().public_key(), deployment()).is_err());
    }
}

#[test]
fn enrolment_request_proves_the_key_that_it_names() {
    let request = |public_key| EnrolmentRequest {
        format: FORMAT,
        code_id: "K7M2".to_owned(),
        code_secret: "secret".to_owned(),
        device: id(0xd7, DeviceId::from_bytes),
        public_key,
        stick_key: [9; 32],
        app_version: "0.1.0".to_owned(),
        clock_ms: NOW_MS,
    };
    let own = request(device_key().public_key());
    let read = |envelope: &Envelope| verify_enrolment_request(envelope.as_bytes(), deployment());
    assert_eq!(read(&sign(&own, &device_key(), deployment())), Ok(own));
    let someone_elses = request(SigningKey::from_seed(&[0x44; 32]).public_key());
    assert_eq!(read(&sign(&someone_elses, &device_key(), deployment())), Err(WireError::WrongKey));
}

#[test]
fn identity_of_a_later_format_is_refused_clearly() {
    // `{0: 2, 99: "later"}`: nothing of this version.
    let identity = [&[0xa2, 0x00, 0x02, 0x18, 0x63, 0x65], b"later".as_slice()].concat();
    let result = sync::codec::decode_versioned::<sync::message::Identity>(&identity);
    assert_eq!(result, Err(WireError::UnknownFormat { found: 2 }));
}
