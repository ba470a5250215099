//! Handles: a run from outside, over restarts, shutdowns, and whatever becomes of it meanwhile.

use std::sync::Arc;

use event_runtime::SendError;
use event_runtime::embedded::{
    CommandError, Engine, EngineError, EngineFailure, Retention, RunError, RunFilter, RunHandle,
    StartRunError,
};
use event_runtime::inspect::{RunChange, RunStatus, StepKind};
use event_runtime::prelude::*;
use tokio::sync::Semaphore;

use crate::support::{Doing, Log, Note, TaskStarted, TestClock, TestFunctions, Work, World, until};

fn plus_one<'a>(ctx: &'a Context<TaskStarted>, log: &'a Log) -> Doing<'a> {
    let body = async || {
        log.add("body");
        Ok(ctx.event.number + 1)
    };
    Box::pin(async move { Ok(ctx.step.run("add", body).await?) })
}

/// A function that waits for the test between two steps.
fn gated(gate: &Arc<Semaphore>) -> impl for<'a> Fn(&'a Context<TaskStarted>, &'a Log) -> Doing<'a> + use<> {
    let gate = Arc::clone(gate);
    move |ctx, log| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            let wait = async || {
                log.add("waits");
                gate.acquire().await?.forget();
                Ok(())
            };
            ctx.step.run("gate", wait).await?;
            plus_one(ctx, log).await
        })
    }
}

async fn start(engine: &Engine<TestFunctions>, number: u32) -> RunHandle<Work> {
    engine.start::<Work>(TaskStarted { number }).await.unwrap()
}

#[tokio::test]
async fn a_call_starts_a_function_and_gives_its_output() {
    let world = World::new();
    let engine = world.start(plus_one).await;
    let run = start(&engine, 6).await;
    assert_eq!(run.result().await, Ok(7));
    assert_eq!(run.result().await, Ok(7), "as often as one likes");
    assert_eq!(run.clone().details().await.unwrap().run.status, RunStatus::Completed);
    engine.shutdown().await;
}

fn declined<'a>(ctx: &'a Context<TaskStarted>, _: &'a Log) -> Doing<'a> {
    let body = async || Err::<u32, _>(Error::non_retriable(Error::typed(Declined { code: 51 })));
    Box::pin(async move { Ok(ctx.step.run("fail", body).await?) })
}

#[tokio::test]
async fn a_failure_is_typed_and_says_what_has_happened() {
    let world = World::new();
    let engine = world.start(declined).await;
    let error = start(&engine, 6).await.result().await.unwrap_err();
    assert_eq!(error.downcast(), Some(Declined { code: 51 }));
    assert!(error.to_string().ends_with("failed: step `fail` failed: declined with code 51"), "{error}");
    assert!(matches!(error, RunError::Failed { .. }), "{error:?}");
    let refused = start(&engine, 6).await;
    refused.result().await.unwrap_err();
    refused.retry().await.unwrap();
    assert!(matches!(refused.result().await, Err(RunError::Failed { .. })), "of its second life");
    let again = refused.replay().await.unwrap();
    assert_ne!(again.id(), refused.id());
    again.result().await.unwrap_err();
    engine.shutdown().await;
}

/// Something that may be told by its type.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Declined {
    code: u32,
}

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "declined with code {}", self.code)
    }
}

impl std::error::Error for Declined {}

#[tokio::test]
async fn an_event_that_is_not_valid_starts_nothing() {
    let world = World::new();
    let engine = world.start(plus_one).await;
    let event = crate::support::TaskFinished { number: 1, note: "far too long".into() };
    let error = engine.start::<Note>(event).await.unwrap_err();
    assert!(matches!(error, StartRunError::Send(SendError::Rejected(_))), "{error:?}");
    assert!(error.to_string().contains("note"), "{error}");
    assert_eq!(engine.totals().await.unwrap().events, 0);
    engine.shutdown().await;
    let error = engine.start::<Work>(TaskStarted { number: 1 }).await.unwrap_err();
    assert_eq!(error, StartRunError::Send(SendError::Closed));
}

