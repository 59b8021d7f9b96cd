//! Recognises text of the time before Unicode, so that the refusal can name it. Converts nothing: whoever brings an old
//! file turns it into UTF-8 first.

use serde::Serialize;

use super::error::ExtractError;

/// What a text that is not what it should be seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodingHint {
    /// What Excel calls "Unicode text".
    Utf16,
    /// TCVN 5712:1993, the `.VnTime` fonts (ABC).
    Tcvn3,
    /// The `VNI-Times` fonts.
    Vni,
    Unknown,
}

/// What bytes that are not UTF-8 seem to be.
pub(super) fn hint_of_bytes(bytes: &[u8]) -> EncodingHint {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || bytes.contains(&0) {
        return EncodingHint::Utf16;
    }
    let as_latin1: String = bytes.iter().copied().map(char::from).collect();
    hint_of_old_letters(&as_latin1)
}

/// TCVN3 puts letters where Latin-1 has signs (`NguyÔn V¨n`), VNI writes a vowel and its mark as two letters
/// (`Nguyeãn Vaên`).
fn hint_of_old_letters(text: &str) -> EncodingHint {
    let signs = text.chars().filter(|c| matches!(c, '\u{A1}'..='\u{BF}')).count();
    let pairs = vowel_pairs(text);
    match signs.cmp(&pairs) {
        std::cmp::Ordering::Greater => EncodingHint::Tcvn3,
        std::cmp::Ordering::Less => EncodingHint::Vni,
        std::cmp::Ordering::Equal => EncodingHint::Unknown,
    }
}

/// `a` or `e` before a marked letter: no Vietnamese word has it, every text in VNI is full of it.
fn vowel_pairs(text: &str) -> usize {
    let marked = |c: char| matches!(c, '\u{C0}'..='\u{FF}');
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(a, b)| matches!(a, 'a' | 'A' | 'e' | 'E') && marked(*b)).count()
}

/// Latin-1 beyond ASCII that no Vietnamese name has.
fn is_foreign_sign(c: char) -> bool {
    matches!(c, '\u{A1}'..='\u{FF}') && !"ÀÁÂÃÈÉÊÌÍÐÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý´·".contains(c)
}

/// Watches a file for rows that are not UTF-8, and for the letters of an old font pasted as if they were Unicode.
#[derive(Default)]
pub(super) struct OldLetterWatch {
    /// Rows whose name has a letter beyond ASCII, or that are not UTF-8.
    marked: usize,
    odd: usize,
    tcvn3: usize,
    /// The first row that is not UTF-8, and what it seems to be.
    not_utf8: Option<(u64, EncodingHint)>,
}

impl OldLetterWatch {
    /// Rows looked at before a verdict is given in the middle of a file.
    const SAMPLE: usize = 200;

    pub(super) fn look_at(&mut self, name: &str) {
        if name.is_ascii() {
            return;
        }
        self.marked += 1;
        if name.chars().any(is_foreign_sign) || vowel_pairs(name) > 0 {
            self.odd += 1;
            self.tcvn3 += usize::from(name.chars().any(|c| matches!(c, '\u{A1}'..='\u{BF}')));
        }
    }

    pub(super) fn count_not_utf8(&mut self, line: u64, hint: EncodingHint) {
        self.marked += 1;
        self.odd += 1;
        self.not_utf8.get_or_insert((line, hint));
    }

    /// Refuses the file where more than half of the rows with marks are odd. A foreigner's name, or one damaged row, is
    /// one among many.
    pub(super) fn verdict(&self, at_end: bool) -> Option<ExtractError> {
        if (!at_end && self.marked != Self::SAMPLE) || self.odd * 2 <= self.marked {
            return None;
        }
        if let Some((line, hint)) = self.not_utf8 {
            return Some(ExtractError::NotUtf8 { line, hint });
        }
        let hint = if self.tcvn3 * 4 > self.odd { EncodingHint::Tcvn3 } else { EncodingHint::Vni };
        (self.marked >= 3).then_some(ExtractError::OldEncoding { hint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_old_files_are_named() {
        let latin1 = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let cases = [
            (latin1("NguyÔn V¨n Hïng,TrÇn ThÞ Mü,Th«n §«ng"), EncodingHint::Tcvn3),
            (latin1("Nguyeãn Vaên Huøng,Traàn Thò Myõ,Thoân Ñoâng"), EncodingHint::Vni),
            (vec![0xFF, 0xFE, b'N', 0], EncodingHint::Utf16),
            (vec![0x81, 0x82], EncodingHint::Unknown),
        ];
        for (bytes, hint) in cases {
            assert_eq!(hint_of_bytes(&bytes), hint);
        }
    }

    #[test]
    fn names_in_unicode_are_never_suspected() {
        let mut watch = OldLetterWatch::default();
        for name in ["Nguyễn Văn Hùng", "Trần Thị Hoà", "Hoàng Thuý Loan", "H´Mai Êban", "Müller", "Y Đăm Byă"]
        {
            watch.look_at(name);
        }
        assert!(watch.verdict(true).is_none());
    }

    #[test]
    fn old_letters_in_utf8_are_named() {
        let cases = [
            (["NguyÔn V¨n An", "TrÇn ThÞ Lan", "Lª V¨n Tó"], EncodingHint::Tcvn3),
            (["Nguyeãn Vaên An", "Traàn Thò Lan", "Leâ Vaên Tuù"], EncodingHint::Vni),
        ];
        for (names, hint) in cases {
            let mut watch = OldLetterWatch::default();
            names.iter().for_each(|name| watch.look_at(name));
            assert_eq!(watch.verdict(true).unwrap().params(), serde_json::json!({ "hint": hint }));
        }
    }
}
