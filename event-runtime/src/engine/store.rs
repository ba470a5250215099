//! What the engine needs of a store. Everything is written in the transaction that is open; the host commits it before anybody
//! learns of it.

use std::fmt;
use std::sync::Arc;

use super::run::{Memo, Pending};
use super::state::flow_control::FlowState;
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome, StepKind};

/// The place of a run in the order of all runs: its key in the store.
pub(crate) type RunKey = i64;

/// The place of an event in the order of all events: its key in the store.
pub(crate) type EventKey = i64;

/// Index of a function in the application.
pub(crate) type FunctionIndex = u32;

/// The limits that a run counts for, each a hash that names the limit and the value of its key; 0 is none. Two of
/// concurrency, and until the run has started the throttle.
pub(crate) type Slots = [u64; 3];

/// Why the store could not read or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreError(pub(crate) String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    pub(crate) slots: Slots,
    /// Which limits the slots belong to; `None`: to some that nobody knows any more.
    pub(crate) slots_of: Option<u64>,
    /// The key of the singleton that it is.
    pub(crate) singleton: Option<Arc<str>>,
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
    /// Of a step the hash of its key; of a cancellation its number in the run.
    pub(crate) slot: u64,
}

/// The terms on which an event cancels a run: those of the option `cancel_on` when the run was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cancellation {
    pub(crate) condition: Option<Arc<str>>,
    /// Not after.
    pub(crate) until: Option<i64>,
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
#[derive(Debug, Clone)]
pub(crate) struct OpenRun {
    pub(crate) key: RunKey,
    pub(crate) function: FunctionIndex,
    pub(crate) parked: bool,
    pub(crate) due: i64,
    pub(crate) order: i64,
    pub(crate) slots: Slots,
    pub(crate) slots_of: Option<u64>,
    pub(crate) deadline: Option<i64>,
}

/// The state of flow control for one key, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowRow {
    pub(crate) function: FunctionIndex,
    pub(crate) key: Arc<str>,
    pub(crate) state: FlowState,
}

/// A run that is opened again, as it is when it has not started.
#[derive(Debug)]
pub(crate) struct Reopened {
    pub(crate) key: RunKey,
    pub(crate) due: i64,
    pub(crate) order: i64,
    pub(crate) slots: Slots,
    pub(crate) slots_of: u64,
    pub(crate) singleton: Option<Arc<str>>,
    pub(crate) deadline: Option<i64>,
}

/// What is kept of the history.
pub(crate) struct Keep<'a> {
    /// Runs that ended before may go.
    pub(crate) ended_before: i64,
    /// So many runs are kept, but for those.
    pub(crate) runs: u64,
    /// Ids of events and idempotency keys that came before are not looked up any more.
    pub(crate) seen_before: i64,
    /// Events that came before may go unless a run has them.
    pub(crate) received_before: i64,
    /// Unless they wait for something else.
    pub(crate) is_held_back: &'a dyn Fn(EventKey) -> bool,
}

/// What a store holds at the start.
pub(crate) struct Opening {
    /// Whether the process before this one has ended in order.
    pub(crate) was_closed: bool,
    pub(crate) last_event: EventKey,
    pub(crate) last_run: RunKey,
    /// How many runs have not ended.
    pub(crate) open: usize,
    /// Those of them that may start or have a deadline; others wait for a step.
    pub(crate) runs: Vec<OpenRun>,
    /// The open runs of singletons, and their keys.
    pub(crate) singletons: Vec<(FunctionIndex, Arc<str>, RunKey)>,
    /// When steps without a result are due, and of which run.
    pub(crate) due: Vec<(i64, RunKey)>,
    pub(crate) waits: Vec<WaitRow>,
    pub(crate) flows: Vec<FlowRow>,
    /// Events that are held back for functions which are not in the application.
    pub(crate) held_back: Vec<EventKey>,
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
    /// Opens a run that has failed or was cancelled again. Results that are failures are forgotten, and so is who called it:
    /// that one has its answer.
    fn reopen_run(&mut self, run: &Reopened) -> Result<()>;
    /// Notes why the build at hand cannot take up a run; what the process died of is forgotten, for it was not this run.
    fn set_held(&mut self, run: RunKey, reason: &str) -> Result<()>;
    /// Ends a run whose function is not in the application; the step that waits for it.
    fn end_orphan(&mut self, run: RunKey, end: &RunEnd, now: i64) -> Result<Option<Parent>>;
    /// Records the result of a step that waits, of an open run whose function is not in the application.
    fn put_result_of_orphan(&mut self, run: RunKey, step: &str, outcome: &Outcome, now: i64) -> Result<()>;

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
    /// Notes an event that cancels a run.
    fn put_cancellation(&mut self, wait: &WaitRow, terms: &Cancellation) -> Result<()>;
    /// The terms of a cancellation, if it is still there and they are known.
    fn cancellation(&mut self, wait: WaitKey) -> Result<Option<Cancellation>>;
    fn drop_wait(&mut self, wait: WaitKey) -> Result<()>;
    /// Drops every wait of a run, and returns them.
    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>>;

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()>;
    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()>;

    /// Removes some of what is not to be kept; whether there may be more.
    fn prune(&mut self, keep: &Keep<'_>) -> Result<bool>;
}