#[tokio::test]
async fn an_id_starts_once_and_finds_the_run_again() {
    let world = World::new();
    let engine = world.start(plus_one).await;
    let call = || engine.start::<Work>(TaskStarted { number: 1 }.with_id("import-1"));
    let (first, second) = tokio::join!(call(), call());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.id(), second.id());
    assert_eq!((first.result().await, second.result().await), (Ok(2), Ok(2)));
    assert_eq!(call().await.unwrap().id(), first.id(), "when it has ended, too");
    assert_eq!(world.log.count("body"), 1);
    // An event that was sent to all has started the function: that is its run.
    engine.client().send(TaskStarted { number: 2 }.with_id("import-2")).await.unwrap();
    let found = engine.start::<Work>(TaskStarted { number: 2 }.with_id("import-2")).await.unwrap();
    assert_eq!(found.result().await, Ok(3));
    assert_eq!(engine.runs(&RunFilter::new().of::<Work>()).await.unwrap().len(), 2);
    // One that has started another function has not.
    let finished = crate::support::TaskFinished { number: 1, note: "done".into() };
    let error = engine.start::<Note>(finished.with_id("import-2")).await.unwrap_err();
    let (function_id, event_id) = ("task-finished-noter", "import-2".to_owned());
    assert_eq!(error, StartRunError::Duplicate { function_id, event_id });
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_is_found_again_after_a_restart() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(gated(&gate)).await;
    let run = start(&engine, 1).await;
    until("it has begun", || world.log.count("waits") == 1).await;
    let waiting = tokio::spawn({
        let run = run.clone();
        async move { run.result().await }
    });
    let mut changes = run.watch().await.unwrap();
    tokio::task::yield_now().await;
    gate.add_permits(1);
    engine.shutdown().await;
    match waiting.await.unwrap() {
        Err(RunError::Engine(EngineError::Closed)) => {}
        other => panic!("{other:?}"),
    }
    while let Some(change) = changes.next().await {
        assert!(!matches!(change, RunChange::Ended { .. }), "it is open");
    }
    let closed = RunError::Engine(EngineError::Closed);
    assert_eq!(run.result().await, Err(closed.clone()));
    assert_eq!(run.watch().await.map(drop), Err(closed));

    let engine = world.start(gated(&gate)).await;
    let found = engine.handle::<Work>(run.id()).await.unwrap();
    assert_eq!(found.result().await, Ok(2));
    let error = engine.handle::<Note>(run.id()).await.unwrap_err();
    let expected = "is one of the function `task-started-worker`, and not of `task-finished-noter`";
    assert!(error.to_string().contains(expected), "{error}");
    let error = engine.handle::<Work>(&"x".repeat(1_000)).await.unwrap_err();
    assert_eq!(error, RunError::NoRun { run_id: "x".repeat(80) });
    engine.shutdown().await;
}

#[tokio::test]
async fn who_waits_learns_that_the_engine_has_died() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(gated(&gate)).await;
    let run = start(&engine, 1).await;
    until("it has begun", || world.log.count("waits") == 1).await;
    let waiting = tokio::spawn({
        let run = run.clone();
        async move { run.result().await }
    });
    tokio::task::yield_now().await;
    std::fs::remove_file(world.database()).unwrap();
    gate.add_permits(1);
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, RunError::Engine(_)), "{error:?}");
    engine.stopped().await.unwrap_err();
    let error = run.result().await.unwrap_err();
    let RunError::Engine(EngineError::Failed(EngineFailure::Replaced { .. })) = error else {
        panic!("{error:?}")
    };
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_that_is_pruned_has_told_its_result_to_who_waits() {
    let (world, gate, clock) = (World::new(), Arc::new(Semaphore::new(0)), TestClock::new());
    let engine = world.engine(&world.database(), gated(&gate)).clock(clock.clone());
    let mut retention = Retention::FOREVER;
    retention.age = Some(Duration::ZERO);
    let engine = engine.retention(retention).start().await.unwrap();
    let run = start(&engine, 1).await;
    let waiting = run.result();
    gate.add_permits(1);
    assert_eq!(waiting.await, Ok(2));
    loop {
        clock.advance(61_000);
        gate.add_permits(1);
        start(&engine, 2).await;
        if let Err(error) = run.result().await {
            assert_eq!(error, RunError::NoRun { run_id: run.id().to_owned() });
            break;
        }
    }
    assert_eq!(run.cancel().await, Err(CommandError::NoRun { run_id: run.id().to_owned() }));
    assert_eq!(run.watch().await.map(drop), Err(RunError::NoRun { run_id: run.id().to_owned() }));
    gate.add_permits(1_000);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_is_cancelled_by_its_handle() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(gated(&gate)).await;
    let run = start(&engine, 1).await;
    let (result, cancelled) = tokio::join!(run.result(), run.cancel());
    assert_eq!(cancelled, Ok(()));
    let (run_id, reason) = (run.id().to_owned(), "cancelled by hand".to_owned());
    assert_eq!(result, Err(RunError::Cancelled { run_id, reason }));
    let error = run.cancel().await.unwrap_err();
    assert!(error.to_string().ends_with(": it has ended"), "{error}");
    engine.shutdown().await;
}

