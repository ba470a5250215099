//! The vocabulary between the engine and its host: what the engine is told, and what it wants done.

use std::sync::Arc;

use super::expression::{ExpressionPlace, NoValue};
use super::model::{FunctionIndex, Memo, RunEnd, RunKey};
use crate::client::Receipt;
use crate::event::RawEnvelope;
use crate::function::{Outcome, Request, StepKind, StepOptions, TypedError, UndoTask};
use crate::signal::{Address, SignalError};

/// The number of an execution, which is not used again.
pub(crate) type ExecutionId = u64;

/// The number of a question that a host has asked, by which it finds who waits for the reply.
pub(crate) type ReplyId = usize;

/// An input: what the engine is told.
#[derive(Debug)]
pub(crate) enum Input {
    /// A question, by whoever waits for the reply.
    Ask(Question, ReplyId),
    /// Something that has come up in an execution.
    Step { run: RunKey, execution: ExecutionId, event: StepEvent },
    /// Begin nothing more, and let what executes come to a rest.
    Drain,
}

/// A question: what is replied to in the transaction in which it is handled.
#[derive(Debug)]
pub(crate) enum Question {
    /// Events from a client.
    Send(Vec<RawEnvelope>),
    /// An event starts one function, and nothing else.
    Start { function: &'static str, event: RawEnvelope },
    /// A function starts by its first cron, as if its time had come.
    #[cfg(any(test, feature = "testing"))]
    Fire { function: &'static str },
    /// A signal is completed with JSON that was checked, by somebody who has its token.
    Signal { address: Address, json: Arc<str> },
    /// A function is paused, or resumed, by its id.
    Pause { function: Box<str>, pauses: bool },
    /// Another run starts like this one, by its id, with another event in place of its own.
    ReplayWith { run: Arc<str>, event: RawEnvelope },
    /// A command about a run, by its id.
    Command { run: Arc<str>, command: Command },
}

/// What an operator may want done about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// It ends.
    Cancel,
    /// It failed or was cancelled, and goes on where it stood.
    Retry,
    /// Another run starts with the same events.
    Replay,
}

impl Command {
    /// As the method is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Replay => "replay",
        }
    }
}

/// Something that has come up in an execution.
#[derive(Debug)]
pub(crate) enum StepEvent {
    /// The handler asks for a step that is new. A body needs no permission: of `step.run` the first news is its result.
    Found { key: Arc<str>, request: Request },
    /// A body has ended.
    Ran { key: Arc<str>, result: Result<Arc<str>, AttemptError>, options: StepOptions },
    /// A step was undone, or could not be. `key` is that of the undoing.
    Undone { key: Arc<str>, result: Result<(), AttemptError>, options: StepOptions },
    /// A test says what a step gives.
    Mocked { key: Arc<str>, kind: StepKind, outcome: Outcome },
    /// The handler has lost interest in a step.
    Dropped { key: Arc<str> },
    /// The handler does nothing but wait.
    ///
    /// `answers` is how many answers the execution had taken when it said so. If the engine has sent more, one is on its
    /// way: the handler goes on with it and says so again, so the engine ignores this one.
    Idle { answers: u32 },
    /// It has come to a rest after the answer `Drain`.
    Drained,
    /// This build cannot call the function with the events of the run.
    Unfit(String),
    /// The handler has returned.
    Returned(Result<Arc<str>, AttemptError>),
}

/// Why an attempt failed, of a body or of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptError {
    pub(crate) message: String,
    pub(crate) is_retriable: bool,
    /// When the error sets the time of the next attempt itself, in milliseconds from now.
    pub(crate) delay_ms: Option<u64>,
    /// The error as a value, if it is one.
    pub(crate) typed: Option<Box<TypedError>>,
}

/// An answer: what an execution is told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// A result was recorded.
    Result(Memo),
    /// A body that failed so often may run again.
    Attempt { key: Arc<str>, failed: u32 },
    /// Begin nothing more.
    Drain,
}

/// An execution that starts.
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
    /// The step that this execution is to undo. It does nothing else.
    pub(crate) undo: Option<UndoTask>,
    /// Steps that an execution before this one has found, and that have no result.
    pub(crate) open_steps: Vec<OpenStep>,
    /// The most bytes that a result of a body may have.
    pub(crate) step_output_bytes: usize,
}

/// A step that was found before and has no result.
#[derive(Debug, Clone)]
pub(crate) struct OpenStep {
    pub(crate) key: Arc<str>,
    pub(crate) kind: StepKind,
    /// Failed attempts of a body, and whether it may run now.
    pub(crate) failed: u32,
    pub(crate) may_run: bool,
}

