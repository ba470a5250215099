//! In what the answers here differ from the recorded ones, each with the section of the SDK specification that demands it.
//! Everything else is the same.

use serde_json::{Map, Value, json};

/// The recorded answer to a call, as the specification has it.
pub fn of_answer(mut recorded: Value) -> Value {
    match &mut recorded {
        Value::Array(ops) => {
            let are_several = ops.len() > 1;
            ops.iter_mut().filter_map(Value::as_object_mut).for_each(|op| of_operation(op, are_several));
        }
        Value::Object(object) => of_error(object),
        _ => {}
    }
    recorded
}

/// What is given here, without the causes of events: the specification leaves payloads to applications, and this SDK says in
/// that of an event which run has sent it.
pub fn without_causes(mut given: Value) -> Value {
    match &mut given {
        Value::Object(fields) => {
            fields.remove("_cause");
            fields.values_mut().for_each(|value| *value = without_causes(value.take()));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = without_causes(value.take())),
        _ => {}
    }
    given
}

/// The recorded operation of an answer or of a checkpoint, alone or together with others, as the specification has it.
pub fn of_operation(op: &mut Map<String, Value>, is_together: bool) {
    let name = op.get("name").cloned();
    match op["op"].as_str().unwrap() {
        // 5.3.2: the time is in `opts`; its name is the step's, as that of every operation.
        "Sleep" => drop(op.insert("opts".into(), json!({ "duration": name }))),
        // 5.3.3: the event is in `opts`.
        "WaitForEvent" => drop(op["opts"].as_object_mut().unwrap().insert("event".into(), name.unwrap())),
        // 5.3.1: a step that is run or planned has no `opts`. What sends events keeps the kind of step, for the server's UI.
        "StepRun" | "StepPlanned" | "StepError" | "StepFailed" if op.get("opts") == Some(&json!({})) => {
            op.remove("opts");
        }
        _ => {}
    }
    if is_together && op["op"] == "StepPlanned" {
        // Not in the specification: the app is told at once when one of several has failed (see the guide, "Steps of one call").
        op.entry("opts").or_insert(json!({}))["parallelMode"] = json!("race");
    }
    if let Some(id) = op.get("displayName").cloned()
        && op.get("name").is_none_or(|name| name != "sendEvent")
    {
        op.insert("name".into(), id);
    }
    if let Some(error) = op.get_mut("error").and_then(Value::as_object_mut) {
        of_error(error);
        // 5.3.1: what failed has no data.
        op.insert("data".into(), Value::Null);
    }
    // 10.3.1: a checkpoint holds operations, not what the app keeps of them.
    let internal = [
        "mode",
        "rawArgs",
        "hashedId",
        "promise",
        "fulfilled",
        "hasStepState",
        "handled",
        "middleware",
        "memoizationDeferred",
        "transformedResultPromise",
    ];
    for field in internal {
        op.remove(field);
    }
    op.remove("timing");
}

/// 4.4.3: an error has `name`, `message` and, where there is one, `stack`. Of a Rust program there is none.
fn of_error(error: &mut Map<String, Value>) {
    if error.remove("__serialized").is_some() {
        error.remove("stack");
    }
}

/// The recorded registration, as the specification has it.
pub fn of_registration(mut recorded: Value) -> Value {
    let fields = recorded.as_object_mut().unwrap();
    // 4.3.2: `sdk` is the value of the header `x-inngest-sdk`: another SDK. The framework is another one, too.
    fields.insert("sdk".into(), sdk().into());
    fields.insert("framework".into(), "axum".into());
    // 4.5: what this SDK can do; 4.3.2 has nothing about observations.
    fields.insert("capabilities".into(), json!({ "in_band_sync": "v1" }));
    fields.remove("featureObservations");
    recorded
}

/// The recorded answer to an in-band sync, as the specification has it.
pub fn of_in_band(recorded: Value, inspection: Value) -> Value {
    let mut recorded = of_registration(recorded);
    let fields = recorded.as_object_mut().unwrap();
    // 4.5: the signature fits, so that the authenticated form is given.
    fields.insert("inspection".into(), inspection);
    fields.insert("sdk_language".into(), "rust".into());
    fields.insert("sdk_version".into(), env!("CARGO_PKG_VERSION").into());
    // Ours is by nobody at Inngest.
    fields.insert("sdk_author".into(), "".into());
    recorded
}

/// The recorded answer to an introspection that was not signed, as the specification has it (4.5): with every field of the
/// unauthenticated form; and in cloud mode too, where the recorded app answers 401.
pub fn of_introspection(mut recorded: Value) -> Value {
    let fields = recorded.as_object_mut().unwrap();
    fields.insert("authentication_succeeded".into(), Value::Null);
    fields.insert("has_signing_key_fallback".into(), false.into());
    fields.insert("capabilities".into(), json!({ "in_band_sync": "v1" }));
    // `extra` is anything, or nothing.
    fields.remove("extra");
    recorded
}

/// What `x-inngest-sdk` says.
pub fn sdk() -> String {
    format!("event-runtime:v{}", env!("CARGO_PKG_VERSION"))
}
