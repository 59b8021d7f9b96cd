//! A unit in small: a server's log in memory, with real signatures, and laptops in temporary folders.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use domain::change::*;
use domain::field::{Field, Subject};
use domain::id::*;
use domain::register::*;
use domain::role::Role;
use domain::unit::Unit;
use jiff::civil::Date;
use store::{Draft, NewProfile, Store};
use sync::batch::{self, OpenedBatch, SealRequest, VerdictContext};
use sync::chain::{ChainHead, Placement, place};
use sync::cose::{self, Envelope};
use sync::edition::{Piece, PieceWriter};
use sync::feed::PageBuilder;
use sync::hash::{LOG_START, chain_start, log_after};
use sync::keys::{SigningKey, StickSecret};
use sync::message::*;
use sync::receipt::{Outcome, answer};
use sync::{codec, plan};
use tempfile::TempDir;
use uuid::Uuid;
use vault::MasterKey;

pub const NOW: u64 = 1_795_000_000_000;
pub const APP: &str = "0.1.0";

pub fn today() -> Date {
    Date::constant(2026, 11, 21)
}

pub fn unit() -> Unit {
    Unit::of_2025("25390")
}

/// An id that ends in this number.
pub fn id<T: From<EntityId>>(number: u128) -> T {
    EntityId(Uuid::from_u128(number)).into()
}

pub fn change_id(number: u128) -> ChangeId {
    ChangeId(Uuid::from_u128(number))
}

struct Entry {
    sealed: SealedBatch,
    certificate: Vec<u8>,
    verdicts: Vec<VerdictEntry>,
    received_ms: u64,
}

pub struct Server {
    pub deployment: DeploymentId,
    pub log: LogId,
    key: SigningKey,
    enrolment_key: SigningKey,
    stick: StickSecret,
    officer: OfficerId,
    device: DeviceId,
    own_chain: ChainId,
    certificate: Vec<u8>,
    entries: Vec<Entry>,
    certificates: HashMap<[u8; 16], (Certificate, Vec<u8>)>,
    accepted: HashSet<ChangeId>,
    erased: HashSet<ChangeId>,
    heads: HashMap<ChainId, ChainHead>,
    stored: HashMap<(ChainId, u64), ([u8; 32], Vec<u8>)>,
    /// Changes that it refuses.
    pub refuses: HashSet<ChangeId>,
    pub edition: u32,
    pub clock_ms: u64,
}

impl Server {
    pub fn new() -> Self {
        let mut server = Self {
            deployment: DeploymentId(Uuid::from_u128(0xD)),
            log: LogId(Uuid::from_u128(0x1_06)),
            key: SigningKey::from_seed(&[1; 32]),
            enrolment_key: SigningKey::from_seed(&[2; 32]),
            stick: StickSecret::from_bytes(&[3; 32]),
            officer: id(0x5E),
            device: id(0x5ED),
            own_chain: ChainId(Uuid::from_u128(0x5EC)),
            certificate: Vec::new(),
            entries: Vec::new(),
            certificates: HashMap::new(),
            accepted: HashSet::new(),
            erased: HashSet::new(),
            heads: HashMap::new(),
            stored: HashMap::new(),
            refuses: HashSet::new(),
            edition: 0,
            clock_ms: NOW,
        };
        server.certificate = server.certify(server.device, server.key.public_key(), None, Role::Server, server.officer);
        server
    }

    fn certify(
        &mut self,
        device: DeviceId,
        public_key: [u8; 32],
        unit: Option<Unit>,
        role: Role,
        officer: OfficerId,
    ) -> Vec<u8> {
        let certificate = Certificate {
            format: FORMAT,
            device,
            public_key,
            unit,
            role,
            officer,
            from_ms: 0,
            to_ms: NOW * 2,
            key_epoch: 1,
            stick_key: None,
        };
        let envelope = cose::sign(&certificate, &self.enrolment_key, self.deployment).0;
        self.certificates.insert(sync::keys::kid_of(&public_key), (certificate, envelope.clone()));
        envelope
    }

    pub fn identity(&self) -> Vec<u8> {
        codec::encode(&Identity {
            format: FORMAT,
            deployment: self.deployment,
            ca_certificate: Blob(Vec::new()),
            enrolment_key: self.enrolment_key.public_key(),
            stick_key: self.stick.public_key(),
        })
    }

