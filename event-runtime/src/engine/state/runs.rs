//! The runs in memory, and how many runs there are in each state.

use std::collections::HashSet;
use std::sync::Arc;

use crate::engine::message::{Answer, ExecutionId};
use crate::engine::model::{FunctionIndex, Memo, Parent, Pending, RunEnd, RunKey, RunRow, Slots};
use crate::engine::state::run_queue::{Lane, StartOrder};
use crate::engine::store::{Result, StoreError};
use crate::event::RawEnvelope;
use crate::function::{Outcome, StepKind, UndoTask, undone_step};
use crate::key_map::{KeyMap, KeySet};

/// How much of runs that wait for their turn is kept in memory, in bytes; others are read when it has come.
const MAX_QUEUED_BYTES: usize = 64 * 1024 * 1024;

/// What a run takes besides its events, in bytes.
const RUN_BYTES: usize = 512;

/// Where a run in memory stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Residency {
    /// It waits for its turn, or was read to be looked at.
    Queued,
    /// It executes: it holds its slots.
    Active,
    /// Its execution is in memory and waits.
    Idle,
}

/// A run in memory.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) key: RunKey,
    pub(crate) id: Arc<str>,
    pub(crate) function: FunctionIndex,
    pub(crate) events: Arc<[Arc<RawEnvelope>]>,
    /// Failed attempts of the function itself.
    pub(crate) attempt: u32,
    pub(crate) created: i64,
    pub(crate) started: Option<i64>,
    /// Whether `started` is on disk.
    pub(crate) start_is_stored: bool,
    pub(crate) due: i64,
    pub(crate) order: i64,
    pub(crate) slots: Slots,
    pub(crate) slots_of: Option<u64>,
    pub(crate) singleton: Option<Arc<str>>,
    /// Whether there may be waits or cancellations of it.
    pub(crate) is_watched: bool,
    /// Taken up after a crash, without progress since.
    pub(crate) recoveries: u32,
    pub(crate) deadline: Option<i64>,
    pub(crate) parent: Option<Parent>,
    /// Results for the next execution.
    pub(crate) memos: Vec<Memo>,
    pub(crate) pending: Vec<Pending>,
    /// The place of the next result.
    pub(crate) next_ord: u32,
    /// The size of all results, in bytes.
    pub(crate) result_bytes: usize,
    /// How it ends, once its steps are undone: nothing else of it happens.
    pub(crate) undoing: Option<RunEnd>,
    /// On disk it is parked.
    pub(crate) parked: bool,
    /// What executes it.
    pub(crate) execution: Option<ExecutionId>,
    /// How many answers that execution was given.
    pub(crate) answers: u32,
    /// Answers that it gets once it has its turn.
    pub(crate) inbox: Vec<Answer>,
    residency: Residency,
    /// What it counts for, of what is kept of runs that wait for their turn.
    queued_bytes: usize,
}

impl Run {
    /// A run that was created and has not started.
    pub(crate) fn new(row: RunRow, events: Arc<[Arc<RawEnvelope>]>) -> Self {
        Self {
            key: row.key,
            id: row.id,
            function: row.function,
            events,
            attempt: 0,
            created: row.created,
            started: None,
            start_is_stored: false,
            due: row.due,
            order: row.order,
            slots: row.slots,
            slots_of: row.slots_of,
            singleton: row.singleton,
            is_watched: true,
            recoveries: 0,
            deadline: row.deadline,
            parent: row.parent,
            memos: Vec::new(),
            pending: Vec::new(),
            next_ord: 0,
            result_bytes: 0,
            undoing: None,
            parked: false,
            execution: None,
            answers: 0,
            inbox: Vec::new(),
            residency: Residency::Queued,
            queued_bytes: 0,
        }
    }

    /// Takes up what a store has recorded of its steps: the results in their order, and the steps without one.
    pub(crate) fn take_up(&mut self, memos: Vec<Memo>, pending: Vec<Pending>) {
        self.next_ord = memos.last().map_or(0, |memo| memo.ord + 1);
        self.result_bytes = memos.iter().map(|memo| memo.outcome.size()).sum();
        self.memos = memos;
        self.pending = pending;
    }

    pub(crate) const fn residency(&self) -> Residency {
        self.residency
    }

    /// Where it waits for its turn.
    pub(crate) const fn lane(&self) -> Lane {
        Lane { function: self.function, slots: self.slots }
    }

    pub(crate) const fn start_order(&self) -> StartOrder {
        StartOrder { time: self.order, run: self.key }
    }

