//! Text typed or read by a person comes in here: trimmed, NFC, and without anything that cannot be seen.
//!
//! Refuses, with a code and the place, rather than dropping a character silently: a hidden character in a name is
//! either damage or a trick, and both want an eye.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::characters::{is_bidi_control, is_invisible, is_unreadable};

/// Longest name of a person, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// Longest value of any other field of one line (address, occupation), in characters.
pub const MAX_FIELD_CHARS: usize = 500;
/// Longest note, in characters.
pub const MAX_NOTE_CHARS: usize = 4000;

/// Why a text was refused. `position` counts characters from 0 in the text as it was given; `code_point` is written
/// `U+200B`. Neither holds what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum TextError {
    /// Longer than the field allows, after trimming and NFC.
    #[error("the text has {length} characters, the limit is {limit}")]
    TextTooLong { limit: u32, length: u32 },
    /// A control character, or a line break where one line is asked for.
    #[error("control character {code_point} at {position}")]
    TextControlCharacter { code_point: String, position: u32 },
    /// A character that turns the reading direction.
    #[error("bidi control {code_point} at {position}")]
    TextBidiControl { code_point: String, position: u32 },
    /// A zero-width or otherwise invisible character.
    #[error("invisible character {code_point} at {position}")]
    TextInvisibleCharacter { code_point: String, position: u32 },
    /// A sign of text already lost: the replacement character, private use, noncharacters.
    #[error("unreadable character {code_point} at {position}")]
    TextUnreadableCharacter { code_point: String, position: u32 },
}

impl TextError {
    /// The stable code, as it stands in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TextTooLong { .. } => "text_too_long",
            Self::TextControlCharacter { .. } => "text_control_character",
            Self::TextBidiControl { .. } => "text_bidi_control",
            Self::TextInvisibleCharacter { .. } => "text_invisible_character",
            Self::TextUnreadableCharacter { .. } => "text_unreadable_character",
        }
    }
}

/// One line of text: trimmed, NFC, every kind of space an ordinary one; at most `max_chars` characters.
pub fn clean_input(text: &str, max_chars: usize) -> Result<String, TextError> {
    refuse_characters(text.trim_end(), false)?;
    finish(text, max_chars)
}

/// A note of several lines: as [`clean_input`], but tabs and line breaks stay, the latter as `\n`.
pub fn clean_note(text: &str, max_chars: usize) -> Result<String, TextError> {
    refuse_characters(text.trim_end(), true)?;
    finish(&text.replace("\r\n", "\n").replace('\r', "\n"), max_chars)
}

fn refuse_characters(text: &str, allows_lines: bool) -> Result<(), TextError> {
    let leading = text.len() - text.trim_start().len();
    for (position, (at, c)) in (0u32..).zip(text.char_indices()) {
        if at < leading {
            continue;
        }
        let code_point = || format!("U+{:04X}", c as u32);
        if allows_lines && matches!(c, '\n' | '\r' | '\t') {
            continue;
        } else if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            return Err(TextError::TextControlCharacter { code_point: code_point(), position });
        } else if is_bidi_control(c) {
            return Err(TextError::TextBidiControl { code_point: code_point(), position });
        } else if is_invisible(c) {
            return Err(TextError::TextInvisibleCharacter { code_point: code_point(), position });
        } else if is_unreadable(c) {
            return Err(TextError::TextUnreadableCharacter { code_point: code_point(), position });
        }
    }
    Ok(())
}

fn finish(text: &str, max_chars: usize) -> Result<String, TextError> {
    let plain_space = |c: char| if c.is_whitespace() && !matches!(c, '\n' | '\t') { ' ' } else { c };
    let clean: String = text.trim().chars().map(plain_space).nfc().collect();
    let length = clean.chars().count();
    if length > max_chars {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        return Err(TextError::TextTooLong { limit: count(max_chars), length: count(length) });
    }
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn typed_text_is_trimmed_and_composed() {
        assert_eq!(clean_input("  Nguye\u{302}\u{303}n Văn\u{A0}An \n", 200).unwrap(), "Nguyễn Văn An");
        assert_eq!(clean_input("", 200).unwrap(), "");
        assert_eq!(clean_input("\n Lan", 200).unwrap(), "Lan");
        assert_eq!(clean_input("H’Mai", 200).unwrap(), "H’Mai");
    }

    #[test]
    fn hidden_characters_are_refused_with_code_and_place() {
        let cases = [
            ("Lan\u{0}", "text_control_character", "U+0000", 3),
            ("Lan\nAnh", "text_control_character", "U+000A", 3),
            ("Lan\u{1B}[31m", "text_control_character", "U+001B", 3),
            ("a\u{2028}b", "text_control_character", "U+2028", 1),
            ("  \u{202E}naL", "text_bidi_control", "U+202E", 2),
            ("a\u{200F}", "text_bidi_control", "U+200F", 1),
            ("a\u{2067}", "text_bidi_control", "U+2067", 1),
            ("a\u{200B}b", "text_invisible_character", "U+200B", 1),
            ("\u{FEFF}ab", "text_invisible_character", "U+FEFF", 0),
            ("a\u{AD}b", "text_invisible_character", "U+00AD", 1),
            ("Nguy\u{FFFD}n", "text_unreadable_character", "U+FFFD", 4),
            ("\u{E001}", "text_unreadable_character", "U+E001", 0),
            ("a\u{1FFFE}", "text_unreadable_character", "U+1FFFE", 1),
        ];
        for (text, code, point, place) in cases {
            let error = clean_input(text, 200).unwrap_err();
            assert_eq!(error.code(), code, "{text:?}");
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["code"], code);
            assert_eq!(json["params"]["code_point"], point);
            assert_eq!(json["params"]["position"], place);
        }
    }

    #[test]
    fn the_limit_counts_composed_characters() {
        assert!(clean_input("e\u{302}\u{303}", 1).is_ok());
        let error = clean_input("Lan Anh", 3).unwrap_err();
        assert_eq!(error, TextError::TextTooLong { limit: 3, length: 7 });
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"code":"text_too_long","params":{"limit":3,"length":7}}"#
        );
        assert_eq!(error.code(), "text_too_long");
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(clean_note(" một\r\nhai\rba\tbốn ", 4000).unwrap(), "một\nhai\nba\tbốn");
        assert_eq!(clean_note("a\u{0}b", 4000).unwrap_err().code(), "text_control_character");
        assert_eq!(clean_note("a\u{200D}b", 4000).unwrap_err().code(), "text_invisible_character");
    }

    proptest! {
        #[test]
        fn clean_text_stays_as_it_is(text in any::<String>()) {
            if let Ok(clean) = clean_input(&text, 1000) {
                prop_assert_eq!(clean_input(&clean, 1000), Ok(clean.clone()));
            }
            if let Ok(clean) = clean_note(&text, 1000) {
                prop_assert_eq!(clean_note(&clean, 1000), Ok(clean.clone()));
            }
        }
    }
}
