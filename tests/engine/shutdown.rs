//! Stopping: what is in flight ends or is parked, and nothing is lost.

use std::sync::Arc;

use event_runtime::prelude::*;
use event_runtime::{SendError, embedded::EngineError};
use tokio::sync::Semaphore;

use crate::support::{Doing, Log, TaskStarted, World, until};

#[tokio::test]
async fn a_body_in_flight_ends_and_is_recorded_and_nothing_new_begins() {
    let world = World::new();
    let gate = Arc::new(Semaphore::new(0));
    let in_engine = Arc::clone(&gate);
    let engine = world.start(move |ctx, log| two_steps(ctx, log, Arc::clone(&in_engine))).await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    until("the first step runs", || world.log.count("first") == 1).await;
    tokio::join!(biased; engine.shutdown(), async {
        let refused = engine.client().send(TaskStarted { number: 0 }).await;
        assert_eq!(refused, Err(SendError::Closed), "from its first moment on");
        gate.add_permits(1);
    });
    assert_eq!(world.log.all(), ["first"], "the second step did not begin");
    assert_eq!(engine.client().send(TaskStarted { number: 2 }).await, Err(SendError::Closed));
    assert_eq!(engine.totals().await, Err(EngineError::Closed));

    let engine = world.start(move |ctx, log| two_steps(ctx, log, Arc::clone(&gate))).await;
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["first", "second"], "the first was recorded");
    engine.shutdown().await;
    engine.shutdown().await;
}

fn two_steps<'a>(ctx: &'a Context<TaskStarted>, log: &'a Log, gate: Arc<Semaphore>) -> Doing<'a> {
    Box::pin(async move {
        let first = async || {
            log.add("first");
            gate.acquire().await?.forget();
            Ok(())
        };
        ctx.step.run("first", first).await?;
        let second = async || {
            log.add("second");
            Ok(2)
        };
        Ok(ctx.step.run("second", second).await?)
    })
}

#[tokio::test]
async fn after_the_grace_period_a_body_is_dropped_and_runs_again_later() {
    let world = World::new();
    let engine = world
        .engine(&world.database(), |ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("body");
                    std::future::pending().await
                };
                Ok(ctx.step.run("endless", body).await?)
            })
        })
        .shutdown_grace(Duration::from_millis(10))
        .start()
        .await
        .unwrap();
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    until("the step runs", || world.log.count("body") == 1).await;
    engine.shutdown().await;
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("body");
                    Ok(1)
                };
                Ok(ctx.step.run("endless", body).await?)
            })
        })
        .await;
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("body"), engine.stats().runs_completed), (2, 1));
    engine.shutdown().await;
}
