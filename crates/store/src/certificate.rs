//! Certificates: the authors' whose batches are held, and the server's own.

use std::sync::Arc;

use domain::role::Role;
use rusqlite::{OptionalExtension, params};
use sync::cose;
use sync::message::{Certificate, Item};

use crate::error::{Result, StoreError};
use crate::row::signed;
use crate::setting;
use crate::store::Store;

impl Store {
    /// The certificates of the authors of these batches, as signed, each once: a server restored from an older backup
    /// learns from them whom it had enrolled since.
    ///
    /// # Errors
    /// What the disk says.
    pub fn certificates_of(&self, items: &[Item]) -> Result<Vec<Vec<u8>>> {
        let profile = self.enrolled()?;
        self.read(|connection| {
            let mut found: Vec<Vec<u8>> = Vec::new();
            for item in items {
                let (Some(chain), Some(first)) = (item.chain, item.first_sequence) else { continue };
                let envelope: Option<Vec<u8>> = connection
                    .prepare_cached(
                        "SELECT envelope FROM batch JOIN chain ON chain.n = batch.chain
                         WHERE chain.id = ?1 AND first_sequence = ?2",
                    )?
                    .query_row(params![chain.as_bytes(), signed(first)], |row| row.get(0))
                    .optional()?;
                let Some(envelope) = envelope else { continue };
                let kid = cose::kid_of_envelope(&envelope)?;
                let kept: Option<Vec<u8>> = connection
                    .prepare_cached("SELECT envelope FROM certificate WHERE kid = ?1")?
                    .query_row([kid], |row| row.get(0))
                    .optional()?;
                let own = (kid == self.signing_key().kid()).then(|| profile.certificate.clone());
                if let Some(certificate) = kept.or(own).filter(|certificate| !found.contains(certificate)) {
                    found.push(certificate);
                }
            }
            Ok(found)
        })
    }

    /// Takes a certificate that the server gives of itself. The one that begins last is the one that receipts and pages
    /// are verified with.
    ///
    /// # Errors
    /// `Wire` where the enrolment key did not sign it; `NotForUs` where it is not a server's.
    pub fn take_server_certificate(&self, envelope: &[u8]) -> Result<()> {
        let profile = self.enrolled()?;
        let certificate: Certificate = cose::verify(envelope, &profile.enrolment_key, profile.deployment)?;
        if certificate.role != Role::Server || certificate.unit.is_some() {
            return Err(StoreError::NotForUs);
        }
        if certificate.from_ms <= profile.server_from_ms || certificate.public_key == profile.server_key {
            return Ok(());
        }
        self.write(|connection| setting::put(connection, setting::SERVER_CERTIFICATE, envelope))?;
        let renewed = crate::profile::Profile {
            server_key: certificate.public_key,
            server_from_ms: certificate.from_ms,
            ..(*profile).clone()
        };
        self.set_profile(Arc::new(renewed));
        Ok(())
    }
}
