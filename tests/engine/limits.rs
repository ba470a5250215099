//! What is too much, at the edge: sizes, counts, the queue; and what is kept of the history.

use std::sync::atomic::{AtomicU32, Ordering};

use event_runtime::SendError;
use event_runtime::embedded::{Limits, Retention, RunFilter, RunStatus, WhenFull};
use event_runtime::prelude::*;

use crate::support::{TaskStarted, World, at, query, until};

fn task(number: u32) -> TaskStarted {
    TaskStarted { number }
}

#[tokio::test]
async fn a_result_may_be_as_large_as_the_limit_and_no_larger() {
    let world = World::new();
    let mut limits = Limits::default();
    limits.step_output_bytes = 12;
    let engine = world.engine(&world.database(), |ctx, _| {
        Box::pin(async move {
            // A text of JSON has two quotes besides.
            let length = usize::try_from(ctx.event.number).unwrap();
            Ok(ctx.step.run("text", async || Ok("x".repeat(length))).await.map(|_| ctx.event.number)?)
        })
    });
    let engine = engine.limits(limits).start().await.unwrap();
    engine.client().send(task(10)).await.unwrap();
    engine.client().send(task(11)).await.unwrap();
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.completed, totals.failed), (1, 1));
    let runs = engine.runs(&RunFilter::new().status(RunStatus::Failed)).await.unwrap();
    let error = runs[0].error.as_deref().unwrap();
    assert!(error.contains("the result has 13 bytes, more than the limit of 12"), "{error}");
}

#[tokio::test]
async fn a_run_may_have_as_many_steps_as_the_limit_and_no_more() {
    let world = World::new();
    let mut limits = Limits::default();
    limits.steps_per_run = 5;
    let engine = world.engine(&world.database(), |ctx, _| {
        Box::pin(async move {
            for _ in 0..ctx.event.number {
                ctx.step.run("step", async || Ok(())).await?;
            }
            Ok(1)
        })
    });
    let engine = engine.limits(limits).start().await.unwrap();
    for number in [5, 6] {
        engine.client().send(task(number)).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.completed, totals.failed), (1, 1));
    let error: String = query(&world.database(), "SELECT result ->> 'message' FROM runs WHERE status = 2");
    assert!(error.contains("more than 5 steps"), "{error}");
}

#[tokio::test]
async fn the_results_of_a_run_have_a_limit_together() {
    let world = World::new();
    let mut limits = Limits::default();
    limits.run_state_bytes = 24;
    let engine = world.engine(&world.database(), |ctx, _| {
        Box::pin(async move {
            for _ in 0..ctx.event.number {
                ctx.step.run("text", async || Ok("x".repeat(10))).await?;
            }
            Ok(1)
        })
    });
    let engine = engine.limits(limits).start().await.unwrap();
    for number in [2, 3] {
        engine.client().send(task(number)).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.completed, totals.failed), (1, 1));
}

#[tokio::test]
async fn a_full_queue_waits_or_refuses() {
    for (when_full, refused) in [(WhenFull::Wait, 0), (WhenFull::Fail, 1)] {
        let world = World::new();
        let mut limits = Limits::default();
        (limits.queued_events, limits.when_full, limits.events_per_send) = (1, when_full, 3);
        let engine = world.engine(&world.database(), |_, _| Box::pin(async { Ok(1) }));
        let engine = engine.limits(limits).start().await.unwrap();
        let client = engine.client();
        // The first is not stored yet when the second asks.
        let (first, second) = tokio::join!(client.send(task(1)), client.send(task(2)));
        assert!(first.is_ok());
        assert_eq!(u32::from(second == Err(SendError::Full)), refused, "{second:?}");
        // More at once than the queue holds are stored all the same, as many as a call may have.
        assert_eq!(client.send_all([3, 4, 5].map(task)).await.unwrap().len(), 3);
        let error = client.send_all([6, 7, 8, 9].map(task)).await.unwrap_err();
        assert_eq!(error, SendError::TooMany { events: 4, limit: 3 });
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn history_is_pruned_by_count_and_what_is_open_stays() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    for number in 0..10 {
        engine.client().send(task(number)).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    engine.client().send(task(10).with_ts(at(253_402_300_000_000))).await.unwrap();
    engine.shutdown().await;

    let mut retention = Retention::default();
    retention.runs = Some(4);
    let engine = world.engine(&world.database(), |_, _| Box::pin(async { Ok(1) }));
    // Events are kept as long as their ids are remembered.
    let engine = engine.retention(retention).dedupe_window(Duration::ZERO).start().await.unwrap();
    until("the history is pruned", || query::<i64>(&world.database(), "SELECT count(*) FROM runs") == 4)
        .await;
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.open, totals.completed, totals.events), (1, 3, 4), "events go with their runs");
    engine.shutdown().await;
}

#[tokio::test]
async fn runs_that_wait_leave_memory_and_come_back() {
    static ENTRIES: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    let engine = world.engine(&world.database(), |ctx, _| {
        Box::pin(async move {
            ENTRIES.fetch_add(1, Ordering::SeqCst);
            ctx.step.sleep("nap", Duration::from_millis(50)).await?;
            Ok(7)
        })
    });
    let engine = engine.keep_waiting_runs(0, Duration::ZERO).start().await.unwrap();
    engine.client().send(task(1)).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(ENTRIES.load(Ordering::SeqCst), 2, "it began again from its top");
    let runs = engine.runs(&RunFilter::default()).await.unwrap();
    assert_eq!(runs[0].output.as_deref(), Some("7"));
    let details = engine.run(&runs[0].id).await.unwrap().unwrap();
    assert_eq!(details.steps.len(), 1);
    assert_eq!((details.steps[0].id.as_str(), details.steps[0].output.as_deref()), ("nap", Some("null")));
}

#[tokio::test]
async fn a_backup_is_a_database_like_this_one() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(3) })).await;
    engine.client().send(task(1)).await.unwrap();
    engine.wait_idle().await.unwrap();
    let copy = world.database().with_extension("copy");
    engine.backup(&copy).await.unwrap();
    assert!(engine.backup(&copy).await.is_err(), "a file that is there is not written over");
    engine.shutdown().await;
    let restored = world.engine(&copy, |_, _| Box::pin(async { Ok(0) })).start().await.unwrap();
    assert_eq!(restored.totals().await.unwrap().completed, 1);
    restored.shutdown().await;
}
