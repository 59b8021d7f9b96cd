//! What exists only while the profile is unlocked: the open files, the line to the server and its token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{Profile, Store};
use sync::message::{Blob, FORMAT, TokenRequest};
use tokio::sync::Mutex;

use crate::error::Result;
use crate::transport::{CertificateTime, Line, ServerAddress, TransportError};
use crate::version::APP_VERSION;

/// A token is asked for anew a while before its fifteen minutes are over.
const TOKEN_AGE: Duration = Duration::from_secs(12 * 60);

/// Who types no letter for so long begins a new search with the next.
const SEARCH_PAUSE_MS: u64 = 10_000;

/// An unlocked, enrolled profile.
pub(crate) struct Session {
    pub store: Arc<Store>,
    pub profile: Arc<Profile>,
    pub line: Line,
    pub certificate_time: Arc<CertificateTime>,
    token: Mutex<Option<(String, Instant)>>,
    last_search_ms: AtomicU64,
}

impl Session {
    /// # Errors
    /// `certificate_wrong` where the kept authority is none.
    pub fn new(store: Store, profile: Arc<Profile>, address: ServerAddress) -> Result<Self> {
        let certificate_time = CertificateTime::starting_at(Some(store.last_server_ms()?));
        let line = Line::pinned(address, &profile.ca_certificate, certificate_time.clone())?;
        Ok(Self {
            store: Arc::new(store),
            profile,
            line,
            certificate_time,
            token: Mutex::default(),
            last_search_ms: AtomicU64::new(0),
        })
    }

    /// Whether this is a new search, and not the next letter of one: each search is written down once.
    pub fn begins_search(&self, now_ms: u64) -> bool {
        let last_ms = self.last_search_ms.swap(now_ms, Ordering::Relaxed);
        last_ms == 0 || now_ms.abs_diff(last_ms) > SEARCH_PAUSE_MS
    }

    /// A bearer token, kept until shortly before its end.
    pub async fn token(&self, now_ms: u64) -> Result<String, TransportError> {
        let mut held = self.token.lock().await;
        if let Some((token, since)) = held.as_ref()
            && since.elapsed() < TOKEN_AGE
        {
            return Ok(token.clone());
        }
        let challenge = self.line.challenge().await?;
        let request = TokenRequest {
            format: FORMAT,
            device: self.profile.device,
            nonce: challenge.nonce,
            clock_ms: now_ms,
            app_version: APP_VERSION.to_owned(),
            // A server restored from a backup older than this enrolment knows its own signature, if not this device.
            certificate: Some(Blob(self.profile.certificate.clone())),
        };
        let signed = sync::cose::sign(&request, self.store.signing_key(), self.profile.deployment);
        let token = self.line.token(signed.0).await?.token;
        *held = Some((token.clone(), Instant::now()));
        Ok(token)
    }

    /// The server did not take the token: it was restarted, or restored.
    pub async fn forget_token(&self) {
        *self.token.lock().await = None;
    }
}

/// Whether the refusal says that a fresh token would do.
pub(crate) fn asks_for_token(refusal: Option<&str>) -> bool {
    matches!(refusal, Some("token_wrong" | "token_expired" | "token_missing" | "challenge_wrong"))
}