    pub fn enrol(&mut self, new: &NewProfile, role: Role, officer: OfficerId) -> Vec<u8> {
        let certificate = self.certify(new.device, new.signing_key.public_key(), Some(unit()), role, officer);
        let answer = EnrolmentAnswer {
            format: FORMAT,
            certificate: Blob(certificate),
            server_certificate: Blob(self.certificate.clone()),
            recovery_key: [9; 32],
            officer,
            officer_name: "Cán bộ".to_owned(),
            log: self.log,
            server_ms: self.clock_ms,
            unit_name: "Xã Đồng Tâm".to_owned(),
        };
        cose::sign(&answer, &self.enrolment_key, self.deployment).0
    }

    /// What the server does with a sealed batch: the receipt.
    pub fn receive(&mut self, sealed: &[u8]) -> Vec<u8> {
        let opened =
            batch::open(sealed, |kid| self.certificates.get(kid).map(|known| known.0.clone()), self.deployment)
                .unwrap();
        let batch = &opened.batch;
        let key = (batch.chain, batch.first_sequence);
        let placed = place(
            self.heads.get(&batch.chain),
            |first| self.stored.get(&(batch.chain, first)).map(|stored| stored.0),
            batch,
        );
        let outcome = match placed {
            Placement::Same => return self.stored[&key].1.clone(),
            Placement::Fork => Outcome::Fork { head: self.heads[&batch.chain] },
            Placement::Gap { wanted } => Outcome::Gap { wanted },
            Placement::Append => {
                let mut verdicts = batch::verdicts(
                    &opened,
                    VerdictContext {
                        stands_earlier: &|change| self.accepted.contains(change),
                        is_erased: &|change| self.erased.contains(change),
                    },
                );
                let refused = opened.headers.iter().filter(|header| self.refuses.contains(&header.id));
                verdicts
                    .extend(refused.map(|it| VerdictEntry { sequence: it.sequence, verdict: Verdict::OutsideUnit }));
                Outcome::Stored { index: self.entries.len() as u64 + 1, verdicts }
            }
        };
        self.clock_ms += 1;
        let receipt = answer(batch, outcome.clone(), self.log, self.clock_ms, None);
        let envelope = cose::sign(&receipt, &self.key, self.deployment).0;
        if let Outcome::Stored { verdicts, .. } = outcome {
            self.append(&opened, codec::decode(sealed).unwrap(), verdicts, envelope.clone());
        }
        envelope
    }

    fn append(&mut self, opened: &OpenedBatch, sealed: SealedBatch, verdicts: Vec<VerdictEntry>, receipt: Vec<u8>) {
        let refused = |sequence| verdicts.iter().any(|entry| entry.sequence == sequence);
        for header in opened.headers.iter().filter(|header| !refused(header.sequence)) {
            self.accepted.insert(header.id);
        }
        let batch = &opened.batch;
        self.heads.insert(batch.chain, ChainHead::after(batch));
        self.stored.insert((batch.chain, batch.first_sequence), (batch.hash_after, receipt));
        let certificate = self.certificates[&sync::keys::kid_of(&opened.certificate.public_key)].1.clone();
        self.entries.push(Entry { sealed, certificate, verdicts, received_ms: self.clock_ms });
    }

    /// The server's own changes, one batch.
    pub fn say(&mut self, said: Vec<(ChangeId, EntityRef, Body)>) {
        let head = self.heads.get(&self.own_chain).copied();
        let first = head.map_or(1, |head| head.last_sequence + 1);
        let changes: Vec<_> = said
            .into_iter()
            .zip(first..)
            .map(|((change, entity, body), sequence)| {
                if let Body::Erased(erased) = &body {
                    self.erase(&erased.changes);
                }
                let draft = batch::Draft {
                    id: change,
                    entity,
                    edition: self.edition,
                    seen: self.entries.len() as u64,
                    author: self.officer,
                    wall_clock_ms: self.clock_ms,
                    photos: None,
                    clock_set_back_ms: None,
                    on_behalf_of: None,
                    body,
                };
                batch::build_change(draft, sequence, [7; 16]).unwrap()
            })
            .collect();
        let request = SealRequest {
            device: self.device,
            chain: self.own_chain,
            key_epoch: 1,
            unit: unit(),
            hash_before: head.map_or_else(|| chain_start(self.own_chain), |head| head.head),
            receipt_seen: None,
            made: Made { created_ms: self.clock_ms, app_version: APP.to_owned(), schema_version: 1 },
            log: Some(self.log),
            replaces: None,
            changes: &changes,
        };
        let (sealed, _) = batch::seal(request, &self.key, self.deployment).unwrap();
        self.receive(&codec::encode(&sealed));
    }

