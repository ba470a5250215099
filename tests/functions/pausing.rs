//! Paused functions: what runs ends first, what comes waits, what is due by the clock is skipped.

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

use crate::events::{Events, OrderPaid, OrderPlaced, OrderPriced, placed};

/// Waits for a payment after an hour.
#[function(id = "order-placed-patience")]
async fn patience(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ctx.step.run("first", async || Ok(())).await?;
    ctx.step.sleep("hour", Duration::from_hours(1)).await?;
    let paid = ctx.step.wait_for_event::<OrderPaid>("paid").timeout(Duration::from_hours(24)).await?;
    ctx.step.run("last", async || Ok(())).await?;
    Ok(paid.map_or(0, |paid| paid.cents))
}

/// Calls the other one.
#[function(id = "order-priced-caller")]
async fn caller(ctx: &Context<OrderPriced>) -> Result<u64> {
    Ok(ctx.step.invoke::<Patience>("call", placed(ctx.event.id)).await?)
}

/// Cleans up.
#[function(id = "nightly-cleaner", cron = "0 3 * * *")]
async fn clean(ctx: &Context<Cron>) -> Result<String> {
    Ok(ctx.event.cron.clone())
}

functions! { PausingApp in Events = [patience, caller, clean]; }

fn engine() -> TestEngine<PausingApp> {
    TestEngine::new(&App::<PausingApp>::builder("test").build().unwrap())
}

#[tokio::test]
async fn new_runs_wait_in_their_order_and_lose_nothing() {
    let mut engine = engine().without_crons();
    assert!(engine.pause::<Patience>().await);
    assert!(!engine.pause::<Patience>().await, "it is paused already");
    for id in 1..=3 {
        engine.send(placed(id)).await;
    }
    engine.advance(Duration::from_hours(1_000)).await;
    assert!(engine.runs().iter().all(|run| run.steps().is_empty() && run.is_open()));
    engine.crash().await;
    engine.run_to_the_end().await;
    assert!(engine.runs().iter().all(|run| run.steps().is_empty()), "a restart keeps it");
    assert!(engine.resume::<Patience>().await);
    assert!(!engine.resume::<Patience>().await, "it was resumed already");
    engine.run_to_the_end().await;
    assert_eq!(engine.runs().len(), 3);
    engine.runs().iter().for_each(|run| _ = run.completed_with(&0).step("first").ran_once());
}

#[tokio::test]
async fn runs_that_wait_get_what_comes_and_go_on_later() {
    for reenters in [false, true] {
        let mut engine = engine().without_crons();
        if reenters {
            engine = engine.reenter_at_every_step();
        }
        let run = engine.start::<Patience>(placed(7)).await.unwrap();
        engine.settle().await;
        engine.pause::<Patience>().await;
        // The sleep ends meanwhile, and the run does not go on to wait for the payment.
        engine.advance(Duration::from_hours(2)).await;
        run.run().step("hour").gave(&());
        assert_eq!(run.run().steps().len(), 2);
        engine.resume::<Patience>().await;
        engine.pause::<Patience>().await;
        // The event that it waits for is its own, though it does not go on.
        engine.send(OrderPaid { id: 7, cents: 5 }).await;
        engine.crash().await;
        assert!(run.run().is_open());
        assert!(!run.run().steps().iter().any(|step| step.id == "last"));
        engine.resume::<Patience>().await;
        assert_eq!(run.result().await, Ok(5));
        run.run().step("first").ran_once();
    }
}

#[tokio::test]
async fn who_calls_a_paused_function_waits_and_may_cancel_its_run() {
    let mut engine = engine().without_crons();
    engine.pause::<Patience>().await;
    let calling = engine.start::<Caller>(OrderPriced { id: 7 }).await.unwrap();
    engine.settle().await;
    let called = engine.runs_of_function::<Patience>().remove(0);
    assert!(called.is_open() && calling.run().is_open());
    assert!(engine.cancel(&called).await);
    assert!(calling.result().await.unwrap_err().to_string().contains("the function was cancelled"));
}

#[tokio::test]
async fn times_of_a_paused_function_are_skipped() {
    let mut engine = engine();
    engine.pause::<Clean>().await;
    engine.advance(Duration::from_hours(72)).await;
    assert!(engine.runs().is_empty());
    engine.resume::<Clean>().await;
    engine.settle().await;
    assert!(engine.runs().is_empty(), "not caught up with");
    engine.advance(Duration::from_hours(24)).await;
    assert_eq!(engine.runs_of_function::<Clean>().len(), 1);
}

#[tokio::test]
#[should_panic(expected = "Is its function paused?")]
async fn a_result_that_never_comes_says_why() {
    let mut engine = engine().without_crons();
    engine.pause::<Patience>().await;
    let _ = engine.start::<Patience>(placed(7)).await.unwrap().result().await;
}
