//! What holds for every envelope, whichever way it comes in; and typed envelopes made ready to send.

use serde_json::value::{RawValue, to_raw_value};

use super::Transport;
use crate::envelope::{Envelope, RawEnvelope};
use crate::event::Event;
use crate::validate::{Issue, Issues, Path, code};

/// The greatest length of an event id, in bytes.
pub(super) const MAX_ID_BYTES: usize = 255;

/// The greatest `ts`: the end of the year 9999.
pub(super) const MAX_TS: i64 = 253_402_300_799_999;

impl dyn Transport {
    /// Validates an envelope and fills in what is missing. `path` is where it stands in the call.
    pub(crate) fn seal<E: Event>(&self, envelope: Envelope<E>, path: &Path<'_>) -> Result<RawEnvelope, Issues> {
        let mut issues = Issues::new();
        if let Some(id) = &envelope.id {
            check_id(id, path, &mut issues);
        }
        if let Some(ts) = envelope.ts {
            check_ts(ts, path, &mut issues);
        }
        envelope.data.validate_into(path, &mut issues);
        let data = encode(&envelope.data, path, &mut issues);
        let user = envelope.user.as_ref().and_then(|user| encode(user, path, &mut issues));
        if let Some(data) = &data {
            check_size(data, self.max_event_bytes(), path, &mut issues);
        }
        // Without data there is an issue.
        let data = issues.into_result(data)?.unwrap_or_default();
        Ok(RawEnvelope {
            id: envelope.id.unwrap_or_else(|| self.new_id()),
            name: E::NAME.to_owned(),
            data,
            ts: envelope.ts.unwrap_or_else(|| self.now_ms()),
            v: (E::VERSION != 1).then_some(E::VERSION),
            user,
        })
    }
}

fn encode<T: serde::Serialize>(value: &T, path: &Path<'_>, issues: &mut Issues) -> Option<Box<RawValue>> {
    match to_raw_value(value) {
        Ok(json) => Some(json),
        Err(error) => {
            issues.push(Issue::new(path, code::INVALID_TYPE, format!("cannot be written as JSON: {error}")));
            None
        }
    }
}

/// Checks the length of an event id.
pub(super) fn check_id(id: &str, path: &Path<'_>, issues: &mut Issues) {
    let path = &path.field("id");
    if id.is_empty() {
        let message = "the envelope's `id` is empty: leave it out to get a new one";
        issues.push(Issue::new(path, code::TOO_SMALL, message).with("minimum", 1));
    } else if id.len() > MAX_ID_BYTES {
        let message = format!("the envelope's `id` has {} bytes, more than {MAX_ID_BYTES}", id.len());
        issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_ID_BYTES));
    }
}

/// Checks that a time is one.
pub(super) fn check_ts(ts: i64, path: &Path<'_>, issues: &mut Issues) {
    let path = &path.field("ts");
    if ts < 0 {
        let message = format!("the envelope's `ts` is {ts}: it counts milliseconds since the Unix epoch");
        issues.push(Issue::new(path, code::TOO_SMALL, message).with("minimum", 0));
    } else if ts > MAX_TS {
        let message = format!("the envelope's `ts` is {ts}, after the year 9999: it counts milliseconds, not finer");
        issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_TS));
    }
}

/// Checks the size of a payload.
pub(super) fn check_size(data: &RawValue, max: usize, path: &Path<'_>, issues: &mut Issues) {
    let size = data.get().len();
    if size > max {
        let message = format!("the payload has {size} bytes, more than the limit of {max}");
        let issue = Issue::new(&path.field("data"), code::TOO_BIG, message);
        issues.push(issue.with("maximum", max).with("actual", size).with("unit", "bytes"));
    }
}
