//! A process to be killed: `event-crash <database> <effects> <round> [drain]`.
//!
//! It sends orders from four clients, prints `ack <id>` when one is acknowledged, and appends a line to the file of effects
//! when the body of a step begins. A round begins with the orders of the round before it, as clients do that were not
//! answered. With `drain` it sends nothing, and ends when every run has ended.
//!
//! `FAIL_POINT=<name>:<hit>:<kill or error>` makes it fail there, `ORDERS` says how many orders each client sends, and with
//! `PRUNE` the history of what has ended is not kept: see `tests/fail_points.rs`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_crash::{Effect, OrderPaid, OrderPlaced, ShopEvents, engine};
use event_runtime::embedded::{Limits, Retention};
use event_runtime::{Client, Event, RegisteredIn};

const CLIENTS: u32 = 4;

/// The most orders of one client in one round.
const MOST_ORDERS: u32 = 20;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("event-crash <database> <effects> <round> [drain]");
    let (database, effects): (PathBuf, PathBuf) = (next().into(), next().into());
    let round: u32 = next().parse().expect("a number");
    let drains = arguments.next().is_some();

    if let Ok(place) = std::env::var("FAIL_POINT") {
        fail_at(&place);
    }
    let effects = OpenOptions::new().append(true).create(true).open(effects).expect("a file for effects");
    let effects = Mutex::new(effects);
    let on_effect = move |effect: Effect| {
        let line = format!("{effect}\n");
        effects.lock().expect("nobody panics").write_all(line.as_bytes()).expect("room for effects");
    };
    let mut limits = Limits::default();
    limits.queued_events = 100;
    let mut retention = Retention::FOREVER;
    retention.age = std::env::var_os("PRUNE").map(|_| Duration::ZERO);
    let engine = engine(&database, Arc::new(on_effect)).limits(limits).retention(retention);
    let engine = match engine.start().await {
        Ok(engine) => engine,
        Err(error) => {
            say(&format!("error {error}"));
            std::process::exit(3);
        }
    };
    say("started");
    if !drains {
        let clients = (0..CLIENTS).map(|client| tokio::spawn(shop(engine.client(), round, client)));
        for client in clients.collect::<Vec<_>>() {
            client.await.expect("no client panics");
        }
    }
    let ended = engine.wait_idle().await;
    engine.shutdown().await;
    say(if ended.is_ok() { "done" } else { "closed" });
}

/// `<name>:<hit>:<kill or error>`: dies or fails when it comes to a place for the first time, or a later one.
fn fail_at(what: &str) {
    let mut words = what.split(':');
    let mut next = || words.next().expect("FAIL_POINT=<name>:<hit>:<kill or error>").to_owned();
    let (name, hit, kills) = (next(), next().parse::<u32>().expect("a number"), next() == "kill");
    let hits = AtomicU32::new(0);
    event_runtime::embedded::fail_points::set(move |place| {
        let is_hit = place == name && hits.fetch_add(1, Ordering::Relaxed) + 1 == hit;
        if is_hit {
            say("fails");
            if kills {
                std::process::abort();
            }
        }
        is_hit
    });
}

/// What a client does in one round.
async fn shop(client: Client<ShopEvents>, round: u32, number: u32) {
    let count = std::env::var("ORDERS").ok().and_then(|count| count.parse().ok()).unwrap_or(MOST_ORDERS);
    let orders = |round: u32| {
        let first = (round * CLIENTS + number) * MOST_ORDERS;
        first..first + count
    };
    // It does not know whether the last orders of the round before were taken.
    let again = if round == 0 { 0..0 } else { orders(round - 1) };
    for number in again.take(2).chain(orders(round)) {
        let placed = OrderPlaced { number }.with_id(format!("placed-{number}"));
        if !send(&client, placed).await {
            return;
        }
        if number % 3 == 0 && !send(&client, OrderPaid { number }.with_id(format!("paid-{number}"))).await {
            return;
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
}

/// Sends an event; whether it was taken.
async fn send<E: RegisteredIn<ShopEvents>>(client: &Client<ShopEvents>, event: E) -> bool {
    match client.send(event).await {
        Ok(receipt) => {
            say(&format!("ack {}", receipt.id));
            true
        }
        Err(error) => {
            say(&format!("refused {error}"));
            false
        }
    }
}

/// A line for who watches, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody may listen any more.
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}
