//! Events, their sets, and what is known about them.

use std::fmt::Debug;

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::envelope::Envelope;
use crate::function::{Reading, Trigger};
use crate::validate::{Field, Issue, Issues, Path, Payload, code};

/// One event: the payload of a variant of an enum that carries `#[domain_events]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a domain event",
    label = "not declared by `#[domain_events]`",
    note = "events are the payload structs that `#[domain_events]` makes of an enum's variants: `WorkflowCreated` of `WorkflowEvent::Created`"
)]
pub trait Event: Trigger + Payload + Serialize + JsonSchema + Clone + Debug {
    /// `domain/action`, such as `workflow/created`.
    const NAME: &'static str;
    /// The version of the payload.
    const VERSION: u32 = 1;
    /// What is known about it.
    const DESCRIPTOR: &'static EventDescriptor;

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

    /// Decodes a payload that was sent in this version and accepted before. It is lifted like one that comes, and not validated
    /// again: rules that were tightened since do not hold for it.
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

    /// This event in an envelope with an idempotency key, 1 to 255 bytes.
    fn with_id(self, id: impl Into<String>) -> Envelope<Self> {
        Envelope::from(self).with_id(id)
    }

    /// This event in an envelope with the time when it happened, in milliseconds since the Unix epoch.
    fn with_ts(self, ts: i64) -> Envelope<Self> {
        Envelope::from(self).with_ts(ts)
    }

    /// This event in an envelope with what is known about the user on whose behalf it is sent.
    fn with_user(self, user: serde_json::Value) -> Envelope<Self> {
        Envelope::from(self).with_user(user)
    }

    /// This event in an envelope with the W3C trace context of its sender (Trace Context, section 3.2): the functions that it
    /// starts, and what they send, carry it on.
    fn with_traceparent(self, traceparent: impl Into<String>) -> Envelope<Self> {
        Envelope::from(self).with_traceparent(traceparent)
    }

    /// The JSON Schema of the payload (draft 2020-12), with every rule.
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
        schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>()
    }
}

/// The events of one domain: an enum that carries `#[domain_events]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of domain events",
    label = "not declared by `#[domain_events]`",
    note = "put `#[domain_events]` on the enum `{Self}`"
)]
pub trait EventSet: Sized + Send + Sync + 'static {
    /// What is known about it and its events.
    const DESCRIPTOR: &'static SetDescriptor;
}

/// What is known about an event at compile time: written by `#[domain_events]`, found by name in a [`Registry`].
///
/// [`Registry`]: crate::Registry
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EventDescriptor {
    /// `domain/action`.
    pub name: &'static str,
    /// The domain alone.
    pub domain: &'static str,
    /// The action alone.
    pub action: &'static str,
    /// Path of the payload type, such as `shop::orders::OrderPlaced`.
    pub payload: &'static str,
    /// The documentation comment of the variant.
    pub description: &'static str,
    /// The version of the payload.
    pub version: u32,
    /// The fields of the payload, with their rules.
    pub fields: &'static [Field],
    /// Whether it is meant that no function of the application handles it: `#[event(unhandled)]`.
    pub unhandled: bool,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// The file of the declaration.
    pub file: &'static str,
    /// The line of the declaration.
    pub line: u32,
    /// Hash of the name, for lookup.
    pub(crate) hash: u64,
    validate: fn(u32, &str) -> Result<(), Issues>,
    schema: fn() -> Schema,
}

impl EventDescriptor {
    /// No event: fills arrays in constants.
    pub(crate) const NONE: Self = Self {
        name: "",
        domain: "",
        action: "",
        payload: "",
        description: "",
        version: 1,
        fields: &[],
        unhandled: true,
        deprecated: false,
        file: "",
        line: 0,
        hash: 0,
        validate: |_, _| Ok(()),
        schema: Schema::default,
    };

