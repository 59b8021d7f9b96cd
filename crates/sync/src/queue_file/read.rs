//! Reading a queue file, whole or damaged. After damage the reader looks for the next "PART" mark whose part opens.

use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;

use domain::id::DeploymentId;
use zeroize::Zeroizing;

use super::{
    Direction, END_KIND, FILE_HEAD_BYTES, MAGIC, MAX_HEADER_BYTES, MAX_PART_BYTES, PART_HEAD_BYTES, PART_MARK,
    PartCipher, PartKind, QueueFileError, QueueLabel, QueuePart, TAG_BYTES, VERSION, hpke_aad, hpke_info,
};
use crate::codec;
use crate::hash::sha256;
use crate::keys::{SealedSecret, StickSecret};
use crate::message::{FORMAT, QueueEnd, QueueHeader};

/// Bytes that may be tried in vain before the file counts as too damaged, beside four times what was read.
const VAIN_BYTES: u64 = 256 * 1024 * 1024;

/// Opens a file with one of the receivers' secrets. The parts are then read by iterating; what was missing is in
/// [`QueueReader::report`].
///
/// # Errors
/// A head that does not read, belongs elsewhere, or is sealed to other keys.
pub fn read_queue<R: Read>(
    mut input: R,
    secret: &StickSecret,
    deployment: DeploymentId,
) -> Result<QueueReader<R>, QueueFileError> {
    let mut head = vec![0; FILE_HEAD_BYTES];
    read_head(&mut input, &mut head)?;
    if head[..4] != *MAGIC {
        return Err(QueueFileError::NotAQueueFile);
    }
    if head[4] != VERSION {
        return Err(QueueFileError::UnknownVersion { found: head[4] });
    }
    let direction = Direction::from_number(head[5]).ok_or(QueueFileError::HeaderDamaged)?;
    let length = u32::from_be_bytes([head[6], head[7], head[8], head[9]]) as usize;
    if length > MAX_HEADER_BYTES {
        return Err(QueueFileError::HeaderDamaged);
    }
    head.resize(FILE_HEAD_BYTES + length, 0);
    read_head(&mut input, &mut head[FILE_HEAD_BYTES..])?;
    let header: QueueHeader = codec::decode(&head[FILE_HEAD_BYTES..]).map_err(|_| QueueFileError::HeaderDamaged)?;
    if header.format != FORMAT || header.recipients.is_empty() {
        return Err(QueueFileError::HeaderDamaged);
    }
    if header.deployment != deployment {
        return Err(QueueFileError::WrongDeployment);
    }
    let label = QueueLabel { direction, deployment, device: header.device, written_ms: header.written_ms };
    let file_key = open_file_key(&header, &label, secret)?;
    Ok(QueueReader {
        input,
        label,
        cipher: PartCipher::new(&file_key, sha256(&head)),
        buffer: Vec::new(),
        at: 0,
        at_end: false,
        read_bytes: 0,
        vain_bytes: 0,
        finished: false,
        whole: BTreeSet::new(),
        end: None,
        unknown_kinds: 0,
        damaged: false,
    })
}

fn read_head(input: &mut impl Read, into: &mut [u8]) -> Result<(), QueueFileError> {
    input.read_exact(into).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => QueueFileError::HeaderDamaged,
        _ => QueueFileError::Io(error),
    })
}

fn open_file_key(
    header: &QueueHeader,
    label: &QueueLabel,
    secret: &StickSecret,
) -> Result<Zeroizing<[u8; 32]>, QueueFileError> {
    let own = secret.public_key();
    let recipient = header.recipients.iter().find(|r| r.key == own).ok_or(QueueFileError::NotForThisKey)?;
    let sealed = SealedSecret {
        encapsulation: recipient.encapsulation.0.clone(),
        ciphertext: recipient.sealed_file_key.0.clone(),
    };
    // The file names this key, so what does not open is damaged.
    let opened =
        secret.open(&sealed, &hpke_info(label), &hpke_aad(label)).map_err(|_| QueueFileError::HeaderDamaged)?;
    let mut file_key = Zeroizing::new([0; 32]);
    if opened.len() != file_key.len() {
        return Err(QueueFileError::HeaderDamaged);
    }
    file_key.copy_from_slice(&opened);
    Ok(file_key)
}

/// The parts of a file that are whole, in the order of the file. An error ends the reading; what was given before it
/// holds.
pub struct QueueReader<R> {
    input: R,
    label: QueueLabel,
    cipher: PartCipher,
    buffer: Vec<u8>,
    /// Where in the buffer reading goes on.
    at: usize,
    at_end: bool,
    read_bytes: u64,
    vain_bytes: u64,
    finished: bool,
    whole: BTreeSet<u32>,
    end: Option<u32>,
    unknown_kinds: u32,
    damaged: bool,
}

