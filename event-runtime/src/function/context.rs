//! The context of a handler: the event, its envelope, and the steps.

use std::sync::Arc;
use std::time::SystemTime;

use super::{Error, Invocation, Result, Step};
use crate::clock::from_ms;
use crate::event::Cause;
#[cfg(doc)]
use crate::event::Metadata;

/// The argument of a handler. `T` is the trigger: the payload of one event, or the enum of a whole domain.
///
/// Handlers take it by reference, `ctx: &Context<WorkflowCreated>`, so that step bodies may borrow from it.
///
/// `M` is the metadata that the function wants with its event, `ctx: &Context<WorkflowCreated, AppMeta>`: it is `ctx.meta.app` then, and
/// only lists of a registry whose events come with it take the function. A function that does not look at it leaves it out, and can
/// be listed with every registry. See [`Metadata`].
///
/// `F` is what the function may send: with `emits(..)` the attribute writes the function's marker there; else `()`, every event.
/// So a helper that all kinds call is generic over `M` and `F`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Context<T, M = (), F = ()> {
    /// The validated payload.
    pub event: T,
    /// The durable steps of this run.
    pub step: Step<F>,
    /// The envelope's fields and the run's identity.
    pub meta: Meta<M>,
}

/// The envelope of the event that started a run (of a batch, the first event), and the identity of the run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Meta<M = ()> {
    /// The metadata of the event, if the function asks for it: `M` of `Context<.., M>`.
    pub app: M,
    /// The event's id: its idempotency key.
    pub event_id: String,
    /// The event's name, `domain/action`.
    pub event_name: String,
    /// When it happened, in whole milliseconds. It is the same in every execution: derive times from it rather than from a clock. It is the same in every execution: derive times from it rather than from a clock. It is the same in every execution: derive times from it rather than from a clock.
    pub ts: SystemTime,
    /// The version of the payload as it was sent.
    pub version: u32,
    /// Anything that the sender said about the user.
    pub user: Option<serde_json::Value>,
    /// The W3C trace context of the event: what the function sends propagates it.
    pub traceparent: Option<String>,
    /// What caused the event, unless it begins a chain.
    pub cause: Option<Cause>,
    /// The id of this run.
    pub run_id: Arc<str>,
    /// The id of this function.
    pub function_id: &'static str,
    /// The attempt of the function itself in this run, counted from 0.
    pub attempt: u32,
}

impl<M> Meta<M> {
    /// Returns the correlation id: the id of the event with which the chain began that led to this run. Everything that follows from
    /// that event has the same one.
    #[must_use]
    pub fn correlation_id(&self) -> &str {
        self.cause.as_ref().map_or(&self.event_id, |cause| &cause.correlation_id)
    }

    pub(crate) fn new(invocation: &Invocation, app: M) -> Result<Self> {
        let Some(event) = invocation.events.first() else {
            return Err(Error::msg("the run has no event: this is a fault of its host"));
        };
        let user = event.user.as_ref().map(|user| serde_json::from_str(user.get())).transpose();
        Ok(Self {
            app,
            event_id: event.id.clone(),
            event_name: event.name.clone(),
            ts: from_ms(event.ts),
            version: event.v.unwrap_or(1),
            user: user
                .map_err(|error| Error::msg(format!("the `user` of the event cannot be read: {error}")))?,
            traceparent: event.traceparent.as_deref().map(str::to_owned),
            cause: event.cause.as_deref().cloned(),
            run_id: Arc::clone(&invocation.run_id),
            function_id: invocation.function,
            attempt: invocation.attempt,
        })
    }
}
