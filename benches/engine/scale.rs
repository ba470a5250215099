//! Many runs in one file: that have ended, that sleep, that wait.

use std::path::Path;
use std::time::{Duration, Instant};

use event_runtime::RegisteredIn;
use event_runtime::embedded::Engine;
use rusqlite::{Connection, params};

use crate::app::{Events, Functions, OrderPaid, OrderPlaced, OrderReserved, OrderScheduled, WOKEN, now_ms};
use crate::load::{closed_loop, embedded, ended, one_by_one, start, throughput};
use crate::report::Numbers;
use crate::usage::{Meter, cpu, memory_mib, micros, quantile};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Fills a file with runs that have ended so many days ago.
async fn fill_with_history(database: &Path, runs: u32, days: u64) {
    let connection = crate::bare::create(database).await;
    let numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)";
    let time = i64::try_from(now_ms() - days * DAY_MS).expect("a time");
    let fill = |sql: &str| {
        connection.execute(&format!("{numbers} {sql}"), params![runs, time]).expect("filled");
    };
    connection.execute_batch("PRAGMA synchronous = OFF; BEGIN").expect("begun");
    fill(
        "INSERT INTO events (seq, id, name, data, ts, received)
         SELECT n, printf('01A%023d', n), 'order/placed', '{\"number\":' || n || '}', ?2, ?2 FROM numbers",
    );
    fill(
        "INSERT INTO runs (seq, id, function, event, status, attempt, created, due, place, started, ended, recoveries, result)
         SELECT n, printf('01B%023d', n), 1, n, 1, 0, ?2, ?2, ?2, ?2, ?2, 0, n FROM numbers",
    );
    fill(
        "INSERT INTO steps (run, key, kind, ord, attempts, value, at)
         SELECT n, key, 0, ord, 0, n, ?2 FROM numbers
         JOIN (SELECT 'first' AS key, 0 AS ord UNION SELECT 'second', 1 UNION SELECT 'third', 2)",
    );
    connection
        .execute_batch("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("done");
}

/// What a run costs after so many.
pub async fn history(database: &Path, runs: u32) -> Numbers {
    fill_with_history(database, runs, 1).await;
    let engine = start(database).await;
    closed_loop(&engine, 64, 3_000).await;
    throughput(&engine, 64, 20_000).await
}

/// What a run costs among so many in flight.
pub async fn in_flight(database: &Path, runs: u32) -> Numbers {
    let engine = start(database).await;
    closed_loop(&engine, 64, 3_000).await;
    throughput(&engine, runs, 20_000.max(2 * runs)).await
}

/// Sends so many events, a thousand at a time.
async fn feed<E: RegisteredIn<Events>>(engine: &Engine<Functions>, events: u64, make: impl Fn(u64) -> E) {
    for first in (0..events).step_by(1_000) {
        let some = (first..events.min(first + 1_000)).map(&make);
        engine.client().send_all(some).await.expect("stored");
    }
}

