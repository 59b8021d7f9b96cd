//! How two spellings of a name differ.
//!
//! Owns the classes and their order. Refuses to say which of the two is right.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::letters::{Letter, letters_of};

/// How two names differ, the mildest first. Each class allows what the classes before it allow. The numbers are wire:
/// do not modify, only add.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum NameDifference {
    /// The same characters.
    #[n(0)]
    Identical,
    /// Upper and lower case.
    #[n(1)]
    Case,
    /// What the eye does not see: NFC and NFD, apostrophe variants, invisible characters, more than one space, a look
    /// alike of Đ.
    #[n(2)]
    Encoding,
    /// The same tone on another vowel of the same syllable: `hòa` and `hoà`, `thúy` and `thuý`. The same word.
    #[n(3)]
    TonePlacement,
    /// The same letters, other marks: `Hoa` and `Hòa`. A real error.
    #[n(4)]
    DiacriticsOnly,
    /// Few letters differ: with the marks taken off and spaces not counted in the length, one insertion, deletion,
    /// replacement or swap of neighbours in a name of 4 to 10 letters, up to two in a longer one.
    #[n(5)]
    Spelling,
    /// Anything else. A name of up to three letters is another name as soon as one letter differs.
    #[n(6)]
    Different,
}

impl NameDifference {
    /// Whether the two may be taken as the same name without a person deciding. Source: the rule that only the first
    /// four classes clear themselves; a difference in diacritics is a real one.
    pub fn clears_itself(self) -> bool {
        self <= Self::TonePlacement
    }
}

/// The mildest class that explains the difference. Symmetric.
pub fn compare_names(a: &str, b: &str) -> NameDifference {
    if a == b {
        return NameDifference::Identical;
    }
    if a.to_lowercase() == b.to_lowercase() {
        return NameDifference::Case;
    }
    let (a, b) = (letters_of(a), letters_of(b));
    if a == b {
        NameDifference::Encoding
    } else if differ_in_tone_placement(&a, &b) {
        NameDifference::TonePlacement
    } else {
        compare_bare_letters(&a, &b)
    }
}

/// Same letters and marks, and in every run of vowels the same tones in the same order. A tone that moves across a
/// consonant belongs to another syllable and makes another word.
fn differ_in_tone_placement(a: &[Letter], b: &[Letter]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| a.base == b.base && a.marks == b.marks)
        && a.chunk_by(both_vowels).zip(b.chunk_by(both_vowels)).all(|(a, b)| {
            let tones_of = |run: &[Letter]| run.iter().filter_map(|letter| letter.tone).collect::<Vec<_>>();
            tones_of(a) == tones_of(b)
        })
}

fn both_vowels(a: &Letter, b: &Letter) -> bool {
    a.is_vowel() && b.is_vowel()
}

fn compare_bare_letters(a: &[Letter], b: &[Letter]) -> NameDifference {
    let bare = |letters: &[Letter]| letters.iter().map(Letter::bare).collect::<Vec<_>>();
    let (a, b) = (bare(a), bare(b));
    if a == b {
        return NameDifference::DiacriticsOnly;
    }
    let length = |letters: &[char]| letters.iter().filter(|&&c| c != ' ').count();
    let allowed = match length(&a).max(length(&b)) {
        0..=3 => 0,
        4..=10 => 1,
        _ => 2,
    };
    if a.len().abs_diff(b.len()) <= allowed && edit_distance(&a, &b) <= allowed {
        NameDifference::Spelling
    } else {
        NameDifference::Different
    }
}

