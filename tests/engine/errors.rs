//! Errors lead to their causes, as types.

use std::error::Error as StdError;
use std::iter::successors;
use std::path::Path;

use event_runtime::embedded::{EngineError, StartError};
use event_runtime::{Issues, SendError};

use crate::support::{TaskFinished, TaskStarted, World};

/// Whether a `T` is among the causes of an error.
fn leads_to<T: StdError + 'static>(error: &dyn StdError) -> bool {
    successors(error.source(), |&cause| cause.source()).any(<dyn StdError>::is::<T>)
}

#[tokio::test]
async fn a_start_that_fails_leads_to_what_sqlite_or_the_system_says() {
    let world = World::new();
    let start = |path: &Path| world.engine(path, |_, _| Box::pin(async { Ok(1) })).start();
    let error = start(Path::new("/no/such/folder/events.db")).await.unwrap_err();
    assert!(leads_to::<std::io::Error>(&error), "{error:?}");

    let damaged = world.database();
    std::fs::write(&damaged, [b"SQLite format 3\0".as_slice(), &[0xff; 8_192]].concat()).unwrap();
    let error = start(&damaged).await.unwrap_err();
    assert!(matches!(error, StartError::Store { .. }), "{error:?}");
    assert!(leads_to::<rusqlite::Error>(&error), "{error:?}");
}

#[tokio::test]
async fn what_an_engine_refuses_leads_to_its_reason() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    let client = engine.client();
    let event = TaskFinished { number: 1, note: "too long".into() };
    assert!(leads_to::<Issues>(&client.send(event).await.unwrap_err()));
    let error = engine.backup(world.database()).await.unwrap_err();
    assert!(leads_to::<std::io::Error>(&error), "{error:?}");

    engine.shutdown().await;
    let error = engine.cancel("some-run").await.unwrap_err();
    assert!(leads_to::<EngineError>(&error), "{error:?}");
    let error = client.send(TaskStarted { number: 1 }).await.unwrap_err();
    assert_eq!((&error, error.source().is_some()), (&SendError::Closed, false));
}

#[tokio::test]
async fn a_step_that_sends_what_is_not_valid_leads_to_the_issues() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let event = TaskFinished { number: 1, note: "too long".into() };
                let error = ctx.step.send("send", event).await.unwrap_err();
                log.add(format!("leads to issues: {}", leads_to::<Issues>(&error)));
                Ok(1)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["leads to issues: true"]);
    engine.shutdown().await;
}
