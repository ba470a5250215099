//! duroxide, as its first example sets it up. Its provider asks for `synchronous = WAL`, which SQLite takes for NORMAL.

use std::sync::Arc;
use std::time::Duration;

use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::Runtime;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::{ActivityContext, Client, OrchestrationContext, OrchestrationRegistry, OrchestrationStatus};

pub async fn measure(file: &str, in_flight: usize) {
    std::fs::File::create(file).expect("a file");
    let store = Arc::new(SqliteProvider::new(&format!("sqlite:{file}"), None).await.expect("a database"));
    let activities = ActivityRegistry::builder()
        .register("AddOne", |_: ActivityContext, number: String| async move {
            let number: u64 = number.parse().map_err(|_| "not a number".to_owned())?;
            Ok((number + 1).to_string())
        })
        .build();
    let three_steps = |ctx: OrchestrationContext, number: String| async move {
        let first = ctx.schedule_activity("AddOne", number).await?;
        let second = ctx.schedule_activity("AddOne", first).await?;
        ctx.schedule_activity("AddOne", second).await
    };
    let orchestrations = OrchestrationRegistry::builder().register("ThreeSteps", three_steps).build();
    let _runtime = Runtime::start_with_store(store.clone(), activities, orchestrations).await;
    let client = Arc::new(Client::new(store));
    super::closed_loop(in_flight, move |number| {
        let client = Arc::clone(&client);
        async move {
            let id = format!("run-{number}");
            client.start_orchestration(&id, "ThreeSteps", number.to_string()).await.expect("started");
            let ended = client.wait_for_orchestration(&id, Duration::from_secs(60)).await;
            assert!(matches!(ended.expect("ended"), OrchestrationStatus::Completed { .. }));
        }
    })
    .await;
}