/// What was in a file, once it has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueReport {
    /// Parts that were whole, without the end.
    pub whole: u32,
    /// Parts known to have been in the file that are not whole. Without the end, what came after the last whole part
    /// is not known.
    pub missing: Vec<Range<u32>>,
    /// Whether the end was there: if not, the file was cut off or never finished.
    pub end_found: bool,
    /// Bytes that belong to no whole part.
    pub damaged: bool,
    /// Whole parts of kinds that this version does not know; they count as whole and were passed over.
    pub unknown_kinds: u32,
}

impl QueueReport {
    /// Whether everything that was written has been read.
    pub fn is_complete(&self) -> bool {
        self.end_found && self.missing.is_empty()
    }
}

impl<R: Read> QueueReader<R> {
    /// What stands at the head of the file.
    pub fn label(&self) -> QueueLabel {
        self.label
    }

    /// What was found so far; final once the iterator has ended.
    pub fn report(&self) -> QueueReport {
        let mut missing = Vec::new();
        let mut next = 0;
        let last = self.end.into_iter();
        for index in self.whole.iter().copied().chain(last) {
            if index > next {
                missing.push(next..index);
            }
            next = index.saturating_add(1);
        }
        QueueReport {
            whole: self.whole.len() as u32,
            missing,
            end_found: self.end.is_some(),
            damaged: self.damaged,
            unknown_kinds: self.unknown_kinds,
        }
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Reads until `wanted` bytes are there, or the file ends.
    fn fill(&mut self, wanted: usize) -> Result<(), QueueFileError> {
        if self.at_end || self.rest().len() >= wanted {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let more = wanted.max(64 * 1024) - self.buffer.len();
        let read = self.input.by_ref().take(more as u64).read_to_end(&mut self.buffer)?;
        self.read_bytes += read as u64;
        self.at_end = read < more;
        Ok(())
    }

    /// Past a byte that begins no whole part, to the next mark or the end of what is there.
    fn skip_to_mark(&mut self) {
        self.damaged = true;
        self.at += 1;
        let rest = self.rest();
        let found = rest.windows(PART_MARK.len()).position(|window| window == PART_MARK);
        // The last three bytes may begin a mark.
        let skipped = found.unwrap_or(if self.at_end { rest.len() } else { rest.len().saturating_sub(3) });
        self.at += skipped;
    }

    /// The part at the reading position, if one opens there.
    fn open_here(&mut self) -> Result<Option<(u32, u8, Vec<u8>)>, QueueFileError> {
        self.fill(PART_HEAD_BYTES)?;
        let head = match self.rest().get(..PART_HEAD_BYTES) {
            Some(head) if head[..4] == *PART_MARK => head,
            _ => return Ok(None),
        };
        let index = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let kind = head[8];
        let length = u32::from_be_bytes([head[9], head[10], head[11], head[12]]) as usize;
        if !(TAG_BYTES..=MAX_PART_BYTES + TAG_BYTES).contains(&length) {
            return Ok(None);
        }
        self.fill(PART_HEAD_BYTES + length)?;
        let Some(sealed) = self.rest().get(PART_HEAD_BYTES..PART_HEAD_BYTES + length) else { return Ok(None) };
        match self.cipher.open(index, kind, sealed) {
            Some(bytes) => {
                self.at += PART_HEAD_BYTES + length;
                Ok(Some((index, kind, bytes)))
            }
            None => {
                self.vain_bytes += length as u64;
                match self.vain_bytes > VAIN_BYTES + 4 * self.read_bytes {
                    true => Err(QueueFileError::TooDamaged),
                    false => Ok(None),
                }
            }
        }
    }

    fn next_part(&mut self) -> Result<Option<QueuePart>, QueueFileError> {
        loop {
            self.fill(1)?;
            if self.rest().is_empty() {
                let nothing = self.whole.is_empty() && self.end.is_none();
                return if nothing { Err(QueueFileError::NothingReadable) } else { Ok(None) };
            }
            match self.open_here()? {
                None => self.skip_to_mark(),
                Some((index, END_KIND, bytes)) => match codec::decode::<QueueEnd>(&bytes) {
                    Ok(end) if end.parts == index => self.end = Some(index),
                    _ => self.damaged = true,
                },
                Some((index, kind, bytes)) => {
                    let is_new = self.whole.insert(index);
                    match PartKind::from_number(kind) {
                        Some(kind) if is_new => return Ok(Some(QueuePart { index, kind, bytes })),
                        Some(_) => {}
                        None => self.unknown_kinds += 1,
                    }
                }
            }
        }
    }
}

impl<R: Read> Iterator for QueueReader<R> {
    type Item = Result<QueuePart, QueueFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let part = self.next_part().transpose();
        self.finished = !matches!(part, Some(Ok(_)));
        part
    }
}
