//! Calls (sections 4.4 and 5).

use event_inngest_tests::fake::FakeServer;
use event_inngest_tests::hash;
use event_runtime::inngest::{Checkpointing, InngestConfig};
use event_runtime::prelude::*;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::app::{Call, File, GhostSeen, TaskFinished, TaskRenamed, target};

fn plain() -> InngestConfig {
    InngestConfig::dev().checkpointing(None)
}

#[tokio::test]
async fn an_event_that_is_not_valid_fails_the_run_and_its_issues_are_told() {
    let target = target(plain(), |_| panic!("it is not run"));
    let event = json!({ "id": "1", "name": "task/started", "data": { "number": 1_001 }, "ts": 1, "v": "2" });
    let answer = Call { event, ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
    let json = answer.json();
    assert_eq!(json["name"], "ValidationError");
    assert!(json["message"].as_str().unwrap().starts_with("number: "), "{json}");
}

#[tokio::test]
async fn an_older_version_is_lifted() {
    let target = target(plain(), |ctx| Box::pin(async { Ok(json!([ctx.event.number, ctx.meta.version])) }));
    let event = json!({ "id": "1", "name": "task/started", "data": { "count": 7 }, "ts": 1 });
    let answer = Call { event, ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!([7, 1]));
}

#[tokio::test]
async fn an_unknown_function_is_an_error() {
    let target = target(plain(), |_| panic!("it is not run"));
    for function in ["app-other", "task-started-worker", ""] {
        let answer = Call { function, ..Call::default() }.ask(&target).await;
        assert_eq!(answer.status, 500, "{function}");
    }
}

#[tokio::test]
async fn a_function_that_is_invoked_gets_its_event_back() {
    let target =
        target(plain(), |ctx| Box::pin(async { Ok(json!([ctx.meta.event_name, ctx.event.number])) }));
    let invoked =
        |data| json!({ "id": "1", "name": "inngest/function.invoked", "data": data, "ts": 1, "v": "2" });
    let event = invoked(json!({ "_inngest": { "fn_id": "x" }, "number": 7 }));
    let answer = Call { event, ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!(["task/started", 7]));

    // Of several triggers it is the first that the payload is valid for.
    let several =
        |data| Call { event: invoked(data), function: "app-task-finished-namer", ..Call::default() };
    let versionless = |mut call: Call| {
        call.event.as_object_mut().unwrap().remove("v");
        call
    };
    let answer = versionless(several(json!({ "_inngest": {}, "name": "x" }))).ask(&target).await;
    assert_eq!(answer.json(), json!({ "renamed": "x" }));
    let answer = versionless(several(json!({ "_inngest": {}, "note": "x" }))).ask(&target).await;
    assert_eq!(answer.json(), json!({ "finished": "x" }));
}

#[tokio::test]
async fn a_step_that_is_not_there_is_told() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            ctx.step.run("there", async || Ok(())).await?;
            Ok(json!("done"))
        })
    });
    // The function returns without it.
    let there = hash("there");
    let call = Call {
        step: hash("gone"),
        steps: json!({ &there: { "data": null } }),
        stack: vec![there],
        ..Call::default()
    };
    let answer = call.ask(&target).await;
    assert_eq!(answer.status, 206);
    assert_eq!(answer.json(), json!([{ "id": hash("gone"), "op": "StepNotFound", "data": null }]));
    // The function waits for another one, which is neither run nor reported.
    let answer = Call { step: hash("gone"), ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!([{ "id": hash("gone"), "op": "StepNotFound", "data": null }]));
}

#[tokio::test]
async fn where_a_step_may_not_be_run_at_once_it_is_planned() {
    let target = target(plain(), |ctx| {
        Box::pin(async { Ok(json!(ctx.step.run("a", async || Ok(ctx.step.attempt())).await?)) })
    });
    let ctx = json!({ "disable_immediate_execution": true });
    let answer = Call { ctx, ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), &answer.json()[0]["op"]), (206, &json!("StepPlanned")));
    // Then it is, with the attempt that the server counts.
    let ctx = json!({ "disable_immediate_execution": true, "attempt": 2 });
    let answer = Call { ctx, step: hash("a"), ..Call::default() }.ask(&target).await;
    assert_eq!((&answer.json()[0]["op"], &answer.json()[0]["data"]), (&json!("StepRun"), &json!(2)));
}

