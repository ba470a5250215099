//! Load on the engine: so many runs in flight, each followed by another as soon as its end is on disk.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use event_runtime::App;
use event_runtime::embedded::{Embedded, Engine};
use metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tokio::sync::Semaphore;

use crate::app::{Functions, OrderPlaced};
use crate::report::Numbers;
use crate::usage::{Meter, micros, quantile};

/// How many runs have ended and were not taken note of.
static ENDED: Semaphore = Semaphore::const_new(0);

/// A recorder of metrics that counts runs: they are counted when their end is on disk.
pub struct Ends;

impl CounterFn for Ends {
    fn increment(&self, runs: u64) {
        ENDED.add_permits(usize::try_from(runs).unwrap_or_default());
    }

    fn absolute(&self, _: u64) {}
}

impl Recorder for Ends {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        static ENDS: OnceLock<Arc<Ends>> = OnceLock::new();
        if key.name() == "event_runtime_runs_total" {
            Counter::from_arc(Arc::clone(ENDS.get_or_init(|| Arc::new(Self))))
        } else {
            Counter::noop()
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// The engine with the options that it has unless others are set.
pub fn embedded(database: &Path) -> Embedded<Functions> {
    App::<Functions>::builder("bench").build().expect("an application").embedded(database)
}

/// Starts the engine.
pub async fn start(database: &Path) -> Engine<Functions> {
    // The second time there is one.
    let _ = metrics::set_global_recorder(Ends);
    embedded(database).start().await.expect("it starts")
}

/// Waits until so many runs have ended.
pub async fn ended(runs: u32) {
    ENDED.acquire_many(runs).await.expect("never closed").forget();
}

/// Keeps so many runs in flight until so many were started, and waits for the last.
pub async fn closed_loop(engine: &Engine<Functions>, in_flight: u32, runs: u32) {
    let left = Arc::new(Semaphore::new(runs.saturating_sub(in_flight) as usize));
    let clients: Vec<_> = (0..in_flight)
        .map(|number| {
            let (client, left) = (engine.client(), Arc::clone(&left));
            tokio::spawn(async move {
                loop {
                    client.send(OrderPlaced { number: u64::from(number) }).await.expect("stored");
                    let Ok(one) = left.try_acquire() else { return };
                    one.forget();
                    ended(1).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("no panic");
    }
    ended(in_flight.min(runs)).await;
}

/// Runs per second, with what each uses.
pub async fn throughput(engine: &Engine<Functions>, in_flight: u32, runs: u32) -> Numbers {
    let mut numbers = Numbers::default();
    let meter = Meter::start();
    closed_loop(engine, in_flight, runs.max(in_flight)).await;
    numbers.extend(meter.per(f64::from(runs.max(in_flight))));
    numbers
}

/// From an event to the end of its run, one at a time for so long.
pub async fn one_by_one(engine: &Engine<Functions>, time: Duration) -> Vec<f64> {
    let (client, begun) = (engine.client(), Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < time {
        let begun = Instant::now();
        client.send(OrderPlaced { number: 1 }).await.expect("stored");
        ended(1).await;
        times.push(micros(begun));
    }
    times
}

/// The speed at so many runs in flight; one at a time also the times from event to end.
pub async fn speed(database: &Path, in_flight: u32) -> Numbers {
    let engine = start(database).await;
    closed_loop(&engine, in_flight, 2_000).await;
    if in_flight > 1 {
        return throughput(&engine, in_flight, 30_000).await;
    }
    let meter = Meter::start();
    let mut times = one_by_one(&engine, Duration::from_secs(2)).await;
    let mut numbers = Numbers::default();
    #[allow(clippy::cast_precision_loss, reason = "a few thousand")]
    numbers.extend(meter.per(times.len() as f64));
    numbers.set("p50", quantile(&mut times, 0.5));
    numbers.set("p99", quantile(&mut times, 0.99));
    numbers
}
