//! Properties: every message reads back; what is accepted encodes to the same bytes; nothing makes a reader panic.
//! `PROPTEST_CASES` makes these runs longer.

use std::fmt::Debug;

use domain::change::{Body, ChangeHeader};
use domain::register::EditionRecord;
use proptest::prelude::*;
use sync::batch::{from_transfer, open};
use sync::codec::{self, WireMessage};
use sync::edition::{open_piece, records, verify_manifest};
use sync::feed::{PageRequest, verify_page};
use sync::keys::StickSecret;
use sync::message::*;
use sync::queue_file::read_queue;
use sync::{canonical, cose, receipt};

use crate::entropy::Entropy;
use crate::fixed::*;

fn reads_back<T: WireMessage + PartialEq + Debug>(message: T) {
    let bytes = codec::encode(&message);
    canonical::check(&bytes).unwrap();
    assert_eq!(codec::decode::<T>(&bytes).unwrap(), message);
}

fn signed_reads_back<T: SignedMessage + PartialEq + Debug>(message: T) {
    let envelope = cose::sign(&message, &server_key(), deployment());
    assert_eq!(cose::verify::<T>(envelope.as_bytes(), &server_key().public_key(), deployment()).unwrap(), message);
    reads_back(message);
}

/// Decodes as one type, and where that succeeds, encodes to the same bytes.
fn same_again<T: WireMessage>(bytes: &[u8]) -> bool {
    match codec::decode::<T>(bytes) {
        Ok(message) => {
            assert_eq!(codec::encode(&message), bytes);
            true
        }
        Err(_) => false,
    }
}

/// Every reader there is.
fn read_as_everything(bytes: &[u8]) {
    same_again::<ChangeHeader>(bytes);
    same_again::<Batch>(bytes);
    same_again::<SealedBatch>(bytes);
    same_again::<Receipt>(bytes);
    same_again::<FeedPage>(bytes);
    same_again::<Manifest>(bytes);
    same_again::<EditionRecord>(bytes);
    same_again::<Identity>(bytes);
    same_again::<Certificate>(bytes);
    same_again::<EnrolmentRequest>(bytes);
    same_again::<EnrolmentAnswer>(bytes);
    same_again::<Challenge>(bytes);
    same_again::<TokenRequest>(bytes);
    same_again::<Token>(bytes);
    same_again::<Announcement>(bytes);
    same_again::<AnnouncementAnswer>(bytes);
    same_again::<PieceAnswer>(bytes);
    same_again::<AccessLog>(bytes);
    same_again::<AccessAnswer>(bytes);
    same_again::<StickReceipt>(bytes);
    same_again::<LogMark>(bytes);
    same_again::<Problem>(bytes);
    same_again::<QueueHeader>(bytes);
    same_again::<QueueEnd>(bytes);
    for kind in domain::change::kind::ALL {
        if canonical::check(bytes).is_ok()
            && let Ok(Some(body)) = Body::decode(*kind, 1, bytes)
        {
            assert_eq!(body.encode(), bytes);
        }
    }
    let key = server_key().public_key();
    let page_request = PageRequest {
        deployment: deployment(),
        unit: unit(),
        after: 0,
        log: None,
        hash: None,
        server_key: key,
        enrolment_key: enrolment_key().public_key(),
    };
    // Nothing opens as a batch but the one that was sealed, which edits may have left as it was.
    if open(bytes, author, deployment()).is_ok() {
        assert_eq!(bytes, two_notes().0);
    }
    assert!(verify_page(bytes, &page_request).is_err());
    assert!(verify_manifest(bytes, &key, deployment(), &unit()).is_err());
    assert!(receipt::verify(bytes, &key, deployment()).is_err());
    assert!(receipt::verify_stick_receipt(bytes, &key, deployment(), &unit()).is_err());
    assert!(cose::verify_enrolment_request(bytes, deployment()).is_err());
    let _ = cose::kid_of_envelope(bytes);
    let _ = from_transfer(bytes);
    let reference =
        PieceRef { hash: sync::hash::sha256(bytes), compressed_bytes: bytes.len() as u64, raw_bytes: 100, records: 1 };
    let _ = open_piece(&reference, bytes);
    assert!(records(bytes).count() <= bytes.len());
    for stick in [bytes.to_vec(), [b"TNHA\x01\x01", bytes].concat()] {
        if let Ok(reader) = read_queue(stick.as_slice(), &StickSecret::from_bytes(&[1; 32]), deployment()) {
            assert!(reader.count() <= stick.len());
        }
    }
}