#[tokio::test]
async fn the_error_of_a_step_that_is_not_caught_is_passed_on_as_it_was() {
    let target =
        target(plain(), |ctx| Box::pin(async { Ok(ctx.step.run("a", async || Ok(json!(1))).await?) }));
    let error = json!({ "name": "TypeError", "message": "x is not a function", "stack": "at y" });
    let steps = json!({ hash("a"): { "error": error } });
    let answer = Call { steps, stack: vec![hash("a")], ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
    assert_eq!(answer.json(), error);
}

#[tokio::test]
async fn a_result_that_the_server_would_change_or_refuse_fails_its_step() {
    for (result, message) in [
        (
            json!({ "id": 9_007_199_254_740_993_u64 }),
            "result.id: is 9007199254740993: an Inngest server reads",
        ),
        (
            json!("x".repeat(5 * 1024 * 1024)),
            "the result has 5242882 bytes, and an Inngest server takes 4194304",
        ),
    ] {
        let of_step = result.clone();
        let step = target(plain(), move |ctx| {
            let result = of_step.clone();
            Box::pin(async move { Ok(ctx.step.run("a", async || Ok(result.clone())).await?) })
        });
        let answer = Call::default().ask(&step).await;
        assert_eq!(answer.json()[0]["op"], "StepFailed");
        assert!(answer.json()[0]["error"]["message"].as_str().unwrap().starts_with(message), "{message}");
        let function = target(plain(), move |_| {
            let result = result.clone();
            Box::pin(async move { Ok(result) })
        });
        let answer = Call::default().ask(&function).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
        assert!(answer.json()["message"].as_str().unwrap().starts_with(message), "{message}");
    }
}

/// Why nothing is sold.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct SoldOut {
    left: u32,
}

impl std::fmt::Display for SoldOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} left", self.left)
    }
}

impl std::error::Error for SoldOut {}

#[tokio::test]
async fn a_typed_failure_goes_to_the_server_and_comes_back() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            let body = async || Err::<(), _>(Error::non_retriable(Error::typed(SoldOut { left: 2 })));
            let error = ctx.step.run("a", body).await.unwrap_err();
            Ok(json!(error.downcast::<SoldOut>().map(|error| error.left)))
        })
    });
    let error = Call::default().ask(&target).await.json()[0]["error"].clone();
    assert_eq!(error, json!({ "name": "SoldOut", "message": "2 left", "data": { "left": 2 } }));
    let steps = json!({ hash("a"): { "error": error } });
    let answer = Call { steps, stack: vec![hash("a")], ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!(2));
    // The server, or another SDK, may keep no data.
    let steps = json!({ hash("a"): { "error": { "name": "SoldOut", "message": "2 left" } } });
    let answer = Call { steps, stack: vec![hash("a")], ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!(null));
}

#[tokio::test]
async fn a_failed_step_is_tried_again_when_it_says_so() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            let body = async || Err::<(), _>(Error::msg("busy").retry_after(Duration::from_millis(1_500)));
            ctx.step.run("a", body).await?;
            Ok(json!(null))
        })
    });
    let answer = Call::default().ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepError");
    assert_eq!((answer.header("x-inngest-no-retry"), answer.header("retry-after")), ("false", "2"));
    let answer = Call { ctx: json!({ "attempt": 3 }), ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepFailed");
    assert_eq!((answer.header("x-inngest-no-retry"), answer.header("retry-after")), ("true", ""));
}

#[tokio::test]
async fn a_step_whose_failure_is_final_is_not_tried_again() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            ctx.step.run("a", async || Err::<(), _>(Error::non_retriable(Error::msg("never")))).await?;
            Ok(json!(null))
        })
    });
    let answer = Call::default().ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepFailed");
    assert_eq!(answer.json()[0]["error"], json!({ "name": "NonRetriableError", "message": "never" }));
}

