//! What the engine needs of a store. Everything is written in the transaction that is open; the host commits it before anybody
//! learns of it.

use std::fmt;
use std::sync::Arc;

use super::run::{Memo, Pending};
use super::state::flow_control::FlowState;
use crate::client::SharedError;
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome, StepKind};

/// The place of a run in the order of all runs: its key in the store.
pub(crate) type RunKey = i64;

/// The place of an event in the order of all events: its key in the store.
pub(crate) type EventKey = i64;

/// Index of a function in the application.
pub(crate) type FunctionIndex = u32;

/// Why the store could not read or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreError(pub(crate) SharedError);

impl From<String> for StoreError {
    fn from(message: String) -> Self {
        Self(SharedError::new(message))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// It executes, or waits for its turn.
    Open = 0,
    /// It has returned.
    Completed = 1,
    /// It failed for good.
    Failed = 2,
    /// It was cancelled.
    Cancelled = 3,
    /// It waits for time, events or other runs, and is not in memory.
    Parked = -1,
}

impl Status {
    pub(crate) const fn of_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Open,
            1 => Self::Completed,
            2 => Self::Failed,
            3 => Self::Cancelled,
            -1 => Self::Parked,
            _ => return None,
        })
    }

    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Parked)
    }
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunEnd {
    /// It has returned this.
    Completed(Arc<str>),
    /// It failed for good.
    Failed(Failure),
    /// It was cancelled, and why.
    Cancelled(Failure),
}

impl RunEnd {
    pub(crate) const fn status(&self) -> Status {
        match self {
            Self::Completed(_) => Status::Completed,
            Self::Failed(_) => Status::Failed,
            Self::Cancelled(_) => Status::Cancelled,
        }
    }
}

/// The step of another run that waits for the result of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) run: RunKey,
    pub(crate) step: Arc<str>,
}

/// What is written about a run when it is created.
#[derive(Debug, Clone)]
pub(crate) struct RunRow {
    pub(crate) key: RunKey,
    pub(crate) id: Arc<str>,
    pub(crate) function: FunctionIndex,
    /// What started it: one event, or a batch.
    pub(crate) events: Vec<EventKey>,
    pub(crate) created: i64,
    /// Not before.
    pub(crate) due: i64,
    /// Its place in the order of starts: a time, earlier for what has priority.
    pub(crate) order: i64,
    /// The limits of concurrency that it counts for; 0 is none.
    pub(crate) slots: [u64; 2],
    pub(crate) parent: Option<Parent>,
    /// When it is cancelled unless it has started, or ended.
    pub(crate) deadline: Option<i64>,
    /// The run that it repeats.
    pub(crate) replay_of: Option<Arc<str>>,
}

/// A run as it was left.
#[derive(Debug, Clone)]
pub(crate) struct StoredRun {
    pub(crate) row: RunRow,
    pub(crate) status: Status,
    /// Failed attempts of the function itself.
    pub(crate) attempt: u32,
    pub(crate) started: Option<i64>,
    /// Taken up after a crash, without progress since.
    pub(crate) recoveries: u32,
    pub(crate) events: Vec<Arc<RawEnvelope>>,
    /// The recorded results, in their order.
    pub(crate) memos: Vec<Memo>,
    /// The steps without a result.
    pub(crate) pending: Vec<Pending>,
}

/// An event that a run waits for, or is cancelled by, as the index knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WaitKey {
    pub(crate) run: RunKey,
    /// Of a step the hash of its key; of an option `cancel_on` its index.
    pub(crate) slot: u64,
}

/// An entry of the index of waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitRow {
    pub(crate) key: WaitKey,
    /// The name of the event.
    pub(crate) event: Arc<str>,
    /// The field that must have one value, and the hash of that value.
    pub(crate) field: Option<(Arc<str>, u64)>,
}