/// Optimal string alignment: insertion, deletion, replacement, swap of neighbours, each one.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use NameDifference::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const CASES: &[(&str, &str, NameDifference)] = &[
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa", Identical),
        ("", "", Identical),
        ("Nguyễn Thị Hòa", "NGUYỄN THỊ HÒA", Case),
        ("đặng văn Đức", "Đặng Văn Đức", Case),
        ("Nguyễn", "Nguye\u{302}\u{303}n", Encoding),
        ("NGUYỄN", "nguye\u{302}\u{303}n", Encoding),
        ("H'Mai", "H\u{2019}Mai", Encoding),
        ("H'Mai", "H\u{2BC}Mai", Encoding),
        ("Lê  Văn An", "Lê Văn An", Encoding),
        ("Lê Văn An ", "Lê Văn An", Encoding),
        ("Lê Văn\u{A0}An", "Lê Văn An", Encoding),
        ("Lê Văn\u{200B} An", "Lê Văn An", Encoding),
        ("\u{FEFF}Lê Văn An", "Lê Văn An", Encoding),
        ("\u{D0}ặng", "Đặng", Encoding),
        ("Nguyễn Anh–Thư", "Nguyễn Anh-Thư", Encoding),
        ("Nguyễn", "Nguye\u{303}\u{302}n", Encoding),
        ("Ê\u{306}ban", "E\u{306}\u{302}ban", Encoding),
        ("Hòa", "Hoà", TonePlacement),
        ("Thúy", "Thuý", TonePlacement),
        ("Khỏe", "Khoẻ", TonePlacement),
        ("Qúy", "Quý", TonePlacement),
        ("NGUYỄN THỊ HOÀ", "Nguyễn  Thị Ho\u{300}a", TonePlacement),
        ("Hoa", "Hòa", DiacriticsOnly),
        ("Hoá", "Hoà", DiacriticsOnly),
        ("An", "Ân", DiacriticsOnly),
        ("Đung", "Dung", DiacriticsOnly),
        ("Y Ƀyă", "Y Byă", DiacriticsOnly),
        ("Ála", "Alá", DiacriticsOnly),
        ("Nguyen Thi Hoa", "Nguyễn Thị Hòa", DiacriticsOnly),
        ("Nguyễn Văn Sỹ", "Nguyễn Văn Sĩ", Spelling),
        ("Nguyễn Thị Hương", "Nguyễn Thị Hưong", DiacriticsOnly),
        ("Nguyễn Thị Hương", "Nguyễn Thị Hươn", Spelling),
        ("Nguyễn Thị Hương", "Nguyễn Thị Hưnog", Spelling),
        ("Trần Bình", "Tràn Binhf", Spelling),
        ("HMai Niê", "H'Mai Niê", Spelling),
        ("Thị Hoa", "ThịHoa", Spelling),
        ("Lý An", "Lí Ân", Spelling),
        ("Lanh", "Lamh", Spelling),
        ("Trần Văn Bình", "Trâm Văn Bing", Spelling),
        ("Lê Thị Hương", "Lê Tha Hươnx", Different),
        ("Ba", "Ca", Different),
        ("Lan", "Lam", Different),
        ("Lan Anh", "Lam Oanh", Different),
        ("Nguyễn Hòa", "Nguyễn Thị Hòa", Different),
        ("Trần Văn Bình", "Lê Thị Cúc", Different),
        ("", "Lan", Different),
    ];

    #[test]
    fn each_pair_of_names_has_its_class() {
        for &(a, b, expected) in CASES {
            assert_eq!(compare_names(a, b), expected, "{a:?} and {b:?}");
            assert_eq!(compare_names(b, a), expected, "{b:?} and {a:?}");
        }
    }

    #[test]
    fn only_the_first_four_classes_clear_themselves() {
        let all = [Identical, Case, Encoding, TonePlacement, DiacriticsOnly, Spelling, Different];
        let clearing: Vec<_> = all.into_iter().filter(|class| class.clears_itself()).collect();
        assert_eq!(clearing, [Identical, Case, Encoding, TonePlacement]);
    }

    #[test]
    fn the_classes_keep_their_wire_numbers_and_names() {
        let all = [Identical, Case, Encoding, TonePlacement, DiacriticsOnly, Spelling, Different];
        for (number, class) in (0u8..).zip(all) {
            let bytes = minicbor::to_vec(class).unwrap();
            assert_eq!(bytes, [number]);
            assert_eq!(minicbor::decode::<NameDifference>(&bytes).unwrap(), class);
        }
        assert_eq!(
            serde_json::to_string(&all).unwrap(),
            r#"["identical","case","encoding","tone_placement","diacritics_only","spelling","different"]"#
        );
    }

    #[test]
    fn edits_are_counted_as_people_make_them() {
        let count = |a: &str, b: &str| edit_distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(count("", ""), 0);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("hoan", "hona"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("ab", "ba"), 1);
    }

    fn any_name() -> impl Strategy<Value = String> {
        "[a-zàáảãạăằâầđèêếìíòóỏõọôồốơờớùúủũụưừứỳýỷỹỵĐA '\u{300}\u{303}\u{200B}]{0,24}"
    }

    proptest! {
        #[test]
        fn comparison_is_symmetric(a in any_name(), b in any_name()) {
            prop_assert_eq!(compare_names(&a, &b), compare_names(&b, &a));
        }

        #[test]
        fn recoding_a_name_never_needs_a_person(name in any_name()) {
            let nfd: String = name.to_uppercase().nfd().collect();
            prop_assert!(compare_names(&name, &nfd) <= Encoding);
            prop_assert_eq!(compare_names(&name, &name), Identical);
        }

        #[test]
        fn what_clears_itself_is_found_by_the_same_search(a in any_name(), b in any_name()) {
            if compare_names(&a, &b).clears_itself() {
                prop_assert_eq!(crate::text::fold_search(&a), crate::text::fold_search(&b));
            }
        }
    }
}
