//! Which device reads which photo at present, so that a photo read in many pieces is audited once, and one that is read
//! from its second byte on is audited as well. Kept in memory: after a restart a read counts as begun anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::{DeviceId, PhotoHash};

/// A read that goes on after so long is another one.
const ONE_READ_MS: u64 = 3_600_000;
/// More are not remembered: the oldest are looked through and let go.
const MOST: usize = 20_000;

/// The reads that go on.
#[derive(Clone, Default)]
pub(crate) struct PhotoReads(Arc<Mutex<HashMap<(DeviceId, PhotoHash), u64>>>);

impl PhotoReads {
    /// Whether this is the first that this device reads of the photo within an hour.
    pub(crate) fn begins(&self, device: DeviceId, photo: PhotoHash, now_ms: u64) -> bool {
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |begun_ms: &u64| now_ms.abs_diff(*begun_ms) < ONE_READ_MS;
        if reads.get(&(device, photo)).is_some_and(is_recent) {
            return false;
        }
        if reads.len() >= MOST {
            reads.retain(|_, begun_ms| is_recent(begun_ms));
            if reads.len() >= MOST {
                reads.clear();
            }
        }
        reads.insert((device, photo), now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_begins_once_an_hour_for_each_device_and_photo() {
        let reads = PhotoReads::default();
        let (one, other) = (DeviceId(uuid::Uuid::from_u128(1)), DeviceId(uuid::Uuid::from_u128(2)));
        let photo = PhotoHash([7; 32]);
        assert!(reads.begins(one, photo, 0));
        assert!(!reads.begins(one, photo, ONE_READ_MS - 1));
        assert!(reads.begins(other, photo, 5));
        assert!(reads.begins(one, PhotoHash([8; 32]), 5));
        assert!(reads.begins(one, photo, ONE_READ_MS));
    }
}