/// Waits until so many runs were begun, and have left memory.
async fn parked(engine: &Engine<Functions>, runs: u64) {
    while engine.stats().runs_started < runs {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // They leave memory after a second of waiting.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
}

fn note_memory(numbers: &mut Numbers) {
    let (now, most) = memory_mib();
    numbers.set("mib", now);
    numbers.set("mib_most", most);
}

#[allow(clippy::cast_precision_loss, reason = "a few million")]
fn float(number: u64) -> f64 {
    number as f64
}

/// So many runs that sleep, and then 2,000 that are due one after the other.
pub async fn sleeping(database: &Path, runs: u64) -> Numbers {
    let mut numbers = Numbers::default();
    let engine = start(database).await;
    let meter = Meter::start();
    let far = now_ms() + 30 * DAY_MS;
    feed(&engine, runs, |number| OrderScheduled { number, at: far + number }).await;
    parked(&engine, runs).await;
    numbers.extend(meter.per(float(runs)));
    note_memory(&mut numbers);

    // Sent in another order than that in which they are due.
    let soon = now_ms() + 5_000;
    feed(&engine, 2_000, |number| {
        let place = number * 37 % 2_000;
        OrderScheduled { number: place, at: soon + place }
    })
    .await;
    parked(&engine, runs + 2_000).await;
    let wait = Duration::from_millis((soon - 50).saturating_sub(now_ms()));
    assert!(!wait.is_zero(), "they are parked before they are due");
    tokio::time::sleep(wait).await;
    let meter = Meter::start();
    ended(2_000).await;
    numbers.set("wake_cpu_us", meter.per(2_000.0)[1].1);
    // They are due a millisecond apart.
    let woken = std::mem::take(&mut *WOKEN.lock().expect("no panic"));
    let before = woken.iter().scan(0, |most, place| Some(std::mem::replace(most, *place.max(most))));
    let late = woken.iter().zip(before).map(|(place, before)| before.saturating_sub(*place)).max();
    numbers.set("out_of_order_ms", float(late.unwrap_or_default()));
    engine.shutdown().await;
    numbers
}

/// So many runs that wait, each for its own value, and then events for 2,000 of them.
pub async fn waiting(database: &Path, runs: u64) -> Numbers {
    let mut numbers = Numbers::default();
    let engine = start(database).await;
    let meter = Meter::start();
    feed(&engine, runs, |number| OrderReserved { number }).await;
    parked(&engine, runs).await;
    numbers.extend(meter.per(float(runs)));
    note_memory(&mut numbers);

    let wakes = 1_000.min(runs / 2);
    let order = |number: u64| number * 37 % wakes * (runs / wakes);
    let meter = Meter::start();
    let mut times = Vec::new();
    for number in 0..wakes {
        let begun = Instant::now();
        engine.client().send(OrderPaid { number: order(number) }).await.expect("stored");
        ended(1).await;
        times.push(micros(begun));
    }
    numbers.set("wake_cpu_us", meter.per(float(wakes))[1].1);
    numbers.set("wake_p50", quantile(&mut times, 0.5));
    let woken = std::mem::take(&mut *WOKEN.lock().expect("no panic"));
    let sent: Vec<u64> = (0..wakes).map(order).collect();
    assert_eq!(woken, sent, "they wake in the order of the events");
    numbers.set("out_of_order_ms", 0.0);
    engine.shutdown().await;
    numbers
}

/// A start with what a file holds, until the end of the first run.
pub async fn restart(database: &Path) -> Numbers {
    let mut numbers = Numbers::default();
    let (begun, cpu_before) = (Instant::now(), cpu());
    let engine = start(database).await;
    numbers.set("start_ms", micros(begun) / 1e3);
    numbers.set("start_cpu_ms", cpu().saturating_sub(cpu_before).as_secs_f64() * 1e3);
    engine.client().send(OrderPlaced { number: 1 }).await.expect("stored");
    ended(1).await;
    numbers.set("first_ms", micros(begun) / 1e3);
    note_memory(&mut numbers);
    engine.shutdown().await;
    numbers
}

/// From event to end while half a million runs are removed that are too old; and without that.
pub async fn pruning(database: &Path) -> Numbers {
    const OLD: u32 = 500_000;
    let mut numbers = Numbers::default();
    fill_with_history(database, OLD, 40).await;
    let count = || -> u32 {
        let connection = Connection::open(database).expect("opened");
        let sql = "SELECT count(*) FROM runs WHERE event <= ?1";
        connection.query_row(sql, [OLD], |row| row.get(0)).expect("counted")
    };
    let mut measure = async |name: &str, engine: &Engine<Functions>| {
        closed_loop(engine, 64, 1_000).await;
        let mut times = one_by_one(engine, Duration::from_secs(5)).await;
        for (of, share) in [("p50", 0.5), ("p99", 0.99), ("most", 1.0)] {
            numbers.set(&format!("{name}_{of}"), quantile(&mut times, share));
        }
    };
    let keeps = embedded(database).retention(event_runtime::embedded::Retention::FOREVER);
    let engine = keeps.start().await.expect("it starts");
    let _ = metrics::set_global_recorder(crate::load::Ends);
    measure("kept", &engine).await;
    engine.shutdown().await;
    let (engine, begun) = (start(database).await, Instant::now());
    measure("pruned", &engine).await;
    let (seconds, left) = (begun.elapsed().as_secs_f64(), count());
    numbers.set("removed_per_second", f64::from(OLD - left) / seconds);
    engine.shutdown().await;
    numbers
}