    #[doc(hidden)]
    #[must_use]
    pub const fn of<E: Event>(source: EventSource) -> Self {
        Self {
            name: E::NAME,
            domain: source.domain,
            action: source.action,
            payload: source.payload,
            description: source.description,
            version: E::VERSION,
            fields: source.fields,
            unhandled: source.unhandled,
            deprecated: source.deprecated,
            file: source.file,
            line: source.line,
            hash: source.hash,
            validate: validate::<E>,
            schema: E::schema,
        }
    }

    /// Decodes and validates a payload of this version without keeping it.
    ///
    /// # Errors
    ///
    /// Every issue found, as [`Event::parse_version`] reports them.
    pub fn validate(&self, version: u32, json: &str) -> Result<(), Issues> {
        (self.validate)(version, json)
    }

    /// The JSON Schema of the payload.
    #[must_use]
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }
}

fn validate<E: Event>(version: u32, json: &str) -> Result<(), Issues> {
    match E::parse_version(version, json) {
        Ok(_) => Ok(()),
        Err(issues) => Err(issues),
    }
}

/// The issue of a version that an event does not have.
#[cold]
#[doc(hidden)]
#[must_use]
pub fn unknown_version(name: &str, version: u32, latest: u32) -> Issues {
    let message = format!("version {version} of `{name}` is not known: this application knows 1 to {latest}");
    Issue::new(&Path::root().field("v"), code::UNKNOWN_VERSION, message).with("maximum", latest).into()
}

/// The step from a payload to that of the next version: see `#[event(version = 2, upcast(..))]`.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of an order.
/// #[domain_events]
/// pub enum OrderEvent {
///     /// An order was placed.
///     #[event(version = 2, upcast(OrderPlacedV1))]
///     Placed { id: u64, cents: u64 },
/// }
///
/// /// `order/placed` as it was sent at first.
/// #[payload]
/// pub struct OrderPlacedV1 {
///     id: u64,
///     euros: u64,
/// }
///
/// impl Upcast<OrderPlaced> for OrderPlacedV1 {
///     fn upcast(self) -> OrderPlaced {
///         OrderPlaced { id: self.id, cents: self.euros * 100 }
///     }
/// }
///
/// let placed = OrderPlaced::parse_version(1, r#"{ "id": 7, "euros": 12 }"#).unwrap();
/// assert_eq!(placed.cents, 1200);
/// ```
#[diagnostic::on_unimplemented(
    message = "there is no step from `{Self}` to `{Next}`, the payload of the next version",
    label = "cannot be lifted to `{Next}`",
    note = "write it: `impl Upcast<{Next}> for {Self} {{ fn upcast(self) -> {Next} {{ .. }} }}`"
)]
pub trait Upcast<Next> {
    /// The payload of the next version.
    fn upcast(self) -> Next;
}

/// What only the macro knows about an event.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct EventSource {
    pub domain: &'static str,
    pub action: &'static str,
    pub payload: &'static str,
    pub description: &'static str,
    pub fields: &'static [Field],
    pub unhandled: bool,
    pub deprecated: bool,
    pub file: &'static str,
    pub line: u32,
    pub hash: u64,
}

/// What is known about a set of events at compile time.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SetDescriptor {
    /// The domain, `workflow`.
    pub domain: &'static str,
    /// Path of the enum, such as `shop::workflows::WorkflowEvent`.
    pub path: &'static str,
    /// The documentation comment of the enum.
    pub description: &'static str,
    /// Its events, in the order of the variants.
    pub events: &'static [&'static EventDescriptor],
    /// Whether the names come from another system and follow its rules.
    pub foreign: bool,
    /// The file of the declaration.
    pub file: &'static str,
    /// The line of the declaration.
    pub line: u32,
    /// Hash of the domain.
    pub(crate) hash: u64,
}

impl SetDescriptor {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        (domain, hash): (&'static str, u64),
        path: &'static str,
        description: &'static str,
        (events, foreign): (&'static [&'static EventDescriptor], bool),
        (file, line): (&'static str, u32),
    ) -> Self {
        Self { domain, path, description, events, foreign, file, line, hash }
    }
}
