//! Retries, failure handlers, and code that changed.

use std::sync::atomic::{AtomicU32, Ordering};

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

use crate::events::{Events, OrderPlaced, OrderPriced, placed};

/// Fails for good, and tells of it.
#[function(id = "order-placed-risk", retries = 2, on_failure = tell)]
async fn risk(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.run("risky", async || Err::<(), _>(Error::msg("the bank is closed"))).await?;
    Ok(())
}

/// Is told of failures.
#[function(id = "order-placed-risk-failure")]
async fn tell(ctx: &Context<Failed<OrderPlaced>>) -> Result<String> {
    let Failed { event, error, function_id, .. } = &ctx.event;
    Ok(ctx.step.run("write", async || Ok(format!("{function_id} of order {}: {error}", event.id))).await?)
}

/// Keeps the registry handled.
#[function(id = "order-priced-nothing")]
async fn nothing(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { Risky in Events = [risk, nothing]; }

#[tokio::test]
async fn the_failure_handler_is_called_once_after_the_retries() {
    let app = App::<Risky>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(placed(4)).await;
    run.failed_with("the bank is closed").step("risky").ran_times(3);
    let told = engine.runs_of_function::<Tell>();
    assert_eq!(told.len(), 1);
    told[0].completed_with(
        &"order-placed-risk of order 4: step `risky` failed after 3 attempts: the bank is closed",
    );
}

#[tokio::test]
async fn a_failed_run_can_be_gone_on_with() {
    let app = App::<Risky>::builder("test").build().unwrap();
    let engine = app.embedded(":memory:").backoff(event_runtime::embedded::Backoff::fixed(Duration::ZERO));
    let engine = engine.start().await.unwrap();
    engine.client().send(placed(4)).await.unwrap();
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.failed, totals.completed), (1, 1));
    let runs = engine.runs(&event_runtime::embedded::RunFilter::default()).await.unwrap();
    let failed = runs.iter().find(|run| run.function_id == "order-placed-risk").unwrap();
    engine.retry(&failed.id).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().failed, 1, "it has failed again");
    let again = engine.replay(&failed.id).await.unwrap();
    assert_ne!(again, failed.id);
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().failed, 2);
    let error = engine.cancel(&failed.id).await.unwrap_err();
    assert!(error.to_string().contains("it has ended"), "{error}");
    assert!(engine.cancel("nobody").await.unwrap_err().to_string().contains("no run `nobody`"));
    engine.shutdown().await;
}

static ENTRIES: AtomicU32 = AtomicU32::new(0);

/// Is another function at its second entry.
#[function(id = "order-placed-change", retries = 1)]
async fn change(ctx: &Context<OrderPlaced>) -> Result<()> {
    if ENTRIES.fetch_add(1, Ordering::SeqCst) == 0 {
        ctx.step.run("settle", async || Ok(())).await?;
        return Err(Error::msg("once more"));
    }
    ctx.step.sleep("settle", Duration::from_secs(1)).await?;
    Ok(())
}

functions! { Changing in Events = [change, nothing]; }

#[tokio::test]
async fn a_step_that_has_become_another_is_reported() {
    let app = App::<Changing>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(1)).await;
    run.failed_with(
        "step `settle` was recorded as `step.run` and is `step.sleep` now: the function was changed",
    );
}

/// Fails in its own body, not in a step.
#[function(id = "order-placed-fragile", retries = 2)]
async fn fragile(ctx: &Context<OrderPlaced>) -> Result<u32> {
    ctx.step.run("first", async || Ok(())).await?;
    if ctx.meta.attempt < 2 {
        return Err(Error::msg("not yet").retry_after(Duration::from_mins(10)));
    }
    Ok(ctx.meta.attempt)
}

functions! { FragileApp in Events = [fragile, nothing]; }

#[tokio::test]
async fn a_function_is_tried_again_after_the_time_that_it_says() {
    let app = App::<FragileApp>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    let began = engine.now();
    let run = engine.run(placed(1)).await;
    run.completed_with(&2).step("first").ran_once();
    assert_eq!(engine.now(), began + Duration::from_mins(20));
}