    fn erase(&mut self, changes: &[ChangeId]) {
        for entry in &mut self.entries {
            let batch: Batch = {
                let kid = cose::kid_of_envelope(&entry.sealed.envelope.0).unwrap();
                cose::verify(&entry.sealed.envelope.0, &self.certificates[&kid].0.public_key, self.deployment).unwrap()
            };
            for (header, body) in batch.headers.iter().zip(&mut entry.sealed.bodies) {
                let header: ChangeHeader = codec::decode(&header.0).unwrap();
                if changes.contains(&header.id) {
                    body.0.clear();
                }
            }
        }
        self.erased.extend(changes);
    }

    /// A page of at most `most` entries above the cursor.
    pub fn page(&self, after: u64, most: usize) -> Vec<u8> {
        let hash = self.entries.iter().take(after as usize).fold(LOG_START, |before, entry| {
            let kid = cose::kid_of_envelope(&entry.sealed.envelope.0).unwrap();
            let key = self.certificates[&kid].0.public_key;
            let batch: Batch = cose::verify(&entry.sealed.envelope.0, &key, self.deployment).unwrap();
            log_after(&before, &batch.hash_after)
        });
        let head = self.entries.len() as u64;
        let mut page = PageBuilder::new(self.log, unit(), after, hash, head, self.edition, self.clock_ms);
        for (index, entry) in (1..).zip(&self.entries).skip(after as usize).take(most) {
            let fed = FeedEntry {
                index,
                envelope: Envelope(entry.sealed.envelope.0.clone()),
                bodies: entry.sealed.bodies.clone(),
                verdicts: entry.verdicts.clone(),
                received_ms: entry.received_ms,
            };
            if !page.push(fed, &entry.certificate) {
                break;
            }
        }
        page.seal(&self.key, self.deployment).0
    }

    pub fn head(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The server as a backup of an earlier day would bring it back: under a new log id.
    pub fn restore(&mut self, entries: usize, log: u128) {
        let certificates = std::mem::take(&mut self.certificates);
        let kept: Vec<Entry> = self.entries.drain(..).take(entries).collect();
        let mut restored = Server::new();
        restored.certificates = certificates;
        restored.log = LogId(Uuid::from_u128(log));
        restored.clock_ms = self.clock_ms + 1000;
        restored.edition = self.edition;
        restored.erased = self.erased.clone();
        for entry in kept {
            restored.receive(&codec::encode(&entry.sealed));
        }
        *self = restored;
    }

    pub fn manifest(
        &mut self,
        edition: u32,
        base: Option<u32>,
        counts: [u32; 3],
        records: &[EditionRecord],
    ) -> (Vec<u8>, Vec<Piece>) {
        let mut writer = PieceWriter::new(base.is_some());
        let mut pieces: Vec<Piece> = records.iter().filter_map(|record| writer.push(record).unwrap()).collect();
        pieces.extend(writer.finish());
        self.edition = edition;
        self.clock_ms += 1;
        let [people, households, dwellings] = counts;
        let manifest = Manifest {
            format: FORMAT,
            unit: unit(),
            edition,
            label: format!("2026-{edition:02}"),
            base,
            people,
            households,
            dwellings,
            pieces: pieces.iter().map(|piece| piece.reference.clone()).collect(),
            made_ms: self.clock_ms,
            log: self.log,
        };
        (cose::sign(&manifest, &self.key, self.deployment).0, pieces)
    }
}

pub struct Laptop {
    pub store: Store,
    pub folder: TempDir,
    pub key: Rc<MasterKey>,
    pub officer: OfficerId,
    pub clock_ms: u64,
}

impl Laptop {
    pub fn enrolled(server: &mut Server, role: Role, officer: u128) -> Self {
        let folder = TempDir::new().unwrap();
        let key = Rc::new(MasterKey::generate());
        let new = NewProfile::generate(NOW);
        let store = Store::create(folder.path(), &key, &new).unwrap();
        let answer = server.enrol(&new, role, id(officer));
        store.enrol(&server.identity(), &answer, NOW).unwrap();
        Self { store, folder, key, officer: id(officer), clock_ms: NOW }
    }

    pub fn officer(server: &mut Server) -> Self {
        Self::enrolled(server, Role::Officer, 0x0FF1)
    }

    pub fn supervisor(server: &mut Server) -> Self {
        Self::enrolled(server, Role::Supervisor, 0x50FE)
    }

    /// Closes and opens again, as a new start of the program.
    pub fn reopen(&mut self) {
        self.with_store(|folder, key| Store::open(folder, key).unwrap());
    }

