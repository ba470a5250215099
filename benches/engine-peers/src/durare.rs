//! durare, as its guide sets it up: WAL, `synchronous = NORMAL`, five connections.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use durare::{DurableContext, DurableEngine, Result, SqliteProvider, WorkflowOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

#[durare::step]
async fn add_one(_ctx: &DurableContext, number: u64) -> Result<u64> {
    Ok(number + 1)
}

#[durare::workflow]
async fn three_steps(ctx: DurableContext, number: u64) -> Result<u64> {
    let first = add_one(&ctx, number).await?;
    let second = add_one(&ctx, first).await?;
    add_one(&ctx, second).await
}

pub async fn measure(file: &str, in_flight: usize, full: bool) {
    let url = format!("sqlite://{file}");
    let provider = if full {
        let options = SqliteConnectOptions::from_str(&url)
            .expect("a path")
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(5).connect_with(options).await;
        SqliteProvider::from_pool(pool.expect("a database"))
    } else {
        SqliteProvider::connect(&url).await.expect("a database")
    };
    let engine = Arc::new(DurableEngine::new(Arc::new(provider)).await.expect("it starts"));
    engine.recover().await.expect("recovered");
    super::closed_loop(in_flight, move |number| {
        let engine = Arc::clone(&engine);
        async move {
            let options = WorkflowOptions::with_id(format!("run-{number}"));
            let handle = engine.start_with(ThreeSteps, number, options).await.expect("started");
            assert_eq!(handle.await.expect("completed"), number + 3);
        }
    })
    .await;
}
