//! A laptop as the wire sees it: keys, a chain, and the messages it signs.

use domain::change::{Body, EntityKind, EntityRef, NoteWritten, PhotoRef};
use domain::id::{ChainId, ChangeId, DeploymentId, DeviceId, HouseholdId, LogId, OfficerId, PhotoHash};
use domain::unit::Unit;
use reqwest::Method;
use sync::batch::{Draft, SealRequest, SealedChange, build_change, seal, to_transfer};
use sync::keys::{SigningKey, StickSecret};
use sync::message::{
    Announcement, AnnouncementAnswer, Batch, Blob, Certificate, Challenge, EnrolmentAnswer, EnrolmentRequest, FORMAT,
    Hash, Item, ItemKind, Made, PieceAnswer, Receipt, ReceiptSeen, ReplacedChain, SealedBatch, SignedMessage, Token,
    TokenRequest, Waiting,
};
use uuid::Uuid;

use crate::server::{Answer, NOW_MS, TestServer};

pub struct TestDevice {
    pub device: DeviceId,
    pub key: SigningKey,
    pub stick: StickSecret,
    pub unit: Unit,
    pub officer: OfficerId,
    pub deployment: DeploymentId,
    pub server_key: [u8; 32],
    pub certificate: Vec<u8>,
    pub chain: ChainId,
    pub next: u64,
    pub head: Hash,
    pub log: Option<LogId>,
    pub receipt_seen: Option<ReceiptSeen>,
    pub clock_ms: u64,
}

/// A sealed batch and how it is announced.
#[derive(Clone)]
pub struct Sealed {
    pub sealed: SealedBatch,
    pub batch: Batch,
    pub transfer: Vec<u8>,
}

impl Sealed {
    fn new(sealed: SealedBatch, batch: Batch) -> Self {
        let transfer = to_transfer(&sealed);
        Self { sealed, batch, transfer }
    }

    pub fn bytes(&self) -> Vec<u8> {
        sync::codec::encode(&self.sealed)
    }

    /// The same batch with one body emptied.
    pub fn without_body(&self, at: usize) -> Self {
        let mut sealed = self.sealed.clone();
        sealed.bodies[at] = Blob(Vec::new());
        Self::new(sealed, self.batch.clone())
    }

    pub fn item(&self) -> Item {
        Item {
            kind: ItemKind::Batch,
            hash: sync::hash::sha256(&self.transfer),
            bytes: self.transfer.len() as u64,
            chain: Some(self.batch.chain),
            first_sequence: Some(self.batch.first_sequence),
            last_sequence: Some(self.batch.last_sequence),
            hash_after: Some(self.batch.hash_after),
        }
    }
}

pub fn photo_item(photo: &[u8]) -> Item {
    Item {
        kind: ItemKind::Photo,
        hash: sync::hash::sha256(photo),
        bytes: photo.len() as u64,
        chain: None,
        first_sequence: None,
        last_sequence: None,
        hash_after: None,
    }
}

pub fn note(household: HouseholdId, text: &str) -> (EntityRef, Body) {
    (EntityRef::new(EntityKind::Household, household), Body::NoteWritten(NoteWritten { text: text.into() }))
}

pub fn household() -> HouseholdId {
    HouseholdId(Uuid::now_v7())
}

impl TestDevice {
    pub fn new(unit: &Unit) -> Self {
        let chain = ChainId(Uuid::now_v7());
        Self {
            device: DeviceId(Uuid::now_v7()),
            key: SigningKey::generate(),
            stick: StickSecret::generate(),
            unit: unit.clone(),
            officer: OfficerId(Uuid::nil()),
            deployment: DeploymentId(Uuid::nil()),
            server_key: [0; 32],
            certificate: Vec::new(),
            chain,
            next: 1,
            head: sync::hash::chain_start(chain),
            log: None,
            receipt_seen: None,
            clock_ms: NOW_MS,
        }
    }

