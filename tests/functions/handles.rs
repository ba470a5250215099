//! Functions that are started from outside, on virtual time: their results, what is skipped, what is watched.

use event_runtime::inspect::{RunChange, RunStatus};
use event_runtime::prelude::*;
use event_runtime::testing::{CommandError, RunError, StartRunError, TestEngine};

use crate::events::{Events, OrderPlaced, OrderPriced, placed};

/// Takes a month, whatever its condition says of the event.
#[function(id = "order-placed-month", if = "event.data.id == 0")]
async fn month(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let id = ctx.step.run("load", async || Ok(ctx.event.id)).await?;
    ctx.step.sleep("month", Duration::from_hours(30 * 24)).await?;
    Ok(id * 10)
}

/// Is started by the same event.
#[function(id = "order-placed-other")]
async fn other(ctx: &Context<OrderPlaced>) -> Result<String> {
    Err(Error::non_retriable(format!("order {} is not known", ctx.event.id)))
}

/// Runs once at a time.
#[function(id = "order-priced-single", singleton(mode = "skip"))]
async fn single(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    ctx.step.sleep("hour", Duration::from_hours(1)).await?;
    Ok(())
}

functions! { HandlesApp in Events = [month, other, single]; }

fn engine() -> TestEngine<HandlesApp> {
    TestEngine::new(&App::<HandlesApp>::builder("test").build().unwrap())
}

#[tokio::test]
async fn a_result_comes_when_its_time_has_come() {
    let mut engine = engine();
    let run = engine.start::<Month>(placed(7)).await.unwrap();
    let begin = engine.now();
    assert_eq!(run.result().await, Ok(70));
    assert_eq!(engine.now().duration_since(begin).unwrap(), Duration::from_hours(30 * 24));
    assert_eq!(run.result().await, Ok(70));
    run.run().completed_with(&70).step("load").ran_once();
    assert_eq!(engine.runs().len(), 1, "the event starts nothing else, and the condition does not count");
    engine.nothing_else_sent();
}

#[tokio::test]
async fn a_result_survives_crashes() {
    for reenters in [false, true] {
        let mut engine = if reenters { engine().reenter_at_every_step() } else { engine() };
        let run = engine.start::<Month>(placed(7)).await.unwrap();
        engine.crash().await;
        engine.advance(Duration::from_hours(1)).await;
        let found = engine.handle::<Month>(run.id()).await.unwrap();
        engine.crash().await;
        assert_eq!((run.result().await, found.result().await), (Ok(70), Ok(70)));
    }
}

#[tokio::test]
async fn failures_and_cancellations_are_told_apart() {
    let mut engine = engine();
    let run = engine.start::<Other>(placed(3)).await.unwrap();
    let error = run.result().await.unwrap_err();
    assert!(error.to_string().ends_with("failed: order 3 is not known"), "{error}");
    run.retry().await.unwrap();
    run.result().await.unwrap_err();
    assert_ne!(run.replay().await.unwrap().id(), run.id());

    let run = engine.start::<Month>(placed(3)).await.unwrap();
    engine.settle().await;
    run.cancel().await.unwrap();
    assert!(matches!(run.result().await, Err(RunError::Cancelled { .. })));
    let error = run.cancel().await.unwrap_err();
    assert!(matches!(error, CommandError::Refused { command: "cancel", .. }), "{error:?}");

    let error = engine.handle::<Other>(run.id()).await.unwrap_err();
    let RunError::OtherFunction { function_id, expected, .. } = error else { panic!("{error:?}") };
    assert_eq!((function_id.as_str(), expected), ("order-placed-month", "order-placed-other"));
    assert_eq!(engine.handle::<Other>("x").await.map(drop), Err(RunError::NoRun { run_id: "x".into() }));
}

#[tokio::test]
async fn a_singleton_that_runs_is_not_started_and_its_event_is_not_used_up() {
    let mut engine = engine();
    let priced = || OrderPriced { id: 1 }.with_id("price-1");
    let first = engine.start::<Single>(OrderPriced { id: 0 }).await.unwrap();
    let error = engine.start::<Single>(priced()).await.unwrap_err();
    let skipped = StartRunError::Skipped { function_id: "order-priced-single", by: "singleton" };
    assert_eq!(error, skipped);
    first.result().await.unwrap();
    let second = engine.start::<Single>(priced()).await.unwrap();
    assert_eq!(engine.start::<Single>(priced()).await.unwrap().id(), second.id(), "it has started before");
    second.result().await.unwrap();
}

#[tokio::test]
async fn changes_are_told_while_time_passes() {
    let mut engine = engine();
    let run = engine.start::<Month>(placed(7)).await.unwrap();
    let mut changes = run.watch().await.unwrap();
    let mut told = Vec::new();
    while let Some(change) = changes.next().await {
        told.push(change.to_string());
    }
    let expected = [
        "started",
        "step `load` (run): done",
        "waiting in `month` (sleep)",
        "step `month` (sleep): done",
        "resumed",
        "completed",
    ];
    assert_eq!(told, expected);
    let mut later = run.watch().await.unwrap();
    let ended = RunChange::Ended { status: RunStatus::Completed, error: None };
    assert_eq!((later.next().await, later.next().await), (Some(ended), None));
}

#[tokio::test]
async fn a_change_is_one_object_in_json() {
    let mut engine = engine();
    let run = engine.start::<Other>(placed(7)).await.unwrap();
    let mut changes = run.watch().await.unwrap();
    assert!(matches!(changes.next().await, Some(RunChange::Started { attempt: 0, resumed: false })));
    let ended = changes.next().await.unwrap();
    let json = serde_json::json!({ "change": "ended", "status": "failed", "error": "order 7 is not known" });
    assert_eq!(serde_json::to_value(ended).unwrap(), json);
}
