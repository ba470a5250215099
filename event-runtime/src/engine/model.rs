//! The engine's model: keys, and the rows that a store keeps.

use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use super::slots::Slots;
use super::state::flow_control::{FlowKind, FlowState};
use crate::event::RawEnvelope;
use crate::function::{Failure, Outcome, StepKind};

/// The place of a run in the order of all runs: its key in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub(crate) struct RunKey(pub(crate) i64);

/// The place of an event in the order of all events: its key in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub(crate) struct EventKey(pub(crate) i64);

/// The place of a function in the list of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionIndex(u32);

impl FunctionIndex {
    /// The index of a function in the list of the application, which is never that long.
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(crate) const fn get(self) -> usize {
        self.0 as usize
    }
}

impl RunKey {
    /// The key after this one.
    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl EventKey {
    /// The key after this one.
    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for FunctionIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The status of a run.
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
    pub(crate) const ALL: [Self; 5] =
        [Self::Open, Self::Parked, Self::Completed, Self::Failed, Self::Cancelled];

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
    /// What the step that called the function is given.
    pub(crate) fn into_outcome(self) -> Outcome {
        match self {
            Self::Completed(json) => Outcome::Value(json),
            Self::Failed(failure) => {
                Outcome::Failed(Failure { attempts: failure.attempts.max(1), ..failure })
            }
            Self::Cancelled(failure) => {
                Outcome::Failed(Failure::new(format!("the function was cancelled: {}", failure.message), 1))
            }
        }
    }

    /// The end of a run that fails for good after so many attempts.
    pub(crate) const fn failed(message: String, attempts: u32) -> Self {
        Self::Failed(Failure::new(message, attempts))
    }

    pub(crate) const fn cancelled(message: String) -> Self {
        Self::Cancelled(Failure::new(message, 0))
    }

    /// Why it has not completed.
    pub(crate) const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Completed(_) => None,
            Self::Failed(failure) | Self::Cancelled(failure) => Some(failure),
        }
    }

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

/// The row of a run, as it is written when the run is created.
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

/// The recorded result of a step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Memo {
    pub(crate) key: Arc<str>,
    pub(crate) kind: StepKind,
    /// Its place in the order of the results.
    pub(crate) ord: u32,
    pub(crate) outcome: Outcome,
}

/// A step without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) key: Arc<str>,
    pub(crate) kind: StepKind,
    /// Failed attempts of a body.
    pub(crate) attempts: u32,
    /// When a body is tried again, a sleep ends, or others are given up.
    pub(crate) due: i64,
    pub(crate) wait: Option<WaitSpec>,
}

impl Pending {
    /// The slot of its wait in the index.
    pub(crate) fn slot(&self) -> u64 {
        event_conventions::hash_name(&self.key)
    }
}

/// What has become of a signal that was completed, or that nothing waits for any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignalState {
    /// It was completed with this, and its step has not begun to wait.
    Given(Arc<str>),
    /// Its step has what it was completed with.
    Used,
    /// Its step waits no more.
    Expired,
}

/// An open run whose function is not in the application.
#[derive(Debug)]
pub(crate) struct Orphan {
    /// The first of its events.
    pub(crate) event: Arc<RawEnvelope>,
    pub(crate) created: i64,
    /// Its steps without a result.
    pub(crate) pending: Vec<Pending>,
}

/// The event that a step waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitSpec {
    /// The name of the event.
    pub(crate) event: Arc<str>,
    /// The expression that must hold.
    pub(crate) condition: Option<Arc<str>>,
}

/// The key of a wait: of a step, or of a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WaitKey {
    pub(crate) run: RunKey,
    /// Of a step the hash of its key; of a cancellation its number in the run.
    pub(crate) slot: u64,
}

impl WaitKey {
    /// Slots below this number belong to cancellations.
    const MAX_CANCELS: u64 = 16;

    /// Whether it belongs to a cancellation, and not to a step.
    pub(crate) const fn is_cancellation(self) -> bool {
        self.slot < Self::MAX_CANCELS
    }
}

