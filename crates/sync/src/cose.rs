//! COSE_Sign1 (RFC 9052) with one algorithm and no negotiation. Do not modify.
//!
//! Protected header exactly `{1: -19, 4: kid}` (Ed25519, RFC 9864), unprotected header empty, no tag. What is signed:
//! `["Signature1", protected, external_aad, payload]` with external_aad `["tungnha", 1, message type, deployment id]`,
//! so that no message passes for another, nor for one of another server.

use domain::id::DeploymentId;
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::canonical;
use crate::codec;
use crate::error::WireError;
use crate::keys::{Kid, PublicKey, SigningKey, kid_of, signature_holds};
use crate::message::{EnrolmentRequest, MessageType, SignedMessage};

/// The bytes of a COSE_Sign1, carried inside another message as they are (an embedded CBOR item, not a byte string).
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope(pub Vec<u8>);

impl Envelope {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({} bytes)", self.0.len())
    }
}

impl<C> Encode<C> for Envelope {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.writer_mut().write_all(&self.0).map_err(minicbor::encode::Error::write)
    }
}

impl<'b, C> Decode<'b, C> for Envelope {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let from = d.position();
        d.skip()?;
        Ok(Self(d.input()[from..d.position()].to_vec()))
    }
}

/// `{1: -19, 4: h'…16 bytes…'}` up to the kid.
const PROTECTED_START: [u8; 5] = [0xa2, 0x01, 0x32, 0x04, 0x50];
const PROTECTED_BYTES: usize = PROTECTED_START.len() + 16;

fn protected_header(kid: &Kid) -> [u8; PROTECTED_BYTES] {
    let mut header = [0; PROTECTED_BYTES];
    header[..PROTECTED_START.len()].copy_from_slice(&PROTECTED_START);
    header[PROTECTED_START.len()..].copy_from_slice(kid);
    header
}

fn external_aad(kind: MessageType, deployment: DeploymentId) -> Vec<u8> {
    codec::encode(&ExternalData(kind, deployment))
}

/// `["tungnha", 1, message-type, deployment-id]`.
struct ExternalData(MessageType, DeploymentId);

impl<C> Encode<C> for ExternalData {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(4)?.str("tungnha")?.u8(1)?.u8(self.0 as u8)?.bytes(self.1.as_bytes())?.ok()
    }
}

fn bytes_to_sign(protected: &[u8], external_aad: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 96);
    let mut encoder = Encoder::new(&mut bytes);
    encoder
        .array(4)
        .and_then(|e| e.str("Signature1"))
        .and_then(|e| e.bytes(protected))
        .and_then(|e| e.bytes(external_aad))
        .and_then(|e| e.bytes(payload))
        .expect("writing to a Vec cannot fail");
    bytes
}

/// Signs a message.
pub fn sign<T: SignedMessage>(message: &T, key: &SigningKey, deployment: DeploymentId) -> Envelope {
    sign_payload(T::TYPE, &codec::encode(message), key, deployment)
}

fn sign_payload(kind: MessageType, payload: &[u8], key: &SigningKey, deployment: DeploymentId) -> Envelope {
    let protected = protected_header(&key.kid());
    let signature = key.sign(&bytes_to_sign(&protected, &external_aad(kind, deployment), payload));
    let mut bytes = Vec::with_capacity(payload.len() + 100);
    let mut encoder = Encoder::new(&mut bytes);
    encoder
        .array(4)
        .and_then(|e| e.bytes(&protected))
        .and_then(|e| e.map(0))
        .and_then(|e| e.bytes(payload))
        .and_then(|e| e.bytes(&signature))
        .expect("writing to a Vec cannot fail");
    Envelope(bytes)
}

struct Parts<'b> {
    kid: Kid,
    protected: &'b [u8],
    payload: &'b [u8],
    signature: &'b [u8],
}

fn parts(envelope: &[u8]) -> Result<Parts<'_>, WireError> {
    canonical::check(envelope)?;
    let mut decoder = Decoder::new(envelope);
    let mut read = || -> Result<_, minicbor::decode::Error> {
        let items = decoder.array()?;
        let protected = decoder.bytes()?;
        let unprotected = decoder.map()?;
        Ok((items, protected, unprotected, decoder.bytes()?, decoder.bytes()?))
    };
    let (items, protected, unprotected, payload, signature) = read().map_err(|_| WireError::BadEnvelope)?;
    let kid = protected.strip_prefix(&PROTECTED_START).and_then(|kid| Kid::try_from(kid).ok());
    match kid {
        Some(kid) if items == Some(4) && unprotected == Some(0) && signature.len() == 64 => {
            Ok(Parts { kid, protected, payload, signature })
        }
        _ => Err(WireError::BadEnvelope),
    }
}

/// The key that an envelope says it was signed with. Nothing is verified.
///
/// # Errors
/// Bytes that are not an envelope.
pub fn kid_of_envelope(envelope: &[u8]) -> Result<Kid, WireError> {
    parts(envelope).map(|parts| parts.kid)
}

/// The payload of an envelope. Nothing is verified.
pub(crate) fn payload_unverified(envelope: &[u8]) -> Result<&[u8], WireError> {
    parts(envelope).map(|parts| parts.payload)
}

/// The message of an envelope that this key signed, for this deployment. The signature is verified before a byte of
/// the payload is read.
///
/// # Errors
/// Not an envelope, another key, a signature that does not hold, a format this version does not know, or a payload
/// that is not exactly the message.
pub fn verify<T: SignedMessage>(
    envelope: &[u8],
    public_key: &PublicKey,
    deployment: DeploymentId,
) -> Result<T, WireError> {
    let parts = parts(envelope)?;
    if parts.kid != kid_of(public_key) {
        return Err(WireError::WrongKey);
    }
    let signed = bytes_to_sign(parts.protected, &external_aad(T::TYPE, deployment), parts.payload);
    if !signature_holds(public_key, &signed, parts.signature) {
        return Err(WireError::BadSignature);
    }
    read_payload(parts.payload)
}

/// The request of a device that is not known yet: signed by the key that it names itself. It proves possession of that
/// key and nothing more.
///
/// # Errors
/// As [`verify`].
pub fn verify_enrolment_request(envelope: &[u8], deployment: DeploymentId) -> Result<EnrolmentRequest, WireError> {
    let claimed: EnrolmentRequest = read_payload(parts(envelope)?.payload)?;
    verify(envelope, &claimed.public_key, deployment)
}

fn read_payload<T: SignedMessage>(payload: &[u8]) -> Result<T, WireError> {
    let message: T = codec::decode_versioned(payload)?;
    match message.lists_are_filled() {
        true => Ok(message),
        false => Err(WireError::Malformed("message with its lists filled")),
    }
}
