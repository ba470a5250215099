//! Transaction steps: once, also when the process dies after the commit; with every driver, and with what bodies must not do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use event_postgres::server;
use event_runtime::database::{Connection, Database, clean, install};
use event_runtime::encryption::{Encryption, Key, KeyRing};
use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};
use sqlx::PgPool;
use tokio::sync::Barrier;

use crate::shop::{deadpool, postgres, query, rusqlite, sqlite, value};

/// What a counter is told.
#[domain_events]
pub enum CounterEvent {
    /// It was asked to count.
    Asked { id: i64, how: String },
    /// It has counted.
    #[event(unhandled)]
    Counted { id: i64 },
}

registry! { pub CounterEvents = [CounterEvent]; }

/// A function that counts in a database, for each driver.
macro_rules! counter {
    ($module:ident, $pool:ty) => {
        mod $module {
            use super::*;

            pub(super) struct Counter {
                pub(super) pool: $pool,
                pub(super) events: Client<CounterEvents>,
            }

            #[controller]
            impl Counter {
                /// Counts, and tells so.
                #[function(id = "counter-asked-count", retries = 0, emits(CounterCounted))]
                async fn count(&self, ctx: &Context<CounterAsked>) -> Result<String> {
                    let counted = ctx.step.transaction("count", &self.pool, async |tx| {
                        tx.query("insert into counts (id) values (1)", Vec::new()).await?;
                        self.events.send_in(tx, CounterCounted { id: ctx.event.id }).await?;
                        if ctx.event.how == "fails" {
                            return Err(Error::msg("it was to fail"));
                        }
                        Ok(ctx.event.how.clone())
                    });
                    Ok(counted.await?)
                }
            }

            functions! { pub CounterFunctions in CounterEvents = [Counter]; }

            pub(super) fn app(pool: &$pool) -> App<CounterFunctions> {
                let app = App::builder("counter");
                let counter = Counter { pool: pool.clone(), events: app.client() };
                app.provide(counter).build().unwrap()
            }
        }
    };
}

counter!(of_postgres, PgPool);
counter!(of_deadpool, deadpool_postgres::Pool);
counter!(of_sqlite, sqlx::SqlitePool);
counter!(of_rusqlite, Arc<tokio::sync::Mutex<::rusqlite::Connection>>);

const COUNT: &str = "select cast(count(*) as text) from counts";
const SENT: &str = "select cast(count(*) as text) from event_outbox";
const RECORDED: &str = "select result from event_steps";

fn asked(how: &str) -> CounterAsked {
    CounterAsked { id: 7, how: how.to_owned() }
}

async fn prepare<D: Database>(database: &D) {
    install(database).await.unwrap();
    query(database, "create table counts (id bigint not null)").await;
}

/// What a body has done is there once, with its event and its record, or not at all.
macro_rules! counts {
    ($database:expr, $app:expr) => {{
        let database = &$database;
        prepare(database).await;
        let mut engine = TestEngine::new(&$app(database));
        engine.run(asked("fails")).await.failed_with("it was to fail");
        assert_eq!((value(database, COUNT).await, value(database, SENT).await), ("0".into(), "0".into()));
        engine.run(asked("well")).await.completed_with(&"well");
        assert_eq!((value(database, COUNT).await, value(database, SENT).await), ("1".into(), "1".into()));
        assert_eq!(value(database, RECORDED).await, "\"well\"");
        assert_eq!(clean(database, Duration::from_hours(1)).await.unwrap(), 0, "it is young");
        query(database, "update event_steps set created_at = '2020-01-01'").await;
    }};
}

#[tokio::test]
async fn with_sqlx_and_postgresql() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "steps_sqlx").await;
    counts!(pool, of_postgres::app);
    assert_eq!(clean(&pool, Duration::from_hours(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn with_deadpool() {
    let Some(server) = server() else { return };
    counts!(deadpool(server, "steps_deadpool"), of_deadpool::app);
}

#[tokio::test]
async fn with_sqlx_and_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    counts!(sqlite(&folder).await, of_sqlite::app);
}

#[tokio::test]
async fn with_rusqlite() {
    counts!(rusqlite(), of_rusqlite::app);
}

/// The process dies at every point; the embedded engine runs it too.
#[tokio::test]
async fn it_counts_once_wherever_the_process_dies() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite(&folder).await;
    prepare(&pool).await;
    let look = rusqlite::Connection::open(folder.path().join("shop.db")).unwrap();
    let report = crash_everywhere(
        || {
            look.execute_batch("delete from counts; delete from event_outbox; delete from event_steps")
                .unwrap();
            of_sqlite::app(&pool)
        },
        asked("well"),
    )
    .observing("counts and events", || {
        let sql = "select (select count(*) from counts), (select count(*) from event_outbox)";
        look.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).unwrap()
    })
    .await;
    report.is_idempotent();
    assert!(report.crashes > 4, "{report}");

    look.execute_batch("delete from counts").unwrap();
    let engine = of_sqlite::app(&pool).embedded(":memory:").start().await.unwrap();
    engine.client().send(asked("well")).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(value(&pool, COUNT).await, "1");
    engine.shutdown().await;
}