/// An open run, as it is read at the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenRun {
    pub(crate) key: RunKey,
    pub(crate) function: FunctionIndex,
    pub(crate) parked: bool,
    pub(crate) due: i64,
    pub(crate) order: i64,
    pub(crate) slots: [u64; 2],
    pub(crate) deadline: Option<i64>,
}

/// The state of flow control for one key, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowRow {
    pub(crate) function: FunctionIndex,
    pub(crate) key: Arc<str>,
    pub(crate) state: FlowState,
}

/// What a store holds at the start.
pub(crate) struct Opening {
    pub(crate) last_event: EventKey,
    pub(crate) last_run: RunKey,
    /// How many runs have not ended.
    pub(crate) open: usize,
    /// Those of them that may start or have a deadline; others wait for a step.
    pub(crate) runs: Vec<OpenRun>,
    /// When steps without a result are due, and of which run.
    pub(crate) due: Vec<(i64, RunKey)>,
    pub(crate) waits: Vec<WaitRow>,
    pub(crate) flows: Vec<FlowRow>,
}

/// A store. Times are milliseconds since the Unix epoch.
pub(crate) trait Store {
    /// Everything that is needed to go on.
    fn opening(&mut self) -> Result<Opening>;

    /// The event with this id that was stored at or after `since`.
    fn find_event(&mut self, id: &str, since: i64) -> Result<Option<EventKey>>;
    fn put_event(&mut self, key: EventKey, event: &RawEnvelope, now: i64) -> Result<()>;
    fn load_event(&mut self, key: EventKey) -> Result<Option<RawEnvelope>>;

    /// Notes an idempotency key of a function; whether it is new since `since`.
    fn see(&mut self, function: FunctionIndex, key: &str, since: i64, now: i64) -> Result<bool>;

    fn put_run(&mut self, run: &RunRow) -> Result<()>;
    /// A run that has not ended.
    fn load_run(&mut self, run: RunKey) -> Result<Option<StoredRun>>;
    /// The key of the run with this id.
    fn find_run(&mut self, id: &str) -> Result<Option<(RunKey, Status)>>;
    /// The function and the events of a run, whether it has ended or not.
    fn events_of(&mut self, run: RunKey) -> Result<Option<(FunctionIndex, Vec<EventKey>)>>;
    fn set_started(&mut self, run: RunKey, started: i64, deadline: Option<i64>) -> Result<()>;
    fn set_status(&mut self, run: RunKey, status: Status) -> Result<()>;
    /// A failed attempt of the function itself, and when the next is due.
    fn set_attempt(&mut self, run: RunKey, attempt: u32, due: i64) -> Result<()>;
    fn set_recoveries(&mut self, run: RunKey, recoveries: u32) -> Result<()>;
    fn end_run(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()>;
    /// Opens a run that has failed or was cancelled again. Results that are failures are forgotten.
    fn reopen_run(&mut self, run: RunKey, now: i64) -> Result<()>;

    /// Records the result of a step; what was pending of it is over.
    fn put_result(
        &mut self,
        run: RunKey,
        step: (&str, StepKind),
        ord: u32,
        outcome: &Outcome,
        now: i64,
    ) -> Result<()>;
    fn put_pending(&mut self, run: RunKey, pending: &Pending, now: i64) -> Result<()>;
    fn drop_pending(&mut self, run: RunKey, step: &str) -> Result<()>;
    /// Notes a failed attempt, of a step or of the function itself (the empty step), for who looks inside.
    fn put_failed_attempt(
        &mut self,
        run: RunKey,
        step: &str,
        attempt: u32,
        message: &str,
        now: i64,
    ) -> Result<()>;

    fn put_wait(&mut self, wait: &WaitRow) -> Result<()>;
    fn drop_wait(&mut self, wait: WaitKey) -> Result<()>;
    /// Drops every wait of a run, and returns them.
    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>>;

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()>;
    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()>;

    /// Removes some of what ended before `ended_before` and of what is more than `keep` runs old; whether there may be
    /// more.
    fn prune(&mut self, ended_before: i64, keep: u64, seen_before: i64) -> Result<bool>;
}