#[tokio::test]
async fn changes_come_in_their_order_up_to_the_end() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let opened = Arc::clone(&gate);
    let engine = world
        .start(move |ctx, _| {
            let gate = Arc::clone(&opened);
            Box::pin(async move {
                let pass = async || {
                    gate.acquire().await?.forget();
                    Ok(())
                };
                ctx.step.run("gate", pass).await?;
                ctx.step.sleep("nap", Duration::from_millis(1)).await?;
                let flaky = async || match ctx.step.attempt() {
                    0 => Err("no luck".into()),
                    _ => Ok(()),
                };
                ctx.step.run("flaky", flaky).await?;
                Ok(ctx.event.number)
            })
        })
        .await;
    let run = start(&engine, 9).await;
    let mut changes = run.watch().await.unwrap();
    gate.add_permits(1);
    let mut found = Vec::new();
    while let Some(change) = changes.next().await {
        found.push(change);
    }
    // It may have begun before it was watched.
    found.retain(|change| !matches!(change, RunChange::Started { .. }));
    let done = |step: &str, kind| RunChange::StepRecorded { step: step.to_owned(), kind, error: None };
    assert_eq!(found.len(), 6, "{found:?}");
    assert_eq!(found[0], done("gate", StepKind::Run));
    assert!(matches!(&found[1], RunChange::Waiting { step, kind: StepKind::Sleep, .. } if step == "nap"));
    assert_eq!(found[2], done("nap", StepKind::Sleep));
    let RunChange::Retried { step: Some(step), attempt: 1, error, .. } = &found[3] else {
        panic!("{:?}", found[3]);
    };
    assert_eq!((step.as_str(), error.as_str()), ("flaky", "no luck"));
    assert_eq!(found[4], done("flaky", StepKind::Run));
    assert_eq!(found[5], RunChange::Ended { status: RunStatus::Completed, error: None });
    assert_eq!(changes.next().await, None);

    let mut later = run.watch().await.unwrap();
    assert_eq!(later.next().await, Some(found.remove(5)), "of a run that has ended: that it has");
    assert_eq!(later.next().await, None);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_slow_reader_is_told_how_much_it_has_missed() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let opened = Arc::clone(&gate);
    let engine = world
        .start(move |ctx, _| {
            let gate = Arc::clone(&opened);
            Box::pin(async move {
                let pass = async || {
                    gate.acquire().await?.forget();
                    Ok(())
                };
                ctx.step.run("gate", pass).await?;
                for _ in 0..400 {
                    ctx.step.run("tick", async || Ok(())).await?;
                }
                Ok(0)
            })
        })
        .await;
    let run = start(&engine, 0).await;
    until("it has begun", || gate.available_permits() == 0).await;
    let mut changes = run.watch().await.unwrap();
    gate.add_permits(1);
    run.result().await.unwrap();
    let Some(RunChange::Missed { changes: missed }) = changes.next().await else { panic!("it is told") };
    let mut kept = 0;
    let mut last = None;
    while let Some(change) = changes.next().await {
        kept += 1;
        last = Some(change);
    }
    assert_eq!(kept, 256);
    // 401 steps and the end, and the start unless that was before.
    assert!([402, 403].contains(&(missed + kept)), "{missed}");
    assert_eq!(last, Some(RunChange::Ended { status: RunStatus::Completed, error: None }), "never missed");
    engine.shutdown().await;
}

#[tokio::test]
async fn an_output_that_is_not_of_its_type_any_more_says_so() {
    let world = World::new();
    let engine = world.start(plus_one).await;
    let run = start(&engine, 1).await;
    run.result().await.unwrap();
    engine.shutdown().await;
    let connection = rusqlite::Connection::open(world.database()).unwrap();
    connection.execute("UPDATE runs SET result = '\"two\"'", []).unwrap();
    drop(connection);
    let engine = world.start(plus_one).await;
    let error = engine.handle::<Work>(run.id()).await.unwrap().result().await.unwrap_err();
    assert!(matches!(error, RunError::Undecodable { .. }), "{error:?}");
    assert!(error.to_string().contains("Was the return type of the function changed?"), "{error}");
    engine.shutdown().await;
}
