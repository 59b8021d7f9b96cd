//! What two editions are compared by. Keys are local: they are in no record and on no wire.

use domain::text::{collation_key, natural_key};

/// The 12 digits as a number.
pub(super) fn parse_id_number(text: &str) -> Option<u64> {
    (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A dwelling by its address: hamlet, alley, house number and kind. Case, tone placement, normal form and punctuation
/// do not count; diacritics do. Without a house number, as in much of the country, every household has its own
/// dwelling: a hamlet is not one house.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DwellingKey {
    /// Hamlet, alley and house number, or household number, each closed.
    place: Box<[u8]>,
    kind: Box<str>,
    pub(super) is_numbered: bool,
}

impl DwellingKey {
    pub(super) fn new(
        hamlet: &str,
        alley: Option<&str>,
        house_no: Option<&str>,
        kind: Option<&str>,
        household_no: &str,
    ) -> Self {
        let number = house_no.map(natural_key).unwrap_or_default();
        let is_numbered = !number.is_empty();
        let mut place = Vec::new();
        for part in [collation_key(hamlet), alley.map(collation_key).unwrap_or_default()] {
            place.extend((part.len() as u32).to_be_bytes());
            place.extend(part);
        }
        if is_numbered {
            place.extend(number);
        } else {
            place.push(u8::MAX);
            place.extend(household_no.as_bytes());
        }
        Self { place: place.into(), kind: kind.unwrap_or_default().into(), is_numbered }
    }

    /// The whole key.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [&self.place[..], &[0], self.kind.as_bytes()].concat()
    }

    /// The address without the kind: a house that is let room by room stays where it is.
    pub(super) fn place(&self) -> &[u8] {
        &self.place
    }
}