#[tokio::test]
async fn waits_sleeps_and_invocations_say_what_they_need() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            let until = std::time::UNIX_EPOCH + Duration::from_millis(1_795_408_316_567);
            let waits = (
                ctx.step.sleep("short", Duration::from_millis(90_500)),
                ctx.step.sleep_until("date", until),
                ctx.step.wait_for_event::<TaskFinished>("wait"),
                ctx.step
                    .invoke::<File>("call", TaskRenamed { name: "x".into() })
                    .timeout(Duration::from_hours(2)),
            );
            let _ = futures_util::join!(waits.0, waits.1, waits.2, waits.3);
            Ok(json!(null))
        })
    });
    let json = Call::default().ask(&target).await.json();
    assert_eq!(json[0]["opts"], json!({ "duration": "1m30s500ms", "parallelMode": "race" }));
    assert_eq!(json[1]["opts"], json!({ "duration": "2026-11-23T04:31:56.567Z", "parallelMode": "race" }));
    let wait = json!({ "event": "task/finished", "timeout": "52w2d", "parallelMode": "race" });
    assert_eq!(json[2]["opts"], wait);
    let run = "01M83ASHYMYM9NEQGTMWBEQ71K";
    let cause = json!({ "event_id": "1", "run_id": run, "step_id": "call", "correlation_id": "1" });
    let payload = json!({ "data": { "_cause": cause, "name": "x" } });
    assert_eq!(
        json[3]["opts"],
        json!({ "function_id": "app-task-renamed-filer", "payload": payload, "timeout": "2h", "parallelMode": "race" })
    );
}

#[tokio::test]
async fn what_a_function_sends_has_the_same_ids_at_every_attempt() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["one"], "status": 200 }))).await;
    let config = plain().event_api_origin(&server.origin).unwrap();
    let target = target(config, |ctx| {
        Box::pin(async { Ok(json!(ctx.step.send("tell", TaskFinished { note: "x".into() }).await?)) })
    });
    let answer = Call::default().ask(&target).await;
    assert_eq!(answer.json()[0]["data"], json!({ "ids": ["one"] }));
    Call { ctx: json!({ "attempt": 1 }), ..Call::default() }.ask(&target).await;
    let asked = server.asked();
    assert_eq!(asked[0].json()[0]["name"], "task/finished");
    assert!(asked[0].json()[0].get("id").is_none(), "the server makes it from the seed");
    assert!(!asked[0].header("x-inngest-event-id-seed").is_empty());
    assert_eq!(asked[0].header("x-inngest-event-id-seed"), asked[1].header("x-inngest-event-id-seed"));
    // And the step returns the id.
    let steps = json!({ hash("tell"): { "data": { "ids": ["one"] } } });
    let answer = Call { steps, stack: vec![hash("tell")], ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), "one");
}

/// A server keeps nothing but the payload, so that a cause travels in it; functions do not see it there.
#[tokio::test]
async fn what_a_function_sends_carries_its_cause() {
    let server = FakeServer::start(|_| (200, json!({ "ids": ["one"], "status": 200 }))).await;
    let config = plain().event_api_origin(&server.origin).unwrap();
    let target = target(config, |ctx| {
        Box::pin(async {
            let here = json!([ctx.meta.cause, ctx.meta.correlation_id(), ctx.event.number]);
            ctx.step.send("tell", TaskFinished { note: "x".into() }).await?;
            ctx.step.invoke::<File>("file", TaskRenamed { name: "a".into() }).await?;
            Ok(here)
        })
    });
    let run = "01M83ASHYMYM9NEQGTMWBEQ71K";
    let cause =
        |step: &str| json!({ "event_id": "1", "run_id": run, "step_id": step, "correlation_id": "1" });
    Call::default().ask(&target).await;
    let sent = server.asked()[0].json()[0]["data"].clone();
    assert_eq!(sent, json!({ "_cause": cause("tell"), "note": "x" }));

    let (steps, stack) = (json!({ hash("tell"): { "data": { "ids": ["one"] } } }), vec![hash("tell")]);
    let answer = Call { steps, stack, ..Call::default() }.ask(&target).await;
    let payload = &answer.json()[0]["opts"]["payload"];
    assert_eq!(payload["data"], json!({ "_cause": cause("file"), "name": "a" }));

    // The next function finds it around its event, and hands the correlation on.
    let earlier = json!({ "event_id": "0", "run_id": "r", "step_id": "s", "correlation_id": "first" });
    let data = json!({ "_cause": earlier, "number": 7 });
    let event = json!({ "id": "1", "name": "task/started", "data": data, "ts": 1, "v": "2" });
    let steps = json!({ hash("tell"): { "data": { "ids": ["one"] } }, hash("file"): { "data": "a" } });
    let stack = vec![hash("tell"), hash("file")];
    let answer = Call { event: event.clone(), steps, stack, ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!([earlier, "first", 7]));
    Call { event, ..Call::default() }.ask(&target).await;
    assert_eq!(server.asked()[0].json()[0]["data"]["_cause"]["correlation_id"], "first");
}

