//! The bytes of every sealed file of this room: `{0: header, 1: ciphertext, 2: SHA-256(header ‖ ciphertext)}` in
//! deterministic CBOR, the header being itself CBOR and the associated data of the ciphertext.
//!
//! The checksum protects nothing from an attacker. It tells a damaged disk from a wrong passphrase, which would
//! otherwise count against the officer.

use minicbor::{CborLen, Decode, Encode};
use ring::digest::{SHA256, digest};

/// Do not modify: files on laptops are in this form.
#[derive(Encode, Decode, CborLen)]
#[cbor(map)]
struct Envelope {
    #[cbor(n(0), with = "minicbor::bytes")]
    header: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    ciphertext: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    checksum: [u8; 32],
}

/// What the header of a sealed file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    SlotU = 1,
    SlotR = 2,
    RecoveryKey = 3,
    RecoveryRequest = 4,
    RecoveryAnswer = 5,
}

pub(crate) const FORMAT: u8 = 1;

/// The first two fields of every header, read before the rest: another format may have any other fields.
#[derive(Decode)]
#[cbor(map)]
struct Preamble {
    #[n(0)]
    format: u8,
    #[n(1)]
    kind: u8,
}

/// A sealed file taken apart. `header` holds the exact bytes that were read.
pub(crate) struct Parts<H> {
    pub fields: H,
    pub header: Vec<u8>,
    pub ciphertext: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Damaged,
    UnknownFormat,
}

pub(crate) fn encode_header(fields: &impl Encode<()>) -> Vec<u8> {
    minicbor::to_vec(fields).expect("writing CBOR to memory cannot fail")
}

pub(crate) fn assemble(header: Vec<u8>, ciphertext: Vec<u8>) -> Vec<u8> {
    let checksum = checksum(&header, &ciphertext);
    minicbor::to_vec(Envelope { header, ciphertext, checksum }).expect("writing CBOR to memory cannot fail")
}

/// Takes only the bytes that `assemble` makes: what is decoded is encoded again and compared.
pub(crate) fn take_apart<H>(bytes: &[u8], kind: Kind) -> Result<Parts<H>, Unreadable>
where
    H: for<'b> Decode<'b, ()> + Encode<()>,
{
    let envelope: Envelope = minicbor::decode(bytes).map_err(|_| Unreadable::Damaged)?;
    let whole = minicbor::to_vec(&envelope).is_ok_and(|again| again == bytes);
    if !whole || envelope.checksum != checksum(&envelope.header, &envelope.ciphertext) {
        return Err(Unreadable::Damaged);
    }
    let preamble: Preamble = minicbor::decode(&envelope.header).map_err(|_| Unreadable::Damaged)?;
    if preamble.format != FORMAT {
        return Err(Unreadable::UnknownFormat);
    }
    let fields: H = minicbor::decode(&envelope.header).map_err(|_| Unreadable::Damaged)?;
    if preamble.kind != kind as u8 || encode_header(&fields) != envelope.header {
        return Err(Unreadable::Damaged);
    }
    Ok(Parts { fields, header: envelope.header, ciphertext: envelope.ciphertext })
}

fn checksum(header: &[u8], ciphertext: &[u8]) -> [u8; 32] {
    let joined = [header, ciphertext].concat();
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, &joined).as_ref());
    sum
}
