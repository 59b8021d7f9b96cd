//! Sort keys: bytes that `memcmp` (and so SQLite's `ORDER BY` on a blob) puts in the order of a Vietnamese reader.
//!
//! Source of the order: the Vietnamese dictionaries. A word is compared by its letters (a ă â b c d đ e ê g h i k l m n
//! o ô ơ p q r s t u ư v x y, with f j w z in their Latin places), then by its tone (ngang huyền hỏi ngã sắc nặng), and
//! only then the next word: `ba`, `ba ba`, `bà`, `bá`. Numbers compare by value and stand before words. Case, normal
//! form, punctuation and the place of the tone mark do not count. Keys are local: never put them on a wire.

use super::letters::{Letter, letters_of};

// The bytes of a key, ascending. Each word is `letters LETTERS_END tones WORD_END`.
const NAME_PART_END: u8 = 0x00;
const WORD_END: u8 = 0x01;
const LETTERS_END: u8 = 0x02;
const NUMBER: u8 = 0x03;
const FIRST_TONE: u8 = 0x04;
const OTHER_MARK: u8 = 0x0F;
const FIRST_LETTER: u8 = 0x10;

const ALPHABET: &[char] = &[
    'a', 'ă', 'â', 'b', 'c', 'd', 'đ', 'e', 'ê', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'ô', 'ơ', 'p', 'q',
    'r', 's', 't', 'u', 'ư', 'v', 'w', 'x', 'y', 'z',
];

/// The sort key of any text: hamlets, streets, notes. `Ấp 2` stands before `Ấp 10`.
pub fn collation_key(text: &str) -> Vec<u8> {
    encode(&tokens_of(&letters_of(text)))
}

/// The sort key of a person: given name (the last word), then surname (the first), then what lies between. Names of
/// peoples without a surname (`Y Đăm Byă`) are sorted the same way: nothing in the text tells them apart.
pub fn collation_key_person(full_name: &str) -> Vec<u8> {
    let letters = letters_of(full_name);
    let mut words: Vec<Vec<u8>> =
        letters.split(Letter::is_space).map(|word| encode(&tokens_of(word))).filter(|key| !key.is_empty()).collect();
    if let Some(given) = words.pop() {
        words.insert(0, given);
    }
    words.into_iter().fold(Vec::new(), |mut key, word| {
        key.extend(word);
        key.push(NAME_PART_END);
        key
    })
}

/// The sort key of a house number: `12/5`, `12/5A`, `12/10`, `101`. A leading `Số`, `Nhà`, `Số nhà` or `SN` before a
/// number does not count.
pub fn natural_key(house_no: &str) -> Vec<u8> {
    let letters = letters_of(house_no);
    let tokens = tokens_of(&letters);
    let named = tokens.iter().take_while(|token| token.is_house_word()).count();
    match tokens.get(named) {
        Some(Token::Number(_)) => encode(&tokens[named..]),
        _ => encode(&tokens),
    }
}