    pub fn with_store(&mut self, open: impl FnOnce(&std::path::Path, &MasterKey) -> Store) {
        let parked = TempDir::new().unwrap();
        let stand_in = Store::create(parked.path(), &MasterKey::generate(), &NewProfile::generate(NOW)).unwrap();
        std::mem::replace(&mut self.store, stand_in).close().unwrap();
        self.store = open(self.folder.path(), &self.key);
    }

    pub fn transact(&mut self, said: Vec<(EntityRef, Body)>) -> Vec<ChangeId> {
        self.clock_ms += 1000;
        let drafts = said.into_iter().map(|(entity, body)| Draft::new(self.clock_ms, entity, body)).collect();
        self.store.transact(self.clock_ms, drafts).unwrap()
    }

    /// Sends everything that waits. `false` where a receipt called the chain forked.
    pub fn send(&self, server: &mut Server) -> bool {
        self.store.seal_pending(self.clock_ms, APP).unwrap();
        for item in self.store.waiting_batches(1000).unwrap() {
            let transfer = self.store.transfer_bytes(&item.hash).unwrap().unwrap();
            assert_eq!(transfer.len() as u64, item.bytes);
            let receipt = server.receive(&batch::from_transfer(&transfer).unwrap());
            if self.store.take_receipt(&receipt).unwrap() == plan::ReceiptOutcome::Forked {
                return false;
            }
        }
        true
    }

    pub fn read(&self, server: &Server, page_entries: usize) {
        loop {
            let after = self.store.page_request().unwrap().after;
            let taken = self.store.take_feed_page(&server.page(after, page_entries), self.clock_ms).unwrap();
            if taken.cursor >= taken.head {
                return;
            }
        }
    }

    /// Everything up, everything down.
    pub fn sync(&self, server: &mut Server) {
        while !self.send(server) {
            self.store.new_chain(self.clock_ms).unwrap();
        }
        self.read(server, 3);
    }

    pub fn take_edition(&self, manifest: &[u8], pieces: &[Piece]) {
        let download = self.store.begin_edition(manifest).unwrap();
        for wanted in download.pieces {
            let piece = pieces.iter().find(|piece| piece.reference.hash == wanted.hash).unwrap();
            // In stretches, as a bad line brings them.
            let mut held = wanted.held;
            while held < wanted.bytes {
                let end = (held + 40_000).min(wanted.bytes);
                let bytes = &piece.bytes[held as usize..end as usize];
                held = self.store.take_edition_piece(&wanted.hash, held, bytes).unwrap();
            }
        }
        self.store.finish_edition(self.clock_ms, &mut |_, _| true).unwrap();
    }

    /// A connection of the test's own beside the store's.
    pub fn raw(&self, purpose: &str) -> rusqlite::Connection {
        let options = vault::OpenOptions { read_only: true, ..Default::default() };
        let path = self.folder.path().join(format!("{purpose}.db"));
        vault::open_database(&path, &self.key.database_key(purpose), options).unwrap()
    }

    pub fn digest(&self, server: &Server) -> [u8; 32] {
        self.store.state_digest(server.head()).unwrap()
    }
}

pub fn person(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Person, id: id(number) }
}

pub fn household(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Household, id: id(number) }
}

pub fn visit(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Visit, id: id(number) }
}

pub fn correction(number: u128) -> EntityRef {
    EntityRef { kind: EntityKind::Correction, id: id(number) }
}

pub fn visit_record(household: u128, outcome: VisitOutcome, met: &[u128], note: Option<&str>) -> VisitRecord {
    VisitRecord {
        household: id(household),
        kind: VisitKind::AtTheDoor,
        outcome,
        met: met.iter().map(|number| id(*number)).collect(),
        met_other: None,
        started_ms: NOW - 60_000,
        ended_ms: NOW,
        next_visit: None,
        note: note.map(str::to_owned),
        interpreter: None,
    }
}

pub fn visited(household: u128, met: &[u128], note: Option<&str>) -> Body {
    Body::VisitRecorded(VisitRecorded { visit: visit_record(household, VisitOutcome::Met, met, note) })
}

pub fn noted(text: &str) -> Body {
    Body::NoteWritten(NoteWritten { text: text.to_owned() })
}

pub fn proposed(person: u128, household: u128, field: Field, from: Option<&str>, to: &str) -> Body {
    Body::CorrectionProposed(CorrectionProposed {
        subject: Subject::Person,
        subject_id: id(person),
        household: Some(id(household)),
        field,
        register_value: from.map(str::to_owned),
        paper_value: Some(to.to_owned()),
        statement_value: None,
        proposed_value: Some(to.to_owned()),
        reason: None,
        evidence: Vec::new(),
        visit: None,
    })
}

