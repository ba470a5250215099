//! A process to be killed: `event-crash <database> <effects> <round> [drain]`.
//!
//! It sends orders from four clients, prints `ack <id>` when one is acknowledged, and appends a line to the file of effects
//! when the body of a step begins. A round begins with the orders of the round before it, as clients do that were not
//! answered. With `drain` it sends nothing, and ends when every run has ended.
//!
//! `FAIL_POINT=<name>:<hit>:<kill or error>` makes it fail there: see `tests/fail_points.rs`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_crash::{Effect, OrderPaid, OrderPlaced, ShopEvents, engine};
use event_runtime::embedded::{Limits, Retention};
use event_runtime::{Client, Event, RegisteredIn};

const CLIENTS: u32 = 4;

/// The most orders of one client in one round.
const ORDERS: u32 = 20;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("event-crash <database> <effects> <round> [drain]");
    let (database, effects): (PathBuf, PathBuf) = (next().into(), next().into());
    let round: u32 = next().parse().expect("a number");
    let drains = arguments.next().is_some();

    let effects = OpenOptions::new().append(true).create(true).open(effects).expect("a file for effects");
    let effects = Mutex::new(effects);
    let on_effect = move |effect: Effect| {
        let line = format!("{effect}\n");
        effects.lock().expect("nobody panics").write_all(line.as_bytes()).expect("room for effects");
    };
    let mut limits = Limits::default();
    limits.queued_events = 100;
    let engine = engine(&database, Arc::new(on_effect)).limits(limits).retention(Retention::FOREVER);
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
    engine.idle().await;
    if engine.totals().await.is_ok() {
        engine.shutdown().await;
        say("done");
    } else {
        engine.shutdown().await;
        say("closed");
    }
}

/// What a client does in one round.
async fn shop(client: Client<ShopEvents>, round: u32, number: u32) {
    let orders = |round: u32| {
        let first = (round * CLIENTS + number) * ORDERS;
        first..first + ORDERS
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
