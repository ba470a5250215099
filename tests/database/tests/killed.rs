//! Processes that die: each order that was committed has exactly one run, each that was rolled back none; the sum of a bank stays.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use event_postgres::server;
use event_runtime::database::{Connection, Database, DatabaseError, Dialect, Relay, Row};
use event_runtime::embedded::fail_points;
use event_runtime::prelude::*;
use sqlx::PgPool;

use crate::shop::{OrderPlaced, app, packed, postgres, value};

/// Tells a process what it does, on which database, with which file, where it dies, and how often it gets there before.
const ROLE: &str = "KILLED_ROLE";
const URL: &str = "KILLED_URL";
const FILE: &str = "KILLED_FILE";
const PLACE: &str = "KILLED_PLACE";
const TIMES: &str = "KILLED_TIMES";

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// Dies if this is the place, and the time.
fn come_to(place: &str) {
    static TIMES_BEFORE: AtomicU32 = AtomicU32::new(0);
    if std::env::var(PLACE).is_ok_and(|wanted| wanted == place) {
        let times: u32 = variable(TIMES).parse().unwrap();
        if TIMES_BEFORE.fetch_add(1, Ordering::Relaxed) == times {
            std::process::abort();
        }
    }
}

/// A database whose user dies before or after a statement.
#[derive(Clone)]
struct Dying(PgPool);

struct DyingConnection(<PgPool as Database>::Connection);

impl Connection for DyingConnection {
    const DIALECT: Dialect = Dialect::Postgres;

    async fn query(&mut self, sql: &'static str, values: Vec<String>) -> Result<Vec<Row>, DatabaseError> {
        let deletes = sql.starts_with("delete from event_outbox");
        if deletes {
            // The host has acknowledged.
            come_to("delete-before");
        }
        let rows = self.0.query(sql, values).await;
        if deletes {
            come_to("delete-after");
        }
        rows
    }
}

impl Database for Dying {
    type Connection = DyingConnection;

    async fn connect(&self) -> Result<DyingConnection, DatabaseError> {
        Ok(DyingConnection(self.0.connect().await?))
    }

    fn close(connection: DyingConnection) {
        <PgPool as Database>::close(connection.0);
    }

    async fn commit(connection: &mut DyingConnection) -> Result<(), DatabaseError> {
        come_to("outbox-commit-before");
        <PgPool as Database>::commit(&mut connection.0).await?;
        come_to("outbox-commit-after");
        Ok(())
    }
}

/// Not a test: what the processes do that die.
#[tokio::test]
async fn process() {
    let Ok(role) = std::env::var(ROLE) else { return };
    fail_points::set(|place| {
        come_to(place);
        false
    });
    let pool = PgPool::connect(&variable(URL)).await.unwrap();
    match &*role {
        "shop" => place_orders(&pool).await,
        "relay" => {
            let engine = app().embedded(variable(FILE)).start().await.unwrap();
            let relay = Relay::new(&Dying(pool), &engine.client());
            relay.forward_all().await.unwrap();
            engine.wait_idle().await.unwrap();
            engine.shutdown().await;
        }
        _ => {
            let engine = example_bank::app(&pool).unwrap().embedded(variable(FILE)).start().await.unwrap();
            example_bank::work(&pool, &engine).await.unwrap();
            engine.shutdown().await;
        }
    }
}

async fn place_orders(pool: &PgPool) {
    let client = app().outbox();
    for order in 0..6 {
        let mut tx = pool.begin().await.unwrap();
        let insert = "insert into orders (id) select coalesce(max(id), 0) + 1 from orders returning id";
        let id: i64 = sqlx::query_scalar(insert).fetch_one(&mut *tx).await.unwrap();
        client.send_in(&mut tx, OrderPlaced { id }).await.unwrap();
        if order == 2 {
            tx.rollback().await.unwrap();
            continue;
        }
        come_to("order-commit-before");
        tx.commit().await.unwrap();
        come_to("order-commit-after");
    }
}

