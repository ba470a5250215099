//! Databases that earlier versions have written, with something left behind by every option of a function: this version
//! understands all of it, in whatever order it lists the functions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use event_crash::harbour::{
    HarbourEvents, HarbourFunctions, ReorderedFunctions, ShipCleared, ShipClosed, ShipMoored, ShipSighted,
    ShipSunk, ShipUnloaded, Standing, WRITTEN, Works, engine,
};
use event_runtime::embedded::{Engine, RunFilter, RunInfo, RunStatus};
use event_runtime::{Event, FunctionList};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with("-full.db"));
    files.sort();
    assert!(!files.is_empty());
    files
}

/// The runs of a database, by their function and their event.
struct Runs(Vec<RunInfo>);

impl Runs {
    async fn of<F: FunctionList<Registry = HarbourEvents>>(engine: &Engine<F>) -> Self {
        Self(engine.runs(&RunFilter::new().limit(1_000)).await.unwrap().items)
    }

    /// Waits until the runs are as they should be. A minute passes between two looks, if the clock is given.
    async fn once<F: FunctionList<Registry = HarbourEvents>>(
        engine: &Engine<F>,
        clock: Option<&Standing>,
        are: impl Fn(&Self) -> bool,
    ) -> Self {
        let waiting = async {
            loop {
                let runs = Self::of(engine).await;
                if are(&runs) {
                    return runs;
                }
                if let Some(clock) = clock {
                    clock.advance(MINUTE);
                    // The engine looks at the clock when something comes.
                    engine.client().send(ShipSunk { number: 0 }).await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let Ok(runs) = tokio::time::timeout(Duration::from_mins(1), waiting).await else {
            panic!("they never are: {:#?}", Self::of(engine).await.0)
        };
        runs
    }

    fn find(&self, function: &str, event: &str) -> Option<&RunInfo> {
        let is_it = |run: &&RunInfo| {
            run.replay_of.is_none() && run.function_id == function && run.event_id.as_deref() == Some(event)
        };
        self.0.iter().find(is_it)
    }

    /// How a run stands, and what it has returned or why it ended.
    fn get(&self, function: &str, event: &str) -> Option<(RunStatus, &str)> {
        self.find(function, event)
            .map(|run| (run.status, run.output.as_deref().or(run.error.as_deref()).unwrap_or_default()))
    }

    fn status(&self, function: &str, event: &str) -> Option<RunStatus> {
        self.get(function, event).map(|(status, _)| status)
    }

    /// What the runs of a function have returned.
    fn outputs(&self, function: &str) -> BTreeSet<&str> {
        let of = self.0.iter().filter(|run| run.function_id == function);
        of.map(|run| run.output.as_deref().unwrap_or("nothing")).collect()
    }

    /// The functions that have open runs, each with its event.
    fn open(&self) -> BTreeSet<String> {
        let open = self.0.iter().filter(|run| matches!(run.status, RunStatus::Open | RunStatus::Waiting));
        open.map(|run| format!("{} {}", run.function_id, run.event_id.as_deref().unwrap_or("?"))).collect()
    }
}

/// What has been sent before has been carried out as far as it can be: this comes after it.
async fn settle<F: FunctionList<Registry = HarbourEvents>>(engine: &Engine<F>, number: u32) -> Runs {
    let id = format!("moored-{number}");
    engine.client().send(ShipMoored { number }.with_id(&id)).await.unwrap();
    Runs::once(engine, None, |runs| runs.status("ship-moored-bell", &id) == Some(RunStatus::Completed)).await
}

/// Half a minute later: nothing is due, and bodies that were in flight stay there.
async fn soon_after<F: FunctionList<Registry = HarbourEvents>>(database: &Path) {
    let works = Arc::new(Works::default());
    let clock = Standing::at(WRITTEN + 30 * SECOND);
    let engine = engine::<F>(database, &works).clock(clock).start().await.unwrap();
    let client = engine.client();
    let line = || "a".to_owned();
    let sighted = |number: u32| ShipSighted { number, line: line() }.with_id(format!("sighted-{number}"));
    assert!(client.send(sighted(1)).await.unwrap().duplicate, "its id is known");
    client.send(sighted(11)).await.unwrap();
    client.send(ShipUnloaded { number: 11, line: line() }.with_id("unloaded-11")).await.unwrap();
    let runs = settle(&engine, 101).await;

    for function in ["limited", "once", "skipping", "debounced", "batched", "chosen"] {
        let run = runs.find(&format!("ship-sighted-{function}"), "sighted-11");
        assert!(run.is_none(), "{function} does not start with what comes too soon: {run:?}");
    }
    let is = |function: &str, event: &str| runs.status(function, event);
    assert_eq!(is("ship-sighted-throttled", "sighted-11"), Some(RunStatus::Open), "its turn comes");
    assert_eq!(is("ship-sighted-replacing", "sighted-3"), Some(RunStatus::Cancelled), "it was replaced");
    assert_eq!(is("ship-sighted-replacing", "sighted-11"), Some(RunStatus::Waiting));
    assert_eq!(is("ship-sighted-replacing", "sighted-4"), Some(RunStatus::Waiting), "of another line");
    assert_eq!(is("ship-sighted-batched", "sighted-1"), Some(RunStatus::Waiting), "the batch is full");
    assert_eq!(is("ship-moored-bell", "moored-9"), Some(RunStatus::Open), "it is for later");

    let mut bodies = works.bodies();
    bodies.sort();
    let expected = [
        "bell 101",
        "crane 1",
        "crane 4",
        "impatient 1",
        "open second 1",
        "open second 2",
        "pilot 1",
        "rescue 1",
        "urgent 3",
    ];
    assert_eq!(bodies, expected, "one of each limit, those that came first; the third ship is urgent");
    engine.shutdown().await;
}

/// Four hours later, when most of it is due.
async fn the_same_day<F: FunctionList<Registry = HarbourEvents>>(database: &Path) {
    let works = Arc::new(Works::default());
    let clock = Standing::at(WRITTEN + 4 * HOUR);
    let engine = engine::<F>(database, &works).clock(clock.clone()).start().await.unwrap();
    let late = ["unloaded-2", "unloaded-3", "unloaded-4", "unloaded-11"];
    let are_late = |runs: &Runs| {
        late.iter().all(|event| {
            let cancelled = "the run did not start in time: see the option `timeouts`";
            runs.get("ship-unloaded-impatient", event) == Some((RunStatus::Cancelled, cancelled))
        })
    };
    Runs::once(&engine, None, are_late).await;
    works.open_the_gate();
    engine.client().send(ShipCleared { number: 1 }).await.unwrap();
    engine.client().send(ShipSunk { number: 2 }).await.unwrap();
    let long = [
        "ship-docked-cancellable docked-1",
        "ship-docked-waiting docked-2",
        "ship-sighted-replacing sighted-11",
        "ship-sighted-replacing sighted-24",
        "ship-sighted-replacing sighted-4",
        "ship-sighted-skipping sighted-1",
        "ship-sighted-skipping sighted-21",
        "ship-sighted-skipping sighted-4",
    ];
    Runs::once(&engine, Some(&clock), |runs| runs.open().iter().eq(long.iter())).await;
    engine.shutdown().await;

    let most: BTreeMap<String, usize> = works.most_at_once();
    for (limit, most) in &most {
        assert_eq!(*most, 1, "{limit}: {most} at once");
    }
    assert_eq!(most.len(), 6, "{most:?}");
    let mut bodies = works.bodies();
    bodies
        .retain(|body| !["crane", "pilot", "tug", "urgent"].iter().any(|limited| body.starts_with(limited)));
    bodies.sort();
    let expected = [
        "bell 9",
        "impatient 1",
        "open second 1",
        "open second 2",
        "rescue 1",
        "retrying flaky 1",
        "retrying flaky 2",
        "sleeping after 1",
    ];
    assert_eq!(bodies, expected, "what was recorded did not run again");
}

/// A month later: what cancels does so for a day.
async fn a_month_later<F: FunctionList<Registry = HarbourEvents>>(database: &Path) {
    let clock = Standing::at(WRITTEN + 30 * DAY);
    let engine = engine::<F>(database, &Arc::default()).clock(clock).start().await.unwrap();
    engine.client().send(ShipClosed {}).await.unwrap();
    let runs = settle(&engine, 102).await;
    assert_eq!(runs.status("ship-docked-cancellable", "docked-1"), Some(RunStatus::Waiting));
    engine.shutdown().await;
}

/// More than a year later everything ends.
async fn the_end<F: FunctionList<Registry = HarbourEvents>>(database: &Path) -> Runs {
    let clock = Standing::at(WRITTEN + 400 * DAY);
    let engine = engine::<F>(database, &Arc::default()).clock(clock.clone()).start().await.unwrap();
    let runs = Runs::once(&engine, Some(&clock), |runs| runs.open().is_empty()).await;
    engine.shutdown().await;
    runs
}

fn everything_has_ended_as_it_should(runs: &Runs) {
    use RunStatus::{Cancelled, Completed, Failed};
    let replaced = "cancelled by a new run of the singleton";
    let not_in_time = "the run did not end in time: see the option `timeouts`";
    for (function, event, status, result) in [
        ("ship-stranded-rescue", "stranded-1", Completed, "1"),
        ("ship-sighted-throttled", "sighted-1", Completed, "1"),
        ("ship-sighted-throttled", "sighted-2", Completed, "2"),
        ("ship-sighted-throttled", "sighted-3", Completed, "3"),
        ("ship-sighted-throttled", "sighted-4", Completed, "4"),
        ("ship-sighted-throttled", "sighted-11", Completed, "11"),
        ("ship-sighted-limited", "sighted-1", Completed, "1"),
        ("ship-sighted-once", "sighted-4", Completed, "4"),
        ("ship-sighted-debounced", "sighted-11", Completed, "11"),
        ("ship-sighted-debounced", "sighted-4", Completed, "4"),
        ("ship-sighted-debounced", "sighted-24", Completed, "24"),
        ("ship-sighted-batched", "sighted-1", Completed, "[1,2,3,11]"),
        ("ship-sighted-batched", "sighted-4", Completed, "[4]"),
        ("ship-sighted-batched", "sighted-21", Completed, "[21,22,23,24]"),
        ("ship-sighted-skipping", "sighted-1", Completed, "1"),
        ("ship-sighted-skipping", "sighted-4", Completed, "4"),
        ("ship-sighted-replacing", "sighted-1", Cancelled, replaced),
        ("ship-sighted-replacing", "sighted-2", Cancelled, replaced),
        ("ship-sighted-replacing", "sighted-3", Cancelled, replaced),
        ("ship-sighted-replacing", "sighted-11", Completed, "11"),
        ("ship-sighted-replacing", "sighted-4", Completed, "4"),
        ("ship-sighted-chosen", "sighted-4", Completed, "4"),
        ("ship-unloaded-crane", "unloaded-1", Completed, "1"),
        ("ship-unloaded-crane", "unloaded-4", Completed, "4"),
        ("ship-unloaded-crane", "unloaded-11", Completed, "11"),
        ("ship-unloaded-pilot", "unloaded-11", Completed, "11"),
        ("ship-unloaded-tug", "unloaded-3", Completed, "3"),
        ("ship-unloaded-tug", "unloaded-11", Completed, "11"),
        ("ship-unloaded-urgent", "unloaded-2", Completed, "2"),
        ("ship-unloaded-impatient", "unloaded-1", Completed, "1"),
        ("ship-docked-open", "docked-1", Completed, "2"),
        ("ship-docked-open", "docked-2", Completed, "4"),
        ("ship-docked-sleeping", "docked-1", Completed, "2"),
        ("ship-docked-sleeping", "docked-2", Cancelled, "cancelled by hand"),
        ("ship-docked-waiting", "docked-1", Completed, "1"),
        ("ship-docked-waiting", "docked-2", Completed, "null"),
        ("ship-docked-watching", "docked-1", Completed, "1"),
        ("ship-docked-watching", "docked-2", Completed, "1"),
        ("ship-docked-calling", "docked-1", Completed, "100"),
        ("ship-docked-calling", "docked-2", Completed, "200"),
        ("ship-docked-retrying", "docked-2", Completed, "2"),
        ("ship-docked-starting-over", "docked-2", Completed, "2"),
        ("ship-docked-halfway", "docked-2", Completed, "2"),
        ("ship-docked-cancellable", "docked-1", Completed, "1"),
        ("ship-docked-cancellable", "docked-2", Cancelled, "cancelled by the event `ship/sunk`"),
        ("ship-docked-hasty", "docked-1", Cancelled, not_in_time),
        ("ship-docked-done", "docked-1", Completed, "1"),
        ("ship-docked-failing", "docked-1", Failed, "never 1"),
        ("ship-docked-mended", "docked-1", Completed, "2"),
        ("ship-docked-mended", "docked-2", Failed, "step `machine` failed: broken"),
        ("ship-moored-bell", "moored-9", Completed, "9"),
    ] {
        assert_eq!(runs.get(function, event), Some((status, result)), "{function} {event}");
    }
    for (function, event) in [
        ("ship-sighted-debounced", "sighted-3"),
        ("ship-sighted-limited", "sighted-2"),
        ("ship-sighted-once", "sighted-3"),
        ("ship-sighted-skipping", "sighted-2"),
        ("ship-sighted-chosen", "sighted-1"),
    ] {
        assert!(runs.find(function, event).is_none(), "{function} {event}");
    }
    let told = ["\"ship-docked-failing of ship 1\"", "\"ship-docked-failing of ship 2\""];
    assert!(runs.outputs("ship-docked-consoling").iter().eq(told.iter()));
    assert!(runs.outputs("ship-priced-pricing").iter().eq(["100", "200"].iter()));
    assert!(runs.outputs("leap-day-party").iter().eq(["\"0 0 29 2 *\""].iter()), "it was not a second time");
    let again = runs.0.iter().find(|run| run.function_id == "ship-docked-mended" && run.replay_of.is_some());
    assert_eq!(again.unwrap().output.as_deref(), Some("4"), "the run that repeats another");
}

/// Opens each fixture with a list of functions, and goes on for more than a year.
async fn everything_keeps_its_meaning<F: FunctionList<Registry = HarbourEvents>>() {
    for fixture in fixtures() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("events.db");
        std::fs::copy(&fixture, &database).unwrap();
        soon_after::<F>(&database).await;
        the_same_day::<F>(&database).await;
        a_month_later::<F>(&database).await;
        everything_has_ended_as_it_should(&the_end::<F>(&database).await);
    }
}

#[tokio::test]
async fn everything_keeps_its_meaning_under_the_same_list() {
    everything_keeps_its_meaning::<HarbourFunctions>().await;
}

#[tokio::test]
async fn everything_keeps_its_meaning_under_a_list_in_another_order() {
    everything_keeps_its_meaning::<ReorderedFunctions>().await;
}
