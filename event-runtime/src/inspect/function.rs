//! Functions, and how they are doing.

use std::time::Duration;

use serde::Serialize;

use super::text;

/// A function of the application, with the statistics of its runs. In JSON durations are milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FunctionInfo {
    /// Its id.
    pub id: &'static str,
    /// For people: the `name` option, or the id.
    pub name: &'static str,
    /// Its documentation.
    pub description: &'static str,
    /// The names of the events that start it.
    pub triggers: &'static [&'static str],
    /// The times at which it starts without an event.
    pub crons: &'static [&'static str],
    /// The names of the events that it declares to send.
    pub emits: Vec<&'static str>,
    /// Its options in words, one each.
    pub options: Vec<String>,
    /// The id of the function that runs when a run has failed for good.
    pub on_failure: Option<&'static str>,
    /// Its file and line, `src/mail.rs:17`.
    pub source: String,
    /// The statistics of its runs.
    pub stats: FunctionStats,
}

/// Statistics of the runs of a function that were created within a window.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FunctionStats {
    /// Runs that execute or are queued, whenever they were created.
    pub open: u64,
    /// Runs that wait, whenever they were created.
    pub waiting: u64,
    /// Runs that completed.
    pub completed: u64,
    /// Runs that failed for good.
    pub failed: u64,
    /// Runs that were cancelled.
    pub cancelled: u64,
    /// From the event to the start.
    pub waited: Option<Percentiles>,
    /// From the start to the end.
    pub ran: Option<Percentiles>,
    /// Whether there are more runs in the window than were looked at: of each outcome the newest 10,000.
    pub is_partial: bool,
}

impl FunctionStats {
    /// The share of failures among the runs that completed or failed: 0 to 1; `None` if there are none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a share is a rough figure")]
    pub fn failure_rate(&self) -> Option<f64> {
        let ended = self.completed + self.failed;
        (ended > 0).then(|| self.failed as f64 / ended as f64)
    }
}

/// Of durations: half, 95 % and 99 % are at most so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Percentiles {
    /// The median.
    #[serde(serialize_with = "text::duration")]
    pub p50: Duration,
    /// The 95th percentile.
    #[serde(serialize_with = "text::duration")]
    pub p95: Duration,
    /// The 99th percentile.
    #[serde(serialize_with = "text::duration")]
    pub p99: Duration,
}

impl Percentiles {
    /// Computes them of durations in milliseconds; `None` if there are none.
    pub(crate) fn of(mut milliseconds: Vec<u64>) -> Option<Self> {
        milliseconds.sort_unstable();
        let last = milliseconds.len().checked_sub(1)?;
        let at = |percent: usize| {
            let index = (milliseconds.len() * percent).div_ceil(100).saturating_sub(1).min(last);
            Duration::from_millis(milliseconds[index])
        };
        Some(Self { p50: at(50), p95: at(95), p99: at(99) })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Percentiles;

    #[test]
    fn percentiles_are_the_least_that_so_many_do_not_exceed() {
        assert_eq!(Percentiles::of(Vec::new()), None);
        let of = |all| {
            let Percentiles { p50, p95, p99 } = Percentiles::of(all).unwrap();
            [p50, p95, p99].map(|duration| duration.as_millis())
        };
        assert_eq!(of(vec![7]), [7, 7, 7]);
        assert_eq!(of((1..=100).rev().collect()), [50, 95, 99]);
        assert_eq!(of(vec![1, 2, 3]), [2, 3, 3]);
        assert_eq!(Percentiles::of(vec![1]).unwrap().p50, Duration::from_millis(1));
    }
}
