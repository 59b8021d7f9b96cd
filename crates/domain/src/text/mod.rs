//! Vietnamese text: normal forms, search folding, comparison of names, collation, and the border where typed text
//! comes in.
//!
//! Owns what "the same text" means. Refuses to change a stored name: folds and keys stand beside the name, never in
//! its place. TCVN3 and VNI bytes are not read here: who imports an old file turns it into Unicode first.

mod characters;
mod collation;
mod input;
mod letters;
mod names;
mod normal;

pub use collation::{collation_key, collation_key_person, natural_key};
pub use input::{MAX_FIELD_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, TextError, clean_input, clean_note};
pub use names::{NameDifference, compare_names};
pub use normal::{fold_search, is_stated_none, nfc};
