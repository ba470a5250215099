//! Recorded results, as a server gives them and as a step takes them (section 5.2).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::wire::event::Incoming;
use crate::function::{Failure, Outcome, Recorded, Request, StepKind, TypedError};

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// A recorded result, as a server gives it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'c> {
    pub(super) json: &'c RawValue,
    /// Whether the events of the registry come with metadata.
    pub(super) has_meta: bool,
}

impl Recorded for Given<'_> {
    fn outcome(self, kind: StepKind) -> Outcome {
        let value = match unwrapped(self.json) {
            Wrapped::Error(error) => return Outcome::Failed(failure(error)),
            Wrapped::Value(value) => value,
        };
        match kind {
            StepKind::Run | StepKind::Invoke | StepKind::Undo => Outcome::Value(value.get().into()),
            StepKind::Sleep => Outcome::Value("null".into()),
            StepKind::Send => Outcome::Value(ids(value).into()),
            // What has come is not wrapped (section 5.3.3); where a server wraps it all the same, it is unwrapped.
            StepKind::Wait => event(value, self.has_meta),
            StepKind::Signal => Outcome::Value(signal(value).into()),
        }
    }
}

/// The error that was recorded for a step that failed.
pub(super) fn error(recorded: &RawValue) -> Option<&RawValue> {
    match unwrapped(recorded) {
        Wrapped::Error(error) => Some(error),
        Wrapped::Value(_) => None,
    }
}

/// The value that was recorded for the body of a step, unless it has failed.
pub(super) fn value(recorded: &RawValue) -> Option<&str> {
    match unwrapped(recorded) {
        Wrapped::Value(value) => Some(value.get()),
        Wrapped::Error(_) => None,
    }
}

/// A recorded result without its wrapping: `{ "data": .. }` or `{ "error": .. }` (section 5.2.1).
enum Wrapped<'a> {
    Value(&'a RawValue),
    Error(&'a RawValue),
}

/// Unwraps a recorded result. Only what stands alone wraps: an event has `data` among others. What is not an
/// object is not wrapped either.
fn unwrapped(recorded: &RawValue) -> Wrapped<'_> {
    let object = serde_json::from_str::<Object<'_>>(recorded.get()).unwrap_or_default();
    let mut fields = object.iter().map(|(name, value)| (name.as_str(), *value));
    match (fields.next(), fields.next()) {
        (Some(("error", error)), None) => Wrapped::Error(error),
        (Some(("data", value)), None) => Wrapped::Value(value),
        _ => Wrapped::Value(recorded),
    }
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
    #[derive(Deserialize)]
    struct Recorded {
        #[serde(default)]
        name: String,
        message: String,
        data: Option<Value>,
    }

    match serde_json::from_str::<Recorded>(error.get()) {
        Ok(Recorded { name, message, data }) => {
            let typed = data.map(|data| Box::new(TypedError::new(name, data)));
            Failure { typed, ..Failure::new(message, 1) }
        }
        // Other SDKs may record an error of another shape: it is told as it is.
        Err(_) => Failure::new(error.get().to_owned(), 1),
    }
}

/// The ids of the events that were sent: `{ ids }`, as the TypeScript SDK records them.
fn ids(value: &RawValue) -> String {
    // Anything but an object may be the bare ids; if not, the step fails because its result does not decode.
    let object = serde_json::from_str::<Object<'_>>(value.get()).ok();
    object.as_ref().and_then(|object| object.get("ids").copied()).unwrap_or(value).get().to_owned()
}

/// The payload of a completed signal: `{ signal, data }`, or `null` after a timeout.
fn signal(value: &RawValue) -> String {
    let object = serde_json::from_str::<Object<'_>>(value.get()).unwrap_or_default();
    object.get("data").copied().filter(|_| object.contains_key("signal")).unwrap_or(value).get().to_owned()
}

/// The event that has come, or `null` when the time was over.
fn event(value: &RawValue, has_meta: bool) -> Outcome {
    let read = serde_json::from_str::<Option<Incoming<'_>>>(value.get());
    let json = read.and_then(|event| to_raw_value(&event.map(|event| event.into_envelope(has_meta))));
    match json {
        Ok(json) => Outcome::Value(json.get().into()),
        Err(error) => {
            let message = format!(
                "was recorded with something that is not an event: {error}. If it was another kind of step before, give it \
                 another id"
            );
            Outcome::Failed(Failure::new(message, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(kind: StepKind, json: &str) -> String {
        let recorded = RawValue::from_string(json.to_owned()).unwrap();
        match (Given { json: &recorded, has_meta: false }).outcome(kind) {
            Outcome::Value(json) => json.to_string(),
            Outcome::Failed(failure) => format!("failed: {}", failure.message),
        }
    }

    #[test]
    fn each_kind_of_step_is_recorded_in_its_own_way() {
        let (send, wait) = (StepKind::Send, StepKind::Wait);
        assert_eq!(value(StepKind::Run, r#"{"data":{"data":1}}"#), r#"{"data":1}"#);
        assert_eq!(value(StepKind::Run, r#"{"data":null}"#), "null");
        assert_eq!(value(StepKind::Run, r#"{"error":{"name":"Error","message":"no"}}"#), "failed: no");
        assert_eq!(value(StepKind::Sleep, "null"), "null");
        assert_eq!(value(send, r#"{"data":{"ids":["1","2"]}}"#), r#"["1","2"]"#);
        assert_eq!(value(send, r#"{"data":["1"]}"#), r#"["1"]"#);
        assert_eq!(value(wait, "null"), "null");
        let event = r#"{"id":"1","name":"a/b","data":{"x":1},"ts":5}"#;
        assert_eq!(value(wait, r#"{"data":{"x":1},"id":"1","name":"a/b","ts":5,"user":{}}"#), event);
        assert_eq!(value(wait, &format!("{{\"data\":{event}}}")), event);
        assert_eq!(value(wait, r#"{"error":{"message":"cancelled"}}"#), "failed: cancelled");
        assert_eq!(value(StepKind::Run, r#"{"error":"odd"}"#), r#"failed: "odd""#);
        let not_an_event = value(wait, r#"{"data":7}"#);
        assert!(
            not_an_event.starts_with("failed: was recorded with something that is not an event"),
            "{not_an_event}"
        );
    }

    #[test]
    fn new_input_is_not_a_result() {
        let is = |json: &str| is_input(&RawValue::from_string(json.to_owned()).unwrap());
        assert!(is(r#"{"input":[1]}"#));
        assert!(!is(r#"{"input":1,"data":2}"#));
        assert!(!is(r#"{"data":{"input":1}}"#));
    }
}
