//! What a middleware is told: where it is, and what it looks at.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::event::{EventDescriptor, RawEnvelope};
use crate::function::{Error, FunctionDescriptor, Invocation, StepKind};

/// The kind of host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Host {
    /// The engine: embedded, with its file, or in the test kit.
    Engine,
    /// An Inngest server.
    Inngest,
}

/// An event on its way to the host.
#[derive(Debug)]
#[non_exhaustive]
pub struct SentEvent<'a> {
    /// Where it goes.
    pub host: Host,
    /// Its id; `None` where the host makes one of the run and the step.
    pub id: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// Its declaration.
    pub descriptor: Option<&'static EventDescriptor>,
    /// The payload: a JSON object, and so must be what takes its place.
    pub data: &'a mut Box<RawValue>,
    /// Anything about the user.
    pub user: &'a mut Option<Box<RawValue>>,
}

/// An execution: a handler in memory that is being polled.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Execution {
    /// What runs it.
    pub host: Host,
    /// The function.
    pub function: &'static FunctionDescriptor,
    /// The id of the run.
    pub run_id: Arc<str>,
    /// The attempt of the function itself in this run, counted from 0.
    pub attempt: u32,
    /// The events that started the run: one, or a batch. They are here as the function gets them.
    pub events: Arc<[Arc<RawEnvelope>]>,
}

impl Execution {
    pub(super) fn new(function: &'static FunctionDescriptor, invocation: &Invocation) -> Self {
        Self {
            host: invocation.reading.host(),
            function,
            run_id: Arc::clone(&invocation.run_id),
            attempt: invocation.attempt,
            events: Arc::clone(&invocation.events),
        }
    }

    /// The place of the function's own result, or of the result of a step.
    pub(super) fn place<'a>(&'a self, step: Option<(&'a str, StepKind)>) -> Place<'a> {
        Place { host: self.host, function_id: self.function.id, run_id: &self.run_id, step }
    }

    /// Whether no attempt follows the one that has failed with this error, `attempt` counted from 0.
    pub(super) fn is_final(&self, attempt: u32, error: &Error) -> bool {
        !error.is_retriable() || attempt >= u32::from(self.function.options.retries)
    }
}

/// One attempt of the body of a step.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepAttempt {
    /// The execution that it is part of.
    pub execution: Arc<Execution>,
    /// The id of the step; numbered where an id is used again, `mail:1`.
    pub id: Arc<str>,
    /// The attempt of the body in this run, counted from 0.
    pub attempt: u32,
}

/// The place of a result.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Place<'a> {
    /// Where it is recorded.
    pub host: Host,
    /// The id of the function.
    pub function_id: &'a str,
    /// The id of the run.
    pub run_id: &'a str,
    /// The id and the kind of the step; `None` for the result of the function.
    pub step: Option<(&'a str, StepKind)>,
}

#[cfg(feature = "engine")]
impl<'a> Place<'a> {
    /// A place in the store of the engine.
    pub(crate) const fn stored(
        function_id: &'a str,
        run_id: &'a str,
        step: Option<(&'a str, StepKind)>,
    ) -> Self {
        Self { host: Host::Engine, function_id, run_id, step }
    }
}

/// A failed attempt.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The execution in which it has failed.
    pub execution: &'a Execution,
    /// The id of the step whose body has failed; `None` for the function itself.
    pub step: Option<&'a str>,
    /// The attempt that has failed, of the body or of the function, counted from 0.
    pub attempt: u32,
    /// The error. [`Error::chain`] gives it with its sources, [`Error::downcast_ref`] as its own type.
    pub error: &'a Error,
    /// Whether no other attempt follows. Of the function itself: whether the run has failed.
    pub is_final: bool,
    /// Whether the function has failed with the failure of one of its steps, which was observed before.
    pub is_of_step: bool,
}
