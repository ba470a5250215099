//! Steps: what they return, how they run together, and what misuse says.

use std::sync::Arc;
use std::time::SystemTime;

use event_runtime::StepError;
use event_runtime::prelude::*;
use futures_util::future::try_join_all;
use tokio::sync::Barrier;

use crate::support::{GhostSeen, TaskFinished, TaskStarted, World, query};

#[tokio::test]
async fn steps_that_are_awaited_together_run_together() {
    let world = World::new();
    let barrier = Arc::new(Barrier::new(2));
    let engine = world
        .start(move |ctx, _| {
            let barrier = Arc::clone(&barrier);
            Box::pin(async move {
                // Each body waits for the other: one after the other, they would wait for ever.
                let wait = async || {
                    barrier.wait().await;
                    Ok(1_u32)
                };
                let (a, b) = tokio::join!(ctx.step.run("a", wait), ctx.step.run("b", wait));
                Ok(a? + b?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(query::<String>(&world.database(), "SELECT result FROM runs"), "2");
    engine.shutdown().await;
}

#[tokio::test]
async fn repeated_ids_are_numbered_in_the_order_of_the_calls() {
    let world = World::new();
    let engine = world
        .start(|ctx, _| {
            Box::pin(async move {
                for n in 0..3_u32 {
                    ctx.step.run("again", async || Ok(n)).await?;
                }
                let together = (3..5_u32).map(|n| ctx.step.run("again", async move || Ok(n)));
                Ok(try_join_all(together).await?.into_iter().sum())
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let steps = query::<String>(
        &world.database(),
        "SELECT group_concat(key || '=' || value, ' ') FROM (SELECT * FROM steps ORDER BY key)",
    );
    assert_eq!(steps, "again=0 again:1=1 again:2=2 again:3=3 again:4=4");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_body_may_consume_what_it_captured_and_is_retried_on_a_clone() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let owned = String::from("owned");
                let length = ctx
                    .step
                    .run("consume", async move || {
                        log.add("body");
                        if log.count("body") < 2 {
                            return Err(Error::msg("not yet"));
                        }
                        Ok(owned.into_bytes().len())
                    })
                    .await?;
                Ok(u32::try_from(length)?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("body"), engine.stats().retries), (2, 1));
    assert_eq!(query::<String>(&world.database(), "SELECT result FROM runs"), "5");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_sleep_waits_at_least_its_time_and_one_until_the_past_not_at_all() {
    let world = World::new();
    let engine = world
        .start(|ctx, _| {
            Box::pin(async move {
                let begun = std::time::Instant::now();
                ctx.step.sleep_until("past", SystemTime::UNIX_EPOCH).await?;
                ctx.step.sleep("short", Duration::from_millis(30)).await?;
                Ok(u32::try_from(begun.elapsed().as_millis())?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let slept: u32 = query::<String>(&world.database(), "SELECT result FROM runs").parse().unwrap();
    assert!(slept >= 29, "{slept} ms");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_step_sends_events_that_start_runs() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let number = ctx.event.number;
                let note = String::new();
                let id = ctx.step.send("one", TaskFinished { number, note: note.clone() }).await?;
                let named = TaskFinished { number, note: note.clone() }.with_id("named");
                let ids = ctx.step.send_all("two", [named, TaskFinished { number, note }.into()]).await?;
                log.add(format!("{id} {}", ids.join(" ")));
                Ok(number)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 7 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let sent = world.log.all().remove(0);
    let mut finished: Vec<_> = world.finished.all().iter().map(|line| line.replace("7 ", "")).collect();
    let mut ids: Vec<_> = sent.split(' ').map(str::to_owned).collect();
    assert!(ids.contains(&"named".to_owned()) && ids.len() == 3, "{ids:?}");
    finished.sort();
    ids.sort();
    assert_eq!(finished, ids);
    engine.shutdown().await;
}

/// What a run says in the end that misuses a step.
async fn failure_of(
    behaviour: impl for<'a> Fn(&'a Context<TaskStarted>) -> crate::support::Doing<'a> + Send + Sync + 'static,
) -> String {
    let world = World::new();
    let engine = world.start(move |ctx, _| behaviour(ctx)).await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.stats().runs_failed, 1);
    engine.shutdown().await;
    query(&world.database(), "SELECT result ->> 'message' FROM runs")
}

#[tokio::test]
async fn an_event_that_is_not_valid_is_not_sent() {
    let message = failure_of(|ctx| {
        Box::pin(async move {
            ctx.step.send("bad", TaskFinished { number: 1, note: "too long".into() }).await?;
            Ok(0)
        })
    })
    .await;
    assert_eq!(
        message,
        "step `bad` sends an event that is not valid: note: must have at most 5 characters, has 8"
    );
}

#[tokio::test]
async fn an_event_that_is_not_registered_is_not_sent() {
    let message = failure_of(|ctx| {
        Box::pin(async move {
            ctx.step.send("ghost", GhostSeen {}).await?;
            Ok(0)
        })
    })
    .await;
    assert!(
        message.starts_with("step `ghost` sends `ghost/seen`, which is not in the registry"),
        "{message}"
    );
}

#[tokio::test]
#[allow(clippy::large_futures, reason = "one step inside another, which is an error")]
async fn a_step_inside_another_is_an_error() {
    let message = failure_of(|ctx| {
        Box::pin(async move {
            ctx.step
                .run("outer", async || {
                    ctx.step.run("inner", async || Ok(1)).await?;
                    Ok(0_u32)
                })
                .await?;
            Ok(0)
        })
    })
    .await;
    assert!(
        message.contains("step `inner` was awaited inside the body of step `outer`: steps do not nest"),
        "{message}"
    );
}

#[tokio::test]
async fn ids_of_steps_have_limits() {
    let long = failure_of(|ctx| {
        Box::pin(async move {
            ctx.step.run(&"x".repeat(255), async || Ok(())).await?;
            ctx.step.run(&"y".repeat(256), async || Ok(())).await?;
            Ok(0)
        })
    })
    .await;
    assert!(long.contains("has an id of 256 bytes: it must have 1 to 255"), "{long}");
    let empty = failure_of(|ctx| Box::pin(async move { Ok(ctx.step.run("", async || Ok(1)).await?) })).await;
    assert!(empty.contains("has an id of 0 bytes"), "{empty}");
}

#[tokio::test]
async fn a_function_that_nothing_can_wake_fails() {
    let message = failure_of(|_| Box::pin(std::future::pending())).await;
    assert!(message.starts_with("the function waits for something that can never happen"), "{message}");
}

#[tokio::test]
async fn a_result_that_json_would_change_fails_its_step() {
    let message = failure_of(|ctx| {
        Box::pin(async move {
            // JSON has no infinity: it would be written as null.
            ctx.step.run("infinite", async || Ok(f64::INFINITY)).await?;
            Ok(0)
        })
    })
    .await;
    assert!(message.contains("step `infinite` failed: result: must be a finite number"), "{message}");
}

#[tokio::test]
async fn what_a_function_awaits_outside_its_steps_wakes_it() {
    let world = World::new();
    let engine = world
        .start(|ctx, _| {
            Box::pin(async move {
                let ((), value) = tokio::join!(
                    tokio::time::sleep(Duration::from_millis(5)),
                    ctx.step.run("beside", async || {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                        Ok(3)
                    })
                );
                Ok(value?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.stats().runs_completed, 1);
    engine.shutdown().await;
}

#[tokio::test]
async fn the_loser_of_a_race_is_dropped() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let winner = tokio::select! {
                    quick = ctx.step.run("quick", async || Ok(1_u32)) => quick,
                    slow = ctx.step.run("slow", async || {
                        std::future::pending::<()>().await;
                        log.add("the loser ended");
                        Ok(2)
                    }) => slow,
                };
                match winner {
                    Ok(winner) => Ok(ctx.step.run("after", async || Ok(winner * 10)).await?),
                    Err(StepError::Failed { .. }) => Ok(0),
                    Err(other) => Err(other.into()),
                }
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(query::<String>(&world.database(), "SELECT result FROM runs"), "10");
    assert!(world.log.all().is_empty());
    engine.shutdown().await;
}
