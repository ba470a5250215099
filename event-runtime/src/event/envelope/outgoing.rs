//! A typed event made ready to send: validated, and written as JSON.

use serde_json::value::RawValue;

use super::check::{check_id, check_size, check_traceparent, check_ts, check_user};
use super::{Envelope, RawEnvelope};
use crate::clock::to_ms;
use crate::event::{Event, Metadata};
use crate::validate::{Issue, Issues, Path, encode, encode_payload};

/// A host as far as it seals events: it says how large they may be, and what its senders have left open.
pub(crate) trait Seals {
    /// The greatest size of a payload, in bytes of JSON.
    fn max_event_bytes(&self) -> usize;

    /// The id of an event that was sent without one.
    fn new_id(&self) -> String;

    /// The time of an event that was sent without one, in milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// A valid event. What its sender left open is still open.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub(crate) id: Option<String>,
    pub(crate) name: &'static str,
    pub(crate) data: Box<RawValue>,
    ts: Option<i64>,
    v: Option<u32>,
    pub(crate) user: Option<Box<RawValue>>,
    pub(crate) traceparent: Option<Box<str>>,
    /// The metadata that was given to this very event.
    pub(crate) meta: Option<Box<RawValue>>,
}

impl Outgoing {
    /// Validates an envelope. `path` is where it stands in the call.
    pub(crate) fn new<E: Event, M: Metadata>(
        envelope: Envelope<E, M>,
        path: &Path<'_>,
    ) -> Result<Self, Issues> {
        let mut issues = Issues::new();
        if let Some(id) = &envelope.id {
            check_id(id, path, &mut issues);
        }
        let ts = envelope.ts.map(to_ms);
        if let Some(ts) = ts {
            check_ts(ts, path, &mut issues);
        }
        if let Some(traceparent) = &envelope.traceparent {
            check_traceparent(traceparent, path, &mut issues);
        }
        envelope.data.validate_into(path, &mut issues);
        let data = encode_payload(&envelope.data, path, &mut issues);
        if let Some(data) = data.as_deref().filter(|_| issues.is_empty()) {
            check_reads_back::<E>(data, path, &mut issues);
        }
        let user = envelope.user.as_ref().and_then(|user| encode(user, path, &mut issues));
        if let Some(user) = &user {
            check_user(user, path, &mut issues);
        }
        let meta = envelope.meta.write(path, &mut issues);
        // Without data there is an issue.
        let data = issues.into_result(data)?.unwrap_or_default();
        let v = (E::VERSION != 1).then_some(E::VERSION);
        let traceparent = envelope.traceparent.map(String::into_boxed_str);
        Ok(Self { id: envelope.id, name: E::NAME, data, ts, v, user, traceparent, meta })
    }

    /// Makes several ready; the path of each issue begins with the place of its event.
    pub(crate) fn all<E>(
        events: impl IntoIterator<Item = E>,
        outgoing: impl Fn(E, &Path<'_>) -> Result<Self, Issues>,
    ) -> Result<Vec<Self>, Issues> {
        let root = Path::root();
        let (mut valid, mut issues) = (Vec::new(), Issues::new());
        for (index, event) in events.into_iter().enumerate() {
            match outgoing(event, &root.index(index)) {
                Ok(event) => valid.push(event),
                Err(found) => found.into_iter().for_each(|issue| issues.push(issue)),
            }
        }
        issues.into_result(valid)
    }

    /// Validates an envelope, and seals the event for a host that it is sent to.
    pub(crate) fn sealed<E: Event, M: Metadata>(
        envelope: Envelope<E, M>,
        host: &(impl Seals + ?Sized),
    ) -> Result<Vec<RawEnvelope>, Issues> {
        let event = Self::new(envelope, &Path::root())?;
        seal(vec![event], host, |_| Path::root())
    }

    /// Seals events for a host that they are sent to.
    pub(crate) fn all_sealed(
        events: Vec<Self>,
        host: &(impl Seals + ?Sized),
    ) -> Result<Vec<RawEnvelope>, Issues> {
        let root = Path::root();
        seal(events, host, |index| root.index(index))
    }

    /// The event with this metadata.
    #[cfg(any(feature = "inngest", feature = "testing", all(test, feature = "engine")))]
    pub(crate) fn with_meta(self, meta: Option<Box<RawValue>>) -> Self {
        Self { meta, ..self }
    }

    /// An event of no type: for tests of hosts.
    #[cfg(test)]
    pub(crate) const fn of_test(name: &'static str, data: Box<RawValue>) -> Self {
        Self { id: None, name, data, ts: None, v: None, user: None, traceparent: None, meta: None }
    }

    /// Fills in what was left open.
    pub(crate) fn seal(self, new_id: impl FnOnce() -> String, now_ms: i64) -> RawEnvelope {
        RawEnvelope {
            id: self.id.unwrap_or_else(new_id),
            name: self.name.to_owned(),
            data: self.data,
            ts: self.ts.unwrap_or(now_ms),
            v: self.v,
            user: self.user,
            traceparent: self.traceparent,
            cause: None,
            meta: self.meta,
        }
    }
}

/// Checks the sizes of events and fills in what their sender left open. `place` is where an event stands in the call.
fn seal<'p>(
    events: Vec<Outgoing>,
    host: &(impl Seals + ?Sized),
    place: impl Fn(usize) -> Path<'p>,
) -> Result<Vec<RawEnvelope>, Issues> {
    let (max, now, mut issues) = (host.max_event_bytes(), host.now_ms(), Issues::new());
    for (index, event) in events.iter().enumerate() {
        check_size(&event.data, max, &place(index), &mut issues);
    }
    issues.into_result(())?;
    Ok(events.into_iter().map(|event| event.seal(|| host.new_id(), now)).collect())
}

/// Checks that a handler can read what was written: a type of the user may write what it does not read.
fn check_reads_back<E: Event>(data: &RawValue, path: &Path<'_>, issues: &mut Issues) {
    let Err(found) = E::parse(data.get().as_bytes()) else { return };
    for issue in found {
        issues.push(Issue { path: path.join(&issue.path), ..issue.not_read_back() });
    }
}
