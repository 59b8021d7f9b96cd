//! What can go wrong with keys and encrypted files, each with a stable code. No variant carries a secret, a path or a
//! statement.

/// Why the vault refused or failed. `code()` is what crosses the border to a screen.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key does not open this file, or its first page is damaged: SQLCipher cannot tell the two apart.
    #[error("the key does not open this database, or its first page is damaged")]
    WrongKey,
    #[error("the database is not encrypted")]
    PlaintextDatabase,
    #[error("this build has no SQLCipher")]
    NoCipher,
    #[error("another process or connection is already writing this database")]
    InUse,
    #[error("the database is not there")]
    DatabaseMissing,
    /// The file exists and is empty or shorter than a header: an interrupted creation or a lost file.
    #[error("the database file is empty or cut off")]
    DatabaseCutOff,
    /// `problems` counts what the two integrity checks named; 0 when they could not run to their end.
    #[error("the database is damaged ({problems} problems)")]
    DatabaseDamaged { problems: usize },
    #[error("the database refused a setting it needs: {setting}")]
    SettingRefused { setting: &'static str },
    #[error("the database failed")]
    Sql(#[source] rusqlite::Error),
    #[error("a file could not be {step}")]
    Io { step: &'static str, source: std::io::Error },

    /// Also what a slot tampered with by someone who mended its checksum gives.
    #[error("wrong passphrase")]
    WrongPassphrase,
    #[error("too many wrong passphrases: {remaining_ms} ms to wait")]
    WaitBeforeRetry { remaining_ms: u64 },
    #[error("too many wrong passphrases: a supervisor is needed")]
    SupervisorNeeded,
    #[error("the passphrase is shorter than {minimum_chars} characters")]
    PassphraseTooShort { minimum_chars: usize },
    #[error("the two passphrases are the same")]
    PassphrasesEqual,
    #[error("the key slot is not there")]
    SlotMissing,
    #[error("the key slot is damaged")]
    SlotDamaged,
    #[error("the key slot has a format this version does not know")]
    SlotFormatUnknown,
    #[error("the key slot belongs to another device")]
    SlotOfOtherDevice,
    #[error("the parameters of the key slot are below the floor")]
    ParametersBelowFloor,
    #[error("the parameters of the key slot are above what any device could compute")]
    ParametersTooLarge,
    #[error("the device secret is not in its store")]
    DeviceSecretMissing,
    /// The operating system's keystore, or the key file, failed.
    #[error("the store of device secrets failed")]
    DeviceSecretStore(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the profile name may hold letters, digits, - and _ alone")]
    ProfileName,

    /// Wrapped bytes that this key, for this purpose, did not wrap; or that were changed.
    #[error("the wrapped key cannot be opened")]
    UnwrapFailed,
    #[error("the recovery key does not open this slot")]
    RecoveryKeyWrong,
    #[error("the recovery file is damaged or of an unknown format")]
    RecoveryFileDamaged,
    #[error("no recovery was started on this device")]
    RecoveryNotStarted,
    #[error("the recovery answer is for another device, another request, or is not genuine")]
    RecoveryAnswerWrong,
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    #[error("not enough memory to derive the key")]
    OutOfMemory,
}

impl VaultError {
    /// The stable name of this error, in snake_case. Codes are never renamed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::PlaintextDatabase => "plaintext_database",
            Self::NoCipher => "no_cipher",
            Self::InUse => "database_in_use",
            Self::DatabaseMissing => "database_missing",
            Self::DatabaseCutOff => "database_cut_off",
            Self::DatabaseDamaged { .. } => "database_damaged",
            Self::SettingRefused { .. } => "database_setting_refused",
            Self::Sql(_) => "database_failed",
            Self::Io { .. } => "file_failed",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::WaitBeforeRetry { .. } => "wait_before_retry",
            Self::SupervisorNeeded => "supervisor_needed",
            Self::PassphraseTooShort { .. } => "passphrase_too_short",
            Self::PassphrasesEqual => "passphrases_equal",
            Self::SlotMissing => "slot_missing",
            Self::SlotDamaged => "slot_damaged",
            Self::SlotFormatUnknown => "slot_format_unknown",
            Self::SlotOfOtherDevice => "slot_of_other_device",
            Self::ParametersBelowFloor => "parameters_below_floor",
            Self::ParametersTooLarge => "parameters_too_large",
            Self::DeviceSecretMissing => "device_secret_missing",
            Self::DeviceSecretStore(_) => "device_secret_store_failed",
            Self::ProfileName => "profile_name",
            Self::UnwrapFailed => "unwrap_failed",
            Self::RecoveryKeyWrong => "recovery_key_wrong",
            Self::RecoveryFileDamaged => "recovery_file_damaged",
            Self::RecoveryNotStarted => "recovery_not_started",
            Self::RecoveryAnswerWrong => "recovery_answer_wrong",
            Self::NoRandomness => "no_randomness",
            Self::OutOfMemory => "out_of_memory",
        }
    }

    /// Whether the disk has no room left.
    pub fn is_disk_full(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match self {
            Self::Io { source, .. } => matches!(source.kind(), StorageFull | QuotaExceeded),
            Self::Sql(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            _ => false,
        }
    }

    pub(crate) fn io(step: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { step, source }
    }
}
