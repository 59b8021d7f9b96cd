//! Which build this is.

/// The version that batches, tokens and diagnostics name.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// When this build was made, Unix milliseconds. A reproducible build gives it as `SOURCE_DATE_EPOCH`; otherwise it is
/// the day this version was begun, which is early enough to refuse nothing.
pub const BUILT_MS: u64 = match option_env!("SOURCE_DATE_EPOCH") {
    Some(seconds) => 1000 * parse_seconds(seconds),
    None => 1000 * 1_793_491_200, // 1 November 2026
};

const fn parse_seconds(text: &str) -> u64 {
    let digits = text.as_bytes();
    let mut seconds = 0;
    let mut at = 0;
    while at < digits.len() {
        assert!(digits[at].is_ascii_digit(), "SOURCE_DATE_EPOCH is a number of seconds");
        seconds = seconds * 10 + (digits[at] - b'0') as u64;
        at += 1;
    }
    seconds
}
