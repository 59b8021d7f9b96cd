//! NAME.tungnha: what a station without a line carries on a stick, to the server and back. Sealed part by part to the
//! receivers' stick keys; what is inside is signed (or named by its hash) on its own, so that taking it twice is
//! harmless. A damaged file gives every part that is whole and says what is missing.

mod read;
mod write;

pub use read::{QueueReader, QueueReport, read_queue};
pub use write::QueueWriter;

use domain::id::{DeploymentId, DeviceId};
use minicbor::{Encode, Encoder};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use crate::hash::Hash;

const MAGIC: &[u8; 4] = b"TNHA";
const VERSION: u8 = 1;
const PART_MARK: &[u8; 4] = b"PART";
/// Mark, index, kind, length.
const PART_HEAD_BYTES: usize = 4 + 4 + 1 + 4;
const TAG_BYTES: usize = 16;
/// Magic, version, direction, header length.
const FILE_HEAD_BYTES: usize = 4 + 1 + 1 + 4;
const MAX_HEADER_BYTES: usize = 256 * 1024;
/// A part is at most a photo.
pub const MAX_PART_BYTES: usize = 16 * 1024 * 1024;

/// Where a file is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToServer,
    ToLaptops,
}

impl Direction {
    fn number(self) -> u8 {
        match self {
            Self::ToServer => 1,
            Self::ToLaptops => 2,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::ToServer),
            2 => Some(Self::ToLaptops),
            _ => None,
        }
    }
}

macro_rules! part_kinds {
    ($($(#[$meta:meta])* $number:literal $name:ident),* $(,)?) => {
        /// What a part holds. Numbers are wire: do not modify, only add.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PartKind {
            $($(#[$meta])* $name,)*
        }

        impl PartKind {
            fn number(self) -> u8 {
                match self { $(Self::$name => $number,)* }
            }

            fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$name),)* _ => None }
            }
        }
    };
}

part_kinds! {
    1 SealedBatch,
    2 Photo,
    /// A signed access log.
    3 AccessLog,
    /// A signed certificate.
    4 Certificate,
    /// A signed log mark, as an announcement would bring it.
    5 LogMark,
    /// A signed receipt. To the server: one that the log read so far does not bear out.
    10 Receipt,
    /// A signed feed page.
    11 FeedPage,
    /// A signed manifest.
    12 Manifest,
    /// A compressed piece of an edition.
    13 EditionPiece,
    /// A signed account of the access lines and photos that are stored.
    14 StickReceipt,
}

const END_KIND: u8 = 0;

/// What stands in the clear at the head of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLabel {
    pub direction: Direction,
    pub deployment: DeploymentId,
    /// The device that wrote it.
    pub device: DeviceId,
    pub written_ms: u64,
}

/// A part that is whole.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuePart {
    pub index: u32,
    pub kind: PartKind,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for QueuePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QueuePart({}, {:?}, {} bytes)", self.index, self.kind, self.bytes.len())
    }
}

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum QueueFileError {
    #[error("the file cannot be read or written")]
    Io(#[from] std::io::Error),
    #[error("not a queue file")]
    NotAQueueFile,
    #[error("version {found} of the queue file is not known")]
    UnknownVersion { found: u8 },
    /// The head of the file does not read: ask for the file again.
    #[error("the head of the file is damaged")]
    HeaderDamaged,
    #[error("the file belongs to another deployment")]
    WrongDeployment,
    #[error("the file is not sealed to this key")]
    NotForThisKey,
    /// No part opened, not even the end: the head is damaged where it cannot be seen, or all the rest is.
    #[error("nothing in the file can be read")]
    NothingReadable,
    /// So many false starts that reading on would take for ever.
    #[error("the file is too damaged to read on")]
    TooDamaged,
    #[error("a part is larger than {limit_bytes} bytes")]
    PartTooLarge { limit_bytes: u64 },
    /// A receiver's key is no usable X25519 key, or there is no receiver.
    #[error("a receiver's key cannot be used")]
    BadRecipient,
}

impl QueueFileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "queue_file_io",
            Self::NotAQueueFile => "queue_file_not_one",
            Self::UnknownVersion { .. } => "queue_file_unknown_version",
            Self::HeaderDamaged => "queue_file_header_damaged",
            Self::WrongDeployment => "queue_file_wrong_deployment",
            Self::NotForThisKey => "queue_file_not_for_this_key",
            Self::NothingReadable => "queue_file_nothing_readable",
            Self::TooDamaged => "queue_file_too_damaged",
            Self::PartTooLarge { .. } => "queue_file_part_too_large",
            Self::BadRecipient => "queue_file_bad_recipient",
        }
    }
}

/// HPKE info: `["tungnha", 1, "queue-file", deployment]`.
fn hpke_info(label: &QueueLabel) -> Vec<u8> {
    crate::codec::encode(&HpkeInfo(label.deployment))
}

/// HPKE associated data: `[direction, device, written]`.
fn hpke_aad(label: &QueueLabel) -> Vec<u8> {
    crate::codec::encode(&(label.direction.number(), label.device, label.written_ms))
}

struct HpkeInfo(DeploymentId);

impl<C> Encode<C> for HpkeInfo {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(4)?.str("tungnha")?.u8(1)?.str("queue-file")?.bytes(self.0.as_bytes())?.ok()
    }
}

/// Seals and opens parts under the file key, bound to the head of the file.
struct PartCipher {
    key: LessSafeKey,
    head_hash: Hash,
}

impl PartCipher {
    fn new(file_key: &[u8; 32], head_hash: Hash) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, file_key).expect("the key is 32 bytes");
        Self { key: LessSafeKey::new(key), head_hash }
    }

    /// The index as twelve big-endian bytes.
    fn nonce(index: u32) -> Nonce {
        let mut nonce = [0; 12];
        nonce[8..].copy_from_slice(&index.to_be_bytes());
        Nonce::assume_unique_for_key(nonce)
    }

    fn aad(&self, index: u32, kind: u8) -> Aad<[u8; 37]> {
        let mut aad = [0; 37];
        aad[..32].copy_from_slice(&self.head_hash);
        aad[32..36].copy_from_slice(&index.to_be_bytes());
        aad[36] = kind;
        Aad::from(aad)
    }

    fn seal(&self, index: u32, kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut sealed = bytes.to_vec();
        self.key
            .seal_in_place_append_tag(Self::nonce(index), self.aad(index, kind), &mut sealed)
            .expect("a part is far below the cipher's limit");
        sealed
    }

    fn open(&self, index: u32, kind: u8, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = sealed.to_vec();
        let length = self.key.open_in_place(Self::nonce(index), self.aad(index, kind), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}
