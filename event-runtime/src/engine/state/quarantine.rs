//! Runs during which the process has died several times: each begins alone, so that the next death can be blamed on it and
//! not on those that executed beside it.

use std::collections::{HashSet, VecDeque};

use super::run_queue::Lane;
use super::runs::{Residency, Run, Runs};
use crate::engine::model::RunKey;
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};

/// After so many deaths without progress between them a run begins alone.
const SUSPICIOUS: u32 = 3;

/// A run that is taken up so often after crashes, without progress between them, is held to be their cause.
const MAX_RECOVERIES: u32 = 10;

/// For so long others wait for a suspect: until it can begin, and until it has shown that it does no harm. Milliseconds.
const HELD_MS: i64 = 60_000;

/// A run that is suspected of the deaths of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Suspect {
    pub(crate) run: RunKey,
    pub(crate) lane: Lane,
}

/// The suspects that wait, and the one that executes.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    /// Runs that the process before this one may have executed when it died, and that were not taken up since.
    interrupted: HashSet<RunKey>,
    waiting: VecDeque<Suspect>,
    alone: Option<RunKey>,
    /// When others need not wait any more.
    until: i64,
}

/// What taking up a run says about the death of the process before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// It has nothing to do with it.
    None,
    /// It may have caused it: the death counts.
    Counts,
    /// It is held to be the cause.
    Blamed,
}

impl Quarantine {
    /// `interrupted` are the runs that the process before this one may have executed when it died.
    pub(crate) fn new(interrupted: HashSet<RunKey>) -> Self {
        Self { interrupted, ..Self::default() }
    }

    /// Tells what it says that a run is taken up. A death counts once, however often the run is taken up after it.
    pub(crate) fn judge(&mut self, run: &Run) -> Recovery {
        if !self.interrupted.remove(&run.key) {
            Recovery::None
        } else if run.recoveries >= MAX_RECOVERIES {
            Recovery::Blamed
        } else {
            Recovery::Counts
        }
    }

    /// Whether a run that has its turn must begin alone.
    pub(crate) const fn is_suspect(run: &Run) -> bool {
        run.execution.is_none() && !run.parked && run.recoveries >= SUSPICIOUS
    }

    /// Keeps a suspect until nothing else executes. When others need not wait for it any more, if it is the first.
    pub(crate) fn keep(&mut self, suspect: Suspect, now: i64) -> Option<i64> {
        let until = self.waiting.is_empty().then(|| self.hold_others(now));
        if !self.waiting.contains(&suspect) {
            self.waiting.push_back(suspect);
        }
        until
    }

    /// The next suspect, once nothing else executes, and when others need not wait for it any more.
    pub(crate) fn next(&mut self, now: i64) -> Option<(Suspect, i64)> {
        let suspect = self.waiting.pop_front()?;
        self.alone = Some(suspect.run);
        Some((suspect, self.hold_others(now)))
    }

    fn hold_others(&mut self, now: i64) -> i64 {
        self.until = now.saturating_add(HELD_MS);
        self.until
    }

    /// Holds others no longer than if that had begun now: the clock was set back. When they need not wait any more.
    pub(crate) fn hold_no_longer(&mut self, now: i64) -> i64 {
        self.until = self.until.min(now.saturating_add(HELD_MS));
        self.until
    }

    /// Whether others wait for a suspect, while so many runs execute.
    pub(crate) fn holds_others(&self, runs: &Runs, active: usize, now: i64) -> bool {
        let alone = self.alone.and_then(|run| runs.get(run));
        let proves_itself =
            alone.is_some_and(|run| run.residency() == Residency::Active && run.recoveries > 0);
        let waits = !self.waiting.is_empty() && active > 0;
        (proves_itself || waits) && now < self.until
    }

    /// Checks that each suspect waits once.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let twice = |(index, suspect): (usize, &Suspect)| {
            self.waiting.iter().skip(index + 1).any(|other| other == suspect)
        };
        if self.waiting.iter().enumerate().any(twice) {
            return Err(StoreError::broken("each suspect waits once"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{HELD_MS, Quarantine, Suspect};
    use crate::engine::model::{FunctionIndex, RunKey};
    use crate::engine::state::run_queue::Lane;
    use crate::engine::state::runs::Runs;

    #[test]
    fn others_wait_for_a_suspect_for_a_while() {
        let (mut quarantine, runs) = (Quarantine::default(), Runs::default());
        let lane = Lane { function: FunctionIndex::new(0), slots: [0; 3] };
        let suspect = Suspect { run: RunKey(1), lane };
        assert_eq!(quarantine.keep(suspect, 0), Some(HELD_MS));
        assert_eq!(quarantine.keep(suspect, 5), None, "it waits once");
        quarantine.check().unwrap();
        assert!(quarantine.holds_others(&runs, 1, 10));
        assert!(!quarantine.holds_others(&runs, 0, 10), "nothing executes: it is the suspect's turn");
        assert!(!quarantine.holds_others(&runs, 1, HELD_MS), "not for ever");
        assert_eq!(quarantine.next(20).map(|(suspect, _)| suspect), Some(suspect));
        assert_eq!(quarantine.next(20), None);
    }
}
