//! Runs during which the process has died several times: each begins alone, so that the next death can be blamed on it and
//! not on those that executed beside it.

use std::collections::VecDeque;

use crate::engine::run::{Run, State};
use crate::engine::state::timers::Timer;
use crate::engine::store::{FunctionIndex, RunKey};
use crate::engine::{Engine, Tx};

/// After so many deaths without progress between them a run begins alone.
const SUSPICIOUS: u32 = 3;

/// For so long others wait for a suspect: until it can begin, and until it has shown that it does no harm. Milliseconds.
const HELD_MS: i64 = 60_000;

/// The suspects that wait, and the one that executes.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    waiting: VecDeque<Suspect>,
    alone: Option<RunKey>,
    /// When others need not wait any more.
    until: i64,
}

/// A suspect, and what it counts for.
type Suspect = (RunKey, FunctionIndex, [u64; 2]);

impl Engine {
    /// Whether a run that has its turn must begin alone.
    pub(crate) fn is_suspect(&self, run: &Run) -> bool {
        let recovers = run.execution.is_none() && run.key <= self.last_before && !run.parked;
        recovers && run.recoveries >= SUSPICIOUS
    }

    /// A suspect waits until nothing else executes.
    pub(crate) fn keep_suspect(&mut self, tx: &Tx<'_>, suspect: Suspect) {
        if self.suspects.waiting.is_empty() {
            self.hold_others(tx);
        }
        if !self.suspects.waiting.contains(&suspect) {
            self.suspects.waiting.push_back(suspect);
        }
    }

    fn hold_others(&mut self, tx: &Tx<'_>) {
        self.suspects.until = tx.now.saturating_add(HELD_MS);
        self.timers.set(self.suspects.until, Timer::Trust);
    }

    /// Whether others wait for a suspect.
    pub(crate) fn is_held(&self, now: i64) -> bool {
        let proves_itself = self.suspects.alone.and_then(|run| self.runs.get(&run));
        let proves_itself = proves_itself.is_some_and(|run| run.state == State::Active && run.recoveries > 0);
        let waits = !self.suspects.waiting.is_empty() && self.ready.active() > 0;
        (proves_itself || waits) && now < self.suspects.until
    }

    /// The next suspect, if nothing else executes. It holds its slots from now on.
    pub(crate) fn next_suspect(&mut self, tx: &Tx<'_>) -> Option<Suspect> {
        if self.ready.active() > 0 {
            return None;
        }
        let suspect = self.suspects.waiting.pop_front()?;
        self.ready.occupy(suspect.2);
        self.suspects.alone = Some(suspect.0);
        self.hold_others(tx);
        Some(suspect)
    }
}
