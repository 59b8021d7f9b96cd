//! Classes of single characters: what is an apostrophe, what cannot be seen, what looks like something else.

/// One spelling for characters that people cannot tell apart: apostrophes become `'`, dashes `-`, every kind of
/// space ` `, the Icelandic and African letters that look like Đ become Đ, and full-width ASCII becomes ASCII.
pub(super) fn unify(c: char) -> char {
    match c {
        '\u{60}' | '\u{B4}' | '\u{2B9}' | '\u{2BB}'..='\u{2BD}' | '\u{2C8}' | '\u{2CA}' | '\u{2CB}' => '\'',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{2035}' | '\u{A78B}' | '\u{A78C}' | '\u{FF07}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{D0}' | '\u{189}' => 'Đ',
        '\u{F0}' | '\u{256}' => 'đ',
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(c as u32 - 0xFEE0).map(unify).expect("full-width ASCII lies 0xFEE0 above ASCII")
        }
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// Controls that turn the direction of what follows: what is read is no longer what is stored.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that leave no trace on paper or screen, bidi controls among them (Unicode Default_Ignorable and the
/// interlinear annotations).
pub(super) fn is_invisible(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// Characters that stand for text already lost: the replacement character, private use, noncharacters.
pub(super) fn is_unreadable(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..)
        || (c as u32) & 0xFFFE == 0xFFFE
}

/// Control characters other than those that are white space.
pub(super) fn is_dark_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}
