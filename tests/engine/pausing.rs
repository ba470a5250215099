//! Paused functions, on real files.

use std::sync::Arc;

use event_runtime::embedded::{EngineError, PauseError, RunFilter};
use event_runtime::prelude::*;
use tokio::sync::Semaphore;

use crate::support::{Doing, Log, TaskStarted, Work, World, until};

const ID: &str = "task-started-worker";

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
            Ok(ctx.event.number)
        };
        Ok(ctx.step.run("second", second).await?)
    })
}

#[tokio::test]
async fn a_body_that_runs_ends_and_the_next_waits_for_the_resumption() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let opened = Arc::clone(&gate);
    let engine = world.start(move |ctx, log| two_steps(ctx, log, Arc::clone(&opened))).await;
    let run = engine.start::<Work>(TaskStarted { number: 7 }).await.unwrap();
    until("the first step runs", || world.log.count("first") == 1).await;
    assert_eq!(engine.pause::<Work>().await, Ok(true));
    assert_eq!(engine.pause_function(ID).await, Ok(false), "it is paused already");
    let mut changes = run.watch().await.unwrap();
    gate.add_permits(1);
    assert_eq!(changes.next().await.unwrap().to_string(), "step `first` (run): done");
    let [(id, _)] = &engine.paused_functions().await.unwrap()[..] else { panic!("one is paused") };
    assert_eq!(id, ID);
    // A shutdown does not wait for it, and the next start keeps it paused.
    engine.shutdown().await;
    assert_eq!(engine.resume::<Work>().await, Err(PauseError::Engine(EngineError::Closed)));

    let opened = Arc::clone(&gate);
    let engine = world.start(move |ctx, log| two_steps(ctx, log, Arc::clone(&opened))).await;
    let later = engine.start::<Work>(TaskStarted { number: 8 }).await.unwrap();
    assert_eq!(engine.paused_functions().await.unwrap().len(), 1);
    assert_eq!(world.log.all(), ["first"], "the second body has not begun");
    gate.add_permits(1);
    assert_eq!(engine.resume_function(ID).await, Ok(true));
    assert_eq!((run.id(), later.result().await), (run.id(), Ok(8)));
    let run = engine.handle::<Work>(run.id()).await.unwrap();
    assert_eq!(run.result().await, Ok(7));
    assert_eq!(world.log.count("first"), 2, "once for each run");
    assert!(engine.paused_functions().await.unwrap().is_empty());
    engine.shutdown().await;
}

#[tokio::test]
async fn a_paused_run_is_open_until_it_is_cancelled() {
    let world = World::new();
    let engine = world.start(|ctx, log| two_steps(ctx, log, Arc::new(Semaphore::new(1)))).await;
    engine.pause::<Work>().await.unwrap();
    let run = engine.start::<Work>(TaskStarted { number: 7 }).await.unwrap();
    engine.resume::<Work>().await.unwrap();
    assert_eq!(run.result().await, Ok(7));
    engine.pause::<Work>().await.unwrap();
    let run = engine.start::<Work>(TaskStarted { number: 7 }).await.unwrap();
    run.cancel().await.unwrap();
    run.result().await.unwrap_err();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.runs(&RunFilter::new()).await.unwrap().len(), 2);
    engine.shutdown().await;
}

#[tokio::test]
async fn an_id_that_is_not_there_is_said_with_the_one_that_may_be_meant() {
    let world = World::new();
    let engine = world.start(|ctx, log| two_steps(ctx, log, Arc::new(Semaphore::new(1)))).await;
    let error = engine.pause_function("task-started-workr").await.unwrap_err();
    let expected =
        "the application lists no function `task-started-workr`: did you mean `task-started-worker`?";
    assert_eq!(error.to_string(), expected);
    let error = engine.resume_function(&"x".repeat(1_000)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the application lists no function `{}`", "x".repeat(80)));
    engine.shutdown().await;
}
