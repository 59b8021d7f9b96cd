//! What exists only while the profile is unlocked: the open files, the line to the server and its token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::{Profile, Store};
use sync::message::{Blob, FORMAT, TokenRequest};
use tokio::sync::Mutex;

use crate::error::Result;
use crate::transport::{CertificateTime, Line, ServerAddress, TransportError};
use crate::version::APP_VERSION;

/// A token is asked for anew a while before its fifteen minutes are over.
const TOKEN_AGE: Duration = Duration::from_secs(12 * 60);

/// For so long at most what someone types goes into the line of the access log that it began; so does a list that is
/// looked through.
const LOOK_MS: u64 = 10_000;

/// An unlocked, enrolled profile.
pub(crate) struct Session {
    pub store: Arc<Store>,
    pub profile: Arc<Profile>,
    pub line: Line,
    pub certificate_time: Arc<CertificateTime>,
    token: Mutex<Option<(String, Instant)>>,
    last_search: Look,
    last_list: Look,
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
            last_search: Look::default(),
            last_list: Look::default(),
        })
    }

    /// Whether this is a new search, and not the next letter of one, or a letter less: each search is written down once,
    /// and one that goes on is written down again every ten seconds.
    pub fn begins_search(&self, text: &str, now_ms: u64) -> bool {
        let text = domain::text::fold_search(text);
        self.last_search.begins(&text, now_ms, |last, text| text.starts_with(last) || last.starts_with(text))
    }

    /// Whether this list is to be written down: each at least every ten seconds while it is looked through.
    pub fn begins_list(&self, list: &str, now_ms: u64) -> bool {
        self.last_list.begins(list, now_ms, |last, list| last == list)
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

/// What was written down last, and when. It stays in memory: no words go into the access log.
#[derive(Default)]
struct Look(std::sync::Mutex<Option<(u64, String)>>);

impl Look {
    fn begins(&self, what: &str, now_ms: u64, goes_on: impl Fn(&str, &str) -> bool) -> bool {
        let mut last = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_same = |(at_ms, last): &(u64, String)| now_ms.abs_diff(*at_ms) <= LOOK_MS && goes_on(last, what);
        if last.as_ref().is_some_and(is_same) {
            return false;
        }
        *last = Some((now_ms, what.to_owned()));
        true
    }
}

/// Whether the refusal says that a fresh token would do.
pub(crate) fn asks_for_token(refusal: Option<&str>) -> bool {
    matches!(refusal, Some("token_wrong" | "token_expired" | "token_missing" | "challenge_wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(typed: &[(u64, &str)]) -> usize {
        let look = Look::default();
        let goes_on = |last: &str, text: &str| text.starts_with(last) || last.starts_with(text);
        typed.iter().filter(|(at_ms, text)| look.begins(text, *at_ms, goes_on)).count()
    }

    #[test]
    fn a_search_is_one_line_however_slowly_it_is_typed_and_the_next_is_another() {
        assert_eq!(lines(&[(1, "n"), (400, "ng"), (900, "ngu"), (1200, "ng"), (1500, "nguy")]), 1);
        assert_eq!(lines(&[(1, "nguyen a"), (2, "nguyen b"), (3, "nguyen c")]), 3);
        // Someone who never stops typing is written down every ten seconds all the same.
        let without_end: Vec<(u64, &str)> = (0..40).map(|second| (second * 1000, "nguyen")).collect();
        assert_eq!(lines(&without_end), 4);
    }
}
