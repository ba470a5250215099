//! Events in lists.

use std::fmt;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{RunInfo, text};
use crate::event::Cause;

/// An event. In JSON `data` is the payload itself.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct EventInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The payload.
    pub data: Box<RawValue>,
    /// When it happened.
    #[serde(serialize_with = "text::time")]
    pub ts: SystemTime,
    /// When it was accepted.
    #[serde(serialize_with = "text::time")]
    pub received: SystemTime,
    /// What caused it, unless it begins a chain.
    pub cause: Option<Cause>,
    /// The metadata that comes with every event of the registry, if it names any. In JSON it is the value itself.
    pub meta: Option<Box<RawValue>>,
    /// The version of the payload; `None` for the first.
    pub version: Option<u32>,
    /// The user on whose behalf it was sent. In JSON it is the value itself.
    pub user: Option<Box<RawValue>>,
    /// The W3C trace context of its sender.
    pub traceparent: Option<String>,
    /// The number of runs that it has started.
    pub runs: u64,
    /// The functions that it has not started, because of an option.
    pub skipped: Vec<Skipped>,
}

/// A function that an event has not started, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Skipped {
    /// The id of the function.
    pub function_id: String,
    /// The option: `if`, `rate_limit`, `idempotency`, `singleton` or `debounce` (a later event took its place).
    pub by: String,
}

/// An event with the runs that it has started. In JSON `event` is an object of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EventDetails {
    /// The event.
    pub event: EventInfo,
    /// The runs that it has started, the newest first; at most 100.
    pub runs: Vec<RunInfo>,
    /// The issues of its payload by the rules of this build.
    pub issues: crate::validate::Issues,
}

impl PartialEq for EventInfo {
    fn eq(&self, other: &Self) -> bool {
        let json = |json: &Option<Box<RawValue>>| json.as_ref().map(|json| json.get().to_owned());
        let of = |event: &Self| {
            let Self { id, name, ts, received, cause, version, traceparent, runs, skipped, .. } =
                event.clone();
            let texts = (event.data.get().to_owned(), json(&event.meta), json(&event.user));
            (id, name, ts, received, cause, version, traceparent, runs, skipped, texts)
        };
        of(self) == of(other)
    }
}

impl Eq for EventInfo {}

/// ``event `order/placed`, order-7``
impl fmt::Display for EventInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event `{}`, {}", self.name, self.id)
    }
}
