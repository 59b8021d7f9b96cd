//! What goes over the border to a screen or a script when a command fails: a code of the closed list below, parameters
//! without personal data, and a trace id that stands in the log beside the cause. No words for people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::transport::TransportError;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal),* $(,)?) => {
        /// Every way a command can fail, and the only place where they are named. Grown when a caller needs one; never
        /// renamed, for each has words in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[ts(rename = "ErrorCode")]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The code of that word.
            pub fn from_word(word: &str) -> Option<Code> {
                match word { $($text => Some(Code::$name),)* _ => None }
            }
        }
    };
}

codes! {
    // The command itself.
    UnknownCommand "unknown_command",
    /// `at`: where in the parameters.
    ParamsInvalid "params_invalid",
    /// A fault of this program; the log has the cause under the trace id. `cause`: an inner code, where there is one.
    Internal "internal",
    NotEnrolled "not_enrolled",
    AlreadyEnrolled "already_enrolled",
    ProfileLocked "profile_locked",
    AlreadyUnlocked "already_unlocked",
    /// Another window or program has this profile open.
    ProfileInUse "profile_in_use",
    RoleNotAllowed "role_not_allowed",
    /// What only the product's own window can do, asked of a browser.
    NotInBrowser "not_in_browser",
    /// `what`: the kind of thing.
    NotFound "not_found",
    /// The caller's own id was used before, and what was answered then is no longer kept.
    AlreadySaved "already_saved",
    /// `limit_bytes`: no batch could carry it.
    ChangeTooLarge "change_too_large",

    // What people type.
    /// `field`.
    FieldRequired "field_required",
    /// `field`: the value is not one of its list.
    ValueNotAllowed "value_not_allowed",
    /// `field`, `limit`, `length`.
    TextTooLong "text_too_long",
    TextControlCharacter "text_control_character",
    TextBidiControl "text_bidi_control",
    TextInvisibleCharacter "text_invisible_character",
    TextUnreadableCharacter "text_unreadable_character",
    DateWrongForm "date_wrong_form",
    DateImpossible "date_impossible",
    /// `field`: the day itself is needed, not only month or year.
    DateNotADay "date_not_a_day",
    DateInFuture "date_in_future",
    DateInPast "date_in_past",
    IdNumberNotTwelveDigits "id_number_not_twelve_digits",
    OldCmndNotNineDigits "old_cmnd_not_nine_digits",
    VisitEndsBeforeItStarts "visit_ends_before_it_starts",
    NobodyMet "nobody_met",
    NotOfThisHousehold "not_of_this_household",
    CorrectionChangesNothing "correction_changes_nothing",
    CorrectionNotOpen "correction_not_open",
    NotYourOwn "not_your_own",
    OwnProposal "own_proposal",
    CannotBeWithdrawn "cannot_be_withdrawn",
    NotAbsent "not_absent",
    AlreadyAbsent "already_absent",
    AlreadyRemoved "already_removed",
    SameHousehold "same_household",
    /// A house is moved beside another of the same hamlet and alley only.
    WalkElsewhere "walk_elsewhere",
    /// `limit`: at most so many at once.
    TooMany "too_many",

    // Photos.
    PhotoEmpty "photo_empty",
    /// `limit_bytes`, `bytes`.
    PhotoTooLarge "photo_too_large",
    PhotoNotAnImage "photo_not_an_image",
    PhotoReasonRequired "photo_reason_required",
    /// It is not on this laptop and could not be fetched.
    PhotoMissing "photo_missing",
    PhotoErased "photo_erased",

    // Files that are chosen by people.
    FileNotFound "file_not_found",
    FileUnreadable "file_unreadable",
    FileNotWritable "file_not_writable",
    /// No file that is there is replaced, but for a queue file.
    FileExists "file_exists",
    /// A place among the profile's own files.
    PathNotAllowed "path_not_allowed",
    FileEmpty "file_empty",
    FileTooLarge "file_too_large",
    EnrolmentFileUnreadable "enrolment_file_unreadable",
    EnrolmentCodeWrongForm "enrolment_code_wrong_form",
    FingerprintWrongForm "fingerprint_wrong_form",
    QueueFileUnreadable "queue_file_unreadable",
    QueueFileDamaged "queue_file_damaged",
    QueueFileNotForUs "queue_file_not_for_us",
    QueueFileOtherServer "queue_file_other_server",

    // Passphrase and keys.
    WrongPassphrase "wrong_passphrase",
    /// `remaining_ms`.
    WaitBeforeRetry "wait_before_retry",
    SupervisorNeeded "supervisor_needed",
    /// `minimum_chars`.
    PassphraseTooShort "passphrase_too_short",
    PassphraseTooCommon "passphrase_too_common",
    PassphrasesEqual "passphrases_equal",
    OutOfMemory "out_of_memory",
    SlotMissing "slot_missing",
    SlotDamaged "slot_damaged",
    DeviceSecretMissing "device_secret_missing",
    DeviceSecretStore "device_secret_store",
    RecoveryNotStarted "recovery_not_started",
    RecoveryFileDamaged "recovery_file_damaged",
    RecoveryAnswerWrong "recovery_answer_wrong",

    // The files of the profile.
    DiskFull "disk_full",
    DiskFailed "disk_failed",
    /// Something else held the files for longer than is waited.
    DatabaseBusy "database_busy",
    DatabaseDamaged "database_damaged",
    DatabaseMissing "database_missing",
    /// A later version wrote it.
    DatabaseTooNew "database_too_new",

    // The line.
    AddressWrong "address_wrong",
    PlainHttpRefused "plain_http_refused",
    FingerprintMismatch "fingerprint_mismatch",
    ServerUnreachable "server_unreachable",
    LineCut "line_cut",
    ServerTimedOut "server_timed_out",
    CertificateWrong "certificate_wrong",
    CertificateName "certificate_name",
    CertificateExpired "certificate_expired",
    TlsFailed "tls_failed",
    /// `status`, `to_plain_http` and `to_other_host` (0 or 1).
    RedirectRefused "redirect_refused",
    LoginPage "login_page",
    AnsweredHtml "answered_html",
    /// `found`.
    WrongContentType "wrong_content_type",
    /// `limit_bytes`.
    AnswerTooLarge "answer_too_large",
    AnswerUnreadable "answer_unreadable",
    /// The answer is the server's by its form and not by its signature.
    AnswerNotSigned "answer_not_signed",
    ServerBusy "server_busy",
    /// Its operator has to make room; what is here is safe and is sent then.
    ServerDiskFull "server_disk_full",
    ServerFailed "server_failed",
    /// `server_code`: a refusal this version has no word of its own for.
    ServerRefused "server_refused",
    SyncRunning "sync_running",
    SyncStopped "sync_stopped",
    /// The app is older than what the server sends.
    UpdateNeeded "update_needed",

    // Refusals of the server that have words of their own.
    EnrolmentCodeRefused "code_refused",
    EnrolmentCodeExpired "code_expired",
    EnrolmentCodeExhausted "code_exhausted",
    EnrolmentCodeUsed "code_used",
    DeviceRevoked "device_revoked",
    DeviceUnknown "device_unknown",
    UnitForbidden "unit_forbidden",
    RoleForbidden "role_forbidden",
    EditionMissing "edition_missing",
}