pub fn reviewed(decision: Decision) -> Body {
    Body::CorrectionReviewed(CorrectionReviewed {
        decision,
        reason: Some("xem lại".to_owned()),
        office: None,
        answer_by: None,
        register_value: None,
    })
}

pub fn added(household: u128, name: &str) -> Body {
    Body::PersonAdded(PersonAdded {
        household: id(household),
        fields: [(Field::FullName, name.to_owned())].into(),
        residence: ResidenceKind::Current,
        since: None,
        reason: None,
    })
}

pub fn assigned(officer: OfficerId, due: &str) -> Body {
    Body::Assigned(Assigned { officer: Some(officer), due: Some(due.to_owned()), note: None })
}

pub fn erased(changes: &[ChangeId], photos: &[PhotoHash], people: &[u128]) -> Body {
    Body::Erased(Erased {
        basis: ErasureBasis::ResidentRequest,
        changes: changes.to_vec(),
        photos: photos.to_vec(),
        register_rows: people.iter().map(|number| id(*number)).collect(),
    })
}

pub fn register_dwelling(number: u128, hamlet: &str, alley: &str, house_no: &str) -> EditionRecord {
    EditionRecord::Dwelling(RegisterDwelling {
        id: id(number),
        hamlet: hamlet.to_owned(),
        alley: Some(alley.to_owned()),
        house_no: Some(house_no.to_owned()),
        kind: Some("house".to_owned()),
        lat_e6: None,
        lon_e6: None,
    })
}

pub fn register_household(number: u128, dwelling: u128, household_no: &str) -> EditionRecord {
    EditionRecord::Household(RegisterHousehold {
        id: id(number),
        dwelling: id(dwelling),
        household_no: household_no.to_owned(),
    })
}

pub fn register_person(number: u128, household: u128, fields: &[(Field, &str)]) -> RegisterPerson {
    RegisterPerson {
        id: id(number),
        household: id(household),
        fields: fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect(),
        residences: vec![RegisterResidence {
            kind: ResidenceKind::Permanent,
            household: id(household),
            since: None,
            until: None,
            relationship_to_head: None,
        }],
        others: None,
        originals: None,
    }
}

/// Three houses, four households, six people: dwellings 100.., households 200.., people 300...
pub fn small_commune() -> (Vec<EditionRecord>, [u32; 3]) {
    use Field::*;
    let person =
        |number, household, fields: &[(Field, &str)]| EditionRecord::Person(register_person(number, household, fields));
    let records = vec![
        register_dwelling(100, "Ấp 3", "Ngõ 12", "12/10"),
        register_dwelling(101, "Ấp 3", "Ngõ 12", "12/5"),
        register_dwelling(102, "Ấp 10", "Ngõ 1", "3"),
        register_household(200, 100, "070-004-118-2"),
        register_household(201, 101, "070-004-119-2"),
        register_household(202, 102, "070-004-120-2"),
        register_household(203, 101, "070-004-121-2"),
        person(
            300,
            200,
            &[
                (IdNumber, "001190012345"),
                (FullName, "Nguyễn Thị Hòa"),
                (BirthDate, "15/08/1990"),
                (Sex, "Nữ"),
                (RelationshipToHead, "Chủ hộ"),
                (Phone, "0901 442 233"),
            ],
        ),
        person(301, 200, &[(FullName, "Lê Văn Hùng"), (BirthDate, "1987"), (RelationshipToHead, "Chồng")]),
        person(302, 201, &[(FullName, "Điểu Y Đăm"), (OldCmnd, "285123456"), (RelationshipToHead, "Chủ hộ")]),
        person(303, 202, &[(FullName, "H\u{2019}Mai Niê"), (RelationshipToHead, "Chủ hộ")]),
        person(304, 203, &[(FullName, "Nguyễn Văn An"), (RelationshipToHead, "Chủ hộ")]),
        person(305, 203, &[(FullName, "Nguyễn Văn Ân"), (OtherName, "Tý"), (IdNumber, "001190012345")]),
    ];
    (records, [6, 4, 3])
}

/// A unit whose first edition is the small commune.
pub fn server_with_commune() -> (Server, Vec<u8>, Vec<Piece>) {
    let mut server = Server::new();
    let (records, counts) = small_commune();
    let (manifest, pieces) = server.manifest(1, None, counts, &records);
    (server, manifest, pieces)
}
