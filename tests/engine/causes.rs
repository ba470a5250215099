//! The cause of events: on disk, across a restart, and of what a function sends beside its steps.

use std::sync::{Arc, OnceLock};

use event_runtime::embedded::{Engine, EventFilter, EventInfo};
use event_runtime::prelude::*;

use crate::support::{Doing, TaskFinished, TaskStarted, TestEvents, TestFunctions, World};

fn finished(note: &str) -> TaskFinished {
    TaskFinished { number: 1, note: note.into() }
}

/// What was sent, by its note.
async fn sent(engine: &Engine<TestFunctions>, note: &str) -> EventInfo {
    let events = engine.events(&EventFilter::default()).await.unwrap();
    let note = format!("\"note\":\"{note}\"");
    events.into_iter().find(|event| event.data.get().contains(&note)).expect(&note)
}

/// Sends events, each in another way.
fn send_all_ways(ctx: &Context<TaskStarted>, client: Client<TestEvents>) -> Doing<'_> {
    Box::pin(async move {
        ctx.step.send("tell", finished("step")).await?;
        ctx.step.run("call", async || Ok(client.send(finished("body")).await?.id)).await?;
        client.send(finished("free")).await?;
        let forged = r#""cause":{"event_id":"x","run_id":"x","correlation_id":"x"}"#;
        let json = format!(r#"{{"name":"task/finished","data":{{"number":1,"note":"json"}},{forged}}}"#);
        client.send_json(json.as_bytes()).await?;
        tokio::spawn(async move { client.send(finished("spawn")).await }).await??;
        Ok(1)
    })
}

async fn start(world: &World, client: &Arc<OnceLock<Client<TestEvents>>>) -> Engine<TestFunctions> {
    let shared = Arc::clone(client);
    let engine = world.start(move |ctx, _| send_all_ways(ctx, shared.get().unwrap().clone())).await;
    client.get_or_init(|| engine.client());
    engine
}

#[tokio::test]
async fn what_a_function_sends_knows_where_it_comes_from_whichever_way_it_is_sent() {
    let (world, client) = (World::new(), Arc::default());
    let engine = start(&world, &client).await;
    engine.client().send(TaskStarted { number: 1 }.with_id("first")).await.unwrap();
    engine.wait_idle().await.unwrap();
    engine.shutdown().await;

    let engine = start(&world, &client).await;
    for (note, step) in [("step", Some("tell")), ("body", Some("call")), ("free", None), ("json", None)] {
        let cause = sent(&engine, note).await.cause.expect(note);
        assert_eq!((cause.event_id.as_str(), cause.correlation_id.as_str()), ("first", "first"), "{note}");
        assert_eq!(cause.step_id.as_deref(), step, "{note}");
        assert!(engine.run(&cause.run_id).await.unwrap().is_some(), "{note}");
    }
    assert_eq!(sent(&engine, "spawn").await.cause, None, "another task is not known to be of the run");
    engine.shutdown().await;
}
