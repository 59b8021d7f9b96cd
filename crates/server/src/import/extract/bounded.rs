//! A reader that a record cannot make read for ever: a quote that nobody closed would else take in the whole file.

use std::io::{self, Read};

/// Passes on so many bytes; then it has to be told that a record ended.
pub(super) struct BoundedReader<R> {
    inner: R,
    limit: usize,
    left: usize,
}

/// More was read than one record may have.
#[derive(Debug, thiserror::Error)]
#[error("a record does not end")]
pub(super) struct RecordTooLong;

impl<R: Read> BoundedReader<R> {
    pub(super) fn new(inner: R, limit: usize) -> Self {
        Self { inner, limit, left: limit }
    }

    /// A record ended: the next one may have as much.
    pub(super) fn begin_record(&mut self) {
        self.left = self.limit;
    }
}

impl<R: Read> Read for BoundedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(RecordTooLong));
        }
        let most = buffer.len().min(self.left);
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_may_read_so_much_and_the_next_as_much_again() {
        let mut reader = BoundedReader::new(io::repeat(7), 10);
        let mut buffer = [0; 8];
        assert_eq!(reader.read(&mut buffer).unwrap(), 8);
        assert_eq!(reader.read(&mut buffer).unwrap(), 2);
        assert!(reader.read(&mut buffer).unwrap_err().get_ref().unwrap().is::<RecordTooLong>());
        reader.begin_record();
        assert_eq!(reader.read(&mut buffer).unwrap(), 8);
    }
}
