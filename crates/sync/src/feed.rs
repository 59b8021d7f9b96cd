//! Pages of a unit's log: filled and signed at the server, checked entry by entry on every laptop, so that neither the
//! server nor a colleague can put words into an author's mouth.

use std::collections::HashMap;

use domain::id::{DeploymentId, LogId};
use domain::unit::Unit;

use crate::batch::OpenedBatch;
use crate::error::WireError;
use crate::keys::{Kid, PublicKey, SigningKey, kid_of};
use crate::message::{Batch, Blob, Certificate, FORMAT, FeedEntry, FeedPage, Hash, LogMark, SealedBatch, VerdictEntry};
use crate::{batch, codec, cose, hash, receipt};

/// A page is filled up to here, unless its only entry is larger.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Room in a page for what stands around entries and certificates.
const PAGE_ROOM_BYTES: usize = 1024;
/// A page larger than this is refused unread: a full page cannot be.
const MAX_PAGE_BYTES: usize = PAGE_BYTES + batch::MAX_BATCH_BYTES;

/// A page being filled.
#[derive(Clone, Debug)]
pub struct PageBuilder {
    page: FeedPage,
    bytes: usize,
}

impl PageBuilder {
    /// An empty page of what stands above `after` in a log whose head is `head` and whose hash through `after` is `hash`.
    pub fn new(log: LogId, unit: Unit, after: u64, hash: Hash, head: u64, edition: u32, made_ms: u64) -> Self {
        let page = FeedPage {
            format: FORMAT,
            log,
            unit,
            after,
            head,
            entries: Vec::new(),
            certificates: Vec::new(),
            made_ms,
            edition,
            hash,
            mark: Blob(Vec::new()),
        };
        Self { page, bytes: PAGE_ROOM_BYTES }
    }

    /// Adds the next entry and its author's certificate (once per page). `false` where the page is full: the entry was
    /// not added, seal the page.
    pub fn push(&mut self, entry: FeedEntry, certificate: &[u8]) -> bool {
        let new_certificate = !self.page.certificates.iter().any(|known| known.0 == certificate);
        let certificate_bytes = if new_certificate { certificate.len() + 5 } else { 0 };
        let bytes = self.bytes + codec::encode(&entry).len() + certificate_bytes;
        if bytes > PAGE_BYTES && !self.page.entries.is_empty() {
            return false;
        }
        self.bytes = bytes;
        self.page.entries.push(entry);
        if new_certificate {
            self.page.certificates.push(Blob(certificate.to_vec()));
        }
        true
    }

    /// The signed page, with the mark of where it ends. An entry that is no batch counts as one of an empty hash: its
    /// readers refuse the page anyway.
    pub fn seal(self, server_key: &SigningKey, deployment: DeploymentId) -> cose::Envelope {
        let hash_after = |entry: &FeedEntry| {
            let payload = cose::payload_unverified(entry.envelope.as_bytes()).ok();
            payload.and_then(|payload| codec::decode::<Batch>(payload).ok()).map_or(hash::LOG_START, |b| b.hash_after)
        };
        let through =
            self.page.entries.iter().fold(self.page.hash, |before, e| hash::log_after(&before, &hash_after(e)));
        sign_page(self.page, through, server_key, deployment)
    }
}

/// Signs a page, with the mark of where it ends; `through` is the hash of the log there.
pub fn sign_page(
    mut page: FeedPage,
    through: Hash,
    server_key: &SigningKey,
    deployment: DeploymentId,
) -> cose::Envelope {
    let mark = LogMark {
        format: FORMAT,
        unit: page.unit.clone(),
        log: page.log,
        index: page.entries.last().map_or(page.after.min(page.head), |entry| entry.index),
        hash: through,
        made_ms: page.made_ms,
    };
    page.mark = Blob(cose::sign(&mark, server_key, deployment).0);
    cose::sign(&page, server_key, deployment)
}

/// What the page must answer, and the keys it must be signed with.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub deployment: DeploymentId,
    pub unit: Unit,
    /// The cursor that was asked for.
    pub after: u64,
    /// The log read so far; `None` for a device that has read nothing.
    pub log: Option<LogId>,
    /// Hash of what was read through the cursor; `None` where it is not known there (below the end of what was read).
    pub hash: Option<Hash>,
    /// The server's signing key, of its certificate.
    pub server_key: PublicKey,
    /// The key that certificates are signed with.
    pub enrolment_key: PublicKey,
}

/// A page of which everything holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPage {
    pub log: LogId,
    pub unit: Unit,
    pub after: u64,
    /// Head of the log when the page was made.
    pub head: u64,
    /// Edition in force, 0 for none.
    pub edition: u32,
    pub made_ms: u64,
    /// Hash of the log through `after`.
    pub hash: Hash,
    /// The signed log mark of where the page ends.
    pub mark: Vec<u8>,
    /// Dense above `after`.
    pub entries: Vec<VerifiedEntry>,
    /// The authors' certificates, verified, each with its exact bytes.
    pub certificates: Vec<(Certificate, Vec<u8>)>,
}

impl VerifiedPage {
    /// The cursor after this page.
    pub fn next_cursor(&self) -> u64 {
        self.entries.last().map_or(self.after, |entry| entry.index)
    }