#[tokio::test]
async fn what_is_not_registered_is_not_sent() {
    let target =
        target(plain(), |ctx| Box::pin(async { Ok(json!(ctx.step.send("tell", GhostSeen {}).await?)) }));
    let answer = Call::default().ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepFailed");
    assert!(answer.json()[0]["error"]["message"].as_str().unwrap().contains("`ghost/seen`"));
}

#[tokio::test]
async fn what_was_too_large_for_the_request_is_fetched() {
    let server = FakeServer::start(|asked| match asked.path.as_str() {
        "/v0/runs/01M83ASHYMYM9NEQGTMWBEQ71K/batch" => {
            (200, json!([{ "id": "1", "name": "task/started", "data": { "number": 9 }, "ts": 1, "v": "2" }]))
        }
        "/v0/runs/01M83ASHYMYM9NEQGTMWBEQ71K/actions" => (200, json!({ hash("a"): { "data": 5 } })),
        path => panic!("{path}"),
    })
    .await;
    let config = plain().api_origin(&server.origin).unwrap().signing_key("signkey-test-12345678");
    let target = target(config, |ctx| {
        Box::pin(async { Ok(json!(ctx.step.run("a", async || Ok(0)).await? + ctx.event.number)) })
    });
    let answer =
        Call { ctx: json!({ "use_api": true }), event: json!({}), ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!(14)));
    let bearer = "Bearer signkey-test-b2ed992186a5cb19f6668aade821f502c1d00970dfd0e35128d51bac4649916c";
    assert!(server.asked().iter().all(|asked| asked.header("authorization") == bearer));
}

#[tokio::test]
async fn what_cannot_be_fetched_is_an_error() {
    let server = FakeServer::start(|_| (404, json!({ "error": "no such run" }))).await;
    let target = target(plain().api_origin(&server.origin).unwrap(), |_| panic!("it is not run"));
    let answer = Call { ctx: json!({ "use_api": true }), ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (500, "false"));
}

#[tokio::test]
async fn a_function_that_waits_for_nothing_fails() {
    let target = target(plain(), |_| Box::pin(std::future::pending()));
    let answer = Call::default().ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
}

#[tokio::test]
async fn a_panic_is_an_error_that_may_pass() {
    let target = target(plain(), |_| Box::pin(async { panic!("oh") }));
    let answer = Call::default().ask(&target).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json(), json!({ "name": "Error", "message": "the function panicked: oh" }));
}

#[tokio::test]
async fn other_futures_than_steps_are_waited_for() {
    let target = target(plain(), |ctx| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(json!(ctx.step.run("a", async || Ok(1)).await?))
        })
    });
    assert_eq!(Call::default().ask(&target).await.json()[0]["op"], "StepRun");
    let answer = Call { step: hash("a"), ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "StepRun");
}

fn checkpointed() -> serde_json::Value {
    json!({ "fn_id": "f", "qi_id": "q" })
}

async fn pause(milliseconds: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    milliseconds
}

