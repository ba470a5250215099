//! Failures of runs, as a server tells the handler of them (chapter 11).

use event_inngest_tests::endpoint::{Answer, ask};
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

registry! { BridgeEvents = [BridgeEvent]; }
functions! { BridgeFunctions in BridgeEvents = [test, told]; }

/// Calls the handler with the event of a failure.
async fn tell(data: Value) -> Answer {
    let app = App::<BridgeFunctions>::builder("app").build().unwrap();
    let service = app.inngest(InngestConfig::dev().checkpointing(None)).service();
    let event = json!({ "id": "1", "name": "inngest/function.failed", "data": data, "ts": 1 });
    let ctx = json!({ "run_id": "r", "attempt": 0, "stack": { "stack": [], "current": 0 } });
    let body = json!({ "event": event, "events": [event], "steps": {}, "ctx": ctx }).to_string();
    let uri = "/api/inngest?fnId=app-bridge-built-tester-failure&stepId=step";
    ask(&service, "POST", uri, &[], body.as_bytes()).await
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
