//! A text as a row of letters, each with its marks and its tone apart. What comparison and collation both read.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::characters::{is_dark_control, is_invisible, unify};

/// A tone mark, in the order of the dictionaries. The level tone has no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    Huyen = 1,
    Hoi = 2,
    Nga = 3,
    Sac = 4,
    Nang = 5,
}

/// A letter in lower case: `ậ` is base `a`, the circumflex among the marks, tone `Nang`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub base: char,
    /// Everything but the tone, sorted, so that typing order does not matter.
    pub marks: Vec<char>,
    pub tone: Option<Tone>,
}

impl Letter {
    fn plain(base: char) -> Self {
        Self { base, marks: Vec::new(), tone: None }
    }

    pub(super) fn is_vowel(&self) -> bool {
        matches!(self.base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
    }

    pub(super) fn is_space(&self) -> bool {
        self.base == ' ' && self.marks.is_empty()
    }

    /// The letter without any mark, `đ` as `d`.
    pub(super) fn bare(&self) -> char {
        if self.base == 'đ' { 'd' } else { self.base }
    }

    fn add_mark(&mut self, mark: char) {
        match tone_of(mark) {
            Some(tone) if self.tone.is_none() && self.is_vowel() => self.tone = Some(tone),
            _ => {
                let at = self.marks.partition_point(|&held| held <= mark);
                self.marks.insert(at, mark);
            }
        }
    }
}

fn tone_of(mark: char) -> Option<Tone> {
    match mark {
        '\u{300}' => Some(Tone::Huyen),
        '\u{309}' => Some(Tone::Hoi),
        '\u{303}' => Some(Tone::Nga),
        '\u{301}' => Some(Tone::Sac),
        '\u{323}' => Some(Tone::Nang),
        _ => None,
    }
}

/// The letters of a text in lower case. Invisible characters are left out, apostrophes and dashes have one spelling,
/// a run of spaces is one space, spaces at the ends are gone. Normal form does not show.
pub(super) fn letters_of(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    for c in text.nfd().map(unify).flat_map(char::to_lowercase) {
        if is_invisible(c) || is_dark_control(c) {
            continue;
        }
        match letters.last_mut() {
            Some(letter) if canonical_combining_class(c) != 0 => letter.add_mark(c),
            Some(letter) if c == ' ' && letter.is_space() => {}
            None if c == ' ' => {}
            _ => letters.push(lone_letter(c)),
        }
    }
    if letters.last().is_some_and(Letter::is_space) {
        letters.pop();
    }
    letters
}

/// `ƀ` of Bahnar and Êđê names does not decompose: it is read as `b` with a stroke.
fn lone_letter(c: char) -> Letter {
    match c {
        'ƀ' => Letter { base: 'b', marks: vec!['\u{335}'], tone: None },
        _ => Letter::plain(c),
    }
}
