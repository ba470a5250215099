//! apalis with a workflow of three steps on its SQLite storage, event-driven as its documentation has it. Its setup turns
//! `synchronous` off in one of its connections; the others flush at every commit.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use apalis::prelude::*;
use apalis_sqlite::{Config, SqliteStorage};
use apalis_workflow::{SteppedFlow, WorkflowSink};
use futures::StreamExt;
use tokio::sync::oneshot;

/// Who waits for the last step of a run. That its end is stored after that is to its advantage.
static WAITING: LazyLock<Mutex<HashMap<u64, oneshot::Sender<()>>>> = LazyLock::new(Mutex::default);

pub async fn measure(file: &str, in_flight: usize) {
    std::fs::File::create(file).expect("a file");
    let (pool, listener) = SqliteStorage::connect_with_callback(&format!("sqlite:{file}")).expect("a path");
    SqliteStorage::setup(&pool).await.expect("a database");
    let config = Config::default().queue("three-steps");
    let strategy =
        Strategy::new().stream(listener.ready_chunks(config.batch_size)).interval(Duration::from_millis(500));
    let storage = SqliteStorage::new(&pool).with_config(config).poll_with_strategy(strategy);
    let workflow = SteppedFlow::new("three-steps")
        .and_then(|number: u64| async move { Ok::<u64, BoxDynError>(number + 1) })
        .and_then(|number: u64| async move { Ok::<u64, BoxDynError>(number + 1) })
        .and_then(|number: u64| async move {
            let waiting = WAITING.lock().expect("no panic").remove(&(number - 2));
            waiting.map(|waiting| waiting.send(()));
            Ok::<u64, BoxDynError>(number + 1)
        });
    let worker = WorkerBuilder::new("worker").backend(storage.clone()).build(workflow);
    tokio::spawn(async move { worker.run().await.expect("it works") });
    super::closed_loop(in_flight, move |number| {
        let mut storage = storage.clone();
        async move {
            let (ended, on_end) = oneshot::channel();
            WAITING.lock().expect("no panic").insert(number, ended);
            storage.push_start(number).await.expect("stored");
            on_end.await.expect("ended");
        }
    })
    .await;
}
