//! Devices that this ledger has forgotten. A ledger restored from a backup does not know whom it enrolled since; a
//! laptop shows its certificate, or another's, and our own signature on it vouches for the device.

use minicbor::Decoder;
use sync::message::{Announcement, Blob, Certificate, TokenRequest};

use crate::audit::{Actor, Note};
use crate::deployment::Deployment;
use crate::error::Result;
use crate::keys::device_row;
use crate::ledger::Scope;

/// Takes the device of a certificate in, where the ledger has neither it nor its key. Whatever is no certificate of ours
/// is passed over.
///
/// # Errors
/// The ledger's.
pub fn adopt_device(deployment: &Deployment, envelope: &[u8]) -> Result<()> {
    let keys = &deployment.keys;
    let certificate: std::result::Result<Certificate, _> =
        sync::cose::verify(envelope, &keys.enrolment.public_key(), keys.deployment);
    let Ok(certificate) = certificate else { return Ok(()) };
    let Some(unit) = certificate.unit.clone() else { return Ok(()) };
    let kid = sync::keys::kid_of(&certificate.public_key);
    let known = deployment.ledger.read(|records| Ok(records.device_by_kid(&kid)?.is_some()))?;
    if known {
        return Ok(());
    }
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&unit), |records| {
        if records.unit(&unit)?.is_none()
            || records.device(certificate.device)?.is_some()
            || records.device_by_kid(&kid)?.is_some()
        {
            return Ok(());
        }
        records.add_device(&device_row(&certificate, envelope.to_vec()))?;
        Note::new(Actor::Server, "device_adopted").subject(certificate.device).alarm().write(
            records,
            Some(&unit),
            now_ms,
        )
    })
}

/// Takes in whoever a message that is not verified yet introduces: each certificate proves itself.
///
/// # Errors
/// The ledger's.
pub(crate) fn adopt_introduced(deployment: &Deployment, envelope: &[u8]) -> Result<()> {
    let Some(payload) = payload_of(envelope) else { return Ok(()) };
    let introduced: Vec<Blob> = if let Ok(announcement) = sync::codec::decode::<Announcement>(payload) {
        announcement.certificates.unwrap_or_default()
    } else if let Ok(request) = sync::codec::decode::<TokenRequest>(payload) {
        request.certificate.into_iter().collect()
    } else {
        Vec::new()
    };
    introduced.iter().try_for_each(|certificate| adopt_device(deployment, &certificate.0))
}

fn payload_of(envelope: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(envelope);
    decoder.array().ok()?;
    decoder.bytes().ok()?;
    decoder.map().ok()?;
    decoder.bytes().ok()
}
