//! From received bytes to a batch that its author signed and that does not contradict itself.

use domain::change::{ChangeHeader, PhotoRef};
use domain::id::DeploymentId;

use super::{MAX_BATCH_BYTES, MAX_BATCH_CHANGES};
use crate::error::WireError;
use crate::keys::Kid;
use crate::message::{Batch, Certificate, SealedBatch};
use crate::{codec, cose, hash};

/// A batch whose signature, shape and hashes hold. What its author may do is judged by [`super::verdicts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedBatch {
    pub batch: Batch,
    pub headers: Vec<ChangeHeader>,
    /// The exact bytes of each header.
    pub header_bytes: Vec<Vec<u8>>,
    /// Beside each header its salted body; empty where it was erased.
    pub salted_bodies: Vec<Vec<u8>>,
    /// The author's.
    pub certificate: Certificate,
}

/// Opens a sealed batch. Checked in this order, the first fault is the answer:
/// size, canonical bytes, envelope, a certificate for its key, the signature, format, payload; that the certificate is
/// this device's; counts and the chain's start; each header and its place; `hash_after`; each body's hash; the media
/// types of photos.
///
/// An empty body passes here: whether the log holds an erasure for it is a matter of verdicts. The certificate that
/// `certificate_of` gives has been verified by the caller; its unit and role are matters of verdicts, its dates of
/// nothing (no batch is refused for its time), and revocation is the server's own knowledge.
///
/// # Errors
/// A [`WireError`] refuses the whole batch.
pub fn open(
    bytes: &[u8],
    certificate_of: impl FnOnce(&Kid) -> Option<Certificate>,
    deployment: DeploymentId,
) -> Result<OpenedBatch, WireError> {
    if bytes.len() > MAX_BATCH_BYTES {
        return Err(WireError::TooLarge { limit_bytes: MAX_BATCH_BYTES as u64 });
    }
    let opened = open_sealed(codec::decode(bytes)?, certificate_of, deployment)?;
    opened.headers.iter().try_for_each(check_media_types)?;
    Ok(opened)
}

/// As [`open`] for a batch that was already decoded, as an entry of a feed page: the server has let it pass, and media
/// types that only a later version knows stand in it as they are.
pub(crate) fn open_sealed(
    sealed: SealedBatch,
    certificate_of: impl FnOnce(&Kid) -> Option<Certificate>,
    deployment: DeploymentId,
) -> Result<OpenedBatch, WireError> {
    let kid = cose::kid_of_envelope(sealed.envelope.as_bytes())?;
    let certificate = certificate_of(&kid).ok_or(WireError::UnknownKey { kid })?;
    let batch: Batch = cose::verify(sealed.envelope.as_bytes(), &certificate.public_key, deployment)?;
    if batch.device != certificate.device || batch.key_epoch != certificate.key_epoch {
        return Err(WireError::WrongDevice);
    }
    check_shape(&batch, sealed.bodies.len())?;
    let headers = read_headers(&batch)?;
    if hash::chain_after(&batch.hash_before, batch.headers.iter().map(|blob| blob.0.as_slice())) != batch.hash_after {
        return Err(WireError::ChainHash);
    }
    let salted_bodies: Vec<Vec<u8>> = sealed.bodies.into_iter().map(|blob| blob.0).collect();
    for (header, salted_body) in headers.iter().zip(&salted_bodies) {
        if !salted_body.is_empty() && hash::body_hash(salted_body) != header.body_hash {
            return Err(WireError::BodyHash { sequence: header.sequence });
        }
    }
    let header_bytes = batch.headers.iter().map(|blob| blob.0.clone()).collect();
    Ok(OpenedBatch { batch, headers, header_bytes, salted_bodies, certificate })
}

/// Counts, sequences and the chain's start, as far as the payload alone tells.
pub(super) fn check_shape(batch: &Batch, bodies: usize) -> Result<(), WireError> {
    let shape = |what| Err(WireError::BatchShape(what));
    let count = batch.headers.len();
    if count == 0 || count > MAX_BATCH_CHANGES {
        return shape("the number of changes");
    }
    if bodies != count {
        return shape("as many bodies as headers");
    }
    if batch.first_sequence == 0 || batch.last_sequence.checked_sub(batch.first_sequence) != Some(count as u64 - 1) {
        return shape("first and last sequence");
    }
    if batch.first_sequence == 1 {
        let before = match &batch.replaces {
            Some(replaced) if replaced.chain == batch.chain => return shape("a chain replaces itself"),
            Some(replaced) => replaced.head,
            None => hash::chain_start(batch.chain),
        };
        if batch.hash_before != before {
            return shape("the chain's start");
        }
    } else if batch.replaces.is_some() {
        return shape("only a chain's first batch replaces another chain");
    }
    Ok(())
}

/// The media types a header may name.
pub const PHOTO_MEDIA_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Every word of a header stays for ever: what is new takes closed lists only.
pub(super) fn check_media_types(header: &ChangeHeader) -> Result<(), WireError> {
    let is_photo = |photo: &PhotoRef| PHOTO_MEDIA_TYPES.contains(&photo.media_type.as_str());
    match header.photos.iter().flatten().all(is_photo) {
        true => Ok(()),
        false => Err(WireError::BatchShape("a photo of another media type")),
    }
}

fn read_headers(batch: &Batch) -> Result<Vec<ChangeHeader>, WireError> {
    batch
        .headers
        .iter()
        .zip(batch.first_sequence..)
        .map(|(blob, sequence)| {
            let header: ChangeHeader = codec::decode(&blob.0)?;
            if header.sequence != sequence {
                return Err(WireError::BatchShape("sequences are not dense"));
            }
            if header.photos.as_ref().is_some_and(Vec::is_empty) {
                return Err(WireError::BatchShape("an empty list of photos"));
            }
            Ok(header)
        })
        .collect()
}
