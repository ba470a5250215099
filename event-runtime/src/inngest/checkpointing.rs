//! Settings for reporting the steps of one call while it goes on.

use std::time::Duration;

/// Settings for reporting the steps of one call while it goes on (chapter 10): the next step runs at once, without another
/// call of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checkpointing {
    /// The number of results that are gathered before they are reported: 1 is the safest.
    pub buffered_steps: usize,
    /// The longest time that a result waits to be reported; zero for no limit.
    pub max_interval: Duration,
    /// The time after which a call ends and the server makes the next one; zero for never.
    pub max_runtime: Duration,
}

impl Checkpointing {
    /// Every result is reported before the next step runs.
    pub const SAFE: Self =
        Self { buffered_steps: 1, max_interval: Duration::ZERO, max_runtime: Duration::ZERO };

    /// Three results at once, or those of three seconds.
    pub const BLENDED: Self =
        Self { buffered_steps: 3, max_interval: Duration::from_secs(3), max_runtime: Duration::ZERO };

    /// As many results at once as possible. A process that dies loses them, and their steps run again.
    pub const PERFORMANT: Self =
        Self { buffered_steps: 1_000, max_interval: Duration::ZERO, max_runtime: Duration::ZERO };

    /// Sets the number of results that are gathered.
    #[must_use]
    pub const fn buffered_steps(mut self, steps: usize) -> Self {
        self.buffered_steps = steps;
        self
    }

    /// Sets the longest time for which a result waits.
    #[must_use]
    pub const fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = interval;
        self
    }

    /// Sets the longest duration of a call.
    #[must_use]
    pub const fn max_runtime(mut self, runtime: Duration) -> Self {
        self.max_runtime = runtime;
        self
    }
}

impl Default for Checkpointing {
    fn default() -> Self {
        Self::SAFE
    }
}
