//! How large a piece, and how long to wait after a failure.

/// Pieces are at least this large.
pub const MIN_PIECE_BYTES: u64 = 16 * 1024;
/// Pieces are at most this large.
pub const MAX_PIECE_BYTES: u64 = 256 * 1024;

/// A piece that took less than this may be larger next time.
const QUICK_MS: u64 = 2_000;
/// A piece that took more than this was too large.
const SLOW_MS: u64 = 8_000;

/// The size of the next piece: small on a line that breaks, large on one that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceSize(u64);

impl Default for PieceSize {
    fn default() -> Self {
        Self(4 * MIN_PIECE_BYTES)
    }
}

impl PieceSize {
    pub fn bytes(self) -> u64 {
        self.0
    }

    /// After a piece of `bytes` went through in `elapsed_ms`. One smaller than the present size says nothing about
    /// whether a larger one would do.
    pub fn after_success(self, bytes: u64, elapsed_ms: u64) -> Self {
        if elapsed_ms > SLOW_MS {
            self.halved()
        } else if elapsed_ms < QUICK_MS && bytes >= self.0 {
            Self((self.0 * 2).min(MAX_PIECE_BYTES))
        } else {
            self
        }
    }

    /// After a piece was cut off.
    pub fn after_failure(self) -> Self {
        self.halved()
    }

    fn halved(self) -> Self {
        Self((self.0 / 2).max(MIN_PIECE_BYTES))
    }
}

/// The wait after a first failure is at most this.
pub const RETRY_FIRST_MS: u64 = 2_000;
/// No wait that the server did not ask for is longer.
pub const RETRY_MOST_MS: u64 = 15 * 60 * 1000;

/// When to try again after `failures` in a row (from 1): between half and all of a wait that doubles from two seconds
/// to fifteen minutes, by `random`; never before the server's own `Retry-After`.
pub fn retry_at_ms(now_ms: u64, failures: u32, random: u64, retry_after_ms: Option<u64>) -> u64 {
    let doublings = failures.saturating_sub(1).min(20);
    let most = (RETRY_FIRST_MS << doublings).min(RETRY_MOST_MS);
    let half = most / 2;
    let wait = half + random % (most - half + 1);
    now_ms.saturating_add(wait.max(retry_after_ms.unwrap_or(0)))
}
