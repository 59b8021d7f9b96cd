//! The strict walker over received bytes. CBOR libraries take duplicate keys, long integers and indefinite lengths;
//! this one takes exactly the deterministic subset of docs/wire.cddl and nothing else:
//!
//! - definite lengths, every head in its shortest form, lengths checked against what is left before anything is made;
//! - integers stay below 2^53 either way, as every database and every screen holds them;
//! - map keys are integers, unique, in bytewise ascending order of their encodings;
//! - text is UTF-8 in NFC; the only simple values are true and false: no null, undefined, float or tag;
//! - containers nest at most [`MAX_DEPTH`] deep. Each byte string counts anew: what it holds (a signed payload, a
//!   header, a certificate) is checked on its own when it is opened;
//! - nothing follows the item.

use unicode_normalization::is_nfc;

/// How deep arrays and maps may nest within one byte string.
pub const MAX_DEPTH: usize = 8;

/// What the walker refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the bytes end too early")]
    Truncated,
    #[error("bytes follow the item")]
    TrailingBytes,
    #[error("a length or integer is not in its shortest form")]
    NotShortest,
    #[error("an indefinite length")]
    IndefiniteLength,
    #[error("an integer that is not below 2^53 either way")]
    IntegerTooLarge,
    #[error("a reserved head")]
    ReservedHead,
    #[error("a length beyond the bytes that are there")]
    LengthBeyondInput,
    #[error("a map key that is no integer")]
    KeyNotInteger,
    #[error("a map key twice")]
    DuplicateKey,
    #[error("map keys out of order")]
    KeyOrder,
    #[error("a tag")]
    Tag,
    #[error("a float")]
    Float,
    #[error("null, undefined or another simple value")]
    SimpleValue,
    #[error("text that is not UTF-8")]
    NotUtf8,
    #[error("text that is not in NFC")]
    NotNfc,
    #[error("nested too deep")]
    TooDeep,
}

/// Where and why bytes are not canonical. Holds no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at offset {offset}")]
pub struct CanonicalError {
    /// Offset of the head (for text: of its head) that is at fault.
    pub offset: usize,
    pub fault: Fault,
}

/// Checks that `bytes` are exactly one canonical item.
///
/// # Errors
/// The first fault and its offset.
pub fn check(bytes: &[u8]) -> Result<(), CanonicalError> {
    let end = check_prefix(bytes)?;
    if end == bytes.len() { Ok(()) } else { Err(CanonicalError { offset: end, fault: Fault::TrailingBytes }) }
}

/// Checks one canonical item at the start of `bytes` and returns its length: for sequences of items.
///
/// # Errors
/// The first fault and its offset; `Truncated` for no bytes at all.
pub fn check_prefix(bytes: &[u8]) -> Result<usize, CanonicalError> {
    let mut walker = Walker { bytes, at: 0 };
    walker.item(0)?;
    Ok(walker.at)
}

struct Walker<'b> {
    bytes: &'b [u8],
    at: usize,
}

struct Head {
    offset: usize,
    major: u8,
    /// The low five bits; the argument is `value`.
    info: u8,
    value: u64,
}

impl Head {
    fn fault(&self, fault: Fault) -> CanonicalError {
        CanonicalError { offset: self.offset, fault }
    }
}

impl<'b> Walker<'b> {
    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn head(&mut self) -> Result<Head, CanonicalError> {
        let offset = self.at;
        let fault = |fault| CanonicalError { offset, fault };
        let first = *self.bytes.get(offset).ok_or_else(|| fault(Fault::Truncated))?;
        let (major, info) = (first >> 5, first & 0x1f);
        let width = match info {
            0..=23 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            28..=30 => return Err(fault(Fault::ReservedHead)),
            _ => return Err(fault(if major == 7 { Fault::ReservedHead } else { Fault::IndefiniteLength })),
        };
        if self.left() < 1 + width {
            return Err(fault(Fault::Truncated));
        }
        let argument = &self.bytes[offset + 1..offset + 1 + width];
        self.at += 1 + width;
        let value = match width {
            0 => u64::from(info),
            _ => argument.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte)),
        };
        if major != 7 && shortest_width(value) != width {
            return Err(fault(Fault::NotShortest));
        }
        Ok(Head { offset, major, info, value })
    }

    /// A string's bytes, once it is certain that they are there.
    fn take(&mut self, head: &Head) -> Result<&'b [u8], CanonicalError> {
        let length = usize::try_from(head.value).map_err(|_| head.fault(Fault::LengthBeyondInput))?;
        if length > self.left() {
            return Err(head.fault(Fault::LengthBeyondInput));
        }
        let taken = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(taken)
    }

    /// A container's number of items, each of which needs at least one byte.
    fn count(&self, head: &Head, items_each: u64) -> Result<u64, CanonicalError> {
        match head.value.checked_mul(items_each) {
            Some(needed) if needed <= self.left() as u64 => Ok(head.value),
            _ => Err(head.fault(Fault::LengthBeyondInput)),
        }
    }

    fn item(&mut self, depth: usize) -> Result<(), CanonicalError> {
        let head = self.head()?;
        match head.major {
            // A negative one is -1 - value.
            0 | 1 if head.value >= MAX_INTEGER - u64::from(head.major) => Err(head.fault(Fault::IntegerTooLarge)),
            0 | 1 => Ok(()),
            2 => self.take(&head).map(|_| ()),
            3 => {
                let text = std::str::from_utf8(self.take(&head)?).map_err(|_| head.fault(Fault::NotUtf8))?;
                if is_nfc(text) { Ok(()) } else { Err(head.fault(Fault::NotNfc)) }
            }
            4 | 5 if depth == MAX_DEPTH => Err(head.fault(Fault::TooDeep)),
            4 => (0..self.count(&head, 1)?).try_for_each(|_| self.item(depth + 1)),
            5 => self.map(&head, depth),
            6 => Err(head.fault(Fault::Tag)),
            _ => match head.info {
                20 | 21 => Ok(()),
                25..=27 => Err(head.fault(Fault::Float)),
                _ => Err(head.fault(Fault::SimpleValue)),
            },
        }
    }

    fn map(&mut self, head: &Head, depth: usize) -> Result<(), CanonicalError> {
        let mut previous: Option<&[u8]> = None;
        for _ in 0..self.count(head, 2)? {
            let start = self.at;
            let key = self.head()?;
            if key.major > 1 {
                return Err(key.fault(Fault::KeyNotInteger));
            }
            let encoded = &self.bytes[start..self.at];
            match previous.map(|previous| previous.cmp(encoded)) {
                None | Some(std::cmp::Ordering::Less) => previous = Some(encoded),
                Some(std::cmp::Ordering::Equal) => return Err(key.fault(Fault::DuplicateKey)),
                Some(std::cmp::Ordering::Greater) => return Err(key.fault(Fault::KeyOrder)),
            }
            self.item(depth + 1)?;
        }
        Ok(())
    }
}

/// What a screen and a database column hold exactly.
const MAX_INTEGER: u64 = 1 << 53;

/// How many bytes after the first the shortest head of this value takes.
fn shortest_width(value: u64) -> usize {
    match value {
        0..=23 => 0,
        24..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    }
}
