//! Requests of steps, and the results that a host records.

use std::sync::Arc;
use std::time::Duration;

use crate::backoff::Backoff;
use crate::event::Outgoing;
use crate::function::{Error, Foreign, StepKind, TypedError, bounded};
use crate::middleware::Layers;

/// A step's request to the host.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    /// To permit a body, and to record its result.
    Run(StepOptions),
    /// To wait for this long, in milliseconds.
    Sleep(u64),
    /// To wait until then, in milliseconds since the Unix epoch.
    SleepUntil(i64),
    /// To send events.
    Send(Arc<[Outgoing]>),
    /// To wait for an event.
    Wait(Arc<WaitRequest>),
    /// To call a function.
    Invoke(Arc<InvokeRequest>),
    /// To wait for a signal.
    Signal(SignalRequest),
}

/// The options of one step with a body. What is not set is as for the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StepOptions {
    /// The number of retries.
    pub(crate) retries: Option<u8>,
    pub(crate) backoff: Option<Backoff>,
    /// The longest that an attempt may take.
    pub(crate) timeout: Option<Duration>,
    /// Whether it has a body that undoes it.
    pub(crate) has_undo: bool,
}

/// The event that a step waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitRequest {
    /// Its name.
    pub(crate) event: &'static str,
    /// The condition that the event meets: a CEL expression over `event`, which started the run, and `async`, which has come.
    pub(crate) condition: Option<String>,
    /// For how long, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// The signal that a step waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignalRequest {
    /// Its name, without what makes its token unguessable.
    pub(crate) name: Arc<str>,
    /// For how long, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// The function that a step calls.
#[derive(Debug, Clone)]
pub(crate) struct InvokeRequest {
    /// The application that has it, unless it is the one that calls.
    pub(crate) app: Option<&'static str>,
    /// Its id.
    pub(crate) function: &'static str,
    /// The event that it is called with.
    pub(crate) event: Outgoing,
    /// The longest wait for its result, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// The longest sleep or wait: 366 days, Inngest's limit, in milliseconds.
pub(crate) const MAX_WAIT_MS: u64 = 366 * 24 * 60 * 60 * 1_000;

impl InvokeRequest {
    /// The function, if it is of another application.
    pub(crate) fn foreign(&self) -> Option<Foreign> {
        self.app.map(|app| Foreign { app, function: self.function })
    }
}

impl Request {
    /// The same request as the layers of the application let it pass, or why they do not.
    pub(super) fn through(self, layers: &Layers) -> Result<Self, String> {
        let refused = |error: Error| format!("is refused by a middleware: {}", bounded(error));
        Ok(match self {
            Self::Send(events) => {
                let mut events = events.to_vec();
                events.iter_mut().try_for_each(|event| layers.send(event)).map_err(refused)?;
                Self::Send(events.into())
            }
            Self::Invoke(mut call) => {
                layers.send(&mut Arc::make_mut(&mut call).event).map_err(refused)?;
                Self::Invoke(call)
            }
            Self::Wait(wait) => {
                if let Some(condition) = &wait.condition {
                    layers.review_wait(condition, wait.event)?;
                }
                Self::Wait(wait)
            }
            Self::Run(_) | Self::Sleep(_) | Self::SleepUntil(_) | Self::Signal(_) => self,
        })
    }

    /// The kind of the step.
    pub(crate) const fn kind(&self) -> StepKind {
        match self {
            Self::Run(_) => StepKind::Run,
            Self::Sleep(_) | Self::SleepUntil(_) => StepKind::Sleep,
            Self::Send(_) => StepKind::Send,
            Self::Wait(_) => StepKind::Wait,
            Self::Invoke(_) => StepKind::Invoke,
            Self::Signal(_) => StepKind::Signal,
        }
    }
}

/// The recorded result of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The value, as JSON.
    Value(Arc<str>),
    /// The step failed for good.
    Failed(Failure),
}

impl Outcome {
    /// Its size, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Value(json) => json.len(),
            Self::Failed(failure) => {
                failure.message.len() + failure.typed.as_ref().map_or(0, |typed| typed.size())
            }
        }
    }
}

/// Why a step failed for good.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// The number of attempts of a body; 0 when the step itself is invalid.
    pub(crate) attempts: u32,
    /// The error as a value, if its body has made it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) typed: Option<Box<TypedError>>,
}

impl Failure {
    pub(crate) const fn new(message: String, attempts: u32) -> Self {
        Self { message, attempts, typed: None }
    }

    /// The failure of a body that has failed with this error at its last attempt.
    #[cfg(any(feature = "testing", all(test, feature = "engine")))]
    pub(crate) fn of(error: &Error, attempts: u32) -> Self {
        Self { message: bounded(error), attempts, typed: error.as_typed().cloned().map(Box::new) }
    }
}
