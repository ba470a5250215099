//! The cause of an event on the wire: in its payload, since a server keeps nothing else that it does not know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use crate::event::Cause;

/// The member of the payload.
const CAUSE: &str = "_cause";

/// The payload with the cause of its event.
pub(super) fn add<'a>(data: &'a RawValue, cause: Option<&Cause>) -> Cow<'a, RawValue> {
    let with_cause = || {
        let (cause, fields) = (serde_json::to_string(cause?).ok()?, data.get().strip_prefix('{')?);
        let comma = if fields.trim_start().starts_with('}') { "" } else { "," };
        RawValue::from_string(format!("{{\"{CAUSE}\":{cause}{comma}{fields}")).ok()
    };
    with_cause().map_or(Cow::Borrowed(data), Cow::Owned)
}

/// Takes the cause out of a payload. A member that is not a cause stays.
pub(super) fn take(data: &mut Box<RawValue>) -> Option<Box<Cause>> {
    // Most events have none.
    if !data.get().contains(CAUSE) {
        return None;
    }
    let mut fields: BTreeMap<&str, &RawValue> = serde_json::from_str(data.get()).ok()?;
    let cause = serde_json::from_str(fields.remove(CAUSE)?.get()).ok()?;
    let without = to_raw_value(&fields).ok()?;
    *data = without;
    Some(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn what_is_added_is_taken_out_again() {
        let cause =
            serde_json::json!({ "event_id": "e", "run_id": "r", "step_id": "s", "correlation_id": "c" });
        let cause: Cause = serde_json::from_value(cause).unwrap();
        for payload in ["{}", "{ }", r#"{"a":1}"#, r#"{ "a": {"_cause": 1} }"#] {
            let payload = raw(payload);
            let mut sent = add(&payload, Some(&cause)).into_owned();
            assert!(sent.get().starts_with(r#"{"_cause":{"event_id":"e","#), "{sent}");
            assert_eq!(take(&mut sent).as_deref(), Some(&cause));
            let value = |json: &RawValue| serde_json::from_str::<serde_json::Value>(json.get()).unwrap();
            assert_eq!(value(&sent), value(&payload));
        }
        assert_eq!(add(&raw("{}"), None).get(), "{}");
    }

    #[test]
    fn what_is_not_a_cause_stays() {
        for payload in
            [r#"{"_cause":7}"#, r#"{"_cause":{"event_id":"e"}}"#, r#"["_cause"]"#, r#"{"a":"_cause"}"#]
        {
            let mut data = raw(payload);
            assert_eq!((take(&mut data), data.get()), (None, payload));
        }
    }
}
