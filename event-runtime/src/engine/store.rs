//! What the engine needs of a store. Everything is written in the transaction that is open; the host commits it before
//! anybody learns of it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use super::model::{
    Cancellation, CronRow, EventKey, FlowRow, FunctionIndex, Keep, Opening, Orphan, Parent, Pending,
    Reopened, RunEnd, RunKey, RunRow, SignalState, Status, StoredEvent, WaitKey, WaitRow, WakeRow,
};
use super::state::runs::Run;
use crate::client::SharedError;
use crate::event::RawEnvelope;
use crate::function::{Outcome, StepKind};

/// Why an input could not be handled: the engine stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreError(pub(crate) SharedError);

impl From<String> for StoreError {
    fn from(message: String) -> Self {
        Self(SharedError::new(message))
    }
}

impl StoreError {
    /// An invariant of the engine does not hold: what is in memory cannot be trusted any more.
    pub(crate) fn broken(invariant: impl fmt::Display) -> Self {
        format!("an invariant of the engine is broken, which is a fault of event-runtime: {invariant}").into()
    }
}

/// Writes a value as JSON: what the engine writes are texts, numbers and JSON that was checked.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value)
        .map_err(|error| StoreError::broken(format_args!("what is stored has a form in JSON ({error})")))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A store. Times are milliseconds since the Unix epoch.
pub(crate) trait Store {
    /// Everything that is needed to go on.
    fn opening(&mut self) -> Result<Opening>;

    /// The event with this id that was stored at or after `since`.
    fn find_event(&mut self, id: &str, since: i64) -> Result<Option<EventKey>>;
    fn put_event(&mut self, key: EventKey, event: &RawEnvelope, now: i64) -> Result<()>;
    fn load_event(&mut self, key: EventKey) -> Result<Option<StoredEvent>>;

    /// Notes an idempotency key of a function; whether it is new since `since`.
    fn see(&mut self, function: FunctionIndex, key: &str, since: i64, now: i64) -> Result<bool>;

    /// Notes that an option of a function kept an event from starting it, for who looks inside.
    fn put_skip(&mut self, event: EventKey, function: FunctionIndex, by: &'static str) -> Result<()>;

    fn put_run(&mut self, run: &RunRow) -> Result<()>;
    /// A run that has not ended.
    fn load_run(&mut self, run: RunKey) -> Result<Option<Run>>;
    /// The key of the run with this id.
    fn find_run(&mut self, id: &str) -> Result<Option<(RunKey, Status)>>;
    /// The id of the first run of a function that an event has started.
    fn find_run_of(&mut self, event: EventKey, function: FunctionIndex) -> Result<Option<Arc<str>>>;
    /// The function and the events of a run, whether it has ended or not.
    fn events_of(&mut self, run: RunKey) -> Result<Option<(FunctionIndex, Vec<EventKey>)>>;
    fn set_started(&mut self, run: RunKey, started: i64, deadline: Option<i64>) -> Result<()>;
    fn set_status(&mut self, run: RunKey, status: Status) -> Result<()>;
    /// A failed attempt of the function itself, and when the next is due.
    fn set_attempt(&mut self, run: RunKey, attempt: u32, due: i64) -> Result<()>;
    fn set_recoveries(&mut self, run: RunKey, recoveries: u32) -> Result<()>;
    fn end_run(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()>;
    /// Notes how a run ends once its steps are undone. It is open till then, has no deadline, and is no singleton any more.
    fn set_undoing(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()>;
    /// Opens a run that has failed or was cancelled again. Results that are failures are forgotten, and so is who called it:
    /// that one has its answer; and steps that were undone.
    fn reopen_run(&mut self, run: &Reopened) -> Result<()>;
    /// Notes why the build at hand cannot take up a run; what the process died of is forgotten, for it was not this run.
    fn set_held(&mut self, run: RunKey, reason: &str) -> Result<()>;
    /// A run that has not ended and whose function is not in the application.
    fn load_orphan(&mut self, run: RunKey) -> Result<Option<Orphan>>;
    /// Ends such a run; returns the step that waits for it.
    fn end_orphan(&mut self, run: RunKey, end: &RunEnd, now: i64) -> Result<Option<Parent>>;
    /// Records the result of a step of such a run. The run goes on when its function is there again.
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

    /// What has become of the signal of a step, by the hash of the step's key, if anything has.
    fn signal(&mut self, run: RunKey, slot: u64) -> Result<Option<SignalState>>;
    fn put_signal(&mut self, run: RunKey, slot: u64, state: &SignalState) -> Result<()>;

    fn put_wait(&mut self, wait: &WaitRow) -> Result<()>;
    /// Notes an event that cancels a run.
    fn put_cancellation(&mut self, wait: &WaitRow, terms: &Cancellation) -> Result<()>;
    /// The terms of a cancellation, if it is still there and they are known.
    fn cancellation(&mut self, wait: WaitKey) -> Result<Option<Cancellation>>;
    fn drop_wait(&mut self, wait: WaitKey) -> Result<()>;
    /// Drops every wait of a run, and returns them.
    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>>;

    /// Notes whom an event has not reached yet; nothing, when the part is done.
    fn put_wake(&mut self, wake: &WakeRow) -> Result<()>;

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()>;
    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()>;

    /// Notes when a cron has fired, or that it is new.
    fn put_cron(&mut self, cron: &CronRow) -> Result<()>;

    /// Notes since when a function is paused.
    fn set_paused(&mut self, function: FunctionIndex, since: Option<i64>) -> Result<()>;

    /// Removes some of what is not to be kept; whether there may be more.
    fn prune(&mut self, keep: &Keep<'_>) -> Result<bool>;
}