fn command(role: &str, url: &str, file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "killed::process", "--test-threads", "1"]);
    command.env(ROLE, role).env(URL, url).env(FILE, file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Lets a process run until it ends or dies.
async fn run(role: &str, url: &str, file: &Path, dies: Option<(&str, u32)>) -> Option<i32> {
    let mut command = command(role, url, file);
    if let Some((place, times)) = dies {
        command.env(PLACE, place).env(TIMES, times.to_string());
    }
    tokio::task::spawn_blocking(move || command.status().unwrap().code()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_order_that_was_committed_has_one_run() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "killed").await;
    sqlx::query("create table orders (id bigint primary key)").execute(&pool).await.unwrap();
    let (folder, url) = (tempfile::tempdir().unwrap(), server.url("killed"));
    let file = folder.path().join("shop.db");
    for place in ["order-commit-before", "order-commit-after"] {
        assert_eq!(run("shop", &url, &file, Some((place, 2))).await, None, "{place}");
    }
    // Before the acknowledgement and after it, and around the deletion.
    let places = [
        "event-stored",
        "commit-before",
        "commit-after",
        "delete-before",
        "delete-after",
        "outbox-commit-before",
        "outbox-commit-after",
    ];
    for place in places {
        assert_eq!(run("shop", &url, &file, None).await, Some(0));
        assert_eq!(run("relay", &url, &file, Some((place, 0))).await, None, "{place}");
    }
    let engine = app().embedded(&file).start().await.unwrap();
    Relay::new(&pool, &engine.client()).forward_all().await.unwrap();
    let mut packed = packed(&engine).await;
    packed.sort_unstable();
    let orders: Vec<i64> =
        sqlx::query_scalar("select id from orders order by id").fetch_all(&pool).await.unwrap();
    assert_eq!(packed, orders);
    assert_eq!(orders.len(), 2 + 3 + 5 * places.len());
    engine.shutdown().await;
}

/// Places at which the process of the bank dies: those of the engine that a run comes to.
const BANK_PLACES: [&str; 9] = [
    "event-stored",
    "run-stored",
    "report-before",
    "result-stored",
    "end-stored",
    "inputs-handled",
    "commit-before",
    "commit-after",
    "replies-after",
];

/// Some transfers between any accounts.
async fn request(pool: &PgPool, first: i64) {
    let client = example_bank::app(pool).unwrap().outbox();
    for id in first..first + 20 {
        let transfer = example_bank::TransferRequested {
            id,
            from: id * 3 % 10 + 1,
            to: (id * 3 + 1 + id % 7) % 10 + 1,
            cents: id * 31 % 977 + 1,
        };
        example_bank::request(pool, &client, transfer).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sum_of_a_bank_stays_and_each_transfer_is_booked_once() {
    let Some(server) = server() else { return };
    let pool = postgres(server, "bank").await;
    example_bank::prepare(&pool).await.unwrap();
    let (folder, url) = (tempfile::tempdir().unwrap(), server.url("bank"));
    let file = folder.path().join("bank.db");
    let mut transfers = 0;
    for place in BANK_PLACES {
        for times in [0, 7] {
            request(&pool, transfers).await;
            transfers += 20;
            run("bank", &url, &file, Some((place, times))).await;
            check(&pool).await;
        }
    }
    for seed in 0..rounds() {
        request(&pool, transfers).await;
        transfers += 20;
        let mut child = command("bank", &url, &file).spawn().unwrap();
        // In the midst of the work, wherever it is then.
        let booked = transfers - 20 + i64::try_from(seed * 7 % 20).unwrap();
        while child.try_wait().unwrap().is_none()
            && value(&pool, "select count(*)::text from bookings").await.parse::<i64>().unwrap() < booked
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        check(&pool).await;
    }
    assert_eq!(run("bank", &url, &file, None).await, Some(0));
    check(&pool).await;
    let booked = value(&pool, "select count(*)::text from bookings").await;
    assert_eq!(booked, transfers.to_string());
    assert_eq!(value(&pool, "select count(*)::text from event_outbox").await, "0");
}

/// How many random kills: `KILL_ROUNDS`.
fn rounds() -> u64 {
    std::env::var("KILL_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap())
}

async fn check(pool: &PgPool) {
    assert_eq!(value(pool, "select sum(cents)::text from accounts").await, "1000000");
    let twice = "select count(*)::text from (select transfer from bookings group by transfer having count(*) > 1) as twice";
    assert_eq!(value(pool, twice).await, "0");
}