    /// The same laptop's files on another disk.
    pub fn copied(&self) -> Self {
        Self {
            device: self.device,
            key: SigningKey::from_seed(self.key.seed()),
            stick: StickSecret::from_bytes(&self.stick.to_bytes()),
            unit: self.unit.clone(),
            certificate: self.certificate.clone(),
            receipt_seen: self.receipt_seen.clone(),
            ..*self
        }
    }

    pub fn sign<T: SignedMessage>(&self, message: &T) -> Vec<u8> {
        sync::cose::sign(message, &self.key, self.deployment).0
    }

    pub fn enrolment_request(&self, code: &str) -> EnrolmentRequest {
        let (code_id, code_secret) = code.split_once('-').unwrap();
        EnrolmentRequest {
            format: FORMAT,
            code_id: code_id.into(),
            code_secret: code_secret.into(),
            device: self.device,
            public_key: self.key.public_key(),
            stick_key: self.stick.public_key(),
            app_version: "0.1.0".into(),
            clock_ms: self.clock_ms,
        }
    }

    pub async fn enrol(&mut self, server: &TestServer, code: &str) -> Answer {
        self.deployment = server.deployment.keys.deployment;
        let answer = server.post("/v1/enrol", self.sign(&self.enrolment_request(code))).await;
        if answer.status.is_success() {
            let enrolment_key = server.deployment.keys.enrolment.public_key();
            let enrolled: EnrolmentAnswer = sync::cose::verify(&answer.body, &enrolment_key, self.deployment).unwrap();
            let of_server: Certificate =
                sync::cose::verify(&enrolled.server_certificate.0, &enrolment_key, self.deployment).unwrap();
            self.officer = enrolled.officer;
            self.certificate = enrolled.certificate.0;
            self.server_key = of_server.public_key;
            self.log = Some(enrolled.log);
        }
        answer
    }

    pub async fn token(&self, server: &TestServer) -> String {
        let answer = self.ask_token(server).await;
        assert_eq!(answer.short(), "200");
        sync::codec::decode::<Token>(&answer.body).unwrap().token
    }

    pub async fn ask_token(&self, server: &TestServer) -> Answer {
        let challenge: Challenge = sync::codec::decode(&server.post("/v1/challenge", Vec::new()).await.body).unwrap();
        server.post("/v1/token", self.sign(&self.token_request(challenge.nonce))).await
    }

    pub fn token_request(&self, nonce: [u8; 32]) -> TokenRequest {
        TokenRequest {
            format: FORMAT,
            device: self.device,
            nonce,
            clock_ms: self.clock_ms,
            app_version: "0.1.0".into(),
            certificate: Some(Blob(self.certificate.clone())),
        }
    }

    /// Seals changes as the next batch of the chain and moves the chain on.
    pub fn seal(&mut self, changes: &[(EntityRef, Body)]) -> Sealed {
        self.seal_with(changes, None, None)
    }

    pub fn seal_photo(&mut self, change: (EntityRef, Body), photo: &[u8]) -> Sealed {
        let photo = PhotoRef {
            hash: PhotoHash(sync::hash::sha256(photo)),
            bytes: photo.len() as u64,
            media_type: "image/jpeg".into(),
        };
        self.seal_with(&[change], Some(vec![photo]), None)
    }

    pub fn seal_with(
        &mut self,
        changes: &[(EntityRef, Body)],
        photos: Option<Vec<PhotoRef>>,
        replaces: Option<ReplacedChain>,
    ) -> Sealed {
        let ids = changes.iter().map(|_| ChangeId(Uuid::now_v7()));
        let changes: Vec<SealedChange> = changes
            .iter()
            .zip(ids)
            .zip(self.next..)
            .map(|(((entity, body), id), sequence)| {
                let draft = Draft {
                    id,
                    entity: *entity,
                    edition: 0,
                    seen: 0,
                    author: self.officer,
                    wall_clock_ms: self.clock_ms,
                    photos: photos.clone(),
                    clock_set_back_ms: None,
                    on_behalf_of: None,
                    body: body.clone(),
                };
                build_change(draft, sequence, [7; 16]).unwrap()
            })
            .collect();
        self.seal_changes(&changes, replaces)
    }

