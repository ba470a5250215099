//! What follows from what: the work that stages leave for each other.
//!
//! No stage calls another. What one leads to beyond its own matter is queued here, and carried out in the same
//! transaction, first in, first out. So a chain of consequences is as long as it likes, and never deep.

use std::sync::Arc;

use super::message::{AttemptError, ReplyId};
use super::model::{EventKey, EventView, FlowKey, FunctionIndex, Parent, RunEnd, RunKey, StoredEvent};
use crate::event::RawEnvelope;
use crate::function::{Outcome, StepKind, StepOptions};

/// Something that is to be done in this transaction.
#[derive(Debug)]
pub(crate) enum Work {
    /// Accepts the next of the events that a step sends, and records the step after the last.
    Publish { events: std::vec::IntoIter<RawEnvelope>, then: Record },
    /// Starts the functions that an event triggers, as their conditions and flow control let it.
    Admit { key: EventKey, event: EventView },
    /// Starts a function, whatever its conditions and flow control.
    Start { function: FunctionIndex, events: Vec<StoredEvent>, origin: Origin },
    /// Lets the events go that a debounce or a batch holds back.
    Release(FlowKey),
    /// Lets the events reach a run that are on their way to it.
    Reach(RunKey),
    /// Gives a step that waits its result; nothing, when it does not wait any more.
    Resolve { run: RunKey, step: Arc<str>, outcome: Outcome },
    /// Records the result of a step.
    Record(Record),
    /// Ends a run; nothing, when it has ended.
    End { run: RunKey, end: RunEnd },
    /// Ends a run that has steps to be undone, once they are; nothing, when it is being undone.
    Undo { run: RunKey, end: RunEnd },
    /// Takes in what has become of a step that was to be undone.
    Undone { run: RunKey, undo: Arc<str>, result: Result<(), AttemptError>, options: StepOptions },
    /// Removes a part of the history that is not to be kept.
    Prune,
}

/// The result of a step.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) run: RunKey,
    pub(crate) step: Arc<str>,
    pub(crate) kind: StepKind,
    pub(crate) outcome: Outcome,
}

/// Where a run comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// An event, or a time.
    Event,
    /// A step that calls the function.
    Step(Parent),
    /// A call from outside, by whoever waits for the reply.
    Call(ReplyId),
    /// The command that repeats a run, by whoever waits for the reply.
    Replay { of: Arc<str>, reply: ReplyId },
}
