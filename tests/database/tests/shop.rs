//! A shop whose orders stand in a database of its own.

use std::sync::Arc;

use event_postgres::Server;
use event_runtime::database::{Connection, Database, Row, install};
use event_runtime::embedded::{Engine, RunFilter};
use event_runtime::prelude::*;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::sync::Mutex;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        #[validate(range(min = 1))]
        id: i64,
    },
}

/// Packs an order.
#[function(id = "order-placed-packing")]
async fn pack(ctx: &Context<OrderPlaced>) -> Result<i64> {
    Ok(ctx.step.run("pack", async || Ok(ctx.event.id)).await?)
}

registry! { pub ShopEvents = [OrderEvent]; }
functions! { pub ShopFunctions in ShopEvents = [pack]; }

pub(crate) fn app() -> App<ShopFunctions> {
    App::builder("shop").build().unwrap()
}

/// The orders that were packed, each as often as there is a run of it, in the order of the runs.
pub(crate) async fn packed(engine: &Engine<ShopFunctions>) -> Vec<i64> {
    engine.wait_idle().await.unwrap();
    let runs = engine.runs(&RunFilter::new().limit(1_000)).await.unwrap();
    let mut packed: Vec<i64> = runs.iter().filter_map(|run| run.output.as_deref()?.parse().ok()).collect();
    // The newest is the first.
    packed.reverse();
    packed
}

/// A pool on a database of its own, with the tables.
pub(crate) async fn postgres(server: &Server, name: &str) -> PgPool {
    let url = server.database(name);
    let pool = PgPoolOptions::new().max_connections(8).connect(&url).await.unwrap();
    install(&pool).await.unwrap();
    pool
}

pub(crate) fn deadpool(server: &Server, name: &str) -> deadpool_postgres::Pool {
    let config: tokio_postgres::Config = server.database(name).parse().unwrap();
    let manager = deadpool_postgres::Manager::new(config, tokio_postgres::NoTls);
    deadpool_postgres::Pool::builder(manager).max_size(4).build().unwrap()
}

pub(crate) async fn sqlite(folder: &tempfile::TempDir) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("shop.db"))
        .create_if_missing(true);
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}

pub(crate) fn rusqlite() -> Arc<Mutex<rusqlite::Connection>> {
    Arc::new(Mutex::new(rusqlite::Connection::open_in_memory().unwrap()))
}

/// Runs a statement by itself.
pub(crate) async fn query<D: Database>(database: &D, sql: &'static str) -> Vec<Row> {
    database.connect().await.unwrap().query(sql, Vec::new()).await.unwrap()
}

/// The first column of the first row.
pub(crate) async fn value<D: Database>(database: &D, sql: &'static str) -> String {
    query(database, sql).await[0][0].clone().unwrap()
}
