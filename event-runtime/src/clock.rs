//! Sources of time and randomness: the system's, or a test's.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time. Hosts work in milliseconds: fractions are cut off.
    fn now(&self) -> SystemTime;
}

/// The clock of the system.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A time as it is stored and sent, in milliseconds since the Unix epoch; a time before the epoch is negative.
pub(crate) fn to_ms(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_nanos().div_ceil(1_000_000)).map_or(i64::MIN, |before| -before)
        }
    }
}

/// A time that was stored or sent, in milliseconds since the Unix epoch.
pub(crate) fn from_ms(ms: i64) -> SystemTime {
    let distance = Duration::from_millis(ms.unsigned_abs());
    let time = if ms < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    // Not every system has a name for a time in millions of years.
    time.unwrap_or(UNIX_EPOCH + END_OF_9999)
}

/// From the Unix epoch to the end of the year 9999.
const END_OF_9999: Duration = Duration::from_millis(253_402_300_799_999);

/// Draws random numbers.
pub trait Random: Send + Sync + 'static {
    /// Returns 128 random bits.
    fn next_u128(&self) -> u128;
}

/// The random numbers of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next_u128(&self) -> u128 {
        POOL.with_borrow_mut(Pool::draw)
    }
}

/// How many random bytes are drawn from the operating system at once.
const POOL_BYTES: usize = 512;

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_BYTES], used: POOL_BYTES }) };
}

/// Random bytes, drawn in advance: a system call for each id would cost more than the id itself.
struct Pool {
    bytes: [u8; POOL_BYTES],
    used: usize,
}

impl Pool {
    fn draw(&mut self) -> u128 {
        if self.used == POOL_BYTES {
            if getrandom::fill(&mut self.bytes).is_err() {
                return without_entropy();
            }
            self.used = 0;
        }
        let mut drawn = [0; size_of::<u128>()];
        drawn.copy_from_slice(&self.bytes[self.used..self.used + size_of::<u128>()]);
        self.used += size_of::<u128>();
        u128::from_le_bytes(drawn)
    }
}

/// The system has no entropy yet: the hasher's keys and the time keep ids distinct.
fn without_entropy() -> u128 {
    let half = || u128::from(RandomState::new().hash_one(SystemTime::now()));
    (half() << 64) | half()
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
    /// 32 random bytes.
    pub(crate) fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        for half in secret.chunks_exact_mut(16) {
            half.copy_from_slice(&self.random.next_u128().to_le_bytes());
        }
        secret
    }

    /// The time in milliseconds since the Unix epoch, before which no clock is believed to be.
    pub(crate) fn now_ms(&self) -> i64 {
        to_ms(self.clock.now()).max(0)
    }

    /// A new ULID: it sorts by the time when it was made.
    pub(crate) fn new_id<Id: for<'t> From<&'t str>>(&self) -> Id {
        let now = u64::try_from(self.now_ms()).unwrap_or_default();
        let mut text = [0; ulid::ULID_LEN];
        Id::from(ulid::Ulid::from_parts(now, self.random.next_u128()).array_to_str(&mut text))
    }

    /// A random number below `bound`, which is not 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        // The remainder of 128 bits by 64 is even enough.
        u64::try_from(self.random.next_u128() % u128::from(bound.max(1))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use std::time::{Duration, UNIX_EPOCH};

    use super::{Random, SystemRandom, from_ms, to_ms};

    #[test]
    fn times_are_milliseconds() {
        for ms in [0, 1, -1, 1_774_684_800_123, -62_135_596_800_000, 253_402_300_799_999] {
            assert_eq!(to_ms(from_ms(ms)), ms);
        }
        assert_eq!(to_ms(UNIX_EPOCH + Duration::from_nanos(1_999_999)), 1);
        assert_eq!(
            to_ms(UNIX_EPOCH - Duration::from_nanos(1)),
            -1,
            "a time before the epoch is not the epoch"
        );
        let _ = (from_ms(i64::MAX), from_ms(i64::MIN));
    }

    #[test]
    fn numbers_of_the_system_do_not_repeat() {
        let drawn: HashSet<u128> = (0..1_000).map(|_| SystemRandom.next_u128()).collect();
        assert_eq!(drawn.len(), 1_000);
    }
}
