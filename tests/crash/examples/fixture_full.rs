//! Writes a database in which every option of a function has left something behind, with keys:
//! `cargo run -p event-crash --example fixture_full -- <file>`.
//!
//! `tests/crash/fixtures/format-1-full.db` was made by this program with the last version that wrote format 1, before
//! anything of "The heart of the house" was changed: there the slots of limits are hashes of the place of a function in the
//! list. A fixture is written once, when the format is new, and never again; `tests/upgrade_full.rs` opens each with the
//! version at hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use event_crash::harbour::{
    HarbourFunctions, ShipDocked, ShipMoored, ShipSighted, ShipStranded, ShipUnloaded, Standing, WRITTEN,
    Works, engine,
};
use event_runtime::Event;
use event_runtime::embedded::{Engine, RunFilter, RunInfo, RunStatus};

const HOUR: i64 = 3_600_000;

/// Waits until the database shows something.
async fn until(engine: &Engine<HarbourFunctions>, what: &str, shows: impl Fn(&[RunInfo]) -> bool) {
    let filter = RunFilter::new().limit(1_000);
    for _ in 0..1_000 {
        if shows(&engine.runs(&filter).await.expect("it reads")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

fn count(runs: &[RunInfo], function: &str, status: RunStatus) -> usize {
    runs.iter().filter(|run| run.function_id == function && run.status == status).count()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let file: PathBuf = std::env::args().nth(1).expect("fixture_full <file>").into();
    assert!(!file.exists(), "{} is there already: a fixture is written once", file.display());
    let works = Arc::new(Works::default());
    let clock = Standing::at(WRITTEN - 60_000);

    // A process dies while it executes a run: the next one takes it up.
    let first =
        engine::<HarbourFunctions>(&file, &works).clock(clock.clone()).start().await.expect("it starts");
    first.client().send(ShipStranded { number: 1 }.with_id("stranded-1")).await.expect("it is stored");
    while works.bodies() != ["rescue 1"] {
        tokio::task::yield_now().await;
    }
    first.shutdown().await;

    let engine =
        engine::<HarbourFunctions>(&file, &works).clock(clock.clone()).start().await.expect("it starts");
    let client = engine.client();
    // The next job finds that it is midnight.
    clock.set(WRITTEN);
    works.break_down(true);
    for (number, line) in [(1, "a"), (2, "a"), (3, "a"), (4, "b")] {
        let line = line.to_owned();
        let sighted = ShipSighted { number, line: line.clone() }.with_id(format!("sighted-{number}"));
        client.send(sighted).await.expect("it is stored");
        let unloaded = ShipUnloaded { number, line: line.clone() }.with_id(format!("unloaded-{number}"));
        client.send(unloaded).await.expect("it is stored");
        if number <= 2 {
            let user = serde_json::json!({ "name": "Ada" });
            let docked = ShipDocked { number, line }.with_id(format!("docked-{number}")).with_user(user);
            client.send(docked).await.expect("it is stored");
        }
    }
    // A batch that is full.
    for number in 21..=24 {
        let sighted = ShipSighted { number, line: "c".to_owned() }.with_id(format!("sighted-{number}"));
        client.send(sighted).await.expect("it is stored");
    }
    let moored = ShipMoored { number: 9 }.with_id("moored-9").with_ts(event_crash::at(WRITTEN + HOUR));
    client.send(moored).await.expect("it is stored");

    // Both fail at the broken machine. The first is mended, the second goes on anew once it is.
    until(&engine, "mended has failed twice", |runs| {
        count(runs, "ship-docked-mended", RunStatus::Failed) == 2
    })
    .await;
    works.break_down(false);
    let filter = RunFilter::new().function("ship-docked-mended");
    for run in engine.runs(&filter).await.expect("it reads") {
        if run.event_id.as_deref() == Some("docked-1") {
            engine.retry(&run.id).await.expect("it has failed");
        } else {
            engine.replay(&run.id).await.expect("its event is there");
        }
    }
    // One is cancelled by hand.
    let filter = RunFilter::new().function("ship-docked-sleeping");
    for run in engine.runs(&filter).await.expect("it reads") {
        if run.event_id.as_deref() == Some("docked-2") {
            engine.cancel(&run.id).await.expect("it is open");
        }
    }
    until(&engine, "everything has come to its place", |runs| {
        let waits = [
            ("ship-docked-mended", 2),
            ("ship-docked-waiting", 2),
            ("ship-docked-watching", 2),
            ("ship-docked-calling", 2),
            ("ship-docked-halfway", 2),
            ("ship-docked-cancellable", 2),
            ("ship-docked-hasty", 2),
            ("ship-docked-consoling", 2),
            ("ship-docked-retrying", 2),
            ("ship-docked-sleeping", 1),
            ("ship-priced-pricing", 2),
            ("ship-sighted-skipping", 3),
            ("ship-sighted-replacing", 3),
            ("ship-sighted-batched", 1),
            ("leap-day-party", 1),
        ];
        let bodies = works.bodies();
        waits.iter().all(|(function, waiting)| count(runs, function, RunStatus::Waiting) == *waiting)
            && count(runs, "ship-docked-failing", RunStatus::Failed) == 2
            && count(runs, "ship-docked-done", RunStatus::Completed) == 2
            && count(runs, "ship-moored-bell", RunStatus::Completed) == 2
            && runs
                .iter()
                .filter(|run| run.function_id == "ship-docked-starting-over" && run.attempt == 1)
                .count()
                == 2
            && ["crane 1", "crane 4", "pilot 1", "urgent 1", "impatient 1", "open second 1", "open second 2"]
                .iter()
                .all(|body| bodies.iter().any(|other| other == body))
    })
    .await;
    engine.shutdown().await;
    let _ = std::fs::remove_file(format!("{}.lock", file.display()));
}
