//! The relay: woken, shared, and patient with a host that is not there.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_inngest_tests::fake::FakeServer;
use event_postgres::server;
use event_runtime::SendError;
use event_runtime::database::{Database, Relay, RelayError};
use event_runtime::embedded::{Engine, Limits};
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::json;

use crate::shop::{OrderPlaced, ShopEvents, ShopFunctions, app, packed, postgres, query, rusqlite, value};

/// Longer than any test takes.
const NEVER: Duration = Duration::from_hours(1);

async fn send<D: Database>(database: &D, client: &Client<ShopEvents>, ids: &[i64]) {
    let mut tx = database.connect().await.unwrap();
    D::begin(&mut tx).await.unwrap();
    for &id in ids {
        client.send_in(&mut tx, OrderPlaced { id }).await.unwrap();
    }
    D::commit(&mut tx).await.unwrap();
}

/// Waits until so many orders are packed.
async fn until_packed(engine: &Engine<ShopFunctions>, wanted: &[i64]) {
    let packing = async {
        while packed(engine).await != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), packing).await.expect("the relay is never woken");
}

#[tokio::test]
async fn a_notification_of_postgresql_wakes_it() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "woken").await;
    let engine = app().embedded(":memory:").start().await.unwrap();
    let relay = Relay::new(&pool, &engine.client()).poll(NEVER);
    let relay = tokio::spawn(async move { relay.run().await });
    send(&pool, &engine.client(), &[1]).await;
    until_packed(&engine, &[1]).await;
    send(&pool, &engine.client(), &[2, 3]).await;
    until_packed(&engine, &[1, 2, 3]).await;
    // The connection that listens is cut: it listens again, and looks what it has missed.
    server.psql("woken", "select pg_terminate_backend(pid) from pg_stat_activity where query like '%LISTEN%' and pid <> pg_backend_pid()");
    send(&pool, &engine.client(), &[4]).await;
    until_packed(&engine, &[1, 2, 3, 4]).await;
    relay.abort();
    engine.shutdown().await;
}

#[tokio::test]
async fn the_waker_wakes_it_and_it_polls() {
    let database = rusqlite();
    event_runtime::database::install(&database).await.unwrap();
    let engine = app().embedded(":memory:").start().await.unwrap();
    let relay = Relay::new(&database, &engine.client()).poll(NEVER);
    let waker = relay.waker();
    let running = tokio::spawn(async move { relay.run().await });
    send(&database, &engine.client(), &[1]).await;
    waker.wake();
    until_packed(&engine, &[1]).await;
    running.abort();

    let relay = Relay::new(&database, &engine.client()).poll(Duration::from_millis(10));
    let running = tokio::spawn(async move { relay.run().await });
    send(&database, &engine.client(), &[2]).await;
    until_packed(&engine, &[1, 2]).await;
    running.abort();
    engine.shutdown().await;
}

