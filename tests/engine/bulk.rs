//! Actions in bulk, and replays with another payload, on real files.

use std::sync::Arc;

use event_runtime::SendError;
use event_runtime::embedded::{
    BulkAction, CommandError, Engine, EngineError, ReplayError, RunFilter, RunStatus,
};
use event_runtime::prelude::*;
use tokio::sync::Semaphore;

use crate::support::{Doing, Log, Note, TaskFinished, TaskStarted, TestFunctions, Work, World};

/// Fails for odd numbers, until the test has opened the gate.
fn picky(gate: &Arc<Semaphore>) -> impl for<'a> Fn(&'a Context<TaskStarted>, &'a Log) -> Doing<'a> + use<> {
    let gate = Arc::clone(gate);
    move |ctx, log| {
        let number = ctx.event.number;
        let is_refused = number % 2 == 1 && gate.available_permits() == 0;
        Box::pin(async move {
            if is_refused {
                return Err(Error::non_retriable(Error::msg("odd")));
            }
            log.add(format!("{number}"));
            Ok(number)
        })
    }
}

async fn send(engine: &Engine<TestFunctions>, numbers: std::ops::Range<u32>) {
    engine.client().send_all(numbers.map(|number| TaskStarted { number })).await.unwrap();
    engine.wait_idle().await.unwrap();
}

fn failed() -> RunFilter {
    RunFilter::new().of::<Work>().status(RunStatus::Failed)
}

#[tokio::test]
async fn every_failed_run_is_tried_again_the_oldest_first() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(picky(&gate)).await;
    send(&engine, 0..1_001).await;
    assert_eq!(engine.count_runs(&failed()).await, Ok(500));
    assert_eq!(engine.count_runs(&RunFilter::new()).await, Ok(1_001));
    assert_eq!(engine.count_runs(&failed().limit(7)).await, Ok(7));
    gate.add_permits(1);
    let report = engine.bulk(BulkAction::Retry, &failed().limit(7)).await.unwrap();
    assert_eq!(report.to_string(), "retry: 7 runs done, 0 not");
    engine.wait_idle().await.unwrap();
    let mut tried = world.log.all().split_off(501);
    tried.sort_unstable_by_key(|number| number.parse::<u32>().unwrap());
    assert_eq!(tried, ["1", "3", "5", "7", "9", "11", "13"]);
    let report = engine.bulk(BulkAction::Retry, &failed()).await.unwrap();
    assert_eq!((report.done, report.refused, report.runs()), (493, 0, 493));
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.count_runs(&failed()).await, Ok(0));
    assert_eq!(engine.totals().await.unwrap().completed, 1_001);
    engine.shutdown().await;
}

#[tokio::test]
async fn replays_do_not_replay_themselves() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(1)));
    let engine = world.start(picky(&gate)).await;
    send(&engine, 0..250).await;
    let report = engine.bulk(BulkAction::Replay, &RunFilter::new()).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!((report.done, engine.totals().await.unwrap().runs), (250, 500));
    engine.shutdown().await;
}

#[tokio::test]
async fn what_is_not_done_is_said_with_its_reason() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(picky(&gate)).await;
    send(&engine, 0..4).await;
    let report = engine.bulk(BulkAction::Retry, &RunFilter::new()).await.unwrap();
    assert_eq!(report.to_string(), "retry: 2 runs done, 2 not (2: it has completed)");
    assert_eq!(report.reasons[0].run_ids.len(), 2);
    engine.wait_idle().await.unwrap();
    let report = engine.bulk(BulkAction::Cancel, &RunFilter::new()).await.unwrap();
    assert_eq!(report.to_string(), "cancel: 0 runs done, 4 not (4: it has ended)");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["action"], &json["refused"]), (&"cancel".into(), &4.into()));
    engine.shutdown().await;
    let error = engine.bulk(BulkAction::Cancel, &RunFilter::new()).await.unwrap_err();
    assert_eq!((error.report.runs(), error.error), (0, EngineError::Closed));
    assert_eq!("pause".parse::<BulkAction>().unwrap_err().kind, "action in bulk");
}

#[tokio::test]
async fn the_runs_of_a_paused_function_are_cancelled_at_once() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(1)));
    let engine = world.start(picky(&gate)).await;
    engine.pause::<Work>().await.unwrap();
    engine.client().send_all((0..300).map(|number| TaskStarted { number })).await.unwrap();
    // Whatever happens meanwhile is an answer: some are cancelled twice.
    let filter = RunFilter::new().of::<Work>().status(RunStatus::Open);
    let (one, other) =
        tokio::join!(engine.bulk(BulkAction::Cancel, &filter), engine.bulk(BulkAction::Cancel, &filter));
    assert_eq!(one.unwrap().done + other.unwrap().done, 300);
    engine.wait_idle().await.unwrap();
    engine.resume::<Work>().await.unwrap();
    assert!(world.log.all().is_empty());
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_is_repeated_with_another_payload_that_is_checked_first() {
    let (world, gate) = (World::new(), Arc::new(Semaphore::new(0)));
    let engine = world.start(picky(&gate)).await;
    let run = engine.start::<Work>(TaskStarted { number: 3 }).await.unwrap();
    run.result().await.unwrap_err();
    let id = engine.replay_json(run.id(), br#"{ "number": 4 }"#).await.unwrap();
    assert_eq!(engine.handle::<Work>(&id).await.unwrap().result().await, Ok(4));
    assert_eq!(engine.run(&id).await.unwrap().unwrap().run.replay_of.as_deref(), Some(run.id()));
    let again = engine.replay_with::<Work>(run.id(), TaskStarted { number: 6 }).await.unwrap();
    assert_eq!(again.result().await, Ok(6));

    let error = engine.replay_json(run.id(), br#"{ "number": "four" }"#).await.unwrap_err();
    let ReplayError::Send(SendError::Rejected(issues)) = error else { panic!("{error:?}") };
    assert!(issues.iter().map(|issue| &*issue.path).eq(["number"]));
    for bad in [&b"{"[..], b"\xff", b"[]"] {
        let error = engine.replay_json(run.id(), bad).await.unwrap_err();
        assert!(matches!(error, ReplayError::Send(SendError::Rejected(_))), "{error:?}");
    }
    let no_run = ReplayError::Command(CommandError::NoRun { run_id: "x".to_owned() });
    assert_eq!(engine.replay_json("x", b"{}").await, Err(no_run.clone()));
    assert_eq!(engine.replay_with::<Work>("x", TaskStarted { number: 1 }).await.map(drop), Err(no_run));
    let finished = TaskFinished { number: 1, note: "x".into() };
    let error = engine.replay_with::<Note>(run.id(), finished).await.unwrap_err();
    assert!(error.to_string().ends_with("its function is not started by such an event"), "{error}");
    assert_eq!(engine.totals().await.unwrap().runs, 3, "nothing else has started");
    engine.shutdown().await;
}
