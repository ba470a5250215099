//! The options of a function, by Inngest's names and with Inngest's meanings.

use std::time::Duration;

/// The options of a function: when and how often it runs. Durations are whole milliseconds. Expressions are
/// CEL (Common Expression Language) over `event`, the envelope of the event: `event.data.account_id`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// The number of retries of a failed step, or of the function itself: 0 to 20, 4 unless set.
    pub retries: u8,
    /// `if`: only events for which this is true start it.
    pub condition: Option<&'static str>,
    /// Limits on the runs that execute steps at once; at most two. Runs that sleep or wait do not count.
    pub concurrency: &'static [Concurrency],
    /// A limit on the runs that start in a period; others start later.
    pub throttle: Option<Throttle>,
    /// A limit on the runs that start in a period; the events of others are skipped.
    pub rate_limit: Option<RateLimit>,
    /// Starts with the last event, once no more have arrived for a while.
    pub debounce: Option<Debounce>,
    /// Starts with several events at once.
    pub batch: Option<Batching>,
    /// An expression for the seconds by which a run is moved ahead of earlier ones, or behind later ones if negative.
    pub priority: Option<&'static str>,
    /// One run at a time.
    pub singleton: Option<Singleton>,
    /// Events that cancel a run; at most five.
    pub cancel_on: &'static [CancelOn],
    /// An expression for a key: an event whose key was seen within 24 hours starts nothing.
    pub idempotency: Option<&'static str>,
    /// The times after which a run is cancelled.
    pub timeouts: Timeouts,
    /// Times at which it starts without an event.
    pub crons: &'static [&'static str],
    /// The longest time by which a start by `crons` is delayed: 1 second to 5 minutes. Each is delayed by another time.
    pub jitter: Option<Duration>,
}

/// At most `limit` runs execute steps at once, for each value of `key`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Concurrency {
    /// At least 1.
    pub limit: u32,
    /// An expression: runs with different values are counted separately.
    pub key: Option<&'static str>,
    /// The functions that share the limit.
    pub scope: Scope,
}

/// The functions that share a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scope {
    /// None: it is the function's own.
    #[default]
    Function,
    /// Those of the environment with the same key. In the embedded engine: of the engine.
    Environment,
    /// Those of the account with the same key. In the embedded engine: of the engine.
    Account,
}

/// At most `limit` runs start in each `period`, evenly spread, with bursts of `burst`; others start later, in order.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Throttle {
    /// At least 1.
    pub limit: u32,
    /// 1 second to 7 days.
    pub period: Duration,
    /// The number of runs that may start at once beyond the even spread: at least 1.
    pub burst: u32,
    /// An expression: events with different values are counted separately.
    pub key: Option<&'static str>,
}

/// At most `limit` runs start in each `period`; further events start nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// At least 1.
    pub limit: u32,
    /// 1 second to 24 hours.
    pub period: Duration,
    /// An expression: events with different values are counted separately.
    pub key: Option<&'static str>,
}

/// Starts with the last event once none has arrived for `period`, or `timeout` after the first.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Debounce {
    /// 1 second to 7 days.
    pub period: Duration,
    /// The longest delay of the start.
    pub timeout: Option<Duration>,
    /// Events with different values are debounced separately.
    pub key: Option<&'static str>,
}

/// Starts with `max_size` events, or with those that have arrived `timeout` after the first.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Batching {
    /// 1 to 100.
    pub max_size: u32,
    /// 1 to 60 seconds.
    pub timeout: Duration,
    /// Events with different values are batched separately.
    pub key: Option<&'static str>,
    /// `if`: which events wait for others. For one that does not, a run starts at once, with it alone.
    pub condition: Option<&'static str>,
}

/// One run at a time, for each value of `key`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Singleton {
    /// Runs with different values do not exclude each other.
    pub key: Option<&'static str>,
    /// The effect of an event that arrives during a run.
    pub mode: SingletonMode,
}

/// The effect of an event that arrives during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SingletonMode {
    /// It starts nothing.
    #[default]
    Skip,
    /// It cancels the run, and starts another.
    Cancel,
}

/// An event that cancels a run.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CancelOn {
    /// Its name.
    pub event: &'static str,
    /// `if`: which of these events do; `event` is what started the run, `async` is this one.
    pub condition: Option<&'static str>,
    /// For how long after the start of the run.
    pub timeout: Option<Duration>,
}

