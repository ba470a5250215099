//! Reading an envelope that arrived as JSON.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::check::{check_id, check_size, check_traceparent, check_ts, check_user};
use super::{Envelope, no_data};
use crate::clock::from_ms;
use crate::event::{Event, Metadata, Reading};
use crate::validate::{Issue, Issues, Path, code, invalid_json, invalid_utf8};

/// The room for everything of an envelope but its payload, in bytes.
const MAX_AROUND_PAYLOAD_BYTES: usize = 64 * 1024;

/// An envelope whose payload is still JSON. A field that is missing is open; a field that is wrong is an issue, and open too.
pub(crate) struct Incoming<'a> {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) data: Box<RawValue>,
    pub(crate) ts: Option<i64>,
    pub(crate) v: Option<u32>,
    pub(crate) user: Option<&'a RawValue>,
    pub(crate) traceparent: Option<Box<str>>,
    pub(crate) meta: Option<&'a RawValue>,
}

/// The fields of an envelope, each still JSON, so that one that is wrong does not hide the others.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    ts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    v: Option<&'a RawValue>,
    #[serde(borrow, default)]
    user: Option<&'a RawValue>,
    #[serde(borrow, default)]
    traceparent: Option<&'a RawValue>,
    #[serde(borrow, default)]
    meta: Option<&'a RawValue>,
}

impl<'a> Incoming<'a> {
    /// Reads an envelope with a payload of at most so many bytes, and adds what is wrong around the payload to `issues`.
    ///
    /// # Errors
    ///
    /// What keeps it from being read at all.
    pub(crate) fn read(json: &'a [u8], max_event_bytes: usize, issues: &mut Issues) -> Result<Self, Issues> {
        check_envelope_size(json, max_event_bytes)?;
        let text = std::str::from_utf8(json).map_err(invalid_utf8)?;
        let (fields, root) = (fields(text)?, Path::root());

        let id: Option<String> = field(fields.id, "id", "a text", issues);
        if let Some(id) = &id {
            check_id(id, &root, issues);
        }
        let ts: Option<i64> =
            field(fields.ts, "ts", "a whole number of milliseconds since the Unix epoch", issues);
        if let Some(ts) = ts {
            check_ts(ts, &root, issues);
        }
        let v: Option<u32> = field(fields.v, "v", "a whole number, the version of the payload", issues);
        let traceparent: Option<Box<str>> = field(fields.traceparent, "traceparent", "a text", issues);
        if let Some(traceparent) = &traceparent {
            check_traceparent(traceparent, &root, issues);
        }
        let user = fields.user.filter(|user| user.get() != "null");
        if let Some(user) = user {
            check_user(user, &root, issues);
        }
        let data = fields.data.filter(|data| data.get() != "null").map_or_else(no_data, RawValue::to_owned);
        check_size(&data, max_event_bytes, &root, issues);
        let name = name(fields.name, issues);
        Ok(Self { id, name, data, ts, v, user, traceparent, meta: fields.meta })
    }
}

impl<E: Event> Envelope<E> {
    /// Reads an envelope `{ name, data?, id?, ts?, v?, user?, traceparent? }` around an event of this type, and validates both. A
    /// payload of an earlier version is upcast to the current one.
    ///
    /// # Errors
    ///
    /// Every issue found. The paths of issues in the payload are those of [`Payload::parse`](crate::Payload::parse), an
    /// issue of the envelope itself has the name of its field; as in [`Client::send_json`](crate::Client::send_json).
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// The life of an order.
    /// #[domain_events]
    /// pub enum OrderEvent {
    ///     /// An order was placed.
    ///     Placed {
    ///         #[validate(range(min = 1))]
    ///         cents: u64,
    ///     },
    /// }
    ///
    /// let json = br#"{ "name": "order/placed", "id": "import-7", "data": { "cents": 500 } }"#;
    /// let envelope = Envelope::<OrderPlaced>::parse(json).unwrap();
    /// assert_eq!((envelope.id.as_deref(), envelope.data.cents), (Some("import-7"), 500));
    ///
    /// let json = br#"{ "name": "order/paid", "ts": -1, "data": { "cents": 0 } }"#;
    /// let issues = Envelope::<OrderPlaced>::parse(json).unwrap_err();
    /// assert!(issues.iter().map(|issue| &*issue.path).eq(["ts", "name", "cents"]));
    /// ```
    pub fn parse(json: &[u8]) -> Result<Self, Issues> {
        Self::parse_with::<()>(json)
    }

