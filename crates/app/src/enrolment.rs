//! What travels on paper or in a file to a new laptop: where the server is, its fingerprint, and a one-time code.

use data_encoding::BASE32_NOPAD;
use serde::Deserialize;
use sync::hash::sha256;

use crate::error::{AppError, Code, Result};

/// Bytes of the SHA-256 of the identity document that people compare.
const FINGERPRINT_BYTES: usize = 20;
/// An enrolment file is a few lines.
pub(crate) const MAX_FILE_BYTES: u64 = 16 * 1024;

/// The fingerprint as people read it: base32 in groups of four.
pub fn fingerprint_of(identity: &[u8]) -> String {
    group(&BASE32_NOPAD.encode(&sha256(identity)[..FINGERPRINT_BYTES]))
}

/// The same text whatever was typed: upper case, groups of four.
///
/// # Errors
/// `fingerprint_wrong_form`.
pub fn read_fingerprint(text: &str) -> Result<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let plain = plain.to_ascii_uppercase();
    match BASE32_NOPAD.decode(plain.as_bytes()) {
        Ok(bytes) if bytes.len() == FINGERPRINT_BYTES => Ok(group(&plain)),
        _ => Err(Code::FingerprintWrongForm.into()),
    }
}

fn group(text: &str) -> String {
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("-")
}

/// The public and the secret part of an enrolment code: eight characters, then thirteen, in Crockford's base 32.
pub(crate) struct EnrolmentCode {
    pub id: String,
    pub secret: String,
}

/// Reads a code as it was typed: any case, dashes and spaces anywhere, letters that look like figures.
///
/// # Errors
/// `enrolment_code_wrong_form`.
pub(crate) fn read_code(text: &str) -> Result<EnrolmentCode> {
    const ID_CHARS: usize = 8;
    const SECRET_CHARS: usize = 13;
    let read = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(read).collect();
    let is_code = plain.len() == ID_CHARS + SECRET_CHARS
        && plain.bytes().all(|byte| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && byte != b'U'));
    if !is_code {
        return Err(Code::EnrolmentCodeWrongForm.into());
    }
    let (id, secret) = plain.split_at(ID_CHARS);
    Ok(EnrolmentCode { id: id.to_owned(), secret: secret.to_owned() })
}

/// An enrolment file: what stands on the paper, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct EnrolmentFile {
    pub server: String,
    pub fingerprint: String,
    pub code: String,
}

impl EnrolmentFile {
    /// # Errors
    /// `enrolment_file_unreadable`, or what is wrong with the part that is.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let file: Self = serde_json::from_slice(bytes)
            .map_err(|_| AppError::new(Code::EnrolmentFileUnreadable).with("at", "json"))?;
        read_code(&file.code)?;
        Ok(Self { fingerprint: read_fingerprint(&file.fingerprint)?, ..file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_people_type_it() {
        let shown = fingerprint_of(b"identity");
        assert_eq!(shown.len(), 8 * 4 + 7);
        assert_eq!(read_fingerprint(&shown.to_lowercase().replace('-', "  ")).unwrap(), shown);
        for wrong in ["", "AAAA", &shown[1..], &shown.replace('-', "?")] {
            assert_eq!(read_fingerprint(wrong).unwrap_err().code, Code::FingerprintWrongForm, "{wrong}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = read_code("abcd-1234 Oi789-ABCDE-fgh").unwrap();
        assert_eq!((code.id.as_str(), code.secret.as_str()), ("ABCD1234", "01789ABCDEFGH"));
        for wrong in ["", "ABCD1234-01789-ABCDE-FG", "ABCD1234-01789-ABCDE-FGHJ", "ABCD1234-0178U-ABCDE-FGH"] {
            assert!(read_code(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_enrolment_file_holds_address_fingerprint_and_code() {
        let fingerprint = fingerprint_of(b"identity");
        let json = format!(
            r#"{{"server":"https://xa.example","fingerprint":"{fingerprint}","code":"ABCD1234-01789-ABCDE-FGH","until":1}}"#
        );
        assert_eq!(EnrolmentFile::parse(json.as_bytes()).unwrap().fingerprint, fingerprint);
        for wrong in ["", "<html>", "{}", r#"{"server":"a","fingerprint":"b","code":"c"}"#] {
            assert!(EnrolmentFile::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