/// The times after which a run is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Timeouts {
    /// From its event to its start.
    pub start: Option<Duration>,
    /// From its start to its end.
    pub finish: Option<Duration>,
}

impl Options {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        retries: 4,
        condition: None,
        concurrency: &[],
        throttle: None,
        rate_limit: None,
        debounce: None,
        batch: None,
        priority: None,
        singleton: None,
        cancel_on: &[],
        idempotency: None,
        timeouts: Timeouts { start: None, finish: None },
        crons: &[],
        jitter: None,
    };
}

/// Setters for the expansion of `#[function]`: the structs above are open to more fields, so that other crates cannot write them.
macro_rules! setters {
    ($($ty:ident { $($setter:ident($field:ident: $value:ty)),* $(,)? })*) => {$(
        #[doc(hidden)]
        impl $ty {
            $(
                #[must_use]
                pub const fn $setter(mut self, value: $value) -> Self {
                    self.$field = value;
                    self
                }
            )*
        }
    )*};
}

setters! {
    Options {
        retries(retries: u8),
        condition(condition: Option<&'static str>),
        concurrency(concurrency: &'static [Concurrency]),
        throttle(throttle: Option<Throttle>),
        rate_limit(rate_limit: Option<RateLimit>),
        debounce(debounce: Option<Debounce>),
        batch(batch: Option<Batching>),
        priority(priority: Option<&'static str>),
        singleton(singleton: Option<Singleton>),
        cancel_on(cancel_on: &'static [CancelOn]),
        idempotency(idempotency: Option<&'static str>),
        timeouts(timeouts: Timeouts),
        crons(crons: &'static [&'static str]),
    }
}

#[doc(hidden)]
impl Options {
    #[must_use]
    pub const fn jitter(mut self, milliseconds: u64) -> Self {
        self.jitter = Some(Duration::from_millis(milliseconds));
        self
    }
}

#[doc(hidden)]
impl Concurrency {
    #[must_use]
    pub const fn new(limit: u32, key: Option<&'static str>, scope: Scope) -> Self {
        Self { limit, key, scope }
    }
}

#[doc(hidden)]
impl Throttle {
    #[must_use]
    pub const fn new(limit: u32, period_ms: u64, burst: u32, key: Option<&'static str>) -> Self {
        Self { limit, period: Duration::from_millis(period_ms), burst, key }
    }
}

#[doc(hidden)]
impl RateLimit {
    #[must_use]
    pub const fn new(limit: u32, period_ms: u64, key: Option<&'static str>) -> Self {
        Self { limit, period: Duration::from_millis(period_ms), key }
    }
}

#[doc(hidden)]
impl Debounce {
    #[must_use]
    pub const fn new(period_ms: u64, timeout_ms: Option<u64>, key: Option<&'static str>) -> Self {
        Self { period: Duration::from_millis(period_ms), timeout: duration(timeout_ms), key }
    }
}

#[doc(hidden)]
impl Batching {
    #[must_use]
    pub const fn new(
        max_size: u32,
        timeout_ms: u64,
        key: Option<&'static str>,
        condition: Option<&'static str>,
    ) -> Self {
        Self { max_size, timeout: Duration::from_millis(timeout_ms), key, condition }
    }
}

#[doc(hidden)]
impl Singleton {
    #[must_use]
    pub const fn new(mode: SingletonMode, key: Option<&'static str>) -> Self {
        Self { key, mode }
    }
}

#[doc(hidden)]
impl CancelOn {
    #[must_use]
    pub const fn new(event: &'static str, condition: Option<&'static str>, timeout_ms: Option<u64>) -> Self {
        Self { event, condition, timeout: duration(timeout_ms) }
    }
}

#[doc(hidden)]
impl Timeouts {
    #[must_use]
    pub const fn new(start_ms: Option<u64>, finish_ms: Option<u64>) -> Self {
        Self { start: duration(start_ms), finish: duration(finish_ms) }
    }
}

const fn duration(milliseconds: Option<u64>) -> Option<Duration> {
    match milliseconds {
        Some(milliseconds) => Some(Duration::from_millis(milliseconds)),
        None => None,
    }
}
