//! How long to wait before the next attempt.

use std::time::Duration;

use crate::clock::Environment;

/// How long to wait before the next attempt of a step or a function: of everything in the embedded engine
/// ([`Embedded::backoff`](crate::embedded::Embedded::backoff)), or of one step ([`Run::backoff`](crate::Run::backoff)).
///
/// The default is Inngest's: 15 s, 30 s, 1 min, 2 min, 5 min, 10 min, 20 min, 40 min, 1 h, 2 h, plus up to 30 s of
/// jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Inngest,
    Exponential { first: Duration, longest: Duration },
}

/// Seconds before the second attempt, the third, and so on; the last one for all that follow.
const INNGEST_SECONDS: [u64; 10] = [15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200];

/// The random part, in milliseconds.
const INNGEST_JITTER_MS: u64 = 30_000;

impl Backoff {
    /// Waits `first`, then twice as long each time, at most `longest`; without jitter.
    pub const fn exponential(first: Duration, longest: Duration) -> Self {
        Self(Kind::Exponential { first, longest })
    }

    /// Always waits this long.
    pub const fn fixed(delay: Duration) -> Self {
        Self::exponential(delay, delay)
    }

    /// The time before the next attempt, in milliseconds, after `failed` attempts, at least 1.
    pub(crate) fn delay_ms(self, failed: u32, environment: &Environment) -> u64 {
        let doubled = failed.saturating_sub(1);
        match self.0 {
            Kind::Inngest => {
                let index = usize::try_from(doubled).unwrap_or(usize::MAX).min(INNGEST_SECONDS.len() - 1);
                INNGEST_SECONDS[index] * 1_000 + environment.below(INNGEST_JITTER_MS)
            }
            Kind::Exponential { first, longest } => {
                let delay = first.saturating_mul(2_u32.saturating_pow(doubled)).min(longest);
                u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)
            }
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self(Kind::Inngest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_longest() {
        let environment = Environment::default();
        let backoff = Backoff::exponential(Duration::from_millis(10), Duration::from_millis(70));
        let delays: Vec<_> = (1..=5).map(|failed| backoff.delay_ms(failed, &environment)).collect();
        assert_eq!(delays, [10, 20, 40, 70, 70]);
        assert_eq!(backoff.delay_ms(u32::MAX, &environment), 70);
    }

    #[test]
    fn follows_the_table_of_inngest_with_a_random_part() {
        let environment = Environment::default();
        for (failed, seconds) in [(1, 15), (2, 30), (10, 7_200), (99, 7_200)] {
            let delay = Backoff::default().delay_ms(failed, &environment);
            assert!((seconds * 1_000..seconds * 1_000 + 30_000).contains(&delay), "{failed}: {delay}");
        }
    }
}
