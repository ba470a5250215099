//! Steps with options of their own: what a server can be told of them.

use event_inngest_tests::endpoint::Answer;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use event_runtime::{Backoff, StepTimedOut};
use serde_json::{Value, json};

use crate::app::{Call, target};

/// The answer at this attempt of a step whose function has four retries.
async fn attempt(attempt: u32, retries: u8) -> Answer {
    let target = target(InngestConfig::dev().checkpointing(None), move |ctx| {
        Box::pin(async move {
            let step = ctx.step.run("hangs", async || Ok(std::future::pending::<Value>().await));
            let step = step.timeout(Duration::from_millis(10)).retries(retries);
            let step = step.backoff(Backoff::exponential(Duration::from_secs(2), Duration::from_mins(1)));
            match step.await {
                Err(error) if error.downcast::<StepTimedOut>().is_some() => Ok(json!("timed out")),
                other => Ok(other?),
            }
        })
    });
    Call { ctx: json!({ "attempt": attempt, "max_attempts": 5 }), ..Call::default() }.ask(&target).await
}

#[tokio::test]
async fn a_step_fails_for_good_after_its_own_retries() {
    let first = attempt(0, 2).await;
    assert_eq!((first.status.as_u16(), first.json()[0]["op"].clone()), (206, json!("StepError")));
    assert_eq!((first.header("x-inngest-no-retry"), first.header("retry-after")), ("false", "2"));
    let second = attempt(1, 2).await;
    assert_eq!((second.header("x-inngest-no-retry"), second.header("retry-after")), ("false", "4"));
    let third = attempt(2, 2).await;
    assert_eq!(third.json()[0]["op"], "StepFailed");
    assert_eq!((third.header("x-inngest-no-retry"), third.header("retry-after")), ("true", ""));
    let error = &third.json()[0]["error"];
    assert_eq!(error["name"], "StepTimedOut");
    assert_eq!(error["message"], "the body took longer than 10ms, its timeout, and was cut off");
}

#[tokio::test]
async fn a_recorded_timeout_can_be_matched() {
    let target = target(InngestConfig::dev().checkpointing(None), |ctx| {
        Box::pin(async {
            let error = ctx.step.run("hangs", async || Ok(())).await.unwrap_err();
            Ok(json!(error.downcast::<StepTimedOut>().map(|error| error.after.as_millis())))
        })
    });
    let error = json!({ "name": "StepTimedOut", "message": "it took", "data": { "after": { "secs": 30, "nanos": 0 } } });
    let hash = event_inngest_tests::hash("hangs");
    let (steps, stack) = (json!({ &hash: { "error": error } }), vec![hash]);
    let answer = Call { steps, stack, ..Call::default() }.ask(&target).await;
    assert_eq!(answer.json(), json!(30_000));
}

#[tokio::test]
async fn more_retries_than_the_function_has_are_an_error_of_the_step() {
    let answer = attempt(0, 5).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-inngest-no-retry")), (400, "true"));
    assert_eq!(
        answer.json()["message"],
        "step `hangs` has 5 retries, and its function `task-started-worker` has 4: an Inngest server retries no step more often \
         than its function. Give the function `retries = 5`"
    );
}