/// The terms on which an event cancels a run: those of the option `cancel_on` when the run was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cancellation {
    pub(crate) condition: Option<Arc<str>>,
    /// Not after.
    pub(crate) until: Option<i64>,
}

/// The row of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitRow {
    pub(crate) key: WaitKey,
    /// The name of the event.
    pub(crate) event: Arc<str>,
    pub(crate) field: Option<WaitField>,
}

/// The field of an event that must have one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitField {
    /// Where it stands, `data.account.id`.
    pub(crate) path: Arc<str>,
    /// The hash of the value.
    pub(crate) value: u64,
}

/// What a run that has not ended is known by when the engine starts.
#[derive(Debug, Clone, Copy)]
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

/// The key of a state of flow control.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FlowKey {
    pub(crate) function: FunctionIndex,
    pub(crate) kind: FlowKind,
    /// The value of the option's own key; without one the empty text.
    pub(crate) value: Arc<str>,
}

/// The row of a state of flow control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowRow {
    pub(crate) function: FunctionIndex,
    pub(crate) value: Arc<str>,
    pub(crate) state: FlowState,
}

/// A part of the waits that an event has not reached yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WakeRow {
    pub(crate) event: EventKey,
    pub(crate) part: u32,
    /// In their order. Without any the part is done.
    pub(crate) waits: Vec<WaitKey>,
}

/// The row of a cron of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CronRow {
    pub(crate) function: FunctionIndex,
    /// The expression, with its time zone.
    pub(crate) cron: Arc<str>,
    /// When it has fired for the last time, or was new.
    pub(crate) fired: i64,
}

/// What a store holds when the engine starts.
pub(crate) struct Opening {
    /// Whether the process before this one has ended in order.
    pub(crate) was_closed: bool,
    pub(crate) last_event: EventKey,
    pub(crate) last_run: RunKey,
    /// When that was created.
    pub(crate) last_created: i64,
    /// How many runs have not ended.
    pub(crate) open: usize,
    /// Those of them that may start or have a deadline; others wait for a step.
    pub(crate) runs: Vec<OpenRun>,
    /// The open runs of singletons, and their keys.
    pub(crate) singletons: Vec<(FunctionIndex, Arc<str>, RunKey)>,
    /// When steps without a result are due, and of which run.
    pub(crate) due: Vec<(i64, RunKey)>,
    pub(crate) waits: Vec<WaitRow>,
    /// Events that have not reached everybody yet who waits for them, in their order.
    pub(crate) wakes: Vec<WakeRow>,
    pub(crate) flows: Vec<FlowRow>,
    /// When the crons of the application have fired for the last time, as far as that is known.
    pub(crate) crons: Vec<CronRow>,
    /// The functions that are paused.
    pub(crate) paused: Vec<FunctionIndex>,
    /// Events that are held back for functions which are not in the application.
    pub(crate) held_back: Vec<EventKey>,
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

/// An event that is stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredEvent {
    pub(crate) key: EventKey,
    pub(crate) event: Arc<RawEnvelope>,
    pub(crate) received: i64,
}

impl StoredEvent {
    /// When runs that it starts may begin: now, unless it was of the future when it came. What happened at a later time than now
    /// came before the clock was set back.
    pub(crate) fn due(&self, now: i64) -> i64 {
        if self.event.ts > self.received { self.event.ts.max(now) } else { now }
    }
}

/// An event as expressions see it: that form is made when it is first needed.
#[derive(Debug)]
pub(crate) struct EventView {
    pub(crate) event: Arc<RawEnvelope>,
    value: OnceCell<Value>,
}

impl EventView {
    pub(crate) const fn new(event: Arc<RawEnvelope>) -> Self {
        Self { event, value: OnceCell::new() }
    }

    pub(crate) fn value(&self) -> &Value {
        self.value.get_or_init(|| envelope_value(&self.event))
    }
}

/// The form of an event for expressions.
pub(crate) fn envelope_value(event: &RawEnvelope) -> Value {
    // An envelope holds texts, numbers and JSON that was checked: it always has a form in JSON.
    serde_json::to_value(event).unwrap_or_default()
}
