//! The cause and the metadata of an event on the wire: in its payload, since a server keeps nothing else that it does not know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use crate::event::{Cause, RawEnvelope};

/// The members of the payload.
const CAUSE: &str = "_cause";
const META: &str = "_meta";

/// The payload of an event with what travels beside it.
pub(super) fn add(event: &RawEnvelope) -> Cow<'_, RawValue> {
    let with_extras = || {
        let fields = event.data.get().strip_prefix('{')?;
        let mut json = String::from("{");
        if let Some(cause) = &event.cause {
            let cause = serde_json::to_string(cause).ok()?;
            json = format!("{json}\"{CAUSE}\":{cause},");
        }
        if let Some(meta) = &event.meta {
            json = format!("{json}\"{META}\":{meta},");
        }
        if fields.trim_start().starts_with('}') {
            json.pop();
        }
        RawValue::from_string(json + fields).ok()
    };
    let has_extras = event.cause.is_some() || event.meta.is_some();
    has_extras.then(with_extras).flatten().map_or(Cow::Borrowed(&*event.data), Cow::Owned)
}

/// Takes the cause out of a payload. A member that is not a cause stays.
pub(super) fn take_cause(data: &mut Box<RawValue>) -> Option<Box<Cause>> {
    take(data, CAUSE, |cause| serde_json::from_str(cause.get()).ok())
}

/// Takes the metadata out of a payload; only where the registry names any, since the member is the user's elsewhere.
pub(in crate::inngest) fn take_meta(data: &mut Box<RawValue>) -> Option<Box<RawValue>> {
    take(data, META, |meta| Some(meta.to_owned()))
}

fn take<T>(data: &mut Box<RawValue>, name: &str, read: impl FnOnce(&RawValue) -> Option<T>) -> Option<T> {
    // Most events of others have none.
    if !data.get().contains(name) {
        return None;
    }
    let mut fields: BTreeMap<&str, &RawValue> = serde_json::from_str(data.get()).ok()?;
    let taken = read(fields.remove(name)?)?;
    let without = to_raw_value(&fields).ok()?;
    *data = without;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn event(data: &str, cause: Option<&Cause>, meta: Option<&str>) -> RawEnvelope {
        RawEnvelope {
            id: String::new(),
            name: String::new(),
            data: raw(data),
            ts: 0,
            v: None,
            user: None,
            traceparent: None,
            cause: cause.cloned().map(Box::new),
            meta: meta.map(raw),
        }
    }

    fn value(json: &RawValue) -> serde_json::Value {
        serde_json::from_str(json.get()).unwrap()
    }

    #[test]
    fn what_is_added_is_taken_out_again() {
        let cause =
            serde_json::json!({ "event_id": "e", "run_id": "r", "step_id": "s", "correlation_id": "c" });
        let cause: Cause = serde_json::from_value(cause).unwrap();
        for payload in ["{}", "{ }", r#"{"a":1}"#, r#"{ "a": {"_cause": 1, "_meta": 2} }"#] {
            for (cause, meta) in [(Some(&cause), None), (None, Some(r#"{"t":1}"#)), (Some(&cause), Some("7"))]
            {
                let mut sent = add(&event(payload, cause, meta)).into_owned();
                assert_eq!(
                    value(&sent).get("_meta"),
                    meta.map(raw).map(|meta| value(&meta)).as_ref(),
                    "{sent}"
                );
                assert_eq!(take_cause(&mut sent).as_deref(), cause);
                assert_eq!(take_meta(&mut sent).as_deref().map(RawValue::get), meta);
                assert_eq!(value(&sent), value(&raw(payload)));
            }
        }
        assert_eq!(add(&event("{}", None, None)).get(), "{}");
    }

    #[test]
    fn what_is_not_a_cause_stays() {
        for payload in
            [r#"{"_cause":7}"#, r#"{"_cause":{"event_id":"e"}}"#, r#"["_cause"]"#, r#"{"a":"_cause"}"#]
        {
            let mut data = raw(payload);
            assert_eq!((take_cause(&mut data), data.get()), (None, payload));
        }
    }
}
