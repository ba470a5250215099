//! Events as a server writes and reads them (section 1.3.4).

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::extras;
use crate::event::{RawEnvelope, no_data};

/// The name that a server gives the event of a function that was invoked.
pub(crate) const INVOKED: &str = "inngest/function.invoked";

/// An event that comes from a server. Everything may be missing.
#[derive(Deserialize)]
pub(crate) struct Incoming<'a> {
    #[serde(borrow, default)]
    pub(crate) id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    user: Option<&'a RawValue>,
    #[serde(default)]
    ts: Option<f64>,
    #[serde(borrow, default)]
    v: Option<&'a RawValue>,
}

impl Incoming<'_> {
    /// The event as functions get it, with metadata if the registry names any. What a server leaves out is empty: a name that no
    /// function takes, a time long ago.
    pub(crate) fn into_envelope(self, has_meta: bool) -> RawEnvelope {
        let is_there = |json: &&RawValue| !matches!(json.get(), "null" | "{}");
        let mut data = self.data.filter(is_there).map_or_else(no_data, RawValue::to_owned);
        let cause = extras::take_cause(&mut data);
        let meta = if has_meta { extras::take_meta(&mut data) } else { None };
        RawEnvelope {
            id: self.id.unwrap_or_default().into_owned(),
            name: self.name.unwrap_or_default().into_owned(),
            data,
            // A server writes whole milliseconds, as a JavaScript program does: both are numbers of JSON.
            #[allow(clippy::cast_possible_truncation, reason = "it saturates")]
            ts: self.ts.unwrap_or_default() as i64,
            v: self.v.and_then(version),
            user: self.user.filter(is_there).map(RawValue::to_owned),
            traceparent: None,
            cause,
            meta,
        }
    }
}

/// A version: a server keeps it as a text. One that is not ours counts as none.
fn version(json: &RawValue) -> Option<u32> {
    json.get().trim_matches('"').parse().ok()
}

/// An event that is sent to a server.
#[derive(Serialize)]
pub(crate) struct OutgoingEvent<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    data: Cow<'a, RawValue>,
    #[serde(skip_serializing_if = "is_zero")]
    ts: i64,
    /// A text: a server refuses a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a RawValue>,
}

impl<'a> OutgoingEvent<'a> {
    pub(crate) fn new(event: &'a RawEnvelope) -> Self {
        Self { name: Some(&event.name), ..Self::unnamed(event) }
    }

    fn unnamed(event: &'a RawEnvelope) -> Self {
        Self {
            id: &event.id,
            name: None,
            data: extras::add(event),
            ts: event.ts,
            v: event.v.map(|version| version.to_string()),
            user: event.user.as_deref(),
        }
    }
}

/// The event that a function is invoked with: it has no name (section 5.3.4).
#[derive(Debug)]
pub(crate) struct UnnamedEvent(pub(in crate::inngest) RawEnvelope);

impl Serialize for UnnamedEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        OutgoingEvent::unnamed(&self.0).serialize(serializer)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(ts: &i64) -> bool {
    *ts == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> RawEnvelope {
        serde_json::from_str::<Incoming<'_>>(json).unwrap().into_envelope(true)
    }

    #[test]
    fn what_a_server_leaves_out_or_adds_is_no_obstacle() {
        let event = read(r#"{"name":"a/b","user":{},"data":null,"ts":1795408316287,"meta":{}}"#);
        assert_eq!((event.name.as_str(), event.data.get(), event.ts), ("a/b", "{}", 1_795_408_316_287));
        assert!(event.user.is_none());
        assert_eq!(read("{}").id, "");
    }

    #[test]
    fn metadata_of_no_registry_is_a_field_of_the_user() {
        let read = |has_meta| {
            let json = r#"{"name":"a/b","data":{"_meta":{"tenant":"acme"},"x":1}}"#;
            let event = serde_json::from_str::<Incoming<'_>>(json).unwrap().into_envelope(has_meta);
            (event.data.get().to_owned(), event.meta.map(|meta| meta.get().to_owned()))
        };
        assert_eq!(read(false), (r#"{"_meta":{"tenant":"acme"},"x":1}"#.to_owned(), None));
        assert_eq!(read(true), (r#"{"x":1}"#.to_owned(), Some(r#"{"tenant":"acme"}"#.to_owned())));
    }

    #[test]
    fn versions_are_texts_on_the_wire() {
        assert_eq!(read(r#"{"v":"2"}"#).v, Some(2));
        assert_eq!(read(r#"{"v":2}"#).v, Some(2));
        assert_eq!(read(r#"{"v":"2022-01-01.1"}"#).v, None);
        let event = read(r#"{"id":"1","name":"a/b","data":{"x":1},"ts":5,"v":"2"}"#);
        let sent = serde_json::to_string(&OutgoingEvent::new(&event)).unwrap();
        assert_eq!(sent, r#"{"id":"1","name":"a/b","data":{"x":1},"ts":5,"v":"2"}"#);
        let invoked = serde_json::to_string(&OutgoingEvent::unnamed(&read(r#"{"data":{"x":1}}"#))).unwrap();
        assert_eq!(invoked, r#"{"data":{"x":1}}"#);
    }
}
