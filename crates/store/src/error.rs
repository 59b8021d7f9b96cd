//! What can go wrong at the laptop's files. Every error has a stable code; none holds personal data.

use rusqlite::ErrorCode;
use sync::WireError;
use vault::VaultError;

/// An error of the store. Whatever it is, nothing was half-written: a change, its rows and the chain's head are there
/// together or not at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Wire(#[from] WireError),

    /// The file was written by a later version of the product.
    #[error("{file} has schema {found}, this version knows {known}")]
    NewerSchema { file: &'static str, found: u32, known: u32 },
    #[error("the disk is full")]
    DiskFull,
    #[error("the disk failed to read or write")]
    DiskFailed,
    /// A page does not carry its authentication code, or the page tree is broken.
    #[error("the database is damaged")]
    Damaged,
    #[error("the database is busy")]
    Busy,
    #[error("the database failed")]
    Sql(#[source] rusqlite::Error),
    #[error("a file could not be {step}")]
    Io { step: &'static str, source: std::io::Error },
    /// A row that this program wrote does not read back as what it was.
    #[error("a kept {what} cannot be read")]
    BadRow { what: &'static str },

    #[error("there is a profile in this folder already")]
    ProfileExists,
    #[error("there is no profile in this folder")]
    ProfileMissing,
    #[error("this profile is not enrolled")]
    NotEnrolled,

    #[error("another change has this id")]
    ChangeIdTaken,
    #[error("this role may not author change type {kind}")]
    RoleMayNot { kind: u16 },
    #[error("change type {kind} may not stand on such an entity")]
    WrongEntity { kind: u16 },
    /// A change names a photo that was not kept before it.
    #[error("a photo that the change names is not here")]
    PhotoMissing,
    #[error("a photo is larger than {limit_bytes} bytes")]
    PhotoTooLarge { limit_bytes: u64 },
    #[error("a photo is of a media type that does not travel")]
    PhotoMedia,
    #[error("the photo's bytes are not those of its hash")]
    PhotoWrong,

    /// The server was restored from a backup: `Store::reset_log`, then read from zero.
    #[error("the server's log is another one")]
    LogChanged,
    #[error("the feed goes on at {found}, wanted is {wanted}")]
    FeedGap { wanted: u64, found: u64 },
    #[error("the message is for another unit or device")]
    NotForUs,
    /// A receipt that names a batch this laptop does not hold, or another batch at its place.
    #[error("the receipt is not for a batch that is here")]
    ReceiptMismatch,

    #[error("no edition is being taken in")]
    NoEditionBegun,
    #[error("the edition builds on {base}, here is {held}")]
    EditionBase { base: u32, held: u32 },
    #[error("the edition is older than the one that is here")]
    EditionOlder,
    #[error("{missing} pieces of the edition are missing")]
    EditionIncomplete { missing: usize },
    #[error("the bytes are of no piece of this edition, or do not join what is here")]
    EditionPieceWrong,
    #[error("stopped on request")]
    Stopped,
    #[error("no such house is here")]
    HouseUnknown,
    #[error("the houses do not stand in the same alley")]
    WalkElsewhere,
    /// After all pieces the counts are not those that the manifest names.
    #[error("the edition does not hold what its manifest names")]
    EditionCounts,
}

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// The stable name of this error, in snake_case. Codes are never renamed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::Wire(error) => error.code(),
            Self::NewerSchema { .. } => "newer_schema",
            Self::DiskFull => "disk_full",
            Self::DiskFailed => "disk_failed",
            Self::Damaged => "database_damaged",
            Self::Busy => "database_busy",
            Self::Sql(_) => "database_failed",
            Self::Io { .. } => "file_failed",
            Self::BadRow { .. } => "row_unreadable",
            Self::ProfileExists => "profile_exists",
            Self::ProfileMissing => "profile_missing",
            Self::NotEnrolled => "not_enrolled",
            Self::ChangeIdTaken => "change_id_taken",
            Self::RoleMayNot { .. } => "role_may_not",
            Self::WrongEntity { .. } => "wrong_entity",
            Self::PhotoMissing => "photo_missing",
            Self::PhotoTooLarge { .. } => "photo_too_large",
            Self::PhotoMedia => "photo_media",
            Self::PhotoWrong => "photo_wrong",
            Self::LogChanged => "log_changed",
            Self::FeedGap { .. } => "feed_gap",
            Self::NotForUs => "not_for_us",
            Self::ReceiptMismatch => "receipt_mismatch",
            Self::NoEditionBegun => "no_edition_begun",
            Self::EditionBase { .. } => "edition_base",
            Self::EditionOlder => "edition_older",
            Self::EditionIncomplete { .. } => "edition_incomplete",
            Self::EditionPieceWrong => "edition_piece_wrong",
            Self::EditionCounts => "edition_counts",
            Self::Stopped => "stopped",
            Self::HouseUnknown => "house_unknown",
            Self::WalkElsewhere => "walk_elsewhere",
        }
    }

    /// Parameters for the words of a screen, without personal data.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NewerSchema { file, found, known } => {
                vec![("file", (*file).to_owned()), ("found", found.to_string()), ("known", known.to_string())]
            }
            Self::RoleMayNot { kind } | Self::WrongEntity { kind } => vec![("kind", kind.to_string())],
            Self::PhotoTooLarge { limit_bytes } => vec![("limit_bytes", limit_bytes.to_string())],
            Self::FeedGap { wanted, found } => vec![("wanted", wanted.to_string()), ("found", found.to_string())],
            Self::EditionBase { base, held } => vec![("base", base.to_string()), ("held", held.to_string())],
            Self::EditionIncomplete { missing } => vec![("missing", missing.to_string())],
            _ => Vec::new(),
        }
    }

    /// Whether more room on the disk may help. SQLite calls it a failed read or write where it cannot enlarge the shared
    /// memory beside a file.
    pub(crate) fn may_want_room(&self) -> bool {
        match self {
            Self::DiskFull | Self::DiskFailed => true,
            Self::Vault(error) => error.is_disk_full() || matches!(error, VaultError::Sql(_)),
            _ => false,
        }
    }

    pub(crate) fn io(step: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { step, source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure) => Self::DiskFailed,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sql(error),
        }
    }
}
