//! Where the time and randomness come from: the system, or what a test gives.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// The clock of the system.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Draws random numbers.
pub trait Random: Send + Sync + 'static {
    /// 128 random bits.
    fn next_u128(&self) -> u128;
}

/// The random numbers of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next_u128(&self) -> u128 {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_ok() {
            return u128::from_le_bytes(bytes);
        }
        // Without entropy of the system: that of the hasher's keys and the time, so that ids still differ.
        let half = || u128::from(RandomState::new().hash_one(SystemTime::now()));
        (half() << 64) | half()
    }
}

/// The time and randomness of a host.
#[derive(Clone)]
pub(crate) struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

impl Default for Environment {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

impl Environment {
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A new ULID: it sorts by the time when it was made.
    pub(crate) fn new_id(&self) -> String {
        let now = u64::try_from(self.now_ms()).unwrap_or_default();
        ulid::Ulid::from_parts(now, self.random.next_u128()).to_string()
    }

    /// A random number below `bound`, which is not 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        // The remainder of 128 bits by 64 is even enough.
        u64::try_from(self.random.next_u128() % u128::from(bound.max(1))).unwrap_or_default()
    }
}