    /// Hash of the log through [`Self::next_cursor`].
    pub fn next_hash(&self) -> Hash {
        self.entries.last().map_or(self.hash, |entry| entry.log_hash)
    }
}

/// One batch of the log, signed by its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedEntry {
    pub index: u64,
    pub opened: OpenedBatch,
    pub verdicts: Vec<VerdictEntry>,
    /// When the server took it in, by its clock.
    pub received_ms: u64,
    /// Hash of the log through this entry.
    pub log_hash: Hash,
    /// As its author sealed it, but for bodies that were erased since: kept to refill a restored server.
    pub sealed: SealedBatch,
}

/// Opens a page. Checked in this order: size, the server's signature, format, the log's id, unit, cursor, head and the
/// hash of what lies below, every certificate, then each entry: its index, its author's signature, its hashes and bodies,
/// its unit, its verdicts; at last the mark of where the page ends.
///
/// # Errors
/// `LogChanged` where the server's log has another id (a restored server: see [`crate::plan`]); `LogContradicted` where
/// it has the same id and is shorter or another one below the cursor; any other fault refuses the page whole, and the
/// cursor stays.
pub fn verify_page(envelope: &[u8], request: &PageRequest) -> Result<VerifiedPage, WireError> {
    if envelope.len() > MAX_PAGE_BYTES {
        return Err(WireError::TooLarge { limit_bytes: MAX_PAGE_BYTES as u64 });
    }
    let page: FeedPage = cose::verify(envelope, &request.server_key, request.deployment)?;
    if request.log.is_some_and(|known| known != page.log) {
        return Err(WireError::LogChanged { found: page.log });
    }
    if page.unit != request.unit {
        return Err(WireError::WrongUnit);
    }
    if page.after != request.after {
        return Err(WireError::FeedShape("another cursor than asked for"));
    }
    if page.head < page.after || request.hash.is_some_and(|known| known != page.hash) {
        return Err(WireError::LogContradicted);
    }
    let last = page.after.checked_add(page.entries.len() as u64).ok_or(WireError::FeedShape("cursor"))?;
    if page.head < last || (page.entries.is_empty() && page.head > page.after) {
        return Err(WireError::FeedShape("head and entries"));
    }
    let certificates = verify_certificates(&page.certificates, request)?;
    let by_kid: HashMap<Kid, &Certificate> = certificates.iter().map(|(c, _)| (kid_of(&c.public_key), c)).collect();
    let mut through = page.hash;
    let entries: Vec<VerifiedEntry> = (page.after + 1..)
        .zip(page.entries)
        .map(|(wanted, entry)| {
            let mut entry = verify_entry(wanted, entry, &page.unit, &by_kid, request.deployment)?;
            through = hash::log_after(&through, &entry.opened.batch.hash_after);
            entry.log_hash = through;
            Ok(entry)
        })
        .collect::<Result<_, WireError>>()?;
    let mark = verify_mark(&page.mark.0, &request.server_key, request.deployment)?;
    if (&mark.unit, mark.log, mark.index, mark.hash) != (&page.unit, page.log, last, through) {
        return Err(WireError::FeedShape("mark"));
    }
    Ok(VerifiedPage {
        log: page.log,
        unit: page.unit,
        after: page.after,
        head: page.head,
        edition: page.edition,
        made_ms: page.made_ms,
        hash: page.hash,
        mark: page.mark.0,
        entries,
        certificates,
    })
}

/// A log mark that the server signed.
///
/// # Errors
/// As [`cose::verify`].
pub fn verify_mark(envelope: &[u8], server_key: &PublicKey, deployment: DeploymentId) -> Result<LogMark, WireError> {
    cose::verify(envelope, server_key, deployment)
}

fn verify_certificates(blobs: &[Blob], request: &PageRequest) -> Result<Vec<(Certificate, Vec<u8>)>, WireError> {
    blobs
        .iter()
        .map(|blob| Ok((cose::verify(&blob.0, &request.enrolment_key, request.deployment)?, blob.0.clone())))
        .collect()
}

fn verify_entry(
    wanted: u64,
    entry: FeedEntry,
    unit: &Unit,
    certificates: &HashMap<Kid, &Certificate>,
    deployment: DeploymentId,
) -> Result<VerifiedEntry, WireError> {
    if entry.index != wanted {
        return Err(WireError::FeedOrder { wanted, found: entry.index });
    }
    let sealed = SealedBatch { envelope: entry.envelope, bodies: entry.bodies };
    let opened = batch::open_sealed(sealed.clone(), |kid| certificates.get(kid).map(|c| (*c).clone()), deployment)?;
    if opened.batch.unit != *unit {
        return Err(WireError::WrongUnit);
    }
    if !receipt::verdicts_fit(&entry.verdicts, opened.batch.first_sequence, opened.batch.last_sequence) {
        return Err(WireError::FeedShape("verdicts"));
    }
    Ok(VerifiedEntry {
        index: entry.index,
        opened,
        verdicts: entry.verdicts,
        received_ms: entry.received_ms,
        log_hash: hash::LOG_START,
        sealed,
    })
}
