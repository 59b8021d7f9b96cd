//! What the server says by stick of access lines and photos: on the line its answers say it.

use sync::receipt::verify_stick_receipt;

use crate::access::AccessTaken;
use crate::error::Result;
use crate::store::Store;
use crate::{clock, setting};

/// What a stick receipt marked stored here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StickStored {
    pub photos: u32,
    pub access_entries: u32,
}

impl Store {
    /// Marks stored what the server says that it holds. Of another log than is read, or offered to, it moves nothing: that
    /// server has been restored since.
    ///
    /// # Errors
    /// `Wire` where the signature does not hold or the unit is another.
    pub fn take_stick_receipt(&self, envelope: &[u8], now_ms: u64) -> Result<StickStored> {
        let profile = self.enrolled()?;
        let receipt = verify_stick_receipt(envelope, &profile.server_key, profile.deployment, &profile.unit)?;
        let mut stored = StickStored::default();
        let is_of_ours = self.write(|connection| {
            let logs = [setting::id_of(connection, setting::LOG)?, setting::id_of(connection, setting::OFFERED_TO)?];
            if !logs.contains(&Some(receipt.log)) {
                return Ok(false);
            }
            clock::note_server(connection, receipt.made_ms)?;
            let mut mark = connection.prepare_cached("UPDATE photo SET upload = 2 WHERE hash = ?1 AND upload = 1")?;
            for photo in &receipt.photos {
                stored.photos += u32::try_from(mark.execute([photo.0])?).unwrap_or(u32::MAX);
            }
            Ok(true)
        })?;
        // Lines go by their own chain and hash, on whichever stick they come: an old one takes nothing back.
        for held in receipt.access.iter().filter(|held| is_of_ours && held.device == profile.device) {
            let taken = self.take_access_carried(held.chain, held.through, &held.hash, now_ms)?;
            if let AccessTaken::Stored { lines } = taken {
                stored.access_entries += u32::try_from(lines).unwrap_or(u32::MAX);
            }
        }
        Ok(stored)
    }
}
