//! A photo on its way in: only pictures, never empty, never larger than the limit, and never read before its size is
//! known.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use data_encoding::BASE64;
use serde::Deserialize;

use crate::error::{AppError, Code, Result};

/// A photo is at most this large.
pub const MAX_PHOTO_BYTES: u64 = 16 << 20;

/// Where a photo comes from.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PhotoSource {
    /// A file on this machine.
    Path(String),
    /// Its bytes, as a camera or a clipboard gives them.
    Base64(String),
}

/// A photo as it came, with the media type that its bytes show.
pub struct Picture {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
}

impl PhotoSource {
    /// Reads it. Blocks.
    ///
    /// # Errors
    /// `photo_empty`, `photo_too_large` (before anything is read), `photo_not_an_image`, `file_not_found`,
    /// `file_unreadable`.
    pub fn read(&self) -> Result<Picture> {
        let bytes = match self {
            PhotoSource::Path(path) => read_file(Path::new(path))?,
            PhotoSource::Base64(text) => decode(text)?,
        };
        if bytes.is_empty() {
            return Err(Code::PhotoEmpty.into());
        }
        let media_type = media_type_of(&bytes).ok_or(Code::PhotoNotAnImage)?;
        Ok(Picture { bytes, media_type })
    }
}

/// By the first bytes alone: names and announced types tell nothing.
fn media_type_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Code::FileNotFound,
        _ => Code::FileUnreadable,
    };
    // Before it is opened: opening a pipe would wait for whoever writes to it.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(Code::FileUnreadable.into());
    }
    check_size(metadata.len())?;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_PHOTO_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    check_size(bytes.len() as u64)?;
    Ok(bytes)
}

fn decode(text: &str) -> Result<Vec<u8>> {
    // A data: URL, as a web page's canvas gives it, is taken too.
    let text = text.split_once(";base64,").map_or(text, |(_, data)| data);
    check_size(text.len() as u64 / 4 * 3)?;
    BASE64.decode(text.as_bytes()).map_err(|_| AppError::new(Code::ParamsInvalid).with("at", "base64"))
}

fn check_size(bytes: u64) -> Result<()> {
    match bytes > MAX_PHOTO_BYTES {
        true => Err(AppError::new(Code::PhotoTooLarge).with("limit_bytes", MAX_PHOTO_BYTES).with("bytes", bytes)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Param;

    fn read_bytes(bytes: &[u8]) -> Result<&'static str, Code> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo");
        std::fs::write(&path, bytes).unwrap();
        let by_path = PhotoSource::Path(path.to_str().unwrap().into()).read();
        let by_text = PhotoSource::Base64(BASE64.encode(bytes)).read();
        let by_path = by_path.map(|picture| picture.media_type).map_err(|error| error.code);
        assert_eq!(by_path, by_text.map(|picture| picture.media_type).map_err(|error| error.code));
        by_path
    }

    #[test]
    fn only_pictures_come_in_and_their_bytes_say_so() {
        assert_eq!(read_bytes(b"\xff\xd8\xff\xe0rest"), Ok("image/jpeg"));
        assert_eq!(read_bytes(b"\x89PNG\r\n\x1a\nrest"), Ok("image/png"));
        assert_eq!(read_bytes(b"RIFF\x04\0\0\0WEBPrest"), Ok("image/webp"));
        for bytes in [&b"GIF89a"[..], b"<svg/>", b"%PDF-1.7", b"\xff\xd8", b"RIFF\x04\0\0\0WAVE", b"x"] {
            assert_eq!(read_bytes(bytes), Err(Code::PhotoNotAnImage), "{bytes:?}");
        }
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert_eq!(read_bytes(b""), Err(Code::PhotoEmpty));
    }

    #[test]
    fn four_gigabytes_are_refused_by_their_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("huge.jpg");
        // Sparse: nothing is written, and reading it would take minutes and memory that is not there.
        File::create(&path).unwrap().set_len(4 << 30).unwrap();
        let error = PhotoSource::Path(path.to_str().unwrap().into()).read().err().unwrap();
        assert_eq!(error.code, Code::PhotoTooLarge);
        assert_eq!(error.params["bytes"], Param::Number(4 << 30));
        assert_eq!(error.params["limit_bytes"], Param::Number(16 << 20));
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let code = |path: &Path| PhotoSource::Path(path.to_str().unwrap().into()).read().err().unwrap().code;
        assert_eq!(code(&folder.path().join("none.jpg")), Code::FileNotFound);
        assert_eq!(code(folder.path()), Code::FileUnreadable);
    }
}
