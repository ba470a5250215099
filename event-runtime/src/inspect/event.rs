//! Events in lists.

use std::fmt;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::value::RawValue;

use super::text;
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
}

impl PartialEq for EventInfo {
    fn eq(&self, other: &Self) -> bool {
        let Self { id, name, data, ts, received, cause, .. } = self;
        let meta = |meta: &Option<Box<RawValue>>| meta.as_ref().map(|meta| meta.get().to_owned());
        (id, name, ts, received, cause) == (&other.id, &other.name, &other.ts, &other.received, &other.cause)
            && (data.get(), meta(&self.meta)) == (other.data.get(), meta(&other.meta))
    }
}

impl Eq for EventInfo {}

/// ``event `order/placed`, order-7``
impl fmt::Display for EventInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event `{}`, {}", self.name, self.id)
    }
}
