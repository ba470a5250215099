//! Other engines with a SQLite file: runs of three steps, so many in flight.
//!
//! ```text
//! event-engine-peers durare|durare-full|duroxide|apalis IN_FLIGHT FILE
//! ```
//!
//! Prints `per_second` and `cpu_us`, the CPU time of a run. Each is set up as its documentation does it; `durare-full`
//! is the same with a flush at every commit.

mod apalis;
mod durare;
mod duroxide;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long is measured, after a warm-up.
const WARM_UP: Duration = Duration::from_millis(500);
const TIME: Duration = Duration::from_secs(4);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [peer, in_flight, file] = &arguments[..] else { panic!("three arguments: {arguments:?}") };
    let in_flight = in_flight.parse().expect("a number");
    match peer.as_str() {
        "durare" => durare::measure(file, in_flight, false).await,
        "durare-full" => durare::measure(file, in_flight, true).await,
        "duroxide" => duroxide::measure(file, in_flight).await,
        "apalis" => apalis::measure(file, in_flight).await,
        other => panic!("no such peer: {other}"),
    }
    // What still executes is of no interest.
    std::process::exit(0);
}

/// Keeps so many runs in flight; `run` starts one and waits for its end.
async fn closed_loop<F>(in_flight: usize, run: impl Fn(u64) -> F + Clone + Send + Sync + 'static)
where
    F: Future<Output = ()> + Send,
{
    let (next, ended) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    for _ in 0..in_flight {
        let (run, next, ended) = (run.clone(), Arc::clone(&next), Arc::clone(&ended));
        tokio::spawn(async move {
            loop {
                run(next.fetch_add(1, Ordering::Relaxed)).await;
                ended.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    tokio::time::sleep(WARM_UP).await;
    let (begun, cpu_before, before) = (Instant::now(), cpu(), ended.load(Ordering::Relaxed));
    tokio::time::sleep(TIME).await;
    // A slow one gets the time that it needs for a few.
    while ended.load(Ordering::Relaxed) < before + 20 && begun.elapsed() < 5 * TIME {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let runs = (ended.load(Ordering::Relaxed) - before) as f64;
    println!("per_second {}", runs / begun.elapsed().as_secs_f64());
    println!("cpu_us {}", (cpu() - cpu_before).as_secs_f64() * 1e6 / runs);
}

/// CPU time of all threads of this process.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