/// A parameter of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(untagged)]
pub enum Param {
    Number(#[ts(type = "number")] u64),
    Text(String),
}

impl From<u64> for Param {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Param {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Param {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A failed command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[error("{}", .code.as_str())]
pub struct AppError {
    pub code: Code,
    pub params: BTreeMap<String, Param>,
    /// Empty until the error reaches the border.
    pub trace_id: String,
}

/// What every use case gives.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

impl AppError {
    /// An error without parameters.
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new(), trace_id: String::new() }
    }

    /// The same with one more parameter.
    pub fn with(mut self, name: &str, value: impl Into<Param>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// An error of another room by its stable word. A word that the list does not hold is a fault of this program.
    pub fn of_word(word: &str) -> Self {
        match Code::from_word(word) {
            Some(code) => Self::new(code),
            None => Self::new(Code::Internal).with("cause", word),
        }
    }

    /// Something that is not here.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound).with("what", what)
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<TransportError> for AppError {
    fn from(error: TransportError) -> Self {
        use TransportError as E;
        let status = |code: Code, status: u16| AppError::new(code).with("status", u64::from(status));
        match error {
            E::AddressWrong => Code::AddressWrong.into(),
            E::PlainHttpRefused => Code::PlainHttpRefused.into(),
            E::Unreachable => Code::ServerUnreachable.into(),
            E::LineCut => Code::LineCut.into(),
            E::TimedOut => Code::ServerTimedOut.into(),
            E::CertificateWrong => Code::CertificateWrong.into(),
            E::CertificateName => Code::CertificateName.into(),
            E::CertificateExpired => Code::CertificateExpired.into(),
            E::TlsFailed => Code::TlsFailed.into(),
            E::Redirected { status: code, to_plain_http, to_other_host } => status(Code::RedirectRefused, code)
                .with("to_plain_http", u64::from(to_plain_http))
                .with("to_other_host", u64::from(to_other_host)),
            E::LoginPage { status: code } => status(Code::LoginPage, code),
            E::Html { status: code } => status(Code::AnsweredHtml, code),
            E::ContentType { found } => AppError::new(Code::WrongContentType).with("found", found),
            E::TooLarge { limit_bytes } => AppError::new(Code::AnswerTooLarge).with("limit_bytes", limit_bytes),
            E::Unreadable => Code::AnswerUnreadable.into(),
            E::FormatUnknown => Code::UpdateNeeded.into(),
            E::Busy { retry_after_ms } => {
                AppError::new(Code::ServerBusy).with("retry_after_ms", retry_after_ms.unwrap_or(0))
            }
            E::ServerFull { .. } => Code::ServerDiskFull.into(),
            E::ServerFailed { status: code } => status(Code::ServerFailed, code),
            E::Refused { problem, .. } => refused(problem),
        }
    }
}

/// Codes of the server that a person can do something about; any other is told by its own word.
fn refused(problem: crate::transport::Problem) -> AppError {
    let known = matches!(
        problem.code.as_str(),
        "code_refused"
            | "code_expired"
            | "code_exhausted"
            | "code_used"
            | "device_revoked"
            | "device_unknown"
            | "unit_forbidden"
            | "role_forbidden"
            | "edition_missing"
            | "photo_erased"
    );
    let mut error = match Code::from_word(&problem.code).filter(|_| known) {
        Some(code) => AppError::new(code),
        None => AppError::new(Code::ServerRefused).with("server_code", problem.code),
    };
    for (name, value) in problem.params {
        error = match value.parse::<u64>() {
            Ok(number) => error.with(&name, number),
            Err(_) => error.with(&name, value),
        };
    }
    error.with("server_trace", problem.trace_id)
}

impl From<sync::WireError> for AppError {
    /// Bytes that came from elsewhere and do not hold.
    fn from(error: sync::WireError) -> Self {
        use sync::WireError as E;
        let code = match error {
            E::UnknownFormat { .. } => Code::UpdateNeeded,
            E::BadSignature | E::WrongKey | E::UnknownKey { .. } | E::WrongDevice => Code::AnswerNotSigned,
            _ => Code::AnswerUnreadable,
        };
        AppError::new(code).with("cause", error.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_code_params_and_trace_id() {
        let error = AppError::new(Code::PhotoTooLarge).with("limit_bytes", 16u64 << 20).with("found", "image");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"code":"photo_too_large","params":{"found":"image","limit_bytes":16777216},"trace_id":""}"#
        );
    }

    #[test]
    fn each_code_has_one_word_of_its_own() {
        for code in Code::ALL {
            assert_eq!(Code::from_word(code.as_str()), Some(*code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn a_foreign_word_of_the_server_stays_readable() {
        let problem = |code: &str| crate::transport::Problem {
            code: code.into(),
            params: vec![("held".into(), "7".into())],
            trace_id: "ab".into(),
        };
        let known = refused(problem("code_used"));
        assert_eq!((known.code, known.params["held"].clone()), (Code::EnrolmentCodeUsed, Param::Number(7)));
        let unknown = refused(problem("internal"));
        assert_eq!(unknown.code, Code::ServerRefused);
        assert_eq!(unknown.params["server_code"], Param::Text("internal".into()));
    }
}