enum Token<'a> {
    Word(&'a [Letter]),
    Number(&'a [Letter]),
}

impl Token<'_> {
    fn is_house_word(&self) -> bool {
        let Token::Word(letters) = self else { return false };
        matches!(letters.iter().map(Letter::bare).collect::<String>().as_str(), "so" | "nha" | "sn")
    }

    fn encode_into(&self, key: &mut Vec<u8>) {
        match self {
            Token::Word(letters) => encode_word(letters, key),
            Token::Number(digits) => encode_number(digits, key),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Apostrophe,
    Break,
}

fn kind_of(letter: &Letter) -> Kind {
    match letter.base {
        '\'' => Kind::Apostrophe,
        c if c.is_ascii_digit() => Kind::Digit,
        c if c.is_alphanumeric() => Kind::Letter,
        _ => Kind::Break,
    }
}

/// Words and numbers; an apostrophe lies inside its word, everything else parts them.
fn tokens_of(letters: &[Letter]) -> Vec<Token<'_>> {
    let same_token = |a: &Letter, b: &Letter| match (kind_of(a), kind_of(b)) {
        (Kind::Digit, Kind::Digit) => true,
        (a, b) => [a, b].iter().all(|kind| matches!(kind, Kind::Letter | Kind::Apostrophe)),
    };
    letters
        .chunk_by(same_token)
        .filter_map(|run| match kind_of(&run[0]) {
            Kind::Digit => Some(Token::Number(run)),
            Kind::Break => None,
            Kind::Letter | Kind::Apostrophe => run.iter().any(|l| l.base != '\'').then_some(Token::Word(run)),
        })
        .collect()
}

fn encode(tokens: &[Token<'_>]) -> Vec<u8> {
    let mut key = Vec::new();
    for token in tokens {
        token.encode_into(&mut key);
    }
    key
}

fn encode_word(letters: &[Letter], key: &mut Vec<u8>) {
    let mut second = Vec::new();
    for letter in letters.iter().filter(|letter| letter.base != '\'') {
        let (alphabetic, has_other_marks) = alphabetic_letter(letter);
        match ALPHABET.iter().position(|&held| held == alphabetic) {
            Some(at) => key.push(FIRST_LETTER + at as u8),
            // UTF-8 beyond ASCII begins at 0xC2: after every letter of the alphabet.
            None => key.extend(alphabetic.encode_utf8(&mut [0; 4]).bytes()),
        }
        second.extend(letter.tone.map(|tone| FIRST_TONE + tone as u8 - 1));
        if has_other_marks {
            second.push(OTHER_MARK);
        }
    }
    key.push(LETTERS_END);
    key.extend(second);
    key.push(WORD_END);
}

/// The letter as the alphabet lists it, and whether it carries a mark the alphabet does not know.
fn alphabetic_letter(letter: &Letter) -> (char, bool) {
    let composed = |mark| match (letter.base, mark) {
        ('a', '\u{306}') => Some('ă'),
        ('a', '\u{302}') => Some('â'),
        ('e', '\u{302}') => Some('ê'),
        ('o', '\u{302}') => Some('ô'),
        ('o', '\u{31B}') => Some('ơ'),
        ('u', '\u{31B}') => Some('ư'),
        _ => None,
    };
    match letter.marks.iter().find_map(|&mark| composed(mark)) {
        Some(c) => (c, letter.marks.len() > 1),
        None => (letter.base, !letter.marks.is_empty()),
    }
}

/// `NUMBER length digits`, without leading zeros; a length from 255 on takes several bytes.
fn encode_number(digits: &[Letter], key: &mut Vec<u8>) {
    let zeros = digits.iter().take_while(|digit| digit.base == '0').count();
    let significant = &digits[zeros..];
    key.push(NUMBER);
    let mut length = significant.len();
    while length >= 255 {
        key.push(255);
        length -= 255;
    }
    key.push(length as u8);
    key.extend(significant.iter().map(|digit| digit.base as u8));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn assert_ascending(key: fn(&str) -> Vec<u8>, texts: &[&str]) {
        for pair in texts.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{:?} before {:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn letters_stand_in_the_order_of_the_alphabet() {
        let alphabet = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y";
        assert_ascending(collation_key, &alphabet.split(' ').collect::<Vec<_>>());
    }

    #[test]
    fn tones_stand_in_the_order_of_the_dictionaries() {
        assert_ascending(collation_key, &["hoa", "hòa", "hỏa", "hõa", "hóa", "họa"]);
        assert_ascending(collation_key, &["ma", "mà", "mả", "mã", "má", "mạ", "mac", "mă", "mâ", "mầ", "mấ"]);
        assert_ascending(collation_key, &["na", "nạ", "ña", "nă"]);
    }

    #[test]
    fn words_are_compared_one_after_the_other() {
        assert_ascending(collation_key, &["ba", "ba ba", "ba hoa", "bà", "bà con", "bá", "bác", "bắc", "bậc"]);
        assert_ascending(
            collation_key,
            &["Ấp 2", "Ấp 10", "Ấp Bình Hòa", "Ấp Bình Hưng", "Đội 1", "Thôn 3", "Thôn An"],
        );
    }

    #[test]
    fn people_are_sorted_by_given_name_then_surname_then_middle() {
        assert_ascending(
            collation_key_person,
            &[
                "",
                "An",
                "Lê Thị An",
                "Nguyễn An",
                "Nguyễn Thị An",
                "Nguyễn Văn An",
                "Lê Anh",
                "An Anh-Bê",
                "Nguyễn Văn Ân",
                "Trần Bình",
                "Y Đăm Byă",
                "Lê Dung",
                "An Đức",
                "H'Mai",
                "Phạm Hoa",
                "Bùi Hòa",
                "Lê Hóa",
                "Đặng Văn Mạnh",
            ],
        );
    }

    #[test]
    fn house_numbers_are_sorted_as_one_walks() {
        assert_ascending(
            natural_key,
            &[
                "", "1", "2", "9", "10", "12", "12/5", "12/5A", "12/5B", "12/10", "12A", "12A/1", "101", "Lô A2",
                "Lô A10",
            ],
        );
    }

    #[test]
    fn what_a_reader_takes_for_the_same_has_the_same_key() {
        assert_eq!(natural_key("Số 12"), natural_key("12"));
        assert_eq!(natural_key("Số nhà 12/5a"), natural_key("12/5A"));
        assert_eq!(natural_key("012"), natural_key("12"));
        assert_ne!(natural_key("Nhà trọ Sở"), natural_key("trọ"));
        assert_eq!(collation_key("Hoà Bình"), collation_key("HÒA  BÌNH"));
        assert_eq!(collation_key_person("H\u{2019}Mai Niê"), collation_key_person("HMAI NIE\u{302}"));
        assert_ne!(collation_key("Byă"), collation_key("Ƀyă"));
    }

    #[test]
    fn a_number_longer_than_any_byte_keeps_its_place() {
        let key = |digits: usize| natural_key(&"9".repeat(digits));
        assert!(key(253) < key(254) && key(254) < key(255) && key(255) < key(256) && key(509) < key(510));
        assert!(key(510) < natural_key(&format!("1{}", "0".repeat(510))));
    }

    proptest! {
        #[test]
        fn numbers_are_sorted_by_value(a in any::<u64>(), b in any::<u64>(), c in 0u32..2000, d in 0u32..2000) {
            prop_assert_eq!(natural_key(&a.to_string()).cmp(&natural_key(&b.to_string())), a.cmp(&b));
            let (x, y) = (format!("{c}/{d}"), format!("{d}/{c}"));
            prop_assert_eq!(natural_key(&x).cmp(&natural_key(&y)), (c, d).cmp(&(d, c)));
        }

        #[test]
        fn keys_do_not_see_case_or_normal_form(text in "[a-zđăâêôơưàáảãạầấẩẫậ0-9/ '-]{0,24}") {
            let nfd: String = text.to_uppercase().nfd().collect();
            prop_assert_eq!(collation_key(&nfd), collation_key(&text));
            prop_assert_eq!(natural_key(&nfd), natural_key(&text));
            prop_assert_eq!(collation_key_person(&nfd), collation_key_person(&text));
        }

        #[test]
        fn a_text_stands_before_its_own_continuation(text in any::<String>(), more in "[a-z]{1,5}") {
            let longer = format!("{text} {more}");
            prop_assert!(collation_key(&text) < collation_key(&longer));
        }

        #[test]
        fn a_difference_in_letters_outweighs_every_tone(
            a in "[abcdeghiklmnopqrstuvxy]{1,6}",
            b in "[abcdeghiklmnopqrstuvxy]{1,6}",
            tones in prop::sample::select(vec!["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"]),
        ) {
            prop_assume!(a != b);
            let toned = |word: &str| word.replace('a', &format!("a{tones}"));
            prop_assert_eq!(collation_key(&toned(&a)).cmp(&collation_key(&b)), a.cmp(&b));
        }
    }
}
