//! Writing a queue file, part by part, to anything that takes bytes. Flushing to the disk is the caller's.

use std::io::Write;

use zeroize::Zeroizing;

use super::{
    END_KIND, MAGIC, MAX_HEADER_BYTES, MAX_PART_BYTES, PART_MARK, PartCipher, PartKind, QueueFileError, QueueLabel,
    VERSION, hpke_aad, hpke_info,
};
use crate::codec;
use crate::hash::sha256;
use crate::keys::{fill_random, seal_to};
use crate::message::{Blob, FORMAT, QueueEnd, QueueHeader, QueueRecipient};

/// A file being written. Without [`QueueWriter::finish`] its end is missing, and its reader says so.
pub struct QueueWriter<W: Write> {
    out: W,
    cipher: PartCipher,
    parts: u32,
}

impl<W: Write> QueueWriter<W> {
    /// Writes the head: a fresh file key, sealed to each receiver's stick key.
    ///
    /// # Errors
    /// `BadRecipient` for none, too many, or a key that is none; `Io`.
    pub fn begin(mut out: W, label: QueueLabel, recipients: &[[u8; 32]]) -> Result<Self, QueueFileError> {
        if recipients.is_empty() {
            return Err(QueueFileError::BadRecipient);
        }
        let mut file_key = Zeroizing::new([0; 32]);
        fill_random(file_key.as_mut_slice());
        let (info, aad) = (hpke_info(&label), hpke_aad(&label));
        let recipients = recipients
            .iter()
            .map(|key| {
                let sealed =
                    seal_to(key, file_key.as_slice(), &info, &aad).map_err(|_| QueueFileError::BadRecipient)?;
                Ok(QueueRecipient {
                    key: *key,
                    encapsulation: Blob(sealed.encapsulation),
                    sealed_file_key: Blob(sealed.ciphertext),
                })
            })
            .collect::<Result<Vec<_>, QueueFileError>>()?;
        let header = codec::encode(&QueueHeader {
            format: FORMAT,
            deployment: label.deployment,
            device: label.device,
            written_ms: label.written_ms,
            recipients,
        });
        let length = u32::try_from(header.len()).map_err(|_| QueueFileError::BadRecipient)?;
        if header.len() > MAX_HEADER_BYTES {
            return Err(QueueFileError::BadRecipient);
        }
        let mut head = MAGIC.to_vec();
        head.extend([VERSION, label.direction.number()]);
        head.extend(length.to_be_bytes());
        head.extend(header);
        out.write_all(&head)?;
        Ok(Self { out, cipher: PartCipher::new(&file_key, sha256(&head)), parts: 0 })
    }

    /// Seals one part.
    ///
    /// # Errors
    /// `PartTooLarge` beyond 16 MiB, and nothing is written; `Io`.
    pub fn write_part(&mut self, kind: PartKind, bytes: &[u8]) -> Result<(), QueueFileError> {
        if bytes.len() > MAX_PART_BYTES {
            return Err(QueueFileError::PartTooLarge { limit_bytes: MAX_PART_BYTES as u64 });
        }
        self.write(kind.number(), bytes)
    }

    /// Writes the end and gives back what was written to.
    ///
    /// # Errors
    /// `Io`.
    pub fn finish(mut self) -> Result<W, QueueFileError> {
        let end = codec::encode(&QueueEnd { parts: self.parts });
        self.write(END_KIND, &end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write(&mut self, kind: u8, bytes: &[u8]) -> Result<(), QueueFileError> {
        let index = self.parts;
        // Counted before anything is sealed: a nonce is never used twice, not even after an error of the medium.
        self.parts = index.checked_add(1).ok_or_else(|| std::io::Error::other("more parts than a file can number"))?;
        let sealed = self.cipher.seal(index, kind, bytes);
        let length = u32::try_from(sealed.len()).expect("a part is at most 16 MiB");
        self.out.write_all(PART_MARK)?;
        self.out.write_all(&index.to_be_bytes())?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&sealed)?;
        Ok(())
    }
}