    pub fn seal_changes(&mut self, changes: &[SealedChange], replaces: Option<ReplacedChain>) -> Sealed {
        let request = SealRequest {
            device: self.device,
            chain: self.chain,
            key_epoch: 1,
            unit: self.unit.clone(),
            hash_before: self.head,
            receipt_seen: self.receipt_seen.clone(),
            made: Made { created_ms: self.clock_ms, app_version: "0.1.0".into(), schema_version: 1 },
            replaces,
            log: self.log,
            changes,
        };
        let (sealed, batch) = seal(request, &self.key, self.deployment).unwrap();
        self.next = batch.last_sequence + 1;
        self.head = batch.hash_after;
        Sealed::new(sealed, batch)
    }

    pub fn announcement(&self, items: Vec<Item>) -> Announcement {
        Announcement {
            format: FORMAT,
            device: self.device,
            unit: self.unit.clone(),
            clock_ms: self.clock_ms,
            log: self.log,
            items,
            waiting: Waiting::default(),
            app_version: "0.1.0".into(),
            certificates: Some(vec![Blob(self.certificate.clone())]),
            mark: None,
            receipt: None,
        }
    }

    /// As `announce`, with what the server has signed.
    pub async fn prove(&self, server: &TestServer, mark: Option<&[u8]>, receipt: Option<&[u8]>) -> AnnouncementAnswer {
        let blob = |bytes: &[u8]| Blob(bytes.to_vec());
        let announcement =
            Announcement { mark: mark.map(blob), receipt: receipt.map(blob), ..self.announcement(Vec::new()) };
        let answer = server.post("/v1/uploads", self.sign(&announcement)).await;
        assert_eq!(answer.short(), "200");
        sync::codec::decode(&answer.body).unwrap()
    }

    pub async fn announce(&self, server: &TestServer, items: Vec<Item>) -> AnnouncementAnswer {
        let answer = server.post("/v1/uploads", self.sign(&self.announcement(items))).await;
        assert_eq!(answer.short(), "200");
        sync::codec::decode(&answer.body).unwrap()
    }

    pub async fn put(&self, server: &TestServer, hash: &Hash, offset: u64, bytes: &[u8]) -> Answer {
        let (device, hash) = (self.device.0.simple(), PhotoHash(*hash).to_hex());
        server.send(Method::PUT, &format!("/v1/uploads/{device}/{hash}?offset={offset}"), None, bytes.to_vec()).await
    }

    /// Announces and puts a batch whole; its receipt's bytes.
    pub async fn upload(&self, server: &TestServer, sealed: &Sealed) -> Vec<u8> {
        let answer = self.announce(server, vec![sealed.item()]).await;
        if let Some(receipt) = answer.items[0].receipt.clone() {
            return receipt.0;
        }
        let held = answer.items[0].offset.unwrap();
        let rest = &sealed.transfer[usize::try_from(held).unwrap()..];
        let answer = self.put(server, &sealed.item().hash, held, rest).await;
        assert_eq!(answer.short(), "200");
        sync::codec::decode::<PieceAnswer>(&answer.body).unwrap().receipt.unwrap().0
    }

    /// As `upload`, with the receipt verified and taken note of.
    pub async fn deliver(&mut self, server: &TestServer, sealed: &Sealed) -> Receipt {
        let bytes = self.upload(server, sealed).await;
        let receipt = self.verify_receipt(&bytes);
        self.receipt_seen =
            Some(ReceiptSeen { last_sequence: receipt.last_sequence, receipt_hash: sync::hash::sha256(&bytes) });
        receipt
    }

    pub fn verify_receipt(&self, bytes: &[u8]) -> Receipt {
        sync::cose::verify(bytes, &self.server_key, self.deployment).unwrap()
    }
}
