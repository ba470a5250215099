//! The engine: what happens to events, runs and steps, as a state machine without threads, clock or randomness of
//! its own.
//!
//! A host hands it inputs, one after the other, with a store whose transaction is open. The engine writes to the store and
//! leaves effects; the host commits, and only then carries the effects out. So nobody learns of anything that is not on
//! disk, and what is in memory follows from what is on disk: when a commit fails, the host throws the engine away.

/// A place at which tests let the engine fail. Without the feature `fail-points` there is nothing.
macro_rules! fail_point {
    ($place:literal) => {
        #[cfg(feature = "fail-points")]
        crate::engine::fail_points::reach($place)?;
    };
}

mod backoff;
pub(crate) mod execution;
mod expression;
#[cfg(feature = "fail-points")]
pub mod fail_points;
mod limits;
mod recovery;
pub(crate) mod run;
mod schedule;
mod stage;
pub(crate) mod state;
pub(crate) mod store;

use std::collections::HashMap;
use std::sync::Arc;

pub use backoff::Backoff;
pub use limits::{Limits, Retention, WhenFull};

use self::expression::{Expression, Expressions};
use self::run::{Memo, Run};
use self::state::flow_control::Flows;
use self::state::quarantine::Quarantine;
use self::state::run_queue::RunQueue;
use self::state::timers::Timers;
use self::state::wait_index::WaitIndex;
use self::store::{EventKey, FunctionIndex, Result, RunKey, Status, Store};
use crate::client::Receipt;
use crate::clock::Environment;
use crate::envelope::{Outgoing, RawEnvelope};
use crate::function::{Application, FunctionDescriptor, InvokeRequest, Options, WaitRequest};

/// The number of an execution, which is not used again.
pub(crate) type ExecutionId = u64;

/// What somebody waits for.
pub(crate) type ReplyId = u64;

/// What the engine is told.
#[derive(Debug)]
pub(crate) enum Input {
    /// Events from a client.
    Send { events: Vec<RawEnvelope>, reply: ReplyId },
    /// What has come up in an execution.
    Step { run: RunKey, execution: ExecutionId, event: StepEvent },
    /// Something about a run.
    Command { run: Arc<str>, command: Command, reply: ReplyId },
    /// Begin nothing more, and let what executes come to a rest.
    Drain,
}

/// What may be asked for about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// It ends.
    Cancel,
    /// It failed or was cancelled, and goes on where it stood.
    Retry,
    /// Another run starts with the same events.
    Replay,
}

/// What has come up in an execution.
#[derive(Debug)]
pub(crate) enum StepEvent {
    /// A body has ended.
    Ran { key: Arc<str>, result: std::result::Result<Arc<str>, AttemptError> },
    /// The function wants to wait so many milliseconds.
    Sleep { key: Arc<str>, milliseconds: u64 },
    /// Or until then.
    SleepUntil { key: Arc<str>, time: i64 },
    /// Or for an event.
    Wait { key: Arc<str>, request: Arc<WaitRequest> },
    /// It calls a function.
    Invoke { key: Arc<str>, request: Arc<InvokeRequest> },
    /// It sends events.
    Send { key: Arc<str>, events: Arc<[Outgoing]> },
    /// A test says what a step gives.
    Mocked { key: Arc<str>, kind: crate::function::StepKind, outcome: crate::function::Outcome },
    /// It has lost interest in a step.
    Dropped { key: Arc<str> },
    /// It does nothing but wait. So many answers have reached it.
    Idle { answers: u32 },
    /// It has come to a rest after the answer `Drain`.
    Drained,
    /// It has returned.
    Returned(std::result::Result<Arc<str>, AttemptError>),
}

/// An error of a body or of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptError {
    pub(crate) message: String,
    pub(crate) is_retriable: bool,
    /// When it sets the time of the next attempt itself, in milliseconds.
    pub(crate) delay_ms: Option<u64>,
}

