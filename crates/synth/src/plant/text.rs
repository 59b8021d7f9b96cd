//! Slips of the pen and of the keyboard: each function spoils one text and returns `None` where the
//! text gives no occasion for it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::rng::Rng;

/// Places of the tone mark in an open syllable: old and new style.
const TONE_PLACES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// Letters that dialects take for one another: at the start of a syllable.
const HEADS: [(&str, &str); 8] =
    [("S", "X"), ("X", "S"), ("Tr", "Ch"), ("Ch", "Tr"), ("N", "L"), ("L", "N"), ("Gi", "D"), ("V", "D")];

/// Letters that dialects take for one another: at its end.
const TAILS: [(&str, &str); 8] =
    [("ng", "n"), ("n", "ng"), ("t", "c"), ("c", "t"), ("y", "i"), ("ỹ", "ĩ"), ("ý", "í"), ("i", "y")];

/// The text without any mark above, below or through its letters, Đ as D.
pub fn plain_letters(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c));
    bare.map(|c| match c {
        'Đ' => 'D',
        'đ' => 'd',
        c => c,
    })
    .collect()
}

/// One syllable loses its tone, its hat or its bar: `Hồng` → `Hông`, `Đức` → `Dức`.
pub fn lose_mark(rng: &mut Rng, name: &str) -> Option<String> {
    let without = |lose: fn(&str) -> String| {
        move |_: &mut Rng, syllable: &str| {
            let lost = lose(syllable);
            (lost != syllable).then_some(lost)
        }
    };
    let tone_lost = if rng.chance(6_000) { spoil_syllable(rng, name, without(plain_tone)) } else { None };
    tone_lost.or_else(|| spoil_syllable(rng, name, without(plain_letters)))
}

/// The text without tones; hats, horns and bars stay.
fn plain_tone(text: &str) -> String {
    let is_tone = |c: &char| matches!(*c as u32, 0x300 | 0x301 | 0x303 | 0x309 | 0x323);
    text.nfd().filter(|c| !is_tone(c)).nfc().collect()
}

/// One syllable is written as it sounds in another dialect: `Sương` → `Xương`, `Hoàng` → `Hoàn`.
pub fn misspell(rng: &mut Rng, name: &str) -> Option<String> {
    let spoilt = spoil_syllable(rng, name, |rng, syllable| {
        let heads = HEADS.iter().filter_map(|(from, to)| Some(format!("{to}{}", head_rest(syllable, from)?)));
        let tails = TAILS
            .iter()
            .filter(|(from, _)| *from != "n" || !syllable.ends_with("nn"))
            .filter_map(|(from, to)| Some(format!("{}{to}", syllable.strip_suffix(from)?)));
        let choices: Vec<String> = heads.chain(tails).filter(|text| text.chars().count() > 1).collect();
        (!choices.is_empty()).then(|| choices[rng.below(choices.len() as u32) as usize].clone())
    })?;
    (plain_letters(&spoilt) != plain_letters(name)).then_some(spoilt)
}

/// The rest of a syllable that begins with `from`; a bare `N` or `L` is not the head of `Ng`, `Nh`.
fn head_rest<'a>(syllable: &'a str, from: &str) -> Option<&'a str> {
    let rest = syllable.strip_prefix(from)?;
    let next = plain_letters(rest).chars().next()?;
    let is_vowel = "aeiouy".contains(next);
    is_vowel.then_some(rest)
}

/// The name in capitals or, now and then, in small letters.
pub fn change_case(rng: &mut Rng, name: &str) -> Option<String> {
    let changed = if rng.chance(7_500) { name.to_uppercase() } else { name.to_lowercase() };
    (changed != name).then_some(changed)
}

/// The same letters, each mark as a character of its own (NFD).
pub fn decompose(name: &str) -> Option<String> {
    let decomposed: String = name.nfd().collect();
    (decomposed != name).then_some(decomposed)
}