    /// When it may execute: at any time, unless its event is of the future or the function is to be tried again. That it was
    /// created at a later time says nothing: the clock was set back since.
    pub(crate) const fn not_before(&self) -> i64 {
        if self.attempt == 0 && self.due <= self.created { i64::MIN } else { self.due }
    }

    /// What is to be undone next, of a run that was just read: the last of the steps that were done and are not undone; and when.
    pub(crate) fn next_undo(&self) -> Option<(UndoTask, i64)> {
        let undos = self.pending.iter().filter(|pending| pending.kind == StepKind::Undo);
        let done = undos.filter_map(|pending| {
            let memo = self.memos.iter().find(|memo| &*memo.key == undone_step(&pending.key))?;
            let Outcome::Value(output) = &memo.outcome else { return None };
            let (step, output, failed) = (Arc::clone(&memo.key), Arc::clone(output), pending.attempts);
            Some((memo.ord, UndoTask { step, output, failed }, pending.due))
        });
        done.max_by_key(|(ord, ..)| *ord).map(|(_, task, due)| (task, due))
    }

    pub(crate) fn take_pending(&mut self, key: &str) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| &*pending.key == key)?;
        Some(self.pending.swap_remove(index))
    }
}

/// The runs in memory, and the counts of all runs.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    resident: KeyMap<RunKey, Box<Run>>,
    /// Open runs that this build cannot take up.
    held: HashSet<RunKey>,
    /// How many runs have not ended, of those that this build can take up.
    open: usize,
    active: usize,
    idle: KeySet<RunKey>,
    /// How much is in memory of runs that wait for their turn.
    queued_bytes: usize,
}

impl Runs {
    /// Of a store that holds so many runs which have not ended.
    pub(crate) fn new(open: usize) -> Self {
        Self { open, ..Self::default() }
    }

    /// How many runs have not ended.
    pub(crate) const fn open(&self) -> usize {
        self.open
    }

    /// How many executions in memory wait.
    pub(crate) fn idle(&self) -> usize {
        self.idle.len()
    }

    /// The runs whose executions in memory wait.
    pub(crate) fn idle_runs(&self) -> Vec<RunKey> {
        self.idle.iter().copied().collect()
    }

    /// A run, if it is in memory.
    pub(crate) fn get(&self, key: RunKey) -> Option<&Run> {
        self.resident.get(&key).map(Box::as_ref)
    }

    /// A run that is in memory.
    pub(crate) fn find(&self, key: RunKey) -> Result<&Run> {
        self.get(key).ok_or_else(|| absent(key))
    }

    /// A run that is in memory.
    pub(crate) fn find_mut(&mut self, key: RunKey) -> Result<&mut Run> {
        self.resident.get_mut(&key).map(Box::as_mut).ok_or_else(|| absent(key))
    }

    /// A run was created, or opened again.
    pub(crate) const fn opened(&mut self) {
        self.open += 1;
    }

    /// A run has ended.
    pub(crate) fn ended(&mut self, key: RunKey) -> Result<()> {
        if self.held.remove(&key) { Ok(()) } else { self.close() }
    }

