//! What each step of the plan does. Whatever comes from the server is given to the store as received, which verifies it
//! before anything moves.

use domain::id::{LogId, PhotoHash};
use store::{AccessTaken, StoreError};
use sync::WireError;
use sync::hash::Hash;
use sync::message::{AccessLog, Announcement, Blob, FORMAT, Item, ItemKind, ItemState, Waiting};
use sync::plan::{Facts, Progress, ReceiptOutcome, ServerFacts, Step};

use super::cycle::{Cycle, Reach, Trouble};
use super::{SyncPhase, Wish};
use crate::error::Code;
use crate::transport::{Download, PieceOutcome, TransportError};
use crate::version::APP_VERSION;

const ACCESS_AT_ONCE: usize = 500;
/// So often the access log is begun again in one exchange.
const MOST_ACCESS_ROUNDS: u32 = 3;

type Done = Result<(), Trouble>;

impl Cycle {
    pub async fn take(&mut self, step: Step, facts: &Facts) -> Done {
        self.progress.phase = phase_of(&step);
        self.show();
        match step {
            Step::NewChain { .. } => self.renew_chain().await,
            Step::Announce { items, waiting } => self.announce(items, waiting, facts).await,
            Step::PutPiece { kind, item, offset, len } => self.put_piece(kind, item, offset, len).await,
            Step::OfferEverything { log } => {
                self.summary.server_refilled = true;
                self.known.forget_batches();
                Ok(self.on_store(move |store| Ok(store.offer_everything(log)?)).await?)
            }
            Step::ReadFromZero { log } => {
                let now_ms = self.app.now_ms();
                Ok(self.on_store(move |store| Ok(store.read_from_zero(log, now_ms, APP_VERSION)?)).await?)
            }
            Step::FetchFeed { after } => self.fetch_feed(after).await,
            Step::FetchManifest { have } => self.fetch_manifest(have).await,
            Step::FetchPiece { hash, offset, .. } => self.fetch_piece(hash, offset, facts).await,
            Step::FetchPhoto { hash, offset, .. } => self.fetch_photo(hash, offset, facts).await,
            // The waits are this exchange's own; the plan is never given one.
            Step::WaitUntil { .. } | Step::Idle => Ok(()),
        }
    }

    /// What is left when the plan has nothing more: the access log, and letting go of photos that nobody needs.
    pub async fn finish(&mut self) -> Done {
        if self.reach == Reach::Everything {
            self.send_access_log().await?;
            let now_ms = self.app.now_ms();
            self.on_store(move |store| Ok(store.collect_photos(now_ms)?)).await?;
            self.on_store(|store| Ok(store.finish_erasure())).await?;
        }
        Ok(())
    }

    async fn renew_chain(&mut self) -> Done {
        let now_ms = self.app.now_ms();
        self.on_store(move |store| {
            store.new_chain(now_ms)?;
            Ok(store.seal_pending(now_ms, APP_VERSION)?)
        })
        .await?;
        self.summary.chain_renewed = true;
        self.known.forget_batches();
        Ok(())
    }

