//! Failures: how often something is tried, and what the end of it is.

use event_runtime::StepError;
use event_runtime::prelude::*;

use crate::support::{TaskStarted, World, query};

#[tokio::test]
async fn a_step_is_tried_again_as_often_as_the_function_says_and_its_failure_is_recorded() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add("entry");
                let result = ctx.step.run("broken", async || {
                    log.add("body");
                    Err::<u32, _>(Error::msg("no luck"))
                });
                let Err(StepError::Failed { step, message, attempts, .. }) = result.await else {
                    return Ok(1);
                };
                assert_eq!((&*step, &*message, attempts), ("broken", "no luck", 3));
                // A spent step is no reason to run the function again: here it goes on without.
                Ok(ctx.step.run("instead", async || Ok(7)).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("body"), world.log.count("entry")), (3, 1));
    let stats = engine.stats();
    assert_eq!((stats.steps_run, stats.retries, stats.runs_completed), (4, 2, 1));
    assert_eq!(engine.totals().await.unwrap().steps_recorded, 2, "the failure is a result, too");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_step_that_failed_for_good_fails_its_run_once() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add("entry");
                Ok(ctx.step.run("broken", async || Err(Error::msg("no luck"))).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("entry"), engine.stats().runs_failed), (1, 1));
    let message: String = query(&world.database(), "SELECT result ->> 'message' FROM runs");
    assert_eq!(message, "step `broken` failed after 3 attempts: no luck");
    engine.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_helped_is_not_tried_again() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("body");
                    Err::<u32, _>(Error::non_retriable(Error::msg("never")))
                };
                Ok(ctx.step.run("hopeless", body).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("body"), engine.stats().retries), (1, 0));
    engine.shutdown().await;
}

#[tokio::test]
async fn a_function_that_fails_is_entered_again_and_its_steps_are_not_repeated() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add(format!("attempt {}", ctx.meta.attempt));
                ctx.step
                    .run("once", async || {
                        log.add("body");
                        Ok(())
                    })
                    .await?;
                if ctx.meta.attempt < 2 {
                    return Err(Error::msg("again").retry_after(Duration::from_millis(1)));
                }
                Ok(1)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["attempt 0", "body", "attempt 1", "attempt 2"]);
    assert_eq!((engine.stats().runs_completed, engine.stats().retries), (1, 2));
    engine.shutdown().await;
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add("entry");
                assert!(log.count("entry") > 1, "the function stumbles first");
                let body = async || {
                    log.add("body");
                    assert!(log.count("body") > 1, "then its step");
                    Ok(5)
                };
                Ok(ctx.step.run("stumbling", body).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("entry"), world.log.count("body")), (2, 2));
    assert_eq!(engine.stats().runs_completed, 1);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_body_knows_how_often_it_failed() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let outside = ctx.step.attempt();
                let body = async || {
                    log.add(format!("attempt {}", ctx.step.attempt()));
                    if ctx.step.attempt() < 2 { Err(Error::msg("not yet")) } else { Ok(outside) }
                };
                Ok(ctx.step.run("third time lucky", body).await? + ctx.step.attempt())
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["attempt 0", "attempt 1", "attempt 2"]);
    assert_eq!(engine.stats().runs_completed, 1);
    engine.shutdown().await;
}
