//! Pages of a unit's log: filled and signed at the server, checked entry by entry on every laptop, so that neither the
//! server nor a colleague can put words into an author's mouth.

use std::collections::HashMap;

use domain::id::{DeploymentId, LogId};
use domain::unit::Unit;

use crate::batch::OpenedBatch;
use crate::error::WireError;
use crate::keys::{Kid, PublicKey, SigningKey, kid_of};
use crate::message::{Blob, Certificate, FORMAT, FeedEntry, FeedPage, SealedBatch, VerdictEntry};
use crate::{batch, codec, cose, receipt};

/// A page is filled up to here, unless its only entry is larger.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Room in a page for what stands around entries and certificates.
const PAGE_ROOM_BYTES: usize = 512;
/// A page larger than this is refused unread: a full page cannot be.
const MAX_PAGE_BYTES: usize = PAGE_BYTES + batch::MAX_BATCH_BYTES;

/// A page being filled.
#[derive(Clone, Debug)]
pub struct PageBuilder {
    page: FeedPage,
    bytes: usize,
}

impl PageBuilder {
    /// An empty page of what stands above `after` in a log whose head is `head`.
    pub fn new(log: LogId, unit: Unit, after: u64, head: u64, edition: u32, made_ms: u64) -> Self {
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

    /// The signed page.
    pub fn seal(self, server_key: &SigningKey, deployment: DeploymentId) -> cose::Envelope {
        cose::sign(&self.page, server_key, deployment)
    }
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
}

/// One batch of the log, signed by its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedEntry {
    pub index: u64,
    pub opened: OpenedBatch,
    pub verdicts: Vec<VerdictEntry>,
    /// When the server took it in, by its clock.
    pub received_ms: u64,
    /// As its author sealed it, but for bodies that were erased since: kept to refill a restored server.
    pub sealed: SealedBatch,
}

/// Opens a page. Checked in this order: size, the server's signature, format, the log's id, unit, cursor and head,
/// every certificate, then each entry: its index, its author's signature, its hashes and bodies, its unit, its verdicts.
///
/// # Errors
/// `LogChanged` where the server's log has another id (a restored server: see [`crate::plan`]); any other fault refuses
/// the page whole, and the cursor stays.
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
    let last = page.after.checked_add(page.entries.len() as u64).ok_or(WireError::FeedShape("cursor"))?;
    if page.head < last || (page.entries.is_empty() && page.head > page.after) {
        return Err(WireError::FeedShape("head and entries"));
    }
    let certificates = verify_certificates(&page.certificates, request)?;
    let by_kid: HashMap<Kid, &Certificate> = certificates.iter().map(|(c, _)| (kid_of(&c.public_key), c)).collect();
    let entries = (page.after + 1..)
        .zip(page.entries)
        .map(|(wanted, entry)| verify_entry(wanted, entry, &page.unit, &by_kid, request.deployment))
        .collect::<Result<_, _>>()?;
    Ok(VerifiedPage {
        log: page.log,
        unit: page.unit,
        after: page.after,
        head: page.head,
        edition: page.edition,
        made_ms: page.made_ms,
        entries,
        certificates,
    })
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
    Ok(VerifiedEntry { index: entry.index, opened, verdicts: entry.verdicts, received_ms: entry.received_ms, sealed })
}
