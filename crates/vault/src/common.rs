//! The passphrases that anyone would try first. Holds no list of the world's passwords, only their patterns.

/// Whether a passphrase, however long, is of so few letters, so plain a run, or so common a word that it is tried first.
pub fn is_common_passphrase(passphrase: &str) -> bool {
    let chars: Vec<char> = passphrase.trim().to_lowercase().chars().collect();
    let mut distinct = chars.clone();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 5 || is_run(&chars) || is_first_guess(&chars)
}

/// `12345678`, `abcdefgh`, `87654321`: each character next to the one before it, save a few.
fn is_run(chars: &[char]) -> bool {
    let neighbours = |pair: &&[char]| (pair[0] as u32).abs_diff(pair[1] as u32) <= 1;
    chars.windows(2).filter(neighbours).count() * 4 >= chars.len().saturating_sub(1) * 3
}

/// A word that is typed first, with nothing of its own but digits and signs.
fn is_first_guess(chars: &[char]) -> bool {
    const FIRST: [&str; 12] = [
        "password",
        "passphrase",
        "matkhau",
        "mậtkhẩu",
        "congan",
        "côngan",
        "admin",
        "qwerty",
        "qwertyuiop",
        "iloveyou",
        "vietnam",
        "việtnam",
    ];
    let letters: String = chars.iter().filter(|c| c.is_alphabetic()).collect();
    FIRST.iter().any(|word| letters == *word || letters == format!("{word}{word}"))
}
