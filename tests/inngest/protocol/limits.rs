//! What a server takes of a run, checked before it is sent.

use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_runtime::inngest::InngestConfig;
use serde_json::{Map, Value, json};

use crate::app::{Call, Target, target};

/// Runs `count` steps one after the other, each with a result of so many bytes.
fn steps(config: InngestConfig, count: usize, bytes: usize) -> Target {
    target(config, move |ctx| {
        Box::pin(async move {
            for n in 0..count {
                ctx.step.run(&format!("step {n}"), async || Ok("x".repeat(bytes))).await?;
            }
            Ok(json!("done"))
        })
    })
}

/// A call after this many steps.
fn after(count: usize, bytes: usize) -> Call {
    let ids: Vec<String> = (0..count).map(|n| hash(&format!("step {n}"))).collect();
    let memo = || json!({ "data": "x".repeat(bytes) });
    let steps: Map<String, Value> = ids.iter().map(|id| (id.clone(), memo())).collect();
    Call { steps: Value::Object(steps), stack: ids, ..Call::default() }
}

#[tokio::test]
async fn a_run_has_no_more_steps_than_a_server_takes() {
    let plain = InngestConfig::dev().checkpointing(None);
    let answer = after(999, 1).ask(&steps(plain.clone(), 1_001, 1)).await;
    assert_eq!((answer.status.as_u16(), &answer.json()[0]["op"]), (206, &json!("StepRun")));
    let answer = after(1_000, 1).ask(&steps(plain.clone(), 1_001, 1)).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
    let json = answer.json();
    let message = "the run has more than 1000 steps: split it, or raise `InngestConfig::max_steps`";
    assert!(json["message"].as_str().unwrap().contains(message), "{json}");
    let answer = after(1_000, 1).ask(&steps(plain.max_steps(2_000), 1_001, 1)).await;
    assert_eq!(answer.status, 206);
}

#[tokio::test]
async fn steps_that_are_reported_during_the_call_count_too() {
    let server = FakeServer::start(|_| (200, json!({}))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let call = Call { ctx: json!({ "fn_id": "f", "qi_id": "q" }), ..Call::default() };
    let answer = call.ask(&steps(config.clone().max_steps(3), 4, 1)).await;
    assert_eq!((answer.status.as_u16(), server.asked().len()), (400, 3));
    let answer = call.ask(&steps(config.max_run_bytes(250), 3, 100)).await;
    let op = &answer.json()[0];
    assert_eq!((&op["op"], server.asked().len()), (&json!("StepFailed"), 2));
    let message = op["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("the results of the run have more than 250 bytes together"), "{message}");
}

#[tokio::test]
async fn the_results_of_a_run_are_no_more_than_a_server_takes() {
    let plain = InngestConfig::dev().checkpointing(None);
    let mebibytes = |count: usize| count * 1024 * 1024;
    let config = plain.max_body_bytes(mebibytes(64));
    let target = steps(config, 9, mebibytes(4) - 2);
    let answer = after(7, mebibytes(4) - 2).ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepFailed", "the wrapping of results counts");
    let answer = after(6, mebibytes(4) - 2).ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepRun");
}