/// What an execution is told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// A result was recorded.
    Result(Memo),
    /// A body that failed so often may run again.
    Attempt { key: Arc<str>, failed: u32 },
    /// Begin nothing more.
    Drain,
}

/// An execution that begins.
#[derive(Debug)]
pub(crate) struct ExecutionStart {
    pub(crate) run: RunKey,
    pub(crate) execution: ExecutionId,
    pub(crate) id: Arc<str>,
    pub(crate) function: FunctionIndex,
    pub(crate) events: Arc<[Arc<RawEnvelope>]>,
    pub(crate) attempt: u32,
    /// The recorded results, in their order.
    pub(crate) memos: Vec<Memo>,
    /// Steps that were found before and have no result.
    pub(crate) held: Vec<OpenStep>,
    /// The most bytes that a result of a body may have.
    pub(crate) step_output_bytes: usize,
}

/// A step that was found before and has no result.
#[derive(Debug, Clone)]
pub(crate) struct OpenStep {
    pub(crate) key: Arc<str>,
    pub(crate) kind: crate::function::StepKind,
    /// Failed attempts of a body, and whether it may run now.
    pub(crate) failed: u32,
    pub(crate) may_run: bool,
}

/// What the host does once everything is on disk.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Answers who waits.
    Reply(ReplyId, Reply),
    /// Enters a function.
    Start(Box<ExecutionStart>),
    /// Tells an execution something.
    Answer(ExecutionId, Answer),
    /// Drops an execution.
    Stop(ExecutionId),
    /// Nothing executes any more.
    Drained,
    /// For who looks on.
    Notice(Notice),
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// What became of events.
    Receipts(Vec<Receipt>),
    /// Of a command: the id of the run, a new one for `Replay`.
    Run(Arc<str>),
    /// There is no such run.
    NoRun,
    /// The run is in a state in which this cannot be.
    Refused(&'static str),
}

/// What has happened.
#[derive(Debug, Clone)]
pub(crate) enum Notice {
    /// An event was stored.
    Event { name: Arc<str> },
    /// An event was stored before.
    Duplicate,
    /// An event started nothing because of an option.
    Skipped { function: FunctionIndex, by: &'static str },
    /// A run has begun, for the first time or again.
    Began { function: FunctionIndex, waited_ms: i64, first: bool },
    /// An attempt failed, of a step or (the empty key) of the function, and there will be another.
    Retried { function: FunctionIndex, run: Arc<str>, step: Arc<str>, attempt: u32, message: String },
    /// A step has a result.
    Recorded { function: FunctionIndex, kind: crate::function::StepKind, failed: bool },
    /// A run has ended.
    Ended { function: FunctionIndex, run: Arc<str>, status: Status, message: Option<String>, took_ms: i64 },
}

/// What can be set.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) backoff: Backoff,
    pub(crate) limits: Limits,
    /// `None`: nothing is ever removed, not even what says nothing any more.
    pub(crate) retention: Option<Retention>,
    /// How long ids of events and idempotency keys are remembered, in milliseconds.
    pub(crate) dedupe_window_ms: i64,
    /// How many runs execute at once.
    pub(crate) max_active: usize,
    /// How many runs that wait stay in memory, and for how long, in milliseconds.
    pub(crate) max_idle: usize,
    pub(crate) idle_ms: i64,
}

/// A run that is taken up so often after crashes, without progress between them, is held to be their cause.
const MAX_RECOVERIES: u32 = 10;

/// What one input is handled with.
pub(crate) struct Tx<'a> {
    pub(crate) store: &'a mut dyn Store,
    pub(crate) now: i64,
    pub(crate) environment: &'a Environment,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Tx<'_> {
    fn notice(&mut self, notice: Notice) {
        self.effects.push(Effect::Notice(notice));
    }
}