/// An effect: what the host does once everything is on disk. `To` is how it finds who waits for a reply.
#[derive(Debug)]
pub(crate) enum Effect<To = ReplyId> {
    /// Replies to who has asked.
    Reply(To, Reply),
    /// Starts an execution.
    Start(Box<ExecutionStart>),
    /// Tells an execution something.
    Answer(ExecutionId, Answer),
    /// Drops an execution.
    Stop(ExecutionId),
    /// Closes: nothing executes any more.
    Drained,
    /// Counts and logs something.
    Notice(Notice),
}

impl Effect {
    /// What it tells of, if that is all.
    pub(crate) const fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Notice(notice) => Some(notice),
            _ => None,
        }
    }

    /// The same effect, addressed to who waits for the reply. `None`: nobody does any more.
    pub(crate) fn addressed<To>(self, to: impl FnOnce(ReplyId) -> Option<To>) -> Option<Effect<To>> {
        Some(match self {
            Self::Reply(id, reply) => Effect::Reply(to(id)?, reply),
            Self::Start(start) => Effect::Start(start),
            Self::Answer(execution, answer) => Effect::Answer(execution, answer),
            Self::Stop(execution) => Effect::Stop(execution),
            Self::Drained => Effect::Drained,
            Self::Notice(notice) => Effect::Notice(notice),
        })
    }
}

/// A reply to who has asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// The outcome of events.
    Receipts(Vec<Receipt>),
    /// A command was carried out: the id of the run, a new one for `Replay`.
    Run(Arc<str>),
    /// There is no such run.
    NoRun,
    /// The event was accepted before, and has not started the function.
    Duplicate,
    /// This option keeps the function from starting; nothing was stored.
    Skipped(&'static str),
    /// What has become of a signal.
    Signal(SignalReply),
    /// Whether a function was not paused, or resumed, before.
    Paused(bool),
    /// There is no such function.
    NoFunction,
    /// The run is in a state that does not allow this.
    Refused(&'static str),
}

impl Notice {
    /// The run that it tells of.
    pub(crate) fn run(&self) -> Option<&str> {
        match self {
            Self::Began { run, .. }
            | Self::Held { run, .. }
            | Self::Retried { run, .. }
            | Self::Waits { run, .. }
            | Self::Recorded { run, .. }
            | Self::Ended { run, .. } => Some(run),
            Self::Event(_) | Self::Duplicate | Self::Skipped { .. } | Self::NoValue { .. } => None,
        }
    }
}

/// What has become of a signal that somebody has completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignalReply {
    /// The step has it, or will.
    Taken,
    /// It was completed before.
    Used,
    /// Nothing waits for it any more.
    Expired,
    /// Its run has ended.
    Ended,
    /// There is no such run.
    Unknown,
}

impl SignalReply {
    /// The answer to whoever completes it.
    pub(crate) const fn into_result(self) -> Result<(), SignalError> {
        Err(match self {
            Self::Taken => return Ok(()),
            Self::Used => SignalError::Used,
            Self::Expired => SignalError::Expired,
            Self::Ended => SignalError::Ended,
            Self::Unknown => SignalError::Unknown,
        })
    }
}

/// Something that has happened, for metrics and logs.
#[derive(Debug, Clone)]
pub(crate) enum Notice {
    /// An event was stored.
    Event(Arc<RawEnvelope>),
    /// An event was stored before.
    Duplicate,
    /// An event (of a time, which has none, an empty id) started nothing because of an option.
    Skipped { function: FunctionIndex, event: Arc<str>, by: &'static str },
    /// An expression has no value for an event.
    NoValue { function: FunctionIndex, place: ExpressionPlace, event: Arc<str>, problem: NoValue },
    /// A run has begun, for the first time or again.
    Began { function: FunctionIndex, run: Arc<str>, attempt: u32, waited_ms: i64, first: bool },
    /// A run waits for another build.
    Held { function: FunctionIndex, run: Arc<str>, reason: String },
    /// An attempt failed, of a step or (the empty key) of the function, and there will be another.
    Retried {
        function: FunctionIndex,
        run: Arc<str>,
        step: Arc<str>,
        attempt: u32,
        message: String,
        /// When the next is due.
        due: i64,
    },
    /// A step waits, until then at the longest.
    Waits { run: Arc<str>, step: Arc<str>, kind: StepKind, due: i64 },
    /// A step has a result; why it failed.
    Recorded {
        function: FunctionIndex,
        run: Arc<str>,
        step: Arc<str>,
        kind: StepKind,
        failure: Option<String>,
    },
    /// A run has ended.
    Ended { function: FunctionIndex, run: Arc<str>, end: RunEnd, took_ms: i64 },
}
