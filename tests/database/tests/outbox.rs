//! Sending in a transaction: both, or neither, with every driver.

use event_postgres::server;
use event_runtime::SendError;
use event_runtime::database::{Database, Relay, install};
use event_runtime::embedded::RunFilter;
use event_runtime::prelude::*;

use crate::shop::{OrderPlaced, app, deadpool, packed, postgres, query, rusqlite, sqlite, value};

const COUNT: &str = "select cast(count(*) as text) from event_outbox";

/// What is committed is sent, what is rolled back is not, and the order of a transaction is kept.
async fn both_or_neither<D: Database>(database: &D) {
    // Twice, and by several at once.
    let (one, two) = tokio::join!(install(database), install(database));
    one.and(two).unwrap();
    query(database, "create table orders (id bigint not null)").await;
    let engine = app().embedded(":memory:").start().await.unwrap();
    let client = engine.client();

    let mut tx = database.connect().await.unwrap();
    D::begin(&mut tx).await.unwrap();
    let id = client.send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap();
    assert_eq!(id.len(), 26, "a new id");
    let id = client.send_in(&mut tx, OrderPlaced { id: 2 }.with_id("order-2")).await.unwrap();
    assert_eq!(id, "order-2");
    let ids = client.send_all_in(&mut tx, (3..=40).map(|id| OrderPlaced { id })).await.unwrap();
    assert_eq!(ids.len(), 38);
    client.send_all_in(&mut tx, Vec::<OrderPlaced>::new()).await.unwrap();
    D::commit(&mut tx).await.unwrap();

    D::begin(&mut tx).await.unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 41 }).await.unwrap();
    D::rollback(&mut tx).await.unwrap();

    D::begin(&mut tx).await.unwrap();
    let refused = client.send_in(&mut tx, OrderPlaced { id: 0 }).await;
    assert!(matches!(refused, Err(SendError::Rejected(_))), "{refused:?}");
    D::commit(&mut tx).await.unwrap();
    drop(tx);

    assert_eq!(value(database, COUNT).await, "40");
    assert!(packed(&engine).await.is_empty(), "nothing is forwarded by itself");
    let relay = Relay::new(database, &client);
    assert_eq!(relay.forward_all().await.unwrap(), 40);
    assert_eq!(relay.forward_all().await.unwrap(), 0);
    assert_eq!(value(database, COUNT).await, "0");
    assert_eq!(packed(&engine).await, (1..=40).collect::<Vec<i64>>());
    let filter = RunFilter::new().event_id("order-2");
    assert_eq!(engine.runs(&filter).await.unwrap().len(), 1, "its own id");
    engine.shutdown().await;
}

#[tokio::test]
async fn with_sqlx_and_postgresql() {
    let Some(server) = server() else { return };
    both_or_neither(&postgres(server, "both_sqlx").await).await;
}

#[tokio::test]
async fn with_sqlx_and_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    both_or_neither(&sqlite(&folder).await).await;
}

#[tokio::test]
async fn with_tokio_postgres() {
    let Some(server) = server() else { return };
    both_or_neither(&deadpool(server, "both_deadpool")).await;
}

#[tokio::test]
async fn with_rusqlite() {
    both_or_neither(&rusqlite()).await;
}

/// The transactions of each driver, as its users write them.
#[tokio::test]
async fn the_transactions_of_every_driver_are_taken() {
    // A process without a host sends in transactions alone.
    let client = app().outbox();
    let refused = client.send(OrderPlaced { id: 1 }).await;
    assert_eq!(refused, Err(SendError::NotStarted));

    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite(&folder).await;
    install(&pool).await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap();
    client.send_in(&mut *tx, OrderPlaced { id: 1 }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(value(&pool, COUNT).await, "2");

    let database = rusqlite();
    install(&database).await.unwrap();
    let mut connection = database.lock().await;
    let mut tx = connection.transaction().unwrap();
    client.blocking_send_in(&tx, OrderPlaced { id: 1 }).unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 2 }).await.unwrap();
    tx.commit().unwrap();
    drop(connection);
    assert_eq!(value(&database, COUNT).await, "2");

    let Some(server) = server() else { return };
    let pool = postgres(server, "transactions").await;
    let mut tx = pool.begin().await.unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 1 }).await.unwrap();
    tx.commit().await.unwrap();
    let config: tokio_postgres::Config = server.url("transactions").parse().unwrap();
    let (mut connection, driver) = config.connect(tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(driver);
    let mut tx = connection.transaction().await.unwrap();
    client.send_in(&mut tx, OrderPlaced { id: 2 }).await.unwrap();
    tx.commit().await.unwrap();
    drop(connection);
    driver.await.unwrap().unwrap();
    assert_eq!(value(&pool, COUNT).await, "2");
}
