//! NFC, the form everything is stored in, and the fold by which everything is found.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick};

use super::characters::{is_dark_control, is_invisible, unify};

/// The text in NFC; borrowed where it already was.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let composed: String = text.nfc().collect();
    if composed == text { Cow::Borrowed(text) } else { Cow::Owned(composed) }
}

/// The text as it is searched: lower case, no marks, `đ` as `d`, no apostrophe, nothing invisible, one space between
/// words and none at the ends. `Nguyễn Thị Hòa`, in NFC or NFD, with either tone placement, gives `nguyen thi hoa`;
/// `H'Mai` and `H’Mai` give `hmai`. Folding a folded text changes nothing.
pub fn fold_search(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let decomposed = text.chars().map(unify).nfkd().map(unify).flat_map(char::to_lowercase);
    for c in decomposed {
        match c {
            ' ' => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            '\'' => {}
            'đ' | 'ɗ' => folded.push('d'),
            'ƀ' | 'ɓ' => folded.push('b'),
            _ if canonical_combining_class(c) != 0 || is_invisible(c) || is_dark_control(c) => {}
            _ => folded.push(c),
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Whether a field states that there is nothing to say (`không`, `không có`, `không rõ`, and `không thời hạn` of a card
/// without an end): filled, and not to be judged
/// as a value. A person without a telephone, or whose father is not known, can thus have a complete record.
pub fn is_stated_none(text: &str) -> bool {
    matches!(fold_search(text).as_str(), "khong" | "khong co" | "khong ro" | "khong biet" | "khong thoi han")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_found_without_its_marks() {
        let cases = [
            ("Nguyễn Thị Hòa", "nguyen thi hoa"),
            ("Nguyễn Thị Hoà", "nguyen thi hoa"),
            ("NGUYỄN  THỊ\tHÒA ", "nguyen thi hoa"),
            ("Nguye\u{302}\u{303}n Thi\u{323} Ho\u{300}a", "nguyen thi hoa"),
            ("Đặng Đức Đạt", "dang duc dat"),
            ("\u{D0}ặng", "dang"),
            ("H'Mai", "hmai"),
            ("H\u{2019}Mai", "hmai"),
            ("H\u{2BC}Mai", "hmai"),
            ("H\u{B4}Mai", "hmai"),
            ("Y Đăm Byă", "y dam bya"),
            ("Ƀyă Čil Ñiê", "bya cil nie"),
            ("Thu\u{200B} Hà\u{FEFF}", "thu ha"),
            ("\u{202E}Lan\u{202C}", "lan"),
            ("Lan\u{A0}Anh", "lan anh"),
            ("Ｌａｎ", "lan"),
            ("Bà Rịa – Vũng Tàu", "ba ria - vung tau"),
            ("Ưng Ơn", "ung on"),
            ("", ""),
            (" \u{200B} ", ""),
        ];
        for (name, folded) in cases {
            assert_eq!(fold_search(name), folded, "{name:?}");
        }
    }

    #[test]
    fn every_single_character_folds_to_something_stable() {
        for c in '\0'..=char::MAX {
            let once = fold_search(&c.to_string());
            assert_eq!(fold_search(&once), once, "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn nfc_borrows_what_is_already_composed() {
        assert!(matches!(nfc("Nguyễn"), Cow::Borrowed(_)));
        assert_eq!(nfc("Nguye\u{302}\u{303}n"), "Nguyễn");
    }

    #[test]
    fn a_stated_none_is_not_an_empty_field() {
        assert!(is_stated_none("Không có"));
        assert!(is_stated_none(" KHÔNG "));
        assert!(!is_stated_none(""));
        assert!(!is_stated_none("Không Văn Có"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold_search(&text);
            prop_assert_eq!(fold_search(&once), once);
        }

        #[test]
        fn the_fold_does_not_see_normal_forms_or_case(text in "[a-zA-ZàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĐÂ ']{0,40}") {
            let nfd: String = text.nfd().collect();
            prop_assert_eq!(fold_search(&nfd), fold_search(&text));
            prop_assert_eq!(fold_search(&text.to_uppercase()), fold_search(&text));
            prop_assert_eq!(nfc(&nfd), text.nfc().collect::<String>());
        }
    }
}