    async fn announce(&mut self, items: Vec<Item>, waiting: Waiting, facts: &Facts) -> Done {
        let session = &self.session;
        let proofs = self.on_store(|store| Ok(store.log_proofs()?)).await?;
        let announcement = Announcement {
            format: FORMAT,
            device: session.profile.device,
            unit: session.profile.unit.clone(),
            clock_ms: self.app.now_ms(),
            log: facts.log_known,
            items: items.clone(),
            waiting,
            app_version: APP_VERSION.to_owned(),
            certificates: self.introduce(&items, facts).await?,
            mark: proofs.mark.map(Blob),
            receipt: proofs.receipt.map(Blob),
        };
        let signed = sync::cose::sign(&announcement, session.store.signing_key(), session.profile.deployment);
        let answer = self.unless_stopped_line(session.line.announce(signed.0)).await?;
        let has_empty_list = answer.certificates.as_ref().is_some_and(Vec::is_empty);
        if answer.items.len() != items.len() || has_empty_list {
            return Err(TransportError::Unreadable.into());
        }
        for certificate in answer.certificates.unwrap_or_default() {
            self.on_store(move |store| Ok(store.take_server_certificate(&certificate.0)?)).await?;
        }
        // The log may be another one since the last page: then its edition is not known either.
        // A revoked device hears nothing of it; what it may not read the next step is told.
        let log = answer.log.or(facts.log_known).unwrap_or(LogId::from_bytes([0; 16]));
        let edition = self.known.server.filter(|known| known.log == log).and_then(|known| known.edition);
        self.known.server = Some(ServerFacts { log, head: answer.head.unwrap_or(0), edition });
        for (item, said) in items.iter().zip(answer.items) {
            match (said.state, said.receipt) {
                (ItemState::Receipted, Some(receipt)) => self.take_receipt(item.hash, receipt.0).await?,
                (ItemState::PhotoStored, _) => self.take_photo_stored(item.hash).await?,
                (ItemState::Wanted, _) => {
                    let held = said.offset.unwrap_or(0).min(item.bytes);
                    self.known.set(item.hash, Progress::Wanted { held });
                }
                (ItemState::NotNow | ItemState::Receipted, _) => {
                    self.known.set(item.hash, Progress::NotNow);
                    if item.kind == ItemKind::Photo {
                        self.summary.photos_not_wanted += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whom the server may not know: it was restored from a backup older than an enrolment. This device at first, and
    /// the authors of what is offered of others.
    async fn introduce(&self, items: &[Item], facts: &Facts) -> Result<Option<Vec<Blob>>, Trouble> {
        let items = items.to_vec();
        let own = self.session.profile.certificate.clone();
        let mut introduced = self.on_store(move |store| Ok(store.certificates_of(&items)?)).await?;
        introduced.retain(|certificate| *certificate != own);
        if facts.server.is_none() {
            introduced.push(own);
        }
        Ok((!introduced.is_empty()).then(|| introduced.into_iter().map(Blob).collect()))
    }

    async fn put_piece(&mut self, kind: ItemKind, item: Hash, offset: u64, len: u64) -> Done {
        let bytes = self
            .on_store(move |store| match kind {
                ItemKind::Photo => Ok(store.photo_piece(PhotoHash(item), offset, len)?),
                ItemKind::Batch => Ok(store.transfer_bytes(&item)?.map(|bytes| part_of(&bytes, offset, len))),
            })
            .await?;
        // It waits no longer: erased, or replaced, since it was announced.
        let Some(piece) = bytes else {
            self.known.set(item, Progress::Settled);
            return Ok(());
        };
        let sent = piece.len() as u64;
        let device = self.session.profile.device;
        let began = std::time::Instant::now();
        let outcome = self.unless_stopped_line(self.session.line.put_piece(device, &item, offset, piece)).await;
        let answer = match outcome {
            Ok(PieceOutcome::Taken(answer)) => answer,
            Ok(PieceOutcome::ContinueAt(held)) => {
                self.known.set(item, Progress::Wanted { held });
                return Ok(());
            }
            Err(trouble) => return self.after_lost_piece(kind, item, trouble),
        };
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.piece = self.piece.after_success(sent, elapsed_ms);
        self.progress.bytes_sent += sent;
        match (answer.receipt, answer.photo_stored) {
            (Some(receipt), _) => self.take_receipt(item, receipt.0).await,
            (None, Some(true)) => self.take_photo_stored(item).await,
            _ => {
                self.known.set(item, Progress::Wanted { held: answer.held });
                Ok(())
            }
        }
    }

    /// How much of a lost piece arrived only the server knows: it is asked by a new announcement.
    fn after_lost_piece(&mut self, kind: ItemKind, item: Hash, trouble: Trouble) -> Done {
        let Trouble::Line(error) = &trouble else { return Err(trouble) };
        match error.refusal() {
            Some("upload_not_announced" | "upload_hash_wrong") => {
                self.known.set(item, Progress::Unannounced);
                Ok(())
            }
            // One photo that the server will not have does not stop the others.
            Some("photo_not_named" | "photo_size_wrong" | "photo_too_large" | "photo_erased" | "uploads_too_many")
                if kind == ItemKind::Photo =>
            {
                self.known.set(item, Progress::NotNow);
                self.summary.photos_not_wanted += 1;
                Ok(())
            }
            _ => {
                self.known.progress.remove(&item);
                Err(trouble)
            }
        }
    }

    async fn take_receipt(&mut self, item: Hash, receipt: Vec<u8>) -> Done {
        let (outcome, server_ms) =
            self.on_store(move |store| Ok((store.take_receipt(&receipt)?, store.last_server_ms()?))).await?;
        self.session.certificate_time.learn(server_ms);
        self.known.set(item, Progress::Settled);
        match outcome {
            ReceiptOutcome::Stored { verdicts, .. } => {
                self.progress.batches_sent += 1;
                self.summary.batches_sent += 1;
                self.summary.changes_refused += u32::try_from(verdicts.len()).unwrap_or(u32::MAX);
            }
            ReceiptOutcome::Quarantined => self.summary.batches_quarantined += 1,
            // The facts say the rest: the chain is forked, or begins again at an earlier batch.
            ReceiptOutcome::Forked | ReceiptOutcome::OfferFrom { .. } => self.known.forget_batches(),
            // The log changed while it was on its way; the plan is about to see it.
            ReceiptOutcome::OfAnotherLog => {}
        }
        Ok(())
    }

    async fn take_photo_stored(&mut self, item: Hash) -> Done {
        self.on_store(move |store| Ok(store.take_photo_stored(PhotoHash(item))?)).await?;
        self.known.set(item, Progress::Settled);
        self.progress.photos_sent += 1;
        self.summary.photos_sent += 1;
        Ok(())
    }

    async fn fetch_feed(&mut self, after: u64) -> Done {
        let token = self.token().await?;
        let unit = self.session.profile.unit.clone();
        let page = self.unless_stopped_line(self.session.line.feed_page(&token, &unit, after)).await?;
        self.progress.bytes_received += page.len() as u64;
        let now_ms = self.app.now_ms();
        let taken = self
            .on_store(move |store| match store.take_feed_page(&page, now_ms) {
                Ok(taken) => Ok(Ok((taken, store.last_server_ms()?))),
                Err(StoreError::Wire(WireError::LogChanged { found })) => Ok(Err(Some(found))),
                Err(StoreError::Wire(WireError::LogContradicted)) => Ok(Err(None)),
                Err(error) => Err(error.into()),
            })
            .await?;
        match taken {
            Ok((taken, server_ms)) => {
                self.session.certificate_time.learn(server_ms);
                let log = self.known.server.map(|server| server.log);
                if let Some(log) = log {
                    self.known.server = Some(ServerFacts { log, head: taken.head, edition: Some(taken.edition) });
                }
                self.summary.log_entries_read += u32::try_from(taken.cursor - after).unwrap_or(u32::MAX);
                if taken.cursor > after {
                    self.known.note_gain();
                }
                self.summary.erased += taken.erased;
                if taken.chain_renewed {
                    self.summary.chain_renewed = true;
                    self.known.forget_batches();
                    let now_ms = self.app.now_ms();
                    self.on_store(move |store| Ok(store.seal_pending(now_ms, APP_VERSION)?)).await?;
                }
            }
            // Restored since it was announced to: the plan begins again with the log it has now.
            Err(Some(log)) => self.known.server = Some(ServerFacts { log, head: 0, edition: None }),
            // The same, and it does not know it: it is announced to again, with what proves it.
            Err(None) if self.known.may_announce_again() => self.known.server = None,
            Err(None) => return Err(WireError::LogContradicted.into()),
        }
        Ok(())
    }

    async fn fetch_manifest(&mut self, have: u32) -> Done {
        let token = self.token().await?;
        let unit = self.session.profile.unit.clone();
        let manifest = self.unless_stopped_line(self.session.line.manifest(&token, &unit, have)).await?;
        // The log said that another edition is in force, the register says that this one is: the log is asked again.
        let Some(manifest) = manifest else { return self.ask_edition_again() };
        self.progress.bytes_received += manifest.len() as u64;
        self.on_store(move |store| Ok(store.begin_edition(&manifest)?)).await?;
        Ok(())
    }

    fn ask_edition_again(&mut self) -> Done {
        if let Some(server) = self.known.server {
            self.known.server = Some(ServerFacts { edition: None, ..server });
        }
        Ok(())
    }

    async fn fetch_piece(&mut self, hash: Hash, offset: u64, facts: &Facts) -> Done {
        let bytes = facts.edition_download.iter().flat_map(|edition| &edition.pieces);
        let bytes = bytes.filter(|piece| piece.hash == hash).map(|piece| piece.bytes).max().unwrap_or(offset);
        let token = self.token().await?;
        let unit = self.session.profile.unit.clone();
        let line = self.session.line.clone();
        let download = async { Ok(line.edition_piece(&token, &unit, &hash, offset, bytes - offset).await) };
        let Download { bytes, cut } = self.unless_stopped_line(download).await?;
        self.progress.bytes_received += bytes.len() as u64;
        if !bytes.is_empty() {
            self.on_store(move |store| Ok(store.take_edition_piece(&hash, offset, &bytes)?)).await?;
            self.known.note_gain();
        }
        match cut {
            // It was cut anew meanwhile: what the new manifest has in common with the old one stays.
            Some(error) if error.refusal() == Some("piece_unknown") => self.fetch_manifest(facts.edition_held).await,
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    async fn fetch_photo(&mut self, hash: Hash, offset: u64, facts: &Facts) -> Done {
        let bytes = facts.photos_wanted.iter().find(|photo| photo.hash == hash).map_or(offset, |photo| photo.bytes);
        let token = self.token().await?;
        let unit = self.session.profile.unit.clone();
        let line = self.session.line.clone();
        let photo = PhotoHash(hash);
        let download = async { Ok(line.photo(&token, &unit, &photo, offset, bytes - offset).await) };
        let Download { bytes: part, cut } = self.unless_stopped_line(download).await?;
        self.progress.bytes_received += part.len() as u64;
        if !part.is_empty() {
            let now_ms = self.app.now_ms();
            let taken = self
                .on_store(move |store| match store.take_photo_piece(photo, offset, &part, now_ms) {
                    Ok(held) => Ok(Some(held)),
                    Err(StoreError::PhotoWrong) => Ok(None),
                    Err(error) => Err(error.into()),
                })
                .await?;
            if taken.is_some() {
                self.known.note_gain();
            }
            match taken {
                Some(held) if held == bytes => self.summary.photos_fetched += 1,
                Some(_) => {}
                None => self.known.not_to_be_had.push(hash),
            }
        }
        match cut {
            // Its owner has not sent it yet, or it was erased: the rest goes on without it.
            Some(TransportError::Refused { status: 404 | 410, .. }) => {
                self.known.not_to_be_had.push(hash);
                Ok(())
            }
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    /// Takes in the edition of which every piece is here.
    pub async fn take_edition(&mut self) -> crate::error::Result<()> {
        self.progress.phase = SyncPhase::TakingRegister;
        self.show();
        let now_ms = self.app.now_ms();
        let control = self.app.sync_control().clone();
        let mut shown = self.progress.clone();
        let edition = self
            .on_store(move |store| {
                let mut tell = |done: u64, all: u64| {
                    (shown.records_taken, shown.records_total) = (done, all);
                    control.progress.send_replace(shown.clone());
                    *control.wish.borrow() != Wish::Stop
                };
                match store.finish_edition(now_ms, &mut tell) {
                    Err(StoreError::Stopped) => Err(Code::SyncStopped.into()),
                    edition => Ok(edition?),
                }
            })
            .await?;
        self.summary.edition = Some(edition.edition);
        Ok(())
    }

    async fn send_access_log(&mut self) -> Done {
        for _ in 0..MOST_ACCESS_ROUNDS {
            let logs = self.on_store(|store| Ok(store.access_logs_waiting(ACCESS_AT_ONCE)?)).await?;
            let mut all_stored = true;
            for log in logs {
                all_stored = self.send_access_lines(log).await?;
                if !all_stored {
                    break;
                }
            }
            if all_stored {
                break;
            }
        }
        Ok(())
    }

    /// `false` where it has to be sent again: under a new chain, or from where a server that was set back stands.
    async fn send_access_lines(&mut self, log: AccessLog) -> Result<bool, Trouble> {
        self.progress.phase = SyncPhase::SendingAccessLog;
        self.show();
        let signed = sync::cose::sign(&log, self.session.store.signing_key(), self.session.profile.deployment);
        self.progress.bytes_sent += signed.0.len() as u64;
        let answer = self.unless_stopped_line(self.session.line.send_access_log(signed.0)).await?;
        let (chain, last, now_ms) = (log.chain, log.entries.last().map_or(0, |line| line.sequence), self.app.now_ms());
        let taken = self
            .on_store(move |store| Ok(store.take_access_stored(chain, answer.stored_through, &answer.hash, now_ms)?))
            .await?;
        match taken {
            AccessTaken::Stored { lines } => {
                self.summary.access_entries_sent += u32::try_from(lines).unwrap_or(u32::MAX);
                Ok(answer.stored_through >= last)
            }
            AccessTaken::ChainRenewed => Ok(false),
        }
    }

    async fn token(&self) -> Result<String, Trouble> {
        let now_ms = self.app.now_ms();
        self.unless_stopped_line(self.session.token(now_ms)).await
    }

    async fn unless_stopped_line<T>(
        &self,
        work: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, Trouble> {
        self.unless_stopped(async { work.await.map_err(Trouble::from) }).await
    }
}

fn part_of(bytes: &[u8], offset: u64, len: u64) -> Vec<u8> {
    let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
    bytes[at(offset)..at(offset.saturating_add(len))].to_vec()
}

fn phase_of(step: &Step) -> SyncPhase {
    match step {
        Step::WaitUntil { .. } => SyncPhase::Waiting,
        Step::NewChain { .. } => SyncPhase::SendingChanges,
        Step::Announce { items, .. } => match items.first().map(|item| item.kind) {
            None => SyncPhase::Connecting,
            Some(ItemKind::Batch) => SyncPhase::SendingChanges,
            Some(ItemKind::Photo) => SyncPhase::SendingPhotos,
        },
        Step::PutPiece { kind: ItemKind::Batch, .. } => SyncPhase::SendingChanges,
        Step::PutPiece { kind: ItemKind::Photo, .. } => SyncPhase::SendingPhotos,
        Step::OfferEverything { .. } => SyncPhase::RefillingServer,
        Step::ReadFromZero { .. } | Step::FetchFeed { .. } => SyncPhase::ReadingLog,
        Step::FetchManifest { .. } | Step::FetchPiece { .. } => SyncPhase::FetchingRegister,
        Step::FetchPhoto { .. } => SyncPhase::FetchingPhotos,
        Step::Idle => SyncPhase::Idle,
    }
}
