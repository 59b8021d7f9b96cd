//! The server's routes, typed. Signed answers come back as the bytes that were received: who asks verifies them.

use domain::id::{DeviceId, PhotoHash};
use domain::unit::Unit;
use reqwest::Method;
use sync::message::{AccessAnswer, AnnouncementAnswer, Challenge, Hash, Identity, PieceAnswer, Token};

use super::http::{Answer, Kind, Line, Request};
use super::{Problem, TransportError};

const SMALL: u64 = 64 * 1024;
/// A page is at most 1 MiB unless one entry, a batch of 256 KiB with its bodies, is larger.
const FEED_PAGE: u64 = 8 << 20;
const MANIFEST: u64 = 8 << 20;
const ANSWERS: u64 = 4 << 20;

/// An identity document and the bytes that its fingerprint is taken of.
pub struct Found {
    pub identity: Identity,
    pub bytes: Vec<u8>,
}

/// What the server says after a piece of an upload.
#[derive(Debug)]
pub enum PieceOutcome {
    /// It holds so many bytes, and where the upload is whole its answer.
    Taken(PieceAnswer),
    /// The piece began somewhere else than where the server stands.
    ContinueAt(u64),
}

/// What came of a download, whole or cut: `bytes` are sound as far as they go.
pub struct Download {
    pub bytes: Vec<u8>,
    pub cut: Option<TransportError>,
}

impl Line {
    /// Who answers there, unverified: compare its fingerprint with the one on paper.
    pub async fn fetch_identity(&self) -> Result<Found, TransportError> {
        let bytes = self.get("/v1/identity", None, SMALL).await?.body;
        let identity = sync::codec::decode_versioned(&bytes).map_err(|error| match error {
            sync::WireError::UnknownFormat { .. } => TransportError::FormatUnknown,
            _ => TransportError::Unreadable,
        })?;
        Ok(Found { identity, bytes })
    }

    /// Hands in a signed enrolment request; the signed answer.
    pub async fn enrol(&self, request: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        Ok(self.post("/v1/enrol", request, SMALL).await?.body)
    }

    pub async fn challenge(&self) -> Result<Challenge, TransportError> {
        read(&self.post("/v1/challenge", Vec::new(), SMALL).await?.body)
    }

    pub async fn token(&self, request: Vec<u8>) -> Result<Token, TransportError> {
        read(&self.post("/v1/token", request, SMALL).await?.body)
    }

    /// Announces what is to be sent; how far the server has each.
    pub async fn announce(&self, announcement: Vec<u8>) -> Result<AnnouncementAnswer, TransportError> {
        read(&self.post("/v1/uploads", announcement, ANSWERS).await?.body)
    }

    /// Sends a piece of an announced item from `offset` on.
    pub async fn put_piece(
        &self,
        device: DeviceId,
        hash: &Hash,
        offset: u64,
        piece: Vec<u8>,
    ) -> Result<PieceOutcome, TransportError> {
        let path = format!("/v1/uploads/{}/{}?offset={offset}", device.0.simple(), hex(hash));
        let request = Request {
            method: Method::PUT,
            path: &path,
            token: None,
            body: Some(piece),
            kind: Kind::Cbor,
            limit_bytes: SMALL,
        };
        match self.send(request).await {
            Ok(answer) => Ok(PieceOutcome::Taken(read(&answer.body)?)),
            Err(TransportError::Refused { status: 409, problem }) if problem.code == "offset_mismatch" => {
                Ok(PieceOutcome::ContinueAt(held(&problem)?))
            }
            Err(error) => Err(error),
        }
    }

    pub async fn send_access_log(&self, log: Vec<u8>) -> Result<AccessAnswer, TransportError> {
        read(&self.post("/v1/access-log", log, SMALL).await?.body)
    }

    /// The signed page of the unit's log above `after`.
    pub async fn feed_page(&self, token: &str, unit: &Unit, after: u64) -> Result<Vec<u8>, TransportError> {
        Ok(self.get(&format!("/v1/units/{unit}/feed?after={after}"), Some(token), FEED_PAGE).await?.body)
    }

    /// The signed manifest that leads from edition `have` to the one in force; `None` where it is in force.
    pub async fn manifest(&self, token: &str, unit: &Unit, have: u32) -> Result<Option<Vec<u8>>, TransportError> {
        let answer = self.get(&format!("/v1/units/{unit}/register?have={have}"), Some(token), MANIFEST).await?;
        Ok((answer.status != 204).then_some(answer.body))
    }

    /// A piece of an edition from `offset` on; `limit` is what is missing of it.
    pub async fn edition_piece(&self, token: &str, unit: &Unit, hash: &Hash, offset: u64, limit: u64) -> Download {
        self.download(&format!("/v1/units/{unit}/pieces/{}?offset={offset}", hex(hash)), token, limit).await
    }

    /// A photo from `offset` on; `limit` is what is missing of it.
    pub async fn photo(&self, token: &str, unit: &Unit, hash: &PhotoHash, offset: u64, limit: u64) -> Download {
        self.download(&format!("/v1/units/{unit}/photos/{}?offset={offset}", hex(&hash.0)), token, limit).await
    }

    async fn get(&self, path: &str, token: Option<&str>, limit_bytes: u64) -> Result<Answer, TransportError> {
        self.send(Request { method: Method::GET, path, token, body: None, kind: Kind::Cbor, limit_bytes }).await
    }

    async fn post(&self, path: &str, body: Vec<u8>, limit_bytes: u64) -> Result<Answer, TransportError> {
        let request =
            Request { method: Method::POST, path, token: None, body: Some(body), kind: Kind::Cbor, limit_bytes };
        self.send(request).await
    }

    async fn download(&self, path: &str, token: &str, limit_bytes: u64) -> Download {
        let mut bytes = Vec::new();
        let request =
            Request { method: Method::GET, path, token: Some(token), body: None, kind: Kind::Bytes, limit_bytes };
        let outcome = self
            .stream(request, |part| {
                bytes.extend_from_slice(part);
                Ok(())
            })
            .await;
        let cut = match outcome {
            // The server may give less than all at once; nothing at all brings nobody further.
            Ok(_) if bytes.is_empty() && limit_bytes > 0 => Some(TransportError::LineCut),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        Download { bytes, cut }
    }
}

fn held(problem: &Problem) -> Result<u64, TransportError> {
    problem.number("held").or_else(|| problem.number("offset")).ok_or(TransportError::Unreadable)
}

fn read<T>(bytes: &[u8]) -> Result<T, TransportError>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    sync::codec::decode(bytes).map_err(|_| TransportError::Unreadable)
}

fn hex(hash: &Hash) -> String {
    PhotoHash(*hash).to_hex()
}
