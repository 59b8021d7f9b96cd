//! What the server refuses and how it fails. A refusal is an answer to a client and has a code of the closed list
//! below; a failure is the server's own trouble, logged once where the answer is made.

/// Why a request is refused. Codes are wire: grown only when a caller needs one, never renamed.
macro_rules! codes {
    ($($name:ident $text:literal $status:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name,)* }

        impl Code {
            /// The stable word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* }
            }
        }
    };
}

codes! {
    BodyTooLarge "body_too_large" 413,
    BodyUnreadable "body_unreadable" 400,
    QueryWrong "query_wrong" 400,
    RouteUnknown "route_unknown" 404,
    MethodWrong "method_wrong" 405,
    TooSlow "too_slow" 408,
    TooBusy "too_busy" 503,
    InTrouble "server_in_trouble" 503,
    DiskFull "disk_full" 507,
    SignatureWrong "signature_wrong" 401,
    DeviceUnknown "device_unknown" 401,
    DeviceRevoked "device_revoked" 403,
    DeviceExists "device_exists" 409,
    ChallengeWrong "challenge_wrong" 401,
    TokenMissing "token_missing" 401,
    TokenWrong "token_wrong" 401,
    TokenExpired "token_expired" 401,
    UnitForbidden "unit_forbidden" 403,
    RoleForbidden "role_forbidden" 403,
    UnitUnknown "unit_unknown" 404,
    CodeRefused "code_refused" 403,
    CodeExpired "code_expired" 403,
    CodeExhausted "code_exhausted" 403,
    CodeUsed "code_used" 409,
    UploadNotAnnounced "upload_not_announced" 404,
    UploadTooLarge "upload_too_large" 413,
    UploadHashWrong "upload_hash_wrong" 422,
    UploadsTooMany "uploads_too_many" 429,
    OffsetMismatch "offset_mismatch" 409,
    BatchTooLarge "batch_too_large" 413,
    BatchRefused "batch_refused" 422,
    PhotoNotNamed "photo_not_named" 409,
    PhotoSizeWrong "photo_size_wrong" 409,
    PhotoTooLarge "photo_too_large" 413,
    PhotoErased "photo_erased" 410,
    PhotoUnknown "photo_unknown" 404,
    EditionMissing "edition_missing" 404,
    PieceUnknown "piece_unknown" 404,
    EntriesOutOfOrder "entries_out_of_order" 422,
    // Of the command line.
    AlreadyInitialised "already_initialised" 409,
    NotInitialised "not_initialised" 409,
    PlainHttpNotLoopback "plain_http_not_loopback" 400,
    OfficerUnknown "officer_unknown" 404,
    RoleNotEnrolled "role_not_enrolled" 400,
    HouseholdUnknown "household_unknown" 404,
    PersonUnknown "person_unknown" 404,
    CorrectionUnknown "correction_unknown" 404,
    NothingToUndo "nothing_to_undo" 409,
    QuarantineUnknown "quarantine_unknown" 404,
    AlarmUnknown "alarm_unknown" 404,
    StickUnreadable "queue_file_unreadable" 422,
    DateWrong "date_wrong" 400,
    DateInFuture "date_in_future" 400,
    DateInPast "date_in_past" 400,
    PlaceUnknown "place_unknown" 404,
    UnitNotListed "unit_not_listed" 404,
    NameWrong "name_wrong" 400,
    HostWrong "host_wrong" 400,
    ServerUrlWrong "server_url_wrong" 400,
    PassphraseTooShort "passphrase_too_short" 400,
    PassphraseTooCommon "passphrase_too_common" 400,
    OfficerRemoved "officer_removed" 409,
    KeyFileMissing "server_key_missing" 409,
    AlreadyServing "already_serving" 409,
    FileExists "file_exists" 409,
    FolderNotEmpty "folder_not_empty" 409,
}

/// An answer that says no, with parameters that hold no personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .code.as_str())]
pub struct Refusal {
    pub code: Code,
    pub params: Vec<(&'static str, String)>,
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, params: Vec::new() }
    }
}

impl Refusal {
    /// A refusal with one parameter.
    pub fn with(code: Code, name: &'static str, value: impl ToString) -> Self {
        Self { code, params: vec![(name, value.to_string())] }
    }
}

/// Anything that ends an operation early.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the ledger's database failed")]
    Database(#[from] rusqlite::Error),
    #[error("the vault refused: {}", .0.code())]
    Vault(#[from] vault::VaultError),
    #[error("{step} failed")]
    Io { step: &'static str, source: std::io::Error },
    #[error("the TLS certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
    /// A register extract that is refused whole.
    #[error("the extract was refused: {}", .0.code())]
    Extract(#[from] crate::import::extract::ExtractError),
    /// The ledger holds something that this version did not write.
    #[error("the ledger holds something unreadable: {0}")]
    Broken(&'static str),
    #[error("the ledger was written by a later version ({found}, this version knows {known})")]
    LedgerTooNew { found: i64, known: i64 },
    #[error("a worker thread ended early")]
    Worker,
}

impl From<Code> for ServerError {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl ServerError {
    /// For `map_err` of file and socket calls.
    pub fn io(step: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { step, source }
    }

    /// Whether the server's disk has no room left. Nothing of what was being written is there; with room the same request
    /// succeeds.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Database(error) => is_full(error),
            Self::Vault(vault::VaultError::Sql(error)) => is_full(error),
            Self::Vault(error) => error.is_disk_full(),
            Self::Io { source, .. } => has_no_room(source),
            _ => false,
        }
    }

    /// The stable word for scripts.
    pub fn code(&self) -> &'static str {
        if self.is_disk_full() {
            return Code::DiskFull.as_str();
        }
        match self {
            Self::Refused(refusal) => refusal.code.as_str(),
            Self::Vault(error) => error.code(),
            Self::Extract(error) => error.code(),
            Self::Database(_) => "ledger_failed",
            Self::Io { .. } => "io_failed",
            Self::Certificate(_) | Self::Tls(_) => "tls_failed",
            Self::Broken(_) => "ledger_unreadable",
            Self::LedgerTooNew { .. } => "ledger_too_new",
            Self::Worker => "server_in_trouble",
        }
    }
}

/// Whether a file call failed for want of room.
pub fn has_no_room(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

fn is_full(error: &rusqlite::Error) -> bool {
    // The second: no room for the shared memory beside the file.
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
        || error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

pub type Result<T, E = ServerError> = std::result::Result<T, E>;
