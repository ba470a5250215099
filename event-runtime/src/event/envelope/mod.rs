//! The envelope around a payload: `{ id, name, data, ts, v?, user? }`, as Inngest defines it.

mod cause;
mod check;
mod incoming;
mod outgoing;

pub use cause::Cause;
pub(crate) use cause::{Origin, Sender, current_cause, set_sender};
pub(crate) use check::check_size;
pub(crate) use incoming::Incoming;
pub use outgoing::Outgoing;
pub(crate) use outgoing::Seals;

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::event::{Event, Metadata};

/// An event with its metadata, before it is sent.
///
/// Made by [`Event::with_id`], [`Event::with_ts`] and [`Event::with_user`], or from a payload by `From`. What is not set
/// is filled in when the event is sent: a new ULID as `id`, the current time as `ts`. `M` is the metadata that was given to this
/// very event, `()` where it takes that of its sender: see [`Metadata`].
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// let tomorrow = SystemTime::now() + Duration::from_hours(24);
/// let envelope = UserCreated { id: 7 }.with_id("import-7").with_ts(tomorrow);
/// assert_eq!((envelope.id.as_deref(), envelope.ts), (Some("import-7"), Some(tomorrow)));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Envelope<E, M = ()> {
    /// The payload.
    pub data: E,
    /// The idempotency key: a second event with this id within 24 hours starts nothing. 1 to 255 bytes.
    pub id: Option<String>,
    /// When it happened, from 1970 to 9999; it is sent in milliseconds. In the future: the event's functions start then.
    pub ts: Option<SystemTime>,
    /// Anything about the user on whose behalf the event is sent; not validated, and at most 32 KiB of JSON.
    pub user: Option<serde_json::Value>,
    /// The W3C trace context of the sender, `00-<trace id>-<span id>-<flags>`. The functions that the event starts, and the events
    /// that they send, propagate it.
    pub traceparent: Option<String>,
    /// The metadata that was given to this very event; `()` where it takes that of its sender.
    pub meta: M,
}

impl<E, M> Envelope<E, M> {
    /// Sets the idempotency key, 1 to 255 bytes.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets when it happened; with a time in the future, the event's functions start then.
    #[must_use]
    pub fn with_ts(mut self, ts: SystemTime) -> Self {
        self.ts = Some(ts);
        self
    }

    /// Sets what is known about the user on whose behalf the event is sent.
    #[must_use]
    pub fn with_user(mut self, user: serde_json::Value) -> Self {
        self.user = Some(user);
        self
    }

    /// Sets the W3C trace context of the sender (Trace Context, section 3.2).
    #[must_use]
    pub fn with_traceparent(mut self, traceparent: impl Into<String>) -> Self {
        self.traceparent = Some(traceparent.into());
        self
    }

    /// Sets what comes with every event of the registry, for this one: see [`Metadata`].
    #[must_use]
    pub fn with_meta<N: Metadata>(self, meta: N) -> Envelope<E, N> {
        let Self { data, id, ts, user, traceparent, .. } = self;
        Envelope { data, id, ts, user, traceparent, meta }
    }
}

impl<E: Event> From<E> for Envelope<E> {
    fn from(data: E) -> Self {
        Self { data, id: None, ts: None, user: None, traceparent: None, meta: () }
    }
}

/// What can be sent: an event, or an event in its [`Envelope`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not the payload of one event",
    note = "an event is its payload, such as `WorkflowCreated {{ .. }}`, alone or in an envelope: `WorkflowCreated {{ .. }}.with_id(\"..\")`",
    note = "an enum with `#[domain_events]` is a set of events: use one of its payloads, `WorkflowCreated` and not `WorkflowEvent::Created`"
)]
pub trait IntoEnvelope {
    /// The event inside.
    type Event: Event;
    /// The metadata that was given to it; `()` without.
    type Meta: Metadata;

    /// The event in its envelope.
    fn into_envelope(self) -> Envelope<Self::Event, Self::Meta>;
}

impl<E: Event> IntoEnvelope for E {
    type Event = E;
    type Meta = ();

    fn into_envelope(self) -> Envelope<E> {
        self.into()
    }
}

impl<E: Event, M: Metadata> IntoEnvelope for Envelope<E, M> {
    type Event = E;
    type Meta = M;

    fn into_envelope(self) -> Self {
        self
    }
}

/// What can start a function that takes `T`: an event that is one, or that converts into it, or such an event in its envelope.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not start a function that takes `{T}`",
    label = "expected `{T}`, or an event of it",
    note = "the event is the payload that the function takes in `&Context<{T}>`, alone or in an envelope; of a function for a whole set, one of its payloads"
)]
#[doc(hidden)]
pub trait Starts<T>: IntoEnvelope {}

#[diagnostic::do_not_recommend]
impl<T, E: IntoEnvelope<Event: Into<T>>> Starts<T> for E {}

/// `{}`, the payload of an event that has none.
pub(crate) fn no_data() -> Box<RawValue> {
    // It is JSON. If it were not, the payload would be `null`, which no event takes.
    RawValue::from_string("{}".to_owned()).unwrap_or_default()
}

/// An event as hosts store and transmit it: the name is checked, the payload is still JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RawEnvelope {
    /// The idempotency key.
    pub id: String,
    /// `domain/action`.
    pub name: String,
    /// The payload, always a JSON object.
    pub data: Box<RawValue>,
    /// When it happened, as in the JSON: milliseconds since the Unix epoch.
    pub ts: i64,
    /// The version of the payload; absent means 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u32>,
    /// Anything about the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<RawValue>>,
    /// The W3C trace context of its sender (Trace Context, section 3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<Box<str>>,
    /// What caused it, unless it begins a chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Box<Cause>>,
    /// The metadata, if the registry names any: see [`Metadata`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Box<RawValue>>,
}

impl RawEnvelope {
    /// Returns the correlation id: the id of the event with which the chain began that led to this one; its own if it begins one.
    #[must_use]
    pub fn correlation_id(&self) -> &str {
        self.cause.as_ref().map_or(&self.id, |cause| &cause.correlation_id)
    }
}