    /// A run is left for another build.
    pub(crate) fn hold(&mut self, key: RunKey) -> Result<()> {
        if self.held.insert(key) { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<()> {
        let open = self.open.checked_sub(1);
        self.open = open.ok_or_else(|| StoreError::broken("a run that ends is counted as open"))?;
        Ok(())
    }

    /// Whether this build cannot take a run up.
    pub(crate) fn is_held(&self, key: RunKey) -> bool {
        self.held.contains(&key)
    }

    /// Takes in a run that was read.
    pub(crate) fn insert(&mut self, run: Run) {
        self.resident.insert(run.key, Box::new(run));
    }

    /// Keeps a run that waits for its turn, if there is room for it.
    pub(crate) fn keep_queued(&mut self, run: Run) {
        let events: usize = run.events.iter().map(|event| event.data.get().len()).sum();
        let bytes = RUN_BYTES + events;
        if self.queued_bytes + bytes <= MAX_QUEUED_BYTES {
            self.queued_bytes += bytes;
            self.insert(Run { queued_bytes: bytes, ..run });
        }
    }

    /// Moves a run in memory to where it stands now.
    pub(crate) fn set_residency(&mut self, key: RunKey, residency: Residency) -> Result<&mut Run> {
        let run = self.resident.get_mut(&key).ok_or_else(|| absent(key))?;
        match run.residency {
            Residency::Queued => self.queued_bytes -= std::mem::take(&mut run.queued_bytes),
            Residency::Active => self.active -= 1,
            Residency::Idle => _ = self.idle.remove(&key),
        }
        match residency {
            Residency::Queued => {}
            Residency::Active => self.active += 1,
            Residency::Idle => _ = self.idle.insert(key),
        }
        run.residency = residency;
        Ok(run)
    }

    /// Takes out a run that is in memory.
    pub(crate) fn take(&mut self, key: RunKey) -> Result<Box<Run>> {
        self.remove(key).ok_or_else(|| absent(key))
    }

    /// Forgets a run, which on disk is as it is in memory, or has ended.
    pub(crate) fn remove(&mut self, key: RunKey) -> Option<Box<Run>> {
        let run = self.resident.remove(&key)?;
        match run.residency {
            Residency::Queued => self.queued_bytes -= run.queued_bytes,
            Residency::Active => self.active -= 1,
            Residency::Idle => _ = self.idle.remove(&key),
        }
        Some(run)
    }

    /// What executes, in the order in which it began.
    pub(crate) fn executions(&self) -> Vec<ExecutionId> {
        self.executions_that(|_| true)
    }

    /// What executes of a function, in the order in which it began.
    pub(crate) fn executions_of(&self, function: FunctionIndex) -> Vec<ExecutionId> {
        self.executions_that(|run| run.function == function)
    }

    fn executions_that(&self, are: impl Fn(&Run) -> bool) -> Vec<ExecutionId> {
        let active = self.resident.values().filter(|run| run.residency == Residency::Active && are(run));
        let mut executions: Vec<_> = active.filter_map(|run| run.execution).collect();
        executions.sort_unstable();
        executions
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Run> {
        self.resident.values().map(Box::as_ref)
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) const fn active(&self) -> usize {
        self.active
    }

    /// Checks that the counters say what is there, and that what executes or waits has an execution.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let count = |residency| self.iter().filter(|run| run.residency == residency).count();
        let bytes: usize = self.iter().map(|run| run.queued_bytes).sum();
        let counted = (count(Residency::Active), count(Residency::Idle), bytes);
        if counted != (self.active, self.idle(), self.queued_bytes) {
            return Err(StoreError::broken(format_args!("the counters of runs are those of {counted:?}")));
        }
        if self.iter().filter(|run| !run.parked).count() > self.open + self.held.len() {
            return Err(StoreError::broken("every run in memory is open"));
        }
        let lost = self.iter().find(|run| run.residency != Residency::Queued && run.execution.is_none());
        lost.map_or(Ok(()), |run| {
            Err(StoreError::broken(format_args!(
                "run {}, which executes or waits, has an execution",
                run.key
            )))
        })
    }
}

fn absent(key: RunKey) -> StoreError {
    StoreError::broken(format_args!("run {key} is in memory"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Residency, Run, Runs};
    use crate::engine::model::{FunctionIndex, RunKey, RunRow};

    pub(in crate::engine::state) fn run(key: i64) -> Run {
        let row = RunRow {
            key: RunKey(key),
            id: "run".into(),
            function: FunctionIndex::new(0),
            events: Vec::new(),
            created: 0,
            due: 0,
            order: 0,
            slots: [0; 3],
            slots_of: None,
            singleton: None,
            parent: None,
            deadline: None,
            replay_of: None,
        };
        Run { execution: Some(1), ..Run::new(row, [].into()) }
    }

    #[test]
    fn counters_follow_the_runs() {
        let mut runs = Runs::new(2);
        runs.keep_queued(run(1));
        runs.insert(run(2));
        assert!(runs.queued_bytes > 0);
        runs.set_residency(RunKey(1), Residency::Active).unwrap();
        runs.set_residency(RunKey(2), Residency::Idle).unwrap();
        assert_eq!((runs.active(), runs.idle(), runs.queued_bytes), (1, 1, 0));
        runs.check().unwrap();
        runs.remove(RunKey(1));
        runs.ended(RunKey(1)).unwrap();
        runs.set_residency(RunKey(2), Residency::Queued).unwrap();
        assert_eq!((runs.active(), runs.idle(), runs.open()), (0, 0, 1));
        assert!(runs.idle_runs().is_empty());
        runs.check().unwrap();
    }

    #[test]
    fn what_cannot_be_is_loud() {
        let mut runs = Runs::new(0);
        assert!(runs.find(RunKey(7)).unwrap_err().to_string().contains("run 7 is in memory"));
        assert!(runs.ended(RunKey(7)).unwrap_err().to_string().contains("counted as open"));
        runs.insert(run(1));
        assert!(runs.check().is_err(), "a run in memory that nobody counts");
    }
}
