//! Events: their types, their descriptors, their versions, what they trigger, and the envelope around them.

mod descriptor;
mod envelope;
pub mod key;
mod list;
mod metadata;
mod shape;
mod trigger;
mod upcast;

use std::fmt::Debug;
use std::time::SystemTime;

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::descriptor::{
    Described, Descriptors, EventDescriptor, EventSource, SetDescriptor, SetSource, events_of,
};
pub use self::envelope::Outgoing;
pub(crate) use self::envelope::Starts;
#[cfg(feature = "inngest")]
pub(crate) use self::envelope::no_data;
pub use self::envelope::{Cause, Envelope, IntoEnvelope, RawEnvelope};
pub(crate) use self::envelope::{Incoming, Origin, Seals, Sender, check_size, current_cause, set_sender};
pub use self::key::{Key, KeyOf, Keyed};
pub use self::list::{EventList, ListFor, ListSentBy, outgoing};
pub(crate) use self::metadata::MetaRules;
pub use self::metadata::Metadata;
pub use self::shape::Shape;
pub use self::trigger::{Batch, Cron, Either, Failed, Original, Reading, Trigger, TriggerEvents};
pub(crate) use self::trigger::{
    FAILURE_EVENT, FailureData, FailureError, InvalidEvents, are_for_another_build,
};
pub use self::upcast::{Upcast, unknown_version};
use crate::validate::{Issues, Path, Payload};

/// One event: the payload of a variant of an enum that carries `#[domain_events]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not the payload of one event",
    note = "an event is the payload struct that `#[domain_events]` makes of an enum's variant, such as `WorkflowCreated` of `WorkflowEvent::Created`",
    note = "an enum with `#[domain_events]` is a set of events: use one of its payloads"
)]
pub trait Event: Trigger + Payload + Serialize + DeserializeOwned + JsonSchema + Clone + Debug {
    /// The set that declares it.
    type Set: EventSet;
    /// `domain/action`, such as `workflow/created`.
    const NAME: &'static str;
    /// The version of the payload.
    const VERSION: u32 = 1;
    /// What the macro says of it.
    #[doc(hidden)]
    const SOURCE: EventSource;
    /// Its descriptor.
    const DESCRIPTOR: &'static EventDescriptor = &EventDescriptor::of::<Self>();

    /// Decodes and validates a payload that was sent in this version; an older one is read as what it was, and lifted by
    /// [`Upcast`] version by version.
    ///
    /// # Errors
    ///
    /// Every issue found; or that there is no such version.
    fn parse_version(version: u32, json: &str) -> Result<Self, Issues> {
        if version == Self::VERSION {
            Self::parse_str(json)
        } else {
            Err(unknown_version(Self::NAME, version, Self::VERSION))
        }
    }

    /// Decodes a payload that was sent in this version and accepted before. It is upcast like a new one, but not validated
    /// again: rules that were tightened since do not apply to it.
    ///
    /// # Errors
    ///
    /// What does not decode; or that there is no such version.
    #[doc(hidden)]
    fn decode_version(version: u32, json: &str) -> Result<Self, Issues> {
        if version == Self::VERSION {
            Self::decode_str(json)
        } else {
            Err(unknown_version(Self::NAME, version, Self::VERSION))
        }
    }

    /// Decodes a payload that was sent in this version.
    ///
    /// # Errors
    ///
    /// Those of [`parse_version`](Self::parse_version); of a stored payload only what does not decode.
    #[doc(hidden)]
    fn read_version(version: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        match reading {
            Reading::Sent => Self::parse_version(version, json),
            Reading::Stored => Self::decode_version(version, json),
        }
    }

    /// The payload of a version as data; `None` of a version that there is not.
    #[doc(hidden)]
    fn shape(version: u32) -> Option<Shape> {
        (version == Self::VERSION).then(Shape::of::<Self>)
    }

    /// Wraps the event in an envelope with an id, its idempotency key: 1 to 255 bytes.
    fn with_id(self, id: impl Into<String>) -> Envelope<Self> {
        Envelope::from(self).with_id(id)
    }

    /// Wraps the event in an envelope with the time when it happened; with a time in the future, its functions start then.
    fn with_ts(self, ts: SystemTime) -> Envelope<Self> {
        Envelope::from(self).with_ts(ts)
    }

    /// Returns its key: what it is about, such as the id of an order. An event has one if a field is marked `#[event(key)]`; see
    /// [`key`](crate::key).
    fn key(&self) -> KeyOf<Self>
    where
        Self: Keyed,
    {
        key::key_of(self)
    }

    /// Wraps the event in an envelope with what is known about the user on whose behalf it is sent.
    fn with_user(self, user: serde_json::Value) -> Envelope<Self> {
        Envelope::from(self).with_user(user)
    }

    /// Wraps the event in an envelope with the W3C trace context of its sender (Trace Context, section 3.2). The functions that it
    /// starts, and the events that they send, propagate it.
    fn with_traceparent(self, traceparent: impl Into<String>) -> Envelope<Self> {
        Envelope::from(self).with_traceparent(traceparent)
    }

    /// This event in an envelope with the metadata that comes with every event of its registry: see [`Metadata`]. It stands
    /// above what the sender has.
    fn with_meta<M: Metadata>(self, meta: M) -> Envelope<Self, M> {
        Envelope::from(self).with_meta(meta)
    }

    /// Returns the JSON Schema of the payload (draft 2020-12), with every rule.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// The life of a user.
    /// #[domain_events]
    /// pub enum UserEvent {
    ///     /// A user was renamed.
    ///     Renamed {
    ///         #[validate(length(min = 1, max = 40))]
    ///         name: String,
    ///     },
    /// }
    ///
    /// let schema = UserRenamed::schema().to_value();
    /// assert_eq!(schema["properties"]["name"]["maxLength"], 40);
    /// ```
    fn schema() -> Schema {
        crate::validate::schema::of::<Self>()
    }
}

/// The events of one domain: an enum that carries `#[domain_events]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of domain events",
    label = "not declared by `#[domain_events]`",
    note = "put `#[domain_events]` on the enum `{Self}`"
)]
pub trait EventSet: Sized + Send + Sync + 'static {
    /// What the macro says of it. The proofs of `registry!` take this one: a descriptor costs the compiler the fields of every
    /// event.
    #[doc(hidden)]
    const SOURCE: SetSource;
    /// The list of its events.
    #[doc(hidden)]
    type Events: Descriptors<Self, Of = EventDescriptor>;
    /// The descriptor of the set and of its events.
    const DESCRIPTOR: &'static SetDescriptor = &SetDescriptor::of::<Self>();

    /// Validates one of its events. `path` is where it stands in the call.
    #[doc(hidden)]
    fn outgoing(self, path: &Path<'_>) -> Result<Outgoing, Issues>;
}