/// What stands in the user's database is sealed as what stands in the engine's.
#[tokio::test]
async fn with_encryption_the_record_is_sealed() {
    let database = rusqlite();
    prepare(&database).await;
    let app = || {
        let keys = KeyRing::new(Key::new("k1", "a secret of 32 bytes, or of more").unwrap());
        let app = App::<of_rusqlite::CounterFunctions>::builder("counter").middleware(Encryption::new(keys));
        let counter = of_rusqlite::Counter { pool: database.clone(), events: app.client() };
        app.provide(counter).build().unwrap()
    };
    let report = crash_everywhere(app, asked("secretly")).await;
    report.is_idempotent();
    let recorded = value(&database, RECORDED).await;
    assert!(!recorded.contains("secretly"), "{recorded}");
    let envelope = value(&database, "select envelope from event_outbox").await;
    assert!(!envelope.contains(r#"{"id":7}"#), "{envelope}");
}

/// Bodies that do what they must not.
struct Careless {
    pool: PgPool,
    /// Two that have updated one row each, and then want the other's.
    meet: Barrier,
    attempts: AtomicU32,
}

#[controller]
impl Careless {
    /// Does as it is told.
    #[function(id = "counter-asked-carelessness", retries = 0)]
    async fn count(&self, ctx: &Context<CounterAsked>) -> Result<i64> {
        let CounterAsked { id, how } = &ctx.event;
        let counted = ctx.step.transaction("count", &self.pool, async |tx| {
            let attempt = self.attempts.fetch_add(1, Ordering::Relaxed);
            let how = how.as_str();
            sqlx::query("update counts set id = id + 1 where id = $1").bind(id).execute(&mut **tx).await?;
            match how {
                "commits" => tx.query("commit", Vec::new()).await.map(drop)?,
                "rolls back" => tx.query("rollback", Vec::new()).await.map(drop)?,
                "hides an error" => drop(sqlx::query("select * from nothing").execute(&mut **tx).await),
                "nests" => {
                    let mut inner = sqlx::Connection::begin(&mut **tx).await?;
                    sqlx::query("delete from counts").execute(&mut *inner).await?;
                    inner.rollback().await?;
                }
                "panics" => panic!("it was to panic"),
                "locks" => {
                    // Each holds its own row and waits for the other's, at the first attempt of each.
                    if attempt < 2 {
                        self.meet.wait().await;
                    }
                    let other = if *id == 100 { 200 } else { 100 };
                    let lock = "update counts set id = id where id in ($1, $1 + 1)";
                    sqlx::query(lock).bind(other).execute(&mut **tx).await?;
                }
                _ => {}
            }
            Ok(*id)
        });
        Ok(counted.await?)
    }
}

functions! { pub CarelessFunctions in CounterEvents = [Careless]; }

#[tokio::test]
async fn what_bodies_must_not_do_is_told_and_leaves_nothing_behind() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "careless").await;
    query(&pool, "create table counts (id bigint not null)").await;
    query(&pool, "insert into counts values (1)").await;
    let careless = Careless { pool: pool.clone(), meet: Barrier::new(2), attempts: AtomicU32::new(0) };
    let app = App::<CarelessFunctions>::builder("careless").provide(careless).build().unwrap();
    let mut engine = TestEngine::new(&app);
    let told = [
        ("rolls back", "its body has ended the transaction"),
        ("hides an error", "a statement before this one has failed and its error was not returned"),
        ("panics", "it was to panic"),
    ];
    for (how, why) in told {
        engine.run(CounterAsked { id: 1, how: how.to_owned() }).await.failed_with(why);
        assert_eq!(value(&pool, "select id::text from counts").await, "1", "{how}");
    }
    engine.run(CounterAsked { id: 1, how: "nests".to_owned() }).await.completed_with(&1_i64);
    assert_eq!(value(&pool, "select id::text from counts").await, "2", "the inner one alone is undone");
    engine
        .run(CounterAsked { id: 2, how: "commits".to_owned() })
        .await
        .failed_with("its body has ended the transaction");
    // Every connection is usable: none is in a transaction.
    let open = "select count(*)::text from pg_stat_activity where datname = current_database() and state like 'idle in%'";
    assert_eq!(value(&pool, open).await, "0");
}

#[tokio::test]
async fn a_deadlock_is_tried_again_at_once() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "deadlock").await;
    query(&pool, "create table counts (id bigint not null)").await;
    query(&pool, "insert into counts values (100), (200)").await;
    let careless = Careless { pool: pool.clone(), meet: Barrier::new(2), attempts: AtomicU32::new(0) };
    let app = App::<CarelessFunctions>::builder("careless").provide(careless).build().unwrap();
    let engine = app.embedded(":memory:").start().await.unwrap();
    engine
        .client()
        .send_all([100, 200].map(|id| CounterAsked { id, how: "locks".to_owned() }))
        .await
        .unwrap();
    engine.wait_idle().await.unwrap();
    let ids = "select string_agg(id::text, ',' order by id) from counts";
    // No retries: the step has tried again by itself.
    assert_eq!(value(&pool, ids).await, "101,201");
    engine.shutdown().await;
}
