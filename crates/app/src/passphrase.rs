//! The rule for passphrases and the word that a screen shows while one is typed.
//!
//! TCVN 14423:2026 (level 3) asks for 14 characters, or 8 with a second factor. The device secret in the operating
//! system's keystore is that second factor: without this laptop a passphrase opens nothing. So 8 is the least; where
//! the secret lies in a key file, anyone who copies the folder has both, and 14 is the least.

use serde::{Deserialize, Serialize};
use vault::{MIN_PASSPHRASE_CHARS, SecretStoreKind};

use crate::error::{AppError, Code, Result};

/// The least length where the device secret is no second factor.
pub const MIN_CHARS_ALONE: usize = 14;

/// How a passphrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    TooShort,
    /// Long enough, and one of the first that anyone would try.
    TooCommon,
    Fair,
    Good,
    Strong,
}

/// The least number of characters, by where the device secret lies.
pub fn minimum_chars(secrets: SecretStoreKind) -> usize {
    match secrets {
        SecretStoreKind::OsKeystore => MIN_PASSPHRASE_CHARS,
        SecretStoreKind::KeyFile => MIN_CHARS_ALONE,
    }
}

/// Judges length and variety.
pub fn strength(passphrase: &str, minimum_chars: usize) -> Strength {
    let chars: Vec<char> = passphrase.trim().to_lowercase().chars().collect();
    if passphrase.chars().count() < minimum_chars {
        return Strength::TooShort;
    }
    let mut distinct = chars.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let words = passphrase.split_whitespace().filter(|word| word.chars().count() > 1).count();
    if vault::is_common_passphrase(passphrase) {
        Strength::TooCommon
    } else if (chars.len() >= 20 && distinct.len() >= 8) || (words >= 4 && chars.len() >= 16) {
        Strength::Strong
    } else if chars.len() >= 14 && distinct.len() >= 7 {
        Strength::Good
    } else {
        Strength::Fair
    }
}

/// # Errors
/// `passphrase_too_short` with `minimum_chars`; `passphrase_too_common`.
pub fn check(passphrase: &str, minimum_chars: usize) -> Result<()> {
    match strength(passphrase, minimum_chars) {
        Strength::TooShort => Err(AppError::new(Code::PassphraseTooShort).with("minimum_chars", minimum_chars)),
        Strength::TooCommon => Err(Code::PassphraseTooCommon.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(strength("mưa hạ", 8), Strength::TooShort);
        assert_eq!(strength("mưa hạ đỏ", 8), Strength::Fair);
        assert_eq!(check("mưa hạ đỏ", 14).unwrap_err().params["minimum_chars"], 14usize.into());
    }

    #[test]
    fn what_anyone_tries_first_is_refused() {
        for common in
            ["12345678", "aaaaaaaa", "abcdefghijklmn", "Password123", "mat khau 2026", "congan@123", "11112222"]
        {
            assert_eq!(strength(common, 8), Strength::TooCommon, "{common}");
        }
    }

    #[test]
    fn longer_and_more_varied_is_stronger() {
        assert_eq!(strength("trăng k7 rơi", 8), Strength::Fair);
        assert_eq!(strength("trăng7 rơi xuống", 8), Strength::Good);
        assert_eq!(strength("con trâu vàng ăn mía", 8), Strength::Strong);
    }
}