/// One of the messages that entropy makes, as bytes.
fn some_message(entropy: &mut Entropy<'_>) -> Vec<u8> {
    match entropy.byte() % 18 {
        0 => codec::encode(&entropy.header()),
        1 => codec::encode(&entropy.batch()),
        2 => codec::encode(&entropy.receipt()),
        3 => codec::encode(&entropy.sealed_batch()),
        4 => codec::encode(&entropy.feed_page()),
        5 => codec::encode(&entropy.manifest()),
        6 => codec::encode(&entropy.edition_record()),
        7 => codec::encode(&entropy.certificate()),
        8 => codec::encode(&entropy.enrolment_request()),
        9 => codec::encode(&entropy.enrolment_answer()),
        10 => codec::encode(&entropy.announcement()),
        11 => codec::encode(&entropy.announcement_answer()),
        12 => codec::encode(&entropy.access_log()),
        13 => codec::encode(&entropy.problem()),
        14 => two_notes().0,
        15 => codec::encode(&entropy.stick_receipt()),
        16 => codec::encode(&entropy.log_mark()),
        _ => entropy.body().encode(),
    }
}

proptest! {
    #[test]
    fn any_message_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        let mut entropy = Entropy(&bytes);
        let e = &mut entropy;
        reads_back(e.header());
        signed_reads_back(e.batch());
        signed_reads_back(e.receipt());
        reads_back(e.sealed_batch());
        signed_reads_back(e.feed_page());
        signed_reads_back(e.manifest());
        reads_back(e.edition_record());
        signed_reads_back(e.certificate());
        signed_reads_back(e.enrolment_request());
        signed_reads_back(e.enrolment_answer());
        signed_reads_back(e.token_request());
        signed_reads_back(e.announcement());
        reads_back(e.announcement_answer());
        signed_reads_back(e.access_log());
        reads_back(e.queue_header());
        reads_back(e.problem());
        let body = e.body();
        canonical::check(&body.encode()).unwrap();
        prop_assert_eq!(Body::decode(body.kind(), 1, &body.encode()).unwrap().unwrap(), body);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn altered_messages_never_panic_and_what_is_accepted_encodes_the_same(
        bytes in prop::collection::vec(any::<u8>(), 0..700),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..6),
    ) {
        let mut message = some_message(&mut Entropy(&bytes));
        for (at, byte, edit) in edits {
            if message.is_empty() {
                break;
            }
            let at = at.index(message.len());
            match edit {
                0 => message[at] ^= 1 << (byte % 8),
                1 => message[at] = byte,
                2 => message.insert(at, byte),
                _ => drop(message.remove(at)),
            }
        }
        read_as_everything(&message);
    }

    #[test]
    fn random_bytes_under_a_good_signature_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let envelope = sign_raw(1, &bytes, &[0x11; 32]);
        let sealed = SealedBatch { envelope: cose::Envelope(envelope), bodies: vec![Blob(bytes)] };
        prop_assert!(open(&codec::encode(&sealed), author, deployment()).is_err());
    }

    #[test]
    fn any_batch_under_a_good_signature_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
        let mut entropy = Entropy(&bytes);
        let mut batch = entropy.batch();
        batch.device = device();
        batch.key_epoch = 1;
        batch.last_sequence = batch.first_sequence + batch.headers.len() as u64 - u64::from(!batch.headers.is_empty());
        let envelope = cose::sign(&batch, &device_key(), deployment());
        let bodies = batch.headers.iter().map(|_| Blob(Vec::new())).collect();
        let sealed = codec::encode(&SealedBatch { envelope, bodies });
        prop_assert!(open(&sealed, author, deployment()).is_err());
    }
}
