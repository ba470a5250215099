//! Bad days: each error says what to do.

use event_postgres::server;
use event_runtime::database::{Connection, Database, POSTGRES_SCHEMA, Relay, SQLITE_SCHEMA, install};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Executor, PgPool};
use std::time::Duration;

use crate::shop::{OrderPlaced, app, postgres, sqlite};

async fn sent(pool: &PgPool) -> String {
    let mut tx = pool.begin().await.unwrap();
    let error = app().outbox().send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap_err();
    error.to_string()
}

fn says(error: &impl ToString, what: &str, advice: &str) {
    let error = error.to_string();
    assert!(error.contains(what) && error.contains(advice), "{error}");
}

#[tokio::test]
async fn a_missing_table_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite(&folder).await;
    let mut tx = pool.begin().await.unwrap();
    let error = app().outbox().send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap_err();
    says(
        &error,
        "no such table: event_outbox",
        "create the tables with `event_runtime::database::install(&pool)`",
    );
    drop(tx);
    // A migration tool creates them, and may do so again.
    pool.execute(SQLITE_SCHEMA).await.unwrap();
    pool.execute(SQLITE_SCHEMA).await.unwrap();
    install(&pool).await.unwrap();

    let Some(server) = server() else { return };
    let pool = PgPool::connect(&server.database("missing")).await.unwrap();
    says(
        &sent(&pool).await,
        "\"event_outbox\" does not exist",
        "create the tables with `event_runtime::database::install(&pool)`",
    );
    let relay = Relay::new(&pool, &app().outbox()).forward_all().await;
    says(&relay.unwrap_err(), "the outbox cannot be read", "create the tables");
    pool.execute(POSTGRES_SCHEMA).await.unwrap();
    pool.execute(POSTGRES_SCHEMA).await.unwrap();
    install(&pool).await.unwrap();
}

#[tokio::test]
async fn a_wrong_url_or_password_is_told() {
    let Some(server) = server() else { return };
    let connect = async |url: String| {
        let options = PgPoolOptions::new().acquire_timeout(Duration::from_secs(20));
        install(&options.connect_lazy(&url).unwrap()).await.unwrap_err()
    };
    let url = server.url("postgres");
    let (before, _) = url.split_once("&password=").unwrap();
    says(
        &connect(format!("{before}&password=wrong")).await,
        "(code 28P01)",
        "check the user and the password in the URL",
    );
    says(
        &connect(server.url("nowhere")).await,
        "\"nowhere\" does not exist",
        "check the name of the database in the URL",
    );
    let error = connect("postgres:///postgres?host=/nowhere&user=postgres".to_owned()).await;
    says(&error, "error communicating with database", "check the host and the port in the URL");
}

#[tokio::test]
async fn missing_privileges_and_a_database_that_can_only_be_read_are_told() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "privileges").await;
    let reader = PgPoolOptions::new().max_connections(1).connect(&server.url("privileges")).await.unwrap();
    reader.execute("create role nobody; set role nobody").await.unwrap();
    says(
        &sent(&reader).await,
        "permission denied",
        "needs `select, insert, update, delete` on `event_outbox`",
    );
    reader.execute("reset role; set default_transaction_read_only = on").await.unwrap();
    says(&sent(&reader).await, "read-only transaction", "connect to the primary");
    // The least that suffices, also for `install` where the tables are there.
    pool.execute("grant usage on schema public to nobody; grant select, insert, update, delete on event_outbox, event_steps to nobody")
        .await
        .unwrap();
    reader.execute("set default_transaction_read_only = off; set role nobody").await.unwrap();
    install(&reader).await.unwrap();
    let mut tx = reader.begin().await.unwrap();
    app().outbox().send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap();
    tx.commit().await.unwrap();
    let engine = app().embedded(":memory:").start().await.unwrap();
    assert_eq!(Relay::new(&reader, &engine.client()).forward_all().await.unwrap(), 1);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_connection_that_is_cut_fails_the_transaction_alone() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "cut").await;
    let mut connection = pool.connect().await.unwrap();
    <PgPool as Database>::begin(&mut connection).await.unwrap();
    let client = app().outbox();
    client.send_in(&mut connection, OrderPlaced { id: 1 }).await.unwrap();
    let pid =
        connection.query("select pg_backend_pid()::text", Vec::new()).await.unwrap()[0][0].clone().unwrap();
    server.psql("cut", &format!("select pg_terminate_backend({pid})"));
    let error = <PgPool as Database>::commit(&mut connection).await.unwrap_err();
    assert!(error.code() == Some("57P01") || error.to_string().contains("check the host"), "{error}");
    <PgPool as Database>::close(connection);
    // The next one is well, and nothing was sent.
    let mut tx = pool.begin().await.unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 2 }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(crate::shop::value(&pool, "select count(*)::text from event_outbox").await, "1");
}
