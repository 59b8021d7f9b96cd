//! Values of every message out of a few random bytes: what proptest shrinks is the bytes.

use std::collections::BTreeMap;

use domain::change::*;
use domain::field::Field;
use domain::id::*;
use domain::register::*;
use domain::role::Role;
use domain::unit::Unit;
use sync::cose::Envelope;
use sync::message::*;
use unicode_normalization::UnicodeNormalization;

use crate::samples::{full_bodies, minimal_bodies};

/// Bytes to decide with; zeros once they are used up.
pub struct Entropy<'b>(pub &'b [u8]);

const ROLES: [Role; 5] = [Role::Officer, Role::Supervisor, Role::Operator, Role::Auditor, Role::Server];
const ENTITIES: [EntityKind; 9] = [
    EntityKind::Person,
    EntityKind::Household,
    EntityKind::Dwelling,
    EntityKind::Visit,
    EntityKind::Correction,
    EntityKind::Officer,
    EntityKind::Device,
    EntityKind::Unit,
    EntityKind::Other(9),
];
const VERDICTS: [Verdict; 8] = [
    Verdict::OutsideUnit,
    Verdict::OutsideRole,
    Verdict::WrongAuthor,
    Verdict::MalformedBody,
    Verdict::WrongEntity,
    Verdict::DuplicateOfEarlier,
    Verdict::NotErased,
    Verdict::Other(8),
];
const RESIDENCES: [ResidenceKind; 5] = [
    ResidenceKind::Permanent,
    ResidenceKind::Temporary,
    ResidenceKind::Current,
    ResidenceKind::Absent,
    ResidenceKind::ShortStay,
];

