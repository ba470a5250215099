//! Recorded results, as a server gives them and as a step takes them (section 5.2).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::wire::event::Incoming;
use crate::function::{Failure, Outcome, Request};

/// A result, and if it is an error, the error as it was recorded.
pub(super) struct Memo<'a> {
    pub(super) outcome: Outcome,
    pub(super) error: Option<&'a RawValue>,
}

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// Reads the recorded result of what was asked for.
pub(super) fn read<'a>(request: &Request, recorded: &'a RawValue) -> Memo<'a> {
    let object = serde_json::from_str::<Object<'a>>(recorded.get()).unwrap_or_default();
    // Only what stands alone wraps a result (section 5.2.1): an event has `data` among others.
    let only = |name: &str| object.get(name).copied().filter(|_| object.len() == 1);
    if let Some(error) = only("error") {
        return Memo { outcome: Outcome::Failed(failure(error)), error: Some(error) };
    }
    let value = only("data").unwrap_or(recorded);
    let json = match request {
        Request::Run | Request::Invoke(_) => value.get().into(),
        Request::Sleep(_) | Request::SleepUntil(_) => "null".into(),
        Request::Send(_) => ids(value).into(),
        // What has come is not wrapped (section 5.3.3); where a server wraps it all the same, it is unwrapped.
        Request::Wait(_) => event(value).into(),
    };
    Memo { outcome: Outcome::Value(json), error: None }
}

/// The result of what has just been run.
pub(super) fn of_body(request: &Request, value: &RawValue) -> Outcome {
    Outcome::Value(match request {
        Request::Send(_) => ids(value).into(),
        _ => value.get().into(),
    })
}

/// Whether a server gives a step new input, and no result: then the step is to be run.
pub(super) fn is_input(recorded: &RawValue) -> bool {
    recorded.get().trim_start().starts_with("{\"input\"")
        && serde_json::from_str::<Object<'_>>(recorded.get()).is_ok_and(|object| object.len() == 1)
}

/// Why a step failed. How often it was tried, a server does not tell.
fn failure(error: &RawValue) -> Failure {
    #[derive(Default, Deserialize)]
    struct Message {
        #[serde(default)]
        message: String,
    }

    let Message { message } = serde_json::from_str(error.get()).unwrap_or_default();
    Failure { message, attempts: 1 }
}

/// The ids of the events that were sent: `{ ids }`, as the TypeScript SDK records them.
fn ids(value: &RawValue) -> String {
    let object = serde_json::from_str::<Object<'_>>(value.get()).unwrap_or_default();
    object.get("ids").copied().unwrap_or(value).get().to_owned()
}

/// The event that has come, or `null`.
fn event(value: &RawValue) -> String {
    let event = serde_json::from_str::<Option<Incoming<'_>>>(value.get()).ok().flatten();
    let json = event.and_then(|event| to_raw_value(&event.into_envelope()).ok());
    json.map_or_else(|| "null".to_owned(), |json| json.get().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::function::WaitRequest;

    fn value(request: &Request, json: &str) -> String {
        let recorded = RawValue::from_string(json.to_owned()).unwrap();
        match read(request, &recorded).outcome {
            Outcome::Value(json) => json.to_string(),
            Outcome::Failed(failure) => format!("failed: {}", failure.message),
        }
    }

    #[test]
    fn each_kind_of_step_is_recorded_in_its_own_way() {
        let send = Request::Send(Arc::new([]));
        let wait = WaitRequest { event: "a/b", condition: None, timeout_ms: 1 };
        let wait = Request::Wait(Arc::new(wait));
        assert_eq!(value(&Request::Run, r#"{"data":{"data":1}}"#), r#"{"data":1}"#);
        assert_eq!(value(&Request::Run, r#"{"data":null}"#), "null");
        assert_eq!(value(&Request::Run, r#"{"error":{"name":"Error","message":"no"}}"#), "failed: no");
        assert_eq!(value(&Request::Sleep(1), "null"), "null");
        assert_eq!(value(&send, r#"{"data":{"ids":["1","2"]}}"#), r#"["1","2"]"#);
        assert_eq!(value(&send, r#"{"data":["1"]}"#), r#"["1"]"#);
        assert_eq!(value(&wait, "null"), "null");
        let event = r#"{"id":"1","name":"a/b","data":{"x":1},"ts":5}"#;
        assert_eq!(value(&wait, r#"{"data":{"x":1},"id":"1","name":"a/b","ts":5,"user":{}}"#), event);
        assert_eq!(value(&wait, &format!("{{\"data\":{event}}}")), event);
        assert_eq!(value(&wait, r#"{"error":{"message":"cancelled"}}"#), "failed: cancelled");
    }

    #[test]
    fn new_input_is_no_result() {
        let is = |json: &str| is_input(&RawValue::from_string(json.to_owned()).unwrap());
        assert!(is(r#"{"input":[1]}"#));
        assert!(!is(r#"{"input":1,"data":2}"#));
        assert!(!is(r#"{"data":{"input":1}}"#));
    }
}