/// Section 10.4.1, rule 7.
#[tokio::test]
async fn a_call_that_takes_too_long_asks_for_another_one() {
    let server = FakeServer::start(|_| (200, json!({}))).await;
    let settings = Checkpointing::PERFORMANT.max_runtime(Duration::from_secs(1));
    let config = InngestConfig::dev().checkpointing(Some(settings)).api_origin(&server.origin).unwrap();
    let target = target(config, |ctx| {
        Box::pin(async {
            // The first is there long before the time is over; after the second it is.
            for milliseconds in [0, 1_100, 0] {
                ctx.step.run("a", async || Ok(pause(milliseconds).await)).await?;
            }
            Ok(json!(null))
        })
    });
    let answer = Call { ctx: checkpointed(), ..Call::default() }.ask(&target).await;
    assert_eq!((answer.status.as_u16(), answer.json().as_array().unwrap().len()), (206, 1));
    assert_eq!(answer.json()[0]["op"], "DiscoveryRequest");
    let reported = server.asked()[0].json()["steps"].as_array().unwrap().len();
    assert!((1..3).contains(&reported), "those that were run are reported before");
}

/// Section 10.1: the interval is counted from the first result that waits.
#[tokio::test]
async fn results_do_not_wait_longer_than_the_interval() {
    static REPORTED: Semaphore = Semaphore::const_new(0);
    let server = FakeServer::start(|_| {
        REPORTED.add_permits(1);
        (200, json!({}))
    })
    .await;
    let settings = Checkpointing::PERFORMANT.max_interval(Duration::from_millis(20));
    let config = InngestConfig::dev().checkpointing(Some(settings)).api_origin(&server.origin).unwrap();
    let target = target(config, |ctx| {
        Box::pin(async {
            ctx.step.run("quick", async || Ok(())).await?;
            // It ends once the other one is reported.
            let slow = async || REPORTED.acquire().await.map(|_| ()).map_err(Into::into);
            ctx.step.run("slow", slow).await?;
            Ok(json!("done"))
        })
    });
    let answer = Call { ctx: checkpointed(), ..Call::default() }.ask(&target).await;
    let asked = server.asked();
    assert_eq!(asked[0].json()["steps"][0]["name"], "quick", "it is reported while the other one runs");
    // What was not reported comes with the answer.
    let ops = answer.json();
    assert_eq!((&ops[0]["name"], &ops[1]["op"]), (&json!("slow"), &json!("RunComplete")));
}

/// Section 10.3.4.
#[tokio::test]
async fn reports_are_made_with_the_fallback_key_when_the_other_is_not_known() {
    let server = FakeServer::start(|asked| {
        if asked.header("authorization").contains("-two-") { (200, json!({})) } else { (401, json!({})) }
    })
    .await;
    let config = InngestConfig::dev().signing_key("signkey-one-11").signing_key_fallback("signkey-two-22");
    let target = target(config.api_origin(&server.origin).unwrap(), |ctx| {
        Box::pin(async {
            ctx.step.run("a", async || Ok(())).await?;
            ctx.step.run("b", async || Ok(())).await?;
            Ok(json!("done"))
        })
    });
    let answer = Call { ctx: checkpointed(), ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json()[0]["op"], "RunComplete");
    let keys: Vec<_> =
        server.asked().iter().map(|asked| asked.header("authorization")[15..18].to_owned()).collect();
    assert_eq!(keys, ["one", "two", "two"], "once it works, the fallback key is used first");
}

/// Attempts are counted anew after a report: the server does too.
#[tokio::test]
async fn a_step_after_a_report_is_at_its_first_attempt() {
    let server = FakeServer::start(|_| (200, json!({}))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let target = target(config, |ctx| {
        Box::pin(async {
            ctx.step.run("a", async || Ok(())).await?;
            ctx.step.run("b", async || Err::<(), _>(Error::msg(ctx.step.attempt().to_string()))).await?;
            Ok(json!(null))
        })
    });
    let mut ctx = checkpointed();
    ctx["attempt"] = 3.into();
    let answer = Call { ctx, ..Call::default() }.ask(&target).await;
    assert_eq!(
        (&answer.json()[0]["op"], &answer.json()[0]["error"]["message"]),
        (&json!("StepError"), &json!("0"))
    );
}
