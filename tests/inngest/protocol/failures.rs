//! Failures of runs, as a server tells the handler of them (chapter 11).

use event_inngest_tests::endpoint::{Answer, ask};
use event_inngest_tests::hash;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::{Value, json};

/// The life of a bridge.
#[domain_events]
pub enum BridgeEvent {
    /// A bridge was built.
    Built { name: String },
}

/// Is fragile.
#[function(id = "bridge-built-tester", on_failure = told)]
async fn test(_: &Context<BridgeBuilt>) -> Result<()> {
    Ok(())
}

/// Is told of failures.
#[function(id = "bridge-built-mourner")]
async fn told(ctx: &Context<Failed<BridgeBuilt>>) -> Result<String> {
    Ok(format!("{}: {}", ctx.event.error, ctx.event.run_id))
}

/// Takes several.
#[function(id = "bridge-built-inspector", batch(max_size = 5, timeout = "5s"), on_failure = told_of_many)]
async fn inspect(ctx: &Context<Batch<BridgeBuilt>>) -> Result<Vec<String>> {
    let names: Vec<_> = ctx.event.iter().map(|bridge| bridge.name.clone()).collect();
    Ok(ctx.step.run("inspect", async || Ok(names.clone())).await?)
}

/// Is told which were not valid.
#[function(id = "bridge-built-archivist")]
async fn told_of_many(ctx: &Context<Failed<Batch<BridgeBuilt>>>) -> Result<(Vec<String>, bool)> {
    let raw = ctx.event.event.raw().map(|event| event.data.get().to_owned());
    Ok((raw.collect(), ctx.event.event.decoded().is_ok()))
}

registry! { BridgeEvents = [BridgeEvent]; }
functions! { BridgeFunctions in BridgeEvents = [test, told, inspect, told_of_many]; }

/// Calls the handler with the event of a failure.
async fn tell(data: Value) -> Answer {
    let event = json!({ "id": "1", "name": "inngest/function.failed", "data": data, "ts": 1 });
    call("bridge-built-tester-failure", &[event], &json!({})).await
}

/// Calls a function.
async fn call(function: &str, events: &[Value], steps: &Value) -> Answer {
    let app = App::<BridgeFunctions>::builder("app").build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let stack: Vec<_> = steps.as_object().unwrap().keys().collect();
    let ctx = json!({ "run_id": "r", "attempt": 0, "stack": { "stack": stack, "current": stack.len() } });
    let body = json!({ "event": events[0], "events": events, "steps": steps, "ctx": ctx }).to_string();
    let uri = format!("/api/inngest?fnId=app-{function}&stepId=step");
    ask(&service, "POST", &uri, &[], body.as_bytes()).await
}

#[tokio::test]
async fn the_handler_is_told_of_a_failure() {
    let event = json!({ "id": "0", "name": "bridge/built", "data": { "name": "Tacoma Narrows" }, "ts": 1 });
    let error = json!({ "name": "Error", "message": "the wind" });
    let data =
        json!({ "function_id": "app-bridge-built-tester", "run_id": "r7", "error": error, "event": event });
    let answer = tell(data).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!("the wind: r7")));
}

#[tokio::test]
async fn a_failure_that_cannot_be_read_is_an_error_that_does_not_repeat_it() {
    for data in [
        json!("hunter2"),
        json!({ "error": "hunter2" }),
        json!({ "event": "hunter2" }),
        json!({ "run_id": { "secret": "hunter2" } }),
    ] {
        let answer = tell(data.clone()).await;
        assert_eq!(answer.status, 500, "{data}");
        let told = answer.json().to_string();
        assert!(told.contains("the event of a failure cannot be read: line 1, column "), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

/// The event was not valid: that is why the run has failed, and no reason to tell nobody.
#[tokio::test]
async fn the_handler_is_told_of_an_event_that_is_not_valid() {
    let event = json!({ "id": "0", "name": "bridge/built", "data": { "name": 7 }, "ts": 1 });
    let error = json!({ "name": "ValidationError", "message": "name: expected a string" });
    let data =
        json!({ "function_id": "app-bridge-built-tester", "run_id": "r7", "error": error, "event": event });
    let answer = tell(data).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!("name: expected a string: r7")));
}

#[tokio::test]
async fn the_valid_events_of_a_batch_are_handled_and_the_others_are_told() {
    let event = |id: &str, name: Value| json!({ "id": id, "name": "bridge/built", "data": { "name": name }, "ts": 1 });
    let events = [event("1", json!("Forth")), event("2", json!(7)), event("3", json!("Millau"))];
    let answer = call("bridge-built-inspector", &events, &json!({})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()[0]["data"]), (206, &json!(["Forth", "Millau"])));

    // When they have been handled, the run fails, and is not tried again.
    let steps = json!({ hash("inspect"): { "data": ["Forth", "Millau"] } });
    let answer = call("bridge-built-inspector", &events, &steps).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
    let error = answer.json();
    let message = "1 of 3 events is not valid and left out, while the others were handled: `bridge/built` (id `2`): name: ";
    assert!(error["message"].as_str().unwrap().starts_with(message), "{error}");

    let data = json!({ "function_id": "app-bridge-built-inspector", "run_id": "r7", "error": error, "events": events });
    let failure = json!({ "id": "9", "name": "inngest/function.failed", "data": data, "ts": 1 });
    let told = call("bridge-built-inspector-failure", &[failure], &json!({})).await;
    assert_eq!(told.json(), json!([[r#"{"name":7}"#], false]));

    // Where none is valid, none is handled.
    let answer = call("bridge-built-inspector", &events[1..2], &json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.json()["name"].clone()), (400, json!("ValidationError")));
}
