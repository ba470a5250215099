//! What happens when: in the order of time, each once.

use std::collections::BTreeSet;

use crate::engine::model::{FunctionIndex, RunKey};
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A step of a run, or the run itself.
    Run(RunKey),
    /// A run must have started, or ended.
    Deadline(RunKey),
    /// A run that waits in memory has waited long enough to be parked.
    Park(RunKey),
    /// Events that are held back come out: a debounce or a batch.
    Flow(u64),
    /// A throttle of a function may let one start.
    Throttle(FunctionIndex, u64),
    /// A function starts by itself: the index of the cron.
    Cron(u32),
    /// History is pruned.
    Prune,
    /// Others need not wait for a suspect any more.
    Trust,
}

impl Timer {
    /// The run that something happens to.
    pub(crate) const fn run(self) -> Option<RunKey> {
        match self {
            Self::Run(run) | Self::Deadline(run) => Some(run),
            _ => None,
        }
    }
}

/// The timers. Waking is in order and costs the logarithm of how many there are.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(i64, Timer)>);

impl Timers {
    /// Of a store that is opened.
    pub(crate) fn extend(&mut self, timers: impl Iterator<Item = (i64, Timer)>) {
        let mut timers: Vec<_> = timers.collect();
        timers.sort_unstable();
        // A sorted list becomes a tree at once.
        let more: BTreeSet<_> = timers.into_iter().collect();
        self.0.extend(more);
    }

    pub(crate) fn set(&mut self, due: i64, timer: Timer) {
        self.0.insert((due, timer));
    }

    pub(crate) fn clear(&mut self, due: i64, timer: Timer) {
        self.0.remove(&(due, timer));
    }

    /// Brings timers forward that are set later than they can be: `latest` says when that is, of the kinds that it knows.
    pub(crate) fn bring_forward(&mut self, latest: impl Fn(Timer) -> Option<i64>) {
        let is_late =
            |&(due, timer): &(i64, Timer)| Some((due, timer, latest(timer).filter(|latest| *latest < due)?));
        let late: Vec<_> = self.0.iter().filter_map(is_late).collect();
        for (due, timer, latest) in late {
            self.clear(due, timer);
            self.set(latest, timer);
        }
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, Timer)> {
        self.0.iter().copied()
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn contains(&self, due: i64, timer: Timer) -> bool {
        self.0.contains(&(due, timer))
    }

    /// Checks that what happens once is set once.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let is_single = |timer: &Timer| matches!(timer, Timer::Flow(_) | Timer::Cron(_) | Timer::Prune);
        let mut seen = BTreeSet::new();
        match self.iter().map(|(_, timer)| timer).filter(is_single).find(|timer| !seen.insert(*timer)) {
            Some(timer) => Err(StoreError::broken(format_args!("{timer:?} is set once"))),
            None => Ok(()),
        }
    }

    /// When the next is due.
    pub(crate) fn next(&self) -> Option<i64> {
        self.0.first().map(|(due, _)| *due)
    }

    /// The next that is due at `now`.
    pub(crate) fn pop_due(&mut self, now: i64) -> Option<(i64, Timer)> {
        if self.next()? <= now { self.0.pop_first() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Timer, Timers};
    use crate::engine::model::RunKey;

    #[test]
    fn timers_fire_once_in_the_order_of_time() {
        let mut timers = Timers::default();
        timers.extend([(20, Timer::Prune), (10, Timer::Run(RunKey(1)))].into_iter());
        timers.set(10, Timer::Run(RunKey(1)));
        timers.set(15, Timer::Park(RunKey(1)));
        timers.clear(15, Timer::Park(RunKey(1)));
        assert_eq!(timers.next(), Some(10));
        assert_eq!(timers.pop_due(9), None);
        assert_eq!(timers.pop_due(30), Some((10, Timer::Run(RunKey(1)))));
        assert_eq!(timers.pop_due(30), Some((20, Timer::Prune)));
        assert_eq!(timers.pop_due(30), None);
    }

    #[test]
    fn timers_are_brought_forward() {
        let mut timers = Timers::default();
        let run = Timer::Run(RunKey(1));
        timers.extend([(1_000, Timer::Prune), (5, Timer::Trust), (1_000, run)].into_iter());
        timers.bring_forward(|timer| (timer != run).then_some(10));
        assert_eq!(timers.iter().collect::<Vec<_>>(), [(5, Timer::Trust), (10, Timer::Prune), (1_000, run)]);
    }

    #[test]
    fn what_happens_once_is_set_once() {
        let mut timers = Timers::default();
        timers.set(10, Timer::Park(RunKey(1)));
        timers.set(20, Timer::Park(RunKey(1)));
        timers.set(10, Timer::Cron(1));
        timers.set(20, Timer::Cron(2));
        timers.check().unwrap();
        timers.set(20, Timer::Cron(1));
        assert!(timers.check().unwrap_err().to_string().contains("Cron(1) is set once"));
    }
}