/// `Hòa` ↔ `Hoà`: the tone mark sits on the other vowel.
pub fn move_tone(rng: &mut Rng, name: &str) -> Option<String> {
    spoil_syllable(rng, name, |_, syllable| {
        // After q the u is no vowel: `Quý` has one way to be written.
        if syllable.starts_with(['Q', 'q']) {
            return None;
        }
        TONE_PLACES.iter().find_map(|(old, new)| {
            let swap = |from: &str, to: &str| syllable.strip_suffix(from).map(|head| format!("{head}{to}"));
            swap(old, new).or_else(|| swap(new, old))
        })
    })
}

/// A digit slips in: `H0ng`, `Lan2`.
pub fn slip_in_digit(rng: &mut Rng, name: &str) -> Option<String> {
    for (letter, digit) in [("o", "0"), ("i", "1")] {
        if name.contains(letter) && rng.chance(5_000) {
            return Some(name.replacen(letter, digit, 1));
        }
    }
    Some(format!("{name}{}", rng.range(1, 9)))
}

/// Two neighbouring digits of the last six change places, or one of them is another.
pub fn mistype_digits(rng: &mut Rng, number: &str) -> Option<String> {
    let mut digits = number.as_bytes().to_vec();
    let at = digits.len().checked_sub(6)? + rng.below(5) as usize;
    if digits[at] == digits[at + 1] {
        digits[at] = b'0' + (digits[at] - b'0' + 1 + rng.below(9) as u8) % 10;
    } else {
        digits.swap(at, at + 1);
    }
    String::from_utf8(digits).ok()
}

/// Tries the syllables in a random order until one can be spoilt.
fn spoil_syllable(
    rng: &mut Rng,
    name: &str,
    mut spoil: impl FnMut(&mut Rng, &str) -> Option<String>,
) -> Option<String> {
    let syllables: Vec<&str> = name.split(' ').collect();
    let start = rng.below(syllables.len() as u32) as usize;
    for step in 0..syllables.len() {
        let at = (start + step) % syllables.len();
        if let Some(spoilt) = spoil(rng, syllables[at]) {
            let mut all: Vec<&str> = syllables.clone();
            all[at] = &spoilt;
            return Some(all.join(" "));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rng() -> Rng {
        Rng::new(4, "text")
    }

    #[test]
    fn lost_mark_keeps_the_letters() {
        for name in ["Nguyễn Văn Đức", "Trần Thị Hồng", "Y Đăm Byă"] {
            let spoilt = lose_mark(&mut rng(), name).unwrap();
            assert_ne!(spoilt, name);
            assert_eq!(plain_letters(&spoilt), plain_letters(name));
        }
        assert_eq!(lose_mark(&mut rng(), "Lan"), None);
    }

    #[test]
    fn misspelt_name_changes_the_letters() {
        for name in ["Lê Thị Sương", "Võ Hoàng", "Trần Minh", "Nguyễn Thị Mỹ"] {
            let spoilt = misspell(&mut rng(), name).unwrap();
            assert_ne!(plain_letters(&spoilt), plain_letters(name));
        }
    }

    #[test]
    fn tone_moves_only_in_open_syllables() {
        assert_eq!(move_tone(&mut rng(), "Lê Hòa").as_deref(), Some("Lê Hoà"));
        assert_eq!(move_tone(&mut rng(), "Thúy").as_deref(), Some("Thuý"));
        assert_eq!(move_tone(&mut rng(), "Quý Hoàng"), None);
    }

    #[test]
    fn case_and_encoding_say_the_same_name() {
        let name = "Đặng Thị Thủy";
        let cased = change_case(&mut rng(), name).unwrap();
        assert_eq!(cased.to_lowercase(), name.to_lowercase());
        assert_eq!(decompose(name).unwrap().nfc().collect::<String>(), name);
        assert_eq!(decompose("Lan"), None);
    }

    #[test]
    fn mistyped_number_keeps_its_meaningful_half() {
        let mut rng = rng();
        for _ in 0..200 {
            let number = format!("070087{}", rng.digits(6));
            let spoilt = mistype_digits(&mut rng, &number).unwrap();
            assert_ne!(spoilt, number);
            assert_eq!(spoilt[..6], number[..6]);
        }
    }
}