#[tokio::test]
async fn relays_share_the_work_by_transactions() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "shared").await;
    let engine = app().embedded(":memory:").start().await.unwrap();
    let client = engine.client();
    for transaction in 0..4 {
        send(&pool, &client, &[transaction * 2 + 1, transaction * 2 + 2]).await;
    }
    // Another relay has taken the first transaction.
    let mut other = pool.begin().await.unwrap();
    sqlx::query("select 1 from event_outbox where id = (select min(id) from event_outbox) for update")
        .execute(&mut *other)
        .await
        .unwrap();
    let relay = Relay::new(&pool, &client);
    assert_eq!(relay.forward_all().await.unwrap(), 6, "it waits for nobody");
    assert_eq!(packed(&engine).await, [3, 4, 5, 6, 7, 8]);
    // It died.
    other.rollback().await.unwrap();
    assert_eq!(relay.forward_all().await.unwrap(), 2);
    assert_eq!(packed(&engine).await, [3, 4, 5, 6, 7, 8, 1, 2]);

    // Several at once forward each event once: there is no duplicate.
    for transaction in 0..50 {
        send(&pool, &client, &[100 + transaction]).await;
    }
    let relays = [Relay::new(&pool, &client), Relay::new(&pool, &client), Relay::new(&pool, &client)];
    let (a, b, c) = tokio::join!(relays[0].forward_all(), relays[1].forward_all(), relays[2].forward_all());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 50);
    assert_eq!(packed(&engine).await.len(), 58);
    engine.shutdown().await;
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn a_long_outage_loses_nothing_and_is_told() {
    let log = Log::default();
    let (writer, app) = (log.clone(), app());
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _logged = tracing::subscriber::set_default(subscriber);
    let (database, client) = (rusqlite(), app.client());
    event_runtime::database::install(&database).await.unwrap();
    send(&database, &app.outbox(), &[1, 2]).await;
    query(&database, "update event_outbox set created_at = created_at - 7200000").await;

    let relay =
        Relay::new(&database, &client).poll(Duration::from_millis(10)).window(Duration::from_mins(90));
    let refused = relay.forward_all().await;
    assert!(matches!(refused, Err(RelayError::Host(SendError::NotStarted))), "{refused:?}");
    let running = tokio::spawn(async move { relay.run().await });
    let engine = app.embedded(":memory:").start().await.unwrap();
    until_packed(&engine, &[1, 2]).await;
    let telling = async {
        while !log.text().contains("have waited for longer than their ids are known") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), telling).await.expect("nothing is told of the outage");
    running.abort();
    assert_eq!(value(&database, "select cast(count(*) as text) from event_outbox").await, "0");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_host_may_take_few_events_at_once() {
    let database = rusqlite();
    event_runtime::database::install(&database).await.unwrap();
    let mut limits = Limits::default();
    limits.events_per_send = 3;
    let engine = app().embedded(":memory:").limits(limits).start().await.unwrap();
    let ids: Vec<i64> = (1..=10).collect();
    send(&database, &engine.client(), &ids).await;
    assert_eq!(Relay::new(&database, &engine.client()).forward_all().await.unwrap(), 10);
    assert_eq!(packed(&engine).await, ids);
    engine.shutdown().await;
}

/// Waits until a query gives this value.
async fn until<D: Database>(database: &D, sql: &'static str, wanted: &str) {
    let waiting = async {
        while value(database, sql).await != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), waiting).await.expect(wanted);
}

#[tokio::test]
async fn an_event_that_an_inngest_server_refuses_holds_up_no_other() {
    let relents = Arc::new(AtomicBool::new(false));
    let server = FakeServer::start({
        let relents = Arc::clone(&relents);
        move |asked| {
            let events = asked.json();
            let events = events.as_array().unwrap();
            let is_refused = events.iter().any(|event| event["data"]["id"] == 13);
            if is_refused && !relents.load(Ordering::Relaxed) {
                return (400, json!({ "error": "13 is unlucky", "status": 400 }));
            }
            let ids: Vec<_> = events.iter().map(|event| event["id"].clone()).collect();
            (200, json!({ "ids": ids, "status": 200 }))
        }
    })
    .await;
    let config = InngestConfig::cloud().event_key("a key").signing_key("signkey-test-12345678");
    let client = app().inngest(config.event_api_origin(&server.origin).unwrap()).client();
    let database = rusqlite();
    event_runtime::database::install(&database).await.unwrap();
    send(&database, &client, &[1, 13, 3]).await;
    let relay = Relay::new(&database, &client).poll(Duration::from_millis(10));
    let running = tokio::spawn(async move { relay.run().await });
    let left = "select group_concat(envelope ->> '$.data.id') || (max(attempts) > 0) || (coalesce(max(problem), '') like '%unlucky%') from event_outbox";
    until(&database, left, "1311").await;
    relents.store(true, Ordering::Relaxed);
    until(&database, "select cast(count(*) as text) from event_outbox", "0").await;
    running.abort();
    let asked = server.asked();
    let last = asked.last().unwrap().json();
    assert_eq!((&last[0]["data"]["id"], last.as_array().unwrap().len()), (&json!(13), 1));
    let first = asked.first().unwrap().json();
    assert_eq!(first[1]["id"], last[0]["id"], "its own id");
}