/// The expressions of a function's options.
struct Rules {
    descriptor: &'static FunctionDescriptor,
    condition: Option<Arc<Expression>>,
    slots: [Option<(Option<Arc<Expression>>, crate::function::options::Scope)>; 2],
    throttle: Option<Arc<Expression>>,
    rate_limit: Option<Arc<Expression>>,
    debounce: Option<Arc<Expression>>,
    batch: Option<Arc<Expression>>,
    priority: Option<Arc<Expression>>,
    singleton: Option<Arc<Expression>>,
    idempotency: Option<Arc<Expression>>,
    cancels: Vec<Option<Arc<Expression>>>,
}

/// The engine as a state machine.
pub(crate) struct Engine {
    application: Arc<Application>,
    settings: Settings,
    rules: Vec<Rules>,
    /// Expressions that were parsed before, of options and of `matching`.
    expressions: Expressions,
    next_event: EventKey,
    next_run: RunKey,
    /// Runs up to this one were there before the start.
    last_before: RunKey,
    runs: HashMap<RunKey, Box<Run>>,
    ready: RunQueue,
    /// How much is in memory of runs that wait for their turn.
    ready_bytes: usize,
    timers: Timers,
    waits: WaitIndex,
    flows: Flows,
    suspects: Quarantine,
    next_execution: ExecutionId,
    /// How many executions in memory wait.
    idle: usize,
    /// How many runs have not ended.
    open: usize,
    draining: bool,
    drained: bool,
}

impl Engine {
    /// How many runs have not ended.
    pub(crate) fn open(&self) -> usize {
        self.open
    }

    /// How many runs wait for their turn.
    pub(crate) fn waiting(&self) -> usize {
        self.ready.waiting()
    }

    /// How many runs execute.
    pub(crate) fn active(&self) -> usize {
        self.ready.active()
    }

    /// When the engine wants to be called again, if nothing comes before.
    pub(crate) fn next_due(&self) -> Option<i64> {
        if self.draining { None } else { self.timers.next() }
    }

    /// Whether something will happen by itself: a run goes on, or events that are held back come out.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn has_work(&self) -> bool {
        self.open > 0 || self.flows.any_due()
    }

    /// Handles one input.
    pub(crate) fn handle(&mut self, tx: &mut Tx<'_>, input: Input) -> Result<()> {
        match input {
            Input::Send { events, reply } => {
                let mut receipts = Vec::with_capacity(events.len());
                for event in events {
                    receipts.push(self.accept(tx, event)?);
                }
                tx.effects.push(Effect::Reply(reply, Reply::Receipts(receipts)));
            }
            Input::Step { run, execution, event } => self.step(tx, run, execution, event)?,
            Input::Command { run, command, reply } => {
                let answer = self.command(tx, &run, command)?;
                tx.effects.push(Effect::Reply(reply, answer));
            }
            Input::Drain => self.drain(tx),
        }
        self.dispatch(tx)
    }

    /// Carries out what is due.
    pub(crate) fn tick(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        if self.draining {
            return Ok(());
        }
        // So many at a time, so that others have their turn.
        for _ in 0..MAX_TIMERS_AT_ONCE {
            let Some((due, timer)) = self.timers.pop_due(tx.now) else { break };
            self.fire(tx, due, timer)?;
        }
        self.dispatch(tx)
    }

    fn descriptor(&self, function: FunctionIndex) -> &'static FunctionDescriptor {
        self.rules[function as usize].descriptor
    }

    fn options(&self, function: FunctionIndex) -> &'static Options {
        &self.descriptor(function).options
    }
}

/// How many timers are carried out before other inputs have their turn.
const MAX_TIMERS_AT_ONCE: usize = 512;

/// An event as expressions see it.
fn envelope_value(event: &RawEnvelope) -> serde_json::Value {
    serde_json::to_value(event).unwrap_or_default()
}

/// The value of a key as a text: what is text stands for itself.
fn key_text(value: serde_json::Value) -> Arc<str> {
    match value {
        serde_json::Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

/// So many milliseconds after a time.
fn later(time: i64, milliseconds: u64) -> i64 {
    time.saturating_add_unsigned(milliseconds)
}

/// Whole milliseconds.
fn milliseconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
