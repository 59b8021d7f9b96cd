//! Fresh ids. The domain takes them as parameters; here is where they are made.

use uuid::{NoContext, Timestamp, Uuid};

/// A UUIDv7: its first 48 bits are the time, so that ids made one after the other lie side by side in an index.
pub fn uuid(now_ms: u64) -> Uuid {
    let nanoseconds = (now_ms % 1000) as u32 * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, now_ms / 1000, nanoseconds))
}
