//! What has caused an event: causation and correlation.

use std::cell::RefCell;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::RawEnvelope;

/// What caused an event (causation and correlation): the run and the step that sent it, the event that started this run, and the
/// event with which the chain began.
///
/// The engine sets it on events that functions send, by `step.send`, by `step.invoke` or by a [`Client`](crate::Client), also in
/// the body of a step, and on the failures that start `on_failure` functions. It is stored with the event. An event from outside, or of a
/// `cron`, has no cause: it begins a chain. So does an event that is sent in a spawned task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cause {
    /// The id of the event that started the run; of a batch, the first.
    pub event_id: String,
    /// The id of the run.
    pub run_id: String,
    /// The id of the step; `None` if the function sent the event outside its steps, or has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_id: Option<String>,
    /// The id of the event with which the chain began.
    pub correlation_id: String,
}

impl Cause {
    /// The cause of what a run sends that this event has started.
    pub(crate) fn new(event: &RawEnvelope, run: &str, step: Option<&str>) -> Self {
        Self {
            event_id: event.id.clone(),
            run_id: run.to_owned(),
            step_id: step.map(str::to_owned),
            correlation_id: event.correlation_id().to_owned(),
        }
    }
}

/// A run, as the origin of events: its id, and the event that started it; of a batch, the first.
pub(crate) struct Origin {
    event: Arc<RawEnvelope>,
    run: Arc<str>,
}

impl Origin {
    pub(crate) const fn new(event: Arc<RawEnvelope>, run: Arc<str>) -> Self {
        Self { event, run }
    }

    /// The event that started the run.
    #[cfg(feature = "inngest")]
    pub(crate) fn event(&self) -> &RawEnvelope {
        &self.event
    }

    /// The id of the run.
    pub(crate) const fn run(&self) -> &Arc<str> {
        &self.run
    }

    /// The cause of what the run sends in this step, or beside its steps.
    pub(crate) fn cause(&self, step: Option<&str>) -> Cause {
        Cause::new(&self.event, &self.run, step)
    }
}

/// The run whose code runs on this thread, and the step whose body it is.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) origin: Arc<Origin>,
    pub(crate) step: Option<Arc<str>>,
}

thread_local! {
    static SENDER: RefCell<Option<Sender>> = const { RefCell::new(None) };
}

/// Says who sends what is sent on this thread from now on, and returns who did before.
pub(crate) fn set_sender(sender: Option<Sender>) -> Option<Sender> {
    SENDER.replace(sender)
}

/// The cause of what is sent here and now, if a run sends it.
pub(crate) fn current_cause() -> Option<Cause> {
    SENDER.with_borrow(|sender| sender.as_ref().map(|Sender { origin, step }| origin.cause(step.as_deref())))
}