impl Entropy<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.byte()) % of.len()]
    }

    /// Of every width that the wire knows.
    pub fn number(&mut self) -> u64 {
        let bits = u32::from(self.byte()) % 54;
        let value = (0..8).fold(0, |value, _| value << 8 | u64::from(self.byte()));
        value & ((1 << bits) - 1)
    }

    fn small(&mut self) -> u32 {
        self.number() as u32
    }

    fn signed(&mut self) -> i64 {
        let value = self.number() as i64;
        if self.flag() { -value } else { value }
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    fn blob(&mut self) -> Blob {
        let length = usize::from(self.byte());
        Blob((0..length).map(|_| self.byte()).collect())
    }

    /// Any characters, brought to NFC as every writer must.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte()) % 40;
        let characters: String = (0..length)
            .map(|_| match self.byte() {
                byte @ 0..=127 => char::from(byte),
                byte @ 128..=200 => ['ễ', 'ị', 'Đ', 'ư', '\u{301}', '\u{323}', '\u{200b}', '😀'][usize::from(byte) % 8],
                _ => char::from_u32((self.number() % 0x11_0000) as u32).unwrap_or('x'),
            })
            .collect();
        characters.nfc().collect()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.flag() { Some(value(self)) } else { None }
    }

    fn list<T>(&mut self, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.byte() % 5;
        (0..length).map(|_| value(self)).collect()
    }

    /// As `list`, never empty.
    fn some<T>(&mut self, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let first = value(self);
        std::iter::once(first).chain(self.list(value)).collect()
    }

    fn id<T>(&mut self, of: impl Fn([u8; 16]) -> T) -> T {
        of(self.array())
    }

    fn unit(&mut self) -> Unit {
        Unit { code: self.text(), list_date: self.text() }
    }

    fn entity(&mut self) -> EntityRef {
        EntityRef { kind: self.pick(&ENTITIES), id: self.id(EntityId::from_bytes) }
    }

    fn fields(&mut self) -> BTreeMap<Field, String> {
        self.list(|e| (e.pick(Field::ALL), e.text())).into_iter().collect()
    }

    /// One of the bodies, with words of its own where it has some.
    pub fn body(&mut self) -> Body {
        let bodies = if self.flag() { full_bodies() } else { minimal_bodies() };
        let at = usize::from(self.byte()) % bodies.len();
        let mut body = bodies.into_iter().nth(at).unwrap();
        match &mut body {
            Body::NoteWritten(body) => body.text = self.text(),
            Body::PersonAdded(body) => body.fields = self.fields(),
            Body::VisitRecorded(body) => {
                body.visit.met = self.list(|e| e.id(PersonId::from_bytes));
                body.visit.started_ms = self.number();
                body.visit.note = self.maybe(Self::text);
            }
            Body::CorrectionProposed(body) => {
                body.field = self.pick(Field::ALL);
                body.proposed_value = self.maybe(Self::text);
            }
            Body::DwellingAdded(body) => body.lat_e6 = self.maybe(|e| e.signed() as i32),
            Body::Erased(body) => body.photos = self.list(|e| PhotoHash(e.array())),
            Body::AreaSet(body) => {
                body.parts = self.list(|e| AreaPart { hamlet: e.text(), alley: e.maybe(Self::text) });
            }
            _ => {}
        }
        body
    }

    pub fn header(&mut self) -> ChangeHeader {
        ChangeHeader {
            id: self.id(ChangeId::from_bytes),
            sequence: self.number(),
            kind: self.small() as u16,
            version: self.small() as u16,
            entity: self.entity(),
            edition: self.small(),
            seen: self.number(),
            author: self.id(OfficerId::from_bytes),
            wall_clock_ms: self.number(),
            photos: self.maybe(|e| {
                e.some(|e| PhotoRef { hash: PhotoHash(e.array()), bytes: e.number(), media_type: e.text() })
            }),
            body_hash: self.array(),
            clock_set_back_ms: self.maybe(Self::number),
            on_behalf_of: self.maybe(|e| e.id(OfficerId::from_bytes)),
        }
    }

    pub fn batch(&mut self) -> Batch {
        Batch {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            chain: self.id(ChainId::from_bytes),
            key_epoch: self.small(),
            first_sequence: self.number(),
            last_sequence: self.number(),
            hash_before: self.array(),
            hash_after: self.array(),
            headers: self.list(Self::blob),
            receipt_seen: self.maybe(|e| ReceiptSeen { last_sequence: e.number(), receipt_hash: e.array() }),
            made: Made { created_ms: self.number(), app_version: self.text(), schema_version: self.small() },
            unit: self.unit(),
            replaces: self.maybe(|e| ReplacedChain {
                chain: e.id(ChainId::from_bytes),
                last_sequence: e.number(),
                head: e.array(),
            }),
            log: self.maybe(|e| e.id(LogId::from_bytes)),
        }
    }

    fn verdicts(&mut self) -> Vec<VerdictEntry> {
        self.list(|e| VerdictEntry { sequence: e.number(), verdict: e.pick(&VERDICTS) })
    }

    pub fn receipt(&mut self) -> Receipt {
        let statuses = [ReceiptStatus::Stored, ReceiptStatus::Fork, ReceiptStatus::Gap, ReceiptStatus::Quarantined];
        Receipt {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            chain: self.id(ChainId::from_bytes),
            first_sequence: self.number(),
            last_sequence: self.number(),
            hash_after: self.array(),
            status: self.pick(&statuses),
            log: self.id(LogId::from_bytes),
            index: self.maybe(Self::number),
            verdicts: self.verdicts(),
            received_ms: self.number(),
            unit: self.unit(),
            wanted_sequence: self.maybe(Self::number),
            fork_head: self.maybe(|e| ForkHead { last_sequence: e.number(), head: e.array() }),
            skew_ms: self.maybe(Self::signed),
        }
    }

    /// An item where an envelope would stand.
    fn envelope(&mut self) -> Envelope {
        Envelope(sync::codec::encode(&self.blob()))
    }

    pub fn sealed_batch(&mut self) -> SealedBatch {
        SealedBatch { envelope: self.envelope(), bodies: self.list(Self::blob) }
    }

    pub fn feed_page(&mut self) -> FeedPage {
        FeedPage {
            format: FORMAT,
            log: self.id(LogId::from_bytes),
            unit: self.unit(),
            after: self.number(),
            head: self.number(),
            entries: self.list(|e| FeedEntry {
                index: e.number(),
                envelope: e.envelope(),
                bodies: e.list(Self::blob),
                verdicts: e.verdicts(),
                received_ms: e.number(),
            }),
            certificates: self.list(Self::blob),
            made_ms: self.number(),
            edition: self.small(),
            hash: self.array(),
            mark: self.blob(),
        }
    }

    pub fn manifest(&mut self) -> Manifest {
        Manifest {
            format: FORMAT,
            unit: self.unit(),
            edition: self.small(),
            label: self.text(),
            base: self.maybe(Self::small),
            people: self.small(),
            households: self.small(),
            dwellings: self.small(),
            pieces: self.list(|e| PieceRef {
                hash: e.array(),
                compressed_bytes: e.number(),
                raw_bytes: e.number(),
                records: e.small(),
            }),
            made_ms: self.number(),
            log: self.id(LogId::from_bytes),
        }
    }

    fn residence(&mut self) -> RegisterResidence {
        RegisterResidence {
            kind: self.pick(&RESIDENCES),
            household: self.id(HouseholdId::from_bytes),
            since: self.maybe(Self::text),
            until: self.maybe(Self::text),
            relationship_to_head: self.maybe(Self::text),
        }
    }

    fn original(&mut self) -> OriginalSpelling {
        OriginalSpelling { field: self.pick(Field::ALL), bytes: self.blob().0 }
    }

    pub fn edition_record(&mut self) -> EditionRecord {
        match self.byte() % 7 {
            0 => EditionRecord::Dwelling(RegisterDwelling {
                id: self.id(DwellingId::from_bytes),
                hamlet: self.text(),
                alley: self.maybe(Self::text),
                house_no: self.maybe(Self::text),
                kind: self.maybe(Self::text),
                lat_e6: self.maybe(|e| e.signed() as i32),
                lon_e6: self.maybe(|e| e.signed() as i32),
            }),
            1 => EditionRecord::Household(RegisterHousehold {
                id: self.id(HouseholdId::from_bytes),
                dwelling: self.id(DwellingId::from_bytes),
                household_no: self.text(),
            }),
            2 => EditionRecord::Person(RegisterPerson {
                id: self.id(PersonId::from_bytes),
                household: self.id(HouseholdId::from_bytes),
                fields: self.fields(),
                residences: self.list(Self::residence),
                others: self.maybe(|e| e.list(|e| (e.text(), e.text()))),
                originals: self.maybe(|e| e.list(Self::original)),
            }),
            3 => EditionRecord::PersonPatch(PersonPatch {
                id: self.id(PersonId::from_bytes),
                household: self.maybe(|e| e.id(HouseholdId::from_bytes)),
                set: self.maybe(Self::fields),
                cleared: self.maybe(|e| e.list(|e| e.pick(Field::ALL))),
                residences: self.maybe(|e| e.list(Self::residence)),
                others: self.maybe(|e| e.list(|e| (e.text(), e.text()))),
                originals: self.maybe(|e| e.list(Self::original)),
            }),
            4 => EditionRecord::DwellingGone(self.id(DwellingId::from_bytes)),
            5 => EditionRecord::HouseholdGone(self.id(HouseholdId::from_bytes)),
            _ => EditionRecord::PersonGone(self.id(PersonId::from_bytes)),
        }
    }

    pub fn certificate(&mut self) -> Certificate {
        Certificate {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            public_key: self.array(),
            unit: self.maybe(Self::unit),
            role: self.pick(&ROLES),
            officer: self.id(OfficerId::from_bytes),
            from_ms: self.number(),
            to_ms: self.number(),
            key_epoch: self.small(),
            stick_key: self.maybe(Self::array),
        }
    }

    pub fn enrolment_request(&mut self) -> EnrolmentRequest {
        EnrolmentRequest {
            format: FORMAT,
            code_id: self.text(),
            code_secret: self.text(),
            device: self.id(DeviceId::from_bytes),
            public_key: self.array(),
            stick_key: self.array(),
            app_version: self.text(),
            clock_ms: self.number(),
        }
    }

    pub fn enrolment_answer(&mut self) -> EnrolmentAnswer {
        EnrolmentAnswer {
            format: FORMAT,
            certificate: self.blob(),
            server_certificate: self.blob(),
            recovery_key: self.array(),
            officer: self.id(OfficerId::from_bytes),
            officer_name: self.text(),
            log: self.id(LogId::from_bytes),
            server_ms: self.number(),
            unit_name: self.text(),
        }
    }

    pub fn token_request(&mut self) -> TokenRequest {
        TokenRequest {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            nonce: self.array(),
            clock_ms: self.number(),
            app_version: self.text(),
            certificate: self.maybe(Self::blob),
        }
    }

    fn item(&mut self) -> Item {
        Item {
            kind: self.pick(&[ItemKind::Batch, ItemKind::Photo]),
            hash: self.array(),
            bytes: self.number(),
            chain: self.maybe(|e| e.id(ChainId::from_bytes)),
            first_sequence: self.maybe(Self::number),
            last_sequence: self.maybe(Self::number),
            hash_after: self.maybe(Self::array),
        }
    }

    pub fn announcement(&mut self) -> Announcement {
        Announcement {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            unit: self.unit(),
            clock_ms: self.number(),
            log: self.maybe(|e| e.id(LogId::from_bytes)),
            items: self.list(Self::item),
            waiting: Waiting { batches: self.number(), photos: self.number(), photo_bytes: self.number() },
            app_version: self.text(),
            certificates: self.maybe(|e| e.some(Self::blob)),
            mark: self.maybe(Self::blob),
            receipt: self.maybe(Self::blob),
        }
    }

    pub fn announcement_answer(&mut self) -> AnnouncementAnswer {
        let states = [ItemState::Wanted, ItemState::Receipted, ItemState::PhotoStored, ItemState::NotNow];
        AnnouncementAnswer {
            log: self.maybe(|e| e.id(LogId::from_bytes)),
            items: self.list(|e| ItemAnswer {
                state: e.pick(&states),
                offset: e.maybe(Self::number),
                receipt: e.maybe(Self::blob),
                code: e.maybe(Self::text),
            }),
            head: self.maybe(Self::number),
            certificates: self.maybe(|e| e.some(Self::blob)),
        }
    }

    pub fn log_mark(&mut self) -> LogMark {
        LogMark {
            format: FORMAT,
            unit: self.unit(),
            log: self.id(LogId::from_bytes),
            index: self.number(),
            hash: self.array(),
            made_ms: self.number(),
        }
    }

    pub fn access_log(&mut self) -> AccessLog {
        let actions = [
            AccessAction::Opened,
            AccessAction::Searched,
            AccessAction::ViewedPhoto,
            AccessAction::Exported,
            AccessAction::Printed,
        ];
        AccessLog {
            format: FORMAT,
            device: self.id(DeviceId::from_bytes),
            unit: self.unit(),
            entries: self.some(|e| Access {
                sequence: e.number(),
                at_ms: e.number(),
                officer: e.id(OfficerId::from_bytes),
                action: e.pick(&actions),
                entity: e.maybe(Self::entity),
                detail: e.maybe(Self::text),
            }),
            chain: self.id(ChainId::from_bytes),
            hash_before: self.array(),
        }
    }

    pub fn stick_receipt(&mut self) -> StickReceipt {
        StickReceipt {
            format: FORMAT,
            unit: self.unit(),
            log: self.id(LogId::from_bytes),
            access: self.list(|e| AccessStored {
                device: e.id(DeviceId::from_bytes),
                chain: e.id(ChainId::from_bytes),
                through: e.number(),
                hash: e.array(),
            }),
            photos: self.list(|e| PhotoHash(e.array())),
            made_ms: self.number(),
        }
    }

    pub fn queue_header(&mut self) -> QueueHeader {
        QueueHeader {
            format: FORMAT,
            deployment: self.id(DeploymentId::from_bytes),
            device: self.id(DeviceId::from_bytes),
            written_ms: self.number(),
            recipients: self.some(|e| QueueRecipient {
                key: e.array(),
                encapsulation: e.blob(),
                sealed_file_key: e.blob(),
            }),
        }
    }

    pub fn problem(&mut self) -> Problem {
        Problem { code: self.text(), params: self.list(|e| (e.text(), e.text())), trace_id: self.text() }
    }
}
