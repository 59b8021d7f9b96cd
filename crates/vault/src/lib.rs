//! Keys, key slots, and the one door through which an encrypted file is opened.