    /// [`parse`](Self::parse) for an event of a registry whose events come with `M`: the field `meta` of the envelope. Without it
    /// there is the issue `meta: is required`; the paths of its issues begin with `meta`.
    ///
    /// # Errors
    ///
    /// Every issue found.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// The user and the tenant on whose behalf an event is sent.
    /// #[payload]
    /// pub struct AppMeta {
    ///     #[validate(length(min = 1))]
    ///     tenant: String,
    /// }
    ///
    /// /// The life of an order.
    /// #[domain_events]
    /// pub enum OrderEvent {
    ///     /// An order was placed.
    ///     Placed { id: u64 },
    /// }
    ///
    /// let json = br#"{ "name": "order/placed", "data": { "id": 7 }, "meta": { "tenant": "acme" } }"#;
    /// let envelope = Envelope::<OrderPlaced>::parse_with::<AppMeta>(json).unwrap();
    /// assert_eq!(envelope.meta.tenant, "acme");
    ///
    /// let json = br#"{ "name": "order/placed", "data": { "id": 7 }, "meta": { "tenant": "" } }"#;
    /// let issues = Envelope::<OrderPlaced>::parse_with::<AppMeta>(json).unwrap_err();
    /// assert_eq!(issues.to_string(), "meta.tenant: must have at least 1 character, has 0");
    /// ```
    pub fn parse_with<M: Metadata>(json: &[u8]) -> Result<Envelope<E, M>, Issues> {
        let mut issues = Issues::new();
        let incoming = Incoming::read(json, usize::MAX, &mut issues)?;
        if let Some(name) = incoming.name.filter(|name| name != E::NAME) {
            issues.push(other_event(&name, E::NAME));
        }
        let user = incoming.user.and_then(|user| match serde_json::from_str(user.get()) {
            Ok(user) => Some(user),
            Err(error) => {
                // JSON that a value cannot hold, such as one that is nested too deep.
                let message = format!("the envelope's `user` cannot be read: {error}");
                issues.push(Issue::new(&Path::root().field("user"), code::INVALID_TYPE, message));
                None
            }
        });
        let meta = issues.take(M::read(incoming.meta, Reading::Sent));
        let data = issues.take(E::parse_version(incoming.v.unwrap_or(1), incoming.data.get()));
        let (Some(meta), Some(data), true) = (meta, data, issues.is_empty()) else { return Err(issues) };
        let ts = incoming.ts.map(from_ms);
        let traceparent = incoming.traceparent.map(String::from);
        Ok(Envelope { data, id: incoming.id, ts, user, traceparent, meta })
    }
}

/// An envelope that is so large is not even parsed.
fn check_envelope_size(json: &[u8], max_event_bytes: usize) -> Result<(), Issues> {
    let max = max_event_bytes.saturating_add(MAX_AROUND_PAYLOAD_BYTES);
    if json.len() <= max {
        return Ok(());
    }
    let message = format!("the event has {} bytes, more than {max} with its envelope", json.len());
    let issue = Issue::new(&Path::root().field("data"), code::TOO_BIG, message);
    Err(issue.with("maximum", max).with("actual", json.len()).with("unit", "bytes").into())
}

/// The fields of the one JSON object that `text` must be.
fn fields(text: &str) -> Result<Fields<'_>, Issues> {
    let is_object = text.trim_start().starts_with('{');
    let fields = if is_object {
        serde_json::from_str(text)
    } else {
        serde_json::from_str::<&RawValue>(text).map(|_| None)
    };
    let problem = match fields {
        Ok(Some(fields)) => return Ok(fields),
        Ok(None) => "this is not an object".to_owned(),
        // A field that is given twice.
        Err(error) if error.is_data() => error.to_string(),
        Err(error) => return Err(invalid_json(&error)),
    };
    let message = format!("an event is an object `{{ \"name\": .., \"data\": {{ .. }} }}`: {problem}");
    Err(Issue::new(&Path::root(), code::INVALID_TYPE, message).into())
}

/// The value of a field of the envelope, if it is there and not null.
fn field<T: DeserializeOwned>(
    value: Option<&RawValue>,
    name: &str,
    expected: &str,
    issues: &mut Issues,
) -> Option<T> {
    let decoded = serde_json::from_str::<Option<T>>(value?.get());
    decoded.unwrap_or_else(|_| {
        let message = format!("the envelope's `{name}` must be {expected}");
        issues.push(
            Issue::new(&Path::root().field(name), code::INVALID_TYPE, message).with("expected", expected),
        );
        None
    })
}

/// The name of the event; without one there is an issue.
fn name(value: Option<&RawValue>, issues: &mut Issues) -> Option<String> {
    let before = issues.len();
    let name = field(value, "name", "a text", issues);
    if name.is_none() && issues.len() == before {
        let message = "the envelope's `name` is required: `domain/action`";
        issues.push(Issue::new(&Path::root().field("name"), code::REQUIRED, message));
    }
    name
}

/// The issue of an event where another one is expected. Its name comes from outside: what is shown of it is bounded.
#[cold]
fn other_event(name: &str, expected: &'static str) -> Issue {
    let shown: String = name.chars().take(80).collect();
    let message = format!("the envelope's `name` must be `{expected}`, is `{shown}`");
    Issue::new(&Path::root().field("name"), code::INVALID_VALUE, message).with("options", vec![expected])
}
